-- Questions with arguments. What each is for stands in storage/README.md. Times may be given as text: '2026-07-01'.

-- A name as it was given, when it is one of the label guide's: a misspelt one is an error, not an empty answer.
CREATE OR REPLACE MACRO known_relation(name) AS CASE
    WHEN name IS NULL OR name IN (
        'EU-CN', 'EU-RU', 'CN-RU', 'EU-CN-RU'
    ) THEN name
    ELSE error('no relation ' || name || '; known are EU-CN, EU-RU, CN-RU, EU-CN-RU')
END;
CREATE OR REPLACE MACRO known_topic(name) AS CASE
    WHEN name IS NULL OR name IN (
        'summit-diplomacy', 'diplomatic-dispute', 'sanctions', 'frozen-assets-finance', 'export-controls', 'critical-raw-materials',
        'dual-use-war-support', 'trade-market-access', 'trade-defence', 'investment-economic-security', 'technology', 'energy', 'supply-chains',
        'war-in-ukraine', 'peace-ceasefire', 'military-aid-defence', 'taiwan', 'hong-kong', 'human-rights', 'disinformation-influence',
        'cyber-espionage-hybrid', 'nuclear-nonproliferation', 'maritime-arctic', 'enlargement-neighbourhood', 'global-order', 'agriculture-food',
        'climate-green-tech', 'migration-mobility', 'domestic-politics'
    ) THEN name
    ELSE error('no topic ' || name || '; known are summit-diplomacy, diplomatic-dispute, sanctions, frozen-assets-finance, export-controls, critical-raw-materials, dual-use-war-support, trade-market-access, trade-defence, investment-economic-security, technology, energy, supply-chains, war-in-ukraine, peace-ceasefire, military-aid-defence, taiwan, hong-kong, human-rights, disinformation-influence, cyber-espionage-hybrid, nuclear-nonproliferation, maritime-arctic, enlargement-neighbourhood, global-order, agriculture-food, climate-green-tech, migration-mobility, domestic-politics')
END;
CREATE OR REPLACE MACRO known_event(name) AS CASE
    WHEN name IS NULL OR name IN (
        'consult', 'agree', 'cooperate', 'support', 'aid', 'concede', 'accuse', 'reject', 'demand', 'request', 'threaten', 'coerce', 'sanction',
        'protest', 'mobilize', 'assault'
    ) THEN name
    ELSE error('no event ' || name || '; known are consult, agree, cooperate, support, aid, concede, accuse, reject, demand, request, threaten, coerce, sanction, protest, mobilize, assault')
END;

-- The articles about a relation and a topic; either may be left out.
CREATE OR REPLACE MACRO articles_about(relation := NULL, topic := NULL, since := '-infinity', until := 'infinity') AS TABLE
SELECT articles.* FROM articles
SEMI JOIN (
    SELECT article_id FROM article_relations WHERE article_relations.relation = known_relation(relation)
    UNION ALL SELECT article_id FROM article WHERE relation IS NULL
) USING (article_id)
SEMI JOIN (
    SELECT article_id FROM article_topics WHERE article_topics.topic = known_topic(topic)
    UNION ALL SELECT article_id FROM article WHERE topic IS NULL
) USING (article_id)
WHERE dated_at >= since::TIMESTAMPTZ AND dated_at < until::TIMESTAMPTZ
ORDER BY dated_at DESC, url;

