"""Feeds and pages that come well framed and are hostile inside: bombs, entities, nesting, wrong charsets, odd dates.

How an answer can be broken as HTTP is in `behaviours`.
"""

import gzip
import random
from collections.abc import Iterable
from functools import cache

from tests.hostile.behaviours import at
from tests.hostile.newsroom import Visit

BODY = (
    "<p>"
    + "</p><p>".join(f"Ministers of the harbour towns met for the {n}th time and agreed on quays." for n in range(12))
    + "</p>"
)
PAGE = f"<html lang=en><head><title>Quays agreed</title></head><body><article><h1>Quays agreed</h1>{BODY}</article></body></html>"


def item(url: str, title: str = "Quays agreed", guid: str = "", date: str = "Wed, 01 Jul 2026 10:00:00 GMT") -> str:
    """Return an entry of an RSS feed."""
    return f"<item><title>{title}</title><link>{url}</link><guid>{guid or url}</guid><pubDate>{date}</pubDate></item>"


def rss(items: Iterable[str], doctype: str = "", head: str = '<?xml version="1.0"?>') -> bytes:
    """Return an RSS feed."""
    return f'{head}{doctype}<rss version="2.0"><channel><title>Harbour</title>{"".join(items)}</channel></rss>'.encode()


def one(host: str, name: str, **more: str) -> str:
    """Return an entry that names a good page of the host."""
    return item(f"http://{host}/page/good?{name}", **more)


def _laughs(host: str) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return rss([one(host, "a", title="&l9;")], f'<!DOCTYPE rss [<!ENTITY l0 "lol">{entities}]>')


