"""Reads the newsroom's outlets and articles from the data files beside this module.

Outlets stand in `outlets.toml`, whose header explains each key. An article is `articles/<outlet>/<slug>.md`: TOML front
matter between two lines of `+++`, then paragraphs separated by empty lines. `<slug>.2.md` is the same article as it
reads in the second edition. How an article looks on the wire is decided in `pages` and `syndication`, not here.
"""

import tomllib
import zlib
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from zoneinfo import ZoneInfo

HERE: Traversable = files("flows.demo")
FENCE = "+++\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """Something that a feed lists although it is no article: a section page, a page that is missing."""

    title: str
    path: str
    summary: str
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An invented outlet and the habits of its web site. The keys are explained in `outlets.toml`."""

    id: str
    name: str
    domain: str
    country: str
    language: str
    time_zone: str
    owner: str
    state: bool
    family: str
    feed_format: str
    feed_path: str
    feed_charset: str
    page_charset: str
    article_path: str
    printed_date: str
    months: tuple[str, ...]
    sections: dict[str, str]  # path segment to its name
    paragraph: str = "<p>{}</p>"
    tracking: str = ""
    dead_feed: str = ""
    robots: str = ""
    gzip: bool = False
    strays: tuple[Stray, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the outlet prints its dates."""
        return ZoneInfo(self.time_zone)

    def print_date(self, moment: datetime) -> str:
        """Write a time the way the outlet's pages do."""
        local = moment.astimezone(self.zone)
        return self.printed_date.format(t=local, month=self.months[local.month - 1] if self.months else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article of the newsroom as its author filed it, with the labels that a careful reader gives it."""

    outlet: str
    slug: str
    edition: int
    language: str
    title: str
    author: str
    section: str
    published: datetime
    summary: str
    paragraphs: tuple[str, ...]
    actors: tuple[str, ...]
    relations: tuple[str, ...]
    topics: tuple[str, ...]
    caption: str = ""
    modified: datetime | None = None
    path: str = ""  # where the page stands, when not by the outlet's rule
    moved_from: str = ""  # the old path, which the feed still names
    forbidden: bool = False  # robots.txt closes its path
    credit: str = ""  # the agency whose story it is

    @property
    def text(self) -> str:
        """The clean text: paragraphs separated by one newline."""
        return "\n".join(self.paragraphs)

    @property
    def number(self) -> int:
        """A number of eight digits that stays the same, as content systems put into addresses."""
        return 10_000_000 + zlib.crc32(f"{self.outlet}/{self.slug}".encode()) % 90_000_000


def read_outlets() -> tuple[Outlet, ...]:
    """Return the outlets in the order of their ports."""
    table: dict[str, Any] = tomllib.loads(HERE.joinpath("outlets.toml").read_text("utf-8"))
    return tuple(_outlet(row) for row in table["outlet"])


def read_pieces(edition: int) -> tuple[Piece, ...]:
    """Return each article as it reads in an edition, by outlet and newest first."""
    newest: dict[tuple[str, str], Piece] = {}
    for folder in HERE.joinpath("articles").iterdir():
        for file in sorted(folder.iterdir(), key=lambda f: f.name) if folder.is_dir() else ():
            if not file.name.endswith(".md"):
                continue
            piece = parse_piece(folder.name, file.name, file.read_text("utf-8"))
            known = newest.get((piece.outlet, piece.slug))
            if piece.edition <= edition and (known is None or known.edition < piece.edition):
                newest[piece.outlet, piece.slug] = piece
    return tuple(sorted(newest.values(), key=lambda p: (p.outlet, -p.published.timestamp(), p.slug)))


def parse_piece(outlet: str, name: str, source: str) -> Piece:
    """Read one article file; a mistake in it is a programming error and raises."""
    slug, _, edition = name.removesuffix(".md").partition(".")
    start, front, body = source.split(FENCE, 2)
    if start:
        raise ValueError(f"articles/{outlet}/{name}: the first line must be +++")
    facts: dict[str, Any] = tomllib.loads(front)
    for key in ("actors", "relations", "topics"):
        facts[key] = tuple(facts[key])
    paragraphs = tuple(" ".join(block.split("\n")) for block in body.strip().split("\n\n"))
    return Piece(outlet=outlet, slug=slug, edition=int(edition or 1), paragraphs=paragraphs, **facts)


def _outlet(row: dict[str, Any]) -> Outlet:
    row["months"] = tuple(row.get("months", ()))
    row["strays"] = tuple(Stray(**stray) for stray in row.get("strays", ()))
    return Outlet(**row)
