-- Texts that stay know where they were first captured, articles too, the newest text is the latest, and stories are told anew.
UPDATE revision SET extractor_version = fresh.extractor_version FROM fresh
WHERE revision.revision_id = fresh.revision_id AND revision.known_to IS NULL;

UPDATE revision SET captured_at = first.at, segment = first.segment, "offset" = first."offset", last_captured_at = shown.last_captured_at
FROM shown WHERE revision.revision_id = shown.revision_id AND revision.known_to IS NULL;

DELETE FROM article WHERE article_id IN (FROM affected) AND article_id NOT IN (SELECT article_id FROM shown);

MERGE INTO article USING (
    SELECT first.article_id, first.segment, first."offset", first.captured_at, told.url, told.source_id
    FROM (
        SELECT * FROM capture SEMI JOIN affected USING (article_id)
        QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY captured_at, segment, "offset") = 1
    ) AS first
    LEFT JOIN (
        SELECT * FROM new_revision QUALIFY row_number() OVER (PARTITION BY article_id, segment ORDER BY captured_at, url) = 1
    ) AS told ON told.article_id = first.article_id AND told.segment = first.segment
) AS seen USING (article_id)
WHEN MATCHED THEN UPDATE SET
    url = coalesce(seen.url, article.url), source_id = CASE WHEN seen.url IS NULL THEN article.source_id ELSE seen.source_id END,
    first_captured_at = seen.captured_at, first_seen_at = seen.captured_at, segment = seen.segment, "offset" = seen."offset"
WHEN NOT MATCHED THEN INSERT (article_id, url, source_id, first_captured_at, first_seen_at, segment, "offset")
    VALUES (seen.article_id, seen.url, seen.source_id, seen.captured_at, seen.captured_at, seen.segment, seen."offset");

UPDATE article SET first_seen_at = named.first_seen_at FROM (
    SELECT article_id, min(entry.first_seen_at) AS first_seen_at
    FROM (SELECT DISTINCT article_id, url_id FROM capture SEMI JOIN affected USING (article_id)) JOIN entry USING (url_id) GROUP BY ALL
) AS named
WHERE article.article_id = named.article_id AND named.first_seen_at < article.first_seen_at;

UPDATE revision SET dated_at = article.first_seen_at FROM article SEMI JOIN affected USING (article_id)
WHERE article.article_id = revision.article_id AND revision.known_to IS NULL AND revision.published_at IS NULL
    AND revision.dated_at <> article.first_seen_at;

UPDATE revision SET latest = newest.latest FROM (
    SELECT revision_id, row_number() OVER (PARTITION BY article_id ORDER BY last_captured_at DESC, revision_id) = 1 AS latest
    FROM revision SEMI JOIN affected USING (article_id) WHERE known_to IS NULL
) AS newest
WHERE revision.revision_id = newest.revision_id AND revision.known_to IS NULL AND revision.latest <> newest.latest;

-- `told` and `dissolved` are what `stories.link` looks at.
CREATE TEMP TABLE told AS SELECT revision_id FROM revision SEMI JOIN affected USING (article_id) WHERE known_to IS NULL;
CREATE TEMP TABLE dissolved AS
SELECT article_id FROM story WHERE story_id IN (SELECT story_id FROM story SEMI JOIN affected USING (article_id));
DELETE FROM story WHERE article_id IN (FROM dissolved);
DELETE FROM dissolved WHERE article_id NOT IN (SELECT article_id FROM article);
