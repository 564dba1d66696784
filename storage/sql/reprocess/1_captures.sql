-- The captures of the chosen segments as they are read now, and the articles that they showed or show.
CREATE TEMP TABLE affected AS
SELECT DISTINCT article_id FROM (
    SELECT article_id FROM capture SEMI JOIN chosen USING (segment) UNION ALL SELECT article_id FROM new_capture
) WHERE article_id IS NOT NULL;

DELETE FROM capture WHERE segment IN (FROM chosen);
INSERT INTO capture BY NAME FROM new_capture;
