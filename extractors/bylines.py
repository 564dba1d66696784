"""The authors of an article: names, without the words around them.

Where the candidates come from does not belong here (`facts`).
"""

import re

from lxml import etree

from extractors.facts import Facts, squeeze
from extractors.model import Entry

_LEAD = re.compile(
    r"^\s*(?:(?:written|reported|story|words|analysis|opinion)\s+by|by|von|par|por|di|door|av|af|"
    r"przez|autor(?:in|a|es|en)?|author|"
    r"автор(?:ы|и)?|текст|作者|记者|記者|文|撰文|责任编辑|編輯|编辑)\s*[:：|/／]?\s+|^\s*(?:作者|记者|記者|文|撰文|автор)\s*[:：|/／]\s*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[;|/、，•·\n]|,|\s(?:and|und|et|y|e|и|og|och|oraz|en|&)\s)\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|www\.|@|\.(?:com|org|net)/")
_TAIL = re.compile(r"\s*(?:\(.{0,80}\)?|(?:[–—|]|\s-)\s.*|\b(?:updated|published|posted)\b.*)$", re.IGNORECASE)
_NO_NAME = frozenset((
    "admin", "administrator", "user", "author", "editor", "staff", "unknown", "none", "null", "undefined",
    "anonymous", "n/a", "webmaster", "redaktion", "redacción", "rédaction", "редакция", "编辑", "匿名", "guest",
    "default", "test",
))  # fmt: skip
_TITLES_AFTER = frozenset((
    "jr", "sr", "md", "phd", "ms", "rd", "ma", "mba", "rn", "fand", "esq", "mph", "dds",
))  # fmt: skip
_MAX_NAMES = 20
_BYLINE = etree.XPath(
    "//*[@itemprop='author' or @rel='author' or contains(concat(' ', @class, ' '), ' author ') or "
    "contains(@class, 'byline')"
    " or contains(@class, 'author-name') or contains(@class, 'author__name')][not(ancestor::footer) "
    "and not(ancestor::aside)]"
)


def choose(root: etree._Element, facts: Facts, entry: Entry | None = None) -> tuple[str, ...]:
    """Return the names of the authors in order, each once; empty where nobody is named."""
    feed = entry.authors if entry else ()
    for names in (facts.linked.authors, facts.authors, feed):
        if found := clean(names):
            return found
    for element in _BYLINE(root)[:8]:
        text = squeeze("".join(element.itertext()))
        if 3 < len(text) < 120 and (found := clean((text,))):
            return found
    return ()


def clean(written: tuple[str, ...]) -> tuple[str, ...]:
    """Return the single names in bylines, without lead-ins, addresses and what is no name."""
    names: dict[str, str] = {}
    for line in written:
        line = squeeze(re.sub(r"<[^>]{0,300}>", " ", line))
        if not line or _ADDRESS.search(line) or len(line) > 300:
            continue
        parts = _BETWEEN.split(_LEAD.sub("", line))
        for part in parts:
            name = _LEAD.sub("", _TAIL.sub("", part)).strip(" .,:;-–—|\"'")
            key = name.casefold()
            if (
                not 2 <= len(name) <= 60
                or len(name.split()) > 6
                or key in _NO_NAME
                or key.replace(".", "") in _TITLES_AFTER
            ):
                continue
            if not any(char.isalpha() for char in name) or sum(char.isdigit() for char in name) > 2:
                continue
            names.setdefault(key, name)
    return tuple(names.values())[:_MAX_NAMES]
