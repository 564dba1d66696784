"""How fast feeds are polled: `python -m tests.bench.polling [--feeds 1000]`.

Another process serves one feed on each of a thousand addresses of the loopback; nine of ten answer 304 to a conditional
question. A first collection learns the validators and is loaded; the second one is measured, end to end: planning, robots
from the shelf, asking, the archive. A run in which anything failed is not reported.
"""

import argparse
import asyncio
import multiprocessing
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from extractors.model import Feed, Purpose, Source
from flows import cycle
from flows.collect import Collector
from flows.config import Settings
from flows.load import Loader
from flows.registry import Registry
from tests import world
from tests.bench import gauges, press

BAR, MEMORY = 300, 400  # feeds a second, megabytes
PORT = 22000
_ITEMS = 20


def home(number: int) -> str:
    """Return where a feed's outlet is."""
    return f"http://127.1.{number // 250}.{number % 250 + 1}:{PORT}/"


def registry(count: int) -> Registry:
    """Return as many outlets with a feed each."""
    sources = (
        Source(
            id=f"outlet-{n}", name=f"Outlet {n}", country="EU", language="en", time_zone="Europe/Brussels", owner="",
            state=False, family="", home=home(n),
        )
        for n in range(count)
    )  # fmt: skip
    feeds = (Feed(url=f"{home(n)}feed.xml", source_id=f"outlet-{n}", language="en") for n in range(count))
    return Registry(sources=tuple(sources), feeds=tuple(feeds))


def packed(number: int, *, edition: int) -> bytes:
    """Return the answer that brings a feed; a later edition has one story more and one less."""
    item = "<item><title>Story {0} of {1}</title><link>{2}{0}.html</link><guid>{1}-{0}</guid><description>{3}</description></item>"
    text = "What happened, in a sentence or two, as feeds tell it. " * 4
    items = "".join(item.format(n, number, home(number), text) for n in range(edition, edition + _ITEMS))
    document = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{number}</title>{items}</channel></rss>'
    return press.packed(document.encode(), "application/rss+xml", f'"{number}-{edition}"')


async def _listen(count: int, changing: bool, tell: Connection) -> None:
    loop = asyncio.get_running_loop()
    for n in range(count):
        ready = {b"/feed.xml": packed(n, edition=1)}
        again = packed(n, edition=2) if changing and n % 10 == 0 else b"HTTP/1.1 304 Not Modified\r\n\r\n"
        host = home(n).split("/")[2].split(":")[0]
        await loop.create_server(
            lambda ready=ready, again=again: press.Answers(ready, again),  # type: ignore[misc]
            host,
            PORT,
        )
    tell.send(count)
    await loop.run_in_executor(None, tell.poll, None)


def _serve(count: int, changing: bool, tell: Connection) -> None:
    asyncio.run(_listen(count, changing, tell))


@contextmanager
def serving(count: int, *, changing: bool = True) -> Iterator[None]:
    """Serve the feeds from another process. `changing`: every tenth has something new each time."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(count, changing, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        ours.recv()
        yield
    finally:
        ours.close()
        process.terminate()
        process.join()


def poll(settings: Settings, known: Registry) -> dict[str, int]:
    """Collect once, and return how many feeds there are of each fate."""
    collector = Collector(settings, cycle.describe(settings, known, "ingest"))
    asyncio.run(collector.collect(known, all_due=True))
    return {word: n for (purpose, word), n in collector.done.counts.items() if purpose is Purpose.FEED}


def learn(settings: Settings, known: Registry) -> None:
    """Collect once and load it, so that the next collection asks conditionally."""
    poll(settings, known)
    with_loader = Loader(settings)
    try:
        with_loader.load(with_loader.pending())
        with_loader.remember()
    finally:
        with_loader.close()


def main() -> int:
    """Measure. Returns 1 when a bar is missed, 2 when the run cannot be reported."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--feeds", type=int, default=1000)
    given = asked.parse_args()
    known = registry(given.feeds)
    with tempfile.TemporaryDirectory() as folder, serving(given.feeds):
        settings = world.settings(Path(folder), max_pages=0)
        settings = replace(settings, fetch=replace(settings.fetch, allow=("127.0.0.0/8",)))
        gauges.measure(learn, settings, known)
        cost = gauges.measure(poll, settings, known)
    changed = len(range(0, given.feeds, 10))
    expected = {"fetched": changed, "notmodified": given.feeds - changed}
    if cost.result != expected:
        print(f"not reported, because: {cost.result} instead of {expected}")
        return 2
    pace = given.feeds / cost.seconds
    print(f"{given.feeds:,} feeds, {changed} of them changed: {pace:.0f} feeds/s (bar: {BAR}), {cost.cpu:.2f} s of CPU")
    print(f"by CPU {given.feeds / cost.cpu:.0f} feeds/s; memory {cost.parent:.0f} MB (bar: {MEMORY})")
    return int(pace < BAR or cost.parent > MEMORY)


if __name__ == "__main__":
    raise SystemExit(main())
