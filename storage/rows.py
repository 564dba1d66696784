"""Facts into Arrow tables, one a table of the corpus, with the columns of `sql/migrations`.

Workers build them, so that what crosses a process is columns and not a hundred thousand objects. Ids travel as
32 hexadecimal digits and become UUIDs in SQL. No decisions here, and no database.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from extractors.model import (
    Captured,
    Evidence,
    Exchange,
    Failed,
    Fetched,
    Moment,
    NotModified,
    Outcome,
    Polled,
    Revision,
    Tagging,
)
from storage import warc

_USERINFO = re.compile(r"(?<=//)[^/?#\s]*@")
TIME = pa.timestamp("us", tz="UTC")
TEXTS = pa.list_(pa.string())
EVIDENCE = pa.list_(
    pa.struct([("part", pa.string()), ("start", pa.int32()), ("stop", pa.int32()), ("rule", pa.string())])
)


def _schema(columns: str, **types: pa.DataType) -> pa.Schema:
    """Return a schema of text columns, but for those whose type is given."""
    return pa.schema([(name, types.get(name, pa.string())) for name in columns.split()])


POLL = _schema(
    "segment offset url source_id polled_at outcome reason detail status format problem entries keys etag "
    "last_modified digest ttl_s retry_after_s moved_to elapsed_ms bytes",
    offset=pa.int64(),
    polled_at=TIME,
    status=pa.int16(),
    entries=pa.int32(),
    keys=pa.list_(pa.uint64()),
    ttl_s=pa.int32(),
    retry_after_s=pa.float64(),
    elapsed_ms=pa.int32(),
    bytes=pa.int64(),
)
ENTRY = _schema(
    "entry_id feed source_id url url_id guid title summary authors published_at published_precision published_raw "
    "updated_at language categories origin date_source fingerprint first_seen_at last_seen_at",
    fingerprint=pa.uint64(),
    authors=TEXTS,
    categories=TEXTS,
    published_at=TIME,
    updated_at=TIME,
    first_seen_at=TIME,
    last_seen_at=TIME,
)
CAPTURE = _schema(
    "segment offset length url url_id final_url source_id referrer wanted attempt captured_at archived_at outcome reason "
    "detail status reading etag last_modified digest retry_after_s elapsed_ms bytes article_id revision_id",
    offset=pa.int64(),
    length=pa.int64(),
    attempt=pa.int32(),
    captured_at=TIME,
    archived_at=TIME,
    status=pa.int16(),
    retry_after_s=pa.float64(),
    elapsed_ms=pa.int32(),
    bytes=pa.int64(),
)
REVISION = _schema(
    "revision_id article_id url source_id title text authors language published_at published_precision published_raw "
    "date_source modified_at paywalled word_count text_hash bands captured_at extractor_version",
    authors=TEXTS,
    published_at=TIME,
    modified_at=TIME,
    paywalled=pa.bool_(),
    word_count=pa.int32(),
    bands=pa.list_(pa.uint32()),
    captured_at=TIME,
)
MENTION = _schema(
    "revision_id actor entity part start stop surface resolved taxonomy_version", start=pa.int32(), stop=pa.int32()
)
TAG = _schema("revision_id kind label score evidence taxonomy_version", score=pa.float32(), evidence=EVIDENCE)
RELATION = _schema(
    "revision_id label score from_actor to_actor event evidence taxonomy_version", score=pa.float32(), evidence=EVIDENCE
)
STATEMENT = _schema(
    "revision_id speaker speaker_actor speaker_entity verb words quoted part start stop target_actor topic "
    "taxonomy_version",
    quoted=pa.bool_(),
    start=pa.int32(),
    stop=pa.int32(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What one segment, or a part of it, adds to the corpus."""

    poll: pa.Table
    entry: pa.Table
    capture: pa.Table
    revision: pa.Table
    mention: pa.Table
    tag: pa.Table
    relation: pa.Table
    statement: pa.Table


def join(parts: Iterable[Tables]) -> Tables:
    """Return the rows of all parts, in their order."""
    listed = [*parts, _build([], [], [], [])]
    return Tables(
        **{name: pa.concat_tables([getattr(part, name) for part in listed]) for name in Tables.__dataclass_fields__}
    )


def build(polls: Iterable[Polled], captures: Iterable[Captured]) -> Tables:
    """Return the rows of what was read. A revision that was captured twice has the rows of its earlier capture."""
    polled, captured = list(polls), list(captures)
    first: dict[str, tuple[Revision, datetime]] = {}
    for item in captured:
        if item.revision is not None:
            known = first.get(item.revision.id)
            if known is None or item.record.outcome.at < known[1]:
                first[item.revision.id] = (item.revision, item.record.outcome.at)
    return _build(
        [_poll(item) for item in polled],
        [row for item in polled for row in _entries(item)],
        [_capture(item) for item in captured],
        list(first.values()),
    )


