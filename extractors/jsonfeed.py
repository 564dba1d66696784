"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read into a listing."""

import json
from collections.abc import Mapping
from typing import Any

from extractors import dates, feedtext, urls
from extractors.model import Entry, Listing

_DEEPEST = 60  # brackets; the format needs 5, and the decoder would otherwise run out of stack


def read(text: str, *, url: str, language: str | None = None, time_zone: str | None = None) -> Listing | None:
    """Read a JSON Feed from its text, or return None when it is none. Entries without an address are None here."""
    document = _document(text)
    if document is None:
        return None
    version = document.get("version")
    items = document.get("items")
    if not (isinstance(version, str) and "jsonfeed" in version) and not isinstance(items, list):
        return None
    rows = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    declared = feedtext.language(_string(document.get("language")))
    entries = [
        _entry(item, url=url, declared=declared, language=declared or language, time_zone=time_zone)
        for item in rows[: feedtext.MAX_ENTRIES]
    ]
    following = urls.join(url, _string(document.get("next_url")))
    kept, problem = feedtext.collapse(entries, cut=len(rows) > feedtext.MAX_ENTRIES)
    return Listing(
        format="json11" if isinstance(version, str) and version.rstrip("/").endswith("1.1") else "json1",
        title=feedtext.plain(_string(document.get("title"))),
        language=declared,
        home=urls.join(url, _string(document.get("home_page_url"))),
        entries=kept,
        more=(Entry(url=following, title="next"),) if following and following != url else (),
        problem=problem,
    )


def _document(text: str) -> Mapping[str, Any] | None:
    """Return the object that the text holds, or None. Deep nesting is refused: it is an attack on the decoder."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{") or _depth(text) > _DEEPEST:
        return None
    try:
        document = json.loads(text.lstrip("\ufeff"), strict=False, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _depth(text: str) -> int:
    """Return an upper bound of the nesting: runs of opening brackets that nothing closes, strings counted too."""
    depth = deepest = 0
    for char in text:
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


def _entry(
    item: Mapping[str, Any], *, url: str, declared: str | None, language: str | None, time_zone: str | None
) -> Entry | None:
    guid = _string(item.get("id")).strip()
    address = next(
        (found for link in (item.get("url"), item.get("external_url")) if (found := urls.join(url, _string(link)))),
        guid if urls.is_valid(guid) else "",
    )
    if not address:
        return None
    content = _string(item.get("content_html"))
    raw = _string(item.get("date_published")).strip()
    own = feedtext.language(_string(item.get("language"))) or declared
    return Entry(
        url=address,
        guid=guid,
        title=feedtext.plain(_string(item.get("title"))),
        summary=feedtext.plain(_string(item.get("summary")) or _string(item.get("content_text")) or content),
        authors=_authors(item),
        published=dates.parse(raw, time_zone=time_zone, language=language),
        published_raw=raw,
        updated=dates.parse(_string(item.get("date_modified")), time_zone=time_zone, language=language),
        language=own,
        categories=feedtext.words(_string(tag) for tag in _list(item.get("tags"))),
        content=content,
    )


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the authors, of version 1.1 and of 1.0."""
    people = [*_list(item.get("authors")), item.get("author")]
    return feedtext.words(_string(person.get("name")) for person in people if isinstance(person, dict))


def _string(value: object) -> str:
    """Return a string; numbers were kept as strings by the decoder, everything else is none."""
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