-- What a sentence or headline says of the article itself: 'corrected', 'updated', or nothing. A notice begins with its word and a sign
-- ("Correction:", "CORRECTED-", "更正："), or is a stamp ("Updated on 3 March"), or names the article or an earlier version of it. Sentences that
-- only use such a word ("Brussels updated its list") are none.
CREATE OR REPLACE MACRO notice_in(line) AS CASE
    WHEN regexp_matches(lower(line), '^[\s(\[*"„“«–—-]*(correction|corrected|corrigendum|erratum|clarification|korrektur|korrigiert|berichtigung|rectificatif|rectification|correctif|précision|corrigé|исправлени[ея]|исправлено|уточнение|поправка|更正|勘误|勘誤|sprostowanie|korekta|corrección|fe de errores|rettifica|corectură|виправлення)(s?[\s).:!*\]]*$|-|s?( \([^)]*\)| [^\s\d:]+ \d+| \d+ [^\s\d:]+)?\s*([:：]| [–—-] ))')
        OR regexp_matches(lower(line), '\b(an?|the) (earlier|previous|first|original) version of th(is|e) (article|story|report|headline)|\bth(is|e) (article|story|report|headline) (was|has been) (corrected|amended)')
        OR regexp_matches(lower(line), 'in einer (früheren|ersten|vorherigen) (fassung|version)|dies(er|e) (artikel|text|beitrag|meldung) wurde (korrigiert|berichtigt)')
        OR regexp_matches(lower(line), 'une (première|précédente) version de (cet|l.) ?(article|dépêche)|cet article a été (corrigé|rectifié)')
        OR regexp_matches(lower(line), 'в (первой|предыдущей|первоначальной|ранней) (версии|редакции) (этой |этого )?(заметки|статьи|материала|новости|текста)|(статья|материал|новость|заметка|текст) (был[аи]? )?исправлен')
        OR regexp_matches(lower(line), '(本文|本报道|本稿|此文)(的)?(早前|此前|先前|较早)版本|(特此|现予|谨此)更正') THEN 'corrected'
    WHEN regexp_matches(lower(line), '^[\s(\[*"„“«–—-]*(updated?|upd|editor.s note|aktualisiert|aktualisierung|mise? à jour|обновлено|обновление|更新(时间|時間|于|於)?|最后更新|最後更新|aktualizacja|zaktualizowano|actualizado|actualización|aggiornato|aggiornamento|actualizare|оновлено)([\s).:!*\]]*$|-| \d+-|\s*[:：]|\s*((on|at|le|à|am|um|vor|il y a|в|о) )?([^\s\d:]{3,} ){0,2}\d{1,4}[.:/年hдч-]| ((on|at|le|à|am|um|vor|il y a|в) )?([^\s\d:]{3,} ){0,2}\d{1,2} [^\s\d:]{3,}| \d{1,2}$)')
        OR regexp_matches(lower(line), '\bth(is|e) (article|story|report) (was|has been) (updated|expanded)|dies(er|e) (artikel|text|beitrag|meldung) wurde (aktualisiert|ergänzt)|cet article a été (mis à jour|actualisé|modifié|complété)')
        OR regexp_matches(lower(line), '(статья|материал|новость|заметка|текст) (был[аи]? )?(обновлен|обновлён|дополнен)|(本文|本报道|本稿|此文)(已|于.{1,12})更新') THEN 'updated'
END;

