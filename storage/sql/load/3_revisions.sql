-- Revisions and what the tagger says of them. The facts of a revision are those of its earliest capture (of two at the same moment, the
-- one that stands first in the archive). `told` holds the revisions whose rows are written now; those of them that were there before,
-- because an earlier capture of the same text came in, are in `retold` as well. Rows whose known_to is set are history: loading never
-- touches them. A page from somewhere's archive shows what the outlet said then, so it is newest only among what is as old.
CREATE TEMP TABLE shown AS
SELECT revision_id::UUID AS revision_id, min({'at': captured_at, 'segment': segment, 'offset': "offset"}) AS first,
    max(coalesce(archived_at, captured_at)) AS last_captured_at
FROM new_capture WHERE revision_id IS NOT NULL GROUP BY ALL;

CREATE TEMP TABLE retold AS
SELECT revision_id FROM revision JOIN shown USING (revision_id)
WHERE known_to IS NULL AND first < {'at': captured_at, 'segment': segment, 'offset': "offset"};

UPDATE revision SET last_captured_at = shown.last_captured_at FROM shown
WHERE revision.revision_id = shown.revision_id AND revision.known_to IS NULL AND shown.last_captured_at > revision.last_captured_at;

CREATE TEMP TABLE told AS
SELECT shown.revision_id, new_revision.article_id::UUID AS article_id, shown.first.at AS known_from
FROM shown JOIN new_revision ON new_revision.revision_id::UUID = shown.revision_id
WHERE shown.revision_id NOT IN (
    SELECT revision_id FROM revision SEMI JOIN shown USING (revision_id) ANTI JOIN retold USING (revision_id) WHERE known_to IS NULL
)
GROUP BY ALL;

-- Where a text has another date now, it may tell the story of others: its story is dissolved, and all who told it are compared again.
CREATE TEMP TABLE dissolved AS
SELECT article_id FROM story WHERE story_id IN (
    SELECT story_id FROM story SEMI JOIN (SELECT article_id FROM told SEMI JOIN retold USING (revision_id)) USING (article_id)
);
DELETE FROM story WHERE article_id IN (FROM dissolved);

DELETE FROM mention WHERE known_to IS NULL AND revision_id IN (FROM retold);
DELETE FROM tag WHERE known_to IS NULL AND revision_id IN (FROM retold);
DELETE FROM relation WHERE known_to IS NULL AND revision_id IN (FROM retold);
DELETE FROM statement WHERE known_to IS NULL AND revision_id IN (FROM retold);

CREATE TEMP TABLE newer AS
SELECT new_revision.* EXCLUDE (url, source_id, captured_at)
    REPLACE (told.revision_id AS revision_id, told.article_id AS article_id, text_hash::UUID AS text_hash),
    first.at AS captured_at, first.segment AS segment, first."offset" AS "offset", shown.last_captured_at,
    coalesce(new_revision.published_at, article.first_seen_at) AS dated_at, false AS latest, told.known_from
FROM new_revision
JOIN told ON told.revision_id = new_revision.revision_id::UUID
JOIN article ON article.article_id = told.article_id
JOIN shown ON shown.revision_id = told.revision_id
QUALIFY row_number() OVER (PARTITION BY new_revision.revision_id ORDER BY new_revision.captured_at) = 1;

UPDATE newer SET last_captured_at = greatest(newer.last_captured_at, revision.last_captured_at) FROM revision
WHERE newer.revision_id IN (FROM retold) AND revision.revision_id = newer.revision_id AND revision.known_to IS NULL;
DELETE FROM revision WHERE known_to IS NULL AND revision_id IN (FROM retold);
INSERT INTO revision BY NAME FROM newer ORDER BY captured_at;

INSERT INTO mention BY NAME
SELECT new_mention.* REPLACE (told.revision_id AS revision_id), told.article_id, told.known_from
FROM new_mention JOIN told ON told.revision_id = new_mention.revision_id::UUID;
INSERT INTO tag BY NAME
SELECT new_tag.* REPLACE (told.revision_id AS revision_id), told.article_id, told.known_from
FROM new_tag JOIN told ON told.revision_id = new_tag.revision_id::UUID;
INSERT INTO relation BY NAME
SELECT new_relation.* REPLACE (told.revision_id AS revision_id), told.article_id, told.known_from
FROM new_relation JOIN told ON told.revision_id = new_relation.revision_id::UUID;
INSERT INTO statement BY NAME
SELECT new_statement.* REPLACE (told.revision_id AS revision_id), told.article_id, told.known_from
FROM new_statement JOIN told ON told.revision_id = new_statement.revision_id::UUID;

-- A page that answered 304 still shows the text of its capture before: that is known by view, not by row.
UPDATE revision SET latest = newest.latest FROM (
    SELECT revision_id, row_number() OVER (PARTITION BY article_id ORDER BY last_captured_at DESC, revision_id) = 1 AS latest
    FROM revision SEMI JOIN touched USING (article_id) WHERE known_to IS NULL
) AS newest
WHERE revision.revision_id = newest.revision_id AND revision.known_to IS NULL AND revision.latest <> newest.latest;

UPDATE revision SET dated_at = article.first_seen_at FROM article SEMI JOIN touched USING (article_id)
WHERE article.article_id = revision.article_id AND revision.known_to IS NULL AND revision.published_at IS NULL
    AND revision.dated_at <> article.first_seen_at;
