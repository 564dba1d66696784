"""The dates that a page shows: marked ones, and those written in words around its headline.

Which of them is the day of publication is decided elsewhere (`published`), how a date is written in `dates`.
"""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from extractors.facts import squeeze

_NAMED = re.compile(
    r"(?:^|[-_\s])(?:date|dates|time|timestamp|publish\w*|posted|pubdate|pubtime|datetime|byline|meta|info)",
    re.IGNORECASE,
)
# Not 更新: on Chinese pages it stands before the only date there is.
_CHANGED = re.compile(r"modif|updat|actuali|aktualis|обновл|修改", re.IGNORECASE)
_SAID = re.compile(
    r"publi|posted|veröffentl|erschienen|pubbl|gepubliceerd|julkaistu|опубликован|размещен|发布|發布|发表|發表|掲載",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d")
_WRITTEN = re.compile(
    r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?(?:[\sT]*\d{1,2}[:：时]\d{2}(?:[:：分]\d{2})?)?"
    r"|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d(?:,?\s+(?:\w{2,3}\s)?\d{1,2}[:.]\d{2})?"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+(?:de\s+)?(?:19|20)\d\d(?:,?\s+(?:\w{2,3}\s)?\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?)?"
    r"|\d{1,2}\.\d{1,2}\.\d\d(?![\d.])(?:[\s|,]+\d{1,2}[:.]\d{2})?|\d{1,2}-[^\W\d_]{3,5}-(?:19|20)\d\d"
    r"|[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d(?:,?\s+(?:at\s)?\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?)?",
    re.IGNORECASE,
)
_AFTER = etree.XPath("(descendant::*|following::*)[position() <= 160]")
_BEFORE = etree.XPath("preceding::*[position() <= 60]")
_SKIPPED = frozenset(("script", "style", "noscript", "select", "option", "svg", "nav", "footer", "iframe", "template"))
_MAX_LOOSE = 1_500  # elements looked at on a page without headings
_CLOSE = 45  # elements after the headline within which a bare date is the article's
_MAX_TEXT = 160  # characters of an element that holds a date and little else


def microdata(root: etree._Element) -> Iterator[str]:
    """Yield what elements marked as the date of publication say, in order."""
    for element in root.iterfind(".//*[@itemprop='datePublished']"):
        yield element.get("content") or element.get("datetime") or squeeze("".join(element.itertext()))[:_MAX_TEXT]


def time_tags(root: etree._Element, heading: etree._Element | None) -> Iterator[str]:
    """Yield the dates of time elements that belong to the article: marked ones, then those before and near the
    headline.
    """
    found = [element for element in root.iter("time") if not _is_aside(element)][:40]
    for element in found:
        if element.get("pubdate") is not None or "publish" in (element.get("class") or "").lower():
            yield element.get("datetime") or squeeze("".join(element.itertext()))[:_MAX_TEXT]
    near = _beside(heading, found) if heading is not None else found
    for element in near[:4]:
        if not _CHANGED.search(" ".join((element.get("class") or "", element.get("itemprop") or "", _before(element)))):
            yield element.get("datetime") or squeeze("".join(element.itertext()))[:_MAX_TEXT]


def _before(element: etree._Element) -> str:
    previous = element.getprevious()
    parent = element.getparent()
    text = (previous.tail or "") if previous is not None else (parent.text or "") if parent is not None else ""
    return text[-30:]


def _is_aside(element: etree._Element) -> bool:
    return any(parent.tag in ("aside", "footer", "nav", "li") for parent in element.iterancestors())


def headline(root: etree._Element, title: str) -> etree._Element | None:
    """Return the heading that says the title, else the first h1 of some length, else the first heading."""
    key = re.sub(r"\W+", "", title.lower())[:40]
    first = None
    for element in root.iter("h1", "h2", "h3"):
        own = re.sub(r"\W+", "", "".join(element.itertext()).lower())
        if len(own) > 5 and (own.startswith(key) or key in own) and key:
            return element
        if first is None and element.tag == "h1" and len(own) > 8:
            first = element
    return first if first is not None else next(root.iter("h1", "h2"), None)


def _beside(heading: etree._Element, elements: list[etree._Element]) -> list[etree._Element]:
    """Return those of the elements that share a container with the headline, the closest container first."""
    wanted = set(elements)
    for depth, parent in enumerate(heading.iterancestors()):
        if depth > 5 or parent.tag == "body":
            break
        inside = [element for element in parent.iter("time") if element in wanted]
        if inside:
            return inside if len(inside) <= 6 else inside[:1]
    return elements if len(elements) == 1 else []


def near(root: etree._Element, heading: etree._Element | None) -> Iterator[str]:
    """Yield dates written in short elements around the headline, those whose class speaks of a date first."""
    body = root.find("body")
    if body is None:
        return
    bare: list[str] = []
    for distance, element in _around(body, heading):
        name = _name(element)
        for raw, said, changed in _dates_in(element) if not _CHANGED.search(name) else ():
            if not changed and (said or _NAMED.search(name)):
                yield raw
            elif not changed and (distance < _CLOSE or heading is None):
                bare.append(raw)
    yield from sorted(bare, key=lambda raw: ":" not in raw)  # a clock is seldom in a sentence
    if heading is not None:  # the headline may be far from it, as in old layouts: only what cannot be anything else
        for _, element in _around(body, None):
            for raw, _, changed in _dates_in(element):
                if not changed and (":" in raw or raw == (element.text or "").strip()):
                    yield raw


def _around(body: etree._Element, heading: etree._Element | None) -> Iterator[tuple[int, etree._Element]]:
    """Yield the elements after and before a headline, or where there is none those of the page, with their distance."""
    around: Iterable[tuple[int, etree._Element]]
    if heading is None:
        around = zip(range(_MAX_LOOSE), body.iter("*"), strict=False)
    else:
        before = ((number + _CLOSE // 2, element) for number, element in enumerate(_BEFORE(heading)))
        around = (*enumerate(_AFTER(heading)), *before)
    return ((distance, element) for distance, element in around if element.tag not in _SKIPPED)


def first_change(heading: etree._Element) -> str:
    """Return the first date after a headline where words or names say that it is of a change, else the empty string."""
    for element in _AFTER(heading)[:_CLOSE]:
        if element.tag not in _SKIPPED:
            for raw, _, changed in _dates_in(element):
                return raw if changed or _CHANGED.search(_name(element)) else ""
    return ""


def _name(element: etree._Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _dates_in(element: etree._Element) -> Iterator[tuple[str, bool, bool]]:
    """Yield the dates written in an element's own text and in the text after it, and whether a word says that it is of
    publication, and whether one says that it is of a change.
    """
    for text in (element.text, element.tail):
        if text and 6 <= len(text.strip()) <= 600 and _DIGITS.search(text):
            line = squeeze(text)
            match = _WRITTEN.search(line)
            if match and len(line) <= _MAX_TEXT and match.start() <= 80:
                before = line[: match.start()]
                changed = _CHANGED.search(before) or _CHANGED.search(match[0])
                yield match[0], _SAID.search(before) is not None, changed is not None