-- What outlets changed after publication, between two times: sentences, headline, and what the tagger says differently because of it.
CREATE OR REPLACE MACRO changes_between(since, until) AS TABLE
WITH version AS ( -- of articles with several texts, without reading the texts
    SELECT article_id, revision_id, captured_at, row_number() OVER earlier AS number, lag(revision_id) OVER earlier AS id_before,
        lag(captured_at) OVER earlier AS captured_before, lag(modified_at) OVER earlier AS modified_before
    FROM revision SEMI JOIN (SELECT article_id FROM revision WHERE NOT latest AND known_to IS NULL) USING (article_id)
    WHERE known_to IS NULL
    WINDOW earlier AS (PARTITION BY article_id ORDER BY captured_at, revision_id)
), edit AS (
    SELECT * FROM version WHERE number > 1 AND captured_at >= since::TIMESTAMPTZ AND captured_at < until::TIMESTAMPTZ
), labels AS (
    SELECT revision_id, list(DISTINCT label ORDER BY label) AS labels FROM (
        SELECT revision_id, label FROM tag WHERE known_to IS NULL
        UNION ALL SELECT revision_id, label FROM relation WHERE known_to IS NULL
    ) SEMI JOIN (SELECT revision_id FROM edit UNION ALL SELECT id_before FROM edit) USING (revision_id)
    GROUP BY revision_id
), compared AS (
    SELECT edit.*, now.title, now.modified_at, sentences(now.text) AS after, earlier.title AS title_before, sentences(earlier.text) AS before
    FROM edit
    -- The times are joined, too: they tell the scan which stretches of the table it needs.
    JOIN revision AS now ON now.revision_id = edit.revision_id AND now.captured_at = edit.captured_at AND now.article_id = edit.article_id
        AND now.known_to IS NULL AND now.captured_at >= since::TIMESTAMPTZ AND now.captured_at < until::TIMESTAMPTZ
    JOIN revision AS earlier ON earlier.revision_id = edit.id_before AND earlier.captured_at = edit.captured_before
        AND earlier.article_id = edit.article_id AND earlier.known_to IS NULL
), diff AS (
    SELECT *, list_filter(after, lambda s: NOT list_contains(before, s)) AS added,
        list_filter(before, lambda s: NOT list_contains(after, s)) AS removed,
        coalesce(modified_at > captured_before AND modified_at IS DISTINCT FROM modified_before, false) AS restamped
    FROM compared
), noticed AS (
    -- Few changes have any of these words; only their sentences are looked at one by one.
    SELECT *, CASE WHEN regexp_matches(lower(array_to_string(list_append(added, title), e'\n')),
        'correct|corrig|errat|clarif|korr|berichtig|rectif|précis|испр|уточн|поправк|更正|勘误|勘誤|sprost|korekt|errores|rettif|corect|виправ|version|fassung|верси|редакц|版本|amended|upd|editor.s note|expanded|aktuali|ergänzt|à jour|actuali|modifié|complété|обновл|дополнен|更新|aggiorn|оновлен')
        THEN list_filter(list_transform(CASE WHEN title <> title_before THEN list_append(added, title) ELSE added END,
            lambda s: {'as': notice_in(s), 'words': s}), lambda n: n['as'] IS NOT NULL) ELSE [] END AS notices
    FROM diff
)
SELECT noticed.article_id, article.url, article.source_id, source.name AS source, number, captured_before AS seen_before_at, noticed.captured_at AS changed_at,
    title_before, title, title <> title_before AS headline_changed, added, removed,
    len(notices) > 0 OR restamped AS marked, -- by the outlet, so that a reader may know
    -- a correction goes before an update; a page that only carries a later time of change in its metadata is updated
    coalesce(list_min(list_transform(notices, lambda n: n['as'])), CASE WHEN restamped THEN 'updated' END) AS marked_as,
    coalesce(list_filter(notices, lambda n: n['as'] = 'corrected')[1], notices[1])['words'] AS notice,
    list_filter(coalesce(later.labels, []), lambda l: NOT list_contains(coalesce(former.labels, []), l)) AS labels_gained,
    list_filter(coalesce(former.labels, []), lambda l: NOT list_contains(coalesce(later.labels, []), l)) AS labels_lost
FROM noticed
JOIN article ON article.article_id = noticed.article_id
LEFT JOIN source ON source.source_id = article.source_id
LEFT JOIN labels AS later ON later.revision_id = noticed.revision_id
LEFT JOIN labels AS former ON former.revision_id = noticed.id_before;

CREATE OR REPLACE VIEW changes AS FROM changes_between('-infinity', 'infinity');

-- Topics of the last seven days against the twenty-eight before, both up to and without the day `until`.
CREATE OR REPLACE MACRO rising_topics(until) AS TABLE
WITH recent AS (
    SELECT article_id, coalesce(story_id, article_id) AS story, day >= until::DATE - 7 AS late
    FROM articles WHERE day < until::DATE AND day >= until::DATE - 35
)
SELECT topic, count(DISTINCT story) FILTER (late) AS last_7_days, count(DISTINCT story) FILTER (NOT late) AS days_28_before,
    round(count(DISTINCT story) FILTER (late) / 7, 2) AS a_day_now, round(count(DISTINCT story) FILTER (NOT late) / 28, 2) AS a_day_before,
    -- one story is added to both, so that a topic that nobody wrote of before does not rise without end
    round(((count(DISTINCT story) FILTER (late) + 1) / 7) / ((count(DISTINCT story) FILTER (NOT late) + 1) / 28), 2) AS ratio
