"""Loading is a union: any order, any number of times, the same corpus."""

from collections.abc import Iterator
from itertools import count, permutations
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.model import Fate, Reason
from storage import warehouse
from tests.desk import FEEDS, Segment, at, contents, corpus, entry, revision

PAGE = "https://gull.example/a"
OTHER = "https://lamp.example/b"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new corpus, open for writing."""
    with warehouse.connect(tmp_path / "corpus.duckdb") as connected:
        yield connected


def history() -> list[Segment]:
    """Three segments of one story: named, captured, edited, reprinted, looked at again."""
    first = revision(PAGE, "Brussels warns the port", published=at(0), bands=(1, 2, 3, 4))
    second = revision(PAGE, "Brussels warns the port again", published=at(0), bands=(1, 2, 3, 9), topics=("energy",))
    reprint = revision(OTHER, "Brussels warns the port", source="lamp", bands=(1, 2, 3, 4))
    return [
        Segment("a").poll("gull", at(1), [entry(PAGE, published=at(0))]).capture(PAGE, at(2), first),
        Segment("b")
        .poll("gull", at(3), [entry(PAGE, "Another title"), entry(OTHER)])
        .poll("lamp", at(3), outcome="failed")
        .capture(PAGE, at(4), second)
        .capture(OTHER, at(4), reprint, source="lamp")
        .capture("https://gull.example/c", at(4), reason=Reason.GONE)
        .capture("https://gull.example/d", at(4), reading=Fate.LISTING),
        Segment("c")
        .poll("gull", at(5), outcome="not-modified")
        .capture(PAGE, at(6), first, why="revisit")
        .capture(OTHER, at(6), source="lamp", why="revisit", unchanged=True),
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=lambda order: "".join("abc"[i] for i in order))
def test_the_order_of_segments_does_not_matter(tmp_path: Path, order: tuple[int, ...]) -> None:
    """Every table is the same in each of the six orders."""
    straight = corpus(tmp_path / "straight.duckdb", history())
    segments = history()
    mixed = corpus(tmp_path / "mixed.duckdb", [segments[i] for i in order])
    for table, rows in straight.items():
        assert mixed[table] == rows, table
    assert len(straight["revision"]) == 3
    assert len(straight["story"]) == 2


def test_loading_a_segment_again_changes_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    """The second time is refused by the segment's name."""
    for segment in history():
        assert segment.load(connection)
    before = contents(connection)
    for segment in history():
        assert not segment.load(connection)
    assert contents(connection) == before


def test_the_same_facts_under_another_segment_add_no_article(connection: duckdb.DuckDBPyConnection) -> None:
    """Two archives that hold the same pages agree on articles, revisions, tags and stories."""
    for segment in history():
        segment.load(connection)
    before = contents(connection)
    for segment in history():
        segment.name += "-copy"
        segment.load(connection)
    after = contents(connection)
    for table in ("article", "revision", "mention", "tag", "relation", "statement", "story", "entry", "source", "feed"):
        assert after[table] == before[table], table


def test_a_transaction_that_fails_leaves_the_corpus_as_it_was(connection: duckdb.DuckDBPyConnection) -> None:
    """A segment is in the corpus as a whole or not at all, and can be loaded afterwards."""
    one, two, _ = history()
    one.load(connection)
    before = contents(connection)
    connection.execute("ALTER TABLE statement RENAME TO hidden")
    with pytest.raises(duckdb.CatalogException):
        two.load(connection)
    connection.execute("ALTER TABLE hidden RENAME TO statement")
    assert contents(connection) == before
    assert two.load(connection)


def test_the_newest_text_is_the_one_seen_last(connection: duckdb.DuckDBPyConnection) -> None:
    """An outlet that takes an edit back shows its first text again."""
    for segment in history():
        segment.load(connection)
    shown = connection.execute("SELECT title, text, captured_at, last_captured_at FROM revision WHERE latest AND article_id = (SELECT article_id FROM article WHERE url = ?)", [PAGE])  # fmt: skip
    assert shown.fetchall() == [("A title", "Brussels warns the port", at(2), at(6))]


def test_an_article_is_first_seen_when_a_feed_first_named_it(connection: duckdb.DuckDBPyConnection) -> None:
    """The feed's time counts, also when the feed's segment is loaded after the page's."""
    Segment("page").capture(PAGE, at(5), revision(PAGE, "Words of a page")).load(connection)
    Segment("feed").poll("gull", at(3), [entry(PAGE)]).load(connection)
    assert connection.execute("SELECT first_seen_at, first_captured_at FROM article").fetchall() == [(at(3), at(5))]


