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
    SELECT article_id::UUID AS article_id, min({'at': captured_at, 'url': url, 'source': source_id}) AS first
    FROM new_revision GROUP BY ALL
) AS seen USING (article_id)
-- Of two captures at the same moment the lesser row wins, whichever comes in first.
WHEN MATCHED AND seen.first < {'at': article.first_captured_at, 'url': article.url, 'source': article.source_id} THEN UPDATE SET
    url = seen.first.url, source_id = seen.first.source, first_captured_at = seen.first.at,
    first_seen_at = least(article.first_seen_at, seen.first.at)
WHEN NOT MATCHED THEN INSERT (article_id, url, source_id, first_captured_at, first_seen_at)
    VALUES (seen.article_id, seen.first.url, seen.first.source, seen.first.at, seen.first.at);

UPDATE article SET first_seen_at = named.first_seen_at FROM (
    SELECT article_id, min(entry.first_seen_at) AS first_seen_at
    FROM (SELECT DISTINCT article_id, url_id FROM capture SEMI JOIN touched USING (article_id))
    JOIN entry USING (url_id) GROUP BY ALL
) AS named
WHERE article.article_id = named.article_id AND named.first_seen_at < article.first_seen_at;