FROM recent JOIN article_topics USING (article_id)
GROUP BY topic ORDER BY ratio DESC, last_7_days DESC, topic;

-- What state-controlled and independent outlets make of a topic: how much of their output it is, and with which relations and actors.
CREATE OR REPLACE MACRO state_against_independent(topic, since := '-infinity', until := 'infinity') AS TABLE
WITH written AS (
    SELECT article_id, source_id, state_controlled FROM articles WHERE dated_at >= since::TIMESTAMPTZ AND dated_at < until::TIMESTAMPTZ
), chosen AS (
    SELECT written.* FROM written SEMI JOIN (SELECT article_id FROM article_topics WHERE article_topics.topic = known_topic(topic)) USING (article_id)
), total AS (
    SELECT state_controlled, count(*) AS n FROM written GROUP BY ALL
)
SELECT chosen.state_controlled, count(DISTINCT chosen.article_id) AS articles, count(DISTINCT source_id) AS outlets,
    round(count(DISTINCT chosen.article_id) / any_value(total.n), 4) AS share_of_output,
    count(DISTINCT chosen.article_id) FILTER (relation = 'EU-CN') AS eu_cn, count(DISTINCT chosen.article_id) FILTER (relation = 'EU-RU') AS eu_ru,
    count(DISTINCT chosen.article_id) FILTER (relation = 'CN-RU') AS cn_ru,
    count(DISTINCT chosen.article_id) FILTER (event IN ('accuse', 'reject', 'threaten', 'coerce', 'sanction', 'protest', 'demand')) AS conflict,
    count(DISTINCT chosen.article_id) FILTER (event IN ('consult', 'agree', 'cooperate', 'support', 'aid', 'concede')) AS cooperation
FROM chosen JOIN total ON total.state_controlled IS NOT DISTINCT FROM chosen.state_controlled
LEFT JOIN article_relations ON article_relations.article_id = chosen.article_id
GROUP BY chosen.state_controlled ORDER BY chosen.state_controlled NULLS LAST;

-- Who is reported to do what to whom, from relations with a direction and from statements about another side.
CREATE OR REPLACE MACRO who_to_whom(event := 'accuse', since := '-infinity', until := 'infinity') AS TABLE
WITH written AS (
    SELECT article_id, story_id, source_id, dated_at, title FROM articles
    WHERE dated_at >= since::TIMESTAMPTZ AND dated_at < until::TIMESTAMPTZ
), act AS (
    SELECT article_id, from_actor, to_actor, NULL AS said FROM article_relations
    WHERE article_relations.event = known_event(event) AND from_actor IS NOT NULL AND to_actor IS NOT NULL
), spoken AS (
    SELECT statements.article_id, any_value(words) AS said, speaker_actor, target_actor
    FROM statements SEMI JOIN act USING (article_id) WHERE speaker_actor IS NOT NULL AND target_actor IS NOT NULL GROUP BY ALL
)
SELECT act.from_actor, act.to_actor, count(DISTINCT act.article_id) AS articles, count(DISTINCT story_id) AS stories, count(DISTINCT source_id) AS outlets,
    max(dated_at) AS last_at, arg_max(title, dated_at) AS last_title, arg_max(spoken.said, dated_at) AS last_words
FROM act JOIN written USING (article_id)
LEFT JOIN spoken ON spoken.article_id = act.article_id AND speaker_actor = from_actor AND target_actor = to_actor
GROUP BY ALL ORDER BY articles DESC, from_actor, to_actor;

