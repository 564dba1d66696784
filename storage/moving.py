"""What a rewriting is about to move, noted beside the segment, so that the corpus can follow even when nobody is left to tell it.

The note is there from before the segments change until the tables have followed. The moving itself is in `rewrite`, what
the tables make of it in `care`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from storage import disk

SUFFIX = ".moves"  # after the name of the segment that the others go into


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where an outcome stood and where it stands now."""

    segment: str
    offset: int
    new_segment: str
    new_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """A rewriting that was begun."""

    note: Path
    segments: tuple[str, ...]  # names of those that become one
    digest: str  # of what they become
    moves: tuple[Move, ...]

    @property
    def into(self) -> Path:
        """Return the segment that the others go into."""
        return self.note.with_name(self.note.name.removesuffix(SUFFIX))


def note(into: Path, segments: Iterable[str], digest: str, moves: Iterable[Move]) -> None:
    """Leave the note. Raises `OSError`."""
    facts = {
        "segments": list(segments),
        "digest": digest,
        "moves": [[move.segment, move.offset, move.new_offset] for move in moves],
    }
    path = into.with_name(into.name + SUFFIX)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(facts), encoding="utf-8")
    disk.sync(part)
    part.replace(path)
    disk.sync(path.parent)


def noted(folder: Path) -> list[Moving]:
    """Return the rewritings of an archive that the tables may not have followed. A note cut short is of one not begun."""
    found = []
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        name = path.name.removesuffix(SUFFIX)
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            moves = tuple(
                Move(segment=segment, offset=offset, new_segment=name, new_offset=new)
                for segment, offset, new in facts["moves"]
            )
            found.append(
                Moving(note=path, segments=tuple(map(str, facts["segments"])), digest=str(facts["digest"]), moves=moves)
            )
        except (ValueError, TypeError, KeyError, RecursionError):
            path.unlink()
    return found


def forget(into: Path) -> None:
    """Take the note away: the tables have followed."""
    into.with_name(into.name + SUFFIX).unlink(missing_ok=True)
