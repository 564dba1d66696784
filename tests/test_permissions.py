"""What each origin allows: asked for once, remembered, and kept for the next run."""

import asyncio
import gzip
from datetime import timedelta
from pathlib import Path

from extractors.model import Fetched, Outcome, Reason
from flows import robots
from flows.turns import Clock
from tests.hostile.behaviours import gzip_bomb, like, says
from tests.hostile.newsroom import Newsroom
from tests.hostile.visiting import fetcher, page, reason, run

RULES = b"User-agent: *\nDisallow: /gzip\n"


def test_the_next_run_does_not_ask_again_within_a_day(tmp_path: Path) -> None:
    """And the archive is told only of files that were fetched."""

    async def test(room: Newsroom) -> None:
        room.robots["*"] = says(RULES)
        told: list[Outcome] = []
        for _ in range(3):
            async with fetcher(directory=tmp_path, on_robots=told.append) as client:
                assert reason(await client.fetch(page(room.url("/gzip")))) is Reason.ROBOTS
        assert len(room.asked("/robots.txt")) == len(told) == 1

    run(test)


def test_a_failure_is_not_kept_for_the_next_run(tmp_path: Path) -> None:
    """A host that was down is asked again by the next run, and only once by each."""

    async def test(room: Newsroom) -> None:
        room.robots["*"] = says(b"", 500)
        for _ in range(2):
            async with fetcher(directory=tmp_path) as client:
                for _ in range(3):
                    assert reason(await client.fetch(page(room.url("/ok")))) is Reason.ROBOTS_UNREACHABLE
        assert len(room.asked("/robots.txt")) == 2

    run(test)


def test_a_run_of_more_than_a_day_asks_again() -> None:
    """A backfill may take a week."""

    async def test(room: Newsroom) -> None:
        now = [1_782_745_661.0]
        async with fetcher(clock=Clock(time=lambda: now[0])) as client:
            for _ in range(2):
                assert isinstance(await client.fetch(page(room.url("/ok"))), Fetched)
                now[0] += (robots.FRESH + timedelta(minutes=1)).total_seconds()
        assert len(room.asked("/robots.txt")) == 2

    run(test)


def test_a_file_that_was_packed_though_nobody_asked_is_read() -> None:
    """Some servers pack whatever they are told."""

    async def test(room: Newsroom) -> None:
        room.robots["*"] = says(gzip.compress(RULES), 200, "Content-Encoding: gzip")
        async with fetcher() as client:
            assert reason(await client.fetch(page(room.url("/gzip")))) is Reason.ROBOTS
            assert reason(await client.fetch(page(room.url("/ok")))) == "Fetched"

    run(test)


def test_a_file_that_is_a_bomb_forbids() -> None:
    """Nobody knows what it says."""

    async def test(room: Newsroom) -> None:
        room.robots["*"] = says(gzip_bomb(), 200, "Content-Encoding: gzip")
        async with fetcher(header_timeout=9, total_timeout=9, read_timeout=9) as client:
            assert reason(await client.fetch(page(room.url("/ok")))) is Reason.ROBOTS_UNREACHABLE

    run(test)


def test_origins_are_asked_side_by_side() -> None:
    """One whose file never comes holds up nobody else."""

    async def test(room: Newsroom) -> None:
        room.robots["slow.test"] = like("/silent")
        async with fetcher(allow=("slow.test", "fast.test")) as client:
            slow = asyncio.ensure_future(client.fetch(page(room.url("/ok", "slow.test"))))
            assert isinstance(await client.fetch(page(room.url("/ok", "fast.test"))), Fetched)
            assert not slow.done()
            assert reason(await slow) is Reason.ROBOTS_UNREACHABLE

    run(test)