def test_a_text_says_where_in_the_archive_it_was_first_seen(connection: duckdb.DuckDBPyConnection) -> None:
    """Segment and offset of the earliest capture, in whatever order they come."""
    text = revision(PAGE, "Words of a page")
    Segment("late").capture(PAGE, at(9), text).load(connection)
    Segment("early").capture("https://gull.example/z", at(1), reason=Reason.DNS).capture(PAGE, at(2), text).load(
        connection
    )
    row = connection.execute('SELECT segment, "offset", captured_at, last_captured_at FROM revision').fetchall()
    assert row == [("early", 1000, at(2), at(9))]


def test_an_article_captured_twice_in_one_segment_is_there_once(connection: duckdb.DuckDBPyConnection) -> None:
    """A revision's rows are written once, with the first and the last time that it was seen."""
    text = revision(PAGE, "Words of a page")
    Segment("a").capture(PAGE, at(3), text).capture(PAGE, at(2), text).load(connection)
    assert connection.execute("SELECT captured_at, last_captured_at, latest FROM revision").fetchall() == [
        (at(2), at(3), True)
    ]
    assert connection.execute("SELECT count(*) FROM tag").fetchone() == (3,)


def test_a_feed_is_described_by_the_newest_run(connection: duckdb.DuckDBPyConnection) -> None:
    """A registry of yesterday does not undo today's."""
    today, yesterday = Segment("today", started=at(24)), Segment("yesterday", started=at(0))
    today.load(connection)
    yesterday.load(connection)
    assert connection.execute("SELECT DISTINCT as_of FROM feed").fetchall() == [(at(24),)]
    assert connection.execute("SELECT count(*) FROM feed").fetchone() == (len(FEEDS),)


# --- Any history ------------------------------------------------------------------------------------------------------

HOURS = st.integers(0, 8)
PAGES = st.sampled_from([PAGE, OTHER, "https://gull.example/e"])
TEXTS = st.sampled_from(["Brussels warns", "Brussels warns again", "Something else"])
BANDS = {"Brussels warns": (1, 2, 3, 4), "Brussels warns again": (1, 2, 3, 7), "Something else": (5, 5, 5, 5)}
PUBLISHED = st.sampled_from([None, 0, 2, 24 * 40])
FACT = st.one_of(
    st.tuples(st.just("poll"), HOURS, st.lists(st.tuples(PAGES, st.sampled_from(["One", "Two"])), max_size=3)),
    st.tuples(st.just("page"), HOURS, PAGES, TEXTS, PUBLISHED),
    st.tuples(st.just("same"), HOURS, PAGES),
    st.tuples(st.just("gone"), HOURS, PAGES),
)


def build(name: str, facts: list[tuple[object, ...]]) -> Segment:
    """Return a segment of drawn facts."""
    segment = Segment(name)
    for fact in facts:
        match fact:
            case "poll", int(hour), list(entries):
                segment.poll("gull", at(hour), [entry(url, title) for url, title in entries])
            case "page", int(hour), str(url), str(text), published:
                day = at(published) if isinstance(published, int) else None
                segment.capture(url, at(hour), revision(url, text, published=day, bands=BANDS[text]))
            case "same", int(hour), str(url):
                segment.capture(url, at(hour), unchanged=True, why="revisit")
            case "gone", int(hour), str(url):
                segment.capture(url, at(hour), reason=Reason.GONE)
    return segment


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.lists(FACT, max_size=6), min_size=2, max_size=3), data=st.data())
def test_any_history_gives_one_corpus_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, history: list[list[tuple[object, ...]]], data: st.DataObject
) -> None:
    """Facts that meet at the same moment, texts that come back, dates that change: the union does not care."""
    folder = tmp_path_factory.mktemp("history")
    order = data.draw(st.permutations(range(len(history))))
    numbers = count()
    straight, mixed = (
        corpus(folder / f"{next(numbers)}.duckdb", [build(f"s{i}", history[i]) for i in sequence])
        for sequence in (range(len(history)), order)
    )
    for table, rows in straight.items():
        assert mixed[table] == rows, table
    for table in ("article", "revision", "entry"):
        ids = [row[0] for row in straight[table]]
        assert len(ids) == len(set(ids)), table
    latest = {row[1] for row in straight["revision"]}
    assert latest == {row[0] for row in straight["article"]}
