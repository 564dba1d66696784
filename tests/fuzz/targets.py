"""What is fuzzed: one function a target, bytes in, nothing out; whatever it raises is a finding.

Seeds are the files of `../shared/data` where they are, and what the functions below say. Found crashes become cases in
`crashes/<target>/`.
"""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path

from extractors import (
    article,
    cdx,
    datafile,
    dates,
    discovery,
    feed,
    intake,
    opml,
    savedpage,
    sitemap,
    tagging,
    taxonomy,
    urllist,
    urls,
    wire,
)  # fmt: skip
from extractors.model import Captured, Entry, Exchange, Fetched, Polled, Purpose, Record, Want
from flows import robots
from storage import archive, avoided, foreign, message, rows, warc

SHARED = Path(__file__).parents[3] / "shared" / "data"
CRASHES = Path(__file__).with_name("crashes")
URL = "https://news.example/a/feed.xml"
NOW = datetime(2026, 7, 1, tzinfo=UTC)
Target = Callable[[bytes], None]


def _feed(data: bytes) -> None:
    listing = feed.parse(data, url=URL)
    assert all(urls.is_valid(entry.url) for entry in listing.entries)


def _sitemap(data: bytes) -> None:
    sitemap.parse(data, url=URL)


def _date(data: bytes) -> None:
    moment = dates.parse(data.decode("utf-8", "replace"), time_zone="Europe/Brussels", language="ru")
    assert moment is None or moment.at.tzinfo is not None


def _warc(data: bytes) -> None:
    damages: list[warc.Damage] = []
    for _ in islice(archive.outcomes(warc.parts(io.BytesIO(data), "fuzz"), "fuzz", damages), 1000):
        pass
    for _ in islice(foreign.read(io.BytesIO(data), at=NOW, max_bytes=1 << 20), 1000):
        pass


def _robots(data: bytes) -> None:
    robots.found(NOW, data, agent="Tripolar", base=URL).allows("https://news.example/a/b?c=d")


