"""Servers of the past on the loopback: the outlet, and an archive with an index (CDX) and pages as they were (`id_`).

What the archive does follows the description of the wayback-cdx-server: `url`, `matchType`, `filter`, `collapse`,
`from`, `to`, `limit`, `resumeKey`, `output=json`.
"""

import gzip
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.past.writing import Story, story

Answer = tuple[int, dict[str, str], bytes]
PER_SITEMAP = 50
PER_FEED = 10


@dataclass(slots=True, kw_only=True)
class World:
    """What is served, what it should do wrong, and what was asked."""

    stories: list[Story]
    undated: set[int] = field(default_factory=set)  # numbers of stories whose pages have no date
    edited: set[int] = field(default_factory=set)  # numbers of stories whose pages have a line more today
    refusals: Counter[str] = field(default_factory=Counter)  # path: how often it answers 503 before it answers
    limited: set[str] = field(default_factory=set)  # paths that answer 429 once
    rest: int = 1  # seconds of Retry-After beside it
    cut: set[str] = field(default_factory=set)  # paths whose first answer ends early
    slow: float = 0.0  # seconds before a page
    asked: list[str] = field(default_factory=list)  # paths, in order
    at: list[float] = field(default_factory=list)  # when
    base: str = ""  # http://127.0.0.1:port, of the outlet and of the archive
    page_rows: int = 7  # of the index at most, whatever is asked

    def count(self, prefix: str) -> Counter[str]:
        """Return how often each path with that prefix was asked."""
        return Counter(path for path in self.asked if path.startswith(prefix))


