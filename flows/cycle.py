"""One cycle: load what is pending, collect what is due, load it while collecting goes on, leave the plan, sum up.

The order is here, once, for every way to run it: `drive` is given how to start a step, a thread or a Prefect task.
"""

import asyncio
import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from flows.collect import Collected, Collector, Progress
from flows.config import Settings
from flows.load import Loaded, Loader
from flows.registry import Registry
from storage import reads, served, warehouse
from storage.archive import Info
from storage.reads import RunSummary


class Step(Protocol):
    """Something that was started and will have a result."""

    def result(self) -> Any:
        """Wait, and return what it returned, or raise what it raised."""


SERVED = "`tripolar serve` holds the corpus and loads them"
Start = Callable[..., Step]  # start(function, *arguments)
Collecting = Callable[[Collector], Any]  # what to do with a collector, as a coroutine


@dataclass(slots=True, kw_only=True)
class Report:
    """What a cycle did, for people and for the exit status."""

    run_id: str
    started_at: datetime
    collected: Collected = field(default_factory=Collected)
    loaded: Loaded = field(default_factory=Loaded)
    summary: RunSummary | None = None  # None: the corpus was held by somebody else all the time
    served: bool = False  # by `tripolar serve`, which loads what waits

    @property
    def exit_status(self) -> int:
        """0 done, 1 something waits, 3 nothing could be reached. What the server loads does not wait."""
        if not self.collected.reached:
            return 3
        return 1 if self.loaded.waiting and not self.served else 0


def describe(settings: Settings, registry: Registry, kind: str) -> Info:
    """Return what a run writes of itself into its segments."""
    started = datetime.now(UTC)
    kept = {
        "user_agent": settings.fetch.user_agent,
        "delay": settings.fetch.delay,
        "max_body": settings.fetch.max_body,
        "max_pages": settings.max_pages,
    }
    return Info(
        run_id=uuid4().hex[:12],
        run_kind=kind,
        started_at=started,
        software=f"tripolar {version('tripolar')}",
        settings=tuple((key, str(value)) for key, value in kept.items()),
        sources=registry.sources,
        feeds=registry.feeds,
    )


def run(
    settings: Settings,
    registry: Registry,
    *,
    all_due: bool = False,
    progress: Progress = lambda *_: None,
) -> Report:
    """Do one cycle in this process, without Prefect."""
    info = describe(settings, registry, "ingest")
    with ThreadPoolExecutor(max_workers=2) as pool:
        return drive(
            settings, info, lambda c: c.collect(registry, all_due=all_due), start=pool.submit, progress=progress
        )


def drive(
    settings: Settings, info: Info, collecting: Collecting, *, start: Start, progress: Progress = lambda *_: None
) -> Report:
    """Do one cycle: `collecting` says what to collect, `start` begins a step beside this thread."""
    report = Report(run_id=info.run_id, started_at=info.started_at)
    loader = Loader(settings)
    try:
        _load_pending(settings, loader, report, start)
        finished: queue.SimpleQueue[Path | None] = queue.SimpleQueue()
        collector = Collector(settings, info, on_segment=finished.put, progress=progress)
        report.collected = collector.done
        collect = start(_collect, collector, collecting, finished)
        while paths := _next(finished):
            if served.announced(settings.corpus):
                report.loaded.waiting += [path.name for path in paths]
            else:
                _add(report.loaded, start(loader.load, paths).result())
        collect.result()
        report.served = served.announced(settings.corpus)
        if not report.served and (report.loaded.segments or not settings.plan.exists()):
            _guarded(loader.remember, report.loaded)
    finally:
        loader.close()
    if report.served:
        report.loaded.why = SERVED
    else:
        report.summary = _summary(settings, report)
    return report


def _load_pending(settings: Settings, loader: Loader, report: Report, start: Start) -> None:
    """Load what earlier runs left, so that nothing is asked for twice. A server does it itself."""
    if served.announced(settings.corpus):
        return
    try:
        pending = loader.pending()
    except warehouse.LockedError as error:
        report.loaded.why = str(error)
        return
    if pending:
        _add(report.loaded, start(loader.load, pending).result())
        _guarded(loader.remember, report.loaded)


def _guarded(step: Callable[[], None], loaded: Loaded) -> None:
    try:
        step()
    except warehouse.LockedError as error:
        loaded.why = str(error)


def _collect(collector: Collector, collecting: Collecting, finished: "queue.SimpleQueue[Path | None]") -> None:
    try:
        asyncio.run(collecting(collector))
    finally:
        finished.put(None)


def _next(finished: "queue.SimpleQueue[Path | None]") -> list[Path]:
    """Wait for a segment, and return it with all that are finished by then, or nothing when collecting is over."""
    paths = []
    path = finished.get()
    while path is not None:
        paths.append(path)
        if finished.empty():
            return paths
        path = finished.get()
    if paths:
        finished.put(None)
    return paths


def _add(total: Loaded, part: Loaded) -> None:
    total.segments += part.segments
    total.waiting += part.waiting
    total.damages += part.damages
    total.why = part.why or total.why


def _summary(settings: Settings, report: Report) -> RunSummary | None:
    try:
        with warehouse.connect(settings.corpus, read_only=True, wait=settings.lock_wait) as connection:
            return reads.run_summary(connection, report.run_id)
    except warehouse.LockedError as error:
        report.loaded.why = str(error)
        return None
