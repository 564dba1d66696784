"""Lists of URLs: lines, tables, and GDELT's files."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import urllist
from extractors.model import DateSource


def rows(body: str, **told: str) -> list[tuple[str, str | None, str]]:
    listing = urllist.parse(body.encode(), **told)
    return [(entry.url, entry.published and entry.published.at.isoformat(), entry.title) for entry in listing.entries]


def test_a_plain_list_is_a_url_a_line_with_comments() -> None:
    assert rows("# mine\nhttps://example.org/1\n\n<https://example.org/2>\nhttps://example.org/1\n") == [
        ("https://example.org/1", None, ""),
        ("https://example.org/2", None, ""),
    ]


def test_a_table_has_its_columns_where_its_header_says() -> None:
    body = 'date,title,url\n2026-06-29,"One, two",https://example.org/1\n2026-06-30 10:00,Three,https://example.org/2\n'
    assert rows(body, time_zone="Asia/Shanghai") == [
        ("https://example.org/1", "2026-06-28T16:00:00+00:00", "One, two"),
        ("https://example.org/2", "2026-06-30T02:00:00+00:00", "Three"),
    ]


@pytest.mark.parametrize("separator", ["\t", ";", ","])
def test_tables_are_separated_by_tabs_semicolons_or_commas(separator: str) -> None:
    body = separator.join(["Title", "Link"]) + "\n" + separator.join(["A", "https://example.org/1"]) + "\n"
    assert rows(body) == [("https://example.org/1", None, "A")]


def test_a_date_of_a_list_is_the_word_of_the_list() -> None:
    entry = urllist.parse(b"url,date\nhttps://example.org/1,2026-06-29\n").entries[0]
    assert entry.date_source is DateSource.LIST
    assert entry.published_raw == "2026-06-29"


def test_gdelt_events_of_both_versions_give_their_source_and_when_it_was_seen() -> None:
    old = "\t".join(["1"] + ["x"] * 55 + ["20260629", "https://example.org/old"])
    new = "\t".join(["1"] + ["x"] * 58 + ["20260629151500", "https://example.org/new"])
    assert rows(old) == [("https://example.org/old", "2026-06-29T00:00:00+00:00", "")]
    assert rows(new) == [("https://example.org/new", "2026-06-29T15:15:00+00:00", "")]


def test_gdelt_mentions_and_knowledge_graphs_give_their_documents() -> None:
    mention = "\t".join(
        ["1", "20260629000000", "20260629151500", "1", "example.org", "https://example.org/m"] + ["x"] * 10
    )
    graph = "\t".join(
        ["id", "20260629151500", "1", "example.org", "https://example.org/g"]
        + [""] * 21
        + ["<PAGE_TITLE>Ports &amp; rails</PAGE_TITLE>"]
    )
    first = "DATE\tNUMARTS\tSOURCEURLS\n20260629\t2\thttps://example.org/1<UDIV>https://example.org/2\n"
    assert rows(mention) == [("https://example.org/m", "2026-06-29T15:15:00+00:00", "")]
    assert rows(graph) == [("https://example.org/g", "2026-06-29T15:15:00+00:00", "Ports & rails")]
    assert [row[0] for row in rows(first)] == ["https://example.org/1", "https://example.org/2"]


def test_rows_without_an_address_are_counted() -> None:
    listing = urllist.parse(b"url\nhttps://example.org/1\nnothing\n\n,\n")
    assert len(listing.entries) == 1
    assert listing.problem == "2 rows without an address"


@pytest.mark.parametrize("body", [b"", b"\n\n", b"some words\nof a text\nhttps://example.org/1\nand more\n", b"\0\0\0"])
def test_a_text_is_no_list(body: bytes) -> None:
    assert urllist.parse(body).problem == "no list of URLs"


@pytest.mark.parametrize(
    "body",
    [
        'url,date\n"' + "a" * 400_000,
        "url\n" + '"\n' * 100_000,
        "https://a.example/\n" * 20_000,
        "DATE\tSOURCEURLS\n1\t" + "<UDIV>" * 60_000,
    ],
)
def test_a_hostile_list_costs_no_more_than_its_length(body: str) -> None:
    assert len(urllist.parse(body.encode()).entries) <= 1


@settings(deadline=None)
@given(
    st.text(max_size=100),
    st.sampled_from(
        ["", "url,date\n", "url\ttitle\n", "DATE\tSOURCEURLS\n", "https://a.example/\n", "\t" * 26 + "http"]
    ),
)
def test_no_text_raises(body: str, start: str) -> None:
    urllist.parse((start + body).encode())
