"""A page that ends every process that reads it costs itself in a rebuild and a reprocessing, too."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from flows import rebuild, reprocess, rereading, survival
from flows.cli.app import explain
from flows.rereading import UnreadableError
from flows.spreading import Runner
from storage import archive, avoided
from tests import world
from tests.deadly import ROOT, TRAPS, segment

TWO = Runner(workers=2)


@pytest.fixture(autouse=True)
def trapped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let processes that are started find the traps."""
    monkeypatch.setenv("PYTHONPATH", TRAPS)
    yield


def readings(data: Path) -> dict[str, str]:
    """Return what each page was read as, by run and the end of its address."""
    rows = world.ask(data / "corpus.duckdb", "SELECT run_id, url, reading FROM capture JOIN segment USING (segment)")
    return {f"{run}/{url.rsplit('/', 1)[-1]}": reading for run, url, reading in rows}


@pytest.mark.parametrize("trap", ["TRAP-KILL", "TRAP-RAISE"])
def test_a_rebuild_reads_on_without_a_deadly_page(tmp_path: Path, trap: str) -> None:
    """Met there first: nobody has loaded the segments before."""
    paths = [segment(tmp_path, {2: trap}, "r1", 3), *(segment(tmp_path, {}, f"r{n}", 2) for n in range(2, 8))]
    done = rebuild.rebuild(world.settings(tmp_path), TWO)
    assert done.swapped
    assert done.segments == len(paths)
    assert [damage.where for damage in done.damages] == [paths[0].name]
    found = readings(tmp_path)
    assert {name for name, reading in found.items() if reading != "article"} == {"r1/2"}
    assert len(found) == 15
    assert len(avoided.read(paths[0])) == 1
    assert list(world.settings(tmp_path).cache.glob("*.rereading")) == []


def test_a_reprocessing_reads_on_without_a_deadly_page(tmp_path: Path) -> None:
    """The corpus was made by readers that did not stumble; what the page said then is told as a change."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONPATH")
        paths = [
            segment(tmp_path, {2: "TRAP-KILL"}, "r1", 3),
            *(segment(tmp_path, {}, f"r{n}", 2) for n in range(2, 5)),
        ]
        rebuild.rebuild(world.settings(tmp_path), TWO)
    assert set(readings(tmp_path).values()) == {"article"}
    done = reprocess.reprocess(world.settings(tmp_path), TWO, paths, accept=False)
    assert done.segments == len(paths)
    assert len(done.damages) == 1
    assert done.summary is not None
    assert dict(done.summary.counts) == {"article": 1}


def test_a_command_without_workers_that_was_ended_is_careful_the_next_time(tmp_path: Path) -> None:
    """It reads in its own process, so that the page ends it once, and not again."""
    segment(tmp_path, {2: "TRAP-KILL"}, count=3)
    code = (
        "import sys; from pathlib import Path; from tests import world; from flows import rebuild\n"
        "from flows.spreading import Runner\n"
        "print(rebuild.rebuild(world.settings(Path(sys.argv[1])), Runner(workers=1)).segments)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    runs = [
        subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False) for _ in range(2)
    ]
    assert runs[0].returncode < 0
    assert (runs[1].returncode, runs[1].stdout.strip()) == (0, "1"), runs[1].stderr
    assert readings(tmp_path)["r1/2"] == "unreadable"


def test_a_segment_that_no_process_can_read_is_named_in_one_line(tmp_path: Path) -> None:
    """With what to do; the corpus stays as it was."""
    bad = segment(tmp_path, dict.fromkeys(range(1, 5), "TRAP-RAISE"))
    with pytest.MonkeyPatch.context() as patch, pytest.raises(UnreadableError) as told:
        patch.setattr(survival, "MOST", 2)
        rebuild.rebuild(world.settings(tmp_path), TWO)
    said = explain(told.value)
    assert said is not None
    assert bad.name in said
    assert "restore the segment" in said
    assert "\n" not in said
    assert not (tmp_path / "corpus.duckdb").exists()


def test_workers_that_end_without_a_segment_are_not_started_for_ever(tmp_path: Path) -> None:
    """Marks of another time are no reason to try again."""
    (tmp_path / "gone.warc.gz.rereading").touch()
    tries = []

    def body(_: object) -> None:
        tries.append(1)
        raise BrokenProcessPool("no memory")

    with pytest.raises(BrokenProcessPool):
        rereading.run(Runner(workers=1), "test", tmp_path, body)
    assert tries == [1]
    assert archive.segments(tmp_path) == []
