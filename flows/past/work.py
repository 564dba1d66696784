"""What one run of a backfill job works with, when it has to stop, and how it says how far it is."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from extractors.model import Failed, Outcome, Reason, Source
from flows.config import Settings
from flows.manners import FetchSettings
from flows.past.choice import Chooser, Left
from flows.past.memory import PAUSE, Memory, key_of
from flows.registry import Registry
from storage import jobs
from storage.jobs import Job, Progress

_LOOK = 0.5  # seconds between two looks whether somebody asked for a pause
_NOTE = 2.0  # seconds between two notes of how far it is
_PROBLEMS = 20  # that are kept


class Paused(Exception):
    """The job was asked to pause."""


def unhurried(settings: Settings) -> Settings:
    """Return how a backfill fetches: as politely as ever, but waiting for a host as long as it takes."""
    fetch: FetchSettings = replace(settings.fetch, host_patience=float("inf"), wait_rests=True, run_time=None)
    return replace(settings, fetch=fetch)


@dataclass(slots=True, kw_only=True)
class Work:
    """A job, and everything that this run of it needs. `known` are pages that the corpus has from elsewhere."""

    job: Job
    folder: Path | None  # of the job; None: nothing is noted, as for a forecast
    settings: Settings
    registry: Registry
    known: Collection[int] = ()
    told: Callable[[Progress], None] = lambda _: None
    pause: timedelta = PAUSE  # before a second attempt
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    memory: Memory = field(default_factory=Memory)
    chooser: Chooser = field(init=False)
    outlets: dict[str, Source] = field(init=False)
    hosts: dict[str, str] = field(init=False)
    listings: int = 0
    problems: list[str] = field(default_factory=list)
    _noted: float = 0.0

    def __post_init__(self) -> None:
        """Look up the outlets, and begin to choose."""
        self.outlets = {source.id: source for source in self.registry.sources}
        self.hosts = self.registry.by_host()
        self.chooser = Chooser(self.job, self.outlets, self.hosts, self.known)

    def remember(self) -> None:
        """Learn from the segments of the job's earlier runs."""
        self.memory = Memory.of(jobs.segments(self.settings.archive, self.job))

    def heed(self) -> None:
        """Raise `Paused` when somebody asked for a pause."""
        if self.folder is not None and jobs.paused(self.folder):
            raise Paused

    async def watched(self, outcomes: AsyncGenerator[Outcome, None]) -> AsyncGenerator[Outcome, None]:
        """Yield outcomes, and heed a pause also while none comes: a host may ask for an hour of rest."""
        async with aclosing(outcomes):
            while True:
                self.heed()
                coming = asyncio.ensure_future(anext(outcomes, None))
                try:
                    while not (await asyncio.wait({coming}, timeout=_LOOK))[0]:
                        self.heed()
                finally:
                    if coming.cancel():
                        await asyncio.wait({coming})
                outcome = coming.result()
                if outcome is None:
                    return
                yield outcome

    def again_at(self, outcome: Failed) -> float | None:
        """Return when to ask again, in seconds since 1970, or None for never."""
        if outcome.reason is Reason.DEFERRED:
            return time.time() + self.pause.total_seconds()
        tried = self.memory.failed.get(key_of(outcome.want))
        at = tried.again_at(self.pause) if tried else None
        return at.timestamp() if at else None

    async def until(self, due: float) -> None:
        """Wait until a time in seconds since 1970."""
        while (wait := due - time.time()) > 0:
            self.heed()
            await asyncio.sleep(min(wait, 1.0))

    def problem(self, text: str) -> None:
        """Keep what is wrong with a listing or a file, the first few."""
        if len(self.problems) < _PROBLEMS:
            self.problems.append(text)

    def note(
        self,
        phase: Literal["planning", "fetching", "importing", "paused", "stopped", "done"],
        *,
        done: int = 0,
        seconds: float | None = None,
        force: bool = False,
    ) -> None:
        """Say how far it is, now and then, or now when forced."""
        if self.folder is None or (not force and time.monotonic() - self._noted < _NOTE):
            return
        self._noted = time.monotonic()
        left = self.chooser.left
        progress = Progress(
            phase=phase,
            at=datetime.now(UTC),
            started_at=self.started,
            done=done,
            total=max(len(self.chooser.wants), done),
            known=left[Left.KNOWN],
            outside=left[Left.OUTSIDE],
            undated=self.chooser.undated,
            elsewhere=left[Left.ELSEWHERE],
            over=left[Left.OVER],
            left=sum(1 for tried in self.memory.failed.values() if tried.again_at() is not None),
            listings=self.listings,
            problems=tuple(self.problems),
            seconds_left=seconds,
        )
        jobs.note(self.folder, progress)
        self.told(progress)
