"""Nouns of the model survive JSON exactly, and JSON that is no noun is refused with the place of the mistake."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.model import Entry, Feed, Moment, Precision, Purpose, Source, Want
from storage import codec
from tests.harbour import FEED, INFO, SOURCE, page

WANT = page().want

texts = st.text(max_size=20)
offsets = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))  # named zones repeat an hour a year
times = st.datetimes(timezones=offsets)
moments = st.builds(Moment, at=times, precision=st.sampled_from(Precision), raw=texts)
entries = st.builds(
    Entry,
    url=texts,
    guid=texts,
    title=texts,
    summary=texts,
    authors=st.lists(texts).map(tuple),
    published=st.none() | moments,
    updated=st.none() | moments,
    language=st.none() | texts,
    categories=st.lists(texts).map(tuple),
    content=texts,
)
nouns = st.one_of(
    moments,
    entries,
    st.builds(Want, url=texts, purpose=st.sampled_from(Purpose), entry=st.none() | entries, attempt=st.integers()),
    st.builds(
        Source,
        id=texts,
        name=texts,
        country=texts,
        language=texts,
        time_zone=texts,
        owner=texts,
        state=st.booleans(),
        family=texts,
        home=texts,
        hosts=st.lists(texts).map(tuple),
    ),
    st.builds(Feed, url=texts, source_id=texts, language=texts, interval=st.integers(), note=texts),
)


@given(nouns)
def test_any_noun_reads_back_as_it_was(noun: object) -> None:
    assert codec.load(type(noun), codec.dump(noun)) == noun


@pytest.mark.parametrize("noun", [WANT, SOURCE, FEED, INFO], ids=lambda noun: type(noun).__name__)
def test_the_nouns_of_a_run_read_back_with_equal_types(noun: object) -> None:
    again = codec.load(type(noun), codec.dump(noun))
    assert again == noun
    assert repr(again) == repr(noun)


def test_defaults_are_not_written_and_text_stays_readable() -> None:
    text = codec.dump(replace(WANT, entry=None, source_id="渡轮")).decode()
    assert text == '{"url":"https://harbour.example/news/1","purpose":"page","source_id":"渡轮"}'


def test_a_lone_surrogate_is_kept() -> None:
    want = replace(WANT, url="https://harbour.example/\ud800")
    assert codec.load(Want, codec.dump(want)) == want


def test_times_are_written_in_utc() -> None:
    east = datetime(2026, 3, 4, 12, tzinfo=timezone(timedelta(hours=8)))
    moment = Moment(at=east, precision=Precision.SECOND, raw="")
    assert b'"2026-03-04T04:00:00+00:00"' in codec.dump(moment)
    assert codec.load(Moment, codec.dump(moment)).at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        codec.dump(Moment(at=datetime(2026, 3, 4), precision=Precision.DAY, raw=""))  # noqa: DTZ001


GOOD = {"url": "u", "purpose": "page"}


@pytest.mark.parametrize(
    ("tree", "what"),
    [
        ([], "Want: object expected, not list"),
        ({"url": "u"}, "Want: purpose missing"),
        ({**GOOD, "urls": 1}, "Want: unknown urls; a newer Tripolar"),
        ({**GOOD, "url": 1}, "Want.url: str expected, not int"),
        ({**GOOD, "url": None}, "Want.url: str expected, not NoneType"),
        ({**GOOD, "purpose": "fun"}, "Want.purpose: 'fun' is not a valid Purpose"),
        ({**GOOD, "purpose": 3}, "Want.purpose: str expected, not int"),
        ({**GOOD, "attempt": True}, "Want.attempt: int expected, not bool"),
        ({**GOOD, "attempt": 1.5}, "Want.attempt: int expected, not float"),
        ({**GOOD, "reason": "bored"}, "Want.reason: 'bored' is none of new, retry"),
        ({**GOOD, "entry": {"url": "u", "authors": "me"}}, "Want.entry.authors: list expected, not str"),
        ({**GOOD, "entry": {"url": "u", "authors": [1]}}, "Want.entry.authors: str expected"),
        (
            {**GOOD, "entry": {"url": "u", "published": {"at": "noon", "precision": "day", "raw": ""}}},
            "Want.entry.published.at: Invalid isoformat",
        ),
    ],
)
def test_what_is_no_want_is_refused_with_the_place(tree: object, what: str) -> None:
    with pytest.raises(ValueError, match=what.replace(".", r"\.")):
        codec.load(Want, json.dumps(tree).encode())


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe\xff", b"[" * 200_000])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):
        codec.load(Want, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """What the model has of kinds that its own nouns do not use together."""

    pairs: tuple[tuple[str, int], ...]
    share: float
    body: bytes = b""


def test_pairs_have_their_length_and_numbers_may_be_whole() -> None:
    assert codec.load(Pairs, b'{"pairs":[["a",1]],"share":2}') == Pairs(pairs=(("a", 1),), share=2.0)
    for text in (b'{"pairs":[["a"]],"share":2}', b'{"pairs":[],"share":"2"}', b'{"pairs":[],"share":2,"body":"x"}'):
        with pytest.raises(ValueError, match=r"Pairs\."):
            codec.load(Pairs, text)


def test_bytes_have_no_place_in_json() -> None:
    with pytest.raises(TypeError, match="bytes has no place"):
        codec.dump(Pairs(pairs=(), share=1.0, body=b"x"))


def test_a_noun_may_hold_its_own_kind() -> None:
    assert codec.load(Moment, codec.dump(Moment(at=datetime.now(UTC), precision=Precision.DAY, raw="x"))).raw == "x"
