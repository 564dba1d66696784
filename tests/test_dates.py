"""Dates of feeds and pages: each written form means one moment or none."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import dates
from extractors.model import Moment, Precision

CASES = Path(__file__).parent / "cases" / "dates"
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
MOMENTS = st.integers(31_536_000, 4_133_894_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One written date and its meaning."""

    raw: str
    language: str | None = None
    time_zone: str | None = None
    at: datetime | None = None
    precision: str | None = None


def written() -> list[Case]:
    """Return the cases of every file."""
    return [
        Case(**row) for path in sorted(CASES.glob("*.toml")) for row in tomllib.loads(path.read_text("utf-8"))["case"]
    ]


@pytest.mark.parametrize("case", written(), ids=lambda case: f"{case.raw}|{case.language or ''}|{case.time_zone or ''}")
def test_a_written_date_means_one_moment_or_none(case: Case) -> None:
    moment = dates.parse(case.raw, time_zone=case.time_zone, language=case.language)
    assert (moment and moment.at) == case.at
    assert (moment and moment.precision) == case.precision
    assert moment is None or moment.raw == case.raw


@settings(deadline=None)
@given(MOMENTS, st.sampled_from([None, "Europe/Moscow", "Asia/Shanghai"]))
def test_the_standard_forms_come_back_as_the_same_moment_whatever_the_source(at: datetime, zone: str | None) -> None:
    for raw in (
        at.isoformat(),
        at.isoformat().replace("+00:00", "Z"),
        format_datetime(at),
        at.strftime("%Y%m%dT%H%M%SZ"),
    ):
        moment = dates.parse(raw, time_zone=zone)
        assert moment is not None
        assert (moment.at, moment.precision) == (at, Precision.SECOND)


@settings(deadline=None)
@given(
    MOMENTS,
    st.sampled_from(
        ["{0:%Y-%m-%d}", "{0:%d.%m.%Y}", "{0:%Y}年{0.month}月{0.day}日", "{0:%d %b %Y}", "{0:%B} {0.day}, {0:%Y}"]
    ),
)
def test_a_day_without_a_time_is_midnight_where_the_source_is(at: datetime, form: str) -> None:
    moment = dates.parse(form.format(at), time_zone="Asia/Shanghai", language="en")
    assert moment is not None
    assert moment.precision is Precision.DAY
    assert moment.at.astimezone(dates.datewords.zone("Asia/Shanghai")).date() == at.date()


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_raises(raw: str) -> None:
    moment = dates.parse(raw, time_zone="Not/AZone", language="xx")
    assert moment is None or moment.at.tzinfo is UTC


@settings(deadline=None)
@given(st.text(alphabet="0123456789 .:/-+TZ年月日,JunMayмая", max_size=60), st.sampled_from(["en", "zh", "ru", "de"]))
def test_no_near_miss_of_a_date_raises_or_leaves_the_centuries_of_news(raw: str, language: str) -> None:
    moment = dates.parse(raw, time_zone="Europe/Berlin", language=language)
    assert moment is None or 1899 <= moment.at.year <= 2286


@pytest.mark.parametrize("unit", ["9" * 100_000, "29 Jun " * 20_000, "." * 100_000, "2026-" * 20_000, "一" * 100_000])
def test_a_long_string_is_a_text_and_not_a_date(unit: str) -> None:
    assert dates.parse(unit) is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NOW, True),
        (NOW + timedelta(hours=14), True),
        (NOW + timedelta(days=3), False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(1782, 6, 29, tzinfo=UTC), False),
        (datetime(1996, 6, 29, tzinfo=UTC), True),
    ],
)
def test_a_plausible_date_is_after_the_web_began_and_not_days_ahead(at: datetime, expected: bool) -> None:
    assert dates.plausible(Moment(at=at, precision=Precision.SECOND, raw=""), NOW) is expected


def test_no_date_is_not_plausible() -> None:
    assert dates.plausible(None, NOW) is False


def test_every_language_has_twelve_months_and_its_own_words_are_understood() -> None:
    words = dates.datewords.load()
    assert {"en", "de", "fr", "ru", "uk", "pl", "bg", "ro", "pt", "it", "es", "el", "hu", "tr"} <= words.months.keys()
    for language, months in words.months.items():
        assert set(months.values()) == set(range(1, 13)), language
        for word, number in months.items():
            moment = dates.parse(f"21 {word} 2026", language=language)
            assert moment is not None, (language, word)
            assert moment.at.month == number, (language, word)
