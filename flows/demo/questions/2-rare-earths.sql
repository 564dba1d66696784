-- What is reported between the EU and China on rare earths, when, in which languages?
SELECT dated_at::DATE AS day, language, source, title
FROM articles_about('EU-CN', 'critical-raw-materials') ORDER BY day, title
