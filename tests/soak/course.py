"""The cycles of a soak, run through the real collecting and loading with the newsroom's clock, and what must be true after them.

What the newsroom publishes is in `press`, the rules of others are in `rivals`.
"""

import asyncio
import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from extractors.model import Feed, Source
from flows import collect, cycle
from flows.cadence import REVISITS
from flows.collect import Collector
from flows.fetcher import Fetcher
from flows.registry import Registry
from flows.turns import Clock
from storage import archive, verify
from tests import world
from tests.soak.press import START, WINDOW, Press

MARGIN = timedelta(hours=14)  # the longest pause of a feed and a cycle: what is younger may not be found yet


@dataclass(slots=True, kw_only=True)
class Soaked:
    """What a soak left."""

    press: Press
    data: Path
    step: timedelta  # between two cycles
    memory: list[int] = field(default_factory=list)  # bytes resident after each cycle
    files: list[int] = field(default_factory=list)  # open after each cycle

    @property
    def end(self) -> datetime:
        """Return the time when it ended, by its own clock."""
        return self.press.now


class Today(datetime):
    """The clock of the newsroom, in the place of the system's."""

    press: Press

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        """Return the time there."""
        return cls.press.now


def run(
    data: Path,
    *,
    feeds: int,
    days: float,
    step: timedelta,
    seconds: float = float("inf"),
    told: Callable[[Soaked], None] = lambda _: None,
) -> Soaked:
    """Run all cycles, or as many as fit into the seconds. `told` is called after each."""
    soak = Soaked(press=Press(feeds, days), data=data, step=step)
    press = Today.press = soak.press
    registry = register(press)

    def fetcher(collector: Any) -> Fetcher:
        clock = Clock(time=lambda: press.now.timestamp(), sleep=lambda _: asyncio.sleep(0))
        return Fetcher(
            collector._settings.fetch,
            directory=data / "hosts",
            on_robots=collector.keep,
            transport=press,
            clock=clock,
        )

    settings = world.settings(data)
    object.__setattr__(settings, "revisit", True)
    ends = time.monotonic() + seconds
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Collector, "fetcher", fetcher)
        patch.setattr(collect, "_now", lambda: press.now)
        patch.setattr(cycle, "datetime", Today)
        while press.now < START + timedelta(days=days) and time.monotonic() < ends:
            if cycle.run(settings, registry).exit_status not in (0, 3):
                raise RuntimeError(f"the cycle of {press.now} failed")
            gc.collect()
            soak.memory.append(int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE"))
            soak.files.append(sum(1 for _ in Path("/proc/self/fd").iterdir()))
            press.now += step
            told(soak)
    return soak


def register(press: Press) -> Registry:
    """Return the outlets of the press and their feeds."""
    template: dict[str, Any] = {
        "country": "FI",
        "language": "en",
        "time_zone": "UTC",
        "owner": "",
        "state": False,
        "family": "",
        "home": "",
    }
    return Registry(
        sources=tuple(
            Source(id=feed.host[:-5], name=feed.host, hosts=(feed.host,), **template) for feed in press.feeds
        ),
        feeds=tuple(Feed(url=feed.url, source_id=feed.host[:-5], language="en") for feed in press.feeds),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """Stories that must be there, and what is wrong with those that are."""

    expected: int
    lost: frozenset[str]
    doubled: int
    unknown: frozenset[str]
    found: int


def articles(soak: Soaked) -> Articles:
    """Compare the corpus with what was published long enough, but for what an outage or a deletion took unseen."""
    urls = [url for (url,) in world.ask(soak.data / "corpus.duckdb", "SELECT url FROM articles")]
    known = {story.url for feed in soak.press.feeds for story in feed.stories}
    expected = {
        story.url
        for feed in soak.press.feeds
        for story in feed.stories
        if START <= story.at < soak.end - MARGIN
        and not story.deleted
        and not any(b <= story.at + MARGIN and story.at < e for b, e in feed.outages)
    }
    expected -= _taken(soak)
    return Articles(
        expected=len(expected),
        lost=frozenset(expected - set(urls)),
        doubled=len(urls) - len(set(urls)),
        unknown=frozenset(set(urls) - known),
        found=len(set(urls)),
    )


def _taken(soak: Soaked) -> set[str]:
    """Return the stories that nobody could find: out of the feed's window at every cycle, or before its host came back."""
    gone = set()
    cycles = [START + number * soak.step for number in range(len(soak.memory))]
    for feed in soak.press.feeds:
        shown = {story.url for at in cycles if not feed.is_down(at) for story in feed.shown(at)}
        gone |= {story.url for story in feed.stories} - shown
        for begin, end in feed.outages:
            back = {story.url for story in feed.shown(end + MARGIN)} | {
                story.url for story in feed.shown(end + soak.step)
            }
            gone |= {story.url for story in feed.stories if begin - MARGIN <= story.at < end and story.url not in back}
    return gone


def edits(soak: Soaked) -> tuple[int, int]:
    """Return how many edits a revisit came after, by the plan of revisits, and how many of them are revisions."""
    rows = world.ask(
        soak.data / "corpus.duckdb",
        "SELECT url, first_captured_at, count(DISTINCT revision_id) FROM article JOIN revision USING (article_id) GROUP BY ALL",
    )
    made = seen = 0
    for url, captured, revisions in rows:
        feed = soak.press.by_host[url.split("/")[2]]
        story = feed.by_url[url]
        visits = [captured + pause for pause in REVISITS if captured + pause + 2 * soak.step < soak.end]
        if not story.edited or story.deleted or story.edited <= captured or feed.outages:
            continue
        if any(visit >= story.edited for visit in visits):
            made += 1
            seen += revisions == 2
    return made, seen


def holes(soak: Soaked) -> tuple[set[str], set[str], set[str]]:
    """Return the feeds with holes that must be named, those that were named, and those that may be."""
    asked = "SELECT DISTINCT url FROM polls WHERE overlap = 0 AND new > 0"
    named = {url for (url,) in world.ask(soak.data / "corpus.duckdb", asked)}
    must = {
        feed.url
        for feed in soak.press.feeds
        for begin, end in feed.outages
        if end + MARGIN < soak.end and sum(begin <= story.at < end for story in feed.stories) > WINDOW
    }
    return must, named, {feed.url for feed in soak.press.feeds if feed.outages}


def growth(soak: Soaked) -> tuple[float, int]:
    """Return by what share memory, and by how many open files grew over the second half."""
    half = len(soak.memory) // 2
    return soak.memory[-1] / soak.memory[half] - 1, soak.files[-1] - soak.files[half]


def unsound(soak: Soaked) -> list[str]:
    """Return the segments that do not verify."""
    return [path.name for path in archive.segments(soak.data / "archive") if not verify.check(path).sound]
