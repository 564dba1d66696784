-- What was observed and what was missed: polls, health of feeds, and what became of every page that was named.

-- Asks of feeds since a time, with what each brought: new entries, and how far it overlaps with the answer before.
CREATE OR REPLACE MACRO polls_since(moment) AS TABLE
WITH first_seen AS (
    SELECT feed AS url, first_seen_at AS polled_at, count(*)::INTEGER AS new FROM entry WHERE first_seen_at >= moment GROUP BY ALL
), answers AS (
    SELECT url, polled_at, segment, "offset",
        len(list_intersect(keys, lag(keys) OVER earlier)) / nullif(len(lag(keys) OVER earlier), 0) AS overlap
    FROM poll WHERE outcome = 'fetched' AND keys IS NOT NULL AND polled_at >= moment
    WINDOW earlier AS (PARTITION BY url ORDER BY polled_at, segment, "offset")
)
SELECT poll.*, coalesce(first_seen.new, 0) AS new, answers.overlap
FROM poll
LEFT JOIN first_seen ON first_seen.url = poll.url AND first_seen.polled_at = poll.polled_at
LEFT JOIN answers ON answers.segment = poll.segment AND answers."offset" = poll."offset"
WHERE poll.polled_at >= moment;

CREATE OR REPLACE VIEW polls AS FROM polls_since(TIMESTAMPTZ '-infinity');

-- How each feed does, judged by the last thirty days before the corpus's last poll.
--   failing    the last ask failed
--   unproven   it failed, and has since only said "not modified": nothing shows that it lists again
--   silent     it answers, and has brought nothing for three times as long as its longest usual pause (19 of 20 are shorter), two days at least
--   empty      it answers, and has never listed anything
CREATE OR REPLACE VIEW feed_health AS
WITH recent AS (
    FROM polls_since((SELECT coalesce(max(polled_at), TIMESTAMPTZ '1970-01-01') FROM poll) - INTERVAL '30 days')
), pauses AS (
    SELECT url, quantile_disc(polled_at - before, 0.95) AS habit FROM (
        SELECT url, polled_at, lag(polled_at) OVER (PARTITION BY url ORDER BY polled_at) AS before FROM recent WHERE new > 0
    ) WHERE before IS NOT NULL GROUP BY url
), latest AS (
    SELECT url, count(*) AS polls, count(*) FILTER (outcome = 'failed') AS failures, max(polled_at) AS last_poll_at,
        max(polled_at) FILTER (outcome <> 'failed') AS last_answer_at, max(polled_at) FILTER (outcome = 'failed') AS last_failure_at,
        max(polled_at) FILTER (outcome = 'fetched' AND entries > 0) AS last_listing_at, max(polled_at) FILTER (new > 0) AS last_new_at,
        arg_max(outcome, polled_at) AS outcome, arg_max(reason, polled_at) FILTER (outcome = 'failed') AS last_reason,
        arg_max(detail, polled_at) FILTER (outcome = 'failed') AS last_detail, arg_max(problem, polled_at) AS problem, arg_max(moved_to, polled_at) AS moved_to,
        avg(overlap) AS mean_overlap, count(*) FILTER (overlap = 0 AND new > 0) AS gaps, sum(new)::BIGINT AS entries
    FROM recent GROUP BY url
), since AS (
    SELECT recent.url, count(*) FILTER (recent.outcome = 'failed') AS failures_in_a_row
    FROM recent JOIN latest USING (url)
    WHERE polled_at > coalesce(last_answer_at, TIMESTAMPTZ '-infinity') GROUP BY ALL
)
SELECT feed.url, feed.source_id, feed.language,
    CASE
        WHEN polls IS NULL THEN 'never asked'
        WHEN latest.outcome = 'failed' THEN 'failing'
        WHEN last_failure_at > coalesce(last_listing_at, TIMESTAMPTZ '-infinity') AND latest.outcome = 'not-modified' THEN 'unproven'
        WHEN last_listing_at IS NULL AND latest.outcome = 'fetched' THEN 'empty'
        WHEN last_poll_at - coalesce(last_new_at, last_poll_at - INTERVAL '30 days')
            > greatest(3 * coalesce(habit, INTERVAL '5 days'), INTERVAL '2 days') AND polls > 20 THEN 'silent'
        ELSE 'ok'
    END AS health,
    last_reason AS reason, last_detail AS detail, problem, coalesce(failures_in_a_row, 0) AS failures_in_a_row,
    coalesce(polls, 0) AS polls, coalesce(failures, 0) AS failures, coalesce(entries, 0) AS entries, coalesce(gaps, 0) AS gaps, mean_overlap,
    habit, last_poll_at, last_answer_at, last_new_at, moved_to
