"""WARC files that others wrote, read as pages that came: CC-NEWS, a colleague's crawl, a browser's recording.

They are read as a stream with FastWARC and filtered on record headers, so that what is not wanted costs little.
Whatever is wrong in a file is named, counted and skipped. Segments of Tripolar say more: `archive.py` reads those.
"""

import zlib
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import zstandard
from fastwarc.warc import ArchiveIterator, WarcRecordType

from extractors.model import Fetched
from storage import capture, disk, warc
from storage.capture import Filter, Page, Skip
from storage.warc import Damage
from storage.window import Seekable, Stream, Window

__all__ = ["Captures", "Damage", "Skip", "read"]

_TYPES = int(WarcRecordType.response | WarcRecordType.resource | WarcRecordType.revisit)
_BUFFER = 1 << 20
_NAMED = 1000  # damages that are kept; all are counted


def read(
    source: Path | Stream,
    *,
    at: datetime,
    name: str = "",
    hosts: Collection[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    start: int = 0,
    max_bytes: int = 64 << 20,
) -> "Captures":
    """Return the pages of a WARC 1.0 or 1.1 file: plain, gzip, zstd or LZ4; a path or anything with `read`.

    `at` is the time of this reading; the capture's own is `exchange.at`. `hosts` (with or without `www.`), `since` and
    `until` (exclusive) filter on record headers. `start` is an `offset` of an earlier reading of a path, to go on from.
    Records of more than `max_bytes` are skipped. Raises `ArchiveError` when a path cannot be opened or the disk fails,
    and nothing for whatever is in the file.
    """
    wanted = Filter(
        hosts=None if hosts is None else frozenset(each.lower().removeprefix("www.").encode() for each in hosts),
        since=since,
        until=until,
        max_bytes=max_bytes,
    )
    name = name or (source.name if isinstance(source, Path) else "stream")
    return Captures(source, wanted, name=name, at=at, start=start)


class Captures(Iterator[Fetched]):
    """The pages of one file, in order, and what reading met so far."""

    def __init__(self, source: Path | Stream, wanted: Filter, *, name: str, at: datetime, start: int) -> None:
        """Begin at a byte at which a record begins."""
        self.damages: list[Damage] = []  # the first thousand
        self.skipped: Counter[Skip] = Counter()  # records without a page
        self.offset = start  # of the record of the last page
        self.position = start  # bytes of the file that were read
        self._name, self._wanted, self._at = name, wanted, at
        self._pages = self._open(source, start)

    def __next__(self) -> Fetched:
        """Return the next page that is wanted and whole."""
        return next(self._pages)

    def close(self) -> None:
        """Stop reading."""
        self._pages.close()

    def _open(self, source: Path | Stream, start: int) -> Generator[Fetched, None, None]:
        if isinstance(source, Path):
            with disk.explained("the file cannot be read", source), source.open("rb", buffering=0) as file:
                yield from self._walk(file, start)
        else:
            yield from self._walk(Window(source), start)

    def _walk(self, file: Seekable, start: int) -> Generator[Fetched, None, None]:
        """Read, and after every break read on behind it."""
        form = _form(file)
        if isinstance(form, str):
            return self._damage(0, form)
        again = 0  # bytes that were read more than once
        broken: _Break | None = None
        following: int | None = start
        while following is not None:
            broken = yield from self._run(file, following, broken)
            if broken is None:
                return None
            again += file.tell() - broken.offset
            if again > 4 * file.tell() + (1 << 30):  # every record claims to be the rest of the file
                return self._damage(broken.offset, "too much is damaged to go on")
            following = form.resume(file, broken.offset + 1)
        if broken and not broken.named:
            self._damage(broken.offset, f"nothing can be read behind this record: {broken.what}")
        return None

    def _run(self, file: Seekable, start: int, before: "_Break | None") -> Generator[Fetched, None, "_Break | None"]:
        """Read from a record on, and return where that broke, or None at the end of the file.

        A page is held until the record behind it was found, because a length that is wrong shows only there.
        """
        file.seek(start)
        last: int | None = None
        held: Page | None = None
        try:
            with _panics():
                for record in ArchiveIterator(cast(BinaryIO, file), parse_http=False, buffer_size=_BUFFER):
                    if before and not before.named:
                        self._damage(before.offset, f"something behind this record was skipped: {before.what}")
                    before = None
                    if held:
                        yield self._take(held, last)
                    last = self.position = record.stream_pos
                    if isinstance(file, Window):
                        file.forget(last)
                    held = self._judge(record, last)
        except EOFError as error:
            return self._break(start if last is None else last, str(error))
        except OSError as error:
            if error.errno is not None:  # the disk, not what is on it
                raise
            if last is None:
                return self._break(start, str(error))
            if held and not held.proven and "header" in str(error):
                return self._break(last, "its length is not what it says, or rubbish follows")
            if held:
                yield self._take(held, last)
            return _Break(offset=last, what=str(error), named=False)
        if held:
            yield self._take(held, last)
        return None

    def _judge(self, record: Any, offset: int) -> Page | None:
        """Return the page that a record is, or count why it is none. Raises `EOFError` when the file ends inside it."""
        found = self._page(record, offset)
        record.reader.consume()
        if record.reader.tell() < record.content_length:  # also of a record that nobody wants: it took others with it
            raise EOFError("the file ends inside a record")
        return found

    def _page(self, record: Any, offset: int) -> Page | None:
        if not int(record.record_type) & _TYPES:
            return None
        try:
            found = capture.page(record, self._wanted, at=self._at, referrer=self._name)
        except ValueError as error:
            self._damage(offset, str(error))
            return None
        if isinstance(found, Page):
            return found
        self.skipped[found] += 1
        return None

    def _take(self, held: Page, offset: int | None) -> Fetched:
        self.offset = offset or 0
        return held.fetched

    def _break(self, offset: int, what: str) -> "_Break":
        self._damage(offset, what)
        return _Break(offset=offset, what=what, named=True)

    def _damage(self, offset: int, what: str) -> None:
        self.skipped[Skip.DAMAGED] += 1
        if len(self.damages) < _NAMED:
            self.damages.append(Damage(where=self._name, offset=offset, what=what))


@contextmanager
def _panics() -> Iterator[None]:
    """Turn the panic with which FastWARC meets some damage, a wrong checksum of a zstd frame, into an `OSError`."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # its class cannot be imported, and is no `Exception`
            raise
        raise OSError(f"the reader gave up: {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Break:
    """Where reading stopped before the end: in this record or behind it."""

    offset: int
    what: str
    named: bool  # among the damages


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How the records of a file are packed, and so how the next one is found after a break."""

    mark: bytes
    begins: Callable[[bytes], bool]
    look: int = 512
    behind: int = 0  # bytes of the mark before the record

    def resume(self, file: Seekable, offset: int) -> int | None:
        """Return the offset of the next record that begins at `offset` or later, or None."""
        try:
            found = warc.scan(file, max(offset - self.behind, 0), self.mark, self.begins, look=self.look)
        except ValueError:  # a stream that does not hold that much any more
            return None
        return None if found is None else found + self.behind


def _zstd_begins(head: bytes) -> bool:
    with suppress(zstandard.ZstdError):
        return zstandard.ZstdDecompressor().decompressobj().decompress(head).startswith(b"WARC/")
    return False


_PLAIN = _Form(mark=b"\nWARC/", begins=lambda head: head[6:7].isdigit(), behind=1)
_GZIP = _Form(mark=warc.GZIP, begins=warc.begins_member)
_ZSTD = _Form(mark=b"\x28\xb5\x2f\xfd", begins=_zstd_begins, look=1 << 18)  # a block comes whole or not at all
_LZ4 = _Form(mark=b"\x04\x22\x4d\x18", begins=lambda head: False)  # rare: broken ones are read to the break only
_DICTIONARY = b"\x5d\x2a\x4d\x18"  # of a .warc.zst, before its first record


def _form(file: Seekable) -> _Form | str:
    """Return how a file is packed, or why it cannot be read."""
    file.seek(0)
    head = file.read(1 << 16)
    if not head:
        return "the file is empty"
    if head.startswith((_ZSTD.mark, _DICTIONARY)):
        return _ZSTD
    if head.startswith(_LZ4.mark):
        return _LZ4
    packed = head.startswith(warc.GZIP)
    text = head
    if packed:
        try:
            text = zlib.decompressobj(wbits=31).decompress(head, 1 << 16)
        except zlib.error:
            return _GZIP  # the first member is damaged; others may not be
    if text.startswith(b"filedesc:"):
        return "an ARC file: convert it to WARC first, for example with `warcio recompress`"
    if b"WARC/" not in text and not (packed and _GZIP.resume(file, 1) is not None):
        return "no WARC file"
    return _GZIP if packed else _PLAIN
