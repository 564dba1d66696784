"""One outcome read: by which name an entry is known again."""

from datetime import UTC, datetime

from extractors import intake
from extractors.model import Exchange, Fetched, Polled, Purpose, Record, Want

FEED = "https://gull.example/feed"


def polled(*items: tuple[str, str, str]) -> Polled:
    """Read a feed of items, each with address, GUID and title."""
    listed = "".join(f"<item><link>{url}</link><guid isPermaLink='false'>{guid}</guid><title>{title}</title></item>" for url, guid, title in items)  # fmt: skip
    body = f"<rss version='2.0'><channel><title>The Gull</title>{listed}</channel></rss>".encode()
    want = Want(url=FEED, purpose=Purpose.FEED, source_id="gull", language="en")
    exchange = Exchange(url=FEED, at=datetime(2026, 3, 2, tzinfo=UTC), status=200, body=body, elapsed_ms=1)
    outcome = Fetched(want=want, at=exchange.at, exchange=exchange)
    return intake.read_listing(Record(outcome=outcome, segment="s", offset=0, length=0))


def ids(read: Polled) -> list[str]:
    """Return the ids of the entries."""
    return [sighted.id for sighted in read.sighted]


def test_a_guid_that_every_item_has_names_none_of_them() -> None:
    """Otherwise the feed would have one entry, and the other pages would never be asked for."""
    read = polled(*((f"https://gull.example/{n}", "gull", f"Story {n}") for n in range(3)), ("https://gull.example/9", "own", "Another"))  # fmt: skip
    assert len(read.sighted) == 4
    assert len(set(ids(read))) == 4


def test_an_entry_whose_guid_is_shared_is_known_again_by_its_address() -> None:
    """In the next answer, with other neighbours and another title."""
    before = polled(("https://gull.example/1", "gull", "One"), ("https://gull.example/2", "gull", "Two"))
    after = polled(("https://gull.example/2", "gull", "Two, again"), ("https://gull.example/3", "gull", "Three"))
    assert ids(before)[1] == ids(after)[0]


def test_an_entry_with_its_own_guid_is_known_again_when_its_address_changes() -> None:
    """A corrected headline often gives another address."""
    before = polled(("https://gull.example/brid", "tag:1", "Brid"), ("https://gull.example/2", "tag:2", "Two"))
    after = polled(("https://gull.example/bird", "tag:1", "Bird"))
    assert ids(before)[0] == ids(after)[0]