-- Who reported on a matter first: each outlet's first article, and how many hours after the very first it came.
CREATE OR REPLACE MACRO first_reports(relation := NULL, topic := NULL, since := '-infinity', until := 'infinity') AS TABLE
WITH matter AS (
    SELECT source_id, any_value(coalesce(source, source_id)) AS source, any_value(country) AS country, any_value(state_controlled) AS state_controlled,
        min(dated_at) AS first_at, arg_min(title, (dated_at, url)) AS title, arg_min(url, (dated_at, url)) AS url, count(*) AS articles
    FROM articles_about(relation := relation, topic := topic, since := since, until := until)
    WHERE published_at IS NOT NULL
    GROUP BY source_id
)
SELECT *, round((epoch_us(first_at) - min(epoch_us(first_at)) OVER ()) / 3.6e9, 1) AS hours_after FROM matter ORDER BY first_at, url;

-- What a person said, newest first: by the id in the taxonomy (`EU/kallas`) or its last part (`kallas`, however a text spells it), or by a part of the
-- name, as it was written or as that of who held the office that speaks. An office may share its id with its institution, so the speaker must be
-- named by the very words of an office with that holder.
CREATE OR REPLACE MACRO quotations(person, since := '-infinity', until := 'infinity') AS TABLE
WITH held AS ( -- a row an office of an article, so that no statement is there twice
    SELECT article_id, entity, list(DISTINCT surface) AS surfaces FROM mentions
    WHERE contains(lower(resolved), lower(person)) GROUP BY article_id, entity
)
SELECT articles.dated_at, statements.speaker, statements.verb, statements.words, statements.quoted, statements.target_actor, statements.topic,
    articles.source, articles.language, articles.title, articles.url, articles.article_id
FROM statements JOIN articles USING (article_id)
LEFT JOIN held ON held.article_id = statements.article_id AND held.entity = statements.speaker_entity
WHERE (speaker_entity = person OR lower(split_part(speaker_entity, '/', 2)) = lower(person) OR contains(lower(speaker), lower(person))
        OR coalesce(list_bool_or(list_transform(surfaces, lambda words: contains(speaker, words))), false))
    AND dated_at >= since::TIMESTAMPTZ AND dated_at < until::TIMESTAMPTZ
ORDER BY dated_at DESC, articles.url, statements.start;

-- The number of a month by its name in the corpus's languages, or NULL.
CREATE OR REPLACE MACRO month_named(word) AS CASE
    WHEN regexp_matches(lower(word), '^(jan|янв|яну|січ|ian|ene|sty|gen)') THEN '1'
    WHEN regexp_matches(lower(word), '^(feb|fév|fev|фев|лют|luty|lute)') THEN '2'
    WHEN regexp_matches(lower(word), '^(mar|mär|мар|бер|mär)') THEN '3'
    WHEN regexp_matches(lower(word), '^(apr|avr|abr|апр|кві|kwi)') THEN '4'
    WHEN regexp_matches(lower(word), '^(may|mai|mag|май|мая|тра|maj)') THEN '5'
    WHEN regexp_matches(lower(word), '^(jun|juin|iun|giu|июн|чер|cze|юни)') THEN '6'
    WHEN regexp_matches(lower(word), '^(jul|juil|iul|lug|июл|лип|lip|юли)') THEN '7'
    WHEN regexp_matches(lower(word), '^(aug|aoû|ago|авг|сер|sie|авг)') THEN '8'
    WHEN regexp_matches(lower(word), '^(sep|set|сен|вер|wrz|сеп)') THEN '9'
    WHEN regexp_matches(lower(word), '^(oct|okt|out|ott|окт|жов|paź)') THEN '10'
    WHEN regexp_matches(lower(word), '^(nov|noi|ноя|лис|lis|ное)') THEN '11'
    WHEN regexp_matches(lower(word), '^(dec|dez|déc|dic|дек|гру|gru)') THEN '12'
END;

