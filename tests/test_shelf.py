"""Robots files between runs: kept, believed for a day, and never trusted further than they can be read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import robots
from flows.shelf import Shelf

NOW = datetime(2026, 7, 1, tzinfo=UTC)
SITE = "https://news.example"
BODY = b"User-agent: *\nDisallow: /secret\nCrawl-delay: 9\nSitemap: /map.xml\n"


def kept(directory: Path, body: bytes | None = BODY, origin: str = SITE) -> Shelf:
    shelf = Shelf(directory)
    known = robots.found(NOW, body, agent="Tripolar", base=SITE) if body else robots.none(NOW, "Tripolar")
    shelf.keep(origin, known, body=body, base=f"{origin}/robots.txt")
    return shelf


def read(shelf: Shelf, after: timedelta = timedelta(hours=1), origin: str = SITE) -> robots.Robots | None:
    return shelf.read(origin, agent="Tripolar", now=NOW + after)


def test_what_was_kept_says_the_same(tmp_path: Path) -> None:
    """Rules, delay and sitemaps; and its age is that of the fetch."""
    known = read(kept(tmp_path))
    assert known is not None
    assert not known.allows(f"{SITE}/secret/1")
    assert known.allows(f"{SITE}/news")
    assert known.delay == 9
    assert known.sitemaps == (f"{SITE}/map.xml",)
    assert known.until == NOW + robots.FRESH


def test_an_origin_without_a_file_is_remembered_as_one(tmp_path: Path) -> None:
    """Nine hosts in ten answer 404 for years."""
    known = read(kept(tmp_path, None))
    assert known is not None
    assert known.allows(f"{SITE}/secret/1")


@pytest.mark.parametrize("after", [robots.FRESH, timedelta(days=400), timedelta(seconds=-1)])
def test_what_is_too_old_or_from_the_future_is_not_believed(tmp_path: Path, after: timedelta) -> None:
    """RFC 9309: a day. A clock that jumped must not keep a file for ever."""
    assert read(kept(tmp_path), after) is None


def test_origins_are_kept_apart(tmp_path: Path) -> None:
    """By scheme, host and port."""
    shelf = kept(tmp_path)
    assert read(shelf, origin="http://news.example") is None
    assert read(shelf, origin=f"{SITE}:8443") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 50,
        b"{}",
        b"[]\nDisallow: /",
        b'{"origin": 1, "at": 2}\n',
        b'{"origin": "https://news.example", "at": "soon", "found": true, "base": ""}\n',
        b'{"origin": "https://news.example", "at": "2026-07-01T00:00:00", "found": true, "base": ""}\n',
        b"\xff\xfe\n",
    ],
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    """It is asked for again."""
    shelf = kept(tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    assert read(shelf) is None


def test_no_origin_leads_out_of_the_directory(tmp_path: Path) -> None:
    """It comes from the network."""
    directory = tmp_path / "hosts"
    directory.mkdir()
    for origin in ("https://../../etc", "https://a/" + "b" * 5000, "https://новости.рф"):
        assert read(kept(directory, origin=origin), origin=origin) is not None
    assert list(tmp_path.iterdir()) == [directory]


def test_a_directory_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    """Nothing raises."""
    assert read(kept(tmp_path / "missing")) is None
