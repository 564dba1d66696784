"""Ways out as files: whole, bounded, and harmless where they are opened."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import dataset, export, rebuilding, warehouse
from tests.desk import Segment, at, revision

NASTY = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\x1b[31mred",
    "\u202egnp.exe",
    "<b>bold</b>",
    "\t=1",
    "a\x00b",
    "ordinary",
]


def reader(values: list[str]) -> pa.RecordBatchReader:
    """Return an answer of one column."""
    return pa.table({"title": values}).to_reader()


def test_a_spreadsheet_finds_nothing_to_run() -> None:
    """No cell begins as a formula, none has an escape or an override."""
    out = io.StringIO()
    assert export.write_csv(reader(NASTY), out) == len(NASTY)
    cells = [row[0] for row in csv.reader(io.StringIO(out.getvalue()))][1:]
    assert len(cells) == len(NASTY)
    for cell in cells:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert not set(cell) & {"\x1b", "\u202e", "\x00"}
    assert cells[-1] == "ordinary"


@given(text=st.text())
def test_any_text_is_one_defused_cell(text: str) -> None:
    """A row stays a row, whatever is in it."""
    out = io.StringIO()
    export.write_csv(reader([text.encode("utf-8", "replace").decode()]), out)
    parsed = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert len(parsed) == (2 if parsed[-1] else 1) or parsed[1:] == [[]]
    assert not (parsed[1][0] if len(parsed) > 1 and parsed[1] else "").startswith(("=", "+", "-", "@"))


def test_json_lines_keep_the_text_as_it_is() -> None:
    """JSON has its own escapes; nothing is lost."""
    out = io.StringIO()
    export.write_json(reader(NASTY), out)
    assert [json.loads(line)["title"] for line in out.getvalue().splitlines()] == NASTY


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A corpus with articles of two months."""
    with warehouse.connect(tmp_path / "corpus.duckdb") as connected:
        segment = Segment("a")
        for number, hours in enumerate((0, 5, 24 * 31)):
            url = f"https://gull.example/{number}"
            segment.capture(url, at(hours + 1), revision(url, f"Words {number}", published=at(hours)))
        segment.load(connected)
        yield connected


def test_parquet_has_a_file_a_month(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """With labels as lists, readable by any reader."""
    assert dataset.write(connection, tmp_path / "out", "parquet") == 3
    files = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*"))
    assert files == ["month=2026-03/articles.parquet", "month=2026-04/articles.parquet"]
    table = pq.read_table(tmp_path / "out" / files[0], partitioning=None)
    assert table["topics"].to_pylist() == [["sanctions"]] * 2
    assert table["relations"].to_pylist() == [["EU-CN"]] * 2


def test_since_is_about_content_and_not_about_looks(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """An article that was looked at again is not exported again; one that was edited is."""
    later = at(24 * 40)
    url = "https://gull.example/0"
    Segment("same").capture(url, at(24 * 41), revision(url, "Words 0", published=at(0)), why="revisit").load(connection)
    assert dataset.write(connection, tmp_path / "none.csv", "csv", since=later) == 0
    Segment("edit").capture(url, at(24 * 42), revision(url, "Words 0, edited", published=at(0))).load(connection)
    assert dataset.write(connection, tmp_path / "one.json", "json", since=later) == 1
    assert json.loads((tmp_path / "one.json").read_text())["text"] == "Words 0, edited"


def test_what_was_collected_before_and_loaded_since_is_not_missed(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """A segment that had to wait, or came from another machine: its articles are new to whoever exported before."""
    url = "https://gull.example/late"
    late = Segment("late").capture(url, at(24 * 32), revision(url, "Late words", published=at(24 * 32)))
    last_export = at(24 * 40)
    late.load(connection, now=at(24 * 41))
    assert dataset.write(connection, tmp_path / "new.json", "json", since=last_export) == 1
    assert json.loads((tmp_path / "new.json").read_text())["url"] == url
    assert dataset.write(connection, tmp_path / "none.json", "json", since=at(24 * 42)) == 0


def test_a_corpus_that_was_made_anew_is_not_new_to_who_exported_before(tmp_path: Path) -> None:
    """The times of arrival go over into the corpus that takes the place of the old one."""
    old, new = tmp_path / "corpus.duckdb", tmp_path / "corpus.duckdb.new"
    page = Segment("a").capture("https://gull.example/a", at(1), revision("https://gull.example/a", "Words"))
    for path, now in ((old, at(2)), (new, at(100))):
        with warehouse.connect(path) as connected:
            page.load(connected, now=now)
    rebuilding.swap(new, old, wait=1.0)
    with warehouse.connect(old, read_only=True) as connected:
        assert dataset.write(connected, tmp_path / "none.json", "json", since=at(50)) == 0
        assert dataset.write(connected, tmp_path / "all.json", "json") == 1


def test_a_file_appears_whole_or_not_at_all(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """What stood there before stays when writing fails."""
    target = tmp_path / "out.csv"
    target.write_text("before")
    connection.execute("DROP VIEW article_topics")
    with pytest.raises(duckdb.Error):
        dataset.write(connection, target, "csv")
    assert target.read_text() == "before"
    assert list(tmp_path.glob("*.part")) == []


def test_csv_has_one_header_over_all_months(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The months follow each other."""
    dataset.write(connection, tmp_path / "out.csv", "csv", since=datetime(2026, 1, 1, tzinfo=UTC))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert [row["url"][-1] for row in rows] == ["0", "1", "2"]


def test_a_csv_without_articles_has_its_header(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """So that whoever reads it every day does not stumble over an empty file."""
    assert dataset.write(connection, tmp_path / "none.csv", "csv", since=at(24 * 400)) == 0
    rows = list(csv.reader(io.StringIO((tmp_path / "none.csv").read_text(encoding="utf-8"))))
    assert [row[:2] for row in rows] == [["article_id", "url"]]


def test_a_folder_is_not_taken_for_a_file(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """It is named as it was given, and nothing is left beside it."""
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(IsADirectoryError, match="out'"):
        dataset.write(connection, folder, "csv")
    assert list(tmp_path.glob("*.part")) == []
