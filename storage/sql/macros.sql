-- Questions with arguments. Documented in storage/README.md.

CREATE OR REPLACE MACRO articles_about(wanted_relation, wanted_topic := NULL) AS TABLE
SELECT articles.* FROM articles
SEMI JOIN (SELECT article_id FROM article_relations WHERE relation = wanted_relation) USING (article_id)
WHERE wanted_topic IS NULL OR article_id IN (SELECT article_id FROM article_topics WHERE topic = wanted_topic)
ORDER BY dated_at DESC;
