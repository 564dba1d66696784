-- The last twenty polls of every feed, oldest first. Validators are those of the last body, so that a 304 or a failure does not forget them.
-- What each brought is told of the last sixty days: it steers the pauses, and looking further would cost more with every month of the corpus.
WITH seen AS (
    SELECT url, polled_at, segment, "offset", outcome, reason, status, retry_after_s FROM poll
    QUALIFY row_number() OVER (PARTITION BY url ORDER BY polled_at DESC) <= 20
), told AS (
    SELECT url, arg_max(coalesce(etag, ''), polled_at) FILTER (outcome = 'fetched') AS etag,
        arg_max(coalesce(last_modified, ''), polled_at) FILTER (outcome = 'fetched') AS last_modified,
        arg_max(digest, polled_at) FILTER (outcome = 'fetched') AS digest, arg_max(ttl_s, polled_at) AS ttl_s,
        arg_max(entries, polled_at) FILTER (outcome = 'fetched') AS listed
    FROM poll GROUP BY url
), lately AS (
    SELECT segment, "offset", new, overlap FROM polls_since((SELECT max(polled_at) - INTERVAL '60 days' FROM poll))
), named AS (
    SELECT feed AS url, published_at, row_number() OVER (PARTITION BY feed ORDER BY published_at) AS place FROM entry
    WHERE first_seen_at >= (SELECT max(polled_at) - INTERVAL '14 days' FROM poll) AND published_precision IN ('second', 'minute')
), renewed AS (  -- the shortest time in which a third of what a feed lists came out, which its first listing tells already
    SELECT url, epoch(min(later.published_at - earlier.published_at)) AS turnover_s
    FROM told JOIN named AS earlier USING (url) JOIN named AS later USING (url)
    WHERE listed >= 3 AND later.place = earlier.place + listed // 3 GROUP BY url
)
SELECT url, polled_at, outcome, reason, status, coalesce(new, 0) AS new, overlap, retry_after_s, etag, last_modified, digest, ttl_s, turnover_s
FROM seen LEFT JOIN lately USING (segment, "offset") JOIN told USING (url) LEFT JOIN renewed USING (url)
ORDER BY url, polled_at
