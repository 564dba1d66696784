"""Facts for tests of the corpus: polls and captures of an invented outlet, made from a few words, without a network or a page.

What real pages and feeds look like does not belong here; the demo's newsroom has that.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import duckdb

from extractors.model import (
    Article,
    Captured,
    DateSource,
    Entry,
    Evidence,
    Exchange,
    Failed,
    Fate,
    Feed,
    Fetched,
    Listing,
    Mention,
    Moment,
    NotModified,
    Polled,
    Precision,
    Purpose,
    Reason,
    Record,
    Relation,
    Revision,
    Sighted,
    Source,
    Statement,
    Tag,
    Tagging,
    Validators,
    Want,
)
from storage import loading, rows, warehouse
from storage.archive import Info
from storage.loading import SegmentFacts

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
SOURCES = (
    Source(id="gull", name="The Gull", country="DE", language="en", time_zone="Europe/Berlin", owner="Gull Press", state=False, family="gull", home="https://gull.example/", hosts=("gull.example",)),
    Source(id="lamp", name="Lamp Agency", country="CN", language="en", time_zone="Asia/Shanghai", owner="the state", state=True, family="lamp", home="https://lamp.example/", hosts=("lamp.example",)),
)  # fmt: skip
FEEDS = tuple(
    Feed(url=f"https://{source.id}.example/feed", source_id=source.id, language=source.language) for source in SOURCES
)


def identity(*parts: object) -> str:
    """Return 32 hexadecimal digits that stand for the parts."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]


def at(hours: float) -> datetime:
    """Return a time, in hours after the start of the test's world."""
    return START + timedelta(hours=hours)


def moment(time: datetime) -> Moment:
    """Return a time as if it had been read from a page."""
    return Moment(at=time, precision=Precision.SECOND, raw=time.isoformat())


class Segment:
    """Collects the outcomes of one segment and loads them."""

    def __init__(self, name: str, *, run: str | None = None, started: datetime = START) -> None:
        self.name = name
        self.info = Info(
            run_id=run or f"run-{name}",
            run_kind="ingest",
            started_at=started,
            software="tripolar test",
            sources=SOURCES,
            feeds=FEEDS,
        )
        self.polls: list[Polled] = []
        self.captures: list[Captured] = []

    def _record(self, outcome: Fetched | NotModified | Failed) -> Record:
        return Record(
            outcome=outcome, segment=self.name, offset=1000 * (len(self.polls) + len(self.captures)), length=900
        )

    def poll(
        self,
        source: str,
        time: datetime,
        entries: Sequence[Entry] = (),
        *,
        outcome: Literal["fetched", "not-modified", "failed"] = "fetched",
        reason: Reason = Reason.TIMEOUT,
    ) -> "Segment":
        """Add one ask of the outlet's feed."""
        url = f"https://{source}.example/feed"
        want = Want(url=url, purpose=Purpose.FEED, source_id=source, language="en")
        exchange = Exchange(url=url, at=time, status=200, body=b"<rss/>", elapsed_ms=40)
        if outcome == "failed":
            self.polls.append(
                Polled(record=self._record(Failed(want=want, at=time, reason=reason, detail="no answer")))
            )
        elif outcome == "not-modified":
            answer = NotModified(want=want, at=time, exchange=exchange, by="304")
            self.polls.append(Polled(record=self._record(answer)))
        else:
            answered = Fetched(want=want, at=time, exchange=exchange)
            self.polls.append(
                Polled(
                    record=self._record(answered),
                    listing=Listing(format="rss20", entries=tuple(entries)),
                    sighted=tuple(sighted(url, entry) for entry in entries),
                )
            )
        return self

    def capture(
        self,
        url: str,
        time: datetime,
        revision: Revision | None = None,
        *,
        source: str = "gull",
        why: Literal["new", "retry", "revisit", "backfill"] = "new",
        reading: Fate | None = None,
        reason: Reason | None = None,
        unchanged: bool = False,
    ) -> "Segment":
        """Add one fetch of a page: an article, something else, a failure, or a 304."""
        want = Want(
            url=url, purpose=Purpose.PAGE, source_id=source, reason=why, validators=Validators(digest="sha256:00")
        )
        exchange = Exchange(url=url, at=time, status=200, body=b"<html/>" + url.encode(), elapsed_ms=80)
        outcome: Fetched | NotModified | Failed
        if reason is not None:
            outcome = Failed(want=want, at=time, reason=reason, detail="as tests want it")
            reading = Fate.FAILED
        elif unchanged:
            outcome = NotModified(want=want, at=time, exchange=exchange, by="304")
            reading = Fate.UNCHANGED
        else:
            outcome = Fetched(want=want, at=time, exchange=exchange)
        self.captures.append(
            Captured(
                record=self._record(outcome), url_id=identity(url), reading=reading or Fate.ARTICLE, revision=revision
            )
        )
        return self

    def tables(self) -> rows.Tables:
        """Return the segment's rows."""
        return rows.build(self.polls, self.captures)

    def load(self, connection: duckdb.DuckDBPyConnection, *, now: datetime | None = None) -> bool:
        """Load the segment and return whether it was new. It arrives when its last outcome came, or `now`."""
        facts = SegmentFacts(
            name=self.name, bytes=1, digest="sha256:11", outcomes=len(self.polls) + len(self.captures), damaged=0
        )
        times = [item.record.outcome.at for item in self.polls] + [item.record.outcome.at for item in self.captures]
        return loading.commit(connection, self.info, facts, self.tables(), now=now or max(times, default=None))


