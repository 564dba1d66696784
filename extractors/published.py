"""When an article was published, out of everything on its page that may say so. A date that nobody gives is not given.

How a date is written does not belong here (`dates`), nor where meta elements stand (`facts`).
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta, timezone
from itertools import islice
from typing import NamedTuple

from lxml import etree

from extractors import dates, shown
from extractors.facts import Facts
from extractors.model import DateSource, Entry, Moment, Precision

_ORDER = (Precision.MONTH, Precision.DAY, Precision.MINUTE, Precision.SECOND)
_IN_URL = re.compile(r"(?<!\d)((?:19|20)\d\d)[/._-]?(0[1-9]|1[0-2])[/._-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_YEARS = range(1994, 2100)  # of pages on the web


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
    marked = tuple(islice(shown.microdata(root), 2))
    declared = (*facts.published[:6], *(marked if len(marked) == 1 else ()))  # several are of other articles
    others = [moment for raw in declared if (moment := read(raw))]
    anew = changed is not None and changed.at - best.moment.at > timedelta(days=7) and not facts.linked.news
    if anew and linked is not None and any(_same_day(moment, linked) for moment in others):
        anew = False
    others = [moment for moment in others if moment.at - best.moment.at > timedelta(days=7)]
    if earlier := _shown_twice(root, facts, title, best, changed, read):
        return earlier
    if not alike and not anew and not others:
        return best
    seen = [moment for raw in shown.near(root, shown.headline(root, title)) if (moment := read(raw))][:6]
    if not seen:
        return best
    if alike and best.moment.at - seen[0].at > timedelta(days=1):
        return Published(seen[0], DateSource.TEXT)
    if any(_same_day(moment, best.moment) for moment in seen):
        return best
    if anew and changed is not None and _same_day(seen[0], changed):
        return Published(seen[0], DateSource.TEXT)
    outvoted = next((moment for moment in others if _same_day(seen[0], moment)), None)
    return Published(outvoted, DateSource.META) if outvoted is not None else best


def _shown_twice(
    root: etree._Element,
    facts: Facts,
    title: str,
    best: Published,
    changed: Moment | None,
    read: Callable[[str], Moment | None],
) -> Published | None:
    """Return the day that a time element and all words at the headline give where it is earlier than the one that meta
    elements give as that of publication and of change alike: they were stamped when the page was moved.
    """
    if facts.linked.article or changed is None or not _same_day(changed, best.moment):
        return None
    heading = shown.headline(root, title)
    marked = next((moment for raw in shown.time_tags(root, heading) if (moment := read(raw))), None)
    if marked is None or best.moment.at - marked.at <= timedelta(days=7):
        return None
    seen = [moment for raw in islice(shown.near(root, heading), 6) if (moment := read(raw))]
    alike = bool(seen) and all(_same_day(moment, marked) for moment in seen)
    return Published(marked, DateSource.TIME_TAG) if alike else None


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
    for raw in shown.microdata(root):
        yield DateSource.META, raw
    yield DateSource.JSON_LD, facts.linked.page_published
    heading = shown.headline(root, title)
    for raw in shown.time_tags(root, heading):
        yield DateSource.TIME_TAG, raw
    if in_url := _in_url(url):
        yield DateSource.URL, in_url
    if heading is not None and facts.linked.article and facts.linked.modified:
        # Where the node gives no other day and the page shows none before it, the text is of the day of its change.
        yield DateSource.JSON_LD, facts.linked.modified if shown.first_change(heading) else ""
    for raw in shown.near(root, heading):
        yield DateSource.TEXT, raw
    if entry and entry.published:
        yield entry.date_source, entry.published


def _agree(one: Moment, other: Moment) -> bool:
    """Tell whether two moments may be the same, the coarser one being a day of another zone."""
    return abs((one.at - other.at).total_seconds()) <= 86_400 * (
        31 if Precision.MONTH in (one.precision, other.precision) else 1.2
    )


def _in_url(url: str) -> str:
    match = _IN_PATH.search(url) or _IN_URL.search(url.split("?")[0])
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match and int(match[1]) in _YEARS else ""


def as_written(moment: Moment) -> str:
    """Return a moment as ISO 8601 on the clock of the zone it was written in, where that says so, else in UTC.

    The day that readers saw is the day there: `2026-07-10T00:50+02:00` is not the 9th.
    """
    match = re.search(r"[T\d]\s*([+-])(\d{2}):?(\d{2})$", moment.raw.strip())
    if match is None or int(match[2]) > 14:
        return moment.at.isoformat()
    sign = -1 if match[1] == "-" else 1
    return moment.at.astimezone(timezone(sign * timedelta(hours=int(match[2]), minutes=int(match[3])))).isoformat()