def tagged(taggings: Iterable[tuple[str, Tagging]]) -> Tables:
    """Return the rows of what the tagger says of texts, by the ids of their revisions, and no others."""
    listed = list(taggings)
    return Tables(
        poll=_table(POLL, []),
        entry=_table(ENTRY, []),
        capture=_table(CAPTURE, []),
        revision=_table(REVISION, []),
        mention=_table(MENTION, [row for identity, tagging in listed for row in _mentions(identity, tagging)]),
        tag=_table(TAG, [row for identity, tagging in listed for row in _tags(identity, tagging)]),
        relation=_table(RELATION, [row for identity, tagging in listed for row in _relations(identity, tagging)]),
        statement=_table(STATEMENT, [row for identity, tagging in listed for row in _statements(identity, tagging)]),
    )


def _build(
    polls: list[tuple[Any, ...]],
    entries: list[tuple[Any, ...]],
    captures: list[tuple[Any, ...]],
    revisions: list[tuple[Revision, datetime]],
) -> Tables:
    return Tables(
        poll=_table(POLL, polls),
        entry=_table(ENTRY, entries),
        capture=_table(CAPTURE, captures),
        revision=_table(REVISION, [_revision(revision, at) for revision, at in revisions]),
        mention=_table(MENTION, [row for revision, _ in revisions for row in _mentions(revision.id, revision.tagging)]),
        tag=_table(TAG, [row for revision, _ in revisions for row in _tags(revision.id, revision.tagging)]),
        relation=_table(
            RELATION, [row for revision, _ in revisions for row in _relations(revision.id, revision.tagging)]
        ),
        statement=_table(
            STATEMENT, [row for revision, _ in revisions for row in _statements(revision.id, revision.tagging)]
        ),
    )


