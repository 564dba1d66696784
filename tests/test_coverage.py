"""What was observed and what was missed: every loss in one class, sums that agree, feeds that only look healthy."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.model import Fate, Reason
from storage import coverage, warehouse
from tests.desk import START, Segment, at, entry, revision


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new corpus, open for writing."""
    with warehouse.connect(tmp_path / "corpus.duckdb") as connected:
        yield connected


def health(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the health of each feed by its outlet."""
    return dict(connection.execute("SELECT source_id, health FROM feed_health").fetchall())


def page(number: int) -> str:
    """Return the address of a page."""
    return f"https://gull.example/{number}"


def test_each_loss_is_in_one_class(connection: duckdb.DuckDBPyConnection) -> None:
    """Article, something else, failed, waiting: what a page became at last, whatever was tried before."""
    Segment("a").poll("gull", at(1), [entry(page(n)) for n in range(6)]).capture(
        page(0), at(2), revision(page(0), "Some words")
    ).capture(page(1), at(2), reason=Reason.TIMEOUT).capture(page(1), at(3), revision(page(1), "Other words")).capture(
        page(2), at(2), reason=Reason.ROBOTS
    ).capture(page(3), at(2), reading=Fate.CHALLENGE).capture(page(4), at(2), reason=Reason.DEFERRED).load(connection)
    row = connection.execute("SELECT pages, articles, no_article, failed, waiting, lost FROM coverage").fetchall()
    lost = {"failed: robots": 1, "no article: challenge": 1, "waiting": 2}
    assert row == [(6, 2, 1, 1, 2, lost)]


def test_an_overflow_is_an_answer_that_shares_nothing_with_the_one_before(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """A failure between two answers does not hide it; the first answer is none."""
    Segment("a").poll("gull", at(1), [entry(page(1)), entry(page(2))]).poll("gull", at(2), outcome="failed").poll(
        "gull", at(3), [entry(page(3)), entry(page(4))]
    ).poll("gull", at(4), [entry(page(4))]).load(connection)
    assert connection.execute("SELECT polls_done, polls_failed, overflows, entries_new FROM coverage").fetchall() == [
        (4, 1, 1, 4)
    ]
    told = coverage.warnings(coverage.holes(connection, at(0), at(24)))
    assert any("shared no entry" in line and "gull 1" in line for line in told)


def test_a_304_after_a_failure_is_no_proof_of_health(connection: duckdb.DuckDBPyConnection) -> None:
    """Only an answer with entries is."""
    Segment("a").poll("gull", at(1), [entry(page(1))]).load(connection)
    assert health(connection)["gull"] == "ok"
    Segment("b").poll("gull", at(2), outcome="failed").load(connection)
    assert health(connection)["gull"] == "failing"
    Segment("c").poll("gull", at(3), outcome="not-modified").load(connection)
    assert health(connection)["gull"] == "unproven"
    Segment("d").poll("gull", at(4), [entry(page(1))]).load(connection)
    assert health(connection) == {"gull": "ok", "lamp": "never asked"}


def test_a_feed_that_brings_nothing_for_longer_than_its_habit_is_silent(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """A feed with news every two hours that answers the same for three days."""
    segment = Segment("a")
    for hour in range(0, 40, 2):
        segment.poll("gull", at(hour), [entry(page(n)) for n in range(hour, hour + 4)])
    for hour in range(40, 120, 4):
        segment.poll("gull", at(hour), [entry(page(n)) for n in range(38, 42)])
    segment.load(connection)
    assert health(connection)["gull"] == "silent"


def test_a_day_without_an_answer_is_unseen(connection: duckdb.DuckDBPyConnection) -> None:
    """Two polls were due and none was made: a machine that was off is a hole, too."""
    Segment("a").poll("gull", at(1), [entry(page(1))]).poll("gull", at(60), [entry(page(1))]).load(connection)
    rows = connection.execute(
        "SELECT day::VARCHAR, polls_due, polls_done, feeds_unseen FROM coverage ORDER BY day"
    ).fetchall()
    assert rows == [("2026-03-02", 2, 1, 0), ("2026-03-03", 2, 0, 1), ("2026-03-04", 1, 1, 0)]


def test_a_week_with_a_quarter_of_the_usual_is_low(connection: duckdb.DuckDBPyConnection) -> None:
    """Weeks at the edges of the corpus are not judged."""
    segment = Segment("a")
    for week, many in enumerate((8, 8, 1, 8, 8)):
        when = START + timedelta(days=7 * week, hours=1)
        segment.poll("gull", when, [entry(page(100 * week + n)) for n in range(many)])
    segment.load(connection)
    low = connection.execute("SELECT week::VARCHAR, entries FROM volume_weekly WHERE low").fetchall()
    assert low == [("2026-03-16", 1)]


def test_the_last_day_is_told_in_a_sentence(connection: duckdb.DuckDBPyConnection) -> None:
    """For run reports: feeds, entries and what became of the pages."""
    Segment("a").poll("gull", at(1), [entry(page(1)), entry(page(2))]).capture(
        page(1), at(2), revision(page(1), "Some words")
    ).load(connection)
    assert coverage.sentence(connection) == (
        "last 24 hours: 1 of 1 feeds well, 2 new entries; of 2 pages named 1 are articles, 0 something else, 0 failed, 1 wait"
    )


def test_an_empty_corpus_has_an_empty_report(connection: duckdb.DuckDBPyConnection) -> None:
    """Nothing was asked, so nothing was missed."""
    assert coverage.sentence(connection).startswith("last 24 hours: 0 of 0 feeds well")
    assert coverage.everything(connection) is None


EVENT = st.tuples(
    st.integers(0, 100),
    st.integers(0, 7),
    st.sampled_from(["named", "article", "robots", "timeout", "gone", "deferred", "challenge", "listing", "same"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(EVENT, max_size=25))
def test_sums_agree_whatever_happened(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[int, int, str]]
) -> None:
    """Pages = articles + no article + failed + waiting = the sum of `lost` and articles, per day and in all."""
    segment = Segment("a")
    for hour, number, what in events:
        match what:
            case "named":
                segment.poll("gull", at(hour), [entry(page(number))])
            case "article":
                segment.capture(page(number), at(hour), revision(page(number), "Some words"))
            case "challenge" | "listing":
                segment.capture(page(number), at(hour), reading=Fate(what))
            case "same":
                segment.capture(page(number), at(hour), unchanged=True)
            case _:
                segment.capture(page(number), at(hour), reason=Reason(what))
    with warehouse.connect(tmp_path_factory.mktemp("sums") / "corpus.duckdb") as connected:
        segment.load(connected)
        wrong = connected.execute("""
            FROM coverage_between('2026-01-01', '2027-01-01') WHERE pages <> articles + no_article + failed + waiting
                OR pages <> articles + coalesce(list_sum(map_values(lost)), 0) OR polls_done < polls_failed + polls_unchanged
        """).fetchall()
        assert wrong == []
        total = connected.execute(
            "SELECT coalesce(sum(pages), 0) FROM coverage_between('2026-01-01', '2027-01-01')"
        ).fetchone()
        assert total == (len({number for _, number, _ in events}),)
