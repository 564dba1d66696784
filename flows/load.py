"""Segments into the corpus: worker processes read whole segments, this process writes each in one transaction.

What a segment says is read by `extractors.intake`, how rows are merged is in `storage.loading`. The network is never
touched.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from flows import lexicon, survival, workers
from flows.config import Settings
from flows.reader import Read, read_segment, tagger
from storage import archive, care, loading, plan, warehouse
from storage.archive import ArchiveError, Damage

__all__ = ["Loaded", "Loader", "Read", "read_segment", "tagger"]

PATIENCE = 1800.0  # seconds without any segment, after which workers are taken to hang
_SMALL = 300_000  # bytes: reading so little costs less than starting workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A segment that could not be read now."""

    name: str
    why: str


@dataclass(slots=True, kw_only=True)
class Loaded:
    """What loading did."""

    segments: list[str] = field(default_factory=list)  # names of those that are in the corpus now
    waiting: list[str] = field(default_factory=list)  # and of those that could not be written yet
    why: str = ""
    damages: list[Damage] = field(default_factory=list)


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
        """Return the segments that are not in the corpus, in the order of their names. Orphaned ones are mended first,
        and what was being pruned or compacted when somebody was killed is brought to its end.

        Raises `WarehouseError` when the corpus cannot be opened.
        """
        archive.salvage(self._settings.archive)
        with self._corpus() as connection:
            care.settle(self._settings.archive, connection)
            known = loading.loaded(connection)
        return [path for path in archive.segments(self._settings.archive) if path.name not in known]

    def load(self, paths: Iterable[Path]) -> Loaded:
        """Read segments in parallel and write each as soon as it is read. What cannot be written now waits, named."""
        done = Loaded()
        for read in self._read(list(paths)):
            if isinstance(read, Unread):
                done.waiting.append(read.name)
                done.why = read.why
                continue
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

    def _read(self, paths: list[Path]) -> Iterator[Read | Unread]:
        if len(paths) == 1 and self._pool is None and paths[0].stat().st_size < _SMALL:
            yield self._here(paths[0])
            return
        waiting: dict[Future[Read], Path] = {
            self._workers().submit(read_segment, path, self._settings.cache): path for path in paths
        }
        failed: list[Path] = []
        while waiting:
            ended, _ = wait(waiting, timeout=PATIENCE, return_when=FIRST_COMPLETED)
            if not ended:  # all workers hang
                self._abandon()
            for future in ended:
                path = waiting.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    self._abandon()
                    failed.append(path)
                except Exception:  # a surprise: whatever it is, it must cost one record and not the run
                    failed.append(path)
        for path in failed:
            yield self._carefully(path)

    def _here(self, path: Path) -> Read | Unread:
        """Read a small segment in this process, unless that was begun before and never ended."""
        mark = self._settings.cache / f"{path.name}.reading"
        if mark.exists():
            read = self._carefully(path)
        else:
            with suppress(OSError):
                mark.parent.mkdir(parents=True, exist_ok=True)
                mark.touch()
            try:
                read = read_segment(path, self._settings.cache)
            except Exception:  # as above
                read = self._carefully(path)
        with suppress(OSError):
            mark.unlink()
        return read

    def _carefully(self, path: Path) -> Read | Unread:
        try:
            return survival.read(path, self._settings.cache)
        except (ArchiveError, BrokenProcessPool) as error:
            return Unread(name=path.name, why=str(error))

    def _abandon(self) -> None:
        if self._pool is not None:
            workers.end(self._pool)
            self._pool = None

    def _workers(self) -> ProcessPoolExecutor:
        if self._pool is None:
            lexicon.load(self._settings.cache)  # compiled once, here, where a mistake in it can be told
            self._pool = workers.pool(self._settings.workers)
        return self._pool
