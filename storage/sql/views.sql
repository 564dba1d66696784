-- The public interface for analysts: views that stay when tables change. What each is for stands in storage/README.md.
-- A new question is a new view here, a macro in macros.sql, or a saved query.
-- Two habits keep them fast on a million articles: days are cut by arithmetic (a cast of TIMESTAMPTZ to DATE asks the calendar for
-- every row), and what is not the latest is left out by an anti join with the few revisions that are not.

CREATE OR REPLACE MACRO utc_day(moment) AS DATE '1970-01-01' + (epoch_us(moment) // 86400000000)::INTEGER;

-- The sentences of a text, roughly: good enough to show what was added and removed, in Latin, Cyrillic and Chinese script.
CREATE OR REPLACE MACRO sentences(words) AS list_filter(
    list_transform(regexp_extract_all(words, '[^.!?。！？…\n]+(?:[.!?。！？…]+[''"”’»)）」]*|\n|$)(?:[^\s。！？]*[.!?]+)*'), lambda s: trim(s, e' \n\t\r　')),
    lambda s: s <> '');

CREATE OR REPLACE VIEW articles AS
SELECT article.article_id, article.url, revision.title, revision.text, revision.authors, revision.language,
    revision.published_at, revision.date_source, revision.published_precision AS date_precision,
    article.first_seen_at, article.first_captured_at AS captured_at,
    revision.dated_at, -- the time to order by: when it came out, as far as is known
    utc_day(revision.dated_at) AS day,
    article.source_id, source.name AS source, source.country, source.state AS state_controlled, source.family, source.owner,
    revision.word_count, revision.paywalled, revision.revision_id, coalesce(story.story_id, article.article_id) AS story_id
FROM article
JOIN revision ON revision.article_id = article.article_id AND revision.latest AND revision.known_to IS NULL
LEFT JOIN source ON source.source_id = article.source_id
LEFT JOIN story ON story.article_id = article.article_id;

-- What the tagger says of the latest texts. `evidence` here are offsets; the view `evidence` has the words.
CREATE OR REPLACE VIEW article_topics AS
SELECT article_id, label AS topic, score, evidence, taxonomy_version
FROM tag ANTI JOIN (SELECT revision_id FROM revision WHERE NOT latest AND known_to IS NULL) USING (revision_id)
WHERE kind = 'topic' AND known_to IS NULL;

CREATE OR REPLACE VIEW article_actors AS
SELECT article_id, label AS actor, score, evidence, taxonomy_version
FROM tag ANTI JOIN (SELECT revision_id FROM revision WHERE NOT latest AND known_to IS NULL) USING (revision_id)
WHERE kind = 'actor' AND known_to IS NULL;

CREATE OR REPLACE VIEW article_relations AS
SELECT article_id, label AS relation, from_actor, to_actor, relation.event, score, evidence, taxonomy_version
FROM relation ANTI JOIN (SELECT revision_id FROM revision WHERE NOT latest AND known_to IS NULL) USING (revision_id)
WHERE known_to IS NULL;

CREATE OR REPLACE VIEW mentions AS
SELECT article_id, actor, entity, resolved, surface, part, start, stop, taxonomy_version
FROM mention ANTI JOIN (SELECT revision_id FROM revision WHERE NOT latest AND known_to IS NULL) USING (revision_id)
WHERE known_to IS NULL;

CREATE OR REPLACE VIEW statements AS
SELECT article_id, speaker, speaker_actor, speaker_entity, verb, words, quoted, part, start, stop, target_actor, topic, taxonomy_version
FROM statement ANTI JOIN (SELECT revision_id FROM revision WHERE NOT latest AND known_to IS NULL) USING (revision_id)
WHERE known_to IS NULL;

-- Why an article has a tag or relation: a row a span, with its words.
CREATE OR REPLACE VIEW evidence AS
WITH spans AS (
    SELECT revision_id, article_id, kind, label, taxonomy_version, unnest(evidence) AS span FROM tag WHERE known_to IS NULL
    UNION ALL
    SELECT revision_id, article_id, 'relation', label, taxonomy_version, unnest(evidence) FROM relation WHERE known_to IS NULL
)
SELECT revision.article_id, kind, label, span.part AS part, span.start AS start, span.stop AS stop,
    substring(CASE span.part WHEN 'title' THEN revision.title ELSE revision.text END, span.start + 1, span.stop - span.start) AS quote,
    span.rule AS rule, taxonomy_version, revision.dated_at
FROM spans JOIN revision ON revision.revision_id = spans.revision_id AND revision.article_id = spans.article_id
    AND revision.latest AND revision.known_to IS NULL;

CREATE OR REPLACE VIEW relations_daily AS
SELECT day, relation, country, state_controlled, language, count(*) AS articles, count(DISTINCT story_id) AS stories
FROM articles JOIN (SELECT DISTINCT article_id, relation FROM article_relations) USING (article_id)
GROUP BY ALL;

CREATE OR REPLACE VIEW topic_trend AS
SELECT day, topic, count(*) AS articles, count(DISTINCT story_id) AS stories
FROM articles JOIN article_topics USING (article_id)
GROUP BY ALL;

-- Articles that tell the same story in nearly the same words, with its likely origin: the one that came out first.
CREATE OR REPLACE VIEW stories AS
SELECT story_id, count(*) AS articles, count(DISTINCT source_id) AS outlets, min(first).dated_at AS first_at, min(first).source AS origin,
    min(first).title AS title, list(url ORDER BY first.dated_at, url) AS urls
FROM (
    SELECT story.story_id, article.url, article.source_id,
        {'dated_at': dated_at, 'url': url, 'source': coalesce(source.name, article.source_id), 'title': title} AS first
    FROM story
    JOIN article USING (article_id)
    JOIN revision ON revision.article_id = story.article_id AND latest AND known_to IS NULL
    LEFT JOIN source ON source.source_id = article.source_id
)
GROUP BY story_id HAVING count(*) > 1;

-- The texts of an article in the order in which they were first captured.
CREATE OR REPLACE VIEW revisions AS
SELECT article_id, revision_id, row_number() OVER (PARTITION BY article_id ORDER BY captured_at, revision_id) AS number,
    title, text, language, published_at, modified_at, captured_at, last_captured_at, word_count, latest
FROM revision WHERE known_to IS NULL;

-- Articles whose page is gone (404 or 410) and did not come back. Their texts stay.
CREATE OR REPLACE VIEW deleted_articles AS
WITH gone AS (
    SELECT url_id, max(captured_at) AS last_gone_at FROM capture WHERE reason = 'gone' GROUP BY url_id
), seen AS (
    SELECT url_id, any_value(article_id) AS article_id, max(captured_at) FILTER (outcome <> 'failed') AS last_seen_at,
        any_value(last_gone_at) AS last_gone_at, list(captured_at) FILTER (reason = 'gone') AS refusals
    FROM capture JOIN gone USING (url_id) GROUP BY url_id
)
SELECT articles.article_id, articles.url, articles.title, articles.source, articles.source_id, articles.country, articles.state_controlled,
    articles.dated_at, seen.last_seen_at, list_min(list_filter(refusals, lambda t: t > seen.last_seen_at)) AS gone_at
FROM seen JOIN articles USING (article_id)
WHERE last_gone_at > seen.last_seen_at;

-- Every page that was asked for ends in exactly one fate.
CREATE OR REPLACE VIEW fates AS
SELECT capture.segment, capture."offset", capture.url, capture.source_id, capture.captured_at, capture.wanted, capture.article_id, capture.revision_id,
    CASE
        WHEN capture.outcome = 'failed' THEN 'failed: ' || capture.reason
        WHEN capture.outcome = 'not-modified' THEN 'unchanged'
        WHEN capture.reading <> 'article' THEN 'no article: ' || capture.reading
        WHEN article.article_id IS NOT NULL THEN 'new article'
        WHEN revision.revision_id IS NOT NULL THEN 'revision'
        ELSE 'unchanged'
    END AS fate,
    capture.detail
FROM capture
LEFT JOIN article ON article.article_id = capture.article_id AND article.segment = capture.segment AND article."offset" = capture."offset"
LEFT JOIN revision ON revision.revision_id = capture.revision_id AND revision.segment = capture.segment AND revision."offset" = capture."offset"
    AND revision.known_to IS NULL;
