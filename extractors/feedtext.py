"""What all feed formats have in common: plain text out of markup, language tags, and one entry for one item.

The formats themselves do not belong here (`feed`, `jsonfeed`).
"""

import re
from collections.abc import Iterable
from html import unescape

from extractors.model import Entry

MAX_ENTRIES = 5_000  # of one document; the longest honest ones have 1,000
MAX_SUMMARY = 5_000  # characters: a summary that is longer is the article, which `content` keeps
_MAX_WORDS = 50  # categories or authors of one entry
_HIDDEN = re.compile(
    r"<(script|style)\b[^<]*+(?:(?!</\1)<[^<]*+)*+(?:</\1[^>]*>|$)|<!--(?:(?!-->).)*+(?:-->|$)",
    re.IGNORECASE | re.DOTALL,
)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*(?:>|$)")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8}){0,3})")
_ENTITY = re.compile(r"&(?:#\w{1,8}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain(markup: str, *, limit: int = MAX_SUMMARY, has_tags: bool = True) -> str:
    """Return the text of a piece of HTML on one line, at most `limit` characters of it.

    Without tags, angle brackets are text; entities are characters always, for no headline speaks of entities.
    """
    text = markup[: limit * 20]
    if has_tags and "<" in text:
        text = _TAG.sub(" ", _INLINE.sub("", _HIDDEN.sub(" ", text)))
    if "&" in text and _ENTITY.search(text):
        text = unescape(text)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[:limit].rpartition(" ")[0] or text[:limit]


def language(tag: str) -> str | None:
    """Return a language tag in the form of BCP 47, or None when it is none."""
    match = _LANGUAGE.fullmatch(tag.strip())
    return match[1].lower() + match[2].replace("_", "-") if match else None


def words(values: Iterable[str]) -> tuple[str, ...]:
    """Return names or categories as plain text, each once, at most 50."""
    found: dict[str, None] = {}
    for value in values:
        if len(found) >= _MAX_WORDS:
            break
        if text := plain(value, limit=200):
            found.setdefault(text)
    return tuple(found)


def collapse(
    rows: Iterable[Entry | None], *, cut: bool = False, notes: Iterable[str] = ()
) -> tuple[tuple[Entry, ...], str]:
    """Return each item once, and a note of what is missing.

    Two entries are one item when two of address, guid and title are the same. One is not enough: there are feeds in
    which all guids are equal, and live blogs whose items share an address.
    """
    entries: list[Entry] = []
    seen: set[tuple[str, str, str]] = set()
    lost = 0
    for row in rows:
        if row is None:
            lost += 1
            continue
        pairs = {
            pair
            for pair in (("a", row.url, row.guid), ("b", row.url, row.title), ("c", row.guid, row.title))
            if all(pair)
        }
        pairs = pairs or {("d", row.url, "")}
        if pairs.isdisjoint(seen):
            entries.append(row)
        seen |= pairs
    told = list(notes)
    told += [f"{lost:,} entries without an address"] if lost else []
    told += [f"more than {MAX_ENTRIES:,} entries"] if cut else []
    return tuple(entries), "; ".join(told)