-- The days that a text names with their year: 24 July 2026, July 24, 2026, 24. Juli 2026, 24 juillet 2026, 24 июля 2026, 2026年7月24日, 24.07.2026, 2026-07-24.
CREATE OR REPLACE MACRO days_named(words) AS list_distinct(list_filter(list_concat(
    list_transform(regexp_extract_all(words, '\b(20\d\d-[01]\d-[0-3]\d)\b', 1), lambda d: try_cast(d AS DATE)),
    list_transform(regexp_extract_all(words, '20\d\d年\d{1,2}月\d{1,2}日'), lambda d: try_cast(
        regexp_replace(d, '^(\d+)年(\d+)月(\d+)日$', '\1-\2-\3') AS DATE)),
    list_transform(regexp_extract_all(words, '\b[0-3]?\d\.[01]?\d\.20\d\d\b'), lambda d: try_cast(
        regexp_replace(d, '^(\d+)\.(\d+)\.(\d+)$', '\3-\2-\1') AS DATE)),
    list_transform(regexp_extract_all(words, '(?i)\b[0-3]?\d\.?º? (?:de )?\p{L}+ (?:de )?20\d\d\b'), lambda d: try_cast(
        regexp_extract(d, '(\d{4})$', 1) || '-' || month_named(regexp_extract(d, '(\p{L}{3,}) (?:de )?\d{4}$', 1)) || '-' || regexp_extract(d, '^(\d+)', 1) AS DATE)),
    list_transform(regexp_extract_all(words, '\b[A-Z][a-z]+ [0-3]?\d, 20\d\d\b'), lambda d: try_cast(
        regexp_extract(d, '(\d{4})$', 1) || '-' || month_named(regexp_extract(d, '^(\p{L}+)', 1)) || '-' || regexp_extract(d, ' (\d+),', 1) AS DATE))
), lambda d: d IS NOT NULL));

-- Articles that name a day to come, as seen from their own date: summits, deadlines, entries into force.
CREATE OR REPLACE MACRO days_to_come(since, until, relation := NULL) AS TABLE
WITH chosen AS (
    SELECT article_id, dated_at, source, language, title, url, text, utc_day(dated_at) AS written_on
    FROM articles_about(relation := relation, since := since, until := until)
    WHERE contains(text, '20') -- a year: most texts have none, and need no closer look
), named AS (
    SELECT * EXCLUDE (text), unnest(days_named(text)) AS named_day FROM chosen
)
SELECT named_day, title, source, language, dated_at, url, article_id FROM named
WHERE named_day > written_on AND named_day < written_on + 1000 ORDER BY named_day, dated_at, url;

-- The corpus as a reader of that moment would have seen it: texts captured by then, under the readings accepted by then.
CREATE OR REPLACE MACRO as_known_at(moment) AS TABLE
WITH several AS NOT MATERIALIZED ( -- articles with more than one row: only they need to be looked at closer
    SELECT DISTINCT article_id FROM revision WHERE NOT latest OR known_to IS NOT NULL
), again AS NOT MATERIALIZED ( -- an outlet may have gone back to an earlier text
    SELECT revision_id, max(coalesce(archived_at, captured_at)) AS shown_at FROM capture SEMI JOIN several USING (article_id)
    WHERE captured_at <= moment::TIMESTAMPTZ GROUP BY revision_id
), past AS NOT MATERIALIZED ( -- what was held then, but was not the newest
    SELECT revision_id, known_from FROM (
        SELECT revision_id, revision.known_from,
            row_number() OVER (PARTITION BY article_id ORDER BY coalesce(shown_at, captured_at) DESC, revision_id) AS place
        FROM revision SEMI JOIN several USING (article_id) LEFT JOIN again USING (revision_id)
        WHERE captured_at <= moment::TIMESTAMPTZ AND known_from <= moment::TIMESTAMPTZ
            AND (known_to IS NULL OR known_to > moment::TIMESTAMPTZ)
    ) WHERE place > 1
)
SELECT article.article_id, article.url, revision.title, revision.text, revision.authors, revision.language, revision.published_at, revision.date_source,
    least(article.first_seen_at, revision.captured_at) AS first_seen_at, revision.captured_at, revision.dated_at,
    article.source_id, source.name AS source, source.country, source.state AS state_controlled, revision.revision_id,
    revision.extractor_version, revision.known_from
