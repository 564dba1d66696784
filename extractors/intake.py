"""One outcome read: a feed's answer into identified entries, a page's answer into an article with its tags.

This is the whole of loading but for the corpus: pure, so that any process on any machine gives the same for the same
bytes.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping

from extractors import article as articles
from extractors import feed, memento, period, revision, similarity, tagging, text, urls, wire
from extractors.model import (
    Article,
    Captured,
    Entry,
    Failed,
    Fate,
    Fetched,
    Listing,
    NotModified,
    Polled,
    Purpose,
    Record,
    Revision,
    Sighted,
    Unreadable,
    Want,
)

VERSION = "3"  # of everything that turns a page into a text: raised when the same bytes may give another article
LIMIT = 50_000_000  # bytes that a body may unfold to


def read(record: Record, *, tagger: Callable[[], tagging.Tagger], hosts: Mapping[str, str]) -> Polled | Captured | None:
    """Return what an outcome says, or None for what has no rows (robots files).

    `hosts` maps a host without `www.` to the id of its source. `tagger` is called for pages only: making one ready takes time.
    """
    match record.outcome.want.purpose:
        case Purpose.FEED | Purpose.SITEMAP | Purpose.LISTING:
            return read_listing(record)
        case Purpose.PAGE:
            return read_page(record, tagger=tagger(), hosts=hosts)
        case Purpose.ROBOTS:
            return None


def read_listing(record: Record) -> Polled:
    """Return the entries of a feed or sitemap with their ids. One that brought nothing has no listing."""
    outcome = record.outcome
    if not isinstance(outcome, Fetched):
        return Polled(record=record)
    listing = parse_listing(outcome)
    if outcome.want.purpose is Purpose.LISTING:  # an index of others' pages: nobody publishes anything there
        return Polled(record=record, listing=listing)
    # A GUID that several addresses share tells nothing apart: there are feeds in which all are equal.
    named = {(entry.guid, entry.url) for entry in listing.entries}
    shared = {guid for guid, n in Counter(guid for guid, _ in named).items() if n > 1}
    sighted = tuple(_sighted(outcome.want.url, entry, unique=entry.guid not in shared) for entry in listing.entries)
    return Polled(record=record, listing=listing, sighted=sighted)


def parse_listing(outcome: Fetched) -> Listing:
    """Return what a fetched feed or sitemap lists."""
    unfolded = wire.unfold(outcome.exchange.body, outcome.exchange.header("content-encoding"), limit=LIMIT)
    if unfolded.problem is not None and not unfolded.body:
        return Listing(format="", problem=unfolded.detail or unfolded.problem)
    want = outcome.want
    return feed.parse(
        unfolded.body,
        url=outcome.exchange.url,
        content_type=outcome.exchange.header("content-type"),
        language=want.language,
        time_zone=want.time_zone,
    )


def _sighted(referrer: str, entry: Entry, *, unique: bool) -> Sighted:
    dates = "|".join(moment.at.isoformat() if moment else "" for moment in (entry.published, entry.updated))
    digest = hashlib.sha256(f"{entry.title}\0{dates}".encode("utf-8", "replace")).digest()
    known_by = (entry.guid if unique else "") or entry.url
    return Sighted(
        id=hashlib.sha256(f"{referrer}\0{known_by}".encode("utf-8", "replace")).hexdigest()[:32],
        url_id=urls.key(entry.url),
        fingerprint=int.from_bytes(digest[:8]),
        entry=entry,
    )


def read_page(record: Record, *, tagger: tagging.Tagger, hosts: Mapping[str, str]) -> Captured:
    """Return what a page is, and its article with everything that is said of it where it is one."""
    outcome = record.outcome
    url_id = urls.key(outcome.want.url)
    match outcome:
        case Failed():
            return Captured(record=record, url_id=url_id, reading=Fate.FAILED)
        case NotModified():
            return Captured(record=record, url_id=url_id, reading=Fate.UNCHANGED)
        case Fetched():
            read = _unwanted(outcome.want, _article(outcome))
    archived = memento.at(outcome.exchange) if outcome.want.via else None
    if isinstance(read, Unreadable):
        return Captured(record=record, url_id=url_id, reading=read.fate, detail=read.detail, archived_at=archived)
    source = urls.owner(read.url, hosts) or outcome.want.source_id
    return Captured(
        record=record,
        url_id=url_id,
        reading=Fate.ARTICLE,
        revision=revise(read, source_id=source, tagger=tagger),
        archived_at=archived,
    )


def _unwanted(want: Want, read: Article | Unreadable) -> Article | Unreadable:
    """Return what was read, or why it is not wanted: backfills ask for articles of a certain time."""
    if isinstance(read, Unreadable) or (want.since is None and want.until is None):
        return read
    if read.published is None:
        return read if want.undated else Unreadable(fate=Fate.UNDATED, title=read.title)
    if period.covers(read.published, want.since, want.until):
        return read
    return Unreadable(fate=Fate.OUTSIDE, detail=f"published {read.published.at:%Y-%m-%d}", title=read.title)


def _article(outcome: Fetched) -> Article | Unreadable:
    exchange, want = outcome.exchange, outcome.want
    unfolded = wire.unfold(exchange.body, exchange.header("content-encoding"), limit=LIMIT)
    if unfolded.problem is not None and not unfolded.body:
        return Unreadable(fate=Fate.UNREADABLE, detail=unfolded.detail or unfolded.problem)
    return articles.read(
        unfolded.body,
        url=(memento.original(exchange.url) or want.url) if want.via else exchange.url,
        content_type=exchange.header("content-type"),
        entry=want.entry,
        language=want.language,
        time_zone=want.time_zone,
    )


def revise(article: Article, *, source_id: str | None, tagger: tagging.Tagger) -> Revision:
    """Return an article with its ids and everything that the tagger says of it."""
    article_id = urls.key(article.url)
    digest = revision.text_hash(article.title, article.text)
    return Revision(
        id=revision.key(article_id, digest),
        article_id=article_id,
        article=article,
        source_id=source_id,
        word_count=text.count_words(article.text),
        text_hash=digest,
        bands=similarity.bands(article.text),
        extractor_version=VERSION,
        tagging=tagging.tag(
            article.title,
            article.text,
            language=article.language,
            published_at=article.published.at if article.published else None,
            taxonomy=tagger,
        ),
    )
