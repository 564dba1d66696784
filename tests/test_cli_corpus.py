"""What the command line says of a corpus that cannot be used: one line that says what and what to do, and status 1."""

import os
import resource
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from storage import warehouse

TRIPOLAR = str(Path(sys.executable).parent / "tripolar")
GREEDY = "SELECT len(list(i)) FROM range(120_000_000) t(i)"


def a_letter(path: Path) -> None:
    """Something else than a database."""
    path.write_text("Dear reader, this is no database at all. " * 400)


def somebody_elses(path: Path) -> None:
    """A database without our schema."""
    duckdb.connect(path).execute("CREATE TABLE t (i INTEGER)").close()


def a_later_one(path: Path) -> None:
    """A corpus with a migration that this version does not know."""
    with warehouse.connect(path) as connection:
        connection.execute("INSERT INTO schema_migration (name) VALUES ('9999_future')")


def of_a_later_duckdb(path: Path) -> None:
    """The number of the file's format, behind its magic bytes, is one that does not exist yet."""
    with warehouse.connect(path):
        pass
    body = bytearray(path.read_bytes())
    body[12:20] = (9999).to_bytes(8, "little")
    checksum = 5381  # of the first block, in the way of DuckDB
    for (word,) in struct.iter_unpack("<Q", body[8:4096]):
        checksum ^= word * 0xBF58476D1CE4E5B9 % 2**64
    body[:8] = checksum.to_bytes(8, "little")
    path.write_bytes(body)


def a_damaged_one(path: Path) -> None:
    """A byte of its header is another."""
    with warehouse.connect(path):
        pass
    body = bytearray(path.read_bytes())
    body[100] ^= 0xFF
    path.write_bytes(body)


def an_older_one(path: Path) -> None:
    """A corpus that lacks a migration."""
    with warehouse.connect(path) as connection:
        connection.execute("DELETE FROM schema_migration WHERE name = (SELECT max(name) FROM schema_migration)")


def a_good_one(path: Path) -> None:
    """Nothing wrong with it: the question is."""
    with warehouse.connect(path):
        pass


@pytest.mark.parametrize(
    ("make", "question", "words"),
    [
        (lambda path: None, "SELECT 1", "collect something first"),
        (a_letter, "SELECT 1", "is not a DuckDB file"),
        (somebody_elses, "SELECT 1", "no Tripolar corpus"),
        (a_later_one, "SELECT 1", "upgrade Tripolar"),
        (of_a_later_duckdb, "SELECT 1", "upgrade Tripolar"),
        (a_damaged_one, "SELECT 1", "tripolar rebuild"),
        (an_older_one, "SELECT 1", "older schema"),
        (a_good_one, GREEDY, "more memory than it may have"),
        (a_good_one, "DELETE FROM article", "read-only"),
    ],
)  # fmt: skip
def test_it_is_said_in_one_line(tmp_path: Path, make: Callable[[Path], None], question: str, words: str) -> None:
    """Without a traceback."""
    path = tmp_path / "corpus.duckdb"
    make(path)
    done = subprocess.run(
        [TRIPOLAR, "sql", "--db", str(path), question],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        env=os.environ,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert words in done.stderr


def test_a_database_of_somebody_else_stays_as_it_is(tmp_path: Path) -> None:
    """Also where it was named for writing."""
    path = tmp_path / "other.duckdb"
    somebody_elses(path)
    with pytest.raises(warehouse.WarehouseError, match="no Tripolar corpus"), warehouse.connect(path):
        pass
    with duckdb.connect(path, read_only=True) as connection:
        assert connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("t",)]


def test_an_answer_that_the_disk_does_not_take_is_named(tmp_path: Path) -> None:
    """No file may grow beyond some bytes."""

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))

    path = tmp_path / "corpus.duckdb"
    a_good_one(path)
    done = subprocess.run(
        [TRIPOLAR, "sql", "--db", str(path), "-o", "out.csv", "FROM range(1_000_000)"],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        preexec_fn=full,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "File too large" in done.stderr


def ask(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command over the corpus of a folder."""
    return subprocess.run(
        [TRIPOLAR, arguments[0], "--db", "corpus.duckdb", *arguments[1:]],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=folder,
        check=False,
    )


def test_more_columns_than_the_terminal_holds_are_shown_as_records(tmp_path: Path) -> None:
    """A line a column, instead of a grid of dots."""
    a_good_one(tmp_path / "corpus.duckdb")
    many = ", ".join(f"'value {number}' AS column_{number}" for number in range(30))
    shown = ask(tmp_path, "sql", f"SELECT {many} UNION ALL SELECT {many}").stdout
    assert "row 1 " in shown
    assert "row 2 " in shown
    assert [line.split() for line in shown.splitlines() if "column_29" in line] == [["column_29", "value", "29"]] * 2


def test_few_columns_are_a_table(tmp_path: Path) -> None:
    """With the names in one line."""
    a_good_one(tmp_path / "corpus.duckdb")
    shown = ask(tmp_path, "sql", "SELECT 1 AS one, 2 AS two").stdout
    assert ["one", "two"] in [line.split() for line in shown.splitlines()]
    assert "row 1" not in shown


def test_an_ending_that_no_export_has_is_refused(tmp_path: Path) -> None:
    """A spreadsheet's file name must not become a folder of Parquet."""
    a_good_one(tmp_path / "corpus.duckdb")
    done = ask(tmp_path, "export", "out.xlsx")
    assert done.returncode == 2
    assert ".jsonl" in done.stderr
    assert not (tmp_path / "out.xlsx").exists()


def test_less_than_no_time_is_wrong_use(tmp_path: Path) -> None:
    """It would have meant: no limit."""
    a_good_one(tmp_path / "corpus.duckdb")
    assert ask(tmp_path, "sql", "--timeout", "-1", "SELECT 1").returncode == 2
