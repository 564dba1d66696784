"""What the commands and reports ask of the corpus: typed answers, each query beside its function.

Questions of analysts are views and macros in `sql/`; this is what Tripolar itself shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from storage import coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """What one feed did in a run."""

    source_id: str
    url: str
    outcome: str  # fetched, not-modified, failed
    reason: str  # why it failed, or what is wrong with its document
    entries: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What one run brought. Pairs are of a label and a number of articles, greatest first."""

    run_id: str
    feeds: tuple[FeedLine, ...]
    pages: tuple[
        tuple[str, int], ...
    ]  # by fate: new article, revision, unchanged, failure by reason, no article by kind
    relations: tuple[tuple[str, int], ...]
    topics: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]
    coverage: str  # one line on what the last day saw and missed
    gaps: tuple[str, ...]  # feeds whose answer shared nothing with the one before: stories were probably missed

    @property
    def articles(self) -> int:
        """Return how many articles were new."""
        return dict(self.pages).get("new article", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusSize:
    """How much there is."""

    articles: int
    revisions: int
    captures: int
    entries: int
    segments: int


_FEEDS = """
SELECT coalesce(source_id, ''), url, outcome, coalesce(reason, nullif(problem, ''), ''), coalesce(entries, 0), new
FROM polls WHERE segment IN (SELECT segment FROM segment WHERE run_id = $run)
ORDER BY source_id, url
"""

_PAGES = """
SELECT fate, count(*) AS n FROM fates
WHERE segment IN (SELECT segment FROM segment WHERE run_id = $run) GROUP BY fate ORDER BY n DESC, fate
"""

_GAPS = """
SELECT DISTINCT url FROM polls
WHERE overlap = 0 AND new > 0 AND segment IN (SELECT segment FROM segment WHERE run_id = $run) ORDER BY url
"""

_LABELS = """
SELECT {label}, count(DISTINCT article_id) AS n FROM {view}
WHERE article_id IN (
    SELECT article_id FROM fates
    WHERE fate = 'new article' AND segment IN (SELECT segment FROM segment WHERE run_id = $run)
)
GROUP BY {label} ORDER BY n DESC, {label}
"""


def run_summary(connection: duckdb.DuckDBPyConnection, run_id: str) -> RunSummary:
    """Return what a run brought, as far as its segments are loaded."""

    def ask(query: str) -> list[tuple[object, ...]]:
        return connection.execute(query, {"run": run_id}).fetchall()

    def labels(view: str, label: str) -> tuple[tuple[str, int], ...]:
        return _counts(ask(_LABELS.format(view=view, label=label)))

    return RunSummary(
        run_id=run_id,
        feeds=tuple(
            FeedLine(
                source_id=str(source),
                url=str(url),
                outcome=str(outcome),
                reason=str(reason),
                entries=int(str(entries)),
                new=int(str(new)),
            )
            for source, url, outcome, reason, entries, new in ask(_FEEDS)
        ),
        pages=_counts(ask(_PAGES)),
        relations=labels("article_relations", "relation"),
        topics=labels("article_topics", "topic"),
        languages=labels("articles", "language"),
        coverage=coverage.sentence(connection),
        gaps=tuple(str(url) for (url,) in ask(_GAPS)),
    )


def _counts(rows: Sequence[tuple[object, ...]]) -> tuple[tuple[str, int], ...]:
    return tuple((str(label or "unknown"), int(str(n))) for label, n in rows)


def size(connection: duckdb.DuckDBPyConnection) -> CorpusSize:
    """Return how much there is."""
    row = connection.execute("""
        SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM revision), (SELECT count(*) FROM capture),
            (SELECT count(*) FROM entry), (SELECT count(*) FROM segment)
    """).fetchone()
    assert row is not None
    articles, revisions, captures, entries, segments = row
    return CorpusSize(articles=articles, revisions=revisions, captures=captures, entries=entries, segments=segments)
