"""The plan: what loading leaves for collecting, written and read back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from storage import plan, warehouse

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def _poll(connection: duckdb.DuckDBPyConnection, url: str, days: int, **facts: object) -> None:
    """Note a poll of so many days ago."""
    at = NOW - timedelta(days=days)
    row = {"segment": f"s{days}", "offset": len(url), "url": url, "polled_at": at, "outcome": "fetched"} | facts
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(f"INSERT INTO poll ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


@pytest.fixture
def read(tmp_path: Path) -> plan.Plan:
    """Save and read the plan of a corpus with three feeds."""
    with warehouse.connect(tmp_path / "corpus.duckdb") as connection:
        _poll(connection, "https://busy.example/", 40, etag='"old"', digest="sha256:1", ttl_s=600, keys=[1, 2])
        _poll(connection, "https://busy.example/", 3, etag='"new"', digest="sha256:2", keys=[2, 3])
        for days in (2, 1, 0):
            _poll(connection, "https://busy.example/", days, outcome="not-modified", status=304)
        _poll(connection, "https://gone.example/", 200, outcome="failed", reason="gone", status=410)
        for days in range(100, 400, 10):
            _poll(connection, "https://quiet.example/", days, etag=f'"{days}"')
        plan.save(connection, tmp_path / "plan")
    return plan.read(tmp_path / "plan")


def test_validators_are_those_of_the_last_body_whatever_came_after(read: plan.Plan) -> None:
    """A 304 has no body and must not make the next question an unconditional one."""
    busy = read.feeds["https://busy.example/"]
    assert (busy.validators.etag, busy.validators.digest, busy.ttl) == ('"new"', "sha256:2", 600)
    assert [poll.status for poll in busy.polls] == [None, None, 304, 304, 304]


def test_what_a_poll_shares_with_the_one_before_is_told(read: plan.Plan) -> None:
    """The overlap steers the pause between two polls."""
    assert [poll.overlap for poll in read.feeds["https://busy.example/"].polls[:2]] == [None, 0.5]


def test_the_shortest_time_in_which_a_third_of_a_listing_came_out_is_told(tmp_path: Path) -> None:
    """Of entries whose time of day is known; a feed that was never listed has none."""
    minutes = [0, 300, 310, 325, 900, 2000]
    with warehouse.connect(tmp_path / "corpus.duckdb") as connection:
        _poll(connection, "https://busy.example/", 1, entries=6)
        _poll(connection, "https://dated.example/", 1, entries=6)
        for feed, precision in (("https://busy.example/", "second"), ("https://dated.example/", "day")):
            connection.executemany(
                "INSERT INTO entry (feed, published_at, published_precision, first_seen_at) VALUES (?, ?, ?, ?)",
                [[feed, NOW - timedelta(minutes=before), precision, NOW - timedelta(days=1)] for before in minutes],
            )
        plan.save(connection, tmp_path / "plan")
    feeds = plan.read(tmp_path / "plan").feeds
    assert feeds["https://busy.example/"].turnover == 25 * 60
    assert feeds["https://dated.example/"].turnover is None


def test_a_plan_of_an_older_version_is_read(tmp_path: Path, read: plan.Plan) -> None:
    """A cycle collects before it loads, so the first one after an update meets what the version before it left."""
    path = tmp_path / "plan" / "polls.parquet"
    table = pq.read_table(path)
    pq.write_table(table.drop_columns(["turnover_s"]), path)
    assert plan.read(tmp_path / "plan").feeds == read.feeds


def test_a_feed_that_was_asked_long_ago_is_not_forgotten(read: plan.Plan) -> None:
    """Otherwise one that is gone for good would count as never asked."""
    (only,) = read.feeds["https://gone.example/"].polls
    assert (only.status, only.reason) == (410, "gone")


def test_no_more_than_twenty_polls_of_a_feed_are_kept_oldest_first(read: plan.Plan) -> None:
    """Older ones say nothing that the next pause depends on."""
    quiet = read.feeds["https://quiet.example/"]
    assert [(NOW - poll.at).days for poll in quiet.polls] == list(range(290, 90, -10))
    assert quiet.validators.etag == '"100"'


def test_known_pages_read_back_from_several_row_groups(tmp_path: Path) -> None:
    """Numbers over 63 bits and the borders between groups included."""
    keys = [7, 2**40, 2**63 + 5, 2**64 - 1]
    table = pa.table({"key": pa.array(keys, pa.uint64()), "fingerprint": pa.array([0, 1, 2, 2**64 - 2], pa.uint64())})
    pq.write_table(table, tmp_path / "known.parquet", row_group_size=1)
    known = plan.read(tmp_path).known
    assert [known.fingerprint(f"{key:016x}{'0' * 16}") for key in keys] == [0, 1, 2, 2**64 - 2]
    assert known.fingerprint("0" * 32) is None
