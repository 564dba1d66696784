"""When an article was published, out of everything on its page that may say so. A date that nobody gives is not given.

How a date is written does not belong here (`dates`), nor where meta elements stand (`facts`).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta, timezone
from itertools import islice
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


class Published(NamedTuple):
    """A day of publication and where it came from."""

    moment: Moment
    source: DateSource


def choose(
    root: etree._Element,
    facts: Facts,
    *,
    url: str,
    title: str,
    entry: Entry | None = None,
    language: str | None = None,
    time_zone: str | None = None,
) -> Published | None:
    """Return the best statement of when the page was published, or None where there is none.

    `title` is the headline: dates in the text are looked for around it. A month without a day is no date of
    publication.
    """

    def read(raw: str) -> Moment | None:
        moment = dates.parse(raw, time_zone=time_zone, language=language) if raw else None
        known = moment is not None and moment.at.year in _YEARS and moment.precision != Precision.MONTH
        return moment if known else None

    best: Published | None = None
    for source, raw in _candidates(root, facts, url, title, entry):
        moment = raw if isinstance(raw, Moment) else read(raw)
        if moment is None:
            continue
        if best is None or (
            _ORDER.index(moment.precision) > _ORDER.index(best.moment.precision) and _agree(moment, best.moment)
        ):
            best = Published(moment, source)
        if best.moment.precision in (Precision.SECOND, Precision.MINUTE):
            break
        if source not in (DateSource.JSON_LD, DateSource.META, DateSource.URL):
            break
    return _check_shown(root, facts, title, best, read) if best else None


def _check_shown(
    root: etree._Element, facts: Facts, title: str, best: Published, read: Callable[[str], Moment | None]
) -> Published:
    """Return the day shown at the headline, as that of publication, where the declared one is not to be believed.

    A site that gives one day without a time as that of publication and of change, or a later one, gives the day of
    the change. A page that is no news and shows, as its only date and without a word of change, the day of its
    change was published anew on that day, unless JSON-LD and meta elements both say when it was at first. A day
    that is shown and declared outvotes one that is only declared.
    """
    if best.source not in (DateSource.JSON_LD, DateSource.META):
        return best
    linked, changed = read(facts.linked.published), read(facts.linked.modified)
    alike = best.source == DateSource.JSON_LD and best.moment.precision == Precision.DAY
    alike = alike and changed is not None and changed.at <= best.moment.at
    changed = changed or next((moment for raw in facts.modified if (moment := read(raw))), None)
    marked = tuple(islice(_microdata(root), 2))
    declared = (*facts.published[:6], *(marked if len(marked) == 1 else ()))  # several are of other articles
    others = [moment for raw in declared if (moment := read(raw))]
    anew = changed is not None and changed.at - best.moment.at > timedelta(days=7) and not facts.linked.news
    if anew and linked is not None and any(_same_day(moment, linked) for moment in others):
        anew = False
    others = [moment for moment in others if moment.at - best.moment.at > timedelta(days=7)]
    if not alike and not anew and not others:
        return best
    shown = [moment for raw in _near(root, _headline(root, title)) if (moment := read(raw))][:6]
    if not shown:
        return best
    if alike and best.moment.at - shown[0].at > timedelta(days=1):
        return Published(shown[0], DateSource.TEXT)
    if any(_same_day(moment, best.moment) for moment in shown):
        return best
    if anew and changed is not None and _same_day(shown[0], changed):
        return Published(shown[0], DateSource.TEXT)
    outvoted = next((moment for moment in others if _same_day(shown[0], moment)), None)
    return Published(outvoted, DateSource.META) if outvoted is not None else best


def _same_day(one: Moment, other: Moment) -> bool:
    """Tell whether two moments may be of one day, seen from different zones."""
    return abs((one.at - other.at).total_seconds()) < 1.5 * 86_400


def modified(facts: Facts, language: str | None, time_zone: str | None) -> Moment | None:
    """Return when the page says it was last changed, or None."""
    for raw in (facts.linked.modified, *facts.modified):
        if raw and (moment := dates.parse(raw, time_zone=time_zone, language=language)) and moment.at.year in _YEARS:
            return moment
    return None


def _candidates(
    root: etree._Element, facts: Facts, url: str, title: str, entry: Entry | None
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
    heading = _headline(root, title)
    for raw in _time_tags(root, heading):
        yield DateSource.TIME_TAG, raw
    if in_url := _in_url(url):
        yield DateSource.URL, in_url
    for raw in _near(root, heading):
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


def _time_tags(root: etree._Element, heading: etree._Element | None) -> Iterator[str]:
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


def _headline(root: etree._Element, title: str) -> etree._Element | None:
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


def _in_url(url: str) -> str:
    match = _IN_PATH.search(url) or _IN_URL.search(url.split("?")[0])
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match and int(match[1]) in _YEARS else ""


def _near(root: etree._Element, heading: etree._Element | None) -> Iterator[str]:
    """Yield dates written in short elements around the headline, those whose class speaks of a date first."""
    body = root.find("body")
    if body is None:
        return
    bare: list[str] = []
    around: Iterable[tuple[int, etree._Element]]
    if heading is None:
        around = zip(range(_MAX_LOOSE), body.iter("*"), strict=False)
    else:
        before = ((number + _CLOSE // 2, element) for number, element in enumerate(_BEFORE(heading)))
        around = (*enumerate(_AFTER(heading)), *before)
    for distance, element in around:
        if element.tag in _SKIPPED:
            continue
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        for raw, said in _dates_in(element) if not _CHANGED.search(name) else ():
            if said or _NAMED.search(name):
                yield raw
            elif distance < _CLOSE or heading is None:
                bare.append(raw)
    yield from sorted(bare, key=lambda raw: ":" not in raw)  # a clock is seldom in a sentence
    if heading is not None:  # the headline may be far from it, as in old layouts: only what cannot be anything else
        for _, element in zip(range(_MAX_LOOSE), body.iter("*"), strict=False):
            if element.tag not in _SKIPPED:
                yield from (raw for raw, _ in _dates_in(element) if ":" in raw or raw == (element.text or "").strip())


def _dates_in(element: etree._Element) -> Iterator[tuple[str, bool]]:
    """Yield the dates written in an element's own text and in the text after it, and whether a word says that it is of
    publication; those that a word says to be of a change are left out.
    """
    for text in (element.text, element.tail):
        if text and 6 <= len(text.strip()) <= 600 and _DIGITS.search(text):
            line = squeeze(text)
            match = _WRITTEN.search(line)
            if match and len(line) <= _MAX_TEXT and match.start() <= 80:
                before = line[: match.start()]
                if not _CHANGED.search(before) and not _CHANGED.search(match[0]):
                    yield match[0], _SAID.search(before) is not None


def as_written(moment: Moment) -> str:
    """Return a moment as ISO 8601 on the clock of the zone it was written in, where that says so, else in UTC.

    The day that readers saw is the day there: `2026-07-10T00:50+02:00` is not the 9th.
    """
    match = re.search(r"[T\d]\s*([+-])(\d{2}):?(\d{2})$", moment.raw.strip())
    if match is None or int(match[2]) > 14:
        return moment.at.isoformat()
    sign = -1 if match[1] == "-" else 1
    return moment.at.astimezone(timezone(sign * timedelta(hours=int(match[2]), minutes=int(match[3])))).isoformat()
