"""Whole backfills over a past on the loopback: every way to find pages, what a window means, what faults cost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from extractors.model import Source
from flows.config import Settings
from flows.past import running
from flows.registry import Registry
from storage import jobs
from storage.jobs import Job
from tests import world as worlds
from tests.past import serving
from tests.past.serving import World
from tests.past.writing import FIRST, story

COUNT = 60


@pytest.fixture
def past() -> Iterator[World]:
    """Sixty articles and their archive."""
    with serving.serve(COUNT) as served:
        yield served


def registry(world: World) -> Registry:
    """The outlet, as the registry describes it."""
    source = Source(
        id="quay", name="The Quay", country="EU", language="en", time_zone="UTC", owner="its readers", state=False,
        family="quay", home=world.base + "/", hosts=(world.base.removeprefix("http://"),),
    )  # fmt: skip
    return Registry(sources=(source,), feeds=())


def backfill(data: Path, world: World, kind: jobs.Kind, where: str, **facts: Any) -> Any:
    """Run a job to its end, and return its report."""
    job = Job(kind=kind, where=(where,), archive=world.base, **facts)
    return running.run(settings(data), registry(world), job)


def settings(data: Path) -> Settings:
    """Settings without waiting."""
    return worlds.settings(data, segment_age=2.0)


def texts(data: Path) -> dict[str, str]:
    """Return the articles of the corpus by the path of their URL."""
    rows = worlds.ask(data / "corpus.duckdb", "SELECT url, text FROM articles")
    return {url[url.index("/", 8) :]: text for url, text in rows}


def day(number: int) -> datetime:
    """Midnight of the day so many days after the first story."""
    return FIRST.replace(hour=0) + timedelta(days=number)


def test_a_sitemap_tree_gives_every_page_once(tmp_path: Path, past: World) -> None:
    """Found through robots, through an index that leads in a circle, plain and packed; the texts are whole."""
    report = backfill(tmp_path, past, "sitemap", past.base)
    assert report.exit_status == 0
    assert texts(tmp_path) == {each.path: each.text for each in past.stories}
    assert set(past.count("/world").values()) == {1}
    assert set(past.count("/sitemaps").values()) == {1}


def test_an_archive_gives_pages_under_their_own_address_and_time(tmp_path: Path, past: World) -> None:
    """The index comes in pages; each article is known by the outlet's address and dated by the archive's word."""
    report = backfill(tmp_path, past, "wayback", past.base)
    assert report.exit_status == 0
    assert texts(tmp_path) == {each.path: each.text for each in past.stories}
    assert len(past.count("/cdx")) == -(-COUNT // past.page_rows)
    ((archived, final, wanted),) = worlds.ask(
        tmp_path / "corpus.duckdb",
        "SELECT archived_at, final_url, wanted FROM capture WHERE url LIKE '%/story-7.html'",
    )
    assert archived == story(7).published + timedelta(days=1)
    assert "id_/" in final
    assert wanted == "backfill"
    assert not past.count("/world")


def test_a_window_is_one_of_publication(tmp_path: Path, past: World) -> None:
    """Pages of other days are fetched only where nobody can know their day before, and never become articles."""
    past.undated |= {12, 13}
    report = backfill(tmp_path, past, "sitemap", past.base, since=day(3), until=day(6))
    assert report.exit_status == 0
    inside = {each.path for each in past.stories if day(3) <= each.published < day(6)}
    assert texts(tmp_path).keys() == inside - {story(12).path, story(13).path}
    fates = dict(worlds.ask(tmp_path / "corpus.duckdb", "SELECT fate, count(*) FROM fates GROUP BY ALL"))
    assert fates["no article: undated"] == 2
    assert fates["no article: outside"] > 0
    early = [each.path for each in past.stories if each.published + timedelta(days=2) < day(3)]
    assert not past.count("/world").keys() & set(early), "their last change is before the window"


def test_articles_without_a_date_come_when_they_are_asked_for(tmp_path: Path, past: World) -> None:
    """`undated` takes them, and they are counted apart."""
    past.undated |= {12, 13}
    job = Job(kind="sitemap", where=(past.base,), since=day(3), until=day(6), undated=True)
    running.run(settings(tmp_path), registry(past), job)
    assert {story(12).path, story(13).path} <= texts(tmp_path).keys()
    with worlds.warehouse.connect(tmp_path / "corpus.duckdb") as connection:
        assert ("new article, undated", 2) in jobs.fates(connection, job)


def test_older_pages_of_a_feed_are_read_as_far_as_the_window_goes(tmp_path: Path, past: World) -> None:
    """Ten entries a page, newest first: the pages behind the window are not asked for."""
    backfill(tmp_path, past, "paged", past.base + "/feed", since=day(10))
    assert texts(tmp_path).keys() == {each.path for each in past.stories if each.published >= day(10)}
    assert len(past.count("/feed")) == 5  # thirty entries are inside; the fifth page is wholly before
    assert len(past.count("/world")) == 30


@pytest.mark.parametrize("form", ["text", "csv"])
def test_a_list_of_urls_brings_what_it_names(tmp_path: Path, past: World, form: str) -> None:
    """Dates of a table limit what is asked; a plain list has none."""
    chosen = past.stories[10:20]
    lines = [f"{past.base}{each.path}" for each in chosen]
    if form == "csv":
        lines = [
            "url,date,title",
            *(f"{line},{s.published:%Y-%m-%d},A title" for line, s in zip(lines, chosen, strict=True)),
        ]
    listed = tmp_path / "list.txt"
    listed.write_text("\n".join([*lines, "not a url"]))
    backfill(tmp_path, past, "urls", str(listed), since=day(4))
    assert texts(tmp_path).keys() == {each.path for each in chosen if each.published >= day(4)}
    assert len(past.count("/world")) == (len(texts(tmp_path)) if form == "csv" else len(chosen))


def test_what_fails_for_a_while_is_asked_again_and_what_is_gone_is_not(tmp_path: Path, past: World) -> None:
    """503, 429 with Retry-After, and a body that ends early heal; a 404 stays."""
    past.refusals.update({story(3).path: 1, "/sitemaps/part-0.xml": 1})
    past.limited.add(story(4).path)
    past.cut.add(story(5).path)
    del past.stories[20:]
    past.asked.clear()
    listed = tmp_path / "list.txt"
    listed.write_text("\n".join(f"{past.base}{story(n).path}" for n in (3, 4, 5, 6, 30)))
    job = Job(kind="urls", where=(str(listed),))
    work = running.run(settings(tmp_path), registry(past), job, pause=timedelta(seconds=0.2))
    assert work.exit_status == 0
    assert past.count("/world") == {
        story(3).path: 2,
        story(4).path: 2,
        story(5).path: 2,
        story(6).path: 1,
        story(30).path: 1,
    }
    assert texts(tmp_path).keys() == {story(n).path for n in (3, 4, 5, 6)}
    asked = [at for path, at in zip(past.asked, past.at, strict=True) if path == story(4).path]
    assert asked[1] - asked[0] >= 1.0


def test_the_same_job_again_asks_for_nothing(tmp_path: Path, past: World) -> None:
    """Everything has its answer in the archive."""
    backfill(tmp_path, past, "wayback", past.base)
    before = len(past.asked)
    backfill(tmp_path, past, "wayback", past.base)
    assert len(past.asked) == before


def test_what_the_corpus_has_is_left_out(tmp_path: Path, past: World) -> None:
    """A second job over the same outlet finds everything known."""
    backfill(tmp_path, past, "sitemap", past.base)
    past.asked.clear()
    backfill(tmp_path, past, "wayback", past.base)
    assert not past.count("/web")
    done = jobs.progress(
        tmp_path / "backfill" / jobs.identity(Job(kind="wayback", where=(past.base,), archive=past.base))
    )
    assert done is not None
    assert (done.known, done.total, done.phase) == (COUNT, 0, "done")


def test_a_limit_takes_so_many_and_says_how_many_are_over(tmp_path: Path, past: World) -> None:
    """The first ones of the plan."""
    backfill(tmp_path, past, "sitemap", past.base, limit=5)
    assert len(past.count("/world")) == 5


def test_a_pause_stops_after_the_page_in_flight_and_the_job_goes_on_later(tmp_path: Path, past: World) -> None:
    """No page is asked for twice."""
    job = Job(kind="sitemap", where=(past.base,))
    folder = jobs.save(running.root(settings(tmp_path)), job)

    def told(progress: jobs.Progress) -> None:
        if progress.phase == "fetching":
            jobs.pause(folder)

    running.run(settings(tmp_path), registry(past), job, told=told)
    first = len(past.count("/world"))
    assert first < COUNT
    noted = jobs.progress(folder)
    assert noted is not None
    assert noted.phase == "paused"
    running.run(settings(tmp_path), registry(past), job)
    assert texts(tmp_path).keys() == {each.path for each in past.stories}
    assert sum(past.count("/world").values()) <= COUNT + 1, "the page in flight may come twice"


def test_two_processes_do_not_work_on_one_job(tmp_path: Path, past: World) -> None:
    """The second is told so."""
    job = Job(kind="sitemap", where=(past.base,))
    folder = jobs.save(running.root(settings(tmp_path)), job)
    with jobs.hold(folder) as ours:
        assert ours
        with pytest.raises(running.BusyError, match=folder.name):
            running.run(settings(tmp_path), registry(past), job)


def test_the_schedule_does_not_fetch_what_a_backfill_left(tmp_path: Path, past: World) -> None:
    """Neither entries outside of the job nor revisits of old pages draw an ordinary cycle after them."""
    from flows import cycle

    backfill(tmp_path, past, "sitemap", past.base, limit=5)
    past.asked.clear()
    later = replace(settings(tmp_path), revisit=True)
    cycle.run(later, registry(past), all_due=True)
    assert not past.asked


def test_a_dry_run_counts_and_keeps_nothing(tmp_path: Path, past: World) -> None:
    """Pages, hosts, hours at the polite rate; no segment, no page asked for."""
    import asyncio

    job = Job(kind="sitemap", where=(past.base,), since=day(3))
    told = asyncio.run(running.forecast(settings(tmp_path), registry(past), job))
    changed = [each.published + timedelta(days=1) for each in past.stories]
    assert told.pages == sum(at.date() >= day(3).date() for at in changed)
    assert told.hosts == (("127.0.0.1", told.pages),)
    assert told.undated == told.pages
    assert not past.count("/world")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "hosts"]


def test_now_is_never_before_the_past(past: World) -> None:
    """The world of these tests is older than any clock that runs them."""
    assert past.stories[-1].published < datetime.now(UTC)
