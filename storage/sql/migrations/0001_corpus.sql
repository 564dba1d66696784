-- The tables of the corpus. Nothing here has keys or indexes: uniqueness is kept by loading, so that the same tables can live in a lake.
-- Loading is a union: rows are added once, times are merged by least and greatest. So the order in which segments are loaded does not matter,
-- and a corpus that is made again from its archive is the same corpus.
-- Ids are hashes (of a canonical URL, of a text), kept as UUID. Times are UTC.

CREATE TABLE source (
    source_id VARCHAR, name VARCHAR, country VARCHAR, language VARCHAR, time_zone VARCHAR, owner VARCHAR,
    state BOOLEAN, family VARCHAR, home VARCHAR, hosts VARCHAR[],
    as_of TIMESTAMPTZ -- of the run that last described it so
);

CREATE TABLE feed (
    url VARCHAR, source_id VARCHAR, language VARCHAR, kind VARCHAR, interval_s INTEGER,
    as_of TIMESTAMPTZ
);

CREATE TABLE run (
    run_id VARCHAR, kind VARCHAR, started_at TIMESTAMPTZ, software VARCHAR, settings MAP(VARCHAR, VARCHAR)
);

CREATE TABLE segment (
    segment VARCHAR, run_id VARCHAR, bytes BIGINT, digest VARCHAR, outcomes INTEGER, damaged INTEGER, opened_at TIMESTAMPTZ
);

-- One ask of one feed or sitemap.
CREATE TABLE poll (
    segment VARCHAR, "offset" BIGINT, url VARCHAR, source_id VARCHAR, polled_at TIMESTAMPTZ,
    outcome VARCHAR,  -- fetched, not-modified, failed
    reason VARCHAR,   -- why, when failed
    detail VARCHAR, status SMALLINT, format VARCHAR, problem VARCHAR,
    entries INTEGER,
    keys UBIGINT[],   -- of its entries, to tell how far two polls overlap
    etag VARCHAR, last_modified VARCHAR, digest VARCHAR, ttl_s INTEGER, retry_after_s DOUBLE, moved_to VARCHAR,
    elapsed_ms INTEGER, bytes BIGINT
);

-- A feed or sitemap entry, as first and as last seen.
CREATE TABLE entry (
    entry_id UUID, feed VARCHAR, source_id VARCHAR, url VARCHAR,
    url_id UUID,      -- of the canonical form of url: meets capture.url_id
    guid VARCHAR, title VARCHAR, summary VARCHAR, authors VARCHAR[],
    published_at TIMESTAMPTZ, published_precision VARCHAR, published_raw VARCHAR, updated_at TIMESTAMPTZ,
    language VARCHAR, categories VARCHAR[], origin VARCHAR, date_source VARCHAR, fingerprint UBIGINT,
    first_seen_at TIMESTAMPTZ, last_seen_at TIMESTAMPTZ
);

-- One fetch of one page.
CREATE TABLE capture (
    segment VARCHAR, "offset" BIGINT, length BIGINT,
    url VARCHAR, url_id UUID, final_url VARCHAR, source_id VARCHAR, referrer VARCHAR,
    wanted VARCHAR,   -- new, retry, revisit, backfill
    attempt INTEGER, captured_at TIMESTAMPTZ,
    archived_at TIMESTAMPTZ, -- when the bytes left the outlet, where that is not when we got them
    outcome VARCHAR, reason VARCHAR, detail VARCHAR, status SMALLINT,
    reading VARCHAR,  -- article, unchanged, failed, or what else the page was
    etag VARCHAR, last_modified VARCHAR, digest VARCHAR, retry_after_s DOUBLE, elapsed_ms INTEGER, bytes BIGINT,
    article_id UUID, revision_id UUID
);

-- One canonical URL that is an article. first_seen_at is when a feed first named it, or its first capture.
CREATE TABLE article (
    article_id UUID, url VARCHAR, source_id VARCHAR, first_seen_at TIMESTAMPTZ, first_captured_at TIMESTAMPTZ,
    segment VARCHAR, "offset" BIGINT -- of its first capture
);

-- One version of an article's text. known_from and known_to bound the time in which the corpus held it to be so: known_to is set when a
-- better reading of the same bytes is accepted, never when the outlet changes its page (that is another revision).
CREATE TABLE revision (
    revision_id UUID, article_id UUID, title VARCHAR, text VARCHAR, authors VARCHAR[], language VARCHAR,
    published_at TIMESTAMPTZ, published_precision VARCHAR, published_raw VARCHAR, date_source VARCHAR, modified_at TIMESTAMPTZ,
    dated_at TIMESTAMPTZ, -- published_at, or the article's first_seen_at: here so that a window of time finds its texts without reading others
    paywalled BOOLEAN, word_count INTEGER, text_hash UUID, bands UINTEGER[],
    captured_at TIMESTAMPTZ, last_captured_at TIMESTAMPTZ,
    segment VARCHAR, "offset" BIGINT, -- of the capture at captured_at: where the bytes of this text are
    latest BOOLEAN,   -- the article's newest text: the one with the greatest last_captured_at
    extractor_version VARCHAR, known_from TIMESTAMPTZ, known_to TIMESTAMPTZ
);

-- What the tagger says. Whoever sets known_to of a revision sets it on these rows, too. article_id is there so that counting by article needs no join; rows of texts that are not the latest stay.
-- Offsets count characters from 0, half open, in revision.title or revision.text.
CREATE TABLE mention (
    revision_id UUID, article_id UUID, actor VARCHAR, entity VARCHAR, part VARCHAR, start INTEGER, stop INTEGER, surface VARCHAR, resolved VARCHAR,
    taxonomy_version VARCHAR, known_from TIMESTAMPTZ, known_to TIMESTAMPTZ
);

CREATE TABLE tag (
    revision_id UUID, article_id UUID, kind VARCHAR, label VARCHAR, score REAL,
    evidence STRUCT(part VARCHAR, start INTEGER, stop INTEGER, rule VARCHAR)[],
    taxonomy_version VARCHAR, known_from TIMESTAMPTZ, known_to TIMESTAMPTZ
);

CREATE TABLE relation (
    revision_id UUID, article_id UUID, label VARCHAR, score REAL, from_actor VARCHAR, to_actor VARCHAR, event VARCHAR,
    evidence STRUCT(part VARCHAR, start INTEGER, stop INTEGER, rule VARCHAR)[],
    taxonomy_version VARCHAR, known_from TIMESTAMPTZ, known_to TIMESTAMPTZ
);

CREATE TABLE statement (
    revision_id UUID, article_id UUID, speaker VARCHAR, speaker_actor VARCHAR, speaker_entity VARCHAR, verb VARCHAR, words VARCHAR, quoted BOOLEAN,
    part VARCHAR, start INTEGER, stop INTEGER, target_actor VARCHAR, topic VARCHAR,
    taxonomy_version VARCHAR, known_from TIMESTAMPTZ, known_to TIMESTAMPTZ
);

-- Articles that tell the same story in nearly the same words. An article without such a twin has no row.
-- story_id is the least article_id of the group, so it does not depend on who came first into the corpus.
CREATE TABLE story (article_id UUID, story_id UUID);
