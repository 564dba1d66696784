"""Dates as feeds, sitemaps and pages write them: RFC 822, ISO 8601, epochs, digits, and the words of many languages.

`parse` reads one date out of a short string and never invents a part that is not written: no day, no month, no year.
A string with two different dates, or with numbers that could be read two ways, gives None. What words mean is data
(`datewords`); which of a page's strings is its date does not belong here.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from extractors import datewords
from extractors.model import Moment, Precision

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # there was no web to publish on before
_AHEAD = timedelta(days=2)  # a zone mistaken by 14 hours, a clock that is off, an embargo
_LONGEST = 160  # characters; a longer string is a text, not a date
_YEARS = range(1900, 2101)

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)? ?(Z|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)
_RFC = re.compile(
    r"(?:[A-Za-z]{3}, ?)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? (Z|UTC|GMT|[+-]\d{4})", re.ASCII
)
_EPOCH = re.compile(r"(?:/Date\()?(\d{10}|\d{13}|\d{16})(?:\.\d+)?(?:[+-]\d{4}\)/|\)/)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[T _-]?(\d\d)(\d\d)(\d\d)?(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_YEAR_FIRST = re.compile(
    r"(?<![\d:])(\d{4})(?: ?[年년] ?| ?([-/.]) ?)(\d{1,2})"
    r"(?:(?: ?[月월] ?| ?\2 ?)(\d{1,2})(?!\d)(?: ?[日号號일])?| ?[月월]|(?![\d:]))",
    re.ASCII,
)
_YEAR_LAST = re.compile(r"(?<![\d:.+-])(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{4}|\d\d)(?![\d:])", re.ASCII)
_TIME = re.compile(
    r"(?<![\d:.+-])(\d{1,2})(?: ?[:٫] ?(\d{1,2})(?:[:.](\d{1,2}))?| ?(?:h|时|時|点|點) ?(\d\d)?)(?:[.,]\d+)?(?![\d])",
    re.ASCII,
)
_DOTTED_TIME = re.compile(r"(?<![\d:.+-])(\d{1,2})\.(\d\d)(?:\.(\d\d))?(?![\d.])", re.ASCII)
_BARE_HOUR = re.compile(r"(?<![\d:.+-])(\d{1,2})(?= ?[ap]\.?m\b)", re.ASCII | re.IGNORECASE)
_OFFSET = re.compile(r"(?:^ ?|\b(?:GMT|UTC|UT|Z) ?)([+-])(\d{1,2})(?::?(\d{1,2}))?(?!\d)", re.ASCII)
_AFTERNOON = re.compile(r"\bp\.?m\b|下午|晚上|오후|μ\.?μ", re.IGNORECASE)
_MORNING = re.compile(r"\ba\.?m\b|上午|凌晨|早上|오전|π\.?μ", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_DAY_BEFORE = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:st|nd|rd|th|er|re|º|ª|°|\.|-?(?:е|го|ое|ème|a))?\.?,?[\s\-/]{0,3}(?:(?:de|of|d|an|ta')[\s'’])?[\s,]?$",
    re.ASCII,
)
_YEAR_AFTER = re.compile(r"^\.?[\s\-/,.'’]{0,3}(?:(?:de|del|of|от|anul)\s)?(\d{4}|\d\d(?![\d:.h]))(?!\d)", re.ASCII)
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4})(?:\.|-?(?:m|г|р|жылғы))?\.?[\s\-/,]{0,3}$", re.ASCII)
_DAY_AFTER = re.compile(
    r"^\.?[\s\-/]{0,2}(\d{1,2})(?:st|nd|rd|th|er|\.)?(?![\d:])(?:[\s,]{0,3}(?:of\s)?(\d{4})(?!\d))?", re.ASCII
)
_LONE_YEAR = re.compile(r"(?<![\d:.,+-])(\d{4})(?![\d:])", re.ASCII)
_REPUBLIC = re.compile(r"民[國国] ?(\d{2,3}) ?年")
_MONTH_SIGN = re.compile(r"(?<!\d)([1-9]|1[0-2])月(?! ?\d{1,2} ?[日号號])", re.ASCII)
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERALS = "〇一二三四五六七八九"
_CHINESE_NUMBER = re.compile(r"[〇零○一二三四五六七八九十]+(?=[年月日号號时時点點])")


@dataclass(frozen=True, slots=True)
class _Day:
    """The calendar part of a date, and what of the string is left for the time before and after it."""

    year: int
    month: int
    day: int | None
    before: str
    after: str


def parse(raw: str, *, time_zone: str | None = None, language: str | None = None) -> Moment | None:
    """Read the one date that a short string holds, or return None.

    `time_zone` (IANA) is what a time without a zone means, UTC when it is not given or not known; it also decides what
    an abbreviation such as CST means. `language` (BCP 47) decides what month words and bare numbers mean. Words that
    mean nothing here are passed over. A time that no clock shows is left out; a day that no calendar has is no date.
    Sources: RFC 822, 2822 and 5322 for feeds, RFC 3339 and ISO 8601, the W3C profile of sitemaps, and what outlets do.
    """
    if not raw or len(raw) > _LONGEST:
        return None
    try:
        return _simple(raw.strip(), raw, time_zone) or _general(
            _clean(raw), raw, time_zone, (language or "").lower().split("-")[0]
        )
    except (ValueError, OverflowError):  # a 31st of June, an hour 25, a year that the calendar does not have
        return None


def plausible(moment: Moment | None, now: datetime) -> bool:
    """Tell whether a date can be that of something published: after the web began, and not days ahead of `now`."""
    return moment is not None and EARLIEST <= moment.at <= now + _AHEAD


def _simple(text: str, raw: str, time_zone: str | None) -> Moment | None:
    """Read the forms that nearly every feed uses, without looking at words twice."""
    if match := _ISO.fullmatch(text):
        year, month, day, hour, minute, second, offset = match.groups()
        return _moment(
            raw, (int(year), int(month), int(day)), _clock(hour, minute, second), _offset(offset) or _source(time_zone)
        )
    if match := _RFC.fullmatch(text):
        day, word, year, hour, minute, second, offset = match.groups()
        if number := datewords.month(word, "en"):
            return _moment(
                raw, (int(year), number, int(day)), _clock(hour, minute, second), _offset(offset) or _source(time_zone)
            )
    if match := _EPOCH.fullmatch(text):
        return Moment(at=datetime.fromtimestamp(int(match[1][:10]), UTC), precision=Precision.SECOND, raw=raw)
    if match := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, offset = match.groups()
        return _moment(
            raw, (int(year), int(month), int(day)), _clock(hour, minute, second), _offset(offset) or _source(time_zone)
        )
    return None


def _general(text: str, raw: str, time_zone: str | None, language: str) -> Moment | None:
    """Find a date anywhere in the string, then a time and a zone in what is left."""
    found = _year_first(text) or _year_last(text, time_zone, language) or _worded(text, language)
    if found is None:
        return None
    if found.day is None:
        return _moment(raw, (found.year, found.month, 1), None, _source(time_zone), Precision.MONTH)
    clock, rest = _time(found)
    source = _source(time_zone)
    local = datetime(found.year, found.month, found.day)  # noqa: DTZ001 a wall clock: its zone is what is being looked for
    signed = _OFFSET.search(rest)
    zone = _signed(signed) if signed else None
    zone = zone or datewords.named_zone(rest, local, source=source if time_zone else None, language=language) or source
    return _moment(raw, (found.year, found.month, found.day), clock, zone)


def _clean(raw: str) -> str:
    """Return the string with ASCII digits and plain spaces, Chinese numerals and republican years as numbers."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", raw))
    text = "".join(
        str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char
        for char in text
        if char.isprintable() or char.isspace()
    )
    text = " ".join(text.replace("−", "-").replace("–", "-").split())
    text = _CHINESE_NUMBER.sub(_number, text)
    if "月" in text and "年" not in text:  # 29 六月 2026: a Chinese word in a western order
        text = _MONTH_SIGN.sub(lambda match: f" {_ENGLISH[int(match[1]) - 1]} ", text)
    return _REPUBLIC.sub(lambda match: f"{int(match[1]) + 1911}年", text)


