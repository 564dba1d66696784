"""What each origin allows its visitor: remembered, read from the shelf of earlier runs, or asked for, once for all.

What a file says is read in `robots`; the asking is handed in by `fetcher`.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime

from extractors import wire
from extractors.model import Failed, Fetched, Outcome, Purpose, Reason, Want
from flows import robots
from flows.robots import Robots
from flows.shelf import Shelf

_ORIGINS = 4096  # remembered at a time
_UNFOLDED = 10_000_000  # bytes of a robots file with its content coding undone


class Permissions:
    """The robots files of one run. `ask` fetches one; `told` is given the outcome of each that was fetched."""

    def __init__(
        self,
        agent: str,
        ask: Callable[[Want], Awaitable[Outcome]],
        told: Callable[[Outcome], None] | None,
        shelf: Shelf | None,
    ) -> None:
        self._agent = agent
        self._ask = ask
        self._told = told
        self._shelf = shelf
        self._known: OrderedDict[str, Robots] = OrderedDict()
        self._asking: dict[str, asyncio.Lock] = {}

    async def of(self, origin: str, now: Callable[[], datetime]) -> Robots:
        """Return what an origin (`https://host:port`) allows. Who comes while it is asked waits for the one answer."""
        async with self._asking.setdefault(origin, asyncio.Lock()):
            known = self._known.get(origin)
            if known is None and self._shelf is not None:
                known = self._shelf.read(origin, agent=self._agent, now=now())
            if known is None or now() >= known.until:
                known = await self._fetch(origin)
            if known.refusal is not Reason.DEFERRED:  # which teaches nothing
                self._remember(origin, known)
            return known

    async def _fetch(self, origin: str) -> Robots:
        outcome = await self._ask(Want(url=f"{origin}/robots.txt", purpose=Purpose.ROBOTS))
        known, body = self._judge(outcome)
        if known.refusal is None and self._shelf is not None:
            base = outcome.exchange.url if isinstance(outcome, Fetched) else origin
            self._shelf.keep(origin, known, body=body, base=base)
        if self._told is not None and known.refusal is not Reason.DEFERRED:
            self._told(outcome)
        return known

    def _judge(self, outcome: Outcome) -> tuple[Robots, bytes | None]:
        """Return what an outcome allows, and the file where there is one."""
        if not isinstance(outcome, Fetched):
            return robots.judge(outcome, b"", agent=self._agent), None
        coding = outcome.exchange.header("content-encoding")
        unfolded = wire.unfold(outcome.exchange.body, coding, limit=_UNFOLDED)
        if unfolded.problem is Reason.BOMB:
            bomb = Failed(want=outcome.want, at=outcome.at, reason=Reason.BOMB, detail=unfolded.detail)
            return robots.judge(bomb, b"", agent=self._agent), None
        return robots.judge(outcome, unfolded.body, agent=self._agent), unfolded.body

    def _remember(self, origin: str, known: Robots) -> None:
        self._known[origin] = known
        self._known.move_to_end(origin)
        if len(self._known) > _ORIGINS:
            gone, _ = self._known.popitem(last=False)
            self._asking.pop(gone, None)
