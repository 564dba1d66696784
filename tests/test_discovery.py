"""The feeds that a home page names."""

import pytest

from extractors import discovery

URL = "https://example.org/news/"


def found(html: str) -> list[tuple[str, str, str]]:
    body = f"<!DOCTYPE html><html><head><title>Home</title></head><body>{html}</body></html>".encode()
    return [(feed.url, feed.title, feed.type) for feed in discovery.feeds(body, URL)]


def test_declared_feeds_come_first_and_each_once() -> None:
    assert found(
        '<a href="/rss.xml">RSS</a>'
        '<link rel="alternate" type="application/rss+xml" title="News &amp; more" href="/feed/">'
        '<link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" href="atom">'
        '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    ) == [
        ("https://example.org/feed/", "News & more", "rss"),
        ("https://example.org/news/atom", "", "atom"),
        ("https://example.org/rss.xml", "RSS", ""),
    ]


def test_feeds_of_comments_come_last() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    html = link.format("/comments/feed/") + link.format("/feed/")
    assert [url for url, _, _ in found(html)] == ["https://example.org/feed/", "https://example.org/comments/feed/"]


@pytest.mark.parametrize(
    "href",
    [
        "/rss",
        "/rss.xml",
        "/feed",
        "/feeds/world.xml",
        "?feed=rss2",
        "/index.rdf",
        "/rss/politics",
        "//feeds.example.net/rss2.0.xml",
        "/export/rss2/index.xml",
        "/atom.xml",
        "/feed.json",
    ],
)
def test_an_anchor_that_looks_like_a_feed_is_likely_one(href: str) -> None:
    assert len(found(f'<a href="{href}">x</a>')) == 1


@pytest.mark.parametrize(
    "href",
    [
        "/news/feeding-birds",
        "/rssi-signal",
        "/a/feedback",
        "/atomic-energy",
        "javascript:rss()",
        "/rss.html",
        "mailto:rss@example.org",
        "/",
    ],
)
def test_other_anchors_are_not(href: str) -> None:
    assert found(f'<a href="{href}">x</a>') == []


def test_styles_translations_and_interfaces_are_no_feeds() -> None:
    assert (
        found(
            '<link rel="stylesheet" href="/feed.css"><link rel="alternate" hreflang="de" href="/de/">'
            '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">'
            '<link rel="alternate" type="application/json+oembed" href="/oembed">'
            '<link rel="alternate" type="text/xml" href="/page.xml">'
        )
        == []
    )


def test_links_are_read_against_the_base_of_the_page() -> None:
    assert found('<base href="https://cdn.example/x/"><a href="rss.xml">x</a>')[0][0] == "https://cdn.example/x/rss.xml"


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"\0\0", b"<rss/>"])
def test_what_is_no_page_names_no_feeds(body: bytes) -> None:
    assert discovery.feeds(body, URL) == ()


def test_a_page_of_links_costs_no_more_than_its_length() -> None:
    assert len(found("".join(f'<a href="/rss/{n}">x</a>' for n in range(20_000)))) == 200
    assert found('<a href="' + "/rs" * 50_000 + '">x</a>') == []
