-- Which stories were reprinted, and which article was changed after publication?
SELECT 'reprinted' AS what, title, articles || ' articles' AS detail FROM stories
UNION ALL
SELECT 'changed', max_by(title, number), max(number) || ' revisions' FROM revisions GROUP BY article_id HAVING max(number) > 1
ORDER BY ALL
