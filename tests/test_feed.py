"""Feeds and other listings: what each format says, what each kind of damage leaves, and that nothing raises."""

import json
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import feed, feedtext, urls, wire
from extractors.model import Entry, Listing, Moment

CASES = Path(__file__).parent / "cases" / "feed"
SHARED = Path(__file__).parents[2] / "shared" / "data" / "feeds"
PAIRS = sorted((body, body.with_suffix(".toml")) for body in CASES.iterdir() if body.suffix != ".toml")
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/feeds is not here")


def plain(value: Any) -> Any:
    """Return a value of an entry as an expectation writes it."""
    if isinstance(value, Moment):
        return value.at
    return list(value) if isinstance(value, tuple) else value


def parse(body: bytes, expected: dict[str, Any]) -> Listing:
    """Read a case with what its expectation says of the source."""
    told = {name: expected[name] for name in ("url", "content_type", "language", "time_zone") if name in expected}
    return feed.parse(body, **told)


@pytest.mark.parametrize(("body", "expectation"), PAIRS, ids=[body.name for body, _ in PAIRS])
def test_a_listing_says_what_its_document_says(body: Path, expectation: Path) -> None:
    """Every field that an expectation names is as it says; `problem` need only contain what it says."""
    expected = tomllib.loads(expectation.read_text("utf-8"))
    listing = parse(body.read_bytes(), expected)
    for name, value in expected["listing"].items():
        if name == "problem":
            assert value in listing.problem if value else not listing.problem
        elif name == "more":
            assert [entry.url for entry in listing.more] == value
        else:
            assert getattr(listing, name) == value, name
    rows = expected.get("entry", [])
    assert [entry.url for entry in listing.entries] == [row["url"] for row in rows]
    for entry, row in zip(listing.entries, rows, strict=True):
        for name, value in row.items():
            assert plain(getattr(entry, name)) == value, (entry.url, name)
        if "published" not in row:
            assert entry.published is None


def rss(items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()


def item(number: int) -> str:
    return f"<item><title>n{number}</title><link>https://example.org/{number}</link></item>"


def test_of_a_million_entries_the_first_thousands_are_read_and_the_rest_is_named() -> None:
    listing = feed.parse(rss("".join(map(item, range(feedtext.MAX_ENTRIES + 10_000)))), url="https://example.org/")
    assert len(listing.entries) == feedtext.MAX_ENTRIES
    assert "more than 5,000 entries" in listing.problem


def test_a_guid_that_is_no_address_never_becomes_one() -> None:
    listing = feed.parse(rss("<item><title>a</title><guid>12345</guid></item>"), url="https://example.org/rss")
    assert listing.entries == ()
    assert "without an address" in listing.problem


def test_a_body_that_names_a_file_is_text_and_the_file_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss(item(1)))
    assert feed.parse(str(secret).encode(), url="https://example.org/").entries == ()


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("ann@example.org (Ann Sample)", "Ann Sample"),
        ("Ann Sample &lt;ann@example.org&gt;", "Ann Sample"),
        ("ann@example.org", None),
    ],
)
def test_an_author_is_a_name_and_not_an_address(author: str, name: str | None) -> None:
    body = rss(f"<item><title>a</title><link>https://example.org/1</link><author>{author}</author></item>")
    assert feed.parse(body, url="https://example.org/").entries[0].authors == ((name,) if name else ())


@pytest.mark.parametrize(
    ("ttl", "seconds"), [("60", 3600), ("0", None), ("-5", None), ("soon", None), ("9" * 400, None), ("", None)]
)
def test_a_ttl_is_minutes_within_reason(ttl: str, seconds: int | None) -> None:
    assert feed.parse(rss(f"<ttl>{ttl}</ttl>{item(1)}"), url="https://example.org/").ttl == seconds


HOSTILE = {
    "deep nesting": rss("<a>" * 50_000 + "</a>" * 50_000),
    "deep nesting in xhtml": b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml">'
    + b"<div>" * 50_000,
    "one tag with very many attributes": rss("<a " + " ".join(f'b{n}="1"' for n in range(50_000)) + "/>" + item(1)),
    "very many namespaces": rss("".join(f'<n{n}:a xmlns:n{n}="u:{n}"/>' for n in range(20_000))),
    "very many categories": rss("<item>" + "".join(f"<category>c{n}</category>" for n in range(40_000)) + "</item>"),
    "comments without end": b"<!--" * 200_000,
    "instructions without end": b"<?" * 200_000,
    "document types without end": b"<!DOCTYPE a [ " * 50_000,
    "brackets": b"<!DOCTYPE a [" + b"]" * 400_000,
    "angle brackets": b"<" * 400_000,
    "scripts without end": rss(
        item(1) + "<item><description><![CDATA[" + "<script><" * 50_000 + "]]></description></item>"
    ),
    "quotes": rss("<a " + "\"'" * 200_000),
    "json nested without end": b'{"items":' + b"[" * 400_000,
    "json numbers": b'{"version":"https://jsonfeed.org/version/1","items":[' + b"9" * 400_000 + b"]}",
    "nul bytes": b"\0" * 400_000,
    "keywords": rss("<itunes:keywords " * 20_000),
    "entities that multiply": b"<!DOCTYPE r ["
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(20))
    + b"]>"
    + rss("<item><title>&u;</title><link>https://example.org/1</link></item>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_costs_no_more_than_its_length(name: str) -> None:
    """Each of these took minutes, or all memory, in one of the parsers behind before it was guarded."""
    listing = feed.parse(HOSTILE[name], url="https://example.org/")
    assert len(listing.entries) <= 1
    assert len(listing.problem) < 300


@settings(deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(
        [b"", b"<rss>", b"<feed>", b'{"items":[', b"<urlset>", b"<?xml version='1.0' encoding='", b"\xff\xfe"]
    ),
)
def test_no_bytes_raise(body: bytes, start: bytes) -> None:
    assert isinstance(feed.parse(start + body, url="https://example.org/"), Listing)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PAIRS), st.data())
