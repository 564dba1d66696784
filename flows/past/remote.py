"""A large file behind a URL, read as a stream: when the connection breaks it goes on from where it was.

Connections go only where those of the fetcher may go. What is in the file is up to whoever reads it.
"""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx

from flows import cadence
from flows.addresses import Allowance
from flows.guard import GuardedTransport, PrivateAddress, SystemResolver
from flows.manners import FetchSettings

ATTEMPTS = 5  # in a row that bring nothing
_CHUNK = 1 << 16
_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)")
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_BROKEN = (httpx.TransportError, httpx.StreamError)

Result = TypeVar("Result")


class RemoteError(Exception):
    """The file cannot be read, or not to its end. The message says why."""


class Remote:
    """The bytes of a file behind a URL, in order. `read` is for threads without an event loop of their own to wait in."""

    def __init__(
        self, client: httpx.AsyncClient, url: str, wait: Callable[[Coroutine[Any, Any, bytes]], bytes], pause: float
    ) -> None:
        """`wait` runs a coroutine to its end; `pause` is in seconds, before the second attempt, doubled before each more."""
        self._client, self._url, self._wait, self._pause = client, url, wait, pause
        self._answer: httpx.Response | None = None
        self._chunks: AsyncIterator[bytes] | None = None
        self._held = memoryview(b"")
        self._skip = 0  # bytes of the answer that came before
        self._total: int | None = None
        self._mark: tuple[str, str] | None = None  # ETag and Last-Modified: what tells this file from a later one
        self.position = 0  # bytes that came

    def read(self, size: int = _CHUNK, /) -> bytes:
        """Return at most `size` bytes, none at the end. Raises `RemoteError`."""
        if not self._held:
            self._held = memoryview(self._wait(self._next()))
        part, self._held = self._held[:size], self._held[size:]
        return bytes(part)

    async def _next(self) -> bytes:
        """Return the next bytes, after as many attempts as it takes while each gets on."""
        vain = 0
        while True:
            rest = None
            try:
                if self._chunks is None:
                    rest = await self._open()
                if self._chunks is not None:
                    chunk = await self._fresh(self._chunks)
                    if chunk or self._total is None or self.position >= self._total:
                        return chunk
                why = "it ended early" if rest is None else f"it answered {rest[0]}"
            except _BROKEN as error:
                if isinstance(error.__cause__, PrivateAddress):
                    raise RemoteError(f"{error}: name its host in `fetch.allow` of the settings") from error
                why = str(error) or type(error).__name__
            await self._close()
            vain += 1
            if vain >= ATTEMPTS:
                raise RemoteError(f"{why}, {vain} times in a row at byte {self.position:,}")
            await asyncio.sleep(max(self._pause * 2 ** (vain - 1), rest[1] if rest else 0.0))

    async def _fresh(self, chunks: AsyncIterator[bytes]) -> bytes:
        """Return bytes that have not come before, none at the end."""
        async for chunk in chunks:
            fresh = chunk[self._skip :]
            self._skip -= len(chunk) - len(fresh)
            if fresh:
                self.position += len(fresh)
                return fresh
        return b""

    async def _open(self) -> tuple[int, float] | None:
        """Ask from where it stands. Returns the status and a rest in seconds when the server wants none of it now."""
        headers = {"Range": f"bytes={self.position}-"} if self.position else {}
        answer = await self._client.send(self._client.build_request("GET", self._url, headers=headers), stream=True)
        self._answer = answer
        if answer.status_code in _PASSING:
            asked = cadence.read_retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
            return answer.status_code, asked or 0.0
        if answer.status_code == 416 and self.position:
            self._refused(answer)
        elif answer.status_code not in (200, 206):
            raise RemoteError(f"the server answers {answer.status_code} {answer.reason_phrase}")
        else:
            self._begin(answer)
        return None

    def _begin(self, answer: httpx.Response) -> None:
        """Take up an answer: the rest of the file, or all of it where the server knows no ranges."""
        start, total = 0, _number(answer.headers.get("content-length"))
        if answer.status_code == 206:
            found = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
            start, total = (int(found[1]), _number(found[2])) if found and found[1] else (self.position, None)
        mark = (answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
        grown = None not in (total, self._total) and total != self._total
        if start > self.position or grown or (self._mark is not None and mark != self._mark):
            raise RemoteError(f"it is another file since byte {self.position:,}")
        self._mark, self._total = mark, self._total if total is None else total
        self._skip = self.position - start
        self._chunks = answer.aiter_raw()  # as they come: a buffer would be lost when it breaks

    def _refused(self, answer: httpx.Response) -> None:
        """Take a refused range for the end of the file, unless the server says that there is more."""
        found = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
        total = (_number(found[2]) if found else None) or self._total
        if total is not None and total != self.position:
            raise RemoteError(f"the server refuses to go on from byte {self.position:,} of {total:,}")
        self._total, self._chunks = self.position, _nothing()

    async def _close(self) -> None:
        answer, self._answer, self._chunks = self._answer, None, None
        if answer is not None:
            await answer.aclose()


@contextmanager
def stream(url: str, settings: FetchSettings, *, pause: float = 1.0) -> Iterator[Remote]:
    """Open a file behind an http(s) URL to be read once, in order.

    A connection that breaks is made anew from there, up to `ATTEMPTS` times in a row without any byte, with pauses that
    grow from `pause` seconds or are as long as the server asks for.
    """
    loop = asyncio.new_event_loop()  # of its own, because whoever reads may be in one and cannot wait in it
    thread = threading.Thread(target=loop.run_forever, name="remote", daemon=True)
    thread.start()

    def wait(work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    resolver = SystemResolver()
    client = httpx.AsyncClient(
        transport=GuardedTransport(
            Allowance.read(settings.allow),
            resolver,
            tls=httpx.create_ssl_context(verify=settings.verify, trust_env=False),
            kept=4,
            proxy=settings.proxy,
        ),
        headers={"User-Agent": settings.user_agent, "Accept": "*/*", "Accept-Encoding": "identity"},
        timeout=httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout),
        follow_redirects=True,
        max_redirects=settings.max_redirects,
        trust_env=False,
    )
    try:
        yield Remote(client, url, wait, pause)
    finally:
        wait(client.aclose())
        resolver.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for chunk in nothing:
        yield chunk


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
