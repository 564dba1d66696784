"""How tests visit the hostile newsroom: a fetcher with small limits, and names that lead where a test wants them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from extractors.model import Outcome, Purpose, Reason, Validators, Want
from flows.fetcher import Fetcher
from flows.manners import FetchSettings
from tests.hostile.newsroom import Newsroom

QUICK: dict[str, Any] = {
    "connect_timeout": 1.0,
    "read_timeout": 0.4,
    "header_timeout": 0.6,
    "total_timeout": 1.0,
    "max_body": 2_000_000,
    "delay": 0.0,
    "allow": ("127.0.0.1",),
}

ADDRESSES = {
    "inner.test": "10.0.0.7",
    "metadata.test": "169.254.169.254",
    "shared.test": "100.64.1.1",
    "six.test": "::1",
    "mapped.test": "::ffff:127.0.0.1",
}


async def names(host: str, port: int) -> Sequence[str]:
    """Resolve names of tricks to their addresses, `gone...` to nothing and all others to the newsroom."""
    if host.startswith("gone"):
        raise OSError("no such name")
    return [ADDRESSES.get(host, "127.0.0.1")]


def run(test: Callable[[Newsroom], Awaitable[None]], **options: Any) -> None:
    """Run an async test in an open newsroom, for no longer than a test may hang."""

    async def live() -> None:
        async with Newsroom(**options) as room:
            await asyncio.wait_for(test(room), 20)

    asyncio.run(live())


def fetcher(**settings: Any) -> Fetcher:
    """Return a fetcher with small limits, settings and seams as wished."""
    seams = {key: settings.pop(key) for key in ("directory", "on_robots", "clock", "resolve") if key in settings}
    return Fetcher(FetchSettings(**(QUICK | settings)), **({"resolve": names} | seams))


def page(url: str, **more: Any) -> Want:
    """Return the want of a page."""
    return Want(url=url, purpose=Purpose.PAGE, **more)


async def outcome_of(room: Newsroom, path: str, *, validators: Validators | None = None, **settings: Any) -> Outcome:
    """Fetch one path of the newsroom with a fetcher of its own."""
    async with fetcher(**settings) as client:
        return await client.fetch(page(room.url(path), validators=validators or Validators()))


def reason(outcome: Outcome) -> Reason | str:
    """Return why an outcome failed, or its kind."""
    return getattr(outcome, "reason", None) or type(outcome).__name__
