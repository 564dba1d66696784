-- Revisions and what the tagger says of them. The facts of a revision are those of its earliest capture; `told` holds the
-- revisions whose rows are written now, because they are new or because an earlier capture of the same text came in.
CREATE TEMP TABLE told AS
SELECT new_revision.revision_id::UUID AS revision_id, new_revision.captured_at
FROM new_revision LEFT JOIN revision ON revision.revision_id = new_revision.revision_id::UUID
WHERE revision.revision_id IS NULL OR new_revision.captured_at < revision.captured_at
QUALIFY row_number() OVER (PARTITION BY new_revision.revision_id ORDER BY new_revision.captured_at) = 1;

DELETE FROM mention USING told WHERE mention.revision_id = told.revision_id;
DELETE FROM tag USING told WHERE tag.revision_id = told.revision_id;
DELETE FROM relation USING told WHERE relation.revision_id = told.revision_id;
DELETE FROM statement USING told WHERE statement.revision_id = told.revision_id;

MERGE INTO revision USING (
    SELECT revision_id::UUID AS revision_id, article_id::UUID AS article_id, title, text, authors, language, published_at,
        published_precision, published_raw, date_source, modified_at, paywalled, word_count, text_hash::UUID AS text_hash, bands,
        captured_at, last_captured_at, false AS latest, extractor_version, captured_at AS known_from
    FROM (FROM new_revision SELECT *, max(captured_at) OVER (PARTITION BY revision_id) AS last_captured_at)
    QUALIFY row_number() OVER (PARTITION BY revision_id ORDER BY captured_at) = 1
) AS seen USING (revision_id)
WHEN MATCHED AND seen.captured_at < revision.captured_at THEN UPDATE SET
    title = seen.title, text = seen.text, authors = seen.authors, language = seen.language, published_at = seen.published_at,
    published_precision = seen.published_precision, published_raw = seen.published_raw, date_source = seen.date_source,
    modified_at = seen.modified_at, paywalled = seen.paywalled, word_count = seen.word_count, bands = seen.bands,
    captured_at = seen.captured_at, extractor_version = seen.extractor_version, known_from = seen.known_from,
    last_captured_at = greatest(revision.last_captured_at, seen.last_captured_at)
WHEN MATCHED THEN UPDATE SET last_captured_at = greatest(revision.last_captured_at, seen.last_captured_at)
WHEN NOT MATCHED THEN INSERT BY NAME;

INSERT INTO mention BY NAME
SELECT new_mention.* REPLACE (told.revision_id AS revision_id), told.captured_at AS known_from
FROM new_mention JOIN told ON told.revision_id = new_mention.revision_id::UUID;
INSERT INTO tag BY NAME
SELECT new_tag.* REPLACE (told.revision_id AS revision_id), told.captured_at AS known_from
FROM new_tag JOIN told ON told.revision_id = new_tag.revision_id::UUID;
INSERT INTO relation BY NAME
SELECT new_relation.* REPLACE (told.revision_id AS revision_id), told.captured_at AS known_from
FROM new_relation JOIN told ON told.revision_id = new_relation.revision_id::UUID;
INSERT INTO statement BY NAME
SELECT new_statement.* REPLACE (told.revision_id AS revision_id), told.captured_at AS known_from
FROM new_statement JOIN told ON told.revision_id = new_statement.revision_id::UUID;

-- A page that answered 304 still shows the text of its capture before: that is known by view, not by row.
UPDATE revision SET latest = newest.latest FROM (
    SELECT revision_id, row_number() OVER (PARTITION BY article_id ORDER BY last_captured_at DESC, revision_id) = 1 AS latest
    FROM revision SEMI JOIN touched USING (article_id) WHERE known_to IS NULL
) AS newest
WHERE revision.revision_id = newest.revision_id AND revision.latest <> newest.latest;
