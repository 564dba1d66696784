"""Is a segment what was written? Every record against its digests, every outcome against its records.

Mending is not done here: what is damaged is named, and reading passes over it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from storage import archive, message, warc
from storage.disk import opened
from storage.warc import Damage, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is in a segment and what is wrong with it."""

    segment: str
    run_id: str
    bytes: int
    outcomes: int  # that are whole
    damages: tuple[Damage, ...]

    @property
    def sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.damages


def check(path: Path) -> Report:
    """Read a whole segment and check it. Raises `ArchiveError` when it cannot be opened or is no segment."""
    info, records = archive.read(path)
    damages = list(records.damages)  # of the run's facts
    with opened(path) as file:
        parts = _checked(warc.parts(file, path.name), path.name)
        outcomes = sum(1 for _ in archive.outcomes(parts, path.name, damages))
    return Report(
        segment=path.name,
        run_id=info.run_id,
        bytes=path.stat().st_size,
        outcomes=outcomes,
        damages=tuple(sorted(damages, key=lambda damage: damage.offset)),
    )


def _checked(parts: Iterable[Part | Damage], name: str) -> Iterator[Part | Damage]:
    """Turn the records whose digests are wrong into damages."""
    for part in parts:
        wrong = None if isinstance(part, Damage) else _wrong(part)
        yield Damage(where=name, offset=part.offset, what=wrong) if wrong else part


def _wrong(part: Part) -> str | None:
    if part.field("WARC-Block-Digest") != warc.digest(part.block):
        return f"the block digest of a {part.kind} is wrong"
    if part.kind == "response" and part.field("WARC-Payload-Digest") != warc.digest(message.split(part.block)[1]):
        return "the payload digest of a response is wrong"
    return None
