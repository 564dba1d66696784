"""When an article was published, out of everything on its page that may say so. A date that nobody gives is not given.

How a date is written does not belong here (`dates`), nor where meta elements stand (`facts`).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from extractors import dates
from extractors.facts import Facts, squeeze
from extractors.model import DateSource, Entry, Moment, Precision

_ORDER = (Precision.MONTH, Precision.DAY, Precision.MINUTE, Precision.SECOND)
_IN_URL = re.compile(r"(?<!\d)((?:19|20)\d\d)[/._-]?(0[1-9]|1[0-2])[/._-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_YEARS = range(1994, 2100)  # of pages on the web
_NAMED = re.compile(
    r"(?:^|[-_\s])(?:date|dates|time|timestamp|publish\w*|posted|pubdate|pubtime|datetime|byline|meta|info)",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"modif|updat|actuali|aktualis|обновл|更新|修改", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
_WRITTEN = re.compile(
    r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?(?:[\sT]*\d{1,2}[:：时]\d{2}(?:[:：分]\d{2})?)?"
    r"|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d(?:,?\s+(?:\w{2,3}\s)?\d{1,2}[:.]\d{2})?"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+(?:de\s+)?(?:19|20)\d\d(?:,?\s+(?:\w{2,3}\s)?\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?)?"
    r"|[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d(?:,?\s+(?:at\s)?\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?)?",
    re.IGNORECASE,
)
_MAX_NEAR = 400  # elements looked at around the headline
_MAX_TEXT = 160  # characters of an element that holds a date and little else


class Published(NamedTuple):
    """A day of publication and where it came from."""

    moment: Moment
    source: DateSource


def choose(
    root: etree._Element, facts: Facts, url: str, entry: Entry | None, language: str | None, time_zone: str | None
) -> Published | None:
    """Return the best statement of when the page was published, or None where there is none."""

    def read(raw: str) -> Moment | None:
        moment = dates.parse(raw, time_zone=time_zone, language=language) if raw else None
        return moment if moment is not None and moment.at.year in _YEARS else None

    best: Published | None = None
    for source, raw in _candidates(root, facts, url, entry):
        moment = raw if isinstance(raw, Moment) else read(raw)
        if moment is None:
            continue
        if best is None:
            best = Published(moment, source)
        elif _ORDER.index(moment.precision) > _ORDER.index(best.moment.precision) and _agree(moment, best.moment):
            best = Published(moment, source)
        if best.moment.precision in (Precision.SECOND, Precision.MINUTE):
            break
        if source not in (DateSource.JSON_LD, DateSource.META):
            break
    return best


def modified(facts: Facts, language: str | None, time_zone: str | None) -> Moment | None:
    """Return when the page says it was last changed, or None."""
    for raw in (facts.linked.modified, *facts.modified):
        if raw and (moment := dates.parse(raw, time_zone=time_zone, language=language)) and moment.at.year in _YEARS:
            return moment
    return None


def _candidates(
    root: etree._Element, facts: Facts, url: str, entry: Entry | None
) -> Iterator[tuple[DateSource, str | Moment]]:
    """Yield what may be the date, most trusted first; the costly ones last."""
    yield DateSource.JSON_LD, facts.linked.published
    for raw in facts.published[:6]:
        yield DateSource.META, raw
    if entry and entry.published and entry.date_source == DateSource.FEED:
        yield DateSource.FEED, entry.published
    for raw in _microdata(root):
        yield DateSource.META, raw
    yield DateSource.JSON_LD, facts.linked.page_published
    for raw in _time_tags(root):
        yield DateSource.TIME_TAG, raw
    if in_url := _in_url(url):
        yield DateSource.URL, in_url
    for raw in _near_headline(root):
        yield DateSource.TEXT, raw
    if entry and entry.published:
        yield entry.date_source, entry.published


def _agree(one: Moment, other: Moment) -> bool:
    """Tell whether two moments may be the same, the coarser one being a day of another zone."""
    return abs((one.at - other.at).total_seconds()) <= 86_400 * (
        31 if Precision.MONTH in (one.precision, other.precision) else 1.2
    )


def _microdata(root: etree._Element) -> Iterator[str]:
    for element in root.iterfind(".//*[@itemprop='datePublished']"):
        yield element.get("content") or element.get("datetime") or squeeze("".join(element.itertext()))[:_MAX_TEXT]


def _time_tags(root: etree._Element) -> Iterator[str]:
    """Yield the dates of time elements that belong to the article: marked ones, then those before and near the headline."""
    found = [element for element in root.iter("time") if not _is_aside(element)][:40]
    for element in found:
        if element.get("pubdate") is not None or "publish" in (element.get("class") or "").lower():
            yield element.get("datetime") or squeeze("".join(element.itertext()))[:_MAX_TEXT]
    heading = _headline(root)
    near = _near(heading, found) if heading is not None else found
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


def _headline(root: etree._Element) -> etree._Element | None:
    headings = [element for element in root.iter("h1") if len("".join(element.itertext()).strip()) > 8]
    return headings[0] if headings else next(root.iter("h2"), None)


def _near(heading: etree._Element, elements: list[etree._Element]) -> list[etree._Element]:
    """Return those of the elements that share a container with the headline, the closest container first."""
    wanted = set(elements)
    for depth, parent in enumerate(heading.iterancestors()):
        if depth > 5 or parent.tag == "body":
            break
        inside = [element for element in parent.iter("time") if element in wanted]
        if inside:
            return inside if len(inside) <= 6 else inside[:1]
    return elements if len(elements) == 1 else []


def _in_url(url: str) -> str:
    match = _IN_PATH.search(url) or _IN_URL.search(url.split("?")[0])
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match and int(match[1]) in _YEARS else ""


def _near_headline(root: etree._Element) -> Iterator[str]:
    """Yield dates written in short elements around the headline, those whose class speaks of a date first."""
    heading = _headline(root)
    body = root.find("body")
    if body is None:
        return
    start: Iterator[etree._Element]
    others: list[str] = []
    seen = 0
    if heading is not None:
        parents = list(heading.iterancestors())
        top = parents[min(4, len(parents) - 1)] if parents else body
        start = top.iter("*")
    else:
        start = body.iter("*")
    for element in start:
        seen += 1
        if seen > _MAX_NEAR:
            break
        if element.tag in ("script", "style", "noscript", "select", "option"):
            continue
        for raw in _dates_in(element):
            if _CHANGED.search(raw) or _CHANGED.search(element.get("class") or ""):
                continue
            if _NAMED.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
                yield raw
            else:
                others.append(raw)
    yield from others


def _dates_in(element: etree._Element) -> Iterator[str]:
    """Yield the dates written in an element's own text and in the text after it."""
    for text in (element.text, element.tail):
        if text and 6 <= len(text.strip()) <= 600 and _DIGITS.search(text):
            line = squeeze(text)
            if (match := _WRITTEN.search(line)) and (len(line) <= _MAX_TEXT and match.start() <= 80):
                yield match[0]
