"""An acceptance is in the corpus and in the archive, or in neither, whenever the process dies."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import readings, warehouse
from tests.desk import Segment, at, contents, revision

AT = datetime(2026, 4, 1, tzinfo=UTC)
NAME = "20260401T000000000000Z-retag"
PAGE = "https://gull.example/a"


def prepare(folder: Path) -> None:
    """Load one article."""
    with warehouse.connect(folder / "corpus.duckdb") as connection:
        Segment("a").capture(PAGE, at(1), revision(PAGE, "One text")).load(connection)


def accept(folder: Path) -> None:
    """Supersede the tags of everything."""
    with (
        warehouse.connect(folder / "corpus.duckdb") as connection,
        readings.accepting(connection, folder / "archive", "retag", at=AT, version="t2") as acceptance,
    ):
        for table in readings.TOLD:
            readings.supersede(connection, acceptance, table, "true")
        readings.renew(connection, acceptance, "SELECT revision_id FROM revision")


def die(folder: Path, target: str, count: int, moment: str) -> None:
    """Accept in a process of its own that ends at a call of `target`."""
    code = (
        "from pathlib import Path; from tests import killed, test_readings; "
        f"killed.arm({target!r}, {count}, {moment!r}); test_readings.accept(Path({str(folder)!r}))"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent.parent, timeout=60, check=False)
    assert ended.returncode < 0, "it was not killed"


# At the sixth `disk.sync` every file is written and nothing committed; the second `settle` is right behind the commit.
MOMENTS = {
    "before anything": ("storage.readings:settle", 1, "after", False),
    "among the rows": ("storage.readings:supersede", 2, "after", False),
    "before the commit": ("storage.disk:sync", 6, "after", False),
    "after the commit": ("storage.readings:settle", 2, "before", True),
    "after the name": ("storage.readings:settle", 2, "after", True),
}


@pytest.mark.parametrize(("target", "count", "moment", "kept"), MOMENTS.values(), ids=MOMENTS)
def test_a_crash_is_healed_by_the_corpus(tmp_path: Path, target: str, count: int, moment: str, kept: bool) -> None:
    """What was committed gets its place in the archive; what was not leaves nothing."""
    prepare(tmp_path)
    die(tmp_path, target, count, moment)
    with warehouse.connect(tmp_path / "corpus.duckdb") as connection:
        readings.settle(tmp_path / "archive", connection)
        closed = connection.execute("SELECT count(*) > 0 FROM tag WHERE known_to = ?", [AT]).fetchone()
        accepted = connection.execute("SELECT name FROM acceptance").fetchall()
    assert closed == (kept,)
    assert accepted == ([(NAME,)] if kept else [])
    assert [each.folder.name for each in readings.accepted(tmp_path / "archive")] == ([NAME] if kept else [])
    assert readings.unsettled(tmp_path / "archive") == []


def test_an_acceptance_that_is_not_settled_is_not_replayed(tmp_path: Path) -> None:
    """Its folder is whole, and yet nobody knows from it whether it was committed."""
    prepare(tmp_path)
    die(tmp_path, "storage.disk:sync", 6, "after")
    assert len(readings.unsettled(tmp_path / "archive")) == 1
    assert readings.accepted(tmp_path / "archive") == []


def test_the_next_acceptance_heals_by_itself(tmp_path: Path) -> None:
    """The same one again, even with the same name."""
    prepare(tmp_path)
    die(tmp_path, "storage.disk:sync", 6, "after")
    accept(tmp_path)
    assert [each.folder.name for each in readings.accepted(tmp_path / "archive")] == [NAME]
    assert readings.unsettled(tmp_path / "archive") == []


def test_without_a_corpus_what_is_whole_is_kept_and_what_is_not_goes(tmp_path: Path) -> None:
    """The old readings can be had from nowhere else."""
    prepare(tmp_path)
    die(tmp_path, "storage.readings:settle", 2, "before")
    half = tmp_path / "archive" / readings.FOLDER / f"20260402T000000000000Z-retag{readings.PART}"
    half.mkdir()
    (half / "tag.parquet").write_bytes(b"half")
    (tmp_path / "corpus.duckdb").unlink()
    readings.settle(tmp_path / "archive", None)
    assert [each.folder.name for each in readings.accepted(tmp_path / "archive")] == [NAME]
    assert readings.unsettled(tmp_path / "archive") == []


def test_an_error_leaves_neither_rows_nor_a_folder(tmp_path: Path) -> None:
    """Everything is undone."""
    prepare(tmp_path)
    with warehouse.connect(tmp_path / "corpus.duckdb") as connection:
        before = contents(connection)
        with (
            pytest.raises(KeyboardInterrupt),
            readings.accepting(connection, tmp_path / "archive", "retag", at=AT, version="t2") as acceptance,
        ):
            readings.supersede(connection, acceptance, "tag", "true")
            raise KeyboardInterrupt
        assert contents(connection) == before
    assert not any((tmp_path / "archive" / readings.FOLDER).iterdir())
