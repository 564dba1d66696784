-- Pages that an entry named and nobody captured: first named, first asked. What was tried in vain is with its last failure.
-- An entry that has left its feed for two weeks and never answered is let go. What only a backfill's sitemap named is the backfill's.
WITH answered AS (
    SELECT DISTINCT url_id FROM capture WHERE outcome <> 'failed'
), failed AS (
    SELECT url_id, max(captured_at) AS failed_at, arg_max(reason, captured_at) AS reason, arg_max(status, captured_at) AS status,
        arg_max(retry_after_s, captured_at) AS retry_after_s, count(*) FILTER (reason <> 'deferred')::INTEGER AS attempts
    FROM capture WHERE outcome = 'failed' GROUP BY url_id
)
SELECT replace(entry.url_id::VARCHAR, '-', '') AS url_id, entry.url, entry.source_id, entry.feed AS referrer,
    coalesce(feed.language, source.language) AS feed_language, source.time_zone,
    entry.url AS entry_url, guid, title, summary, authors, published_at, published_precision, published_raw, entry.language,
    categories, origin, date_source, failed_at, reason, status, retry_after_s, attempts, NULL::INTEGER AS visits
FROM entry
ANTI JOIN answered USING (url_id)
LEFT JOIN failed USING (url_id)
JOIN feed ON feed.url = entry.feed
LEFT JOIN source ON source.source_id = entry.source_id
WHERE failed_at IS NULL OR entry.last_seen_at > failed_at - INTERVAL '14 days'
QUALIFY row_number() OVER (PARTITION BY url_id ORDER BY first_seen_at, entry.feed) = 1
ORDER BY first_seen_at, entry.url
