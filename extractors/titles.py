"""The headline of an article, out of everything on a page that may be one, without the name of the site.

Where the candidates come from does not belong here (`facts`).
"""

import re
from urllib.parse import urlsplit

from extractors import blocks
from extractors.facts import Facts
from extractors.model import Entry

_SEPARATOR = re.compile(
    r"\s+[|\-–—·•»«:›/~]{1,2}\s+|\s*[|｜]\s*|_{1,2}(?=\S*$)|\s*::\s*|(?<=[\u3400-\u9fff”》！？])[-—–_](?=[\u3400-\u9fff\w]+$)"
)
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_ALIKE = 0.34  # share of the words of the shorter title that a heading must have
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_MIN = 4  # characters
_MAX = 500  # characters; what is longer is no headline
_LONG = 200  # characters; a heading that is longer is a lede where the head gives a headline
_BLOG_NODES = frozenset({"webpage", "person", "imageobject"})  # nodes that tools for blogs write on every page


def choose(facts: Facts, url: str, entry: Entry | None = None) -> str:
    """Return the headline in one line, or the empty string where the page has none.

    What two of heading, JSON-LD and og:title agree on is right, on news pages also what JSON-LD and the document's
    title do; where the heading stands alone it wins if it shares words with the others and the page is no news page:
    those give their headline in the head.
    """
    site = _names(facts, url)
    declared = next((strip(text, site) for text in map(_clean, facts.titles[:1]) if text), "")
    headline = strip(_clean(facts.linked.headline), site)
    document = strip(_clean(facts.document_title), site)
    headings = [text for text in map(_clean, facts.headings) if len(text) >= 2 and _key(text) not in site]
    for heading in headings:
        if _same(heading, declared):
            return heading
        if _same(heading, headline):
            # All but og:title agree: a news page that gives another title to be quoted with means that one.
            quoted = facts.linked.news and declared and _same(heading, document) and _key(heading) not in _key(declared)
            return declared if quoted else heading
    if _same(headline, declared) and facts.linked.news:
        return headline if len(headline) >= len(declared) else declared
    if _same(headline, document) and facts.linked.news:
        return headline
    if declared and _is_news_by_meta(facts):
        return declared
    others = [text for text in (declared, headline, document, _clean(entry.title) if entry else "") if text]
    if heading := _match(headings, others):
        return heading
    for text in (*others, *headings):
        if _key(text) not in site:
            return text
    return document or (headings[0] if headings else "")


def _is_news_by_meta(facts: Facts) -> bool:
    """Tell a page that says by meta elements alone that it is an article and when it was published, as newsrooms
    with a system of their own do.
    """
    own = not facts.linked.article and facts.linked.types.isdisjoint(_BLOG_NODES)
    return own and facts.kind == "article" and bool(facts.published)


def _same(one: str, other: str) -> bool:
    """Tell whether two titles are the same but for signs, or the end of one."""
    a, b = _key(one), _key(other)
    return bool(a) and (a == b or (min(len(a), len(b)) > 10 and (a.startswith(b) or b.startswith(a))))


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
    """Return the heading that shares most words with one of the other titles, the first of equals, if it shares
    enough.
    """
    sets = [words for text in others if (words := frozenset(_WORD.findall(text.lower())))]
    best, most = "", 0.0
    for heading in headings:
        own = frozenset(_WORD.findall(heading.lower()))
        if not own or (sets and len(heading) > _LONG):
            continue
        shared = max((len(own & words) / min(len(own), len(words)) for words in sets), default=0.0)
        if shared > most:
            best, most = heading, shared
    return best if most >= _ALIKE else ""


def _names(facts: Facts, url: str) -> frozenset[str]:
    """Return what the site calls itself, squashed."""
    try:
        host = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        host = ""
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
    return blocks.clean(_MARKUP.sub("", text[:_MAX])).strip(" |–—-")


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())