def _number(match: re.Match[str]) -> str:
    """Return Chinese numerals as digits: digit by digit as years are written, or with ten as days and months are."""
    text = match[0].replace("零", "〇").replace("○", "〇")
    if "十" not in text:
        return "".join(str(_NUMERALS.index(char)) for char in text)
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return match[0]
    return str((_NUMERALS.index(tens) if tens else 1) * 10 + (_NUMERALS.index(ones) if ones else 0))


def _year_first(text: str) -> _Day | None:
    """Read 2026-06-29, 2026/6/29, 2026.06.29, 2026年6月29日, and months without a day; two different ones are none."""
    matches = [match for match in _YEAR_FIRST.finditer(text) if int(match[1]) in _YEARS and 1 <= int(match[3]) <= 12]
    full = [match for match in matches if match[4]] or matches
    if len({(match[1], int(match[3]), match[4] and int(match[4])) for match in full}) != 1:
        return None
    match = full[0]
    return _Day(
        int(match[1]), int(match[3]), int(match[4]) if match[4] else None, text[: match.start()], text[match.end() :]
    )


def _year_last(text: str, time_zone: str | None, language: str) -> _Day | None:
    """Read 29.06.2026, 29/06/2026 and 06/29/2026, where it is certain which number is the day."""
    words = datewords.load()
    matches = [match for match in _YEAR_LAST.finditer(text) if len(match[4]) == 2 or int(match[4]) in _YEARS]
    if len({match.groups() for match in matches}) != 1:
        return None
    match = matches[0]
    first, second, year = int(match[1]), int(match[3]), _century(match[4])
    if len(match[4]) == 2 and (match[2] != "." or language not in words.day_first_languages):
        return None
    zone = time_zone or ""
    if match[2] == "." or first > 12 or first == second or (second <= 12 and language in words.day_first_languages):
        day, month = first, second
    elif second > 12 or zone.startswith(words.month_first):
        day, month = second, first
    elif zone.startswith(words.day_first):
        day, month = first, second
    else:
        return None
    return _Day(year, month, day, text[: match.start()], text[match.end() :])


