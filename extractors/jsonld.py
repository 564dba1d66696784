"""What a page says of itself in JSON-LD (schema.org), in whatever state of repair.

Nodes are read as they come: single, listed, in `@graph`, referring to each other by `@id`. Which of several
sources is to be believed does not belong here (`facts`).
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

_MAX_SCRIPT = 2_000_000  # characters; longer ones are application state
_MAX_SCRIPTS = 40
_MAX_NODES = 3_000
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?://\s*)?(?:\]\]>|-->)\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_ARTICLE = re.compile(
    r"(?:article|blogposting|report|posting|newsitem|opinion|review|interview|liveblog)$", re.IGNORECASE
)
_NEWS = re.compile(r"(?:news|opinion|analysis|reportage|background|review)\w*article")
_LISTS = frozenset(
    {"itemlist", "collectionpage", "searchresultspage", "productcollection", "offercatalog", "imagegallery"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The facts of a page's main node, raw: dates as written, text with whatever markup it has."""

    types: frozenset[str] = frozenset()  # of all nodes, lower case
    article: bool = False  # whether the main node is an article
    headline: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    page_published: str = ""  # of the node that describes the page, not the article
    free: bool | None = None
    language: str = ""
    url: str = ""
    section: str = ""
    site: str = ""  # the publisher's name
    body: str = ""

    @property
    def news(self) -> bool:
        """Whether a node says that the page is news."""
        return any(_NEWS.search(kind) for kind in self.types)

    @property
    def lists(self) -> bool:
        """Whether a node says that the page is a list of others."""
        return not self.types.isdisjoint(_LISTS)


def read(scripts: Iterable[str], url: str) -> Linked:
    """Return the facts of the node that describes the page at `url`. Broken scripts give what can be saved of them."""
    nodes: list[dict[str, Any]] = []
    broken: list[str] = []
    for number, script in enumerate(scripts):
        if number >= _MAX_SCRIPTS or len(script) > _MAX_SCRIPT:
            continue
        values = _load(script)
        if values is None:
            broken.append(script)
        else:
            nodes.extend(_flatten(values, _MAX_NODES - len(nodes)))
    known = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 2}
    best = max((node for node in nodes if _is_article(node)), key=lambda node: _rank(node, url), default=None)
    page = next((node for node in nodes if "webpage" in _types(node)), {})
    if best is None and broken:
        return _salvage(broken)
    types = frozenset().union(*map(_types, nodes))
    main = best if best is not None else page
    return Linked(
        types=types,
        article=best is not None,
        headline=_text(main.get("headline")) or (_text(main.get("name")) if best is not None else ""),
        description=_text(main.get("description")),
        authors=tuple(dict.fromkeys(_names(main.get("author") or main.get("creator"), known))),
        published=_text(main.get("datePublished") or main.get("dateCreated")) if best is not None else "",
        modified=_text(main.get("dateModified")),
        page_published=_text(page.get("datePublished")),
        free=_free(main),
        language=_text(main.get("inLanguage") or page.get("inLanguage")),
        url=_text(main.get("url")) or _identifier(main.get("mainEntityOfPage")),
        section=_text(main.get("articleSection")),
        site=next(iter(_names(main.get("publisher"), known)), ""),
        body=_text(main.get("articleBody"), limit=500_000),
    )


def _load(script: str) -> list[Any] | None:
    """Return the values in a script, or None when it is broken beyond simple repair."""
    text = _WRAPPING.sub("", _WRAPPING.sub("", script)).strip().rstrip(";").strip()
    if not text:
        return []
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), unescape(text) if "&quot;" in text else ""):
        if not attempt:
            continue
        try:
            return [json.loads(attempt, strict=False)]
        except ValueError:
            continue
        except RecursionError:
            return None
    try:
        values: list[Any] = []
        at = 0
        decoder = json.JSONDecoder(strict=False)
        while at < len(text) and len(values) < 50:  # several objects one after the other
            value, at = decoder.raw_decode(text, at)
            values.append(value)
            while at < len(text) and text[at] in " \t\r\n,;":
                at += 1
    except (ValueError, RecursionError):
        return values or None
    return values


