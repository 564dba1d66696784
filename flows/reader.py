"""One segment read whole: its records through `extractors.intake`, into the tables that the corpus takes.

No database, no network, and nothing of processes, so that anybody on any machine can do it.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from extractors import intake, tagging, urls
from extractors.model import Captured, Fate, Fetched, Listing, Polled, Purpose, Record
from flows import lexicon
from flows.registry import Registry
from storage import archive, avoided, rows
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


def read_segment(
    path: Path,
    cache_folder: Path,
    *,
    avoid: Mapping[int, str] | None = None,
    told: Callable[[int | None], None] = lambda _: None,
) -> Read:
    """Return the rows of a segment. Runs in any process on any machine that has the file.

    Records at the offsets of `avoid`, and at those that are noted beside the segment, are not read and count as damage.
    `told` is given the offset of each record before it is read, and None after the last. Raises `ArchiveError`.
    """
    info, records = archive.read(path)
    hosts = Registry(sources=info.sources, feeds=()).by_host()
    deadly = avoided.read(path) | dict(avoid or {})
    polled: list[Polled] = []
    captured: list[Captured] = []
    damages: list[Damage] = []
    count = 0
    for record in records:
        count += 1
        told(record.offset)
        if why := deadly.get(record.offset):
            damages.append(Damage(where=path.name, offset=record.offset, what=why))
            item = _unread(record, why)
        else:
            item = intake.read(record, tagger=partial(tagger, cache_folder), hosts=hosts)
        if isinstance(item, Polled):
            polled.append(item)
        elif isinstance(item, Captured):
            captured.append(item)
    told(None)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    facts = SegmentFacts(
        name=path.name,
        bytes=path.stat().st_size,
        digest=f"sha256:{digest}",
        outcomes=count,
        damaged=len(records.damages) + len(damages),
    )
    return Read(info=info, facts=facts, tables=rows.build(polled, captured), damages=(*records.damages, *damages))


def _unread(record: Record, why: str) -> Polled | Captured | None:
    """Return what there is to say of an outcome without looking into its body."""
    outcome = record.outcome
    if outcome.want.purpose is Purpose.ROBOTS:
        return None
    if outcome.want.purpose is Purpose.PAGE:
        url_id = urls.key(outcome.want.url)
        return Captured(record=record, url_id=url_id, reading=Fate.UNREADABLE, detail=why)
    listing = Listing(format="", problem=why) if isinstance(outcome, Fetched) else None
    return Polled(record=record, listing=listing)


@cache
def tagger(cache_folder: Path) -> tagging.Tagger:
    """Return the tagger of this process, made ready once."""
    return tagging.Tagger(lexicon.load(cache_folder))
