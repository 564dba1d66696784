"""What collecting has to know of the corpus, as a few Parquet files beside it.

Loading leaves them, so that planning never opens the corpus: somebody who holds it open delays loading, not collecting.
`segments` says which segments the plan knows of; whoever plans adds what later segments hold. When to ask is not
decided here.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from extractors.model import DateSource, Entry, Moment, Precision, Purpose, Reason, Validators, Want
from storage.warehouse import SQL

FILES = ("known", "polls", "pending", "revisits", "segments")
_BATCH = 1000  # rows that are dicts at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPoll:
    """One ask of a feed, as the corpus remembers it."""

    at: datetime
    reason: Reason | None  # None: it answered
    status: int | None
    new: int
    overlap: float | None  # share of the entries of the poll before that were there again
    retry_after: float | None  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPast:
    """What is known of a feed's polls, oldest first, the last twenty of them."""

    polls: tuple[PastPoll, ...] = ()
    validators: Validators = Validators()  # noqa: RUF009 - frozen, so one for all is safe
    ttl: int | None = None  # seconds
    turnover: float | None = None  # seconds: the shortest in which a third of what it lists came out


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFailure:
    """The last time that a page was asked for in vain. `attempt` counts the times, deferrals left out."""

    at: datetime
    reason: Reason
    attempt: int
    status: int | None
    retry_after: float | None  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A page that was named and not captured yet."""

    url_id: str
    want: Want
    failure: PastFailure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """An article that may be looked at again."""

    url_id: str
    want: Want
    captured_at: datetime  # first
    visits: int  # since


class Known:
    """The pages and entries that were seen, entries with their fingerprint: sorted columns, 16 bytes for each."""

    def __init__(self, keys: Sequence[int] = (), fingerprints: Sequence[int] = ()) -> None:
        self._keys = keys if isinstance(keys, array) else array("Q", keys)
        self._fingerprints = fingerprints if isinstance(fingerprints, array) else array("Q", fingerprints)
        self._added: dict[int, int] = {}

    def fingerprint(self, identity: str) -> int | None:
        """Return the fingerprint of an entry by its id, 0 for a page by its `url_id`, None for what was never seen."""
        key = int(identity[:16], 16)
        if key in self._added:
            return self._added[key]
        place = bisect_left(self._keys, key)
        return self._fingerprints[place] if place < len(self._keys) and self._keys[place] == key else None

    def add(self, identity: str, fingerprint: int) -> None:
        """Remember an entry, or a page with 0."""
        self._added[int(identity[:16], 16)] = fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that planning needs."""

    feeds: dict[str, FeedPast]  # by the feed's URL
    pending: tuple[Pending, ...]
    revisits: tuple[Revisit, ...]
    known: Known
    segments: frozenset[str]


def save(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the plan of the corpus as it is now. A reader sees the old files or the new ones, each whole."""
    folder.mkdir(parents=True, exist_ok=True)
    # `segments` goes last: a plan that is half written says that it knows less than it does, which does no harm.
    for name in FILES:
        query = (SQL / "plan" / f"{name}.sql").read_text(encoding="utf-8")
        table = connection.execute(query).to_arrow_table()
        part = folder / f"{name}.part"
        pq.write_table(table, part)
        part.replace(folder / f"{name}.parquet")


def read(folder: Path) -> Plan:
    """Return the plan that loading left, or an empty one where it left none yet."""
    tables = {name: _table(folder / f"{name}.parquet") for name in FILES}
    known = tables["known"]
    return Plan(
        feeds=_feeds(tables["polls"]),
        pending=tuple(_pending(row) for row in _rows(tables["pending"])),
        revisits=tuple(_revisit(row) for row in _rows(tables["revisits"])),
        known=Known(_numbers(known["key"]), _numbers(known["fingerprint"])) if len(known) else Known(),
        segments=frozenset(tables["segments"]["segment"].to_pylist() if len(tables["segments"]) else ()),
    )


def _table(path: Path) -> pa.Table:
    return pq.read_table(path) if path.exists() else pa.table({})


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield rows, some at a time: dicts of all at once would be the peak of a run's memory."""
    for batch in table.to_batches(max_chunksize=_BATCH):
        yield from batch.to_pylist()


def _numbers(column: pa.ChunkedArray) -> "array[int]":
    """Return a column of 64 bits without nulls as a plain array, without making an object of each number."""
    numbers = array("Q")
    for chunk in column.chunks:
        buffer = memoryview(chunk.buffers()[1])
        numbers.frombytes(buffer[chunk.offset * 8 : (chunk.offset + len(chunk)) * 8])
    return numbers


def _feeds(polls: pa.Table) -> dict[str, FeedPast]:
    feeds: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(polls):
        feeds.setdefault(row["url"], []).append(row)
    return {
        url: FeedPast(
            polls=tuple(
                PastPoll(
                    at=row["polled_at"],
                    reason=Reason(row["reason"]) if row["outcome"] == "failed" else None,
                    status=row["status"],
                    new=row["new"],
                    overlap=row["overlap"],
                    retry_after=row["retry_after_s"],
                )
                for row in rows
            ),
            validators=_validators(rows[-1]),
            ttl=rows[-1]["ttl_s"],
            turnover=rows[-1].get("turnover_s"),  # a plan of an older version does not say
        )
        for url, rows in feeds.items()
    }


def _validators(row: dict[str, Any]) -> Validators:
    return Validators(etag=row["etag"], last_modified=row["last_modified"], digest=row["digest"])


def _pending(row: dict[str, Any]) -> Pending:
    failure = None
    if row["failed_at"] is not None:
        failure = PastFailure(
            at=row["failed_at"],
            reason=Reason(row["reason"]),
            attempt=row["attempts"],
            status=row["status"],
            retry_after=row["retry_after_s"],
        )
    return Pending(url_id=row["url_id"], want=_want(row), failure=failure)


def _revisit(row: dict[str, Any]) -> Revisit:
    return Revisit(url_id=row["url_id"], want=_want(row), captured_at=row["first_captured_at"], visits=row["visits"])


def _want(row: dict[str, Any]) -> Want:
    return Want(
        url=row["url"],
        purpose=Purpose.PAGE,
        source_id=row["source_id"],
        referrer=row["referrer"] or "",
        language=row["feed_language"],
        time_zone=row["time_zone"],
        entry=_entry(row),
        validators=_validators(row) if row.get("visits") is not None else Validators(),
    )


def _entry(row: dict[str, Any]) -> Entry | None:
    if row["entry_url"] is None:
        return None
    published = None
    if row["published_at"] is not None:
        published = Moment(
            at=row["published_at"], precision=Precision(row["published_precision"]), raw=row["published_raw"] or ""
        )
    return Entry(
        url=row["entry_url"],
        guid=row["guid"] or "",
        title=row["title"] or "",
        summary=row["summary"] or "",
        authors=tuple(row["authors"] or ()),
        published=published,
        published_raw=row["published_raw"] or "",
        language=row["language"],
        categories=tuple(row["categories"] or ()),
        origin=row["origin"] or "",
        date_source=DateSource(row["date_source"]) if row["date_source"] else DateSource.FEED,
    )
