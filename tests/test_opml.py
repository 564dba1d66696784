"""OPML: lists come in and go out whole, and nothing in them is believed."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import opml

SHARED = Path(__file__).parents[2] / "shared" / "data" / "opml"
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=20
).filter(lambda text: not set(text) & set("<>&") and "\ufffe" not in text and "\uffff" not in text)
OUTLINES = st.builds(
    opml.Outline,
    url=st.integers(0, 99).map(lambda n: f"https://example.org/{n}.xml?a=1&b={n}"),
    title=TEXT,
    home=st.sampled_from(["", "https://example.org/"]),
    language=st.sampled_from([None, "de", "zh-Hant"]),
    folders=st.lists(TEXT, max_size=3).map(tuple),
)


@settings(deadline=None)
@given(st.lists(OUTLINES, max_size=12, unique_by=lambda outline: outline.url))
def test_what_is_written_is_read_again(outlines: list[opml.Outline]) -> None:
    read = opml.read(opml.write("A list", outlines))
    assert read.title == "A list"
    assert read.problem == ""
    assert sorted(read.outlines, key=lambda outline: outline.url) == sorted(outlines, key=lambda outline: outline.url)


def test_nested_headings_are_kept_and_doubles_are_not() -> None:
    body = b"""<opml><head><title>Mine</title></head><body><outline text="Europe"><outline text="Brussels">
        <outline text="A" xmlUrl="https://a.example/rss"/></outline>
        <outline title="B" xmlurl="feed://b.example/rss" htmlUrl="https://b.example/"/>
        </outline><outline text="A again" xmlUrl="https://a.example/rss"/><outline text="C" type="rss" url="https://c.example/rss"/>
        <outline text="bad" xmlUrl="file:///etc/passwd"/></body></opml>"""
    read = opml.read(body)
    assert [(outline.url, outline.title, outline.folders) for outline in read.outlines] == [
        ("https://a.example/rss", "A", ("Europe", "Brussels")),
        ("http://b.example/rss", "B", ("Europe",)),
        ("https://c.example/rss", "C", ()),
    ]
    assert read.problem == "1 outlines without an address"


def test_credentials_and_secrets_do_not_go_out() -> None:
    body = opml.write("x", [opml.Outline(url="https://me:pass@example.org/rss?token=abc")])
    assert b"pass" not in body
    assert b"abc" not in body


def test_markup_and_controls_in_titles_are_text() -> None:
    body = opml.write("<b>\0\x08", [opml.Outline(url="https://example.org/rss", title='"><script>')])
    assert b"<script>" not in body
    assert len(opml.read(body).outlines) == 1


@pytest.mark.parametrize("body", [b"", b"<html><body/></html>", b"nothing", b"<rss/>"])
def test_what_is_no_list_is_called_none(body: bytes) -> None:
    read = opml.read(body)
    assert read.outlines == ()
    assert "no OPML" in read.problem


def test_a_damaged_list_keeps_what_can_be_read() -> None:
    body = b'<opml><body><outline text="A & B" xmlUrl="https://a.example/rss?x=1&y=2"/><outline text="cut'
    assert [outline.title for outline in opml.read(body).outlines] == ["A & B"]


def test_entities_are_not_expanded() -> None:
    body = b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;" xmlUrl="https://a.example/"/></body></opml>'
    assert all("root:" not in outline.title for outline in opml.read(body).outlines)


def test_headings_without_end_are_read_no_deeper_than_the_parser_allows() -> None:
    assert opml.read(b"<opml><body>" + b'<outline text="a">' * 100_000).outlines == ()


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    opml.read(b"<opml><body>" + body)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/opml is not here")
def test_real_lists_are_read_and_come_out_the_same() -> None:
    paths = sorted(SHARED.glob("**/*.opml"))
    assert len(paths) > 50
    for path in paths:
        read = opml.read(path.read_bytes())
        assert read.outlines, path.name
        assert {outline.url for outline in opml.read(opml.write(read.title, read.outlines)).outlines} == {
            o.url for o in read.outlines
        }
