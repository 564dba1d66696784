"""Plain text out of feeds, language tags, and one entry for one item."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import feedtext
from extractors.model import Entry


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a <b>b</b>c", "a bc"),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("one<br>two", "one two"),
        ("x<script>bad()</script>y<!-- z -->", "x y"),
        ("x<script>never ends", "x"),
        ("5 &lt; 6 &amp; 7&nbsp;8", "5 < 6 & 7 8"),
        ("5 < 6 > 4", "5 < 6 > 4"),
        (" a\n\tb ", "a b"),
        ('<img alt="x"', ""),
        ("", ""),
    ],
)
def test_markup_becomes_one_line_of_text(markup: str, text: str) -> None:
    assert feedtext.plain(markup) == text


def test_a_long_text_ends_at_a_word() -> None:
    assert feedtext.plain("word " * 10_000, limit=22) == "word word word word"
    assert len(feedtext.plain("字" * 10_000, limit=22)) == 22


def test_a_text_without_tags_keeps_its_angle_brackets() -> None:
    assert feedtext.plain("use <b> &amp; <i>", has_tags=False) == "use <b> & <i>"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en_US", "en-US"), (" DE ", "de"), ("zh-Hant-HK", "zh-Hant-HK"), ("english", None), ("", None), ("e", None)],
)
def test_a_language_tag_has_one_form(tag: str, language: str | None) -> None:
    assert feedtext.language(tag) == language


def test_words_are_plain_each_once_and_not_too_many() -> None:
    assert feedtext.words(["a", " a ", "", "<b>b</b>"]) == ("a", "b")
    assert len(feedtext.words(str(n) for n in range(1_000))) == 50


def test_two_of_address_guid_and_title_make_one_item() -> None:
    rows = [
        Entry(url="u:1", guid="g", title="t"),
        Entry(url="u:1", guid="g", title="other"),
        Entry(url="u:2", guid="g", title="second"),
        Entry(url="u:1", guid="h", title="third"),
        Entry(url="u:3"),
        Entry(url="u:3"),
        None,
    ]
    entries, problem = feedtext.collapse(rows)
    assert [(entry.url, entry.title) for entry in entries] == [
        ("u:1", "t"),
        ("u:2", "second"),
        ("u:1", "third"),
        ("u:3", ""),
    ]
    assert problem == "1 entries without an address"


@settings(deadline=None)
@given(st.text(alphabet="<>/!-&;#ab script=\"'", max_size=300))
def test_no_markup_raises_or_leaves_a_script(markup: str) -> None:
    assert len(feedtext.plain(markup)) <= len(markup)


@pytest.mark.parametrize("unit", ["<", "<a ", "<!--", "<script>", "<script><", "&", "&#", "<a href='", "</"])
def test_hostile_markup_costs_no_more_than_its_length(unit: str) -> None:
    assert len(feedtext.plain(unit * 30_000)) <= feedtext.MAX_SUMMARY
