"""Pages of our own writing, read as articles or as what they are instead: a case is a page and the expectation
beside it.
"""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors import article
from extractors.model import Article, DateSource, Entry, Fate, Moment, Precision, Unreadable

CASES = sorted((Path(__file__).parent / "cases" / "article").glob("*.html"))


def read(path: Path, expected: dict[str, Any], entry: Entry | None = None) -> Article | Unreadable:
    """Read a case as the loader would."""
    return article.read(
        path.read_bytes(),
        url=expected["url"],
        content_type=expected.get("content_type", "text/html"),
        entry=entry,
        language=None,
        time_zone=expected.get("time_zone"),
    )


def expectation(path: Path) -> dict[str, Any]:
    """Return what a case expects."""
    return tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_page_is_read_as_its_case_says(path: Path) -> None:
    """Everything that the expectation names is as it says; what it does not name about dates is not there."""
    expected = expectation(path)
    got = read(path, expected)
    if expected["kind"] != "article":
        assert isinstance(got, Unreadable), got
        assert got.fate == expected["kind"]
        return
    assert isinstance(got, Article), got
    assert got.text.split("\n") == expected["text"].strip().split("\n")
    assert got.title == expected["title"]
    assert got.url == expected.get("canonical", expected["url"])
    assert got.language == expected["language"]
    assert (got.published.at.isoformat() if got.published else None) == expected.get("published")
    assert got.date_source == (DateSource(expected["source"]) if "source" in expected else None)
    assert got.paywalled == expected.get("paywalled")
    assert got.authors == tuple(expected.get("authors", ()))


def test_reading_a_page_again_and_again_gives_the_same() -> None:
    """No state is kept between pages: the hundredth reading of all cases equals the first."""
    first = [read(path, expectation(path)) for path in CASES]
    for _ in range(5):
        assert [read(path, expectation(path)) for path in CASES] == first


def test_the_change_of_an_article_is_not_its_publication() -> None:
    """Both dates are kept apart."""
    path = next(path for path in CASES if path.stem == "news-page-with-boxes")
    got = read(path, expectation(path))
    assert isinstance(got, Article)
    assert got.modified is not None
    assert got.published is not None
    assert got.modified.at == datetime(2026, 5, 7, 9, 0, tzinfo=UTC)
    assert got.published.at < got.modified.at


def test_the_feed_says_when_the_page_does_not() -> None:
    """Title, authors and date of the entry are used where the page is silent."""
    moment = Moment(
        at=datetime(2026, 5, 6, 7, 0, tzinfo=UTC), precision=Precision.SECOND, raw="Wed, 06 May 2026 07:00:00 GMT"
    )
    path = next(path for path in CASES if path.stem == "footer-year-is-no-date")
    expected = expectation(path)
    entry = Entry(url=expected["url"], title="How a lock works", authors=("Max Sluice",), published=moment)
    got = read(path, expected, entry)
    assert isinstance(got, Article)
    assert got.published == moment
    assert got.date_source == DateSource.FEED
    assert got.authors == ("Max Sluice",)


def test_a_page_that_a_feed_lists_is_seldom_a_list() -> None:
    """A short page is an article when a feed names it."""
    head = b"<html><head><title>Port closed</title></head><body><h1>Port closed</h1>"
    page = head + b"<p>The port is closed because of the storm.</p></body></html>"
    url = "https://harbour.example/alerts"
    got = article.read(page, url=url, entry=Entry(url=url, title="Port closed"))
    assert isinstance(got, Article)
    assert got.text == "The port is closed because of the storm."


def test_a_canonical_address_of_another_site_or_the_front_page_is_not_believed() -> None:
    """A mistake of the template must not fold all articles of a site into one."""
    body = (
        b"<p>The harbour office has changed its opening hours, which are now from eight to noon on working days.</p>"
        * 2
    )
    for canonical in (
        "https://elsewhere.example/story",
        "https://harbour.example/",
        "javascript:alert(1)",
        "http://[::1",
    ):
        page = (
            b'<html><head><link rel="canonical" href="'
            + canonical.encode()
            + b'"></head><body>'
            + body
            + b"</body></html>"
        )
        got = article.read(page, url="https://harbour.example/news/new-opening-hours-of-the-office")
        assert isinstance(got, Article)
        assert got.url == "https://harbour.example/news/new-opening-hours-of-the-office"


@pytest.mark.parametrize(
    ("body", "content_type", "fate"),
    [
        (b"", "text/html", Fate.EMPTY),
        (b" \n\x00", None, Fate.EMPTY),
        (b"%PDF-1.7 ...", "text/html", Fate.NOT_HTML),
        (b'{"a": 1}', "application/json", Fate.NOT_HTML),
        (b"\x89PNG\r\n", None, Fate.NOT_HTML),
        (b"\x1f\x8b\x08\x00", "text/html", Fate.UNREADABLE),
        (b"just words", "text/plain", Fate.NOT_HTML),
    ],
)
def test_bytes_that_are_no_page_are_named(body: bytes, content_type: str | None, fate: Fate) -> None:
    """Every page ends in exactly one fate."""
    got = article.read(body, url="https://harbour.example/x", content_type=content_type)
    assert isinstance(got, Unreadable)
    assert got.fate == fate
    assert got.detail