def entry(url: str, title: str = "A title", published: datetime | None = None) -> Entry:
    """Return an entry of a feed."""
    return Entry(url=url, guid=url, title=title, published=moment(published) if published else None)


def sighted(feed: str, item: Entry) -> Sighted:
    """Return an entry with ids."""
    digest = identity(item.title, item.published and item.published.at)
    return Sighted(
        id=identity(feed, item.guid), url_id=identity(item.url), fingerprint=int(digest[:16], 16), entry=item
    )


def revision(
    url: str,
    text: str,
    *,
    title: str = "A title",
    published: datetime | None = None,
    language: str = "en",
    source: str = "gull",
    relation: str | None = "EU-CN",
    topics: Iterable[str] = ("sanctions",),
    actors: Iterable[str] = ("EU", "CN"),
    bands: Sequence[int] = (),
    statements: Sequence[Statement] = (),
    from_actor: str | None = None,
    to_actor: str | None = None,
    event: str | None = None,
) -> Revision:
    """Return one text of an article with tags whose evidence is its first word."""
    words = text.split()
    first = words[0] if words else ""
    span = Evidence(part="text", start=0, end=len(first), quote=first, rule="test.first-word")
    article = Article(
        url=url,
        title=title,
        text=text,
        authors=("A. Writer",),
        language=language,
        published=moment(published) if published else None,
        date_source=DateSource.META if published else None,
    )
    tags = [Tag(kind="actor", label=label, score=0.9, evidence=(span,)) for label in actors]
    tags += [Tag(kind="topic", label=label, score=0.8, evidence=(span,)) for label in topics]
    relations = (
        (Relation(label=relation, score=0.7, evidence=(span,), from_actor=from_actor, to_actor=to_actor, event=event),)
        if relation
        else ()
    )
    return Revision(
        id=identity(url, title, text),
        article_id=identity(url),
        article=article,
        source_id=source,
        word_count=len(words),
        text_hash=identity(title, text),
        bands=tuple(bands),
        extractor_version="1",
        tagging=Tagging(
            language=language,
            version="t1",
            mentions=tuple(
                Mention(actor=a, entity=f"{a}/x", part="text", start=0, end=len(first), surface=first) for a in actors
            ),
            tags=tuple(tags),
            relations=relations,
            statements=tuple(statements),
        ),
    )


def contents(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    """Return every table of the corpus, sorted, so that two corpora can be compared."""
    names = [
        str(name)
        for (name,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE table_name NOT IN ('schema_migration', 'arrival') AND database_name = current_database()"
        ).fetchall()
    ]
    return {name: sorted(connection.execute(f"FROM {name}").fetchall(), key=repr) for name in sorted(names)}


def corpus(path: Path, segments: Iterable[Segment]) -> dict[str, list[tuple[object, ...]]]:
    """Load segments into a new corpus and return its contents."""
    with warehouse.connect(path) as connection:
        for segment in segments:
            segment.load(connection)
        return contents(connection)
