"""Segments into the corpus: worker processes read whole segments, this process writes each in one transaction.

What a segment says is read by `extractors.intake`, how rows are merged is in `storage.loading`. The network is never
touched.
"""

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from extractors import intake, tagging
from extractors.model import Captured, Polled
from flows import lexicon, workers
from flows.config import Settings
from flows.registry import Registry
from storage import archive, loading, plan, rows, warehouse
from storage.archive import Damage, Info
from storage.loading import SegmentFacts
from storage.rows import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One segment, read: everything that the corpus needs of it."""

    info: Info
    facts: SegmentFacts
    tables: Tables
    damages: tuple[Damage, ...]


@dataclass(slots=True, kw_only=True)
class Loaded:
    """What loading did."""

    segments: list[str] = field(default_factory=list)  # names of those that are in the corpus now
    waiting: list[str] = field(default_factory=list)  # and of those that could not be written yet
    why: str = ""
    damages: list[Damage] = field(default_factory=list)


def read_segment(path: Path, cache_folder: Path) -> Read:
    """Return the rows of a segment. Runs in any process on any machine that has the file."""
    info, records = archive.read(path)
    ready = tagger(cache_folder)
    hosts = Registry(sources=info.sources, feeds=()).by_host()
    polled: list[Polled] = []
    captured: list[Captured] = []
    count = 0
    for record in records:
        count += 1
        item = intake.read(record, tagger=ready, hosts=hosts)
        if isinstance(item, Polled):
            polled.append(item)
        elif isinstance(item, Captured):
            captured.append(item)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    facts = SegmentFacts(
        name=path.name,
        bytes=path.stat().st_size,
        digest=f"sha256:{digest}",
        outcomes=count,
        damaged=len(records.damages),
    )
    return Read(info=info, facts=facts, tables=rows.build(polled, captured), damages=tuple(records.damages))


@cache
def tagger(cache_folder: Path) -> tagging.Tagger:
    """Return the tagger of this process, made ready once."""
    return tagging.Tagger(lexicon.load(cache_folder))


class Loader:
    """Loads segments with a pool of workers that lives as long as the loader is open."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: ProcessPoolExecutor | None = None

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def pending(self) -> list[Path]:
        """Return the segments that are not in the corpus, in the order of their names. Orphaned ones are mended first.

        Raises `WarehouseError` when the corpus cannot be opened.
        """
        archive.salvage(self._settings.archive)
        with self._corpus() as connection:
            known = loading.loaded(connection)
        return [path for path in archive.segments(self._settings.archive) if path.name not in known]

    def load(self, paths: Iterable[Path]) -> Loaded:
        """Read segments in parallel and write each as soon as it is read. What cannot be written now waits, named."""
        done = Loaded()
        for read in self._read(list(paths)):
            done.damages += read.damages
            try:
                with self._corpus() as connection:
                    loading.commit(connection, read.info, read.facts, read.tables)
                done.segments.append(read.facts.name)
            except warehouse.LockedError as error:
                done.waiting.append(read.facts.name)
                done.why = str(error)
        return done

    def remember(self) -> None:
        """Leave the plan for the next collection."""
        with self._corpus() as connection:
            plan.save(connection, self._settings.plan)

    @contextmanager
    def _corpus(self) -> Iterator[warehouse.Connection]:
        self._settings.data.mkdir(parents=True, exist_ok=True)
        with warehouse.connect(self._settings.corpus, wait=self._settings.lock_wait) as connection:
            yield connection

    def _read(self, paths: list[Path]) -> Iterator[Read]:
        if len(paths) == 1 and self._pool is None and paths[0].stat().st_size < 300_000:
            yield read_segment(paths[0], self._settings.cache)  # small enough that starting workers would cost more
            return
        waiting = {self._workers().submit(read_segment, path, self._settings.cache): path for path in paths}
        broken: list[Path] = []
        for future in as_completed(waiting):
            try:
                yield future.result()
            except BrokenProcessPool:
                broken.append(waiting[future])
        if broken:
            self.close()
            for path in broken:  # one at a time: only the segment that ends its worker can fail again
                yield self._workers().submit(read_segment, path, self._settings.cache).result()

    def _workers(self) -> ProcessPoolExecutor:
        if self._pool is None:
            lexicon.load(self._settings.cache)  # compiled once, here, where a mistake in it can be told
            self._pool = workers.pool(self._settings.workers)
        return self._pool
