-- The public interface for analysts: views that stay when tables change. What each is for stands in storage/README.md.
-- A new question is a new view here, or a saved query.

CREATE OR REPLACE VIEW articles AS
SELECT article.article_id, article.url, revision.title, revision.text, revision.authors, revision.language,
    revision.published_at, revision.date_source, revision.published_precision AS date_precision,
    article.first_seen_at, article.first_captured_at AS captured_at,
    coalesce(revision.published_at, article.first_seen_at) AS dated_at, -- the time to order by: when it came out, as far as is known
    article.source_id, source.name AS source, source.country, source.state AS state_controlled, source.family, source.owner,
    revision.word_count, revision.paywalled, revision.revision_id, coalesce(story.story_id, article.article_id) AS story_id
FROM article
JOIN revision ON revision.article_id = article.article_id AND revision.latest AND revision.known_to IS NULL
LEFT JOIN source ON source.source_id = article.source_id
LEFT JOIN story ON story.article_id = article.article_id;

CREATE OR REPLACE VIEW article_topics AS
SELECT revision.article_id, tag.label AS topic, tag.score, tag.taxonomy_version,
    list_transform(tag.evidence, lambda e: struct_pack(part := e.part, start := e.start, stop := e.stop, rule := e.rule,
        quote := substring(CASE e.part WHEN 'title' THEN revision.title ELSE revision.text END, e.start + 1, e.stop - e.start))) AS evidence
FROM tag JOIN revision USING (revision_id)
WHERE tag.kind = 'topic' AND tag.known_to IS NULL AND revision.latest AND revision.known_to IS NULL;

CREATE OR REPLACE VIEW article_actors AS
SELECT revision.article_id, tag.label AS actor, tag.score, tag.taxonomy_version,
    list_transform(tag.evidence, lambda e: struct_pack(part := e.part, start := e.start, stop := e.stop, rule := e.rule,
        quote := substring(CASE e.part WHEN 'title' THEN revision.title ELSE revision.text END, e.start + 1, e.stop - e.start))) AS evidence
FROM tag JOIN revision USING (revision_id)
WHERE tag.kind = 'actor' AND tag.known_to IS NULL AND revision.latest AND revision.known_to IS NULL;

CREATE OR REPLACE VIEW article_relations AS
SELECT revision.article_id, relation.label AS relation, relation.from_actor, relation.to_actor, relation.event, relation.score,
    relation.taxonomy_version,
    list_transform(relation.evidence, lambda e: struct_pack(part := e.part, start := e.start, stop := e.stop, rule := e.rule,
        quote := substring(CASE e.part WHEN 'title' THEN revision.title ELSE revision.text END, e.start + 1, e.stop - e.start))) AS evidence
FROM relation JOIN revision USING (revision_id)
WHERE relation.known_to IS NULL AND revision.latest AND revision.known_to IS NULL;

CREATE OR REPLACE VIEW mentions AS
SELECT revision.article_id, mention.actor, mention.entity, mention.resolved, mention.surface, mention.part, mention.start, mention.stop,
    mention.taxonomy_version
FROM mention JOIN revision USING (revision_id)
WHERE mention.known_to IS NULL AND revision.latest AND revision.known_to IS NULL;

CREATE OR REPLACE VIEW statements AS
SELECT revision.article_id, statement.* EXCLUDE (revision_id, known_from, known_to)
FROM statement JOIN revision USING (revision_id)
WHERE statement.known_to IS NULL AND revision.latest AND revision.known_to IS NULL;

CREATE OR REPLACE VIEW relations_daily AS
SELECT articles.dated_at::DATE AS day, relation, country, state_controlled, language, count(DISTINCT article_id) AS articles,
    count(DISTINCT story_id) AS stories
FROM articles JOIN article_relations USING (article_id)
GROUP BY ALL;

CREATE OR REPLACE VIEW topic_trend AS
SELECT articles.dated_at::DATE AS day, topic, count(*) AS articles, count(DISTINCT story_id) AS stories
FROM articles JOIN article_topics USING (article_id)
GROUP BY ALL;

