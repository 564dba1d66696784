"""WARC 1.1 records as gzip members: one record to bytes, and a file back to records, whatever state it is in.

What a record means for Tripolar is in `segment.py`; where files stand and how they are opened, closed and mended is in
`archive.py`; files that others wrote are read by `foreign.py`.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, Literal

from storage.window import Seekable

Kind = Literal["warcinfo", "metadata", "request", "response", "revisit"]
Header = tuple[str, str]

STORED, PACKED = 0, 6  # zlib levels: a body that is coded already gains nothing and costs 40 times as much at level 1
GZIP = b"\x1f\x8b\x08"
_READ = 1 << 16
_MOST = 1 << 28  # bytes of one unpacked record: no page is that large, so more is damage


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Something that could not be read and was skipped."""

    where: str  # file name
    offset: int  # bytes in the file
    what: str  # one line for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One record as it stands in a file."""

    kind: str
    fields: tuple[Header, ...]
    block: bytes
    offset: int  # of its gzip member in the file
    length: int  # of that member

    def field(self, name: str) -> str | None:
        """Return the first WARC header of that name, in any case, or None."""
        lower = name.lower()
        return next((value for key, value in self.fields if key.lower() == lower), None)


def digest(data: bytes) -> str:
    """Return the digest of bytes as WARC writes it and readers check it: `sha256:<hex>`."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def pack(kind: Kind, *, identity: str, at: datetime, fields: tuple[Header, ...], block: bytes, level: int) -> bytes:
    """Return one record as one gzip member (ISO 28500:2017). `identity` is its URI; length and digest are added."""
    lines = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<{identity}>"),
        ("WARC-Date", at.astimezone(UTC).isoformat().replace("+00:00", "Z")),
        *fields,
        ("WARC-Block-Digest", digest(block)),
        ("Content-Length", str(len(block))),
    ]
    head = "".join(f"{name}: {_line(value)}\r\n" for name, value in lines)
    packer = zlib.compressobj(level, wbits=31)
    return b"".join(
        (
            packer.compress(b"WARC/1.1\r\n" + head.encode("utf-8", "replace") + b"\r\n"),
            packer.compress(block),
            packer.compress(b"\r\n\r\n"),
            packer.flush(),
        )
    )


def _line(value: str) -> str:
    """Return a value that fits on one line. What hostile URLs hold beyond that is kept exactly in the metadata."""
    return value if value.isprintable() else "".join(map(_escaped, value))


def _escaped(char: str) -> str:
    return char if char.isprintable() else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))


def parts(file: BinaryIO, name: str, *, start: int = 0) -> Iterator[Part | Damage]:
    """Yield the records of a seekable gzip file in order, from a byte offset on.

    A member that cannot be read gives a `Damage`, and reading goes on at the next one that can.
    """
    offset = start
    while True:
        try:
            member = _member(file, offset)
            if member is None:
                return
            part = _parse(member[0], offset, member[1])
        except (zlib.error, ValueError) as error:
            yield Damage(where=name, offset=offset, what=str(error))
            following = scan(file, offset + 1, GZIP, begins_member)
            if following is None:
                return
            offset = following
            continue
        yield part
        offset += part.length


def _member(file: BinaryIO, offset: int) -> tuple[bytes, int] | None:
    """Return the unpacked bytes and the length of the member that begins there, or None at the end of the file."""
    file.seek(offset)
    unpacker = zlib.decompressobj(wbits=31)
    out: list[bytes] = []
    size = read = 0
    while not unpacker.eof:
        chunk = file.read(_READ)
        if not chunk:
            if read == 0:
                return None
            raise ValueError("the file ends inside a record")
        read += len(chunk)
        out.append(unpacker.decompress(chunk, _MOST + 1 - size))
        size += len(out[-1])
        if size > _MOST:
            raise ValueError(f"a record of more than {_MOST} bytes")
    return b"".join(out), read - len(unpacker.unused_data)


def scan(file: Seekable, offset: int, mark: bytes, begins: Callable[[bytes], bool], *, look: int = 512) -> int | None:
    """Return the first offset, from one on, of a mark whose `look` bytes are a beginning, or None."""
    held, base = b"", offset
    while True:
        file.seek(base + len(held))
        chunk = file.read(_READ)
        if not chunk:
            return None
        held += chunk
        found = held.find(mark)
        while found >= 0:
            file.seek(base + found)
            if begins(file.read(look)):
                return base + found
            found = held.find(mark, found + 1)
        keep = min(len(mark) - 1, len(held))
        base, held = base + len(held) - keep, held[len(held) - keep :]


def begins_member(head: bytes) -> bool:
    """Tell whether bytes are the beginning of a gzip member with a WARC record in it."""
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 8).startswith(b"WARC/")
    except zlib.error:
        return False


def _parse(data: bytes, offset: int, length: int) -> Part:
    head, found, rest = data.partition(b"\r\n\r\n")
    version, _, lines = head.partition(b"\r\n")
    if not found or not version.startswith(b"WARC/1"):
        raise ValueError("no WARC record")
    pairs = (line.partition(": ") for line in lines.decode("utf-8", "replace").split("\r\n"))
    fields = tuple((name, value) for name, _, value in pairs)
    named = {name.lower(): value for name, value in fields}
    if named.get("content-length") != str(len(rest) - 4) or not rest.endswith(b"\r\n\r\n"):
        raise ValueError("a record whose length is not what it says")
    return Part(kind=named.get("warc-type", ""), fields=fields, block=rest[:-4], offset=offset, length=length)