FROM feed LEFT JOIN latest USING (url) LEFT JOIN since USING (url) LEFT JOIN pauses USING (url);

-- What became of every page that an entry named or a backfill asked for, once and in one class:
--   article; no article: <what it was>; failed: <why>; waiting (named, not asked for yet or put off)
-- A page belongs to the day on which it was first named or asked for, and to the source that named it.
CREATE OR REPLACE MACRO pages_between(since, until) AS TABLE
WITH named AS (
    SELECT url_id, min(first_seen_at) AS named_at, arg_min(entry.source_id, first_seen_at) AS source_id,
        arg_min(coalesce(feed.language, entry.language), first_seen_at) AS language, arg_min(entry.url, first_seen_at) AS url, 'feed' AS origin
    FROM entry LEFT JOIN feed ON feed.url = entry.feed
    WHERE first_seen_at >= since AND first_seen_at < until GROUP BY url_id
), unnamed AS (
    SELECT url_id, min(captured_at) AS named_at, arg_min(source_id, captured_at) AS source_id, NULL AS language,
        arg_min(url, captured_at) AS url, 'backfill' AS origin
    FROM capture ANTI JOIN entry USING (url_id)
    WHERE captured_at >= since AND captured_at < until AND wanted <> 'revisit' GROUP BY url_id
), page AS (FROM named UNION ALL BY NAME FROM unnamed), asked AS (
    SELECT url_id, bool_or(article_id IS NOT NULL OR outcome = 'not-modified') AS article,
        arg_max(reading, captured_at) FILTER (outcome = 'fetched' AND article_id IS NULL) AS reading,
        arg_max(reason, captured_at) FILTER (outcome = 'failed' AND reason <> 'deferred') AS reason
    FROM capture SEMI JOIN page USING (url_id) GROUP BY url_id
)
SELECT page.*, utc_day(named_at) AS day,
    CASE
        WHEN article THEN 'article'
        WHEN reading IS NOT NULL THEN 'no article: ' || reading
        WHEN reason IS NOT NULL THEN 'failed: ' || reason
        ELSE 'waiting'
    END AS fate
FROM page LEFT JOIN asked USING (url_id);

