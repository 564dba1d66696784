"""Lays out what each address of an outlet answers: a table from path to `Resource`, without any network.

The same content, edition and base address give the same table, so that a second visit finds the same bytes and
validators. How a resource goes over the wire is the business of `newsroom`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.demo import pages, syndication
from flows.demo.content import Outlet, Piece
from flows.demo.syndication import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What an address answers."""

    status: int
    media_type: str = "text/plain; charset=utf-8"
    body: bytes = b""
    modified: datetime | None = None
    location: str = ""  # where a redirect points

    @property
    def etag(self) -> str:
        """A strong validator of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def lay_out(outlet: Outlet, pieces: Sequence[Piece], base: str) -> dict[str, Resource]:
    """Return the outlet's resources by path. `pieces` are the outlet's, newest first; `base` has no path."""
    table = _articles(outlet, pieces, base) | _listings(outlet, pieces, base)
    text, media_type = syndication.write(outlet, feed_items(outlet, pieces, base), base)
    table[outlet.feed_path] = Resource(
        status=200,
        media_type=f"{media_type}; charset={outlet.feed_charset}",
        body=text.encode(outlet.feed_charset, "xmlcharrefreplace"),
        modified=max(p.modified or p.published for p in pieces),
    )
    if outlet.robots:
        table["/robots.txt"] = Resource(status=200, body=outlet.robots.replace("{base}", base).encode())
    if outlet.dead_feed:
        table[outlet.dead_feed] = Resource(status=410, body=b"This feed has been closed.\n")
    return table


def missing(outlet: Outlet, base: str) -> Resource:
    """Return what every other address answers."""
    return _page(outlet, pages.missing(outlet, base), None, status=404)


def address_of(outlet: Outlet, piece: Piece, base: str) -> str:
    """Return the address at which an article's page stands."""
    return base + pages.path_of(outlet, piece)


def feed_items(outlet: Outlet, pieces: Sequence[Piece], base: str) -> list[Item]:
    """Return what the outlet's feed lists, newest first: its articles, by old addresses too, and its strays."""
    items = [
        Item(
            url=base + _with_tracking(outlet, piece.moved_from or pages.path_of(outlet, piece)),
            guid=f"tag:{outlet.domain},{piece.published:%Y-%m-%d}:{piece.number}",
            title=piece.title,
            summary=piece.summary,
            author=piece.author,
            category=outlet.sections[piece.section],
            published=piece.published.astimezone(outlet.zone),
            updated=(piece.modified or piece.published).astimezone(outlet.zone),
            paragraphs=piece.paragraphs,
        )
        for piece in pieces
    ]
    items += [
        Item(
            url=base + stray.path,
            guid=f"tag:{outlet.domain},{stray.published:%Y-%m-%d}:{stray.path}",
            title=stray.title,
            summary=stray.summary,
            author=outlet.name,
            category=outlet.name,
            published=stray.published.astimezone(outlet.zone),
            updated=stray.published.astimezone(outlet.zone),
        )
        for stray in outlet.strays
    ]
    return sorted(items, key=lambda item: item.published, reverse=True)


def _articles(outlet: Outlet, pieces: Sequence[Piece], base: str) -> dict[str, Resource]:
    table: dict[str, Resource] = {}
    for piece in pieces:
        page = pages.article(outlet, piece, pieces, base)
        table[pages.path_of(outlet, piece)] = _page(outlet, page, piece.modified or piece.published)
        if piece.moved_from:
            table[piece.moved_from] = Resource(status=301, location=address_of(outlet, piece, base))
    return table


def _listings(outlet: Outlet, pieces: Sequence[Piece], base: str) -> dict[str, Resource]:
    newest = max(p.modified or p.published for p in pieces)
    table = {"/": _page(outlet, pages.listing(outlet, outlet.name, pieces, base), newest)}
    for key, name in outlet.sections.items():
        inside = [p for p in pieces if p.section == key]
        table[f"/{key}/"] = _page(outlet, pages.listing(outlet, name, inside, base), newest)
    return table


def _page(outlet: Outlet, text: str, modified: datetime | None, status: int = 200) -> Resource:
    return Resource(
        status=status,
        media_type=f"text/html; charset={outlet.page_charset}",
        body=text.encode(outlet.page_charset, "xmlcharrefreplace"),
        modified=modified,
    )


def _with_tracking(outlet: Outlet, path: str) -> str:
    if not outlet.tracking:
        return path
    return path + ("&" if "?" in path else "?") + outlet.tracking
