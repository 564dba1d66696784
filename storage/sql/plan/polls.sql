-- The last twenty polls of every feed, oldest first. Validators are those of the last body, so that a 304 or a failure does not forget them.
SELECT url, polled_at, outcome, reason, status, new, overlap, retry_after_s,
    last_value(CASE WHEN outcome = 'fetched' THEN coalesce(etag, '') END IGNORE NULLS) OVER seen AS etag,
    last_value(CASE WHEN outcome = 'fetched' THEN coalesce(last_modified, '') END IGNORE NULLS) OVER seen AS last_modified,
    last_value(CASE WHEN outcome = 'fetched' THEN digest END IGNORE NULLS) OVER seen AS digest,
    last_value(ttl_s IGNORE NULLS) OVER seen AS ttl_s
FROM polls
WINDOW seen AS (PARTITION BY url ORDER BY polled_at)
QUALIFY row_number() OVER (PARTITION BY url ORDER BY polled_at DESC) <= 20
ORDER BY url, polled_at
