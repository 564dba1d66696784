"""A backfill job run: as one cycle, like every other, with its pages found in the past. No Prefect here.

`drive` is given how to start a step, a thread or a Prefect task, as `cycle.drive` is.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from extractors import urls
from flows import cycle
from flows.collect import BACKFILL, Collector
from flows.config import Settings
from flows.cycle import Report, Start
from flows.fetcher import Fetcher
from flows.past import copying, fetching, files, finding, pace
from flows.past.choice import Left
from flows.past.memory import PAUSE
from flows.past.work import Paused, Work, unhurried
from flows.registry import Registry
from storage import archive, jobs, warehouse
from storage.jobs import Job, Progress

FOLDER = "backfill"  # in the data folder
_ASKED = 20  # hosts at most whose robots files are read for a forecast
Told = Callable[[Progress], None]


class BusyError(Exception):
    """Another process works on the job. The message says which job, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a job would do."""

    pages: int
    hosts: tuple[tuple[str, int], ...]  # with their pages, the most first
    seconds: float  # at the polite rate; 0 where nobody is asked
    left: tuple[tuple[Left, int], ...]
    undated: int
    listings: int
    problems: tuple[str, ...]


def root(settings: Settings) -> Path:
    """Return the folder of all jobs."""
    return settings.data / FOLDER


def drive(
    settings: Settings,
    registry: Registry,
    job: Job,
    *,
    start: Start,
    told: Told = lambda _: None,
    pause: timedelta = PAUSE,
) -> Report:
    """Do a job, or what is left of it, and load what it brings. Raises `BusyError` when another process does."""
    settings = unhurried(settings)
    folder = jobs.save(root(settings), job)
    with jobs.hold(folder) as ours:
        if not ours:
            raise BusyError(
                f"another process works on job {folder.name}: `tripolar backfill --status` tells how far it is"
            )
        jobs.unpause(folder)
        archive.salvage(settings.archive)
        work = Work(
            job=job,
            folder=folder,
            settings=settings,
            registry=registry,
            known=known(settings, job),
            told=told,
            pause=pause,
        )
        info = cycle.describe(settings, registry, BACKFILL)
        info = replace(info, run_id=jobs.run_id(job, uuid4().hex[:6]), settings=(*info.settings, ("job", folder.name)))
        try:
            report = cycle.drive(settings, info, lambda collector: collect(work, collector), start=start)
        except BaseException:
            jobs.pause(folder)  # whoever collects is in another thread, and Ctrl-C in this one does not reach it
            work.note("stopped", done=len(work.memory.done), force=True)
            raise
        return report


def run(
    settings: Settings, registry: Registry, job: Job, *, told: Told = lambda _: None, pause: timedelta = PAUSE
) -> Report:
    """Do a job in this process, without Prefect."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return drive(settings, registry, job, start=pool.submit, told=told, pause=pause)


async def collect(work: Work, collector: Collector) -> None:
    """Find and fetch, or copy, until it is done or somebody asks for a pause. What came is kept in any case."""
    try:
        work.remember()
        if work.job.kind in ("warc", "pages"):
            copying.copy(work, collector)
        else:
            async with collector.fetcher() as fetcher:
                await finding.find(work, fetcher, collector.keep)
                await fetching.fetch(work, fetcher, collector)
        work.note("done", done=len(work.memory.done), force=True)
    except Paused:
        work.note("paused", done=len(work.memory.done), force=True)
    finally:
        collector.close()


def known(settings: Settings, job: Job) -> frozenset[int]:
    """Return the pages that need not be asked for, because the corpus has them from elsewhere."""
    if job.again or not settings.corpus.exists():
        return frozenset()
    with warehouse.connect(settings.corpus, wait=settings.lock_wait) as connection:  # migrates it, too
        return jobs.captured(connection, job)


async def forecast(settings: Settings, registry: Registry, job: Job) -> Forecast:
    """Find the pages of a job without keeping or fetching any. Files are read for it; those behind URLs are not."""
    settings = unhurried(settings)
    work = Work(job=job, folder=None, settings=settings, registry=registry, known=known(settings, job))
    if job.kind in ("warc", "pages"):
        return _of_files(work)
    delays: dict[str, float] = {}
    async with Fetcher(settings.fetch, directory=settings.data / "hosts") as fetcher:
        await finding.find(work, fetcher, lambda _: None)
        counts = Counter(fetching.asked_host(want) for want in work.chooser.wants)
        for want in {fetching.asked_host(each): each for each in work.chooser.wants}.values():
            rules = await fetcher.rules(want.via or want.url) if len(counts) <= _ASKED else None
            if rules is not None and rules.delay is not None:
                delays[fetching.asked_host(want)] = rules.delay
    return _forecast(work, counts, pace.expected(counts, settings.fetch, delays), work.chooser.undated)


def _of_files(work: Work) -> Forecast:
    """Return what a job over files would copy. Which pages are of another time shows only when they are read."""
    job = work.job
    behind = [where for where in job.where if files.is_remote(where)]
    for where in behind:
        work.problem(f"{where}: a dry run does not download it")
    work.job = replace(job, where=tuple(where for where in job.where if where not in behind))
    work.remember()
    counts = Counter(urls.host(page.want.url) for page in copying.wanted(work))
    return _forecast(work, counts, 0.0, counts.total() if job.since or job.until else 0)


def _forecast(work: Work, counts: Counter[str], seconds: float, undated: int) -> Forecast:
    return Forecast(
        pages=counts.total(),
        hosts=tuple(counts.most_common()),
        seconds=seconds,
        left=tuple(sorted(work.chooser.left.items())),
        undated=undated,
        listings=work.listings,
        problems=tuple(work.problems),
    )
