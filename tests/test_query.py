"""Questions of people: answered, or refused in a line that says why."""

import time
from pathlib import Path

import pytest

from storage import query, warehouse
from storage.query import QueryError
from tests.desk import Segment, at, revision


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with one article."""
    path = tmp_path_factory.mktemp("query") / "corpus.duckdb"
    with warehouse.connect(path) as connection:
        Segment("a").capture("https://gull.example/a", at(2), revision("https://gull.example/a", "Words")).load(
            connection
        )
    return path


def rows(corpus: Path, sql: str, **given: object) -> list[dict[str, object]]:
    """Return the rows of an answer."""
    with query.ask(corpus, sql, **given) as reader:  # type: ignore[arg-type]
        found: list[dict[str, object]] = reader.read_all().to_pylist()
        return found


def test_a_question_is_answered(corpus: Path) -> None:
    """In Arrow batches."""
    assert rows(corpus, "SELECT title, language FROM articles") == [{"title": "A title", "language": "en"}]


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("DELETE FROM article", "read-only"),
        ("CREATE TABLE t (i INTEGER)", "read-only"),
        ("WITH x AS (SELECT 1) INSERT INTO run (run_id) SELECT 'x'", "read-only"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("", "no statement"),
        ("  -- nothing", "no statement"),
        ("SELECT * FROM nowhere", "nowhere"),
        ("FROM read_text('/etc/hostname')", "--allow-files"),
        ("FROM '/etc/hostname'", "hostname"),
        ("COPY article TO '/tmp/never.csv'", "--allow-files"),
        ("ATTACH '/tmp/never.duckdb'", "--allow-files"),
        ("LOAD httpfs", "--allow-files"),
        ("INSTALL httpfs", "--allow-files"),
        ("SET memory_limit = '100GB'", "configuration"),
        ("SET enable_external_access = true", "configuration"),
    ],
)
def test_what_is_not_allowed_is_refused_with_its_reason(corpus: Path, sql: str, why: str) -> None:
    """Writing, files, extensions, settings: none of them from here."""
    with pytest.raises(QueryError, match=why):
        rows(corpus, sql)
    assert not Path("/tmp/never.csv").exists()
    assert not Path("/tmp/never.duckdb").exists()


def test_files_are_read_when_they_are_allowed(corpus: Path, tmp_path: Path) -> None:
    """A list of one's own can be joined."""
    (tmp_path / "mine.csv").write_text("language,label\nen,English\n")
    sql = f"SELECT label FROM articles JOIN '{tmp_path / 'mine.csv'}' USING (language)"
    assert rows(corpus, sql, allow_files=True) == [{"label": "English"}]


def test_a_question_without_end_is_stopped(corpus: Path) -> None:
    """In about the time that was given."""
    before = time.monotonic()
    with pytest.raises(QueryError, match="--timeout"):
        rows(
            corpus,
            "SELECT count(*) FROM range(100000000) a, range(100000) b WHERE a.range % 7 = b.range % 11",
            timeout=0.3,
        )
    assert time.monotonic() - before < 20


def test_an_answer_that_is_stopped_while_it_comes_is_told_as_well(corpus: Path) -> None:
    """The time is over after the first rows: it is said so, and not that something was interrupted."""
    with (
        pytest.raises(QueryError, match="--timeout"),
        query.ask(corpus, "SELECT i, md5(i::VARCHAR) AS j FROM range(1_000_000_000) t(i)", timeout=1) as reader,
    ):
        for _ in reader:
            pass


def test_ten_million_rows_come_as_a_stream(corpus: Path) -> None:
    """The first batch is there before the last is made."""
    with query.ask(corpus, "SELECT i, i * 2 AS j FROM range(10_000_000) t(i)") as reader:
        assert len(reader.read_next_batch()) <= 2 * query.BATCH


def test_the_time_of_an_answer_is_told_by_its_first_times(corpus: Path) -> None:
    """Or by the days in the question, or not at all."""
    assert query.window(corpus, "SELECT day FROM articles") == (at(-6), at(18))
    assert query.window(corpus, "SELECT count(*) FROM articles WHERE dated_at >= '2026-03-01'") == (at(-30), at(-6))
    assert query.window(corpus, "SELECT count(*) FROM articles") is None
