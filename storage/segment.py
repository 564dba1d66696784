"""What a segment says: a run's facts and its outcomes as groups of WARC records, and back to the very same values.

An outcome is one `metadata` record, which holds every fact of it as JSON, and then for each exchange, redirects first,
a `request` and a `response` or `revisit`, which hold headers and bodies as other people's tools expect them. Files and
folders are in `archive.py`.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from extractors.model import Exchange, Failed, Feed, Fetched, NotModified, Outcome, Reason, Source, Want
from storage import codec, message, warc
from storage.warc import Header, Part

FORMAT = 1  # of the JSON; raised when a reader of today could not read it
INFO_TYPE = "application/vnd.tripolar.run+json"
OUTCOME_TYPE = "application/vnd.tripolar.outcome+json"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_PROTOCOLS = {"HTTP/2": "h2", "HTTP/2.0": "h2", "HTTP/1.1": "http/1.1", "HTTP/1.0": "http/1.0"}
_TRUNCATED = {Reason.TRUNCATED: "disconnect", Reason.TIMEOUT: "time", Reason.TOO_LARGE: "length", Reason.BOMB: "length"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """The run that wrote a segment, with everything that loading must know of it."""

    run_id: str
    run_kind: str
    started_at: datetime
    seq: int = 1  # of the segment in the run, from 1
    software: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    sources: tuple[Source, ...] = ()
    feeds: tuple[Feed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """An outcome without its bodies, and without the headers that the text of its messages gives back exactly."""

    format: int
    kind: Literal["fetched", "not-modified", "failed"]
    want: Want
    at: datetime
    records: int  # that follow
    exchanges: tuple[Exchange, ...] = ()
    answered: bool = True  # the last exchange is the answer, and not a redirect on the way
    by: Literal["304", "digest"] | None = None
    reason: Reason | None = None
    detail: str = ""
    retry_after: float | None = None


class Names:
    """Record ids of one segment, in order. They are derived, so that the same outcomes give the same bytes."""

    def __init__(self, info: Info) -> None:
        """Begin with the first record of the segment that `info` describes."""
        self._prefix = f"tripolar:{info.run_id}:{info.started_at.isoformat()}:{info.seq}:"
        self._next = 0

    def next(self) -> str:
        """Return the id of the next record."""
        self._next += 1
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, self._prefix + str(self._next))}"


def write_info(info: Info, name: str, names: Names) -> bytes:
    """Return the records that a segment of that file name begins with."""
    lines = {
        "software": info.software,
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": info.run_id,
        "description": f"segment {info.seq} of a {info.run_kind} run",
    }
    about = "".join(f"{key}: {' '.join(value.split())}\r\n" for key, value in lines.items())
    identity = names.next()
    fields = (("WARC-Filename", name), ("Content-Type", "application/warc-fields"))
    first = warc.pack(
        "warcinfo", identity=identity, at=info.started_at, fields=fields, block=about.encode(), level=warc.PACKED
    )
    fields = (("WARC-Warcinfo-ID", f"<{identity}>"), ("Content-Type", INFO_TYPE))
    second = warc.pack(
        "metadata", identity=names.next(), at=info.started_at, fields=fields, block=codec.dump(info), level=warc.PACKED
    )
    return first + second


def read_info(part: Part) -> Info | None:
    """Return the run's facts where the record holds them. Raises `ValueError` when it does but they cannot be read."""
    return codec.load(Info, part.block) if part.field("Content-Type") == INFO_TYPE else None


def write_outcome(outcome: Outcome, names: Names) -> bytes:
    """Return the records of one outcome. The body of a `NotModified` is not kept: it is the same as last time."""
    exchanges = (*outcome.hops, *((outcome.exchange,) if outcome.exchange else ()))
    identity = names.next()
    messages = [
        _Message.of(exchange, outcome if exchange is outcome.exchange else None, names, identity)
        for exchange in exchanges
    ]
    facts = _facts(outcome, exchanges=tuple(each.bare for each in messages))
    fields = (("WARC-Target-URI", outcome.want.url), ("Content-Type", OUTCOME_TYPE))
    first = warc.pack(
        "metadata", identity=identity, at=outcome.at, fields=fields, block=codec.dump(facts), level=warc.PACKED
    )
    return b"".join((first, *(each.records for each in messages)))


def read_facts(part: Part) -> Facts | None:
    """Return the facts of the outcome that begins with a record, or None when none does.

    `facts.records` of the records after it belong to it. Raises `ValueError` when they cannot be read.
    """
    if part.field("Content-Type") != OUTCOME_TYPE:
        return None
    facts = codec.load(Facts, part.block)
    if facts.format > FORMAT:
        raise ValueError(f"format {facts.format}: a newer Tripolar wrote this")
    if facts.records != 2 * len(facts.exchanges):
        raise ValueError(f"{len(facts.exchanges)} exchanges in {facts.records} records")
    return facts