def _cdx(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    cdx.read(text)
    cdx.listing(text, url=URL)
    urllist.read(text, url=URL)


def _opml(data: bytes) -> None:
    with suppress(ValueError):  # what is no OPML is told so
        opml.read(data)


def _taxonomy(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "topics" / "en.toml"
        file.parent.mkdir()
        file.write_bytes(data)
        with suppress(datafile.Problem):  # names file and line
            taxonomy.load(Path(folder))


def _tagging(data: bytes) -> None:
    text = data.decode("utf-8", "replace").replace("\0", " ")[:20_000]
    title, _, body = text.partition("\n")
    found = tagging.tag(title, body, language=None, published_at=NOW, taxonomy=_tagger())
    for mention in found.mentions:
        part = title if mention.part == "title" else body
        assert part[mention.start : mention.end] == mention.surface


@cache
def _tagger() -> tagging.Tagger:
    return tagging.Tagger(taxonomy.load())


def _page(data: bytes) -> None:
    article.read(data, url=URL)


def _url(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    assert urls.canonical(urls.canonical(text)) == urls.canonical(text)
    urls.key(text)
    urls.redact(text)
    urls.join(URL, text)


def _wire(data: bytes) -> None:
    coding, _, body = data.partition(b"\n")
    unfolded = wire.unfold(body, coding.decode("latin-1"), limit=1_000_000)
    assert len(unfolded.body) <= 1_000_000


def _avoided(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "segment"
        path.with_name(path.name + avoided.SUFFIX).write_bytes(data)
        avoided.read(path)


def _head(data: bytes) -> None:
    discovery.feeds(data, URL)
    savedpage.address(data)


def _outcome(data: bytes) -> None:
    """From an answer to the rows of the corpus: the first line names the purpose, then come its headers."""
    kind, _, rest = data.partition(b"\n")
    head, _, body = rest.partition(b"\n\n")
    purpose = next((each for each in Purpose if each.value.encode() == kind), Purpose.PAGE)
    entry = Entry(url=URL, title=kind.decode("utf-8", "replace"))
    exchange = Exchange(url=URL, at=NOW, status=200, headers=message.headers(head), body=body)
    fetched = Fetched(want=Want(url=URL, purpose=purpose, entry=entry), at=NOW, exchange=exchange)
    item = intake.read(Record(outcome=fetched, segment="fuzz", offset=0, length=1), tagger=_tagger, hosts={})
    rows.build([item] if isinstance(item, Polled) else [], [item] if isinstance(item, Captured) else [])


TARGETS: dict[str, Target] = {
    "feed": _feed,
    "sitemap": _sitemap,
    "date": _date,
    "warc": _warc,
    "robots": _robots,
    "cdx": _cdx,
    "opml": _opml,
    "taxonomy": _taxonomy,
    "tagging": _tagging,
    "page": _page,
    "url": _url,
    "wire": _wire,
    "avoided": _avoided,
    "head": _head,
    "outcome": _outcome,
}
_FOLDERS = {
    "feed": "feeds",
    "sitemap": "sitemaps",
    "warc": "warcs",
    "robots": "robots",
    "opml": "opml",
    "page": "pages",
    "head": "pages",
}
_OWN = {
    "date": [b"Wed, 01 Jul 2026 10:00:00 +0200", b"2026-07-01T10:00:00Z", "1 июля 2026, 10:00".encode(), "2026年7月1日".encode()],
    "cdx": [b"com,example)/ 20260701000000 https://example.com/ text/html 200 AAAA 123\n", b'[["urlkey","timestamp"],["a","2"]]'],
    "tagging": ["EU sanctions Russia\nThe European Commission said on Monday that China…".encode(), "Россия и Китай\nПутин заявил: «Да»".encode()],
    "url": [b"https://u:p@news.example:443/a/../b?utm_source=x&c=%64#f", b"//x/[::1]/", "https://пример.example/é".encode()],
    "wire": [b"gzip\n\x1f\x8b\x08\0", b"br, gzip\nx", b"zstd\n(\xb5/\xfd"],
    "outcome": [
        (
            b"feed\nContent-Type: application/feed+json\n\n"
            b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "\\ud800", "url": "https://news.example/\\udfff", "title": "\\ud800"}]}'
        ),
        b"feed\nContent-Type: text/xml; charset=utf-16\n\n<rss version='2.0'><channel><item><title>&#xD800;</title><link>https://news.example/a</link></item></channel></rss>",
        b"page\nContent-Type: text/html; charset=x\n\n<html lang=en><head><title>Quay</title><script type='application/ld+json'>"
        b'{"@type": "NewsArticle", "headline": "\\ud83d", "datePublished": "2026-07-01", "author": {"name": "\\udc00"}}</script></head><body><article>'
        + b"<p>The European Union and China met on the quay to settle the dues.</p>" * 9
        + b"</article></body></html>",
        b"sitemap\n\n<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://news.example/b</loc></url></urlset>",
    ],
    "avoided": [b'{"12": "why"}', b"[]", b'{"x": 1}', b"[" * 3000],
}  # fmt: skip


def seeds(name: str, most: int = 200, size: int = 60_000) -> list[bytes]:
    """Return where a target begins: crashes of before, our own words, and files of the shared data where they are."""
    found = [path.read_bytes() for path in sorted((CRASHES / name).glob("*"))] + list(_OWN.get(name, []))
    if name == "taxonomy":
        found += [path.read_bytes()[:size] for path in sorted(taxonomy.DATA.rglob("*.toml"))]
    return found + list(islice(_shared(name, size), most)) or [b""]


def _shared(name: str, size: int) -> Iterator[bytes]:
    folder = SHARED / _FOLDERS.get(name, "none")
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_size <= size and path.suffix not in (".md", ".jsonl"):
            yield path.read_bytes()