def _worded(text: str, language: str) -> _Day | None:
    """Read a date whose month is a word: 29 June 2026, June 29, 2026, 29-Jun-26, Mon Jun 29 15:07:41 2026."""
    found = [(match, number) for match in _WORD.finditer(text) if (number := datewords.month(match[0], language))]
    if len(found) > 1:
        found = [pair for pair in found if not datewords.is_weekday(pair[0][0])] or found[-1:]
    days = {day for match, number in found if (day := _around(text[: match.start()], text[match.end() :], number))}
    if len({(day.year, day.month, day.day) for day in days}) > 1:
        days = {day for day in days if day.day is not None}  # a month in a headline beside the date
    if len({(day.year, day.month, day.day) for day in days}) != 1:
        return None
    return next(day for day in days)


def _around(before: str, after: str, month: int) -> _Day | None:
    """Read the day and the year on both sides of a month's word."""
    day, year = _DAY_BEFORE.search(before[-24:]), _YEAR_AFTER.search(after)
    if day and year:
        return _known(year[1], month, day[1], before[: len(before) - len(day[0])], after[year.end() :])
    if (early := _YEAR_BEFORE.search(before[-24:])) and (late := _DAY_AFTER.search(after)):
        return _known(early[1], month, late[1], "", after[late.end(1) :])
    if late := _DAY_AFTER.search(after):
        if late[2]:
            return _known(late[2], month, late[1], before, after[late.end() :])
        rest = after[late.end(1) :]
        years = [match for match in _LONE_YEAR.finditer(rest) if int(match[1]) in _YEARS]
        if len(years) == 1 and _TIME.search(rest[: years[0].start()]):  # asctime: the time stands between day and year
            return _known(years[0][1], month, late[1], before, rest[: years[0].start()] + rest[years[0].end() :])
        return None
    if year and len(year[1]) == 4 and not re.search(r"\d[\s.\-/]*$", before):
        return _known(year[1], month, None, before, after[year.end() :])
    return None


