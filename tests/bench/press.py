"""A press for the benches: outlets with feeds and captured pages, served by another process on many loopback addresses.

Each page is repeated under other addresses with a changed paragraph, so that nothing is a duplicate. Answers are made
before the first question and kept packed, as servers keep them; serving costs next to nothing. Nothing is measured here.
"""

import asyncio
import gzip
import html
import json
import multiprocessing
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from multiprocessing.connection import Connection
from pathlib import Path

from extractors.model import Feed, Source
from flows.registry import Registry

PAGES = Path(__file__).parents[2].parent / "shared" / "data" / "pages"
OUTLETS = 12
_PER_FEED = 50  # entries
_PARAGRAPH = re.compile(rb"<p\b[^<>]{0,300}>([^<>]{80,})</p>", re.IGNORECASE)
_CANONICAL = re.compile(rb"""<link\b[^<>]{0,500}\brel=["']?canonical\b[^<>]{0,1000}>""", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the press."""

    outlet: int
    path: str
    body: bytes
    title: str
    dated: datetime
    article: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What is served, and where."""

    base: int  # the first port; outlet n has 127.0.0.(n + 2) and port base + n
    feeds: int
    pages: int
    articles: int  # of the pages, as their collectors judged
    bytes: int  # of all pages, unpacked

    @property
    def registry(self) -> Registry:
        """The outlets and feeds as a registry of Tripolar."""
        sources = tuple(
            Source(
                id=f"press-{n}", name=f"Press {n}", country="EU", language="en", time_zone="Europe/Brussels", owner="",
                state=False, family="", home=origin(self.base, n), hosts=(f"127.0.0.{n + 2}:{self.base + n}",),
            )
            for n in range(OUTLETS)
        )  # fmt: skip
        feeds = (
            Feed(url=feed_url(self.base, n), source_id=f"press-{n % OUTLETS}", language="en") for n in range(self.feeds)
        )
        return Registry(sources=sources, feeds=tuple(feeds))


def origin(base: int, outlet: int) -> str:
    """Return where an outlet is."""
    return f"http://127.0.0.{outlet + 2}:{base + outlet}/"


def feed_url(base: int, number: int) -> str:
    """Return the address of a feed."""
    return f"{origin(base, number % OUTLETS)}feeds/{number}.xml"


def pages(folder: Path, *, least: int, base: int) -> Iterator[Page]:
    """Yield at least that many pages: every captured one as often as it takes, changed each time after the first."""
    rows = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    for again in range(-(-least // len(rows))):
        for number, row in enumerate(rows):
            outlet = number % OUTLETS
            path = f"/{again}/{number}.html"
            body = gzip.decompress((folder / row["file"]).read_bytes())
            yield Page(
                outlet=outlet,
                path=path,
                body=changed(body, f"{origin(base, outlet)[:-1]}{path}", again),
                title=row.get("title") or f"Page {number}",
                dated=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=number),
                article=row.get("article", True),
            )


def changed(body: bytes, url: str, again: int) -> bytes:
    """Return a page that says it is at `url`, with a sentence more in its longest paragraph."""
    own = b'<link rel="canonical" href="%s">' % url.encode()
    body = _CANONICAL.sub(own, body, count=1)
    longest = max(_PARAGRAPH.findall(body), key=len, default=b"")
    if not again or not longest:
        return body
    end = longest[-60:]  # wherever else the text is told, as in JSON-LD, it changes, too
    return body.replace(end, end + b" This was said again for the edition of number %d." % (again * 7919))


def write_feed(base: int, listed: list[Page]) -> bytes:
    """Return an RSS document that lists pages."""
    items = "".join(
        f"<item><title>{html.escape(page.title)}</title><link>{origin(base, page.outlet)[:-1]}{page.path}</link>"
        f"<guid>{page.path}</guid></item>"
        for page in listed
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Press</title>{items}</channel></rss>'.encode()


class Answers(asyncio.Protocol):
    """Answers questions of HTTP/1.1 from ready-made bytes, as many on a connection as are asked."""

    def __init__(self, ready: dict[bytes, bytes], again: bytes) -> None:
        """`again` is what conditional questions get, whatever they ask for."""
        self._ready, self._again, self._held = ready, again, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each question that is whole."""
        self._held += data
        while b"\r\n\r\n" in self._held:
            question, _, self._held = self._held.partition(b"\r\n\r\n")
            assert isinstance(self._transport, asyncio.WriteTransport)
            if b"\r\nif-none-match:" in question.lower():
                self._transport.write(self._again)
                continue
            path = question.split(b" ", 2)[1]
            self._transport.write(self._ready.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))


def packed(body: bytes, kind: str, etag: str = "") -> bytes:
    """Return an answer with a body."""
    coded = gzip.compress(body, 6)
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Encoding: gzip\r\nContent-Length: {len(coded)}\r\n"
        f"Date: {format_datetime(datetime.now(UTC), usegmt=True)}\r\n{f'ETag: {etag}{chr(13)}{chr(10)}' if etag else ''}\r\n"
    )
    return head.encode() + coded


async def _listen(ready: list[dict[bytes, bytes]], base: int, tell: Connection, facts: object) -> None:
    loop = asyncio.get_running_loop()
    unchanged = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    for outlet, answers in enumerate(ready):
        await loop.create_server(
            lambda answers=answers: Answers(answers, unchanged),  # type: ignore[misc]
            f"127.0.0.{outlet + 2}",
            base + outlet,
            backlog=512,
        )
    tell.send(facts)
    await loop.run_in_executor(None, tell.poll, None)  # until the other side closes


def _print(tell: Connection, folder: Path, least: int, base: int) -> None:
    ready: list[dict[bytes, bytes]] = [{} for _ in range(OUTLETS)]
    listed: list[list[Page]] = [[] for _ in range(OUTLETS)]
    count = articles = size = feeds = 0
    for page in pages(folder, least=least, base=base):
        ready[page.outlet][page.path.encode()] = packed(page.body, "text/html")
        listed[page.outlet].append(page)
        count, articles, size = count + 1, articles + page.article, size + len(page.body)
    rounds = -(-max(map(len, listed)) // _PER_FEED)
    for part in range(rounds):
        for outlet, its in enumerate(listed):
            body = write_feed(base, its[part * _PER_FEED : (part + 1) * _PER_FEED])
            ready[outlet][f"/feeds/{feeds}.xml".encode()] = packed(body, "application/rss+xml", f'"{feeds}"')
            feeds += 1
    del listed
    asyncio.run(_listen(ready, base, tell, Press(base=base, feeds=feeds, pages=count, articles=articles, bytes=size)))


@contextmanager
def serving(folder: Path, *, least: int, base: int) -> Iterator[Press]:
    """Serve the pages of a folder from another process, for as long as the block takes."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_print, args=(theirs, folder, least, base), daemon=True)
    process.start()
    theirs.close()
    try:
        press: Press = ours.recv()
        yield press
    finally:
        ours.close()
        process.terminate()
        process.join()
