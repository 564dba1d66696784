"""Whose turn it is: one question at a time to a host, with a pause between two, and rest when the host asks for it.

The pauses and rests are kept by wall-clock time and written down for other processes (`leases`). A clock that jumps can
at most cost one pause or one rest: no wait is longer than what was asked for. What a host may be asked, and how long it
rests, is decided elsewhere (`robots`, `cadence`).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from extractors.model import Outcome
from flows.leases import Lease, Leases, Marks

_POLL = 0.05  # seconds between two looks at a host that another process is asking
_POLL_MAX = 0.5
_COURTESY = 0.1  # of a pause


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as turns see it; tests bring their own."""

    time: Callable[[], float] = time.time  # seconds since 1970
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRules:
    """How politely hosts are asked."""

    delay: float  # seconds between two questions to a host
    max_pause: float  # a host that wants a longer pause gets this one
    max_rest: float  # no rest is longer, whatever a host says
    patience: float  # a want that would wait longer for its host is deferred
    per_host: int  # questions at a time
    slots: int  # questions at a time, over all hosts
    until: float | None = None  # when the run ends, seconds since 1970
    wait_rests: bool = False  # wait while a host rests, instead of deferring


class _Host:
    """One host: who waits for it, and when it may be asked."""

    __slots__ = ("gate", "marks", "pause", "waiting")

    def __init__(self, rules: TurnRules) -> None:
        self.gate = asyncio.Semaphore(rules.per_host)
        self.marks = Marks()
        self.pause = rules.delay
        self.waiting = 0


class Turns:
    """The hosts of one run, shared by all its fetches."""

    def __init__(self, rules: TurnRules, leases: Leases | None = None, clock: Clock | None = None) -> None:
        self._rules = rules
        self._leases = leases if rules.per_host == 1 else None  # the lease is for one question at a time
        self._clock = clock or Clock()
        self._slots = asyncio.Semaphore(rules.slots)
        self._hosts: dict[str, _Host] = {}

    def slow_down(self, host: str, pause: float) -> None:
        """Keep at least `pause` seconds between two questions to a host."""
        self._host(host).pause = max(self._rules.delay, min(pause, self._rules.max_pause))

    def rest(self, host: str, seconds: float) -> None:
        """Leave a host alone for a while. Called within its turn, so that other processes learn of it when the turn
        ends.
        """
        until = self._clock.time() + min(seconds, self._rules.max_rest)
        entry = self._host(host)
        entry.marks = entry.marks.merged(Marks(rest_until=until))

    def deferral(self, host: str) -> str:
        """Return why another want for a host has to wait for the next run, or an empty string."""
        entry = self._host(host)
        return self._deferral(host, entry, ahead=entry.waiting)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[str]:
        """Wait for the host's turn and a free slot, and hold both. Gives an empty string, or why there is no turn."""
        if deferral := self.deferral(host):
            yield deferral
            return
        entry = self._host(host)
        entry.waiting += 1
        try:
            async with entry.gate:
                lease, deferral = await self._come_up(host, entry)
                if deferral:
                    yield deferral
                    return
                try:
                    yield ""
                finally:
                    self._slots.release()
                    self._mark(entry, lease)
                    if lease is not None:
                        lease.release()
        finally:
            entry.waiting -= 1

    async def _come_up(self, host: str, entry: _Host) -> tuple[Lease | None, str]:
        """Wait until the host may be asked; then hold a slot and, where processes agree, the host's lease."""
        poll = _POLL
        while True:
            if deferral := self._deferral(host, entry, ahead=0):
                return None, deferral
            if (wait := max(self._wait(entry), self._rest(entry))) > 0:
                await self._clock.sleep(wait)
                continue
            await self._slots.acquire()
            try:
                lease, ready = self._lease(host, entry)
            except BaseException:
                self._slots.release()
                raise
            if ready:
                self._mark(entry, lease)
                return lease, ""
            self._slots.release()
            if not self._wait(entry) and not self._rest(entry):  # another process is asking
                await self._clock.sleep(poll)
                poll = min(poll * 1.5, _POLL_MAX)

    def _lease(self, host: str, entry: _Host) -> tuple[Lease | None, bool]:
        """Return the lease and whether the host may be asked right now, having learned what other processes know."""
        lease = None
        if self._leases is not None and self._leases.usable:
            lease = self._leases.acquire(host)
            if lease is None:
                return None, not self._leases.usable
            entry.marks = entry.marks.merged(self._credible(lease.read()))
        if self._wait(entry) or self._rest(entry):
            if lease is not None:
                lease.release()
            return None, False
        return lease, True

    def _deferral(self, host: str, entry: _Host, ahead: int) -> str:
        rest = self._rest(entry)
        if rest and not self._rules.wait_rests:
            return f"{host} asked for rest, {rest:.0f} s left"
        wait = max(self._wait(entry), rest) + ahead * entry.pause
        if wait > self._rules.patience:
            return f"{host} has {ahead} wants ahead, {wait:.0f} s"
        if self._rules.until is not None and self._clock.time() + wait >= self._rules.until:
            return "the run's time is used up"
        return ""

    def _mark(self, entry: _Host, lease: Lease | None) -> None:
        """Begin the pause: before the question, in case this process dies in it, and again after the answer."""
        marks = Marks(next_at=self._clock.time() + entry.pause, rest_until=entry.marks.rest_until)
        if lease is not None:
            lease.write(marks)
            # Whoever has just asked waits a little longer than the others, so that processes take turns.
            marks = Marks(next_at=marks.next_at + _COURTESY * entry.pause, rest_until=marks.rest_until)
        entry.marks = marks

    def _wait(self, entry: _Host) -> float:
        entry.marks = self._credible(entry.marks)
        return max(0.0, entry.marks.next_at - self._clock.time())

    def _rest(self, entry: _Host) -> float:
        entry.marks = self._credible(entry.marks)
        return max(0.0, entry.marks.rest_until - self._clock.time())

    def _credible(self, marks: Marks) -> Marks:
        """Forget marks that nobody can have meant: the clock has jumped, or the file is damaged."""
        now = self._clock.time()
        return Marks(
            next_at=marks.next_at if marks.next_at <= now + self._rules.max_pause * (1 + _COURTESY) + 1 else 0.0,
            rest_until=marks.rest_until if marks.rest_until <= now + self._rules.max_rest + 1 else 0.0,
        )

    def _host(self, host: str) -> _Host:
        entry = self._hosts.get(host)
        if entry is None:
            entry = self._hosts[host] = _Host(self._rules)
        return entry


class Room:
    """How many bytes of outcomes wait to be taken; asking pauses while they are too many."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting = 0
        self._free = asyncio.Event()
        self._free.set()

    async def free(self) -> None:
        """Wait until there is room."""
        await self._free.wait()

    def waits(self, outcome: Outcome) -> None:
        """Count an outcome that waits."""
        self._waiting += _size(outcome)
        if self._waiting > self._limit:
            self._free.clear()

    def taken(self, outcome: Outcome) -> None:
        """Count an outcome that has been taken."""
        self._waiting -= _size(outcome)
        if self._waiting <= self._limit:
            self._free.set()


def _size(outcome: Outcome) -> int:
    last = () if outcome.exchange is None else (outcome.exchange,)
    return 1024 + sum(len(item.body) for item in (*outcome.hops, *last))