def _entity(host: str, what: str) -> bytes:
    return rss([one(host, "a", title="&x;")], f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{what}">]>')


@cache
def feeds(host: str = "HOST") -> dict[str, bytes]:
    """Return hostile feeds by name. Those of `READABLE` have one entry that can be read."""
    deep = 20_000
    many = [item(f"http://{host}/page/good?m", f"Entry {n}", f"g{n}") for n in range(50_000)]
    known = one(host, "known")
    return {
        "laughs": _laughs(host),
        "quadratic": rss([one(host, "a", title="&a;" * 5_000)], f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]>'),
        "file-entity": _entity(host, "file:///etc/passwd"),
        "http-entity": _entity(host, f"http://{host}/stolen"),
        "parameter-entity": rss([known], f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://{host}/stolen"> %p;]>'),
        "external-dtd": rss([known], f'<!DOCTYPE rss SYSTEM "http://{host}/stolen">'),
        "stylesheet": rss([known], f'<?xml-stylesheet href="http://{host}/stolen" type="text/xsl"?>'),
        "xinclude": rss(
            [known, f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="http://{host}/stolen"/>']
        ),
        "deep": rss([known, "<a>" * deep + "</a>" * deep]),
        "never-closed": rss([known])[:-30] + b"<b>" * deep,
        "many": rss(many),
        "nul": rss([known.replace("Quays", "Qu\0ays")]),
        "controls": rss([known.replace("Quays", "\x01\x02\x1b[31mQuays\x7f")]),
        "wrong-charset": rss([known], head='<?xml version="1.0" encoding="utf-16"?>'),
        "unknown-charset": rss([known], head='<?xml version="1.0" encoding="x-harbour"?>'),
        "utf16": rss([known]).decode().encode("utf-16"),
        "not-utf8": rss([known]).replace(b"Quays", b"\xff\xfe\x80Quays"),
        "utf7": rss([known], head='<?xml version="1.0" encoding="utf-7"?>'),
        "duplicate-guids": rss(one(host, f"d{n}", guid="same") for n in range(5)),
        "no-links": rss(["<item><title>Nothing</title></item>"] * 3),
        "future": rss([one(host, "f", date="Fri, 01 Jan 9999 00:00:00 GMT")]),
        "epoch": rss([one(host, "e", date="Thu, 01 Jan 1970 00:00:00 GMT")]),
        "before-christ": rss([one(host, "b", date="-4712-01-01T00:00:00Z")]),
        "date-of-digits": rss([one(host, "n", date="9" * 10_000)]),
        "script-title": rss([one(host, "s", title="&lt;script&gt;alert(1)&lt;/script&gt;")]),
        "long-title": rss([one(host, "l", title="x" * 1_000_000)]),
        "long-link": rss([item(f"http://{host}/page/good?{'x' * 100_000}")]),
        "javascript-link": rss([item("javascript:alert(1)")]),
        "file-link": rss([item("file:///etc/passwd")]),
        "data-link": rss([item("data:text/html,hello")]),
        "path-link": rss([item(f"http://{host}/page/good/../../../../../../etc/passwd%00")]),
        "secret-link": rss([item(f"http://reader:s3cret@{host}/page/good?secret")]),
        "empty": b"",
        "space": b" \n" * 100_000,
        "html": PAGE.encode(),
        "random": random.Random(7).randbytes(100_000),
        "json-deep": b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 100_000,
        "json-types": b'{"version": "https://jsonfeed.org/version/1.1", "title": [], "items": [1, null, {"url": 5, "id": {}}]}',
        "json-number": b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ' + b"9" * 100_000 + b"}]}",
        "attributes": b"<rss " + b" ".join(b'a%d="x"' % n for n in range(20_000)) + b"/>",
        "comment": rss([known]).replace(b"<channel>", b"<channel><!--" + b"-" * 500_000 + b">"),
        "cdata": rss([known]).replace(b"<title>", b"<title><![CDATA[" + b"]" * 500_000),
        "sitemap-of-itself": f"<sitemapindex><sitemap><loc>http://{host}/feed/sitemap-of-itself</loc></sitemap></sitemapindex>".encode(),
    }


READABLE = frozenset(
    "parameter-entity external-dtd stylesheet xinclude controls duplicate-guids future epoch script-title".split()
)


@cache
def pages() -> dict[str, tuple[bytes, tuple[str, ...]]]:
    """Return hostile pages by name: the body, and headers."""
    nested, text = 100_000, "Ministers met at the quay. " * 40
    html = ("Content-Type: text/html",)
    found = {
        "nested": "<div>" * nested + text + "</div>" * nested,
        "nested-tables": "<table><tr><td>" * 5_000 + text,
        "nested-bold": "<b><i>" * 20_000 + text,
        "unclosed": "<html><body><p" + " a='" * 50_000,
        "long": f"<html><body><article><p>{text * 14_000}</p></article></body></html>",
        "many-paragraphs": f"<html><body><article>{'<p>Quay.</p>' * 200_000}</article></body></html>",
        "script-title": PAGE.replace("Quays agreed", "<script>alert(1)</script>&lt;img src=x onerror=alert(1)&gt;"),
        "escape-title": PAGE.replace("Quays agreed", "\x1b]0;owned\x07Quays \x1b[31m=cmd|' /C calc'!A0"),
        "bidi-title": PAGE.replace("Quays agreed", "\u202eagreed\u2066 Quays"),
        "nul": PAGE.replace("met", "m\0et"),
        "entities": PAGE.replace("met", "&#x110000; &#0; &#xD800; &nosuch; &amp" * 1_000),
        "json-ld-deep": PAGE.replace("<body>", '<script type="application/ld+json">' + "[" * 100_000 + "</script><body>"),
        "json-ld-types": PAGE.replace(
            "<body>",
            '<script type="application/ld+json">{"@type": {}, "headline": [1], "datePublished": 1e400, "author": [[[]]]}</script><body>',
        ),
        "json-ld-loop": PAGE.replace("<body>", '<script type="application/ld+json">{"@graph": [{"@graph": [{"@graph": []}]}]}</script><body>'),
        "meta-charset": PAGE.replace("<head>", "<head><meta charset=utf-7>"),
        "refresh": PAGE.replace("<head>", '<head><meta http-equiv=refresh content="0; url=file:///etc/passwd">'),
        "base": PAGE.replace("<head>", '<head><base href="file:///etc/">'),
        "canonical-elsewhere": PAGE.replace("<head>", '<head><link rel=canonical href="http://169.254.169.254/latest/">'),
        "canonical-script": PAGE.replace("<head>", '<head><link rel=canonical href="javascript:alert(1)">'),
        "date-odd": PAGE.replace("<head>", '<head><meta property="article:published_time" content="99999-99-99T99:99:99+99:99">'),
        "date-long": PAGE.replace("<head>", f'<head><meta property="article:published_time" content="{"1" * 100_000}">'),
        "many-links": PAGE.replace("</article>", "".join(f"<a href='/{n}'>more</a>" for n in range(30_000))),
        "many-attributes": PAGE.replace("<article>", "<article " + " ".join(f"a{n}=x" for n in range(30_000)) + ">"),
        "comment": PAGE.replace("<article>", "<!--" + "<!-- -- >" * 50_000 + "<article>"),
        "one-word": f"<html><body><article><p>{'x' * 2_000_000}</p></article></body></html>",
        "quotes": f"<html><body><article><p>{'“He said “' * 50_000}</p></article></body></html>",
        "regex": f"<html><body><article><p>{'a.' * 200_000}! {'1.' * 100_000} {' ' * 200_000}.</p></article></body></html>",
        "names": f"<html><body><article><p>{'European Commission China Russia Putin Xi ' * 20_000}</p></article></body></html>",
        "frames": "<frameset>" * 5_000,
        "select": "<select><option>" * 20_000,
        "svg": "<svg>" * 5_000 + "<title>x" * 5_000,
        "noscript": PAGE.replace("<body>", "<body><noscript>" * 2_000),
        "plaintext": "<plaintext>" + PAGE,
        "empty-html": "<html></html>",
    }  # fmt: skip
    rest: dict[str, tuple[bytes, tuple[str, ...]]] = {
        "good": (PAGE.encode(), html),
        "empty": (b"", html),
        "random": (random.Random(5).randbytes(300_000), html),
        "pdf": (b"%PDF-1.7\n" + bytes(1000), ("Content-Type: application/pdf",)),
        "pdf-as-html": (b"%PDF-1.7\n" + bytes(1000), html),
        "image": (b"\x89PNG\r\n\x1a\n" + bytes(1000), ("Content-Type: image/png",)),
        "no-type": (PAGE.encode(), ()),
        "odd-type": (PAGE.encode(), ("Content-Type: ;;;charset=;text/html;=",)),
        "odd-charset": (PAGE.encode(), ("Content-Type: text/html; charset=" + "x" * 1_000,)),
        "codec-charset": (PAGE.encode(), ("Content-Type: text/html; charset=zlib",)),
        "utf32": (PAGE.encode("utf-32"), html),
        "utf16": (PAGE.encode("utf-16"), html),
        "surrogates": (PAGE.replace("met", "\ud800").encode("utf-8", "surrogatepass"), html),
        "not-gzip": (PAGE.encode(), (*html, "Content-Encoding: gzip")),
        "half-gzip": (gzip.compress(PAGE.encode(), mtime=0)[:-40], (*html, "Content-Encoding: gzip")),
        "unknown-coding": (PAGE.encode(), (*html, "Content-Encoding: x-harbour")),
        "many-codings": (PAGE.encode(), (*html, "Content-Encoding: " + ", ".join(["gzip"] * 100))),
        "xml": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', html),
    }
    return {name: (text.encode("utf-8", "replace"), html) for name, text in found.items()} | rest


def mutated(seed: int) -> bytes:
    """Return the good page with damage that the seed always gives: bytes changed, dropped and doubled, tags cut."""
    dice, data = random.Random(seed), bytearray(PAGE.encode())
    for _ in range(dice.randint(1, 60)):
        place = dice.randrange(len(data))
        match dice.randrange(4):
            case 0:
                data[place] = dice.randrange(256)
            case 1:
                del data[place : place + dice.randint(1, 30)]
            case 2:
                data[place:place] = data[place : place + dice.randint(1, 200)]
            case _:
                data[place:place] = dice.choice(
                    [b"<", b"</p", b"<!--", b"&#", b"\0", b'"', b"<script>", b"\xe2\x80", b"]]>"]
                )
    return bytes(data)


@at("/feed")
async def _feed(visit: Visit) -> None:
    body = feeds()[visit.path.rsplit("/", 1)[-1]]
    place = f"{visit.host}:{visit.room.port}"
    for coding in ("ascii", "utf-16-le"):
        body = body.replace("HOST".encode(coding), place.encode(coding))
    await visit.answer(200, body, "Content-Type: application/rss+xml")


@at("/page")
async def _page(visit: Visit) -> None:
    body, headers = pages().get(visit.path.rsplit("/", 1)[-1], pages()["good"])
    await visit.answer(200, body, *headers)


@at("/mutated")
async def _mutated(visit: Visit) -> None:
    await visit.answer(200, mutated(int(visit.path.rsplit("/", 1)[-1])), "Content-Type: text/html; charset=utf-8")


@at("/listed")
async def _listed(visit: Visit) -> None:
    """Name the pages that the room lists for this host."""
    links = visit.room.listed.get(visit.host, [])
    escaped = [link.replace("&", "&amp;").replace("<", "&lt;") for link in links]
    await visit.answer(200, rss(item(link) for link in escaped), "Content-Type: application/rss+xml")
