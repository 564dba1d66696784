"""Answers of a CDX server: captures, the way to the rest, and lines that are none."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import cdx

ASKED = "https://web.archive.org/cdx/search/cdx?url=old.example&showResumeKey=true"
LINE = "example,old)/{0} 2020010203040{0} http://old.example/{0} text/html 200 ABCD{0} 1234"


def test_a_plain_answer_has_seven_columns_and_a_resume_key_after_an_empty_line() -> None:
    answer = cdx.read("\n".join([LINE.format(1), LINE.format(2), "", "example%2Cold%29%2F3+20200103000000", ""]))
    assert [(capture.url, capture.timestamp, capture.status) for capture in answer.captures] == [
        ("http://old.example/1", "20200102030401", "200"),
        ("http://old.example/2", "20200102030402", "200"),
    ]
    assert answer.captures[0].at.at.isoformat() == "2020-01-02T03:04:01+00:00"
    assert answer.resume_key == "example%2Cold%29%2F3+20200103000000"
    assert answer.skipped == 0


def test_a_json_answer_names_its_columns() -> None:
    rows = [["timestamp", "original", "statuscode"], ["20200102030401", "http://old.example/1", "-"], [], ["key 1"]]
    answer = cdx.read(json.dumps(rows))
    assert [capture.url for capture in answer.captures] == ["http://old.example/1"]
    assert answer.resume_key == "key 1"


def test_a_json_answer_that_is_cut_keeps_its_whole_lines() -> None:
    body = '[["urlkey","timestamp","original"],\n["k","20200102030401","http://old.example/1"],\n["k","20200102030402","http://old.exa'
    assert [capture.timestamp for capture in cdx.read(body).captures] == ["20200102030401"]


def test_lines_with_missing_columns_bad_times_or_no_address_are_counted() -> None:
    bad = [
        "example,old)/1 20200102030401",
        LINE.format(1).replace("20200102030401", "20201302030401"),
        LINE.format(1).replace("http:", "warcinfo:"),
    ]
    answer = cdx.read("\n".join([*bad, LINE.format(2)]))
    assert len(answer.captures) == 1
    assert answer.skipped == 3


def test_the_listing_of_an_answer_leads_to_the_rest_of_it() -> None:
    listing = cdx.listing(f"{LINE.format(1)}\n\nkey+2\n", url=ASKED)
    assert listing is not None
    assert listing.format == "cdx"
    assert [(entry.url, entry.guid, entry.published) for entry in listing.entries] == [
        ("http://old.example/1", "20200102030401", None)
    ]
    assert [entry.url for entry in listing.more] == [ASKED + "&resumeKey=key%2B2"]


def test_the_columns_of_a_plain_answer_are_those_that_were_asked_for() -> None:
    listing = cdx.listing("http://old.example/1 20200102030401\n", url=ASKED + "&fl=original,timestamp")
    assert listing is not None
    assert [entry.guid for entry in listing.entries] == ["20200102030401"]


@pytest.mark.parametrize("text", ["", "[]", "\n"])
def test_an_answer_without_captures_is_an_empty_listing(text: str) -> None:
    listing = cdx.listing(text, url=ASKED)
    assert listing is not None
    assert listing.entries == listing.more == ()


def test_another_address_or_another_text_gives_none() -> None:
    assert cdx.listing(LINE.format(1), url="https://example.org/feed") is None
    assert cdx.listing("<html>busy</html>", url=ASKED) is None


@pytest.mark.parametrize(
    "text", ["[" * 300_000, "[[" * 150_000, '["a",' * 100_000, "a " * 300_000, "\n" * 300_000, '[["' + "\\" * 300_000]
)
def test_a_hostile_answer_costs_no_more_than_its_length(text: str) -> None:
    assert cdx.read(text).captures == ()


@settings(deadline=None)
@given(st.text(alphabet='[]",{} \n20h:/', max_size=200))
def test_no_text_raises(text: str) -> None:
    cdx.read(text)
    cdx.read("[" + text)
    cdx.listing(text, url=ASKED)
