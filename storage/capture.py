"""One record of a WARC file that others wrote: is it wanted, is it whole, and which page is it.

Records are FastWARC's. Files, and what to do when one is broken, are in `foreign.py`.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from fastwarc.warc import WarcRecordType

from extractors.model import Exchange, Fetched, Purpose, Want
from storage import message
from storage.message import Answer
from storage.warc import Header

_ALGORITHMS = {"sha1", "sha256", "sha512", "md5"}


class Skip(StrEnum):
    """Why a record gave no page."""

    HOST = "host"  # of another host
    TIME = "time"  # captured outside of the window
    REVISIT = "revisit"  # the same as before, and before is elsewhere
    NO_URL = "no-url"  # not of http or https
    NOT_HTTP = "not-http"
    STATUS = "status"  # a redirect, an error, a part
    EMPTY = "empty"
    TOO_LARGE = "too-large"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which records are wanted, told by their headers alone."""

    hosts: frozenset[bytes] | None = None  # lower case, without `www.`; None: any
    since: datetime | None = None  # of capture
    until: datetime | None = None  # of capture, exclusive
    max_bytes: int = 64 << 20  # of one record


@dataclass(frozen=True, slots=True)
class Page:
    """A page that came, and whether something proves that its length is right."""

    fetched: Fetched
    proven: bool


def page(record: Any, wanted: Filter, *, at: datetime, referrer: str) -> Page | Skip:
    """Return the page of a `response` or `resource` record, or why there is none.

    Raises `EOFError` when the file ends inside the record, and `ValueError` when its content is not what it should be.
    """
    url: bytes = (record.headers.get_bytes(b"WARC-Target-URI") or b"").strip(b"<> \t")
    if wanted.hosts is not None and host(url) not in wanted.hosts:
        return Skip.HOST
    if not url[:8].lower().startswith((b"http://", b"https://")):
        return Skip.NO_URL
    captured: datetime | None = record.record_date
    if captured is None:
        raise ValueError("no date that can be read")
    if (wanted.since and captured < wanted.since) or (wanted.until and captured >= wanted.until):
        return Skip.TIME
    if record.record_type == WarcRecordType.revisit:
        return Skip.REVISIT
    if record.content_length > wanted.max_bytes:
        return Skip.TOO_LARGE
    block: bytes = record.reader.read()
    if len(block) < record.content_length:
        raise EOFError("the file ends inside a record")
    answer = _answer(record, block)
    proven = _verify(record, block, answer)
    if answer is None:
        return Skip.NOT_HTTP
    if not 200 <= answer.status <= 299 or answer.status in (204, 205, 206):
        return Skip.STATUS
    if not answer.body:
        return Skip.EMPTY
    fetched = _fetched(url.decode("utf-8", "replace"), captured, record, answer, at=at, referrer=referrer)
    return Page(fetched, proven or answer.header("content-length") == str(len(answer.body)))


def host(url: bytes) -> bytes:
    """Return the host of a URL in lower case, without user, port and `www.`."""
    _, _, rest = url.partition(b"://")
    place = rest.partition(b"/")[0].partition(b"?")[0].partition(b"#")[0].rpartition(b"@")[2]
    return place.partition(b":")[0].lower().removeprefix(b"www.")


def _answer(record: Any, block: bytes) -> Answer | None:
    if record.record_type == WarcRecordType.resource:
        kind = record.headers.get("Content-Type") or "application/octet-stream"
        return Answer(protocol="HTTP/1.1", status=200, headers=(("Content-Type", kind),), body=block)
    return message.parse(block)


def _verify(record: Any, block: bytes, answer: Answer | None) -> bool:
    """Tell whether a digest proves the record. Raises `ValueError` when one disproves it.

    Writers disagree whether the payload is with or without its chunking, so either will do.
    """
    whole = _matches(record.headers.get("WARC-Block-Digest"), block)
    if whole is not None:
        if not whole:
            raise ValueError("the block digest is wrong")
        return True
    sent = message.split(block)[1] if record.record_type != WarcRecordType.resource else block
    claim = record.headers.get("WARC-Payload-Digest")
    found = [_matches(claim, body) for body in (sent, *((answer.body,) if answer else ()))]
    if any(found):
        return True
    if False in found:
        raise ValueError("the payload digest is wrong")
    return False


def _matches(claim: str | None, data: bytes) -> bool | None:
    """Tell whether data has the digest that a header claims, in base 16 or 32; None where that cannot be told."""
    algorithm, _, value = (claim or "").strip().partition(":")
    algorithm = algorithm.lower().replace("-", "")
    if algorithm not in _ALGORITHMS or not value:
        return None
    found = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    if len(value) == 2 * len(found):
        return value.lower() == found.hex()
    try:
        bare = value.upper().rstrip("=")
        return base64.b32decode(bare + "=" * (-len(bare) % 8)) == found
    except binascii.Error:
        return None


def _true(answer: Answer) -> tuple[Header, ...]:
    """Return the headers; a gzip coding that the crawler undid without saying so is renamed as Common Crawl does."""
    if answer.body.startswith(b"\x1f\x8b"):
        return answer.headers
    return tuple(
        (f"X-Crawler-{name}" if name.lower() == "content-encoding" and "gzip" in value.lower() else name, value)
        for name, value in answer.headers
    )


def _fetched(url: str, captured: datetime, record: Any, answer: Answer, *, at: datetime, referrer: str) -> Fetched:
    exchange = Exchange(
        url=url,
        at=captured,
        status=answer.status,
        headers=_true(answer),
        body=answer.body,
        protocol=answer.protocol,
        ip=record.headers.get("WARC-IP-Address"),
    )
    want = Want(url=url, purpose=Purpose.PAGE, referrer=referrer, reason="backfill")
    return Fetched(want=want, at=at, exchange=exchange)
