"""A page that ends every process that reads it costs itself and nothing else."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows import lexicon, rebuild, survival
from flows.load import Loaded, Loader
from flows.spreading import Runner
from storage import archive, avoided
from tests import world
from tests.deadly import TRAPS, segment

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def trapped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let processes that are started find the traps."""
    monkeypatch.setenv("PYTHONPATH", TRAPS)
    yield


def load(data: Path, paths: list[Path]) -> Loaded:
    """Load segments through a pool of two."""
    loader = Loader(replace(world.settings(data), workers=2))
    try:
        return loader.load(paths)
    finally:
        loader.close()


def readings(data: Path) -> dict[str, str]:
    """Return what each page was read as, by the end of its address."""
    rows = world.ask(data / "corpus.duckdb", "SELECT url, reading FROM capture")
    return {url.rsplit("/", 1)[-1]: reading for url, reading in rows}


def test_a_page_that_kills_its_reader_costs_only_itself(tmp_path: Path) -> None:
    """The other pages of its segment are articles, and so are those of the segments beside it."""
    paths = [segment(tmp_path, {3: "TRAP-KILL"}), segment(tmp_path, {}, "r2"), segment(tmp_path, {}, "r3")]
    done = load(tmp_path, paths)
    assert sorted(done.segments) == sorted(path.name for path in paths)
    assert [(damage.where, damage.what) for damage in done.damages] == [
        (paths[0].name, f"reading ended the process (status {-signal.SIGKILL})")
    ]
    of_first = world.ask(
        tmp_path / "corpus.duckdb", f"SELECT url, reading FROM capture WHERE segment = '{paths[0].name}'"
    )
    assert {url.rsplit("/", 1)[-1]: reading for url, reading in of_first} == {
        str(n): "unreadable" if n == 3 else "article" for n in range(1, 7)
    }


def test_several_deadly_pages_of_several_kinds_cost_only_themselves(tmp_path: Path) -> None:
    """Killed, out of memory, and a fault of our own."""
    path = segment(tmp_path, {1: "TRAP-KILL", 4: "TRAP-MEMORY", 6: "TRAP-RAISE"})
    done = load(tmp_path, [path, segment(tmp_path, {}, "r2", 1)])
    assert len(done.damages) == 3
    assert world.ask(tmp_path / "corpus.duckdb", "SELECT count(*) FROM capture WHERE reading = 'unreadable'") == [(3,)]
    assert any("MemoryError: no memory left" in damage.what for damage in done.damages)


def test_a_page_that_never_ends_is_given_up(tmp_path: Path) -> None:
    """After the patience for one record."""
    path = segment(tmp_path, {2: "TRAP-HANG"})
    lexicon.load(tmp_path / "cache")  # compiled once, so that the patience is for the page
    read = survival.read(path, tmp_path / "cache", patience=8.0)
    assert [damage.what for damage in read.damages] == ["reading took over 8 s"]
    assert read.facts.outcomes == 6


def test_what_was_found_deadly_is_passed_over_from_then_on(tmp_path: Path) -> None:
    """By a rebuild, too, which makes the same corpus again."""
    path = segment(tmp_path, {2: "TRAP-KILL"})
    load(tmp_path, [path, segment(tmp_path, {}, "r2")])
    records = list(archive.read(path)[1])
    assert list(avoided.read(path)) == [records[1].offset]
    before = world.content(tmp_path / "corpus.duckdb")
    assert rebuild.rebuild(world.settings(tmp_path), Runner(workers=2)).swapped
    assert world.content(tmp_path / "corpus.duckdb") == before


def test_a_segment_whose_readers_all_fail_waits_and_keeps_no_other_out(tmp_path: Path) -> None:
    """Beyond some number of records it is not they that are to blame."""
    bad = segment(tmp_path, dict.fromkeys(range(1, 5), "TRAP-RAISE"))
    good = segment(tmp_path, {}, "r2")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survival, "MOST", 2)
        done = load(tmp_path, [bad, good])
    assert done.segments == [good.name]
    assert done.waiting == [bad.name]
    assert "over 2 records" in done.why
    assert avoided.read(bad) == {}


def test_a_small_segment_that_killed_the_run_does_not_kill_the_next(tmp_path: Path) -> None:
    """It is read in the run's own process at first, as starting workers costs more, and not a second time."""
    path = segment(tmp_path, {2: "TRAP-KILL"})
    code = (
        "import sys; from pathlib import Path; from tests import world; from flows.load import Loader\n"
        "loader = Loader(world.settings(Path(sys.argv[1]))); print(loader.load(loader.pending()).segments); loader.close()"
    )

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    assert run().returncode == -signal.SIGKILL
    again = run()
    assert (again.returncode, again.stdout.strip()) == (0, str([path.name])), again.stderr
    assert readings(tmp_path)["2"] == "unreadable"


def test_a_segment_that_cannot_be_opened_waits(tmp_path: Path) -> None:
    """And does not end the run."""
    good, bad = segment(tmp_path, {}), segment(tmp_path, {}, "r2")
    bad.unlink()
    bad.mkdir()
    done = load(tmp_path, [good, bad])
    assert done.segments == [good.name]
    assert done.waiting == [bad.name]


def test_a_damaged_note_of_deadly_records_is_taken_for_none(tmp_path: Path) -> None:
    """It only ever saves time."""
    path = segment(tmp_path, {})
    path.with_name(path.name + avoided.SUFFIX).write_text("[1")
    assert avoided.read(path) == {}


def test_half_a_character_in_a_page_does_not_keep_its_segment_out(tmp_path: Path) -> None:
    """JSON can write lone surrogates and NULs, which no column can hold: the page is an article without them."""
    facts = r'{"@type": "NewsArticle", "headline": "Quay \ud83d\u0000 agreed", "author": {"name": "N. \udc00 N."}}'
    path = segment(tmp_path, {2: f'<script type="application/ld+json">{facts}</script>'}, count=3)
    done = load(tmp_path, [path])
    assert (done.segments, done.damages) == ([path.name], [])
    assert set(readings(tmp_path).values()) == {"article"}
    assert world.ask(
        tmp_path / "corpus.duckdb", "SELECT count(*) FROM articles WHERE contains(text, 'met for the')"
    ) == [(3,)]