FROM revision ANTI JOIN past USING (revision_id, known_from)
JOIN article ON article.article_id = revision.article_id
LEFT JOIN source ON source.source_id = article.source_id
WHERE revision.captured_at <= moment::TIMESTAMPTZ AND revision.known_from <= moment::TIMESTAMPTZ
    AND (revision.known_to IS NULL OR revision.known_to > moment::TIMESTAMPTZ);

-- The tags of that moment, for the texts of that moment: kind is actor, topic or relation, and only a relation has an act and sides.
CREATE OR REPLACE MACRO tags_known_at(moment) AS TABLE
SELECT article_id, revision_id, kind, label, score, NULL AS event, NULL AS from_actor, NULL AS to_actor, taxonomy_version FROM tag
WHERE known_from <= moment::TIMESTAMPTZ AND (known_to IS NULL OR known_to > moment::TIMESTAMPTZ)
    AND revision_id IN (SELECT revision_id FROM as_known_at(moment))
UNION ALL
SELECT article_id, revision_id, 'relation', label, score, event, from_actor, to_actor, taxonomy_version FROM relation
WHERE known_from <= moment::TIMESTAMPTZ AND (known_to IS NULL OR known_to > moment::TIMESTAMPTZ)
    AND revision_id IN (SELECT revision_id FROM as_known_at(moment));

-- All that a citation needs, a row a text of the article, newest first; `citation` is one line of plain text.
CREATE OR REPLACE MACRO cite(wanted) AS TABLE
SELECT article.article_id, coalesce(source.name, article.source_id, regexp_extract(article.url, '^https?://(?:www\.)?([^/:]+)', 1)) AS outlet,
    revision.title, revision.authors, revision.published_at, revision.published_precision AS date_precision, revision.modified_at,
    revision.language, article.url, revision.captured_at, revision.last_captured_at, capture.archived_at,
    revision.segment, revision."offset", capture.digest, revision.revision_id, revision.text_hash, revision.latest,
    concat_ws('. ', nullif(array_to_string(revision.authors, ', '), ''), '“' || revision.title || '”',
        coalesce(source.name, article.source_id, ''), strftime(utc_day(revision.published_at), '%Y-%m-%d'), article.url) || '. Captured '
        || strftime(make_timestamp(epoch_us(revision.captured_at)), '%Y-%m-%dT%H:%M:%SZ') || ', record ' || revision.segment || '@' || revision."offset"
        || coalesce(', ' || capture.digest, '') || '.' AS citation
FROM revision
JOIN article ON article.article_id = revision.article_id
LEFT JOIN source ON source.source_id = article.source_id
LEFT JOIN capture ON capture.segment = revision.segment AND capture."offset" = revision."offset"
WHERE revision.known_to IS NULL AND revision.article_id = wanted::UUID
ORDER BY revision.latest DESC, revision.captured_at DESC;

-- Whether a statement may come from a client of `tripolar serve`: what DuckDB's own parser takes for SELECT and nothing else, so that neither
-- `WITH … INSERT` nor `SELECT 1; DROP …` passes. Functions and names that reach out of the corpus, or at the server itself, are refused in the
-- parsed form, where no comment and no quoting hides them.
CREATE OR REPLACE MACRO only_reads(session, statement) AS
    coalesce(json_serialize_sql(statement::VARCHAR)::JSON ->> 'error' = 'false', false)
    AND NOT regexp_matches(json_serialize_sql(statement::VARCHAR)::VARCHAR,
        '(?i)"function_name":"(quack_\w+|getenv|duckdb_secrets|which_secret|read_\w+|glob|sniff_csv|parquet_\w+|query|query_table|\w*scan\w*|write_log|nextval|\w*checkpoint)"|"table_name":"[^"]*[./:]');
