"""An archive that is pruned or compacted still makes the corpus, and the corpus follows its records."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from extractors.model import Failed, NotModified, Purpose
from flows import rebuild
from flows.load import Loader
from flows.spreading import Runner
from storage import archive, avoided, care, compare, moving, verify, warehouse
from storage.care import Policy
from tests import world as worlds

ALONE = Runner(workers=1)
LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs over the same edition, in many small segments: the second finds everything unchanged."""
    data = tmp_path_factory.mktemp("grown")
    with worlds.serve(1) as (_, registry):
        for _ in range(2):
            worlds.run(data, registry, segment_bytes=20_000)
    return data


@pytest.fixture
def data(grown: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(grown, tmp_path / "data")
    return tmp_path / "data"


def rebuilt(data: Path) -> list[str]:
    """Return in what the corpus differs from one that is made anew."""
    made = rebuild.rebuild(worlds.settings(data), ALONE, swap=False)
    return [f"{found}\n{found.examples}" for found in compare.compare(data / "corpus.duckdb", made.corpus)]


def test_compacting_keeps_every_outcome_and_the_corpus_follows(data: Path) -> None:
    """Fewer files, the same outcomes, and every row knows where its record stands."""
    before = worlds.content(data / "corpus.duckdb")
    many = archive.segments(data / "archive")
    outcomes = sum(verify.check(path).outcomes for path in many)
    with warehouse.connect(data / "corpus.duckdb") as connection:
        groups, damaged = care.compactable(data / "archive", small=1_000_000, most=10_000_000)
        assert damaged == []
        for paths, rewritten in care.compact(groups):
            care.follow(connection, data / "archive", paths, rewritten)
    few = archive.segments(data / "archive")
    assert len(few) == 2 < len(many)
    assert sum(verify.check(path).outcomes for path in few) == outcomes
    assert worlds.content(data / "corpus.duckdb") == before
    assert rebuilt(data) == []


def test_pruning_takes_only_what_brought_nothing(data: Path) -> None:
    """Failures, 304s and robots files go, from the archive and from the tables; articles and feeds stay."""
    before = worlds.content(data / "corpus.duckdb")
    policy = Policy(before=LATER)
    weighed, paths = care.weigh(data / "archive", policy)
    assert set(weighed.outcomes) == {"failed", "unchanged", "robots"}
    with warehouse.connect(data / "corpus.duckdb") as connection:
        for group, rewritten in care.prune(paths, policy):
            care.follow(connection, data / "archive", group, rewritten)
    segments = archive.segments(data / "archive")
    gone = 0
    for path in segments:
        left = [record.outcome for record in archive.read(path)[1]]
        useless = [o for o in left if isinstance(o, Failed | NotModified) or o.want.purpose is Purpose.ROBOTS]
        assert not useless or len(left) == 1, "only what carries the facts of its run may stay"
        gone += not useless
    assert gone
    assert worlds.content(data / "corpus.duckdb") == before
    assert care.weigh(data / "archive", policy)[1] == []
    assert rebuilt(data) == []


def test_weighing_changes_nothing_and_a_policy_spares_what_is_young(data: Path) -> None:
    """A dry run, and a time before everything."""
    sizes = {path: path.stat().st_size for path in archive.segments(data / "archive")}
    assert care.weigh(data / "archive", Policy(before=LATER))[0].segments > 0
    assert care.weigh(data / "archive", Policy(before=LATER - timedelta(days=9)))[0].segments == 0
    assert {path: path.stat().st_size for path in archive.segments(data / "archive")} == sizes


def test_a_damaged_segment_is_left_as_it_is(data: Path) -> None:
    """Pruning would throw away what might still be saved."""
    path = archive.segments(data / "archive")[0]
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(body)
    weighed, paths = care.weigh(data / "archive", Policy(before=LATER))
    assert path not in paths
    assert weighed.damaged == [path.name]
    groups, damaged = care.compactable(data / "archive", small=1_000_000, most=10_000_000)
    assert damaged == [path.name]
    assert all(path not in group for group in groups)


def test_what_must_not_be_read_is_not_read_after_pruning_and_compacting(data: Path) -> None:
    """The corpus that is made anew passes over the same record, and is the same."""
    urls = set()
    for path in archive.segments(data / "archive")[:3]:
        pages = [record for record in archive.read(path)[1] if record.outcome.want.purpose is Purpose.PAGE]
        if pages:
            avoided.write(path, {pages[-1].offset: "it killed its reader"})
            urls.add(pages[-1].outcome.want.url)
    assert urls
    assert rebuild.rebuild(worlds.settings(data), ALONE, anyway=True).swapped
    policy = Policy(before=LATER)
    with warehouse.connect(data / "corpus.duckdb") as connection:
        for group, rewritten in care.prune(care.weigh(data / "archive", policy)[1], policy):
            care.follow(connection, data / "archive", group, rewritten)
        for paths, rewritten in care.compact(care.compactable(data / "archive", small=1_000_000, most=10_000_000)[0]):
            care.follow(connection, data / "archive", paths, rewritten)
    unreadable = worlds.ask(data / "corpus.duckdb", "SELECT url FROM capture WHERE reading = 'unreadable'")
    assert urls <= {url for (url,) in unreadable}
    assert rebuilt(data) == []


class Killed(BaseException):
    """What nothing in between can catch, as a kill."""


@pytest.mark.parametrize(
    ("module", "name", "call"),
    [
        (avoided, "write", 1),  # before the new segment takes the place of the first
        (avoided, "write", 2),  # after it has
        (avoided, "write", 3),  # when the first of the others is gone
        (care, "_follow", 1),  # when all are, and the tables know nothing of it
        (moving, "forget", 1),  # when the tables have followed
    ],
)
@pytest.mark.parametrize("then", ["run", "rebuild"])
def test_a_compaction_that_is_killed_anywhere_is_brought_to_its_end(
    data: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, call: int, then: str
) -> None:
    """By the next run or rebuild: the same corpus, every row where its record stands."""
    before = worlds.content(data / "corpus.duckdb")
    original, calls = getattr(module, name), 0

    def deadly(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            raise Killed
        return original(*arguments)

    with monkeypatch.context() as patch, pytest.raises(Killed), warehouse.connect(data / "corpus.duckdb") as connection:
        patch.setattr(module, name, deadly)
        for paths, rewritten in care.compact(care.compactable(data / "archive", small=1_000_000, most=10_000_000)[0]):
            care.follow(connection, data / "archive", paths, rewritten)
    if then == "run":
        loader = Loader(worlds.settings(data))
        assert loader.pending() == []
        loader.close()
        assert worlds.content(data / "corpus.duckdb") == before
    assert rebuilt(data) == []
    assert worlds.content(data / "corpus.duckdb") == before
    assert not list((data / "archive").rglob(f"*{moving.SUFFIX}"))


def test_a_note_of_moves_that_is_damaged_or_of_what_never_began_changes_nothing(data: Path) -> None:
    """The segments are as they were then."""
    before = worlds.content(data / "corpus.duckdb")
    first, second, *_ = archive.segments(data / "archive")
    moving.note(first, [first.name, second.name], "sha256:of something else", [])
    second.with_name(second.name + moving.SUFFIX).write_text("[[[")
    with warehouse.connect(data / "corpus.duckdb") as connection:
        care.settle(data / "archive", connection)
    assert second.exists()
    assert worlds.content(data / "corpus.duckdb") == before
    assert not list((data / "archive").rglob(f"*{moving.SUFFIX}"))
