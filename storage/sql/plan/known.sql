-- Every page that was named or captured, and every entry with its fingerprint: by the first 64 bits of their ids.
SELECT ('0x' || left(replace(id::VARCHAR, '-', ''), 16))::UBIGINT AS key, max(fingerprint)::UBIGINT AS fingerprint
FROM (
    SELECT url_id AS id, 0 AS fingerprint FROM entry
    UNION ALL SELECT url_id, 0 FROM capture
    UNION ALL SELECT entry_id, fingerprint FROM entry
)
GROUP BY key ORDER BY key
