-- Every page that was named or captured, by the first 64 bits of its id, with the fingerprint of its latest entry.
SELECT ('0x' || left(replace(url_id::VARCHAR, '-', ''), 16))::UBIGINT AS key,
    coalesce(arg_max(fingerprint, seen_at), 0)::UBIGINT AS fingerprint
FROM (
    SELECT url_id, fingerprint, last_seen_at AS seen_at FROM entry
    UNION ALL SELECT url_id, NULL, NULL FROM capture
)
GROUP BY key ORDER BY key
