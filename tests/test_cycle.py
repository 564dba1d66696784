"""Whole cycles over the demo's newsroom: what comes in, what a second run finds, and what a kill at any point costs."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from extractors import intake
from extractors.model import Polled, Record
from flows.demo.newsroom import Newsroom
from flows.load import Loader
from flows.registry import Registry
from storage import archive, warehouse
from tests import world


@pytest.fixture(scope="module")
def served() -> object:
    """The first edition, and its registry."""
    with world.serve() as both:
        yield both


@pytest.fixture(scope="module")
def whole(served: tuple[Newsroom, Registry], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of one undisturbed run."""
    data = tmp_path_factory.mktemp("whole")
    report = world.run(data, served[1])
    assert report.exit_status == 0
    return data


def test_every_article_of_the_newsroom_is_in_the_corpus_with_its_text(
    served: tuple[Newsroom, Registry], whole: Path
) -> None:
    """Nothing is missing, nothing is there twice, and no chrome is in the texts."""
    pieces = served[0].articles()
    texts = dict(world.ask(whole / "corpus.duckdb", "SELECT url, text FROM articles"))
    assert texts.keys() == pieces.keys()
    for url, piece in pieces.items():
        missing = [p for p in piece.text.split("\n") if p and p not in texts[url]]
        assert not missing, (url, missing)


def test_every_page_that_was_wanted_ends_in_one_counted_fate(whole: Path) -> None:
    """The dead page, the forbidden one and the section page are counted beside the articles."""
    fates = dict(world.ask(whole / "corpus.duckdb", "SELECT fate, count(*) FROM fates GROUP BY ALL"))
    assert fates["failed: robots"] == 1
    assert fates["failed: gone"] == 1
    assert fates["no article: listing"] == 1
    assert sum(fates.values()) == world.ask(whole / "corpus.duckdb", "SELECT count(*) FROM capture")[0][0]
    wanted = world.ask(whole / "corpus.duckdb", "SELECT count(DISTINCT url_id) FROM entry")[0][0]
    assert sum(fates.values()) == wanted


def test_a_forbidden_page_was_never_asked_for(served: tuple[Newsroom, Registry], whole: Path) -> None:
    """Robots rules are honoured, not only recorded."""
    assert whole.exists()
    assert not [request for request in served[0].requests if request.path.startswith("/members")]


