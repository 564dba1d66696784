"""RSS 0.9x to 2.0, RDF and Atom in every state of repair: feedparser reads them, guarded, and its words are mapped.

Dates are read from the raw strings by `dates`. Markup in `content` is as the feed has it: whoever shows it escapes or
cleans it. Other formats do not belong here (`feed` decides which is which).
"""

import io
import re
from itertools import pairwise
from typing import Any

import feedparser

from extractors import dates, feedtext, urls, xmltext
from extractors.model import Entry, Listing

_MAX_TAGS = 300_000  # markup characters `<`: what a parser may be made to work on
_MAX_PER_ENTRY = 200  # categories and the like of one entry; feedparser compares each with all before
_MAX_NAMESPACES = 200  # feedparser goes through all of them at each element
_NAMESPACE = re.compile(r"xmlns:[\w.-]{1,100}")
_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_LISTED = re.compile(r"(</?)(?:[\w.-]+:)?(?:category|subject|keywords|tags?)\b", re.IGNORECASE)
_KEYWORDS = re.compile(r"<(itunes:keywords|media:keywords|media:tags)\b[^<>]*>[^<]{2000,}</\1>", re.IGNORECASE)
_PLACES = re.compile(r"</?(?:gml|georss):[^<>]{0,500}>", re.IGNORECASE)  # feedparser stumbles over bad ones
_PLACE_SPACES = re.compile(r"https?://www\.(?:opengis\.net/gml|georss\.org/georss)", re.IGNORECASE)
_EXTENSION = re.compile(  # every element but those that an entry is made of
    r"</?(?!(?:(?:dc|dcterms|atom|a10|content|rdf|feedburner):)?(?:rss|rdf|channel|feed|item|entry|title|link|guid|id|"
    r"description|summary|content|encoded|pubdate|published|updated|issued|modified|date|creator|author|name|category|"
    r"subject|source|language|origlink)\b)[A-Za-z][^<>]*>",
    re.IGNORECASE,
)
_PIECES = re.compile(
    r"""(?: [^<]++ | <!\[CDATA\[(?:(?!\]\]>).)*+ | <(?![a-zA-Z])
        | <[a-zA-Z](?: [^>"']++ | "[^"]*+" | '[^']*+' ){0,600}+> )*+""",
    re.VERBOSE | re.DOTALL,
)
_CLOSERS = ("</rss>", "</feed>", "</rdf:RDF>", "</RDF>", "</channel>")
_MAILBOX = re.compile(r"[^\s@<>()]+@[^\s@<>()]+(?: ?\(([^()]*)\))?|\"?([^<>\"]*)\"? ?<[^<>]*@[^<>]*>")
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_LONGEST_TTL = 31 * 86_400
_MORE = frozenset({"next", "prev-archive"})


def read(text: str, *, url: str, language: str | None = None, time_zone: str | None = None) -> Listing | None:
    """Read a feed from its text, or return None when it is none."""
    document, notes = _guarded(xmltext.clean(text))
    if not document:
        return Listing(format="", problem="; ".join(notes))
    try:
        parsed = _parsed(document)
    except Exception as error:  # feedparser raises anything at elements in the wrong place; the input is to blame
        notes.append(f"read without its extensions: {type(error).__name__} {str(error)[:80]}")
        try:
            parsed = _parsed(_EXTENSION.sub("", document))
        except Exception as again:
            return Listing(format="", problem=f"unreadable: {type(again).__name__}: {str(again)[:100]}")
    if not parsed.version and not parsed.entries:
        return None
    if parsed.bozo and not isinstance(parsed.bozo_exception, feedparser.CharacterEncodingOverride):
        notes.append(f"not well formed: {str(parsed.bozo_exception)[:100]}")
    return _listing(parsed, notes, url=url, language=language, time_zone=time_zone)


