"""Whose turn it is, in a time of its own: the clock here moves only when somebody sleeps."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.model import Exchange, Fetched, Purpose, Want
from flows.leases import Leases, Marks
from flows.turns import Clock, Room, TurnRules, Turns

START = 1_782_745_661.0


class Time:
    """A clock that jumps to the next sleeper's hour once everybody sleeps."""

    def __init__(self) -> None:
        self.now = START
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._order = itertools.count()

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._order), event))
        await event.wait()

    async def pass_by(self, done: asyncio.Future[object]) -> None:
        while not done.done():
            for _ in range(50):
                await asyncio.sleep(0)
            if self._sleepers and not done.done():
                at, _, event = heapq.heappop(self._sleepers)
                self.now = max(self.now, at)
                event.set()

    @property
    def clock(self) -> Clock:
        return Clock(time=lambda: self.now, sleep=self.sleep)


def live(test: Callable[[Time], Awaitable[None]]) -> None:
    """Run a test in a time of its own."""

    async def go() -> None:
        time = Time()
        task = asyncio.ensure_future(test(time))
        await asyncio.wait_for(time.pass_by(task), 20)
        await task

    asyncio.run(go())


def rules(**more: float) -> TurnRules:
    given = {"delay": 2.0, "max_pause": 30.0, "max_rest": 3600.0, "patience": 600.0, "per_host": 1, "slots": 16} | more
    return TurnRules(**given)  # type: ignore[arg-type]


async def ask(turns: Turns, time: Time, host: str, *, takes: float = 0.5) -> tuple[float, float] | str:
    """Ask a host once. Returns when the question began and ended, from the start, or why there was no turn."""
    async with turns.turn(host) as deferral:
        if deferral:
            return deferral
        began = time.now - START
        await time.sleep(takes)
        return began, time.now - START


def test_questions_to_a_host_keep_their_pause_and_never_overlap() -> None:
    """The pause runs from the end of one question to the beginning of the next."""

    async def test(time: Time) -> None:
        turns = Turns(rules(), clock=time.clock)
        asked = await asyncio.gather(*(ask(turns, time, "a") for _ in range(4)))
        assert asked == [(0.0, 0.5), (2.5, 3.0), (5.0, 5.5), (7.5, 8.0)]

    live(test)


def test_hosts_do_not_wait_for_one_another() -> None:
    """However slow one of them is."""

    async def test(time: Time) -> None:
        turns = Turns(rules(), clock=time.clock)
        slow, *others = await asyncio.gather(
            ask(turns, time, "slow", takes=100), *(ask(turns, time, f"h{number}") for number in range(10))
        )
        assert slow == (0.0, 100.0)
        assert set(others) == {(0.0, 0.5)}

    live(test)


def test_a_pause_costs_no_slot() -> None:
    """With one slot, a host's pause is another host's turn."""

    async def test(time: Time) -> None:
        turns = Turns(rules(slots=1, delay=10), clock=time.clock)
        asked = await asyncio.gather(*(ask(turns, time, host, takes=1) for host in ("a", "a", "b", "c")))
        assert asked == [(0.0, 1.0), (11.0, 12.0), (1.0, 2.0), (2.0, 3.0)]

    live(test)


@pytest.mark.parametrize(("wish", "pause"), [(10.0, 10.0), (3600.0, 30.0), (0.1, 2.0)])
def test_a_longer_pause_is_kept_up_to_the_cap_and_a_shorter_one_is_not(wish: float, pause: float) -> None:
    """A Crawl-delay of an hour would stop a feed for ever."""

    async def test(time: Time) -> None:
        turns = Turns(rules(), clock=time.clock)
        turns.slow_down("a", wish)
        asked = await asyncio.gather(*(ask(turns, time, "a", takes=0) for _ in range(2)))
        assert asked == [(0.0, 0.0), (pause, pause)]

    live(test)


def test_a_host_that_asked_for_rest_is_left_alone_until_it_is_over() -> None:
    """Those who waited behind the question that brought it, too."""

    async def test(time: Time) -> None:
        turns = Turns(rules(), clock=time.clock)

        async def tiring() -> None:
            async with turns.turn("a"):
                turns.rest("a", 100)

        first = asyncio.ensure_future(tiring())
        waiting = [asyncio.ensure_future(ask(turns, time, "a")) for _ in range(3)]
        await first
        assert ["rest" in str(deferral) for deferral in await asyncio.gather(*waiting)] == [True] * 3
        assert "rest" in turns.deferral("a")
        await time.sleep(99)
        assert "rest" in turns.deferral("a")
        await time.sleep(2)
        assert turns.deferral("a") == ""

    live(test)


def test_no_rest_is_longer_than_the_cap() -> None:
    """Whatever a host says."""

    async def test(time: Time) -> None:
        turns = Turns(rules(max_rest=60), clock=time.clock)
        turns.rest("a", 1e12)
        await time.sleep(61)
        assert turns.deferral("a") == ""

    live(test)


