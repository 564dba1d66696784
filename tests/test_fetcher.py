"""The fetcher against a newsroom that misbehaves: one outcome for every want, whatever comes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from hostile.newsroom import Newsroom

from extractors.model import Failed, Outcome, Purpose, Reason, Validators, Want
from flows.fetcher import Fetcher, FetchSettings

QUICK: dict[str, Any] = {
    "connect_timeout": 1.0,
    "read_timeout": 0.4,
    "header_timeout": 0.6,
    "total_timeout": 1.0,
    "max_body": 2_000_000,
    "delay": 0.0,
    "allow": ("127.0.0.1",),
}


async def names(host: str, port: int) -> Sequence[str]:
    """Resolve every name to the newsroom, but for those that stand for a trick."""
    if host.startswith("gone"):
        raise OSError("no such name")
    tricks = {"inner.test": "10.0.0.7", "metadata.test": "169.254.169.254", "six.test": "::1"}
    return [tricks.get(host, "127.0.0.1")]


def run(test: Callable[[Newsroom], Awaitable[None]], **options: Any) -> None:
    """Run an async test in an open newsroom."""

    async def live() -> None:
        async with Newsroom(**options) as room:
            await asyncio.wait_for(test(room), 20)

    asyncio.run(live())


def fetcher(**settings: Any) -> Fetcher:
    """Return a fetcher with small limits. Names ending in `.test` lead to the newsroom, and are allowed only where a
    test says so.
    """
    seams = {key: settings.pop(key) for key in ("directory", "on_robots", "clock") if key in settings}
    return Fetcher(FetchSettings(**(QUICK | settings)), resolve=names, **seams)


def page(url: str, **more: Any) -> Want:
    return Want(url=url, purpose=Purpose.PAGE, **more)


async def outcome_of(room: Newsroom, path: str, *, validators: Validators | None = None, **settings: Any) -> Outcome:
    async with fetcher(**settings) as client:
        return await client.fetch(page(room.url(path), validators=validators or Validators()))


# --- One outcome for everything the network does ---

FAILURES = {
    "/always304": Reason.PROTOCOL,
    "/announced": Reason.TOO_LARGE,
    "/bad-chunk": Reason.PROTOCOL,
    "/closes-at-once": Reason.CONNECT,
    "/cut-chunk": Reason.TRUNCATED,
    "/drip": Reason.TIMEOUT,
    "/early-hints": Reason.TIMEOUT,
    "/endless": Reason.TOO_LARGE,
    "/endless-chunks": Reason.TOO_LARGE,
    "/grows": Reason.REDIRECTS,
    "/heals": Reason.SERVER_ERROR,
    "/http09": Reason.CONNECT,
    "/huge-chunk": Reason.TRUNCATED,
    "/huge-header": Reason.PROTOCOL,
    "/loop/a": Reason.REDIRECTS,
    "/many-headers": Reason.PROTOCOL,
    "/negative-length": Reason.PROTOCOL,
    "/no-location": Reason.REDIRECTS,
    "/not-http": Reason.PROTOCOL,
    "/nul-header": Reason.PROTOCOL,
    "/reset": Reason.CONNECT,
    "/reset-body": Reason.TRUNCATED,
    "/reset-headers": Reason.CONNECT,
    "/short": Reason.TRUNCATED,
    "/silent": Reason.TIMEOUT,
    "/slow-headers": Reason.TIMEOUT,
    "/stalls": Reason.TIMEOUT,
    "/status-line": Reason.PROTOCOL,
    "/switching": Reason.PROTOCOL,
    "/two-lengths": Reason.PROTOCOL,
    "/status/204": Reason.NO_CONTENT,
    "/status/205": Reason.NO_CONTENT,
    "/status/206": Reason.NO_CONTENT,
    "/status/300": Reason.REDIRECTS,
    "/status/305": Reason.REDIRECTS,
    "/status/400": Reason.CLIENT_ERROR,
    "/status/401": Reason.FORBIDDEN,
    "/status/402": Reason.FORBIDDEN,
    "/status/403": Reason.FORBIDDEN,
    "/status/404": Reason.GONE,
    "/status/407": Reason.FORBIDDEN,
    "/status/408": Reason.TIMEOUT,
    "/status/410": Reason.GONE,
    "/status/418": Reason.CLIENT_ERROR,
    "/status/429": Reason.RATE_LIMITED,
    "/status/451": Reason.FORBIDDEN,
    "/status/500": Reason.SERVER_ERROR,
    "/status/503": Reason.SERVER_ERROR,
    "/status/599": Reason.SERVER_ERROR,
    "/status/999": Reason.PROTOCOL,
}


def test_each_way_of_failing_has_its_reason() -> None:
    """All at once: nothing that one path does may touch the outcome of another."""

    async def test(room: Newsroom) -> None:
        async with fetcher(per_host=64, concurrency=64) as client:
            paths = list(FAILURES)
            outcomes = await asyncio.gather(*(client.fetch(page(room.url(path))) for path in paths))
        got = {
            path: outcome.reason if isinstance(outcome, Failed) else outcome
            for path, outcome in zip(paths, outcomes, strict=True)
        }
        # A 429 lets the host rest, which defers whatever had not begun by then.
        assert {path: reason for path, reason in got.items() if reason is not Reason.DEFERRED} == {
            path: FAILURES[path] for path, reason in got.items() if reason is not Reason.DEFERRED
        }
        assert got["/status/429"] is Reason.RATE_LIMITED

    run(test)
