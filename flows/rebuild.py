"""`tripolar rebuild`: the whole corpus made anew from its archive, beside the old one, checked, and put in its place.

The same reading and the same loading as in every cycle; only the corpus is another file. Readings that were superseded
come back out of the archive. Where the present readers say something else than the corpus, that has to be accepted first
(`reprocess`, `retag`), for a rebuild alone would forget what was known until now.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flows import rereading
from flows.config import Settings
from flows.reader import Read
from flows.spreading import Runner, Spread
from storage import archive, care, compare, loading, moving, plan, readings, rebuilding, warehouse
from storage.archive import Damage
from storage.compare import Difference

Progress = Callable[[str, int, int], None]
_FEW = 3  # columns that are named
_READINGS = ("revision", *readings.TOLD)


class RebuildError(Exception):
    """The new corpus cannot take the place of the old one. The message says why, and what to do."""


@dataclass(slots=True, kw_only=True)
class Rebuilt:
    """What a rebuild made and found."""

    corpus: Path
    segments: int = 0
    acceptances: int = 0
    damages: list[Damage] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    differences: tuple[Difference, ...] = ()
    swapped: bool = False


def rebuild(
    settings: Settings,
    runner: Runner,
    *,
    swap: bool = True,
    anyway: bool = False,
    progress: Progress = lambda *_: None,
) -> Rebuilt:
    """Make the corpus anew, check it, compare it with the old one, and swap it in.

    Without `swap` the new one stays beside the old. It is not swapped in when a check fails, or (unless `anyway`) when
    segments that the old one holds are gone from the archive, or damaged, so that rows are missing, or texts and tags
    of the old one would be forgotten.
    Raises `RebuildError` for these, `UnreadableError` when no process can read a segment, `LockedError` when somebody
    holds the old corpus at the end.
    """
    archive.salvage(settings.archive)
    _settle(settings)
    if not (archive.segments(settings.archive) or settings.corpus.exists()):
        raise RebuildError(f"no segments in {settings.archive}: collect something first (tripolar run)")
    gone = rebuilding.lost(settings.corpus, settings.archive, wait=settings.lock_wait)
    if gone and not anyway:
        raise RebuildError(
            f"{len(gone)} segments of the corpus are not in the archive, the first is {gone[0]}: restore them, "
            "or leave their articles out with --anyway"
        )
    done = Rebuilt(corpus=rebuilding.begin(settings.corpus))
    rereading.run(runner, "rebuild", settings.cache, lambda spread: _make(settings, spread, done, progress))
    _complete(settings, done)
    if settings.corpus.exists():
        done.differences = compare.compare(settings.corpus, done.corpus)
    if done.problems:
        raise RebuildError(f"the new corpus is not whole, the old one stays: {'; '.join(done.problems)}")
    if swap:
        if not anyway:
            _refuse_to_forget(done)
        _swap(settings, done)
    return done


def _settle(settings: Settings) -> None:
    """Put right what a crash in an acceptance, in pruning or compacting has left."""
    if not (readings.unsettled(settings.archive) or moving.noted(settings.archive)):
        return
    if not settings.corpus.exists():
        readings.settle(settings.archive, None)
        care.settle(settings.archive, None)
        return
    with warehouse.connect(settings.corpus, wait=settings.lock_wait) as connection:
        readings.settle(settings.archive, connection)
        care.settle(settings.archive, connection)


def _refuse_to_forget(done: Rebuilt) -> None:
    """Raise `RebuildError` when the new corpus lacks texts or tags of the old one, or, for damage, rows of any table."""
    beside = {found.table for found in done.differences} - {"segment"} if done.damages else set()  # its digest differs
    tables = {*_READINGS, *beside}
    lost = [found for found in done.differences if found.table in tables and found.only[0]]
    if not lost:
        return
    told = ", ".join(
        f"{found.table} {found.only[0]:,} of {found.rows[0]:,} rows"
        + (f" in {' and '.join(found.columns)}" if 0 < len(found.columns) <= _FEW else "")
        for found in lost
    )
    if done.damages:
        raise RebuildError(
            f"the archive is damaged and the new corpus would lack what the old one has ({told}): restore "
            f"{', '.join(sorted({damage.where for damage in done.damages})[:3])} from a copy, or forget it with --anyway; "
            "the old corpus stays"
        )
    raise RebuildError(
        f"the present readers say something else than the corpus ({told}): accept that with "
        "`tripolar reprocess --accept` and `tripolar retag --accept`, so that what was known stays, "
        "or forget it with --anyway; the old corpus stays"
    )


def _make(settings: Settings, spread: Spread, done: Rebuilt, progress: Progress) -> None:
    with warehouse.connect(done.corpus) as connection:
        while paths := _missing(settings, connection):  # runs may go on meanwhile
            total = done.segments + len(paths)
            for _, read in rereading.over(spread, paths, settings.cache, _whole):
                loading.commit(connection, read.info, read.facts, read.tables)
                done.segments += 1
                done.damages += read.damages
                progress("segments", done.segments, total)


def _whole(read: Read) -> Read:
    """Have a segment as it was read."""
    return read


def _complete(settings: Settings, done: Rebuilt) -> None:
    """Put back what was superseded, and look whether the corpus is whole."""
    with warehouse.connect(done.corpus) as connection:
        done.acceptances = readings.replay(connection, settings.archive)
        done.problems = list(rebuilding.problems(connection, settings.archive))


def _missing(settings: Settings, connection: warehouse.Connection) -> list[Path]:
    known = loading.loaded(connection)
    return [path for path in archive.segments(settings.archive) if path.name not in known]


def _swap(settings: Settings, done: Rebuilt) -> None:
    rebuilding.swap(done.corpus, settings.corpus, wait=settings.lock_wait)
    done.corpus, done.swapped = settings.corpus, True
    with warehouse.connect(settings.corpus, wait=settings.lock_wait) as connection:
        plan.save(connection, settings.plan)