def test_who_would_wait_too_long_is_deferred_at_once() -> None:
    """A host with five hundred pages takes its share of the run, and no more."""

    async def test(time: Time) -> None:
        turns = Turns(rules(patience=10), clock=time.clock)
        asked = await asyncio.gather(*(ask(turns, time, "a", takes=0) for _ in range(20)))
        got = [entry for entry in asked if not isinstance(entry, str)]
        assert 4 <= len(got) <= 6
        assert max(began for began, _ in got) <= 10

    live(test)


def test_nothing_begins_after_the_end_of_the_run() -> None:
    """What would is deferred."""

    async def test(time: Time) -> None:
        turns = Turns(rules(until=START + 5), clock=time.clock)
        asked = await asyncio.gather(*(ask(turns, time, "a", takes=0) for _ in range(20)))
        got = [entry[0] for entry in asked if not isinstance(entry, str)]
        assert got
        assert max(got) < 5

    live(test)


@pytest.mark.parametrize("jump", [-86400.0, 86400.0, 1e9])
def test_a_clock_that_jumps_costs_no_more_than_a_pause(jump: float) -> None:
    """Back by a day must not stop every host for a day."""

    async def test(time: Time) -> None:
        turns = Turns(rules(), clock=time.clock)
        await ask(turns, time, "a")
        turns.rest("b", 3000)
        time.now += jump
        before = time.now
        assert not isinstance(await ask(turns, time, "a"), str)
        assert time.now - before <= 30 + 2
        assert turns.deferral("b") == ""

    live(test)


def test_two_processes_keep_one_pause_between_them(tmp_path: Path) -> None:
    """Two registries over one directory: a backfill beside a run. Both get their turns."""

    async def test(time: Time) -> None:
        both = [Turns(rules(), Leases(tmp_path), time.clock) for _ in range(2)]
        asked = await asyncio.gather(*(ask(turns, time, "a") for turns in both for _ in range(5)))
        spans = sorted(entry for entry in asked if not isinstance(entry, str))
        assert len(spans) == 10
        assert all(later[0] - earlier[1] >= 2 - 0.01 for earlier, later in itertools.pairwise(spans))
        ahead, behind = (
            [span[1] for span in asked[five] if not isinstance(span, str)] for five in (slice(5), slice(5, 10))
        )
        assert max(abs(mine - theirs) for mine, theirs in zip(ahead, behind, strict=True)) <= 6

    live(test)


def test_a_rest_is_known_to_other_processes(tmp_path: Path) -> None:
    """The host asked for it once; that is enough."""

    async def test(time: Time) -> None:
        one, other = [Turns(rules(), Leases(tmp_path), time.clock) for _ in range(2)]
        async with one.turn("a") as deferral:
            assert deferral == ""
            one.rest("a", 300)
        assert "rest" in str(await ask(other, time, "a"))

    live(test)


def test_marks_that_nobody_can_have_meant_are_forgotten(tmp_path: Path) -> None:
    """A file from a machine whose clock ran a year ahead."""
    lease = Leases(tmp_path).acquire("a")
    assert lease is not None
    lease.write(Marks(next_at=START + 3e7, rest_until=START + 3e7))
    lease.release()

    async def test(time: Time) -> None:
        turns = Turns(rules(), Leases(tmp_path), time.clock)
        assert await ask(turns, time, "a") == (0.0, 0.5)

    live(test)


def test_a_question_that_is_cancelled_or_fails_gives_everything_back(tmp_path: Path) -> None:
    """Turn, slot and lease."""

    async def test(time: Time) -> None:
        turns = Turns(rules(slots=1, delay=0), Leases(tmp_path), time.clock)
        task = asyncio.ensure_future(ask(turns, time, "a", takes=1000))
        behind = asyncio.ensure_future(ask(turns, time, "a", takes=0))
        for _ in range(10):
            await asyncio.sleep(0)
        behind.cancel()
        task.cancel()
        await asyncio.gather(task, behind, return_exceptions=True)
        with pytest.raises(RuntimeError, match="fault"):
            async with turns.turn("a"):
                raise RuntimeError("fault")
        assert not isinstance(await ask(turns, time, "a", takes=0), str)

    live(test)


def test_asking_pauses_while_too_much_waits_to_be_taken() -> None:
    """Memory is bounded in bytes: a slow archive slows the fetching down."""

    async def test(time: Time) -> None:
        room = Room(5000)
        at = datetime.now(UTC)
        outcome = Fetched(
            want=Want(url="http://a/", purpose=Purpose.PAGE),
            at=at,
            exchange=Exchange(url="http://a/", at=at, status=200, body=bytes(3000)),
        )
        room.waits(outcome)
        await room.free()
        room.waits(outcome)
        blocked = asyncio.ensure_future(room.free())
        await asyncio.sleep(0)
        assert not blocked.done()
        room.taken(outcome)
        await blocked

    live(test)
