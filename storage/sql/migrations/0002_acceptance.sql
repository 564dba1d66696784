-- Better readings of the same bytes that were accepted. The rows that they superseded have their known_to at that time; they are kept in the
-- archive as well (folder `readings`), so that a corpus made anew knows what was known when.
CREATE TABLE acceptance (
    name VARCHAR,      -- of its folder in the archive
    kind VARCHAR,      -- retag: other tags of the same texts; reprocess: other texts of the same pages
    accepted_at TIMESTAMPTZ, version VARCHAR, revisions BIGINT
);
