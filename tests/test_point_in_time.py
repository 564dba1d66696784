"""A backfill never changes what was known before it: the same question about an earlier day has the same answer."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.model import Feed, Source
from flows import cycle
from flows.past import running
from flows.registry import Registry
from storage.jobs import Job
from tests import world as worlds
from tests.past import serving
from tests.past.serving import World

COUNT = 30


def registry(world: World) -> Registry:
    """The outlet with its feed, which names the ten newest stories."""
    source = Source(
        id="quay", name="The Quay", country="EU", language="en", time_zone="UTC", owner="its readers", state=False,
        family="quay", home=world.base + "/", hosts=(world.base.removeprefix("http://"),),
    )  # fmt: skip
    return Registry(sources=(source,), feeds=(Feed(url=world.base + "/feed", source_id="quay", language="en"),))


def known(corpus: Path, moment: datetime) -> list[tuple[object, ...]]:
    """Return what a reader of that moment saw: texts, dates and tags."""
    texts = worlds.ask(
        corpus, f"SELECT url, title, text, published_at FROM as_known_at('{moment.isoformat()}') ORDER BY ALL"
    )
    tags = worlds.ask(corpus, f"SELECT * FROM tags_known_at('{moment.isoformat()}') ORDER BY ALL")
    return [*texts, *tags]


@pytest.mark.parametrize("again", [0, 1], ids=["only what is not known", "older texts of known articles too"])
def test_a_backfill_leaves_the_knowledge_of_earlier_days_alone(tmp_path: Path, again: int) -> None:
    """Live, then a backfill from the archive: before it, the corpus of then; after it, everything."""
    corpus = tmp_path / "corpus.duckdb"
    with serving.serve(COUNT, edited={29, 28}) as world:
        settings = replace(worlds.settings(tmp_path), fetch=replace(worlds.settings(tmp_path).fetch, delay=0.0))
        cycle.run(settings, registry(world), all_due=True)
        moment = datetime.now(UTC)
        before = known(corpus, moment)
        latest = dict(worlds.ask(corpus, "SELECT url, text FROM articles"))
        assert len(latest) == 10
        job = Job(kind="wayback", where=(world.base,), archive=world.base, again=again)
        running.run(settings, registry(world), job)
    assert known(corpus, moment) == before
    after = dict(worlds.ask(corpus, "SELECT url, text FROM articles"))
    assert len(after) == COUNT
    assert {url: after[url] for url in latest} == latest, "an older text out of an archive is not the latest"
    revisions = worlds.ask(corpus, "SELECT count(*) FROM revision")[0][0]
    assert revisions == COUNT + (2 if again else 0)
    now = worlds.ask(corpus, "SELECT url, text FROM as_known_at(current_timestamp)")
    assert dict(now) == after
    assert worlds.ask(corpus, "SELECT count(*) FROM as_known_at(TIMESTAMPTZ '2022-01-01')") == [(0,)]
