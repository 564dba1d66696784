"""A raw HTTP server on the loopback whose every path is another way to misbehave.

No library frames what it says: each byte is written as a broken, overloaded or hostile server would. The paths and what
they do are in `behaviours`; robots files are ordered per host with `Newsroom.robots`. Every question that arrives is
kept in `Newsroom.visits`, so that a test can show that something was not asked.
"""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One question, and the wire to answer on."""

    host: str  # without port
    target: str
    headers: dict[str, str]  # names in lower case
    reader: asyncio.StreamReader = field(repr=False)
    writer: asyncio.StreamWriter = field(repr=False)
    room: "Newsroom" = field(repr=False)

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, status: int, body: bytes = b"", *headers: str) -> None:
        """Answer as a well-behaved server does."""
        lines = [f"HTTP/1.1 {status} Whatever", *headers]
        if status >= 200 and status not in (204, 304):
            lines.append(f"Content-Length: {len(body)}")
        await self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def reset(self) -> None:
        """Cut the connection with a TCP reset."""
        transport = self.writer.transport
        assert isinstance(transport, asyncio.Transport)
        transport.abort()


Behaviour = Callable[[Visit], Awaitable[None]]


class Newsroom:
    """The server. Use as an async context manager, or through `serve` from a test that is not async."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, pace: float = 0.05) -> None:
        from tests.hostile.behaviours import BEHAVIOURS

        self.visits: list[Visit] = []
        self.robots: dict[str, Behaviour] = {}  # by host; "*" for all others; without one there is no robots file
        self.pace = pace  # seconds between two bytes of a slow answer
        self.counts: dict[str, int] = {}  # for behaviours that heal
        self.listed: dict[str, list[str]] = {}  # by host: what its feed at `/listed` names
        self.open = 0  # connections open now
        self.most_open = 0
        self._tls = tls
        self._behaviours = BEHAVIOURS
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0, ssl=self._tls, limit=1 << 20)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a path, on this server under any name."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def asked(self, path: str | None = None) -> list[str]:
        """Return the targets asked for, robots files left out, or those of one path."""
        return [visit.target for visit in self.visits if (visit.path == path if path else visit.path != "/robots.txt")]

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        try:
            while await self._serve(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        except asyncio.CancelledError:
            pass  # the room closes; a cancelled handler would be reported by the loop
        finally:
            self.open -= 1
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one question. Returns whether the connection goes on."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        host = headers.get("host", "").rsplit(":", 1)[0]
        visit = Visit(host=host, target=head[0].split(" ")[1], headers=headers, reader=reader, writer=writer, room=self)
        self.visits.append(visit)
        await self._behaviour(visit)(visit)
        return not writer.is_closing()

    def _behaviour(self, visit: Visit) -> Behaviour:
        if visit.path == "/robots.txt":
            return self.robots.get(visit.host) or self.robots.get("*") or self._behaviours["/status"]
        first = "/" + unquote(visit.path).split("/")[1]
        return self._behaviours.get(first, self._behaviours["/status"])


@contextlib.contextmanager
def serve(**options: object) -> Iterator[Newsroom]:
    """Run a newsroom in a thread of its own, for tests that are not async."""
    ready, done = threading.Event(), threading.Event()
    rooms: list[Newsroom] = []

    async def live() -> None:
        async with Newsroom(**options) as room:  # type: ignore[arg-type]
            rooms.append(room)
            ready.set()
            while not done.is_set():
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(live()), daemon=True)
    thread.start()
    if not ready.wait(10):
        raise RuntimeError("the newsroom did not open")
    try:
        yield rooms[0]
    finally:
        done.set()
        thread.join(10)


async def pieces(data: bytes, size: int) -> AsyncIterator[bytes]:
    """Yield data in pieces."""
    for start in range(0, len(data), size):
        yield data[start : start + size]
