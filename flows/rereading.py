"""Segments of the archive read again, by whoever is there to do it: a page that ends its reader costs itself here, too.

A segment that is being read has a mark in the cache. Where a process was ended, its mark stays, and the segment is read
with care (`survival`), now or by the next command. What is done with what was read is up to `rebuild` and `reprocess`.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from flows import spreading, survival
from flows.reader import Read, read_segment
from flows.spreading import Runner, Spread
from storage.archive import ArchiveError

Result = TypeVar("Result")
Finish = Callable[[Read], Result]  # what to make of a segment where it was read; picklable
_MARK = ".rereading"


class UnreadableError(Exception):
    """A segment that no process can read, though some of its records were left out. The message says what to do."""


def run(runner: Runner, name: str, cache: Path, body: Callable[[Spread], None]) -> None:
    """Call `body` with the way to spread work, and again when a worker was ended in the middle of a segment.

    `body` does what it has not done yet. Raises `BrokenProcessPool` when workers end without a segment to blame.
    """
    while True:
        before = set(cache.glob(f"*{_MARK}"))
        try:
            spreading.run(runner, name, body)
            return
        except BrokenProcessPool:
            if not set(cache.glob(f"*{_MARK}")) - before:
                raise


def over(spread: Spread, paths: Iterable[Path], cache: Path, finish: Finish[Result]) -> Iterator[tuple[Path, Result]]:
    """Yield each segment with what `finish` makes of it, those first that somebody did not come to the end of.

    Raises `ArchiveError` and `UnreadableError`.
    """
    rest = []
    for path in paths:
        if marked(path, cache).exists():
            yield path, _carefully(path, cache, finish)
        else:
            rest.append(path)
    for path, results in spread(partial(_read, cache=cache, finish=finish), rest):
        yield path, results[0] if results else _carefully(path, cache, finish)


def marked(path: Path, cache: Path) -> Path:
    """Return the mark of a segment that is being read."""
    return cache / f"{path.name}{_MARK}"


def _read(path: Path, cache: Path, finish: Finish[Result]) -> tuple[Path, tuple[Result, ...]]:
    """Read a segment in this process. No result: it has to be read with care."""
    mark = marked(path, cache)
    if mark.exists():  # a worker elsewhere was ended by it, and it was given to the next
        return path, ()
    with suppress(OSError):
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    try:
        read = read_segment(path, cache)
    except ArchiveError:
        raise
    except Exception:  # a surprise: whatever it is, it must cost one record and not the corpus
        return path, ()
    finally:
        with suppress(OSError):
            mark.unlink()
    return path, (finish(read),)


def _carefully(path: Path, cache: Path, finish: Finish[Result]) -> Result:
    try:
        read = survival.read(path, cache)
    except BrokenProcessPool as error:
        raise UnreadableError(
            f"{error}: restore the segment from a copy, or move it out of the archive; the corpus stays as it was"
        ) from error
    finally:
        with suppress(OSError):
            marked(path, cache).unlink()
    return finish(read)
