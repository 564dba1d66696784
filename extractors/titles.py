"""The headline of an article, out of everything on a page that may be one, without the name of the site.

Where the candidates come from does not belong here (`facts`).
"""

import re
import unicodedata
from html import unescape
from urllib.parse import unquote, urlsplit

from extractors import blocks
from extractors.facts import Facts
from extractors.model import Entry

_SEPARATOR = re.compile(
    r"\s+[|\-–—·•»«:›/~]{1,2}\s+|\s*[|｜ㅣ│丨]\s*|_{1,2}(?=\S*$)|\s*::\s*|(?<=[\u3400-\u9fff”》！？])[-—–_](?=[\u3400-\u9fff\w]+$)"
)
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_ALIKE = 0.34  # share of the words of the shorter title that a heading must have
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_MIN = 4  # characters
_MAX = 500  # characters; what is longer is no headline
_LONG = 200  # characters; a heading that is longer is a lede where the head gives a headline
_ROUGHLY = 0.85  # share of the words of a title and of the address that are the same where one spells the other out
_MOSTLY = 0.9  # share of the words of a title that the longer one has where it was only shortened
_INITIALS = 3  # of the words of a site's name, by which it may call itself
_LEAST = 20  # characters of a headline that two give under different kickers
_SPELT = 5  # words; a shorter address names the matter, not the headline
_ADDRESS_WORD = re.compile(r"(?!\d{5})[^\W_]+")  # long numbers are keys
_KICKER = re.compile(r"\s*[:|/–—]\s+|\s+-\s+")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "ı": "i", "'": "", "’": ""})
_BLOG_NODES = frozenset({"webpage", "person", "imageobject"})  # nodes that tools for blogs write on every page


def choose(facts: Facts, url: str, entry: Entry | None = None) -> str:
    """Return the headline in one line, or the empty string where the page has none.

    What two of heading, JSON-LD and og:title agree on is right, on news pages also what JSON-LD and the document's
    title do; where the heading stands alone it wins if it shares words with the others and the page is no news page:
    those give their headline in the head. The feed is the best of witnesses: what it and the page both say is right. The
    address is one, too: it is made of the first headline.
    """
    site = _names(facts, url)
    document = strip(_clean(facts.document_title), site)
    headings = [text for text in map(_clean, facts.headings) if len(text) >= 2 and _key(text) not in site]
    headings = [text for text in headings if not _is_tail(text, document)]
    document = _unbar(document, headings)
    declared, headline = (
        _unbar(strip(_clean(text), site), headings) for text in ("".join(facts.titles[:1]), facts.linked.headline)
    )
    fed = strip(_clean(entry.title), site) if entry else ""
    if fed and (said := next((text for text in (*headings, declared, headline) if _same(text, fed)), "")):
        return said
    if agreed := _agreed(facts, url, headings, declared, headline, document):
        return agreed
    others = [text for text in (declared, headline, document, fed) if text]
    if heading := _match(headings, others):
        return heading
    for text in (*others, *headings):
        if _key(text) not in site:
            return text
    return document or (headings[0] if headings else "")


def _is_tail(text: str, document: str) -> bool:
    """Tell a heading that is only what the document's title ends with: a name of the site that is not declared, or of a
    part of the page. What stands before it is longer, and no kicker.
    """
    before = document.removesuffix(text).rstrip() if document.endswith(text) else ""
    return len(_key(before)) >= 2 * len(_key(text)) and not before.endswith(":")


def _unbar(title: str, headings: list[str]) -> str:
    """Return that part of a title in parts by bars that is a heading, else the title: the others are no part of it."""
    if "|" not in title:
        return title
    keys = {_key(text) for text in headings}
    return next(
        (part for text in title.split("|") if len(part := text.strip()) >= _LEAST and _key(part) in keys), title
    )


def _agreed(facts: Facts, url: str, headings: list[str], declared: str, headline: str, document: str) -> str:
    """Return what witnesses agree on, or the empty string where each says something else."""
    news = facts.linked.news
    for heading in headings:
        if _same(heading, declared):
            # A news page gives another headline than the node's once it is rewritten for search engines or a ticker.
            other = news and _key(headline) not in _key(heading)
            return _spell(url, (heading, headline))[1] if other else heading
    meta = bool(declared) and _is_news_by_meta(facts)
    if not news and not meta:
        share, spelt = _spell(url, (*headings[:3], headline, declared))
        if share:
            return spelt
    for heading in headings:
        if _same(heading, headline):
            # All but og:title agree: a news page that gives another title to be quoted with means that one.
            quoted = news and declared and _same(heading, document) and not _is_lesser(declared, heading)
            return declared if quoted else heading
    if _same(headline, declared) and news:
        return headline if len(headline) >= len(declared) else declared
    if _same(headline, document) and news:
        return headline
    return _unkick(declared, headings) if meta else ""


def _is_lesser(declared: str, heading: str) -> bool:
    """Tell an og:title that is no headline of its own: the heading with more around it, or its words put together anew
    to fit a card. A heading that only adds words, such as a kicker or a name to be found by, is the lesser one.
    """
    if _key(heading) in _key(declared):
        return True
    given, kept = _WORD.findall(heading.lower()), _WORD.findall(declared.lower())
    if len(kept) >= len(given) or sum(word in given for word in kept) <= _MOSTLY * len(kept):
        return False
    rest = iter(given)
    return not all(word in rest for word in kept)


def _unkick(declared: str, headings: list[str]) -> str:
    """Return a title without its kicker where a heading has the same under another one."""
    for heading in headings:
        kicker = _KICKER.search(heading)
        rest = heading[kicker.end() :] if kicker else ""
        if kicker is None or len(rest) <= _LEAST or not declared.endswith(rest):
            continue
        other = declared.removesuffix(rest)
        one, two = set(_WORD.findall(other)), set(_WORD.findall(heading[: kicker.end()]))
        if _KICKER.search(other) and len(one & two) * 2 <= min(len(one), len(two)):
            return rest
    return declared


def _spell(url: str, titles: tuple[str, ...]) -> tuple[float, str]:
    """Return the title that a part of an address is made of most, the first of equals, and how much, from 0 to 1:
    nearly all words of either in the same order, or nothing.
    """
    best = (0.0, titles[0])
    for part in url.partition("?")[0].split("/")[3:]:
        if sum(map(part.count, "-_+%")) < _SPELT - 1:
            continue
        spelt = _ADDRESS_WORD.findall(_fold(unquote(part).partition(".htm")[0]))
        for title in dict.fromkeys(titles):
            words = _WORD.findall(_fold(title))
            shared = [word for word in spelt if word in words]
            share = len(shared) / max(len(spelt), len(words), 1)
            if share < _ROUGHLY or share <= best[0] or len(shared) < _SPELT:
                continue
            if shared == [word for word in words if word in spelt]:
                best = (share, title)
    return best


def _fold(text: str) -> str:
    """Return text in the letters of addresses, umlauts in one of their two spellings."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")


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
    initials = "".join(word[0] for word in facts.site.split() if word[0].isupper())
    if len(initials) >= _INITIALS:
        names.add(initials)
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
    text = unescape(text[:_MAX]) if "&" in text else text[:_MAX]  # some are escaped twice
    return blocks.clean(_MARKUP.sub("", text)).strip(" |–—-")


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())
