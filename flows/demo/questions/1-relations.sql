-- How many articles report on each relation, and how many are reprints?
SELECT relation, count(DISTINCT article_id) AS articles, count(DISTINCT story_id) AS stories
FROM article_relations JOIN articles USING (article_id)
GROUP BY ALL ORDER BY articles DESC, relation
