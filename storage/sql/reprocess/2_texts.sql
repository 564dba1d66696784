-- What the captures of the affected articles show now. `fresh` are texts whose first capture is in a chosen segment: their facts are the
-- new reading's. `same` are those of them that the corpus has with the very same facts; `closed` what it has and must not have any more.
CREATE TEMP TABLE shown AS
SELECT revision_id, any_value(article_id) AS article_id, min({'at': captured_at, 'segment': segment, 'offset': "offset"}) AS first,
    max(coalesce(archived_at, captured_at)) AS last_captured_at
FROM capture SEMI JOIN affected USING (article_id) WHERE revision_id IS NOT NULL GROUP BY revision_id;

CREATE TEMP TABLE fresh AS
SELECT new_revision.* EXCLUDE (url, source_id, captured_at, segment), first.at AS captured_at, first.segment AS segment,
    first."offset" AS "offset", shown.last_captured_at, coalesce(new_revision.published_at, first.at) AS dated_at, false AS latest
FROM shown JOIN new_revision ON new_revision.revision_id = shown.revision_id AND new_revision.segment = first.segment;

CREATE TEMP TABLE same AS
SELECT fresh.revision_id FROM fresh JOIN revision AS old ON old.revision_id = fresh.revision_id AND old.known_to IS NULL
WHERE hash(fresh.title, fresh.text, fresh.authors, fresh.language, fresh.published_at, fresh.published_precision, fresh.published_raw,
        fresh.date_source, fresh.modified_at, fresh.paywalled, fresh.word_count, fresh.bands)
    = hash(old.title, old.text, old.authors, old.language, old.published_at, old.published_precision, old.published_raw,
        old.date_source, old.modified_at, old.paywalled, old.word_count, old.bands);

CREATE TEMP TABLE closed AS
SELECT revision_id FROM revision SEMI JOIN affected USING (article_id)
WHERE known_to IS NULL AND (
    revision_id NOT IN (SELECT revision_id FROM shown)
    OR revision_id IN (SELECT revision_id FROM fresh) AND revision_id NOT IN (FROM same)
);