def test_a_listing_is_read_beside_the_loop(
    served: tuple[Newsroom, Registry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of many thousands of entries takes seconds, in which other hosts' answers would be late."""
    times, held = [], []
    read = intake.read_listing

    def reading(record: Record) -> Polled:
        times.append(record)
        with suppress(RuntimeError):  # there is no loop here, which is what is wanted
            held.append(asyncio.get_running_loop())
        return read(record)

    monkeypatch.setattr(intake, "read_listing", reading)
    assert world.run(tmp_path, served[1]).exit_status == 0
    assert len(times) >= len(served[1].feeds) - 1  # one answers with an error
    assert held == []


def test_a_reprinted_story_is_known_as_one(whole: Path) -> None:
    """Three outlets carry the wire's story, in slightly different words."""
    assert [n for (n,) in world.ask(whole / "corpus.duckdb", "SELECT articles FROM stories")] == [3]


def test_the_demo_reports_relations_and_topics_with_evidence_that_is_in_the_text(whole: Path) -> None:
    """Every tag can be shown in the words of the article."""
    corpus = whole / "corpus.duckdb"
    relations = dict(world.ask(corpus, "SELECT relation, count(*) FROM article_relations GROUP BY ALL"))
    assert {"EU-CN", "EU-RU", "CN-RU"} <= relations.keys()
    quotes = world.ask(corpus, "SELECT quote, title, text FROM evidence JOIN articles USING (article_id)")
    assert quotes
    assert all(quote and (quote in title or quote in text) for quote, title, text in quotes)


def test_a_second_run_finds_nothing_new_and_asks_conditionally(tmp_path: Path) -> None:
    """The same edition again: only the listings are asked, and they answer 304."""
    with world.serve() as (newsroom, registry):
        world.run(tmp_path, registry)
        before, asked = world.content(tmp_path / "corpus.duckdb"), len(newsroom.requests)
        report = world.run(tmp_path, registry)
        again = newsroom.requests[asked:]
    assert report.summary is not None
    assert report.summary.pages == ()
    assert all(request.status == 304 for request in again), [(r.path, r.status) for r in again]
    assert world.content(tmp_path / "corpus.duckdb") == before


def test_an_article_that_changed_gets_a_second_revision(tmp_path: Path) -> None:
    """The second edition changes one article and says so in its feed."""
    with world.serve(1) as (_, registry):
        world.run(tmp_path, registry)
    with world.serve(2, world.base_of(registry)) as (_, registry):
        report = world.run(tmp_path, registry)
    assert report.summary is not None
    assert dict(report.summary.pages) == {"revision": 1}
    changed = "SELECT max(number) FROM revisions GROUP BY article_id HAVING max(number) > 1"
    assert world.ask(tmp_path / "corpus.duckdb", changed) == [(2,)]


def test_loading_every_segment_again_changes_nothing(served: tuple[Newsroom, Registry], whole: Path) -> None:
    """Idempotent: the archive is handed to the loader a second time."""
    before = world.content(whole / "corpus.duckdb")
    loader = Loader(world.settings(whole))
    try:
        loader.load(archive.segments(whole / "archive"))
    finally:
        loader.close()
    assert world.content(whole / "corpus.duckdb") == before


KILLS = {
    "after the third outcome, among the feeds": ("storage.archive:Writer.append", 3, "after"),
    "after the thirtieth outcome, among the pages": ("storage.archive:Writer.append", 30, "after"),
    "in the middle of writing an outcome": ("storage.archive:Writer._write", 20, "half"),
    "before a segment gets its name": ("storage.disk:finish", 1, "before"),
    "before the transaction": ("storage.loading:commit", 1, "before"),
    "in the middle of the transaction": ("storage.stories:link", 1, "before"),
    "after the transaction": ("storage.loading:commit", 1, "after"),
    "while the plan is left": ("storage.plan:save", 1, "before"),
}


@pytest.mark.parametrize("point", KILLS)
def test_a_killed_run_and_another_give_the_corpus_of_an_undisturbed_one(
    served: tuple[Newsroom, Registry], whole: Path, tmp_path: Path, point: str
) -> None:
    """SIGKILL at a chosen point, then one ordinary run."""
    newsroom, registry = served
    target, count, moment = KILLS[point]
    killed = subprocess.run(
        [sys.executable, "-m", "tests.killed", str(tmp_path), str(world.base_of(registry)), target, str(count), moment],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONWARNINGS": "default"},
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    asked = len(newsroom.requests)
    report = world.run(tmp_path, registry)
    assert report.exit_status == 0
    assert world.differences(tmp_path / "corpus.duckdb", whole / "corpus.duckdb") == []
    pages = [(request.outlet, request.path) for request in newsroom.requests[asked:] if request.status == 200]
    assert len(pages) == len(set(pages))


def test_a_corpus_that_is_held_delays_loading_and_loses_nothing(
    served: tuple[Newsroom, Registry], whole: Path, tmp_path: Path
) -> None:
    """Collecting goes on beside a foreign client; the next run loads what waits, and asks for no page again."""
    corpus = tmp_path / "corpus.duckdb"
    with warehouse.connect(corpus):
        pass
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import duckdb, sys; c = duckdb.connect({str(corpus)!r}); print(flush=True); sys.stdin.read()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    holder.stdout.readline()
    newsroom, registry = served
    report = world.run(tmp_path, registry, lock_wait=0.1)
    assert report.loaded.waiting
    assert report.exit_status == 1
    asked = len(newsroom.requests)
    again = world.run(tmp_path, registry, lock_wait=0.1)
    assert again.loaded.waiting or again.loaded.why
    assert not [request.path for request in newsroom.requests[asked:] if request.status == 200]
    holder.stdin.close()
    holder.wait()
    holder.stdout.close()
    healed = world.run(tmp_path, registry)
    assert healed.exit_status == 0
    assert world.differences(corpus, whole / "corpus.duckdb") == []
