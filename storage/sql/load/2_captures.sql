-- Captures and the articles that they show.
INSERT INTO capture BY NAME SELECT * REPLACE (
    url_id::UUID AS url_id, article_id::UUID AS article_id, revision_id::UUID AS revision_id
) FROM new_capture;

-- The articles of this segment: their captures, and entries of this segment that name a page captured before.
CREATE TEMP TABLE touched AS
SELECT DISTINCT article_id::UUID AS article_id FROM new_capture WHERE article_id IS NOT NULL
UNION
SELECT DISTINCT capture.article_id FROM capture SEMI JOIN seen USING (url_id) WHERE capture.article_id IS NOT NULL;

MERGE INTO article USING (
    SELECT first.article_id::UUID AS article_id, first.segment AS segment, first."offset" AS "offset", first.captured_at AS captured_at,
        told.url, told.source_id
    FROM (
        SELECT * FROM new_capture WHERE article_id IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY captured_at, "offset") = 1
    ) AS first
    JOIN (
        SELECT * FROM new_revision QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY captured_at, url) = 1
    ) AS told USING (article_id)
) AS seen USING (article_id)
-- Of two captures at the same moment, the one that stands first in the archive wins, whichever is loaded first.
WHEN MATCHED AND {'at': seen.captured_at, 'segment': seen.segment, 'offset': seen."offset"}
    < {'at': article.first_captured_at, 'segment': article.segment, 'offset': article."offset"} THEN UPDATE SET
    url = seen.url, source_id = seen.source_id, first_captured_at = seen.captured_at, segment = seen.segment, "offset" = seen."offset",
    first_seen_at = least(article.first_seen_at, seen.captured_at)
WHEN NOT MATCHED THEN INSERT (article_id, url, source_id, first_captured_at, first_seen_at, segment, "offset")
    VALUES (seen.article_id, seen.url, seen.source_id, seen.captured_at, seen.captured_at, seen.segment, seen."offset");

UPDATE article SET first_seen_at = named.first_seen_at FROM (
    SELECT article_id, min(entry.first_seen_at) AS first_seen_at
    FROM (SELECT DISTINCT article_id, url_id FROM capture SEMI JOIN touched USING (article_id))
    JOIN entry USING (url_id) GROUP BY ALL
) AS named
WHERE article.article_id = named.article_id AND named.first_seen_at < article.first_seen_at;