@contextmanager
def loopback(handler: type[BaseHTTPRequestHandler], **attributes: Any) -> Iterator[str]:
    """Serve until the block ends, with these attributes on the handler. Gives what its addresses begin with."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (handler,), attributes))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serve(count: int, **faults: Any) -> Iterator[World]:
    """Serve so many stories until the block ends."""
    world = World(stories=[story(number) for number in range(count)], **faults)
    with loopback(_Handler, world=world) as world.base:
        yield world


class _Handler(BaseHTTPRequestHandler):
    world: World
    protocol_version = "HTTP/1.0"  # a connection a question: nothing is left open at the end

    def do_GET(self) -> None:
        world = self.world
        world.asked.append(self.path)
        world.at.append(time.monotonic())
        status, headers, body = self._answer()
        length = len(body)
        if self.path in world.cut:
            world.cut.discard(self.path)
            body = body[: length // 2]
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> Answer:
        world, path = self.world, self.path
        if path in world.limited:
            world.limited.discard(path)
            return 429, {"Retry-After": str(world.rest)}, b"slow down"
        if world.refusals[path] > 0:
            world.refusals[path] -= 1
            return 503, {}, b"later"
        if path.startswith("/cdx/"):
            return _index(world, dict(parse_qsl(urlsplit(path).query)), parse_qsl(urlsplit(path).query))
        if path.startswith("/web/"):
            return _memento(world, path)
        return _outlet(world, path)


def _outlet(world: World, path: str) -> Answer:
    parts = urlsplit(path)
    if parts.path == "/robots.txt":
        return (
            200,
            {"Content-Type": "text/plain"},
            f"User-agent: *\nDisallow: /private\nSitemap: {world.base}/sitemaps/index.xml\n".encode(),
        )
    if parts.path.startswith("/sitemaps/"):
        return _sitemap(world, parts.path.removeprefix("/sitemaps/"))
    if parts.path == "/feed":
        return _feed(world, int(dict(parse_qsl(parts.query)).get("paged", "1")))
    found = re.fullmatch(r"/world/story-(\d+)\.html", parts.path)
    if found and int(found[1]) < len(world.stories):
        time.sleep(world.slow)
        number = int(found[1])
        return (
            200,
            {},
            world.stories[number].page(
                dated=number not in world.undated, extra="Today a line was added." if number in world.edited else ""
            ),
        )
    return 404, {}, b"<html><body>not here</body></html>"


def _sitemap(world: World, name: str) -> Answer:
    """An index of urlsets, the last of them packed, and a second index that leads back to the first."""
    xml = {"Content-Type": "application/xml"}
    count = -(-len(world.stories) // PER_SITEMAP)
    if name in ("index.xml", "circle.xml"):
        names = (
            [f"part-{n}.xml{'.gz' if n == count - 1 else ''}" for n in range(count)]
            if name == "index.xml"
            else ["index.xml"]
        )
        rows = "".join(f"<sitemap><loc>{world.base}/sitemaps/{each}</loc></sitemap>" for each in [*names, "circle.xml"])
        return (
            200,
            xml,
            f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'.encode(),
        )
    found = re.fullmatch(r"part-(\d+)\.xml(\.gz)?", name)
    if not found:
        return 404, {}, b""
    start = int(found[1]) * PER_SITEMAP
    rows = "".join(
        f"<url><loc>{world.base}{each.path}</loc>"
        f"<lastmod>{(each.published + timedelta(days=1)):%Y-%m-%d}</lastmod></url>"
        for each in world.stories[start : start + PER_SITEMAP]
    )
    body = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()
    return 200, {"Content-Type": "application/gzip"} if found[2] else xml, gzip.compress(body) if found[2] else body


def _feed(world: World, page: int) -> Answer:
    """A feed as WordPress has it: ten a page, the newest first, 404 behind the last."""
    newest = world.stories[::-1][(page - 1) * PER_FEED : page * PER_FEED]
    if not newest:
        return 404, {}, b""
    items = "".join(
        f"<item><title>{each.title}</title><link>{world.base}{each.path}</link><guid>{each.number}</guid>"
        f"<pubDate>{format_datetime(each.published)}</pubDate></item>"
        for each in newest
    )
    head = f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Quay</title><link>{world.base}</link>'
    return 200, {"Content-Type": "application/rss+xml"}, f"{head}{items}</channel></rss>".encode()


def captures(world: World) -> list[tuple[str, str, str]]:
    """Return what the archive holds: key, timestamp, address. Two captures of each story, and a page that moved."""
    return sorted(
        (each.path, f"{each.published + timedelta(days=days):%Y%m%d%H%M%S}", world.base + each.path)
        for each in world.stories
        for days in (1, 40)
    )


def _index(world: World, asked: dict[str, str], pairs: list[tuple[str, str]]) -> Answer:
    filters = [value for name, value in pairs if name == "filter"]
    if "statuscode:200" not in filters:
        return 400, {}, b"the tests want a filter"
    rows = [
        [key, at, url, "text/html", "200", f"{int(at):032X}"]
        for key, at, url in captures(world)
        if asked.get("from", "0") <= at and at <= asked.get("to", "9").ljust(14, "9")
    ]
    if asked.get("collapse") == "urlkey":
        first: dict[str, list[str]] = {}
        for row in rows:
            first.setdefault(row[0], row)
        rows = list(first.values())
    start = int(asked.get("resumeKey", "0"))
    limit = min(int(asked.get("limit", "1000")), world.page_rows)
    part, rest = rows[start : start + limit], rows[start + limit :]
    lines: list[list[str]] = (
        [["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest"], *part] if part else []
    )
    if rest:
        lines += [[], [str(start + limit)]]
    return 200, {"Content-Type": "application/json"}, json.dumps(lines).encode()


def _memento(world: World, path: str) -> Answer:
    found = re.fullmatch(r"/web/(\d{14})id_/(.+)", unquote(path))
    if not found or (found[1], found[2]) not in {(at, url) for _, at, url in captures(world)}:
        return 404, {}, b"not archived"
    number = int(re.sub(r"\D", "", found[2].rsplit("story-", 1)[1]))
    at = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    page = world.stories[number].page(
        extra="" if (at - world.stories[number].published).days < 30 else "A line was added."
    )
    return 200, {"Memento-Datetime": format_datetime(at, usegmt=True), "x-archive-orig-server": "quay"}, page
