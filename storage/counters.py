"""What the corpus counts of itself, for whoever watches over it: samples with labels, each question beside its name.

How they are written is in `flows.stats`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One number. A counter never falls as long as the corpus is the same one; a gauge may."""

    name: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()
    kind: str = "counter"
    help: str = ""


# Name, kind, what it is, the names of its labels, and a question that answers with the labels and the value.
_QUESTIONS: tuple[tuple[str, str, str, tuple[str, ...], str], ...] = (
    ("articles_total", "counter", "articles in the corpus", (), "SELECT count(*) FROM article"),
    ("revisions_total", "counter", "texts of articles", (), "SELECT count(*) FROM revision WHERE known_to IS NULL"),
    ("entries_total", "counter", "entries that feeds named", (), "SELECT count(*) FROM entry"),
    ("runs_total", "counter", "runs that left something", ("kind",), "SELECT kind, count(*) FROM run GROUP BY ALL"),
    (
        "polls_total",
        "counter",
        "asks of feeds and sitemaps by what came of them",
        ("outcome", "reason"),
        "SELECT outcome, coalesce(reason, ''), count(*) FROM poll GROUP BY ALL",
    ),
    (
        "pages_total",
        "counter",
        "asks of pages by their one fate",
        ("fate",),
        "SELECT fate, count(*) FROM fates GROUP BY ALL",
    ),
    (
        "bytes_total",
        "counter",
        "bytes of bodies that came",
        ("purpose",),
        "SELECT 'feed', coalesce(sum(bytes), 0) FROM poll UNION ALL SELECT 'page', coalesce(sum(bytes), 0) FROM capture",
    ),
    (
        "damaged_total",
        "counter",
        "records of loaded segments that could not be read",
        (),
        "SELECT coalesce(sum(damaged), 0) FROM segment",
    ),
    (
        "feeds",
        "gauge",
        "feeds by how they fare",
        ("health",),
        "SELECT health, count(*) FROM feed_health GROUP BY ALL",
    ),
    (
        "last_poll_timestamp_seconds",
        "gauge",
        "when a feed was asked last",
        (),
        "SELECT coalesce(max(epoch(polled_at)), 0) FROM poll",
    ),
    (
        "last_article_timestamp_seconds",
        "gauge",
        "when the newest article came",
        (),
        "SELECT coalesce(max(epoch(first_captured_at)), 0) FROM article",
    ),
)


def samples(connection: duckdb.DuckDBPyConnection) -> Iterator[Sample]:
    """Yield every number, those with labels in the order of their labels."""
    for name, kind, told, labels, question in _QUESTIONS:
        for row in sorted(connection.execute(question).fetchall(), key=str):
            *values, number = row
            pairs = tuple((label, str(value)) for label, value in zip(labels, values, strict=True))
            yield Sample(name=name, value=float(number), labels=pairs, kind=kind, help=told)
