"""HTTP messages as the text of WARC records: an exchange to two blocks, and header text back to headers.

The text is what archive readers expect of HTTP/1.1, whatever protocol was spoken. Lines that the text must not repeat
as they were on the wire are kept beside it under a prefix: `Transfer-Encoding`, because the body is kept without it,
and a `Content-Length` that is not the body's. No WARC headers here, and no reading of bodies.
"""

import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlsplit

from extractors.model import Exchange
from storage.warc import Header

WIRE = "X-Tripolar-Wire-"
_STATUS = re.compile(rb"HTTP/(\d(?:\.\d)?)[ \t]+(\d{3})(?!\d)")
_BLANK = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"(?:\r?\n)?0*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\n]{0,1000})?\r?\n")
_MOST_HEADERS = 1 << 20
_CODED = ("gzip", "x-gzip", "br", "zstd", "deflate", "compress", "x-compress")
_PACKED_TYPES = ("image/", "video/", "audio/", "application/pdf", "application/zip", "application/gzip")


def request(exchange: Exchange) -> bytes:
    """Return the request as text."""
    return _text(f"{exchange.method} {_target(exchange.url)} HTTP/1.1", exchange.request_headers)


def response(exchange: Exchange, *, with_body: bool = True) -> bytes:
    """Return the status line and headers of the response as text; the body, where it is kept, is to follow."""
    version = exchange.protocol if exchange.protocol in ("HTTP/1.0", "HTTP/1.1") else "HTTP/1.1"
    return _text(f"{version} {exchange.status} {_phrase(exchange.status)}", _told(exchange, with_body=with_body))


def headers(text: bytes) -> tuple[Header, ...]:
    """Return the headers that `request` or `response` wrote, as they were on the wire."""
    found: list[Header] = []
    for line in text.decode("latin-1").split("\r\n")[1:]:
        name, colon, value = line.partition(": ")
        if name.startswith(WIRE):
            name = name.removeprefix(WIRE)
            if name.lower() == "content-length" and found:
                found.pop()  # the true length, which stands before the one that was sent
        if colon:
            found.append((name, value))
    return tuple(found)


def split(block: bytes) -> tuple[bytes, bytes]:
    """Return header text and body of a message."""
    head, _, body = block.partition(b"\r\n\r\n")
    return head, body


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response as somebody kept it."""

    protocol: str
    status: int
    headers: tuple[Header, ...]
    body: bytes  # transfer coding removed

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case, or None."""
        lower = name.lower()
        return next((value for key, value in self.headers if key.lower() == lower), None)


def parse(block: bytes) -> Answer | None:
    """Return a response in whatever state of repair, or None when it is none. Broken chunking gives what can be had."""
    first = _STATUS.match(block)
    if not first:
        return None
    end = _BLANK.search(block, 0, first.end() + _MOST_HEADERS)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    told: list[Header] = []
    for line in head.decode("latin-1").split("\n")[1:]:
        if line[:1] in (" ", "\t") and told:  # RFC 9112, 5.2: a line that goes on
            told[-1] = (told[-1][0], f"{told[-1][1]} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            told.append((name.strip(), value.strip()))
    answer = Answer(protocol=f"HTTP/{first[1].decode()}", status=int(first[2]), headers=tuple(told), body=body)
    return (
        replace(answer, body=unchunk(body))
        if "chunked" in (answer.header("transfer-encoding") or "").lower()
        else answer
    )


def unchunk(body: bytes) -> bytes:
    """Return a body without its chunking (RFC 9112, 7.1).

    One that is not chunked at all comes back as it is, because crawlers undo the chunking and leave the header. Where
    it breaks in the middle, the rest is added as it is.
    """
    pieces: list[bytes] = []
    position = 0
    while size := _CHUNK.match(body, position):
        length = int(size[1], 16)
        if length == 0:
            return b"".join(pieces)
        pieces.append(body[size.end() : size.end() + length])
        position = size.end() + length
    return b"".join((*pieces, body[position:]))


def is_packed(exchange: Exchange) -> bool:
    """Tell whether the body is compressed already, by what its headers say."""
    coding = (exchange.header("content-encoding") or "").lower()
    kind = (exchange.header("content-type") or "").lower()
    return any(name in coding for name in _CODED) or kind.startswith(_PACKED_TYPES)


def _told(exchange: Exchange, *, with_body: bool) -> tuple[Header, ...]:
    """Return the headers that are true of the kept body, with what was sent beside those that are not."""
    bodiless = not with_body or exchange.method == "HEAD" or exchange.status in (204, 304)
    told: list[Header] = []
    for name, value in exchange.headers:
        lower = name.lower()
        if lower == "transfer-encoding":
            told.append((WIRE + name, value))
        elif lower == "content-length" and not bodiless and value != str(len(exchange.body)):
            told += [(name, str(len(exchange.body))), (WIRE + name, value)]
        else:
            told.append((name, value))
    return tuple(told)


def _text(first: str, lines: tuple[Header, ...]) -> bytes:
    text = "\r\n".join((_one_line(first), *(f"{_one_line(name)}: {_one_line(value)}" for name, value in lines), "", ""))
    try:
        return text.encode("latin-1")  # HTTP's own reading of header bytes, and what fetching decodes with
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")


def _target(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
