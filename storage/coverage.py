"""What the corpus did not see: the holes in a window of time, in sentences for people.

The counting is in `sql/coverage.sql`; here it is put into words. What is done about a hole is decided elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """Something that was probably or certainly missed."""

    source_id: str
    what: str  # unseen, overflow, lost
    days: int  # on how many days
    number: int  # of polls or pages
    detail: str = ""


# A day without one answered poll is unseen; an answer that shares nothing with the one before is an overflow; a page
# that failed for good is lost.
_HOLES = """
WITH window_ AS (FROM coverage_between($since::TIMESTAMPTZ, $until::TIMESTAMPTZ)), reasons AS (
    SELECT source_id, unnest(map_entries(lost), recursive := true) FROM window_
)
SELECT source_id, 'unseen' AS what, count(*) AS days, sum(feeds_unseen)::BIGINT AS n, '' AS detail
FROM window_ WHERE feeds_unseen > 0 AND polls_due > 0 GROUP BY source_id
UNION ALL
SELECT source_id, 'overflow', count(*), sum(overflows)::BIGINT, '' FROM window_ WHERE overflows > 0 GROUP BY source_id
UNION ALL
SELECT source_id, 'lost', count(*), sum(failed)::BIGINT, (
    SELECT string_agg(key || ' ' || n, ', ' ORDER BY n DESC, key)
    FROM (SELECT replace(key, 'failed: ', '') AS key, sum(value) AS n FROM reasons
        WHERE reasons.source_id IS NOT DISTINCT FROM window_.source_id AND key LIKE 'failed%' GROUP BY ALL)
)
FROM window_ WHERE failed > 0 GROUP BY source_id
ORDER BY what, n DESC, source_id
"""


def holes(connection: duckdb.DuckDBPyConnection, since: datetime, until: datetime) -> tuple[Hole, ...]:
    """Return what was missed from `since` up to `until`."""
    rows = connection.execute(_HOLES, {"since": since, "until": until}).fetchall()
    return tuple(
        Hole(source_id=source or "unknown", what=what, days=days, number=number, detail=detail or "")
        for source, what, days, number, detail in rows
    )


def everything(connection: duckdb.DuckDBPyConnection) -> tuple[datetime, datetime] | None:
    """Return the time that the corpus spans, from the first poll to the last, or None when there was none."""
    row = connection.execute("SELECT min(polled_at), max(polled_at) + INTERVAL '1 microsecond' FROM poll").fetchone()
    return (row[0], row[1]) if row and row[0] else None


def warnings(found: tuple[Hole, ...], *, named: int = 5) -> list[str]:
    """Return a sentence for each kind of hole, that names the outlets with most of it."""
    told = []
    for what, words in (
        ("unseen", "days without any answer from a feed, {n} in all"),
        ("overflow", "{n} answers shared no entry with the one before, so that stories were probably missed"),
        ("lost", "{n} pages that were named could not be had"),
    ):
        chosen = [hole for hole in found if hole.what == what]
        if chosen:
            outlets = ", ".join(f"{hole.source_id} {hole.number}" for hole in chosen[:named])
            more = f" and {len(chosen) - named} more outlets" if len(chosen) > named else ""
            told.append(words.format(n=sum(hole.number for hole in chosen)) + f": {outlets}{more}")
    return told


_SENTENCE = """
WITH last AS (SELECT max(polled_at) AS at_ FROM poll), day AS (
    FROM coverage_between((SELECT coalesce(at_, TIMESTAMPTZ '1970-01-02') - INTERVAL '1 day' FROM last),
        (SELECT coalesce(at_, TIMESTAMPTZ '1970-01-02') + INTERVAL '1 second' FROM last))
)
SELECT (SELECT count(*) FROM feed_health WHERE health <> 'never asked'), (SELECT count(*) FROM feed_health WHERE health = 'ok'),
    (SELECT string_agg(n || ' ' || health, ', ' ORDER BY n DESC, health)
        FROM (SELECT health, count(*) AS n FROM feed_health WHERE health NOT IN ('ok', 'never asked') GROUP BY health)),
    coalesce(sum(entries_new), 0)::BIGINT, coalesce(sum(pages), 0)::BIGINT, coalesce(sum(articles), 0)::BIGINT,
    coalesce(sum(no_article), 0)::BIGINT, coalesce(sum(failed), 0)::BIGINT, coalesce(sum(waiting), 0)::BIGINT,
    coalesce(sum(overflows), 0)::BIGINT
FROM day
"""


def sentence(connection: duckdb.DuckDBPyConnection) -> str:
    """Return in one line what the last day before the last poll saw and missed."""
    row = connection.execute(_SENTENCE).fetchone()
    assert row is not None
    asked, well, ill, new, pages, articles, others, failed, waiting, overflows = row
    told = (
        f"last 24 hours: {well} of {asked} feeds well{f' ({ill})' if ill else ''}, {new} new entries; "
        f"of {pages} pages named {articles} are articles, {others} something else, {failed} failed, {waiting} wait"
    )
    return told + (f"; stories were probably missed {overflows} times" if overflows else "")
