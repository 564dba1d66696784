"""One collection: polls what is due, fetches the pages that are wanted, and keeps all of it in segments.

What is due is decided in `planning`, how to ask in `fetcher`. Nothing is loaded here, and the corpus is not opened.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extractors import intake
from extractors.model import Failed, Fetched, Outcome, Polled, Purpose, Record, Want
from flows import journal, planning
from flows.config import Settings
from flows.fetcher import Fetcher
from flows.registry import Registry
from storage import archive, plan
from storage.archive import Info
from storage.plan import Plan

BACKFILL = "backfill"  # the kind of a run whose listings name pages that only it wants
Progress = Callable[[str, int, int], None]  # what is done, how much of it, of how much


@dataclass(slots=True, kw_only=True)
class Collected:
    """What one collection did: counts, by what was asked for and what came of it."""

    counts: Counter[tuple[Purpose, str]] = field(default_factory=Counter)
    left: int = 0  # pages over the cycle's limit: asked for next time
    segments: list[Path] = field(default_factory=list)

    def count(self, outcome: Outcome) -> None:
        """Count an outcome."""
        word = outcome.reason if isinstance(outcome, Failed) else type(outcome).__name__.lower()
        self.counts[outcome.want.purpose, word] += 1

    def total(self, purpose: Purpose, *words: str) -> int:
        """Return how many outcomes of a purpose there were, of all kinds or of those named."""
        return sum(n for (kind, word), n in self.counts.items() if kind is purpose and (not words or word in words))

    @property
    def reached(self) -> bool:
        """Whether anything answered at all, or nothing was asked."""
        asked = {key: n for key, n in self.counts.items() if key[0] is not Purpose.ROBOTS}
        unreachable = {"dns", "connect", "timeout", "tls", "robots-unreachable"}
        return not asked or any(word not in unreachable for _, word in asked)


def remembered(settings: Settings) -> tuple[Plan, list[Want]]:
    """Return the plan that loading left, brought up to date from the segments that are not loaded yet."""
    known = plan.read(settings.plan)
    polled: list[Polled] = []
    asked: list[Want] = []
    for path in archive.segments(settings.archive):
        if path.name in known.segments:
            continue
        info, records = archive.read(path)
        for record in records:
            want = record.outcome.want
            if want.purpose in (Purpose.FEED, Purpose.SITEMAP) and info.run_kind != BACKFILL:
                polled.append(intake.read_listing(record))
            elif want.purpose is Purpose.PAGE:
                asked.append(want)
    return planning.overlay(known, polled, asked)


class Collector:
    """Writes what a fetcher brings. `on_segment` is given each segment as soon as it is whole."""

    def __init__(
        self,
        settings: Settings,
        info: Info,
        *,
        on_segment: Callable[[Path], None] = lambda _: None,
        progress: Progress = lambda *_: None,
    ) -> None:
        self._settings, self._on_segment, self._progress = settings, on_segment, progress
        self._writer = archive.Writer(
            settings.archive,
            info,
            max_bytes=settings.segment_bytes,
            max_age=timedelta(seconds=settings.segment_age),
        )
        self.done = Collected()

    async def collect(self, registry: Registry, *, all_due: bool = False) -> Collected:
        """Poll the feeds that are due and fetch the pages that are wanted. The last segment is closed in any case."""
        try:
            async with self.fetcher() as fetcher:
                memory, wanted = remembered(self._settings)
                polled = await self._poll(fetcher, planning.feeds(registry, memory, _now(), all_due=all_due))
                wanted += planning.discovered(polled, memory.known)
                wanted += planning.pages(memory, _now(), revisit=self._settings.revisit)
                pages, self.done.left = planning.distinct(wanted, self._settings.max_pages)
                await self.fetch(fetcher, pages)
        finally:
            self.close()
        return self.done

    def fetcher(self) -> Fetcher:
        """Return a fetcher by the settings, which shares its hosts' turns with other processes."""
        return Fetcher(self._settings.fetch, directory=self._settings.data / "hosts", on_robots=self.keep)

    async def _poll(self, fetcher: Fetcher, wants: Sequence[Want]) -> list[Polled]:
        polled = []
        async for outcome in fetcher.stream(wants):
            self.keep(outcome)
            self._progress("feeds", self.done.total(Purpose.FEED) + self.done.total(Purpose.SITEMAP), len(wants))
            if isinstance(outcome, Fetched):
                record = Record(outcome=outcome, segment="", offset=0, length=0)
                # Beside the loop: a listing of many thousands of entries takes seconds, and others would time out.
                polled.append(await asyncio.to_thread(intake.read_listing, record))
        return polled

    async def fetch(self, fetcher: Fetcher, wants: Iterable[Want]) -> None:
        """Fetch pages and keep what comes."""
        pages = list(wants)
        async for outcome in fetcher.stream(pages):
            self.keep(outcome)
            self._progress("pages", self.done.total(Purpose.PAGE), len(pages))

    def keep(self, outcome: Outcome) -> None:
        """Write an outcome and count it."""
        self.done.count(outcome)
        if self._settings.log == "json":
            journal.tell(outcome)
        self._finished(self._writer.append(outcome))

    def close(self) -> None:
        """Finish the segment that is being written."""
        self._finished(self._writer.close())

    def _finished(self, path: Path | None) -> None:
        if path is not None:
            self.done.segments.append(path)
            self._on_segment(path)


def _now() -> datetime:
    return datetime.now(UTC)