def _parsed(document: str) -> Any:
    """Return what feedparser makes of a document.

    It is never given the bytes themselves, which it may take for a file's name, nor a base, with which a GUID becomes a
    link.
    """
    return feedparser.parse(
        io.BytesIO(document.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _guarded(text: str) -> tuple[str, list[str]]:
    """Return a document that no parser can be made to work on for long, and what was left out of it."""
    notes: list[str] = []
    for closer in _CLOSERS[:3]:
        if (end := text.rfind(closer)) >= 0:
            text = text[: end + len(closer)]
            break
    starts = [match.start() for match in _ENTRY.finditer(text)]
    if len(starts) > feedtext.MAX_ENTRIES:
        notes.append(f"more than {feedtext.MAX_ENTRIES:,} entries")
        text = text[: starts[feedtext.MAX_ENTRIES]]
    if text.count("<") > _MAX_TAGS:
        notes.append(f"more than {_MAX_TAGS:,} tags")
        text = "<".join(text.split("<", _MAX_TAGS)[:-1])
    if (end := _PIECES.match(text).end()) < len(text) and ">" in text[end:]:  # type: ignore[union-attr]
        notes.append("a tag without end")
        text = text[:end]
    if text.count("xmlns:") > _MAX_NAMESPACES and len(set(_NAMESPACE.findall(text))) > _MAX_NAMESPACES:
        return "", [f"more than {_MAX_NAMESPACES} namespaces"]
    if ":keywords" in text or ":tags" in text:
        text = _KEYWORDS.sub("", text)
    if "gml" in text or "georss" in text:
        text = _PLACE_SPACES.sub("urn:places", _PLACES.sub("", text))
    return _thinned(text, starts), notes


def _thinned(text: str, starts: list[int]) -> str:
    """Return the document without the categories that an entry has beyond a number that no editor gives."""
    if text.count("<category") + text.count(":subject") < _MAX_PER_ENTRY:
        return text
    parts = []
    bounds = [0, *(start for start in starts if start < len(text)), len(text)]
    for begin, end in pairwise(bounds):
        part = text[begin:end]
        listed = [match.start() for match in _LISTED.finditer(part) if match[1] == "<"]
        if len(listed) > _MAX_PER_ENTRY:
            at = listed[_MAX_PER_ENTRY]
            part = part[:at] + _LISTED.sub(r"\1ignored", part[at:])
        parts.append(part)
    return "".join(parts)


def _listing(parsed: Any, notes: list[str], *, url: str, language: str | None, time_zone: str | None) -> Listing:
    """Return what feedparser read as a listing."""
    head = parsed.feed
    declared = feedtext.language(_string(head, "language"))
    is_rss = str(parsed.version).startswith("rss")
    rows = (
        _entry(item, url=url, is_rss=is_rss, declared=declared, language=language or declared, time_zone=time_zone)
        for item in parsed.entries
    )
    entries, problem = feedtext.collapse(rows, notes=notes)
    return Listing(
        format=parsed.version or "",
        title=_plain(head, "title"),
        language=declared,
        home=urls.join(url, _string(head, "link")),
        entries=entries,
        more=_more(head, url),
        ttl=_ttl(head),
        problem=problem,
    )


def _entry(
    item: Any, *, url: str, is_rss: bool, declared: str | None, language: str | None, time_zone: str | None
) -> Entry | None:
    """Return one item, or None when it has no address."""
    address = _address(item, url)
    if not address:
        return None
    raw = _string(item, "published") or _string(item, "created")
    updated = _string(item, "updated")
    if not raw and is_rss:  # dc:date, which feedparser takes for the last change
        raw, updated = updated, ""
    content = "\n".join(part.get("value") or "" for part in _several(item, "content"))
    return Entry(
        url=address,
        guid=_string(item, "id").strip(),
        title=_plain(item, "title"),
        summary=feedtext.plain(_string(item, "summary")),
        authors=_authors(item),
        published=dates.parse(raw, time_zone=time_zone, language=language),
        updated=dates.parse(updated, time_zone=time_zone, language=language),
        published_raw=raw.strip(),
        language=feedtext.language(_string(item, "language")) or declared,
        categories=feedtext.words(tag.get("term") or tag.get("label") or "" for tag in _several(item, "tags")),
        origin=_origin(item),
        content=content,
    )


def _string(holder: Any, name: str) -> str:
    """Return a value that feedparser keeps under exactly this name; its own `[]` would answer with others."""
    value = dict.get(holder, name)
    return value if isinstance(value, str) else ""


def _plain(holder: Any, name: str) -> str:
    """Return a title as plain text: one that is declared as text may have angle brackets of its own."""
    return feedtext.plain(_string(holder, name), has_tags=_kind(dict.get(holder, f"{name}_detail")) != "text/plain")


def _kind(detail: Any) -> str:
    """Return the media type that a text is declared as."""
    return _string(detail, "type") if isinstance(detail, dict) else ""


def _several(holder: Any, name: str) -> list[Any]:
    """Return the parts that feedparser keeps under a name: none where the feed has an element of that very name, `<authors>`."""
    found = dict.get(holder, name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _address(item: Any, url: str) -> str:
    """Return where an item leads: its link, as it was before a redirector, another link, a GUID that is an address."""
    links = _several(item, "links")
    link, guid = _string(item, "link"), _string(item, "id")
    candidates = [_string(item, "feedburner_origlink")]
    candidates += [link] if link != guid or link.startswith("/") else []
    candidates += [_string(other, "href") for other in links if _string(other, "rel") == "alternate"]
    candidates += [guid] if urls.is_valid(guid) else []
    candidates += [_string(other, "href") for other in links if _string(other, "rel") in ("related", "via", "self", "")]
    return next((found for href in candidates if (found := urls.join(url, href))), "")


def _authors(item: Any) -> tuple[str, ...]:
    """Return the names of an item's authors; an address alone is no name."""
    names = [_string(person, "name") for person in _several(item, "authors")] or [_string(item, "author")]
    return feedtext.words(_name(name) for name in names)


def _name(author: str) -> str:
    """Return the name in `ann@example.org (Ann)` and `Ann <ann@example.org>`, nothing for an address without one."""
    match = _MAILBOX.fullmatch(author.strip()[:300])
    return (match[1] or match[2] or "").strip() if match else author


def _origin(item: Any) -> str:
    """Return the outlet that an aggregator names."""
    source = item.get("source")
    if not isinstance(source, dict):
        return ""
    return feedtext.plain(_string(source, "title") or _string(source, "value"), limit=200)


def _more(head: Any, url: str) -> tuple[Entry, ...]:
    """Return the pages on which the feed goes on (RFC 5005), each once and without this one."""
    found: dict[str, str] = {}
    for link in _several(head, "links"):
        rel = _string(link, "rel")
        if rel in _MORE and (address := urls.join(url, _string(link, "href"))) and address != url:
            found.setdefault(address, rel)
    return tuple(Entry(url=address, title=rel) for address, rel in found.items())


def _ttl(head: Any) -> int | None:
    """Return how long the feed asks not to be asked, in seconds: `ttl` (RSS 2.0) or the period of mod_syndication."""
    minutes = _string(head, "ttl").strip()
    if minutes.isascii() and minutes.isdigit() and 0 < int(minutes[:9]) * 60 <= _LONGEST_TTL:
        return int(minutes[:9]) * 60
    period = _PERIODS.get(_string(head, "sy_updateperiod").strip().lower())
    times = _string(head, "sy_updatefrequency").strip()[:6]
    if period is None:
        return None
    return max(60, period // max(1, int(times) if times.isascii() and times.isdigit() else 1))
