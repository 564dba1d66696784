-- Articles young enough to be edited still, with how often they were looked at since, and what makes the question conditional.
-- What only a backfill fetched is old news: nobody edits it any more.
WITH young AS (
    SELECT article_id, first_captured_at FROM article
    SEMI JOIN (SELECT article_id FROM capture WHERE wanted <> 'backfill') USING (article_id)
    WHERE first_captured_at > (SELECT max(captured_at) FROM capture) - INTERVAL '9 days'
), page AS (
    SELECT capture.article_id, arg_max(url_id, captured_at) AS url_id, arg_max(capture.url, captured_at) AS url,
        arg_max(capture.source_id, captured_at) AS source_id, arg_max(referrer, captured_at) AS referrer, any_value(first_captured_at) AS first_captured_at
    FROM capture JOIN young USING (article_id) GROUP BY ALL
)
SELECT replace(page.url_id::VARCHAR, '-', '') AS url_id, page.url, page.source_id, page.referrer,
    source.language AS feed_language, source.time_zone,
    entry.url AS entry_url, guid, title, summary, authors, published_at, published_precision, published_raw, entry.language,
    categories, origin, date_source, first_captured_at, visits, etag, last_modified, digest
FROM page
JOIN (
    SELECT url_id, count(*) FILTER (wanted = 'revisit' AND reason IS DISTINCT FROM 'deferred')::INTEGER AS visits,
        arg_max(etag, captured_at) FILTER (outcome = 'fetched') AS etag,
        arg_max(last_modified, captured_at) FILTER (outcome = 'fetched') AS last_modified,
        arg_max(digest, captured_at) FILTER (outcome = 'fetched') AS digest,
        bool_or(reason = 'gone') AS gone
    FROM capture SEMI JOIN page USING (url_id) GROUP BY url_id
) USING (url_id)
LEFT JOIN source ON source.source_id = page.source_id
LEFT JOIN entry ON entry.url_id = page.url_id
WHERE visits < 4 AND NOT coalesce(gone, false)
QUALIFY row_number() OVER (PARTITION BY page.url_id ORDER BY entry.first_seen_at, entry.feed) = 1
ORDER BY first_captured_at, page.url