def read_outcome(facts: Facts, records: Sequence[Part]) -> Outcome:
    """Return the outcome of facts and the records that belong to them. Raises `ValueError` on anything inconsistent."""
    pairs = zip(facts.exchanges, records[::2], records[1::2], strict=True)
    exchanges = tuple(_exchange(bare, asked, told) for bare, asked, told in pairs)
    if facts.answered and not exchanges:
        raise ValueError("an answer without its records")
    hops, exchange = (exchanges[:-1], exchanges[-1]) if facts.answered else (exchanges, None)
    if facts.kind == "failed" and facts.reason:
        return Failed(
            want=facts.want,
            at=facts.at,
            reason=facts.reason,
            detail=facts.detail,
            exchange=exchange,
            hops=hops,
            retry_after=facts.retry_after,
        )
    if facts.kind == "not-modified" and exchange and facts.by:
        return NotModified(want=facts.want, at=facts.at, exchange=exchange, by=facts.by, hops=hops)
    if facts.kind == "fetched" and exchange:
        return Fetched(want=facts.want, at=facts.at, exchange=exchange, hops=hops)
    raise ValueError(f"the facts of a {facts.kind} outcome are not complete")


@dataclass(frozen=True, slots=True)
class _Message:
    """One exchange as two records, and what the metadata must say of it."""

    records: bytes
    bare: Exchange

    @classmethod
    def of(cls, exchange: Exchange, outcome: Outcome | None, names: Names, group: str) -> "_Message":
        """Return it; `outcome` is given for the exchange that decided it."""
        asked, asked_id, told_id = message.request(exchange), names.next(), names.next()
        same = outcome if isinstance(outcome, NotModified) else None
        told = message.response(exchange, with_body=same is None)
        block = told if same else told + exchange.body
        common: tuple[Header, ...] = (("WARC-Target-URI", exchange.url),)
        if exchange.ip:
            common += (("WARC-IP-Address", exchange.ip),)
        if exchange.protocol in _PROTOCOLS:
            common += (("WARC-Protocol", _PROTOCOLS[exchange.protocol]),)
        request = warc.pack(
            "request",
            identity=asked_id,
            at=exchange.at,
            fields=(
                *common,
                ("WARC-Concurrent-To", f"<{told_id}>"),
                ("Content-Type", "application/http;msgtype=request"),
            ),
            block=asked,
            level=warc.PACKED,
        )
        response = warc.pack(
            "revisit" if same else "response",
            identity=told_id,
            at=exchange.at,
            fields=(
                *common,
                ("WARC-Concurrent-To", f"<{group}>"),
                ("Content-Type", "application/http;msgtype=response"),
                *(_revisited(same, exchange) if same else (("WARC-Payload-Digest", warc.digest(exchange.body)),)),
                *_truncated(outcome),
            ),
            block=block,
            level=warc.STORED if not same and message.is_packed(exchange) else warc.PACKED,
        )
        return cls(request + response, _bare(exchange, asked, told))


def _revisited(outcome: NotModified, exchange: Exchange) -> tuple[Header, ...]:
    profile = (("WARC-Profile", _NOT_MODIFIED if outcome.by == "304" else _SAME_PAYLOAD),)
    refers = (("WARC-Refers-To-Target-URI", exchange.url),)
    known = warc.digest(exchange.body) if exchange.body else outcome.want.validators.digest
    return (*profile, *refers, ("WARC-Payload-Digest", known)) if known else (*profile, *refers)


def _truncated(outcome: Outcome | None) -> tuple[Header, ...]:
    why = _TRUNCATED.get(outcome.reason) if isinstance(outcome, Failed) else None
    return (("WARC-Truncated", why),) if why else ()


def _bare(exchange: Exchange, asked: bytes, told: bytes) -> Exchange:
    """Return the exchange without what its messages give back. Headers that the text cannot hold stay in the JSON."""
    return replace(
        exchange,
        body=b"",
        request_headers=() if message.headers(asked) == exchange.request_headers else exchange.request_headers,
        headers=() if message.headers(told) == exchange.headers else exchange.headers,
    )


def _facts(outcome: Outcome, *, exchanges: tuple[Exchange, ...]) -> Facts:
    facts = Facts(
        format=FORMAT,
        kind="fetched",
        want=outcome.want,
        at=outcome.at,
        records=2 * len(exchanges),
        exchanges=exchanges,
        answered=outcome.exchange is not None,
    )
    match outcome:
        case Fetched():
            return facts
        case NotModified(by=by):
            return replace(facts, kind="not-modified", by=by)
        case Failed(reason=reason, detail=detail, retry_after=retry_after):
            return replace(facts, kind="failed", reason=reason, detail=detail, retry_after=retry_after)


def _exchange(bare: Exchange, asked: Part, told: Part) -> Exchange:
    if asked.kind != "request" or told.kind not in ("response", "revisit"):
        raise ValueError(f"{asked.kind} and {told.kind} where request and response should be")
    request, _ = message.split(asked.block)
    response, body = message.split(told.block)
    return replace(
        bare,
        body=body,
        request_headers=bare.request_headers or message.headers(request),
        headers=bare.headers or message.headers(response),
    )
