"""The work behind `tripolar feeds`: asking feeds once, finding the feed of a home page, OPML in and out."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from extractors import discovery, intake, opml, urls, wire
from extractors.model import Failed, Feed, Fetched, Listing, Outcome, Purpose, Source, Want
from flows import registry
from flows.config import Settings
from flows.fetcher import Fetcher
from flows.registry import Registry, RegistryError

_LIMIT = 20_000_000  # bytes of a home page
_UNREACHABLE = {"dns", "connect", "tls", "timeout", "robots-unreachable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a feed answered. `answer` is `ok`, `empty`, `no feed`, `unreachable` or the reason of its failure."""

    url: str
    answer: str
    entries: int = 0
    newest: datetime | None = None
    format: str = ""
    remark: str = ""

    @property
    def well(self) -> bool:
        """Whether it can be collected from."""
        return self.answer == "ok"


async def check(settings: Settings, outlets: Registry, feeds: Sequence[Feed]) -> list[Result]:
    """Ask each feed once, politely, and return what it answered, in the order given."""
    zones = {source.id: source.time_zone for source in outlets.sources}
    wants = [_want(feed, zones.get(feed.source_id)) for feed in feeds]
    results: dict[str, Result] = {}
    async with Fetcher(settings.fetch, directory=settings.data / "hosts") as fetcher:
        async for outcome in fetcher.stream(wants):
            results[outcome.want.url] = await asyncio.to_thread(judge, outcome)  # a long listing holds up nobody
    return [results[want.url] for want in wants]


def _want(feed: Feed, zone: str | None) -> Want:
    purpose = Purpose.SITEMAP if feed.kind == "sitemap" else Purpose.FEED
    return Want(url=feed.url, purpose=purpose, source_id=feed.source_id, language=feed.language, time_zone=zone)


def judge(outcome: Outcome) -> Result:
    """Return what an answer is worth as a feed."""
    url = outcome.want.url
    match outcome:
        case Failed(reason=reason, detail=detail):
            answer = "unreachable" if reason in _UNREACHABLE else str(reason)
            return Result(url=url, answer=answer, remark=f"{reason}: {detail}" if detail else str(reason))
        case Fetched():
            listing = intake.parse_listing(outcome)
            moved = outcome.exchange.url if outcome.hops else ""
            return _judged(url, listing, f"moved to {moved}" if moved else "")
        case _:
            return Result(url=url, answer="ok", remark="not modified")


def _judged(url: str, listing: Listing, remark: str) -> Result:
    newest = max((entry.published.at for entry in listing.entries if entry.published), default=None)
    answer = "ok" if listing.entries or listing.more else "empty" if listing.format else "no feed"
    return Result(
        url=url,
        answer=answer,
        entries=len(listing.entries),
        newest=newest,
        format=listing.format,
        remark="; ".join(filter(None, (listing.problem, remark))),
    )


async def add(settings: Settings, path: Path, url: str) -> list[Feed]:
    """Add the feed at `url`, or the feeds that the page there names, to the registry at `path`. Return what was added.

    Raises `RegistryError` when there is nothing to add.
    """
    async with Fetcher(settings.fetch, directory=settings.data / "hosts") as fetcher:
        outcome = await fetcher.fetch(Want(url=url, purpose=Purpose.FEED))
    if not isinstance(outcome, Fetched):
        why = outcome.detail or outcome.reason if isinstance(outcome, Failed) else "it has not changed"
        raise RegistryError(f"{url} did not answer ({why}): check the address, or try again later")
    listing = intake.parse_listing(outcome)
    found = [url] if listing.format else _named(outcome)
    if not found:
        raise RegistryError(f"{url} is no feed and names none: look for its feed's address on the page, and add that")
    return _append(path, ((address, listing) for address in found), note=f"named at {url}")


def _named(outcome: Fetched) -> list[str]:
    body = wire.unfold(outcome.exchange.body, outcome.exchange.header("content-encoding"), limit=_LIMIT).body
    return [found.url for found in discovery.feeds(body, outcome.exchange.url)]


def _append(path: Path, found: Iterable[tuple[str, Listing]], *, note: str) -> list[Feed]:
    known = registry.load(path) if path.exists() else Registry(sources=(), feeds=())
    present = {urls.key(feed.url) for feed in known.feeds}
    added = []
    for url, listing in found:
        if urls.key(url) in present:
            continue
        present.add(urls.key(url))
        source = _source(known, url, listing)
        feed = Feed(url=url, source_id=source.id, language=listing.language or source.language, note=note)
        registry.append(path, source, [feed])
        known = registry.load(path)
        added.append(feed)
    return added


def _source(known: Registry, url: str, listing: Listing) -> Source:
    """Return the outlet that a feed belongs to: a known one by its host, or one whose facts somebody has to fill in."""
    host = urls.host(url)
    owner = urls.owner(url, known.by_host())
    if owner is not None:
        return next(source for source in known.sources if source.id == owner)
    return Source(
        id=re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-") or "outlet",
        name=listing.title or host,
        country="EU",
        language=listing.language or "en",
        time_zone="UTC",
        owner="unknown",
        state=False,
        family=host,
        home=urls.join(url, "/"),
        hosts=(host,),
    )


def import_opml(path: Path, document: bytes) -> list[Feed]:
    """Add the feeds of an OPML document to the registry at `path`, and return what was added."""
    subscriptions = opml.read(document)
    if not subscriptions.outlines:
        raise RegistryError(
            f"the document lists no feed ({subscriptions.problem or 'it is OPML without any xmlUrl'}): "
            "export it again from where it comes"
        )
    found = [
        (outline.url, Listing(format="", title=outline.title, language=outline.language or None))
        for outline in subscriptions.outlines
    ]
    return _append(path, found, note="imported from OPML")


def export_opml(outlets: Registry) -> bytes:
    """Return the feeds as OPML 2.0, one outline a feed under the name of its outlet."""
    names = {source.id: source for source in outlets.sources}
    return opml.write(
        "Tripolar",
        (
            opml.Outline(
                url=feed.url,
                title=names[feed.source_id].name,
                home=names[feed.source_id].home,
                language=feed.language,
            )
            for feed in outlets.feeds
        ),
    )
