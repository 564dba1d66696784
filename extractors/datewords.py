"""What words mean in dates: months of many languages, zone names, and which number is the day (`data/dates.toml`).

How a date is put together from them does not belong here (`dates`).
"""

import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

_DATA = Path(__file__).with_name("data") / "dates.toml"
_SURE = 4  # letters; shorter words of a language that is not the source's are other words
_FALLBACK = "en"  # feeds of every language write English months


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The knowledge of `data/dates.toml`, words folded."""

    months: dict[str, dict[str, int]]  # of each language
    any_language: dict[str, int]  # the words that mean one month wherever they are used
    weekdays: frozenset[str]  # of the months' words those that are weekdays too
    zones: dict[str, str]
    zones_by_language: dict[str, dict[str, str]]
    phrases: tuple[tuple[str, str], ...]
    month_first: tuple[str, ...]
    day_first: tuple[str, ...]
    day_first_languages: frozenset[str]


def fold(word: str) -> str:
    """Return a word without case and accents, as months are compared."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


@cache
def load() -> Words:
    """Read the data file that lies beside this module."""
    data = tomllib.loads(_DATA.read_text("utf-8"))
    months: dict[str, dict[str, int]] = {}
    meanings: dict[str, set[int]] = {}
    for language, rows in data["months"].items():
        own = months.setdefault(language.split("-")[0], {})
        for number, row in enumerate(rows, start=1):
            for word in map(fold, row.split()):
                own[word] = number
                meanings.setdefault(word, set()).add(number)
    return Words(
        months=months,
        any_language={word: min(numbers) for word, numbers in meanings.items() if len(numbers) == 1},
        weekdays=frozenset(data["homonyms"]["weekdays"]),
        zones=data["zones"],
        zones_by_language=data["zones_by_language"],
        phrases=tuple((phrase.casefold(), zone) for phrase, zone in data["zone_phrases"].items()),
        month_first=tuple(data["order"]["month_first"]),
        day_first=tuple(data["order"]["day_first"]),
        day_first_languages=frozenset(data["order"]["day_first_languages"]),
    )


def month(word: str, language: str) -> int | None:
    """Return the number of the month that a word names, in the language first, then in English, then in any."""
    words = load()
    folded = fold(word)
    own = words.months.get(language)
    if own and (number := own.get(folded)):
        return number
    if number := words.months[_FALLBACK].get(folded):
        return number
    if own and len(folded) < _SURE:  # `pro` is December only where Czech is to be expected
        return None
    return words.any_language.get(folded)


def is_weekday(word: str) -> bool:
    """Tell whether a month's word may be a weekday."""
    return fold(word) in load().weekdays


@cache
def zone(name: str) -> tzinfo | None:
    """Return the zone of an IANA name or an offset such as `+03:00`, or None when there is none of that name."""
    if name[:1] in ("+", "-"):
        sign = -1 if name[0] == "-" else 1
        return timezone(sign * timedelta(hours=int(name[1:3]), minutes=int(name[4:6])))
    try:
        return ZoneInfo(name)
    except (OSError, ValueError):  # no such zone (ZoneInfoNotFoundError is a KeyError), a directory, a bad name
        return None
    except KeyError:
        return None


def named_zone(text: str, local: datetime, *, source: tzinfo | None, language: str) -> tzinfo | None:
    """Return the zone that the words of `text` name, or None. `source` is the outlet's own zone."""
    words = load()
    by_language = words.zones_by_language.get(language, {})
    for word in text.replace("(", " ").replace(")", " ").replace(",", " ").split():
        if "/" in word and word[:1].isupper() and len(word) < 40 and (found := zone(word)):
            return found
        token = word.strip(".;|")
        if not token.isupper() or not token.isascii() or len(token) > 5:
            continue
        if source is not None and token in _abbreviations(source, local.year):
            return source
        if name := by_language.get(token) or words.zones.get(token):
            return zone(name)
    folded = text.casefold()
    return next((zone(name) for phrase, name in words.phrases if phrase in folded), None)


@cache
def _abbreviations(source: tzinfo, year: int) -> frozenset[str]:
    """Return what a zone calls its own time in winter and summer of a year; UTC and GMT always mean UTC."""
    names = {datetime(year, number, 1, tzinfo=source).tzname() for number in (1, 7)}
    return frozenset(name for name in names if name and name.isalpha()) - {"UTC", "GMT"}
