"""Saved queries: what their front matter says, and feeds that any reader takes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from storage import saved, warehouse
from storage.query import QueryError
from storage.saved import Row, Saved, Target
from tests.desk import Segment, at, revision

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def write(path: Path, text: str) -> Path:
    """Write a query file."""
    path.write_text(text, encoding="utf-8")
    return path


def test_front_matter_says_title_time_key_feeds_and_alerts(tmp_path: Path) -> None:
    """Everything but the title has a default."""
    path = write(
        tmp_path / "rare.sql",
        "-- title: Rare earths\n-- schedule: 6h\n-- key: url\n-- feed: atom, json\n"
        "-- alert: webhook https://hooks.example/x, mail desk@example.org, file out.jsonl\n-- a remark\nSELECT 1 AS url",
    )
    told = saved.read(path)
    assert (told.name, told.title, told.pause, told.key, told.feeds) == (
        "rare", "Rare earths", timedelta(hours=6), ("url",), ("atom", "json"),
    )  # fmt: skip
    assert told.alerts == (
        Target(kind="webhook", address="https://hooks.example/x"),
        Target(kind="mail", address="desk@example.org"),
        Target(kind="file", address="out.jsonl"),
    )
    assert saved.read(write(tmp_path / "plain.sql", "-- title: Plain\nSELECT 1")).pause == timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("SELECT 1", "no title"),
        ("-- title: x\n-- colour: red\nSELECT 1", r":2: unknown 'colour'"),
        ("-- title: x\n-- schedule: often\nSELECT 1", "no time such as"),
        ("-- title: x\n-- feed: rss\nSELECT 1", "'rss' is none of"),
        ("-- title: x\n-- alert: pigeon north\nSELECT 1", "neither"),
        ("-- title: x\n-- alert: mail a@b\r\nBcc: c@d\nSELECT 1", "neither|syntax|Parser"),
        ("-- title: x\n-- alert: webhook file:///etc/passwd\nSELECT 1", "neither"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, why: str) -> None:
    """With the file, and what would be right."""
    path = write(tmp_path / "q.sql", text)
    if "Bcc" in text:
        assert saved.read(path).alerts == (Target(kind="mail", address="a@b"),)  # the rest is SQL, and will be refused
        return
    with pytest.raises(QueryError, match=why):
        saved.read(path)


def test_rows_are_known_again_by_their_key(tmp_path: Path) -> None:
    """Another title under the same address is the same row."""
    corpus = tmp_path / "corpus.duckdb"
    with warehouse.connect(corpus) as connection:
        Segment("a").capture("https://gull.example/a", at(1), revision("https://gull.example/a", "Words")).load(
            connection
        )
    path = write(tmp_path / "q.sql", "-- title: x\n-- key: url\nSELECT url, title FROM articles")
    (row,) = saved.rows(corpus, saved.read(path))
    (again,) = saved.rows(corpus, saved.read(write(path, "-- title: x\n-- key: url\nSELECT url, 'Other' AS title FROM articles")))  # fmt: skip
    assert row.id == again.id
    assert (saved.line(row), saved.link(row)) == ("A title", "https://gull.example/a")
    with pytest.raises(QueryError, match="no column"):
        saved.rows(corpus, saved.read(write(path, "-- title: x\n-- key: nowhere\nSELECT url FROM articles")))


QUERY = Saved(name="q", title="A <b> & c", sql="", pause=timedelta(hours=1), key=(), feeds=(), alerts=())


def test_an_atom_feed_is_read_by_feedparser() -> None:
    """Titles with markup arrive as they are, links and dates are there."""
    row = Row(id="1" * 32, values={"title": "<script>alert(1)</script> & \u202etxt", "url": "https://gull.example/a?b=1&c=2", "dated_at": at(1)})  # fmt: skip
    read = feedparser.parse(saved.atom(QUERY, [row], NOW))
    assert not read.bozo
    assert read.feed.title == "A &lt;b&gt; &amp; c" or read.feed.title == "A <b> & c"
    assert read.entries[0].link == "https://gull.example/a?b=1&c=2"
    assert read.entries[0].updated == "2026-03-02T07:00:00+00:00"
    assert "script>" in read.entries[0].title
    assert "\u202e" not in read.entries[0].title


def test_a_json_feed_has_its_version_and_items() -> None:
    """As the specification names them; an address that no browser should follow is left out."""
    rows = [Row(id="1", values={"title": "One", "url": "javascript:alert(1)"}), Row(id="2", values={"n": 7})]
    read = json.loads(saved.json_feed(QUERY, rows, NOW))
    assert read["version"].startswith("https://jsonfeed.org/version/1")
    assert [(item["id"], item["title"], "url" in item) for item in read["items"]] == [("1", "One", False), ("2", "n 7", False)]  # fmt: skip


@given(title=st.text(), url=st.text())
def test_any_text_gives_a_whole_document(title: str, url: str) -> None:
    """Well-formed XML and JSON, whatever the row holds."""
    row = Row(id="x", values={"title": title, "url": "https://" + url, "note": title})
    etree.fromstring(saved.atom(QUERY, [row], NOW).encode("utf-8"))
    json.loads(saved.json_feed(QUERY, [row], NOW))
