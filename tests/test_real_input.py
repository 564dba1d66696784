"""The flow over pages and feeds that others captured from real sites, served on the loopback.

The sets are in the shared folder beside the project and are only read from there.
"""

import gzip
import json
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from extractors.model import Feed, Source
from flows import guard
from flows.registry import Registry
from tests import world

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
PAGES, FEEDS = 320, 60

pytestmark = pytest.mark.skipif(not (DATA / "pages").exists(), reason="the shared pages are not beside this checkout")


@dataclass(frozen=True, slots=True)
class Page:
    """A captured page and whether it is known to be an article."""

    path: str
    body: bytes
    article: bool


def pages() -> list[Page]:
    """Return pages of every set, evenly taken."""
    with (DATA / "pages" / "index.jsonl").open(encoding="utf-8") as lines:
        index = [json.loads(line) for line in lines]
    step = len(index) / PAGES
    chosen = [index[int(i * step)] for i in range(PAGES)]
    return [
        Page(f"/page/{n}.html", gzip.decompress((DATA / "pages" / row["file"]).read_bytes()), row["article"])
        for n, row in enumerate(chosen)
    ]


def documents() -> list[bytes]:
    """Return feed documents of every project's test data, evenly taken."""
    files = sorted(path for path in (DATA / "feeds").rglob("*") if path.suffix in (".xml", ".rss", ".atom"))
    step = len(files) / FEEDS
    return [files[int(i * step)].read_bytes() for i in range(FEEDS)]


def rss(base: str, listed: Sequence[Page]) -> bytes:
    """Return a plain feed that names pages."""
    items = "".join(f"<item><link>{escape(base + page.path)}</link></item>" for page in listed)
    return f'<rss version="2.0"><channel><title>All</title>{items}</channel></rss>'.encode()


class Handler(BaseHTTPRequestHandler):
    """Answers from a table."""

    protocol_version = "HTTP/1.1"
    table: dict[str, tuple[str, bytes]]

    def do_GET(self) -> None:
        kind, body = self.table.get(self.path, ("", b""))
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", kind or "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Page]]:
    """A corpus of one run over the captured world."""
    known, feeds = pages(), documents()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"table": {}}))
    base = f"http://127.0.0.1:{server.server_port}"
    table = {page.path: ("text/html", page.body) for page in known}
    table |= {f"/feed/{n}.xml": ("application/xml", body) for n, body in enumerate(feeds)}
    table["/all.xml"] = ("application/rss+xml", rss(base, known))
    server.RequestHandlerClass.table = table  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    data = tmp_path_factory.mktemp("real")
    source = Source(
        id="captured", name="Captured", country="EU", language="en", time_zone="UTC", owner="", state=False, family="",
        home=base,
    )  # fmt: skip
    urls = [f"{base}/all.xml", *(f"{base}/feed/{n}.xml" for n in range(len(feeds)))]
    registry = Registry(
        sources=(source,), feeds=tuple(Feed(url=url, source_id="captured", language="en") for url in urls)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard.SystemResolver, "__call__", only_here)
        try:
            world.run(data, registry)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
    return data / "corpus.duckdb", known


async def only_here(_self: guard.SystemResolver, host: str, _port: int) -> Sequence[str]:
    """Resolve nothing but this machine: what the captured feeds link to is not asked for."""
    if host == "127.0.0.1":
        return [host]
    raise guard.NameFailure(f"{host} is outside this test")


def test_every_url_ends_in_one_counted_fate(corpus: tuple[Path, list[Page]]) -> None:
    """All feeds are polls, all named pages are captures, and each capture has a fate."""
    path, known = corpus
    assert world.ask(path, "SELECT count(*) FROM poll") == [(FEEDS + 1,)]
    (wanted,) = world.ask(path, "SELECT count(DISTINCT url_id) FROM entry")
    (fated,) = world.ask(path, "SELECT count(DISTINCT url) FROM fates WHERE fate IS NOT NULL")
    assert wanted[0] >= len(known)
    assert fated == wanted


def test_nearly_every_article_gives_a_text(corpus: tuple[Path, list[Page]]) -> None:
    """At least 95 of a hundred pages that are known to be articles."""
    path, known = corpus
    rows = world.ask(path, "SELECT url, reading FROM capture WHERE outcome = 'fetched'")
    readings = {"/" + url.split("/", 3)[3]: reading for url, reading in rows}
    articles = [page for page in known if page.article]
    assert len(articles) > 200
    lost = Counter(readings.get(page.path) for page in articles if readings.get(page.path) != "article")
    assert sum(lost.values()) <= 0.05 * len(articles), lost


def test_captured_feeds_give_entries(corpus: tuple[Path, list[Page]]) -> None:
    """Much of the test data is a header alone or a crafted ruin; a good third of it lists entries with addresses."""
    path, _ = corpus
    (listing,) = world.ask(path, "SELECT count(*) FROM poll WHERE entries > 0")
    assert listing[0] > FEEDS / 3
