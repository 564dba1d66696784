"""`tripolar retag`: the stored texts tagged again with the present taxonomy, compared, and accepted or not.

The pages are not read again: only what the tagger says of the texts that the corpus has.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyarrow as pa

from extractors import tagging
from flows import lexicon, load, spreading
from flows.config import Settings
from flows.spreading import Runner
from storage import plan, retagging, rows, turnstile, warehouse
from storage.retagging import Change, Handed, Spoken, Turn
from storage.warehouse import LockedError, WarehouseError

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retagged:
    """What the present taxonomy says of the stored texts."""

    version: str
    texts: int
    changed: int  # texts whose tags differ in anything, the version of the taxonomy included
    changes: tuple[Change, ...] = ()  # labels that articles would win or lose
    turns: tuple[Turn, ...] = ()  # acts and directions of relations that stay
    handed: Handed | None = None  # holders of offices
    spoken: Spoken | None = None  # statements
    accepted_at: datetime | None = None  # the time from which the new tags hold; none where nothing was exchanged


def retag(
    settings: Settings,
    runner: Runner,
    *,
    accept: bool,
    examples: int = 3,
    progress: Progress = lambda *_: None,
) -> Retagged:
    """Tag all current texts, tell the difference, and put the new tags in the place of the old ones when accepted.

    Tags are exchanged in one transaction: whatever stops it, the corpus has those of before or all of the new ones.
    Raises `WarehouseError` when there is no corpus or no room beside it, and `LockedError` when it is held meanwhile, or when
    another is at it.
    """
    warehouse.require(settings.corpus, elsewhere=warehouse.BY_SETTINGS)
    with turnstile.held(settings.corpus, "retag") as alone:
        if not alone:
            raise LockedError("another `tripolar retag` is at work on this corpus: wait until it has ended")
        return _retag(settings, runner, accept=accept, examples=examples, progress=progress)


def _retag(settings: Settings, runner: Runner, *, accept: bool, examples: int, progress: Progress) -> Retagged:
    version = lexicon.load(settings.cache).version
    folder = settings.cache / "retag"
    shutil.rmtree(folder, ignore_errors=True)  # of another time: the texts may be others by now
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise WarehouseError(
            f"{folder} cannot be made ({error.strerror}): the texts and their new tags lie there while they are compared, "
            "also when they are only shown; make it writable, or name a copy of the data folder as `data` in tripolar.toml"
        ) from error
    try:
        texts = spreading.run(runner, "retag", lambda spread: _tag(settings, spread, folder, progress))
        if not texts:
            return Retagged(version=version, texts=0, changed=0)
        with warehouse.connect(settings.corpus, read_only=not accept, wait=settings.lock_wait) as connection:
            retagging.attach(connection, folder)
            done = Retagged(
                version=version,
                texts=texts,
                changed=retagging.changed(connection),
                changes=tuple(retagging.differences(connection, examples=examples)),
                turns=tuple(retagging.turns(connection, examples=examples)),
                handed=retagging.handed(connection, examples=examples),
                spoken=retagging.spoken(connection, examples=examples),
            )
            if not accept or not done.changed:
                return done
            at = datetime.now(UTC)
            retagging.accept(connection, settings.archive, at=at, version=version)
            plan.save(connection, settings.plan)
        return replace(done, accepted_at=at)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tag(settings: Settings, spread: spreading.Spread, folder: Path, progress: Progress) -> int:
    """Tag the texts into the folder. The corpus is read in one go before, so that nobody waits for the tagger."""
    batches = list(_batches(settings, folder))
    total, done = sum(count for _, count in batches), 0
    for count in spread(partial(tag_batch, cache_folder=settings.cache), [path for path, _ in batches]):
        done += count
        progress("texts", done, total)
    return done


def _batches(settings: Settings, folder: Path) -> Iterator[tuple[Path, int]]:
    with warehouse.connect(settings.corpus, read_only=True, wait=settings.lock_wait) as connection:
        for number, batch in enumerate(retagging.texts(connection)):
            yield retagging.put(folder, number, batch), len(batch)


def tag_batch(path: Path, cache_folder: Path) -> int:
    """Tag one batch of texts from a file, and leave the tags beside it. Runs in any process that has the folder."""
    batch: pa.Table = retagging.take(path)
    tagger = load.tagger(cache_folder)
    taggings = [
        (
            row["revision_id"],
            tagging.tag(
                row["title"], row["text"], language=row["language"], published_at=row["published_at"], taxonomy=tagger
            ),
        )
        for row in batch.to_pylist()
    ]
    retagging.save(path.parent, retagging.number(path), batch["revision_id"], rows.tagged(taggings))
    return len(taggings)
