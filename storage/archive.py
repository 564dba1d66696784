"""The archive: a folder of segments, written by runs, read by loading, and never changed afterwards.

A segment is `<folder>/YYYY/MM/<start of the run>-<run>-<number>.warc.gz`. While a run writes it, its name ends in
`.open` and the file is locked; closing gives it its name. What a segment says is in `segment.py`, what a record looks
like in `warc.py`.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from extractors.model import Outcome, Record
from storage import disk, segment, warc
from storage.disk import OPEN, ArchiveError, explained, opened
from storage.segment import Facts, Info, Names
from storage.warc import Damage, Part

__all__ = [
    "ArchiveError",
    "Damage",
    "Info",
    "Records",
    "Writer",
    "at",
    "find",
    "outcomes",
    "read",
    "salvage",
    "segments",
]

SUFFIX = ".warc.gz"
_NAME = re.compile(r"(\d{8}T\d{6}Z)-([A-Za-z0-9][A-Za-z0-9._-]*)-(\d{4,})\.warc\.gz(?:\.open)?")


class Writer:
    """Appends the outcomes of one run, in as many segments as it takes.

    A segment is finished when it is as large as `max_bytes`, or when an outcome comes `max_age` after its first. Every
    outcome goes to the file in one write, so whatever stops the process loses at most the one in flight.
    """

    def __init__(
        self, folder: Path, info: Info, *, max_bytes: int = 64 << 20, max_age: timedelta | None = None
    ) -> None:
        """Make nothing yet: the first outcome does. `info.seq` is the least number that a segment gets."""
        if not _NAME.fullmatch(_name(info)):
            raise ValueError(f"a run id that cannot be part of a file name: {info.run_id!r}")
        self._folder = folder / f"{info.started_at.astimezone(UTC):%Y/%m}"
        self._info, self._names = info, Names(info)
        self._max_bytes, self._max_age = max_bytes, max_age
        self._file: FileIO | None = None
        self._path = self._folder  # of the open file
        self.bytes = 0  # of the segment that is being written
        self.opened_at: datetime | None = None  # time of its first outcome

    def append(self, outcome: Outcome) -> Path | None:
        """Write one outcome. Returns the path of a finished segment when this outcome was its last.

        Raises `ArchiveError` when the disk is full or cannot be written; everything appended before is kept.
        """
        if self.bytes == 0:
            self._begin()
        self._write(segment.write_outcome(outcome, self._names))
        self.opened_at = self.opened_at or outcome.at
        aged = self._max_age is not None and outcome.at - self.opened_at >= self._max_age
        return self.rotate() if aged or self.bytes >= self._max_bytes else None

    def rotate(self) -> Path | None:
        """Finish the segment that is being written and return its path, or None when there is none."""
        file, filled = self._file, self.opened_at is not None
        self._file, self.opened_at, self.bytes = None, None, 0
        if file is None:
            return None
        with explained("the segment cannot be finished", self._path), file:
            if not filled:  # the disk took the run's facts and no outcome
                self._path.unlink()
                return None
            self._info = replace(self._info, seq=self._info.seq + 1)
            return disk.finish(file, self._path)

    close = rotate

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish what was begun, also after an error: what was appended is whole."""
        self.close()

    def _begin(self) -> None:
        with explained("the archive cannot be written", self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            while self._file is None:
                path = self._folder / _name(self._info)
                self._path = path.with_name(path.name + OPEN)
                self._file = disk.create(self._path)
                if self._file is None:  # a run that goes on after a crash finds its earlier segments there
                    self._info = replace(self._info, seq=self._info.seq + 1)
        self._names = Names(self._info)
        self._write(segment.write_info(self._info, _name(self._info), self._names))

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        left = memoryview(data)
        with explained("the archive cannot be written", self._path):
            try:
                while left:
                    left = left[self._file.write(left) :]
            except OSError:
                with suppress(OSError):  # the half record goes, or salvaging cuts it off later
                    self._file.seek(self.bytes)
                    self._file.truncate()
                raise
        self.bytes += len(data)


class Records(Iterator[Record]):
    """The outcomes of one segment in order; `damages` names what was skipped so far."""

    def __init__(self, path: Path, damages: list[Damage]) -> None:
        """Begin before the first outcome."""
        self.damages = damages
        self._records = _records(path, damages)

    def __next__(self) -> Record:
        """Return the next outcome that is whole."""
        return next(self._records)


def read(path: Path) -> tuple[Info, Records]:
    """Return the run's facts and the outcomes of a segment, finished or not, one at a time.

    Damaged records are skipped and named in `records.damages`; an outcome that lacks one of its records is dropped.
    Facts that are lost are taken from the file name as far as it has them. Raises `ArchiveError` when the file cannot
    be opened or is no segment.
    """
    damages: list[Damage] = []
    with opened(path) as file:
        for part in warc.parts(file, path.name):
            if isinstance(part, Damage) or part.field("Content-Type") == segment.OUTCOME_TYPE:
                break
            try:
                if info := segment.read_info(part):
                    return info, Records(path, damages)
            except ValueError as error:
                damages.append(Damage(where=path.name, offset=part.offset, what=f"the run's facts: {error}"))
    info = _guess(path)
    if not damages:
        damages.append(Damage(where=path.name, offset=0, what="the run's facts are lost"))
    return info, Records(path, damages)


def at(path: Path, offset: int) -> Record:
    """Return the outcome whose first record stands at that byte. Raises `ArchiveError` when there is none."""
    damages: list[Damage] = []
    with opened(path) as file:
        record = next(outcomes(warc.parts(file, path.name, start=offset), path.name, damages), None)
    if record is None or record.offset != offset:
        why = damages[0].what if damages else "the segment has none there"
        raise ArchiveError(f"no outcome at byte {offset} ({why})", path, "Rebuild the corpus from the archive.")
    return record


def segments(folder: Path) -> list[Path]:
    """Return the finished segments of an archive in the order of their names, which is the order to load them in."""
    return sorted((path for path in folder.rglob(f"*{SUFFIX}") if path.is_file()), key=lambda path: path.name)


def find(folder: Path, name: str) -> Path:
    """Return the path of a segment by its file name. Raises `ArchiveError` when the archive has none of that name."""
    dated = folder / name[:4] / name[4:6] / name
    if dated.is_file():
        return dated
    for path in folder.rglob(name):
        return path
    raise ArchiveError(f"no segment {name}", folder, "Restore it from a copy of the archive, or name another archive.")


def salvage(folder: Path) -> list[Path]:
    """Finish the segments that stopped runs left open, and return their paths. Those of running ones are left alone.

    Each is cut after its last whole outcome; one without any is removed.
    """
    saved = (_salvage(path) for path in sorted(folder.rglob(f"*{SUFFIX}{OPEN}")))
    return [path for path in saved if path]


def _salvage(path: Path) -> Path | None:
    with explained("an unfinished segment cannot be mended", path):
        try:
            file = path.open("r+b", buffering=0)
        except FileNotFoundError:  # its run finished it just now
            return None
        with file:
            if not disk.lock(file, path):
                return None
            with path.open("rb") as reader:
                whole = outcomes(warc.parts(reader, path.name), path.name, [])
                ends = [record.offset + record.length for record in whole]
            if not ends:
                path.unlink()
                return None
            file.truncate(ends[-1])
            return disk.finish(file, path)


def _records(path: Path, damages: list[Damage]) -> Iterator[Record]:
    with opened(path) as file:
        yield from outcomes(warc.parts(file, path.name), path.name, damages)


def outcomes(parts: Iterable[Part | Damage], name: str, damages: list[Damage]) -> Iterator[Record]:
    """Yield the outcomes that are whole among the records of a segment, and add what is damaged to `damages`."""
    facts: Facts | None = None
    group: list[Part] = []
    for part in parts:
        if isinstance(part, Damage):
            damages.append(part)
            facts = None
            continue
        try:
            if begun := segment.read_facts(part):
                if facts:
                    damages.append(Damage(where=name, offset=group[0].offset, what="an outcome lacks records"))
                facts, group = begun, [part]
            elif facts:
                group.append(part)
            if facts and len(group) > facts.records:
                complete, facts = facts, None
                yield _record(segment.read_outcome(complete, group[1:]), group, name)
        except ValueError as error:
            damages.append(Damage(where=name, offset=part.offset, what=str(error)))
            facts = None
    if facts:
        damages.append(Damage(where=name, offset=group[0].offset, what="the last outcome is not whole"))


def _record(outcome: Outcome, group: list[Part], name: str) -> Record:
    first, last = group[0], group[-1]
    length = last.offset + last.length - first.offset
    return Record(outcome=outcome, segment=name.removesuffix(OPEN), offset=first.offset, length=length)


def _name(info: Info) -> str:
    return f"{info.started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{info.run_id}-{info.seq:04}{SUFFIX}"


def _guess(path: Path) -> Info:
    """Return what a file name tells of its run."""
    parts = _NAME.fullmatch(path.name)
    if not parts:
        raise ArchiveError("no segment of Tripolar", path, "Read files of others with `tripolar backfill --warc`.")
    started = datetime.strptime(parts[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return Info(run_id=parts[2], run_kind="", started_at=started, seq=int(parts[3]))
