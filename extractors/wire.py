"""Content codings undone: the body of a page or feed as its server meant it, from the bytes that came over the wire.

Nothing is trusted: not the label, not the length, not that unfolding ends. Memory stays within the limit and some
megabytes. Transfer codings and character sets do not belong here.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli
import zstandard

from extractors.model import Reason

_LAYERS = (
    4  # codings on top of each other; honest servers use one, a proxy adds one, a .gz file behind them is the third
)
_MEMBERS = 10_000  # gzip members or zstd frames in one body
_CHUNK = 16_384  # bytes given to a decoder at once
_ZSTD_CHUNK = 512  # a zstd decoder cannot be stopped within a call, where 4 bytes may become 128 KiB
_ZSTD_WINDOW = 8 << 20  # RFC 9659: what a server may ask of a client
_GZIP_BITS = 31  # zlib's own way to say: with a gzip header, 32 KiB of window
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfolded:
    """A body without its codings, and what was wrong with them.

    With TRUNCATED (the stream ended early) and PROTOCOL (it is damaged, or of an unknown coding) the body is what could
    be read; with BOMB it is empty; with TOO_LARGE it is whole, and longer than the limit.
    """

    body: bytes
    problem: Reason | None = None
    detail: str = ""


class _EndedEarlyError(Exception):
    """The coded stream stops before its end."""


class _DamagedError(Exception):
    """The bytes are not of the coding that they should be."""


def unfold(body: bytes, content_encoding: str | None, *, limit: int) -> Unfolded:
    """Undo the codings that the header names, last one first, and gzip or zstd files inside, to at most `limit` bytes.

    A body that is not of the coding it is labelled with stays as it came, or is undone as what it is (RFC 9110, 8.4).
    """
    labels = [label.strip().lower().removeprefix("x-") for label in (content_encoding or "").split(",")]
    labels = [label for label in labels if label and label != "identity"]
    layers = 0
    while labels or _signature(body):
        coding = _signature(body) or labels[-1]
        labels = labels[:-1]
        if coding not in _DECODERS or (coding in ("gzip", "zstd") and not _signature(body)):
            if not labels and coding not in _DECODERS and not _is_text(body):
                return Unfolded(body=body, problem=Reason.PROTOCOL, detail=f"unknown content coding {coding[:40]!r}")
            continue  # a label that the body does not bear out
        layers += 1
        if layers > _LAYERS:
            return Unfolded(body=b"", problem=Reason.BOMB, detail=f"more than {_LAYERS} content codings")
        result = _undo(body, coding, limit)
        if result.problem is not None:
            return result
        body = result.body
    if len(body) > limit:
        return Unfolded(body=body, problem=Reason.TOO_LARGE, detail=f"{len(body):,} bytes, limit {limit:,}")
    return Unfolded(body=body)


def _signature(body: bytes) -> str | None:
    """Return the coding that a body's first bytes prove, whatever its label says."""
    if body.startswith(_GZIP):
        return "gzip"
    return "zstd" if body.startswith(_ZSTD) else None


def _is_text(body: bytes) -> bool:
    """Tell whether a body begins like markup, JSON or plain text rather than like something packed."""
    head = body[:256]
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or all(byte > 31 or byte in b"\t\n\r\f" for byte in head)


def _undo(body: bytes, coding: str, limit: int) -> Unfolded:
    """Undo one coding."""
    pieces: list[bytes] = []
    size = 0
    problem, detail = None, ""
    try:
        for piece in _DECODERS[coding](body):
            size += len(piece)
            if size > limit:
                detail = f"{coding} of {len(body):,} bytes unfolds beyond {limit:,}"
                return Unfolded(body=b"", problem=Reason.BOMB, detail=detail)
            pieces.append(piece)
    except _EndedEarlyError:
        problem, detail = Reason.TRUNCATED, f"{coding} ends early"
    except _DamagedError as error:
        problem, detail = Reason.PROTOCOL, f"{coding} is damaged: {error}"
    if problem is not None and not _signature(body) and _is_text(body):
        return Unfolded(body=body)  # mislabelled text, which some decoders can begin to read
    return Unfolded(body=b"".join(pieces), problem=problem, detail=detail)


def _inflate(body: bytes, *, bits: int) -> Iterator[bytes]:
    """Yield what deflate streams, one after another, hold; what follows the last one is passed over.

    A stream that ends leaves the rest of its chunk behind: chunks start small after each end, or tiny members would
    cost a copy of a whole chunk each.
    """
    view, at, chunk = memoryview(body), 0, _CHUNK
    for member in range(_MEMBERS):
        decoder = zlib.decompressobj(bits)
        try:
            while not decoder.eof:
                data = decoder.unconsumed_tail or view[at : at + chunk]
                if not data:
                    raise _EndedEarlyError
                if not decoder.unconsumed_tail:
                    at += len(data)
                    chunk = min(chunk * 2, _CHUNK)
                yield decoder.decompress(data, 1 << 18)
        except zlib.error as error:
            if member and bits > 0 and not decoder.unconsumed_tail:
                return  # padding or rubbish after a whole member
            raise _DamagedError(str(error)[:80]) from None
        at -= len(decoder.unused_data)
        chunk = 64
        if bits != _GZIP_BITS or bytes(view[at : at + 3]) != _GZIP:
            return
    raise _DamagedError(f"more than {_MEMBERS:,} members")


def _gzip(body: bytes) -> Iterator[bytes]:
    return _inflate(body, bits=_GZIP_BITS)


def _deflate(body: bytes) -> Iterator[bytes]:
    """Deflate as RFC 9110 means it, with a zlib header, or without, as some servers do."""
    zlib_header = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    return _inflate(body, bits=15 if zlib_header else -15)


def _brotli(body: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    try:
        for at in range(0, len(body), _CHUNK):
            yield decoder.process(body[at : at + _CHUNK], output_buffer_limit=1 << 18)
            while not decoder.can_accept_more_data():
                yield decoder.process(b"", output_buffer_limit=1 << 18)
            if decoder.is_finished():
                return
    except brotli.error as error:
        raise _DamagedError(str(error)[:80]) from None
    if not decoder.is_finished():
        raise _EndedEarlyError


def _zstd(body: bytes) -> Iterator[bytes]:
    factory = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    at = 0
    for _ in range(_MEMBERS):
        decoder = factory.decompressobj()
        try:
            while not decoder.eof:
                data = body[at : at + _ZSTD_CHUNK]
                if not data:
                    raise _EndedEarlyError
                at += len(data)
                yield decoder.decompress(data)
        except zstandard.ZstdError as error:
            raise _DamagedError(str(error)[:80]) from None
        at -= len(decoder.unused_data)
        if body[at : at + 4] != _ZSTD:
            return
    raise _DamagedError(f"more than {_MEMBERS:,} frames")


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
