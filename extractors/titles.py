"""The headline of an article, out of everything on a page that may be one, without the name of the site.

Where the candidates come from does not belong here (`facts`).
"""

import re
from urllib.parse import urlsplit

from extractors.facts import Facts, squeeze
from extractors.model import Entry

_SEPARATOR = re.compile(
    r"\s+[|\-–—·•»«:›/~]{1,2}\s+|\s*[|｜»]\s*|_{1,2}(?=\S*$)|\s*::\s*|(?<=[\u3400-\u9fff”》！？])[-—–_](?=[\u3400-\u9fff\w]+$)"
)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_MIN = 4  # characters


def choose(facts: Facts, url: str, entry: Entry | None = None) -> str:
    """Return the headline in one line, or the empty string where the page has none."""
    site = _names(facts, url)
    headings = [text for text in map(_clean, facts.headings) if len(text) >= 2]
    declared = [strip(text, site) for text in map(_clean, (facts.linked.headline, *facts.titles)) if text]
    document = strip(_clean(facts.document_title), site)
    heading = _match(headings, [*declared, document])
    if heading:
        return heading
    for text in (*declared, document, *headings, _clean(entry.title) if entry else ""):
        if text and _key(text) not in site:
            return text
    return document or (headings[0] if headings else "")


def strip(title: str, site: frozenset[str]) -> str:
    """Return a title without the names of its site at either end."""
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            break
        first, last = cuts[0], cuts[-1]
        if _is_site(title[last.end() :], site) and last.start() >= _MIN:
            title = title[: last.start()]
        elif _is_site(title[: first.start()], site) and len(title) - first.end() >= _MIN:
            title = title[first.end() :]
        else:
            break
        title = title.strip()
    return title


def _match(headings: list[str], others: list[str]) -> str:
    """Return the heading that one of the other titles repeats, if any."""
    keys = [_key(text) for text in others if text]
    for heading in headings:
        key = _key(heading)
        if len(key) >= _MIN and any(
            key == other or (len(key) > 10 and (key in other or other in key)) for other in keys if len(other) > 10
        ):
            return heading
    return ""


def _names(facts: Facts, url: str) -> frozenset[str]:
    """Return what the site calls itself, squashed."""
    host = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    labels = host.split(".")
    names = {host, *labels[:-1], "".join(labels)}
    names.update(filter(None, (facts.site, facts.linked.site)))
    return frozenset(filter(None, map(_key, names)))


def _is_site(part: str, site: frozenset[str]) -> bool:
    key = _key(part)
    if not key:
        return True
    return key in site or any(
        len(name) > 3 and (key.startswith(name) or name.startswith(key) or key.endswith(name))
        for name in site
        if len(key) > 2
    )


def _clean(text: str) -> str:
    return squeeze(_MARKUP.sub("", text)).strip(" |–—-")


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())
