"""The feeds that a page names: its `alternate` links, and the anchors that look like feeds where there are none.

Whether they answer does not belong here.
"""

import re
from dataclasses import dataclass

from lxml import etree

from extractors import feedtext, markup, urls
from extractors.model import Unreadable

_TYPES = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/rdf+xml": "rdf",
    "application/feed+json": "json",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/rss+xml": "rss",
}
_LIKELY = re.compile(
    r"(?:^|[/._?=&-])(?:rss|atom|feed|feeds|rdf|xmlrss|syndication)(?:\d{0,2}(?:\.\d)?(?:\.(?:xml|rdf|php|aspx|json|atom))?)(?:[/?&#=]|$)"
    r"|\.(?:rss|rdf|atom)(?:[?#]|$)|(?:feed|rss|news)[\w-]*\.(?:xml|json)(?:[?#]|$)",
    re.IGNORECASE,
)
_NOT = re.compile(r"comments?/feed|/wp-json/|oembed|opensearch|\.(?:html?|js|css|png|svg)(?:[?#]|$)", re.IGNORECASE)
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed that a page names."""

    url: str
    title: str
    type: str  # rss, atom, rdf, json, xml, or an empty string where the page does not say


def feeds(body: bytes, url: str, content_type: str | None = None) -> tuple[Found, ...]:
    """Return the feeds that the page at `url` names, declared ones first, each once; those of comments come last."""
    root = markup.parse(body, content_type)
    if isinstance(root, Unreadable):
        return ()
    base = next((href for element in root.iter("base") if (href := urls.join(url, element.get("href") or ""))), url)
    declared = [found for element in root.iter("link") if (found := _declared(element, base))]
    likely = [found for element in root.iter("a") if (found := _likely(element, base))]
    unique: dict[str, Found] = {}
    for found in sorted([*declared, *likely], key=lambda found: bool(_NOT.search(found.url))):
        if len(unique) < _MOST:
            unique.setdefault(found.url, found)
    return tuple(unique.values())


def _declared(element: etree._Element, base: str) -> Found | None:
    """Return what a link element declares as an alternate of the page in a feed's type."""
    kind = _TYPES.get((element.get("type") or "").partition(";")[0].strip().lower(), "")
    relations = (element.get("rel") or "").lower().split()
    href = element.get("href") or ""
    if not kind or not ("alternate" in relations or "feed" in relations):
        return None
    if kind in ("json", "xml") and not _LIKELY.search(href) and (element.get("type") or "") != "application/feed+json":
        return None
    if "oembed" in href or "/wp-json/" in href:
        return None
    address = urls.join(base, href)
    return (
        Found(url=address, title=feedtext.plain(element.get("title") or "", limit=300), type=kind) if address else None
    )


def _likely(element: etree._Element, base: str) -> Found | None:
    """Return an anchor whose address looks like a feed's."""
    href = (element.get("href") or "").strip()
    if not href or len(href) > 500 or not _LIKELY.search(href) or _NOT.search(href):
        return None
    address = urls.join(base, href)
    text = feedtext.plain(" ".join("".join(element.itertext()).split()) or element.get("title") or "", limit=300)
    return Found(url=address, title=text, type="") if address else None
