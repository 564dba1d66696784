"""Pages read again by a better extractor: what changes is told, what is accepted is what a rebuild would make."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import rebuild, reprocess
from flows.spreading import Runner
from storage import archive, compare, readings
from tests import world as worlds
from tests.faults import reading

ALONE = Runner(workers=1)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo's newsroom in two editions."""
    from flows.demo import newsroom
    from flows.registry import Registry

    data = tmp_path_factory.mktemp("grown")
    with worlds.serve(1) as (_, registry):
        base = min(int(source.home.rstrip("/").rsplit(":", 1)[1]) for source in registry.sources)
        worlds.run(data, registry)
    with newsroom.serve(edition=2, base_port=base) as second:
        worlds.run(data, Registry(sources=second.sources(), feeds=second.feeds()))
    return data


@pytest.fixture
def data(grown: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(grown, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def better() -> Iterator[None]:
    """An extractor that reads some pages otherwise: another title, another text, no date, no article at all."""
    with reading.newer():
        yield


def test_the_same_extractors_change_nothing(data: Path) -> None:
    """Every page is read as before, and accepting it leaves every row as it was."""
    before = worlds.content(data / "corpus.duckdb")
    done = reprocess.reprocess(worlds.settings(data), ALONE, archive.segments(data / "archive"), accept=True)
    assert done.summary is not None
    assert done.summary.counts == ()
    assert done.summary.pages > 10
    assert done.texts == 0
    assert worlds.content(data / "corpus.duckdb") == before
    assert readings.accepted(data / "archive") == []


def test_what_was_accepted_is_not_accepted_a_second_time(data: Path, better: None) -> None:
    """As after a crash between the exchange and its end: the same command again leaves one acceptance."""
    for _ in range(2):
        reprocess.reprocess(worlds.settings(data), ALONE, archive.segments(data / "archive"), accept=True)
    assert len(readings.accepted(data / "archive")) == 1
    assert worlds.ask(data / "corpus.duckdb", "SELECT count(*) FROM acceptance") == [(1,)]


def test_what_would_change_is_told_and_nothing_is_done(data: Path, better: None) -> None:
    """Counted by aspect, with examples that say before and after."""
    before = worlds.content(data / "corpus.duckdb")
    done = reprocess.reprocess(worlds.settings(data), ALONE, archive.segments(data / "archive"), accept=False)
    assert done.summary is not None
    counts = dict(done.summary.counts)
    assert {"article", "title", "text", "published_at"} <= counts.keys()
    titles = [change for change in done.summary.examples if change.aspect == "title"]
    assert all(change.after == change.before + " (again)" for change in titles)
    assert worlds.content(data / "corpus.duckdb") == before


def test_accepted_readings_are_those_of_a_rebuild(data: Path, better: None) -> None:
    """The live corpus, changed in place, and one made anew by the better extractor are the same, table by table."""
    settings = worlds.settings(data)
    done = reprocess.reprocess(settings, ALONE, archive.segments(data / "archive"), accept=True)
    assert done.texts > 0
    made = rebuild.rebuild(settings, ALONE, swap=False)
    assert [f"{found}\n{found.examples}" for found in compare.compare(settings.corpus, made.corpus)] == []
    assert made.acceptances == 1


def test_what_was_known_before_stays_as_it_was(data: Path, better: None) -> None:
    """Every text that was current is still there, closed where it was superseded."""
    corpus = data / "corpus.duckdb"
    ask = "SELECT revision_id, title, text, published_at FROM revision WHERE known_from < TIMESTAMPTZ '{}' ORDER BY ALL"
    (last,) = worlds.ask(corpus, "SELECT max(known_from) + INTERVAL '1 microsecond' FROM revision")[0]
    before = worlds.ask(corpus, ask.format(last.isoformat()))
    reprocess.reprocess(worlds.settings(data), ALONE, archive.segments(data / "archive"), accept=True)
    assert worlds.ask(corpus, ask.format(last.isoformat())) == before
    assert worlds.ask(corpus, "SELECT count(*) FROM revision WHERE known_to IS NOT NULL AND latest") == [(0,)]


def test_some_segments_can_be_chosen(data: Path, better: None) -> None:
    """By the start of their runs; the pages of others are left alone."""
    paths = archive.segments(data / "archive")
    runs = sorted({path.name[:16] for path in paths})
    chosen = [path for path in paths if path.name.startswith(runs[-1])]
    assert reprocess.choose(data / "archive", run=chosen[0].name.rsplit("-", 1)[0]) == chosen
    done = reprocess.reprocess(worlds.settings(data), Runner(workers=2), chosen, accept=False)
    assert done.segments == len(chosen)
