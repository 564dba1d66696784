"""`tripolar reprocess`: pages read again out of the archive by the present extractors, compared, and accepted or not.

Nothing is asked of the network. What changes is told page by page before anybody accepts it.
"""

import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from extractors import intake
from flows import rereading
from flows.config import Settings
from flows.reader import Read
from flows.spreading import Runner, Spread
from storage import archive, plan, reprocessing, warehouse
from storage.archive import Damage
from storage.reprocessing import Summary

Progress = Callable[[str, int, int], None]


@dataclass(slots=True, kw_only=True)
class Reprocessed:
    """What the present extractors say of the chosen segments."""

    segments: int = 0
    summary: Summary | None = None
    texts: int = 0  # that were new or told anew, when accepted
    accepted: bool = False
    damages: list[Damage] = field(default_factory=list)


def choose(folder: Path, *, since: datetime | None = None, until: datetime | None = None, run: str = "") -> list[Path]:
    """Return segments of an archive by the start of their run, as their names have it, and by a part of its id."""
    first = f"{since.astimezone(UTC):%Y%m%dT%H%M%SZ}" if since else ""
    behind = f"{until.astimezone(UTC):%Y%m%dT%H%M%SZ}" if until else "~"
    return [path for path in archive.segments(folder) if first <= path.name < behind and run in path.name]


def reprocess(
    settings: Settings,
    runner: Runner,
    paths: Collection[Path],
    *,
    accept: bool,
    examples: int = 3,
    progress: Progress = lambda *_: None,
) -> Reprocessed:
    """Read segments again, tell the difference, and put the new readings in the place of the old ones when accepted.

    Raises `WarehouseError` when there is no corpus, `LockedError` when it is held meanwhile, and `UnreadableError` when no
    process can read a segment.
    """
    warehouse.require(settings.corpus, elsewhere=warehouse.BY_SETTINGS)
    folder = settings.cache / "reprocess"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    done = Reprocessed()
    try:
        rest = sorted(paths, key=lambda path: -path.stat().st_size)  # so that no large one is left over at the end
        rereading.run(
            runner, "reprocess", settings.cache, lambda spread: _read(settings, spread, rest, folder, done, progress)
        )
        if not done.segments:
            return done
        with warehouse.connect(settings.corpus, wait=settings.lock_wait) as connection:
            done.segments = reprocessing.attach(connection, folder)
            done.summary = reprocessing.differences(connection, examples=examples)
            if accept:
                version = intake.VERSION
                done.texts = reprocessing.accept(connection, settings.archive, at=datetime.now(UTC), version=version)
                done.accepted = True
                plan.save(connection, settings.plan)
            reprocessing.detach(connection)
        return done
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read(
    settings: Settings, spread: Spread, rest: list[Path], folder: Path, done: Reprocessed, progress: Progress
) -> None:
    """Read the segments of `rest`, and take each from it that is done."""
    for path, damages in rereading.over(spread, list(rest), settings.cache, partial(keep, folder=folder)):
        rest.remove(path)
        done.segments += 1
        done.damages += damages
        progress("segments", done.segments, done.segments + len(rest))


def keep(read: Read, folder: Path) -> tuple[Damage, ...]:
    """Leave the new reading of a segment in a folder. Runs in any process that has it."""
    reprocessing.save(folder, read.facts.name, read.tables)
    return read.damages