-- Every ask of every feed with what it brought: new entries, and how far it overlaps with the answer before.
CREATE OR REPLACE VIEW polls AS
WITH first_seen AS (
    SELECT feed AS url, first_seen_at AS polled_at, count(*)::INTEGER AS new FROM entry GROUP BY ALL
), answers AS (
    SELECT url, polled_at, segment, "offset",
        len(list_intersect(keys, lag(keys) OVER earlier)) / nullif(len(lag(keys) OVER earlier), 0) AS overlap
    FROM poll WHERE outcome = 'fetched' AND keys IS NOT NULL
    WINDOW earlier AS (PARTITION BY url ORDER BY polled_at, segment, "offset")
)
SELECT poll.*, coalesce(first_seen.new, 0) AS new, answers.overlap
FROM poll
LEFT JOIN first_seen ON first_seen.url = poll.url AND first_seen.polled_at = poll.polled_at
LEFT JOIN answers ON answers.segment = poll.segment AND answers."offset" = poll."offset";

CREATE OR REPLACE VIEW feed_health AS
WITH latest AS (
    SELECT url, count(*) AS polls, max(polled_at) AS last_poll_at, max(polled_at) FILTER (outcome <> 'failed') AS last_answer_at,
        max(polled_at) FILTER (outcome = 'fetched' AND entries > 0) AS last_listing_at, max(polled_at) FILTER (new > 0) AS last_new_at,
        arg_max(outcome, polled_at) AS outcome, arg_max(reason, polled_at) FILTER (outcome = 'failed') AS last_reason,
        arg_max(detail, polled_at) FILTER (outcome = 'failed') AS last_detail, arg_max(problem, polled_at) AS problem, arg_max(moved_to, polled_at) AS moved_to,
        avg(overlap) AS mean_overlap, count(*) FILTER (overlap = 0 AND new > 0) AS gaps, sum(new) AS entries
    FROM polls GROUP BY url
), since AS (
    SELECT polls.url, count(*) FILTER (polls.outcome = 'failed') AS failures_in_a_row
    FROM polls JOIN latest USING (url)
    WHERE polled_at > coalesce(last_answer_at, TIMESTAMPTZ '-infinity') GROUP BY ALL
)
SELECT feed.url, feed.source_id, feed.language,
    CASE
        WHEN polls IS NULL THEN 'never asked'
        WHEN latest.outcome = 'failed' THEN 'failing'
        WHEN last_listing_at IS NULL THEN 'empty'
        ELSE 'ok'
    END AS health,
    last_reason AS reason, last_detail AS detail, problem, coalesce(failures_in_a_row, 0) AS failures_in_a_row,
    polls, entries, gaps, mean_overlap, last_poll_at, last_answer_at, last_new_at, moved_to
FROM feed LEFT JOIN latest USING (url) LEFT JOIN since USING (url);

-- The texts of an article in the order in which they were first captured.
CREATE OR REPLACE VIEW revisions AS
SELECT article_id, revision_id, row_number() OVER (PARTITION BY article_id ORDER BY captured_at, revision_id) AS number,
    title, text, language, published_at, modified_at, captured_at, last_captured_at, word_count, latest
FROM revision WHERE known_to IS NULL;

CREATE OR REPLACE VIEW stories AS
SELECT story_id, count(*) AS articles, count(DISTINCT source_id) AS outlets, min(dated_at) AS first_at,
    arg_min(source, (dated_at, captured_at, url)) AS origin, arg_min(title, (dated_at, captured_at, url)) AS title, list(url ORDER BY dated_at, captured_at, url) AS urls
FROM articles GROUP BY story_id HAVING count(*) > 1;

-- Every page that was asked for ends in exactly one fate.
CREATE OR REPLACE VIEW fates AS
SELECT capture.segment, capture."offset", capture.url, capture.source_id, capture.captured_at, capture.wanted, capture.article_id, capture.revision_id,
    CASE
        WHEN outcome = 'failed' THEN 'failed: ' || reason
        WHEN outcome = 'not-modified' THEN 'unchanged'
        WHEN reading <> 'article' THEN 'no article: ' || reading
        WHEN row_number() OVER (PARTITION BY capture.article_id ORDER BY captured_at, segment, "offset") = 1 THEN 'new article'
        WHEN row_number() OVER (PARTITION BY capture.article_id, capture.revision_id ORDER BY captured_at, segment, "offset") = 1 THEN 'revision'
        ELSE 'unchanged'
    END AS fate,
    capture.detail
FROM capture;
