"""Pages made to break a reader: none raises, none takes long, whatever is in it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors import article, markup
from extractors.model import Article, Fate, Unreadable

URL = "https://harbour.example/news/2026/05/06/a-story-of-some-length"
PARAGRAPH = "<p>The committee agreed on Tuesday to review the tariffs that had been in place since spring, it said.</p>"

BOMBS = {
    "nested blocks": "<html><body>" + "<div>" * 100_000 + PARAGRAPH,
    "nested inline elements": "<html><body>" + "<b>" * 100_000 + PARAGRAPH,
    "nested links": "<html><body>" + "<a href=x>" * 100_000 + PARAGRAPH,
    "nested share boxes": "<html><body>" + '<div class="share">' * 100_000 + PARAGRAPH,
    "nested tables": "<html><body>" + "<table><tr><td>" * 50_000 + PARAGRAPH,
    "many share boxes": "<html><body>" + f'<div class="share">{PARAGRAPH}</div>' * 5_000,
    "many placeholders": "<html><body>"
    + "".join(f'<template id="B:{n:x}"></template><div hidden id="S:{n:x}">x</div>' for n in range(3_000))
    + PARAGRAPH,
    "one long class": f'<html><body><div class="{"a-a_" * 50_000}">{PARAGRAPH}</div>',
    "nested JSON lists": '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + PARAGRAPH,
    "nested JSON graphs": '<script type="application/ld+json">' + '{"@graph":' * 100_000 + "</script>" + PARAGRAPH,
    "broken JSON": '<script type="application/ld+json">'
    + '{"@type": "NewsArticle", "author":[' * 20_000
    + "</script>"
    + PARAGRAPH,
    "separators in the title": f"<title>{' | ' * 100_000}</title>" + PARAGRAPH,
    "dates everywhere": "<html><body><h1>A title of some length</h1>" + "<div>12 jan 12 12 2012 jan 12" * 5_000,
    "openings only": "<html><body>" + "<" * 500_000,
    "entities": "<html><body><p>" + "&amp;" * 500_000,
    "comments": "<html><body>" + "<!--" * 200_000 + PARAGRAPH,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_a_fate(name: str) -> None:
    """Each ends as an article or a named fate, and well within the patience of the test run."""
    got = article.read(BOMBS[name].encode(), url=URL, content_type="text/html")
    assert isinstance(got, Article | Unreadable)


def test_thousands_of_attributes_are_refused_before_they_cost_minutes() -> None:
    """The tree builder needs the square of their number."""
    page = "<html><body><div " + " ".join(f'a{n}="x"' for n in range(300_000)) + ">x</div>" + PARAGRAPH
    got = article.read(page.encode(), url=URL)
    assert isinstance(got, Unreadable)
    assert got.fate == Fate.UNREADABLE


def test_a_script_may_be_as_long_and_as_odd_as_it_likes() -> None:
    """Comparisons in scripts are no tags."""
    script = "<script>for (i = 0; i <list.length; i++) { x = 'y' }" + " a b c" * 30_000 + "</script>"
    got = article.read(f"<html><body>{script}{PARAGRAPH * 3}</body></html>".encode(), url=URL)
    assert isinstance(got, Article)


def test_thirty_megabytes_are_refused() -> None:
    """Nobody writes that much."""
    got = article.read(b"<html><body><p>" + b"a " * 15_000_000, url=URL)
    assert isinstance(got, Unreadable)
    assert got.fate == Fate.UNREADABLE


def test_nul_bytes_and_scripts_in_titles_leave_text() -> None:
    """NUL disappears; a script in a title stays words and never markup."""
    head = "<html>\0<head><title>A <script>alert(1)</script> story</title></head><body>\0"
    page = head + PARAGRAPH.replace("a", "a\0") * 2
    got = article.read(page.encode(), url=URL)
    assert isinstance(got, Article)
    assert "\0" not in got.text
    assert "<" not in got.title
    assert got.text.startswith("The committee agreed")


def test_an_address_that_is_none_is_no_reason_to_raise() -> None:
    """Archives name pages in odd ways."""
    for url in ("", "http://[bad", "urn:x", "https://harbour.example:port/x"):
        assert isinstance(article.read((PARAGRAPH * 3).encode(), url=url), Article | Unreadable)


_TAGS = st.sampled_from(
    (
        "div",
        "p",
        "a",
        "b",
        "h1",
        "h2",
        "article",
        "nav",
        "aside",
        "table",
        "td",
        "ul",
        "li",
        "script",
        "time",
        "br",
        "span",
    )
)
_NAMES = st.sampled_from(("share", "article-body", "related", "date", "S:1", "comment hidden", "image", "x" * 50, ""))
_WORDS = st.text(alphabet=st.characters(codec="utf-8"), max_size=120)


@st.composite
def _markup(draw: st.DrawFn) -> str:
    """Draw markup that is opened and closed at random."""
    parts = ["<html><body>"]
    for _ in range(draw(st.integers(0, 30))):
        tag, name, words = draw(_TAGS), draw(_NAMES), draw(_WORDS)
        parts.append(f'<{tag} class="{name}" id="{name}">' if draw(st.booleans()) else f"</{tag}>")
        parts.append(words)
    return "".join(parts)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(page=_markup())
def test_any_markup_is_read(page: str) -> None:
    """Text has no empty lines, no control characters and no space at the ends of its lines."""
    got = article.read(page.encode("utf-8", "replace"), url=URL)
    if isinstance(got, Article):
        assert all(line and line == line.strip() for line in got.text.split("\n"))
        assert "\0" not in got.text


@settings(max_examples=150, deadline=None)
@given(
    body=st.binary(max_size=2_000),
    kind=st.sampled_from((None, "text/html", "text/html; charset=utf-16", "text/html; charset=rot13")),
)
def test_any_bytes_are_read(body: bytes, kind: str | None) -> None:
    """With and without the beginnings of a page before them."""
    for start in (b"", b"<html><body><p>", b'<meta charset="gb2312"><p>'):
        assert isinstance(article.read(start + body, url=URL, content_type=kind), Article | Unreadable)


@pytest.mark.parametrize("unit", [b"<!---->", b"<!-- a -->\n", b"<?a?>", b"<!--?><?a?>-->"])
def test_hundreds_of_comments_before_a_page_cost_no_more_than_their_length(unit: bytes) -> None:
    """Each ends at its first end: were others tried as well, this would not end in our time."""
    body = unit * (4000 // len(unit)) + b"<html><body><p>Text of the page.</p></body></html>"
    assert markup.build(body) is not None
    assert not isinstance(markup.parse(body), Unreadable)