def _flatten(values: list[Any], room: int) -> Iterator[dict[str, Any]]:
    """Yield the nodes that stand for the page, in order: lists, graphs and main entities opened, parts and items
    not.
    """
    queue = list(reversed(values))
    while queue and room > 0:
        value = queue.pop()
        if isinstance(value, list):
            queue.extend(reversed(value[:500]))
        elif isinstance(value, dict):
            room -= 1
            yield value
            queue.extend(reversed([value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value]))


def _types(node: dict[str, Any]) -> frozenset[str]:
    kinds = node.get("@type")
    if isinstance(kinds, str):
        return frozenset((kinds.rpartition("/")[2].lower(),))
    return (
        frozenset(kind.rpartition("/")[2].lower() for kind in kinds if isinstance(kind, str))
        if isinstance(kinds, list)
        else frozenset()
    )


def _is_article(node: dict[str, Any]) -> bool:
    return any(_ARTICLE.search(kind) for kind in _types(node))


def _rank(node: dict[str, Any], url: str) -> tuple[bool, bool, bool, bool]:
    """Order article nodes: the one that says it is this page, then news, then the one with more to say; the first
    of equals.
    """
    here = _bare(url)
    own = {
        _bare(_text(node.get("url"))),
        _bare(_identifier(node.get("mainEntityOfPage"))),
        _bare(_text(node.get("@id"))),
    }
    kinds = _types(node)
    return here in own, bool(node.get("headline") or node.get("name")), "datePublished" in node, "review" not in kinds


def _bare(url: str) -> str:
    """Return a URL without scheme, query, fragment and closing slash, for comparison."""
    return re.sub(r"^https?://(?:www\.)?|[?#].*$", "", url).rstrip("/").lower()


def _text(value: Any, limit: int = 2_000) -> str:
    """Return a value that may be a string, a list of them or a node with a name, as a string."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or value.get("alternateName") or ""
    if not isinstance(value, str):
        return ""
    # JSON can write half a character (a lone surrogate), and no text can hold it.
    return unescape(value).encode("utf-8", "replace").decode("utf-8").strip()[:limit]


def _identifier(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) else ""


def _names(value: Any, known: dict[str, dict[str, Any]]) -> list[str]:
    """Return the names of persons or organisations, in order."""
    names: list[str] = []
    for item in (value if isinstance(value, list) else [value])[:30]:
        if isinstance(item, dict):
            item = item if item.get("name") else known.get(str(item.get("@id")), item)
            name = item.get("name") or " ".join(
                filter(None, (_text(item.get("givenName")), _text(item.get("familyName"))))
            )
            names.extend(_text(part) for part in (name if isinstance(name, list) else [name])[:30])
        else:
            names.append(_text(item))
    return [name for name in names if name]


def _free(node: dict[str, Any]) -> bool | None:
    value = node.get("isAccessibleForFree")
    if isinstance(value, str):
        value = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}.get(
            value.rpartition("/")[2].lower()
        )
    return value if isinstance(value, bool) else None


def _salvage(scripts: list[str]) -> Linked:
    """Return what pattern matching finds in scripts that are no JSON, if one of them speaks of an article."""
    text = next(
        (script for script in scripts if re.search(r'"@type"\s*:\s*\[?\s*"\w*(?:Article|BlogPosting)"', script)), ""
    )
    found = {
        key: match[1] if (match := re.search(rf'"{key}"\s*:\s*"((?:[^"\\\n]|\\.){{1,500}})"', text)) else ""
        for key in ("headline", "datePublished", "dateModified")
    }
    author = re.search(r'"author"\s*:\s*[\[{][^\]}]{0,300}?"name"\s*:\s*"([^"\\\n]{1,200})"', text)
    free = re.search(r'"isAccessibleForFree"\s*:\s*"?(true|false)', text, re.IGNORECASE)
    return Linked(
        article=bool(text),
        headline=unescape(re.sub(r'\\(["/\\])', r"\1", found["headline"])).strip(),
        authors=(unescape(author[1]).strip(),) if author else (),
        published=found["datePublished"],
        modified=found["dateModified"],
        free=free[1].lower() == "true" if free else None,
    )