-- Per source, language and day. polls_due: every living feed is to be asked twice a day at least, more often when it is lively; what was
-- asked was due. pages = articles + no_article + failed + waiting. overflows: answers that share no entry with the answer before.
CREATE OR REPLACE MACRO coverage_between(since, until) AS TABLE
WITH ask AS (
    SELECT utc_day(polled_at) AS day, source_id, url, count(*) AS done, count(*) FILTER (outcome = 'failed') AS failed,
        count(*) FILTER (outcome = 'not-modified') AS unchanged, sum(entries) AS entries, sum(new) AS new,
        count(*) FILTER (overlap = 0 AND new > 0) AS overflows
    FROM polls_since(since::TIMESTAMPTZ - INTERVAL '2 days') WHERE polled_at >= since AND polled_at < until GROUP BY ALL
), living AS (
    SELECT poll.source_id, poll.url, min(utc_day(polled_at)) AS first_day, (SELECT max(utc_day(polled_at)) FROM poll) AS last_day FROM poll GROUP BY ALL
), due AS (
    SELECT source_id, url, unnest(generate_series(greatest(first_day, utc_day(since::TIMESTAMPTZ)),
        least(last_day, utc_day(until::TIMESTAMPTZ - INTERVAL '1 microsecond')), INTERVAL '1 day'))::DATE AS day
    FROM living WHERE first_day < until AND last_day >= utc_day(since::TIMESTAMPTZ)
), feeds AS (
    SELECT day, source_id, coalesce(feed.language, source.language) AS language,
        sum(greatest(coalesce(done, 0), CASE WHEN day = (SELECT max(utc_day(polled_at)) FROM poll) THEN 0 ELSE 2 END)) AS polls_due,
        sum(coalesce(done, 0)) AS polls_done, sum(coalesce(failed, 0)) AS polls_failed, sum(coalesce(unchanged, 0)) AS polls_unchanged,
        sum(coalesce(entries, 0)) AS entries_seen, sum(coalesce(new, 0)) AS entries_new, sum(coalesce(overflows, 0)) AS overflows,
        count(*) FILTER (done IS NULL OR done = failed) AS feeds_unseen, count(*) AS feeds
    FROM due LEFT JOIN ask USING (day, source_id, url) LEFT JOIN feed USING (url) LEFT JOIN source ON source.source_id = due.source_id
    GROUP BY ALL
), losses AS (
    SELECT day, source_id, coalesce(page.language, source.language) AS language, fate, count(*) AS n
    FROM pages_between(since, until) AS page LEFT JOIN source USING (source_id) GROUP BY ALL
), pages AS (
    SELECT day, source_id, language, sum(n) AS pages, sum(n) FILTER (fate = 'article') AS articles,
        sum(n) FILTER (fate LIKE 'no article%') AS no_article, sum(n) FILTER (fate LIKE 'failed%') AS failed, sum(n) FILTER (fate = 'waiting') AS waiting,
        map_from_entries(list({'k': fate, 'v': n::BIGINT} ORDER BY fate) FILTER (fate <> 'article')) AS lost
    FROM losses GROUP BY ALL
)
SELECT coalesce(feeds.day, pages.day) AS day, coalesce(feeds.source_id, pages.source_id) AS source_id,
    coalesce(feeds.language, pages.language) AS language,
    coalesce(feeds, 0) AS feeds, coalesce(feeds_unseen, 0) AS feeds_unseen,
    coalesce(polls_due, 0)::BIGINT AS polls_due, coalesce(polls_done, 0)::BIGINT AS polls_done, coalesce(polls_failed, 0)::BIGINT AS polls_failed,
    coalesce(polls_unchanged, 0)::BIGINT AS polls_unchanged, coalesce(overflows, 0)::BIGINT AS overflows,
    coalesce(entries_seen, 0)::BIGINT AS entries_seen, coalesce(entries_new, 0)::BIGINT AS entries_new,
    coalesce(pages, 0)::BIGINT AS pages, coalesce(articles, 0)::BIGINT AS articles, coalesce(no_article, 0)::BIGINT AS no_article,
    coalesce(failed, 0)::BIGINT AS failed, coalesce(waiting, 0)::BIGINT AS waiting, coalesce(lost, MAP {}) AS lost
FROM feeds FULL JOIN pages ON pages.day = feeds.day AND pages.source_id IS NOT DISTINCT FROM feeds.source_id
    AND pages.language IS NOT DISTINCT FROM feeds.language;

CREATE OR REPLACE VIEW coverage AS
FROM coverage_between(TIMESTAMPTZ '1970-01-01', (SELECT coalesce(max(polled_at), TIMESTAMPTZ '1970-01-02') + INTERVAL '1 day' FROM poll));

-- New entries a week against what is usual: the mean of the twenty best weeks. Under a quarter of it, something was missed or has happened.
-- The weeks in which the corpus begins and ends are not judged.
CREATE OR REPLACE VIEW volume_weekly AS
WITH counted AS (
    SELECT source_id, language, utc_day(first_seen_at) - (isodow(utc_day(first_seen_at)) - 1)::INTEGER AS week, count(*) AS entries
    FROM entry GROUP BY ALL
), span AS (
    SELECT source_id, language, unnest(generate_series(min(week), (SELECT max(week) FROM counted), INTERVAL '7 days'))::DATE AS week
    FROM counted GROUP BY ALL
), usual AS (
    SELECT source_id, language, avg(entries) AS expected FROM (
        SELECT * FROM counted QUALIFY row_number() OVER (PARTITION BY source_id, language ORDER BY entries DESC) <= 20
    ) GROUP BY ALL
)
SELECT source_id, language, week, coalesce(entries, 0) AS entries, round(expected, 1) AS expected,
    round(coalesce(entries, 0) / expected, 3) AS share,
    coalesce(entries, 0) < 0.25 * expected AND week > min(week) OVER (PARTITION BY source_id, language)
        AND week < (SELECT max(week) FROM counted) AS low
FROM span LEFT JOIN counted USING (source_id, language, week) JOIN usual USING (source_id, language);
