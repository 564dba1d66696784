"""Segments written anew with fewer outcomes, or several of one run as one: what pruning and compacting are made of.

Records are copied as they are, byte for byte. Which ones to keep, and to tell the tables where they went, is up to the
caller.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from extractors.model import Record
from storage import archive, avoided, disk, moving, segment
from storage.disk import ArchiveError
from storage.moving import Move
from storage.segment import Names

_NEW = ".new"  # the last suffix of a segment that is being rewritten: neither a segment nor an orphan of a run


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """What became of the outcomes."""

    moves: tuple[Move, ...]  # of all that were kept
    dropped: int
    damaged: int


def compactable(folder: Path, *, small: int, most: int) -> Iterator[list[Path]]:
    """Yield the segments of one run that are neighbours, each under `small` bytes and together under `most`."""
    for _, run in groupby(archive.segments(folder), key=lambda path: path.name.rpartition("-")[0]):
        batch: list[Path] = []
        size = 0
        for path in run:
            own = path.stat().st_size
            if batch and (own >= small or size + own > most):
                if len(batch) > 1:
                    yield batch
                batch, size = [], 0
            if own < small:
                batch.append(path)
                size += own
        if len(batch) > 1:
            yield batch


def rewrite(paths: Sequence[Path], keep: Callable[[Record], bool] = lambda _: True) -> Rewritten:
    """Put the outcomes to keep of one run's segments into the first of them and remove the others.

    Damaged outcomes are left out. When nothing is kept, no segment is left. Notes of records that must not be read
    (`avoided`) go with their records. A crash leaves the segments as they were, or the new first one beside some of the
    others; the same call again then ends it. Until `moving.forget` a note says what moved. Raises `ArchiveError` and
    changes nothing when the disk refuses, and `ValueError` for segments of several runs.
    """
    ordered = sorted(paths, key=lambda path: path.name)
    deadly = {(path.name, offset): why for path in ordered for offset, why in avoided.read(path).items()}
    first, *others = ordered
    infos = [archive.read(path)[0] for path in ordered]
    if len({info.run_id for info in infos}) > 1:
        raise ValueError("segments of several runs cannot become one")
    new = first.with_name(first.name + _NEW)
    with disk.explained("the segment cannot be rewritten", first):
        with new.open("ab") as file:
            if not disk.lock(file, new):
                raise ArchiveError("the segment is being rewritten", first, "Wait until that is done.")
            file.truncate(0)  # what an earlier call left that did not come to its end
            file.write(segment.write_info(infos[0], first.name, Names(infos[0])))
            result = _copy(ordered, file, first.name, keep)
            file.flush()
            os.fsync(file.fileno())
        if result.moves:
            moving.note(first, [path.name for path in ordered], _digest(new), result.moves)
        # Without its note for a moment: a crash then costs finding out anew, a note of old places would cost a page.
        avoided.write(first, {})
        if result.moves:
            new.replace(first)
        else:
            new.unlink()
            moving.forget(first)
        disk.sync(first.parent)
        avoided.write(first, _carried(result, deadly))
        for path in others if result.moves else ordered:
            path.unlink()
            avoided.write(path, {})
        disk.sync(first.parent)
    return result


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _carried(result: Rewritten, deadly: Mapping[tuple[str, int], str]) -> dict[int, str]:
    """Return where records that must not be read stand now."""
    return {move.new_offset: why for move in result.moves if (why := deadly.get((move.segment, move.offset)))}


def _copy(paths: Sequence[Path], file: BinaryIO, name: str, keep: Callable[[Record], bool]) -> Rewritten:
    moves: list[Move] = []
    places: dict[bytes, int] = {}  # an outcome comes again where an earlier call did not come to its end
    dropped = damaged = 0
    for path in paths:
        _, records = archive.read(path)
        with disk.opened(path) as source:
            for record in records:
                if not keep(record):
                    dropped += 1
                    continue
                source.seek(record.offset)
                data = source.read(record.length)
                digest = hashlib.sha256(data).digest()
                if digest not in places:
                    places[digest] = file.tell()
                    file.write(data)
                moves.append(
                    Move(segment=record.segment, offset=record.offset, new_segment=name, new_offset=places[digest])
                )
        damaged += len(records.damages)
    return Rewritten(moves=tuple(moves), dropped=dropped, damaged=damaged)