def _known(year: str, month: int, day: str | None, before: str, after: str) -> _Day | None:
    """Return the day when its year is one of ours."""
    number = _century(year)
    return _Day(number, month, int(day) if day else None, before, after.lstrip(":")) if number in _YEARS else None


def _century(year: str) -> int:
    """Return a year of four digits, those of two read as POSIX does: 69 to 99 are of the last century."""
    number = int(year)
    if len(year) > 2:
        return number
    return number + (1900 if number >= 69 else 2000)


def _time(found: _Day) -> tuple[tuple[int, int, int | None] | None, str]:
    """Return the time beside a day, and the text after it, where a zone may be named."""
    for text in (found.after, found.before):
        for pattern in (_TIME, _DOTTED_TIME, _BARE_HOUR):
            if match := pattern.search(text):
                parts = [part for part in match.groups()[1:] if part]
                around = text[max(0, match.start() - 4) : match.start()] + "|" + text[match.end() : match.end() + 6]
                hour = _half(int(match[1]), around)
                clock = _clock(str(hour), parts[0] if parts else "0", parts[1] if len(parts) > 1 else None)
                rest = text[match.end() :] + " " + text[: match.start()]
                return clock, rest if text is found.before else rest + " " + found.before
    return None, found.after + " " + found.before


def _half(hour: int, around: str) -> int:
    """Return the hour of the day of an hour that `around` calls one of the morning or the afternoon."""
    if _AFTERNOON.search(around) and hour < 12:
        return hour + 12
    if _MORNING.search(around) and hour == 12:
        return 0
    return hour


def _clock(hour: str | None, minute: str | None, second: str | None) -> tuple[int, int, int | None] | None:
    """Return a time, or None when there is none or it is none of this clock. A leap second is the one before it."""
    if hour is None:
        return None
    clock = int(hour), int(minute or 0), None if second is None else min(int(second), 59) if int(second) < 61 else 61
    midnight = clock[0] == 24 and clock[1] == 0 and not clock[2]
    return clock if (clock[0] < 24 or midnight) and clock[1] < 60 and (clock[2] or 0) < 60 else None


def _offset(text: str | None) -> tzinfo | None:
    """Return the zone of `Z`, `GMT`, `+0300` or `+03:00`; None for nothing and for what no place on earth uses."""
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    match = _OFFSET.match(text)
    return _signed(match) if match else None


def _signed(match: re.Match[str]) -> tzinfo | None:
    """Return the zone of a sign, hours and minutes."""
    hours, minutes = match[2], match[3] or "0"
    delta = timedelta(hours=int(hours), minutes=int(minutes))
    if delta > timedelta(hours=14) or int(minutes) > 59:
        return None
    return timezone(-delta if match[1] == "-" else delta)


def _source(time_zone: str | None) -> tzinfo:
    """Return the source's zone, UTC when there is none."""
    return (datewords.zone(time_zone) if time_zone else None) or UTC


def _moment(
    raw: str,
    day: tuple[int, int, int],
    clock: tuple[int, int, int | None] | None,
    zone: tzinfo,
    precision: Precision = Precision.DAY,
) -> Moment | None:
    """Put the parts together, in UTC."""
    if day[0] not in _YEARS:
        return None
    local = datetime(*day, tzinfo=zone)
    if clock is not None:
        precision = Precision.MINUTE if clock[2] is None else Precision.SECOND
        local = local.replace(hour=clock[0] % 24, minute=clock[1], second=clock[2] or 0)
        if clock[0] == 24:
            local += timedelta(days=1)
    return Moment(at=local.astimezone(UTC), precision=precision, raw=raw)
