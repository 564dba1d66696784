"""Writes the newsroom's feeds: RSS 2.0, RSS 1.0 (RDF), Atom, JSON Feed and news sitemaps, with their habits.

An item is already decided when it comes here (`Item`); this module only knows the formats.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from flows.demo.content import Outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a feed, ready to be written."""

    url: str
    guid: str
    title: str
    summary: str
    author: str
    category: str
    published: datetime  # in the outlet's zone
    updated: datetime
    paragraphs: tuple[str, ...] = ()


def write(outlet: Outlet, items: Sequence[Item], base: str) -> tuple[str, str]:
    """Return a feed's text and its media type, in the outlet's format."""
    return FORMATS[outlet.feed_format](outlet, items, base)


def _declaration(outlet: Outlet) -> str:
    return f'<?xml version="1.0" encoding="{outlet.feed_charset}"?>\n'


def _rss20(outlet: Outlet, items: Sequence[Item], base: str) -> tuple[str, str]:
    """RSS 2.0 with RFC 822 dates; `atom:updated` where an article was changed."""
    entries = "".join(
        f"<item>\n<title>{escape(i.title)}</title>\n<link>{escape(i.url)}</link>\n"
        f'<guid isPermaLink="false">{escape(i.guid)}</guid>\n<description>{escape(i.summary)}</description>\n'
        f"<dc:creator>{escape(i.author)}</dc:creator>\n<category>{escape(i.category)}</category>\n"
        f"<pubDate>{format_datetime(i.published)}</pubDate>\n"
        + (f"<atom:updated>{i.updated.isoformat()}</atom:updated>\n" if i.updated != i.published else "")
        + "</item>\n"
        for i in items
    )
    return _rss(outlet, entries, base), "application/rss+xml"


def _rss20_loose(outlet: Outlet, items: Sequence[Item], base: str) -> tuple[str, str]:
    """RSS 2.0 as sloppy systems write it: local dates without a zone, markup in CDATA, the full text in each item."""
    entries = "".join(
        f"<item>\n<title><![CDATA[{i.title}]]></title>\n<link>{escape(i.url)}</link>\n<guid>{escape(i.url)}</guid>\n"
        f"<description><![CDATA[<p><b>{escape(i.summary)}</b></p>]]></description>\n"
        f"<content:encoded><![CDATA[{_markup(i.paragraphs)}]]></content:encoded>\n"
        f"<author>{escape(i.author)}</author>\n<pubDate>{i.published:%Y/%m/%d %H:%M:%S}</pubDate>\n</item>\n"
        for i in items
    )
    return _rss(outlet, entries, base), "text/xml"


def _markup(paragraphs: Sequence[str]) -> str:
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)


def _rss(outlet: Outlet, entries: str, base: str) -> str:
    return (
        _declaration(outlet)
        + '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/">\n<channel>\n'
        f"<title>{escape(outlet.name)}</title>\n<link>{base}/</link>\n<description>{escape(outlet.name)}</description>\n"
        f"<language>{outlet.language.lower()}</language>\n<ttl>30</ttl>\n{entries}</channel>\n</rss>\n"
    )


def _rss10(outlet: Outlet, items: Sequence[Item], base: str) -> tuple[str, str]:
    """RSS 1.0 in RDF, with a day as date (W3CDTF), as old French and Japanese sites still do."""
    order = "".join(f'<rdf:li rdf:resource="{escape(i.url)}"/>\n' for i in items)
    entries = "".join(
        f'<item rdf:about="{escape(i.url)}">\n<title>{escape(i.title)}</title>\n<link>{escape(i.url)}</link>\n'
        f"<description>{escape(i.summary)}</description>\n<dc:creator>{escape(i.author)}</dc:creator>\n"
        f"<dc:subject>{escape(i.category)}</dc:subject>\n<dc:date>{i.published:%Y-%m-%d}</dc:date>\n</item>\n"
        for i in items
    )
    text = (
        _declaration(outlet)
        + '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{base}{outlet.feed_path}">\n<title>{escape(outlet.name)}</title>\n<link>{base}/</link>\n'
        f"<description>{escape(outlet.name)}</description>\n<dc:language>{outlet.language}</dc:language>\n"
        f"<items><rdf:Seq>\n{order}</rdf:Seq></items>\n</channel>\n{entries}</rdf:RDF>\n"
    )
    return text, "application/rdf+xml"


def _atom10(outlet: Outlet, items: Sequence[Item], base: str) -> tuple[str, str]:
    """Atom 1.0 (RFC 4287) with `xml:lang` and `xml:base`."""
    entries = "".join(
        f"<entry>\n<id>{escape(i.guid)}</id>\n<title>{escape(i.title)}</title>\n"
        f'<link rel="alternate" type="text/html" href="{escape(i.url.removeprefix(base))}"/>\n'
        f"<published>{i.published.isoformat()}</published>\n<updated>{i.updated.isoformat()}</updated>\n"
        f"<author><name>{escape(i.author)}</name></author>\n"
        f'<category term="{escape(i.category)}"/>\n<summary type="text">{escape(i.summary)}</summary>\n</entry>\n'
        for i in items
    )
    newest = max(i.updated for i in items).isoformat()
    text = (
        _declaration(outlet)
        + f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}" xml:base="{base}/">\n'
        f"<id>tag:{outlet.domain},2025:feed</id>\n<title>{escape(outlet.name)}</title>\n"
        f'<link rel="self" href="{outlet.feed_path}"/>\n<link rel="alternate" href="/"/>\n'
        f"<updated>{newest}</updated>\n{entries}</feed>\n"
    )
    return text, "application/atom+xml"


def _json1(outlet: Outlet, items: Sequence[Item], base: str) -> tuple[str, str]:
    """JSON Feed 1.1 (jsonfeed.org)."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{base}/",
        "feed_url": base + outlet.feed_path,
        "language": outlet.language,
        "items": [
            {
                "id": i.guid,
                "url": i.url,
                "title": i.title,
                "summary": i.summary,
                "date_published": i.published.isoformat(),
                "date_modified": i.updated.isoformat(),
                "authors": [{"name": i.author}],
                "tags": [i.category],
            }
            for i in items
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1), "application/feed+json"


def _news_sitemap(outlet: Outlet, items: Sequence[Item], base: str) -> tuple[str, str]:
    """A sitemap with the news extension (sitemaps.org; the search engines' `sitemap-news/0.9`)."""
    entries = "".join(
        f"<url>\n<loc>{escape(i.url)}</loc>\n<lastmod>{i.updated.isoformat()}</lastmod>\n<news:news>\n"
        f"<news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{outlet.language}</news:language></news:publication>\n"
        f"<news:publication_date>{i.published.isoformat()}</news:publication_date>\n"
        f"<news:title>{escape(i.title)}</news:title>\n</news:news>\n</url>\n"
        for i in items
    )
    text = (
        _declaration(outlet) + '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{entries}</urlset>\n'
    )
    return text, "application/xml"


FORMATS: dict[str, Callable[[Outlet, Sequence[Item], str], tuple[str, str]]] = {
    "rss20": _rss20,
    "rss20-loose": _rss20_loose,
    "rss10": _rss10,
    "atom10": _atom10,
    "json1": _json1,
    "news-sitemap": _news_sitemap,
}
