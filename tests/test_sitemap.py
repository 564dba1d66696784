"""Sitemaps: what they list, and what the broken ones still list."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import sitemap, wire
from extractors.model import DateSource, Precision

URL = "https://example.org/sitemap.xml"


def urlset(rows: str) -> bytes:
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


def test_a_row_has_its_address_and_the_day_of_its_last_change_and_no_date_of_publication() -> None:
    body = urlset("<url><loc> https://example.org/a?x=1&amp;y=2\n</loc><lastmod>2026-06-29</lastmod></url>")
    (entry,) = sitemap.parse(body, url=URL, time_zone="Europe/Berlin").entries
    assert entry.url == "https://example.org/a?x=1&y=2"
    assert entry.published is None
    assert entry.updated is not None
    assert entry.updated.precision is Precision.DAY
    assert entry.date_source is DateSource.SITEMAP


def test_a_sitemap_without_a_namespace_or_with_another_prefix_is_read() -> None:
    for body in (
        b"<urlset><url><loc>/a</loc></url></urlset>",
        b'<s:urlset xmlns:s="u:1"><s:url><s:loc>/a</s:loc></s:url></s:urlset>',
    ):
        assert [entry.url for entry in sitemap.parse(body, url=URL).entries] == ["https://example.org/a"]


def test_a_text_sitemap_is_a_url_a_line() -> None:
    listing = sitemap.parse(b"\xef\xbb\xbfhttps://example.org/1\r\nhttps://example.org/2\r\n\r\nrubbish:\n", url=URL)
    assert listing.format == "sitemap-text"
    assert [entry.url for entry in listing.entries] == ["https://example.org/1", "https://example.org/2"]
    assert listing.problem == "1 entries without an address"


def test_a_gzip_file_is_read_after_the_wire_undid_it() -> None:
    body = wire.unfold(gzip.compress(urlset("<url><loc>/a</loc></url>")), None, limit=1_000_000).body
    assert sitemap.parse(body, url=URL).entries[0].url == "https://example.org/a"


def test_fifty_thousand_bad_rows_are_counted_and_the_good_ones_kept() -> None:
    bad = "<url><loc>javascript:void(0)</loc></url><url/>" * 24_000
    listing = sitemap.parse(urlset(bad + "<url><loc>/a</loc></url>"), url=URL)
    assert [entry.url for entry in listing.entries] == ["https://example.org/a"]
    assert "48,000 entries without an address" in listing.problem


def test_rows_beyond_the_protocols_limit_are_left_out_and_named() -> None:
    listing = sitemap.parse(urlset("".join(f"<url><loc>/{n}</loc></url>" for n in range(50_100))), url=URL)
    assert len(listing.entries) == sitemap.MAX_ENTRIES
    assert "more than 50,000" in listing.problem


def test_a_truncated_sitemap_keeps_its_whole_rows() -> None:
    body = urlset("<url><loc>/a</loc></url><url><loc>/b</loc></url><url><lo")[:-9]
    assert [entry.url for entry in sitemap.parse(body, url=URL).entries][:2] == [
        "https://example.org/a",
        "https://example.org/b",
    ]


def test_entities_are_neither_expanded_nor_fetched() -> None:
    body = b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://example.org/&x;</loc></url></urlset>'
    assert [entry.url for entry in sitemap.parse(body, url=URL).entries] in ([], ["https://example.org/"])


def test_an_index_lists_what_to_fetch_next_and_itself_only_as_it_says() -> None:
    body = (
        b"<sitemapindex><sitemap><loc>/s1.xml</loc><lastmod>2026-06-29T10:00:00Z</lastmod></sitemap>"
        b"<sitemap><loc>/s1.xml</loc></sitemap></sitemapindex>"
    )
    listing = sitemap.parse(body, url=URL)
    assert listing.entries == ()
    assert [entry.url for entry in listing.more] == ["https://example.org/s1.xml"]
    assert listing.more[0].updated is not None


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"plain words", b"<rss/>"])
def test_what_is_no_sitemap_is_called_none(body: bytes) -> None:
    listing = sitemap.parse(body, url=URL)
    assert (listing.format, listing.problem) == ("", "no sitemap")


@pytest.mark.parametrize(
    "rows",
    [
        "<a/>" * 300_000,
        "<url>" + "<a/>" * 300_000 + "</url>",
        "<url>" * 100_000,
        "<url " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>",
    ],
)
def test_a_hostile_sitemap_lists_nothing_and_costs_no_more_than_its_length(rows: str) -> None:
    assert sitemap.parse(urlset(rows), url=URL).entries == ()


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    sitemap.parse(b"<urlset><url><loc>" + body + b"</loc></url>" + body, url=URL)
