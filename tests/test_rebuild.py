"""A corpus that is made anew equals the one that grew, and nothing that is not whole takes its place."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from extractors import taxonomy
from flows import rebuild, reprocess, retag
from flows.past import running
from flows.registry import Registry
from flows.spreading import Runner
from storage import archive, compare, readings, rebuilding, turnstile, warehouse
from storage.jobs import Job
from tests import world as worlds
from tests.past import serving

ALONE = Runner(workers=1)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a history: two editions of the demo's newsroom, and a backfill between them."""
    from flows.demo import newsroom

    data = tmp_path_factory.mktemp("grown")
    with worlds.serve(1) as (_, registry):
        base = min(int(source.home.rstrip("/").rsplit(":", 1)[1]) for source in registry.sources)
        worlds.run(data, registry)
    with serving.serve(30) as past:
        job = Job(kind="wayback", where=(past.base,), archive=past.base)
        running.run(worlds.settings(data), Registry(sources=(), feeds=()), job)
    with newsroom.serve(edition=2, base_port=base) as second:
        worlds.run(data, Registry(sources=second.sources(), feeds=second.feeds()))
    return data


@pytest.fixture
def data(grown: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(grown, tmp_path / "data")
    return tmp_path / "data"


def told(differences: tuple[compare.Difference, ...]) -> list[str]:
    """Return differences so that a failing test shows them."""
    return [f"{found}\n{found.examples}" for found in differences]


@pytest.fixture
def newer_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same taxonomy under another version, without one of its topics' rules."""
    from flows import lexicon, load

    known = taxonomy.load()
    fewer = replace(
        known, version="next", rules=tuple(r for n, r in enumerate(known.rules) if r.layer != "topic" or n % 3)
    )
    monkeypatch.setattr(lexicon, "load", lambda _: fewer)
    load.tagger.cache_clear()
    yield
    load.tagger.cache_clear()


def test_a_rebuilt_corpus_equals_the_one_that_grew(data: Path) -> None:
    """Table by table, every row, times included; and it is in its place."""
    before = data / "before.duckdb"
    shutil.copy(data / "corpus.duckdb", before)
    done = rebuild.rebuild(worlds.settings(data), ALONE)
    assert told(done.differences) == []
    assert (done.problems, done.swapped) == ([], True)
    assert told(compare.compare(before, data / "corpus.duckdb")) == []
    assert not list(data.glob("*.new*"))


def test_processes_make_the_same_corpus(data: Path) -> None:
    """Read by two workers, in whatever order they come."""
    done = rebuild.rebuild(worlds.settings(data), Runner(workers=2), swap=False)
    assert told(done.differences) == []
    assert done.corpus.name == "corpus.duckdb.new"


def test_an_accepted_retag_is_rebuilt_with_what_was_known_before(data: Path, newer_rules: None) -> None:
    """Old tags closed, new ones current, in the live corpus and in the one made anew from the archive."""
    settings = worlds.settings(data)
    done = retag.retag(settings, ALONE, accept=True)
    assert done.version == "next"
    assert done.changed > 0
    assert done.accepted_at is not None
    assert any(change.lost for change in done.changes)
    versions = "SELECT DISTINCT taxonomy_version FROM tag WHERE known_to IS NULL"
    assert worlds.ask(settings.corpus, versions) == [("next",)]
    assert worlds.ask(settings.corpus, "SELECT count(*) > 0 FROM tag WHERE known_to IS NOT NULL") == [(True,)]
    again = rebuild.rebuild(settings, ALONE)
    assert told(again.differences) == []
    assert again.acceptances == 1


def test_an_acceptance_that_a_crash_left_without_its_name_is_rebuilt(data: Path, newer_rules: None) -> None:
    """The corpus tells that it was accepted; a folder of which it knows nothing is removed."""
    settings = worlds.settings(data)
    retag.retag(settings, ALONE, accept=True)
    (accepted,) = readings.accepted(settings.archive)
    accepted.folder.rename(accepted.folder.with_name(accepted.folder.name + readings.PART))
    shutil.copytree(readings.unsettled(settings.archive)[0], accepted.folder.with_name(f"other{readings.PART}"))
    again = rebuild.rebuild(settings, ALONE)
    assert told(again.differences) == []
    assert [each.folder for each in readings.accepted(settings.archive)] == [accepted.folder]
    assert readings.unsettled(settings.archive) == []


def test_nothing_is_made_of_nothing(tmp_path: Path) -> None:
    """No archive and no corpus: somebody is in the wrong folder."""
    with pytest.raises(rebuild.RebuildError, match="no segments"):
        rebuild.rebuild(worlds.settings(tmp_path), ALONE)
    assert not list(tmp_path.glob("*.duckdb*"))


def test_no_lock_is_left_where_there_is_no_corpus(tmp_path: Path) -> None:
    """Whoever is in the wrong folder finds nothing new in it, and is told how to name the right one."""
    settings = worlds.settings(tmp_path / "data")
    settings.corpus.parent.mkdir(exist_ok=True)
    for ask in (
        lambda: retag.retag(settings, ALONE, accept=False),
        lambda: reprocess.reprocess(settings, ALONE, [tmp_path / "none.warc.gz"], accept=False),
    ):
        with pytest.raises(warehouse.WarehouseError, match=r"no corpus at .*\(-c\)"):
            ask()
    with pytest.raises(warehouse.WarehouseError, match="--db"), warehouse.connect(settings.corpus, read_only=True):
        pass
    assert not [path.name for path in tmp_path.rglob(".corpus*")]


def test_what_was_known_is_not_forgotten_by_a_rebuild(data: Path, newer_rules: None) -> None:
    """Other tags have to be accepted first, or be forgotten on purpose."""
    before = worlds.content(data / "corpus.duckdb")
    with pytest.raises(rebuild.RebuildError, match="retag --accept"):
        rebuild.rebuild(worlds.settings(data), ALONE)
    assert worlds.content(data / "corpus.duckdb") == before
    assert rebuild.rebuild(worlds.settings(data), ALONE, anyway=True).swapped


def test_a_retag_that_is_not_accepted_changes_nothing(data: Path, newer_rules: None) -> None:
    """Only the difference is told, also while somebody reads."""
    before = worlds.content(data / "corpus.duckdb")
    with warehouse.connect(data / "corpus.duckdb", read_only=True):
        done = retag.retag(worlds.settings(data), ALONE, accept=False)
    assert done.changes
    assert done.accepted_at is None
    assert worlds.content(data / "corpus.duckdb") == before
    assert readings.accepted(data / "archive") == []


def test_one_retag_at_a_time(data: Path) -> None:
    """The second would take away the texts that the first compares."""
    settings = worlds.settings(data)
    with (
        turnstile.held(settings.corpus, "retag"),
        pytest.raises(warehouse.LockedError, match="another `tripolar retag`"),
    ):
        retag.retag(settings, ALONE, accept=False)
    assert retag.retag(settings, ALONE, accept=False).texts


def test_a_retag_under_the_same_rules_finds_nothing_to_change(data: Path) -> None:
    """Stored texts give the tags that their pages gave."""
    done = retag.retag(worlds.settings(data), Runner(workers=2), accept=True)
    assert (done.changed, done.changes, done.turns) == (0, (), ())
    assert done.spoken is not None
    assert (done.spoken.won, done.spoken.lost, done.spoken.changed) == (0, 0, 0)
    assert done.texts == worlds.ask(data / "corpus.duckdb", "SELECT count(*) FROM revision")[0][0]


def test_a_damaged_record_costs_its_outcome_and_is_named(data: Path) -> None:
    """The rest is there; the digest tells that the file is not the one that was loaded, so it is loaded as it is."""
    path = max(archive.segments(data / "archive"), key=lambda each: each.stat().st_size)
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(body)
    done = rebuild.rebuild(worlds.settings(data), ALONE, swap=False)
    assert done.damages
    assert {found.table for found in done.differences} >= {"segment"}
    assert done.problems == []


def test_damage_that_costs_rows_keeps_the_old_corpus_unless_told_otherwise(data: Path) -> None:
    """Also where no text is lost: here it is what the archive knows of a run."""
    path = min(archive.segments(data / "archive"))
    body = bytearray(path.read_bytes())
    body[40] ^= 0xFF  # inside the first record, which tells of the run
    path.write_bytes(body)
    before = worlds.content(data / "corpus.duckdb")
    with pytest.raises(rebuild.RebuildError, match=f"damaged.*run.*{path.name}"):
        rebuild.rebuild(worlds.settings(data), ALONE)
    assert worlds.content(data / "corpus.duckdb") == before
    assert rebuild.rebuild(worlds.settings(data), ALONE, anyway=True).swapped


def test_a_segment_that_is_gone_keeps_the_old_corpus_unless_told_otherwise(data: Path) -> None:
    """Nothing is lost silently."""
    archive.segments(data / "archive")[0].unlink()
    before = worlds.content(data / "corpus.duckdb")
    with pytest.raises(rebuild.RebuildError, match="not in the archive"):
        rebuild.rebuild(worlds.settings(data), ALONE)
    assert worlds.content(data / "corpus.duckdb") == before
    assert rebuild.rebuild(worlds.settings(data), ALONE, anyway=True).swapped


def test_a_corpus_that_is_lost_comes_back(data: Path) -> None:
    """From the archive alone."""
    before = worlds.content(data / "corpus.duckdb")
    (data / "corpus.duckdb").unlink()
    rebuild.rebuild(worlds.settings(data), ALONE)
    assert worlds.content(data / "corpus.duckdb") == before


FORGERIES = {
    "DELETE FROM revision WHERE latest": "text that is not there",
    "DELETE FROM segment": "segments that are not there",
    "INSERT INTO article FROM article LIMIT 1": "there twice",
    "UPDATE tag SET evidence = [{'part': 'text', 'start': 0, 'stop': 9999999, 'rule': 'x'}]": "outside of its text",
    "UPDATE segment SET digest = 'sha256:00'": "not the file that was loaded",
    "UPDATE revision SET latest = true": "two latest texts",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_the_checks_see_what_is_wrong(data: Path, forgery: str) -> None:
    """Each check finds its fault."""
    with warehouse.connect(data / "corpus.duckdb") as connection:
        assert list(rebuilding.problems(connection, data / "archive")) == []
        connection.execute(forgery)
        assert any(FORGERIES[forgery] in problem for problem in rebuilding.problems(connection, data / "archive"))
