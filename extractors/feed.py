"""Whatever answers at the address of a feed, a sitemap or an index, told apart by its content and read into a listing.

Labels are not believed: feeds come as text/html, pages as application/rss+xml. How each format is read stands in its
own module.
"""

import re
from dataclasses import replace

from extractors import cdx, jsonfeed, sitemap, syndication, urllist, xmltext
from extractors.model import Listing

_LONGEST_FEED = 12 << 20  # characters; 5,000 entries with their full text are shorter
_HEAD = 4_000  # characters; a feed that a browser or a proxy wrapped into a page begins before
_EMBEDDED = re.compile(r"<(?:rss|feed|rdf:RDF)\s[^<>]{5,500}>")
_PAGES = frozenset({"html", "head", "body", "!doctype", "div", "p", "script", "meta", "title", "center", "h1", "table"})


def parse(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
) -> Listing:
    """Read RSS 0.9x to 2.0, RDF, Atom, JSON Feed, sitemaps of all kinds, CDX answers and lists of URLs.

    `body` has its content coding undone; `url` is where it came from, after redirects, and the base of its links;
    `language` and `time_zone` (IANA) are the source's, for encodings and dates that do not say. Nothing raises: a
    document that is none of these is a listing without format and entries whose `problem` says what it is, and a
    damaged one keeps what could be read.
    """
    text = xmltext.decode(body[: xmltext.MAX_BYTES], content_type, language)
    if not text.strip("\ufeff\0 \t\r\n"):
        return Listing(format="", problem="empty")
    listing = _read(text, url=url, language=language, time_zone=time_zone)
    if listing is None:
        return Listing(format="", problem=_name(text))
    if len(body) > xmltext.MAX_BYTES:
        return replace(listing, problem="; ".join(filter(None, (listing.problem, "longer than can be read"))))
    return listing


def _read(text: str, *, url: str, language: str | None, time_zone: str | None) -> Listing | None:
    """Return what the one reader makes of a text that it is for, or None."""
    root = xmltext.root(text)
    start = text[:2_000].lstrip("\ufeff\0 \t\r\n")[:1]
    if start == "{":
        return jsonfeed.read(text, url=url, language=language, time_zone=time_zone)
    if root in ("urlset", "sitemapindex"):
        return sitemap.read(text, url=url, language=language, time_zone=time_zone)
    if start != "<" and (listed := cdx.listing(text, url=url)):
        return listed
    if start != "<" and (listed := urllist.read(text, url=url, language=language, time_zone=time_zone)):
        return listed
    if root in _PAGES and (wrapped := _EMBEDDED.search(text, 0, _HEAD)):
        text = text[wrapped.start() :]
    elif not root or root in _PAGES or root == "opml":
        return None
    return syndication.read(text[:_LONGEST_FEED], url=url, language=language, time_zone=time_zone)


def _name(text: str) -> str:
    """Return one line that says what a text is that is no listing."""
    root = xmltext.root(text)
    if root in _PAGES:
        return "an HTML page, no feed"
    if root:
        return f"no feed: its first element is {root[:40]!r}"
    start = " ".join(text[:80].split())
    return f"no feed: it begins {''.join(char for char in start if char.isprintable())[:40]!r}"