def test_no_damage_to_a_document_raises(pair: tuple[Path, Path], data: st.DataObject) -> None:
    body = bytearray(pair[0].read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(body)))
        length = data.draw(st.integers(0, 30))
        body[at : at + length] = data.draw(
            st.sampled_from([b"", b"<", b">", b"&", b"\0", b"]]>", b"<item>", b'"', b"\xff", b"<![CDATA["])
        )
    listing = feed.parse(bytes(body), url="https://example.org/", language="zh", time_zone="Asia/Shanghai")
    assert all(urls.is_valid(entry.url) for entry in (*listing.entries, *listing.more))


def shared() -> Iterator[tuple[Path, Listing]]:
    """Yield every shared feed document that is no expectation, read."""
    for path in sorted(SHARED.glob("*/*")):
        if not path.name.endswith(".serde.json"):
            body = wire.unfold(path.read_bytes(), None, limit=50_000_000).body
            yield path, feed.parse(body, url="https://example.org/feed", language="en", time_zone="UTC")


@needs_shared
def test_real_feeds_of_every_kind_are_told_from_what_is_no_feed() -> None:
    """Of some 700 documents all but two dozen are listings: pages, fragments and OPML lie among them."""
    read = list(shared())
    others = [path.name for path, listing in read if not listing.format and not listing.entries]
    assert len(read) > 650
    assert len(others) <= 24, others
    for path, listing in read:
        assert listing.format or listing.problem, path.name
        assert all(urls.is_valid(entry.url) for entry in listing.entries), path.name


@needs_shared
def test_entries_agree_with_what_another_reader_made_of_the_same_feeds() -> None:
    """Counts, titles, links and dates beside those that feed-rs expects of its own cases. The floor only moves up."""
    counts, titles, links, days = [], [], [], []
    for expectation in sorted(SHARED.glob("feed-rs/*.serde.json")):
        source = next(
            path for end in (".xml", ".json") if (path := expectation.with_name(expectation.name[:-11] + end)).is_file()
        )
        expected = json.loads(expectation.read_bytes())["entries"]
        entries = feed.parse(source.read_bytes(), url="https://example.org/feed").entries
        counts.append(len(entries) == len(expected))
        for entry, other in zip(entries, expected, strict=False):
            if other["title"]:
                titles.append(entry.title == " ".join(other["title"]["content"].split()))
            if other["links"]:
                links.append(is_among(entry, [link["href"] for link in other["links"]]))
            if other.get("published"):
                days.append(
                    entry.published is not None and entry.published.at == datetime.fromisoformat(other["published"])
                )
    shares = {
        name: sum(rows) / len(rows)
        for name, rows in (("counts", counts), ("titles", titles), ("links", links), ("dates", days))
    }
    print(shares)
    assert shares["counts"] >= 0.90  # the rest has no address, or its only address is one to edit it
    assert shares["titles"] >= 0.99
    assert shares["links"] >= 0.94  # the rest are redirectors, opened here, and relative links, resolved here
    assert shares["dates"] >= 0.99


def is_among(entry: Entry, addresses: list[str]) -> bool:
    return urls.canonical(entry.url) in {urls.canonical(address) for address in addresses}


@pytest.mark.parametrize("place", ["entry", "feed"])
@pytest.mark.parametrize("name", "authors tags links content title_detail summary_detail source contributors".split())
def test_an_element_named_as_the_parser_names_its_own_does_no_harm(name: str, place: str) -> None:
    """`<authors>` is no list of authors: the parser keeps its words where its own list would be."""
    extra = f"<{name}>words</{name}>"
    inside, outside = (extra, "") if place == "entry" else ("", extra)
    item = f"<item><title>Talks</title><link>https://example.org/1</link>{inside}</item>"
    body = f'<rss version="2.0"><channel><title>Desk</title>{outside}{item}</channel></rss>'
    listing = feed.parse(body.encode(), url="https://example.org/feed")
    assert [entry.url for entry in listing.entries] == ["https://example.org/1"]