def _table(schema: pa.Schema, rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = [_array(column, kind.type) for column, kind in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(column: tuple[Any, ...], kind: pa.DataType) -> pa.Array:
    """Return a column. Half a character that a page smuggled in must not keep the rest of its segment out."""
    try:
        return pa.array(column, type=kind)
    except UnicodeEncodeError:
        return pa.array([_whole(value) for value in column], type=kind)


def _whole(value: Any) -> Any:
    """Return a value with each lone surrogate replaced, in place, so that offsets stay true."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode("utf-8")
        case list() | tuple():
            return [_whole(each) for each in value]
        case dict():
            return {key: _whole(each) for key, each in value.items()}
    return value


def _clean(text: str | None) -> str | None:
    """Return the text without NULs and lone surrogates, which no column can hold. Article texts never have them."""
    return text and text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def address(url: str | None) -> str | None:
    """Return a URL as the corpus may show it: the name and password in it stay in the archive."""
    return _clean(_USERINFO.sub("", url)) if url else url


def _moment(moment: Moment | None) -> datetime | None:
    return moment.at if moment else None


def _outcome(outcome: Outcome) -> tuple[str, str | None, str | None, float | None]:
    match outcome:
        case Fetched():
            return "fetched", None, None, None
        case NotModified(by=by):
            return "not-modified", None, by, None
        case Failed(reason=reason, detail=detail, retry_after=retry_after):
            return "failed", reason, _clean(detail), retry_after


def _exchange(exchange: Exchange | None) -> tuple[int | None, str | None, str | None, int | None, int | None]:
    """Return status, ETag, Last-Modified, milliseconds and bytes of a response."""
    if exchange is None:
        return None, None, None, None, None
    return (
        exchange.status,
        _clean(exchange.header("etag")),
        _clean(exchange.header("last-modified")),
        exchange.elapsed_ms,
        len(exchange.body),
    )


def _poll(item: Polled) -> tuple[Any, ...]:
    record, outcome, listing = item.record, item.record.outcome, item.listing
    kind, reason, detail, retry_after = _outcome(outcome)
    status, etag, last_modified, elapsed, size = _exchange(outcome.exchange)
    return (
        record.segment,
        record.offset,
        address(outcome.want.url),
        outcome.want.source_id,
        outcome.at,
        kind,
        reason,
        detail,
        status,
        listing.format if listing else None,
        _clean(listing.problem) or None if listing else None,
        len(item.sighted) if listing else None,
        [int(sighted.id[:16], 16) for sighted in item.sighted] if listing else None,
        etag,
        last_modified,
        _digest(outcome),
        listing.ttl if listing else None,
        retry_after,
        _moved(outcome),
        elapsed,
        size,
    )


def _digest(outcome: Outcome) -> str | None:
    match outcome:
        case Fetched(exchange=exchange):
            return warc.digest(exchange.body)
        case NotModified(want=want):
            return want.validators.digest
        case Failed():
            return None


def _moved(outcome: Outcome) -> str | None:
    """Return where a feed has gone for good: the end of a chain of permanent redirects."""
    permanent = bool(outcome.hops) and all(hop.status in (301, 308) for hop in outcome.hops)
    return outcome.exchange.url if permanent and outcome.exchange else None


def _entries(item: Polled) -> Iterable[tuple[Any, ...]]:
    outcome = item.record.outcome
    for sighted in item.sighted:
        entry = sighted.entry
        yield (
            sighted.id,
            address(outcome.want.url),
            outcome.want.source_id,
            address(entry.url),
            sighted.url_id,
            address(entry.guid),
            _clean(entry.title),
            _clean(entry.summary),
            [_clean(author) for author in entry.authors],
            _moment(entry.published),
            entry.published.precision if entry.published else None,
            _clean(entry.published_raw),
            _moment(entry.updated),
            entry.language or outcome.want.language,
            [_clean(category) for category in entry.categories],
            _clean(entry.origin),
            entry.date_source if entry.published else None,
            sighted.fingerprint,
            outcome.at,
            outcome.at,
        )


def _capture(item: Captured) -> tuple[Any, ...]:
    record, outcome, want = item.record, item.record.outcome, item.record.outcome.want
    kind, reason, detail, retry_after = _outcome(outcome)
    status, etag, last_modified, elapsed, size = _exchange(outcome.exchange)
    on_wire = item.archived_at or (outcome.exchange.at if outcome.exchange else None)
    return (
        record.segment,
        record.offset,
        record.length,
        address(want.url),
        item.url_id,
        outcome.exchange.url if outcome.exchange else None,
        item.revision.source_id if item.revision else want.source_id,
        address(want.referrer),
        want.reason,
        want.attempt,
        outcome.at,
        on_wire if on_wire and abs((outcome.at - on_wire).total_seconds()) > 3600 else None,
        kind,
        reason,
        _clean(item.detail) or detail,
        status,
        item.reading,
        etag,
        last_modified,
        _digest(outcome),
        retry_after,
        elapsed,
        size,
        item.revision.article_id if item.revision else None,
        item.revision.id if item.revision else None,
    )


def _revision(revision: Revision, at: datetime) -> tuple[Any, ...]:
    article = revision.article
    return (
        revision.id,
        revision.article_id,
        article.url,
        revision.source_id,
        article.title,
        article.text,
        list(article.authors),
        article.language,
        _moment(article.published),
        article.published.precision if article.published else None,
        article.published.raw if article.published else None,
        article.date_source,
        _moment(article.modified),
        article.paywalled,
        revision.word_count,
        revision.text_hash,
        list(revision.bands),
        at,
        revision.extractor_version,
    )


def _spans(evidence: tuple[Evidence, ...]) -> list[dict[str, object]]:
    # The quote is not stored: it is the text between the offsets, and the views give it back.
    return [{"part": span.part, "start": span.start, "stop": span.end, "rule": span.rule} for span in evidence]


def _mentions(identity: str, tagging: Tagging) -> Iterable[tuple[Any, ...]]:
    version = tagging.version
    for m in tagging.mentions:
        yield identity, m.actor, m.entity, m.part, m.start, m.end, m.surface, m.resolved or None, version


def _tags(identity: str, tagging: Tagging) -> Iterable[tuple[Any, ...]]:
    for tag in tagging.tags:
        yield identity, tag.kind, tag.label, tag.score, _spans(tag.evidence), tagging.version


def _relations(identity: str, tagging: Tagging) -> Iterable[tuple[Any, ...]]:
    version = tagging.version
    for r in tagging.relations:
        yield identity, r.label, r.score, r.from_actor, r.to_actor, r.event, _spans(r.evidence), version


def _statements(identity: str, tagging: Tagging) -> Iterable[tuple[Any, ...]]:
    version = tagging.version
    for s in tagging.statements:
        yield (
            identity,
            s.speaker,
            s.speaker_actor,
            s.speaker_entity,
            s.verb,
            s.words,
            s.quoted,
            s.part,
            s.start,
            s.end,
            s.target_actor,
            s.topic,
            version,
        )
