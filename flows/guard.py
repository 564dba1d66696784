"""Which addresses may be connected to, checked at the moment of connecting.

A feed or a redirect is written by strangers and must not make this machine talk to its own network. A name is therefore
resolved here, once; every address it gives is judged; and the connection is made to the very address that was judged,
so that a name that answers differently the second time (DNS rebinding) gains nothing. TLS still sees the name.
What a URL may look like, and what is asked over the connection, is not decided here.
"""

import asyncio
import socket
import ssl
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

import httpcore
import httpx

from flows.addresses import Address, Allowance, literal

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Name and port in, address texts out, in order of preference. Raises OSError when there are none."""

_KEEP_ALIVE = 30.0  # seconds a connection is kept for the next question to its host
_LOOKUPS = 16  # look-ups at a time: getaddrinfo blocks a thread, and a dead name server blocks it for long
_TRIED = 4  # addresses of one name tried before giving up


class PrivateAddress(httpcore.ConnectError):
    """Every address of the name is one that must not be connected to."""


class NameFailure(httpcore.ConnectError):
    """The name has no address, or its name servers did not answer."""


class Vanished(httpcore.ReadError):
    """The peer closed the connection before it answered anything to the last question."""


class SystemResolver:
    """Resolves names as the system does, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of `host`. Raises OSError (socket.gaierror) when it has none."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def close(self) -> None:
        """Let the threads go. A look-up under way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that tells a peer that left without a word from one that left in the middle of its answer."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._answered = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            data = await self._inner.read(max_bytes, timeout)
        except httpcore.ReadError as error:
            if self._answered:
                raise
            raise Vanished(str(error) or "connection reset") from error
        if not data and not self._answered:
            raise Vanished("connection closed without an answer")
        self._answered = True
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._answered = False
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects only to addresses that may be connected to."""

    def __init__(self, allowance: Allowance, resolve: Resolve, inner: httpcore.AsyncNetworkBackend) -> None:
        self._allowance = allowance
        self._resolve = resolve
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, judge and connect. Raises NameFailure, PrivateAddress, httpcore.ConnectError or ConnectTimeout."""
        ends = None if timeout is None else time.monotonic() + timeout
        addresses = await self._judged(host, port, timeout)
        for left in range(len(addresses), 0, -1):
            address = addresses[-left]
            # An address that does not answer must leave time for the next one.
            share = None if ends is None else max(0.01, (ends - time.monotonic()) / left)
            try:
                return _Stream(
                    await self._inner.connect_tcp(
                        str(address), port, timeout=share, local_address=local_address, socket_options=socket_options
                    )
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if left == 1:
                    raise
        raise NameFailure(f"{host} has no address")

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no URL leads to a file of this machine."""
        raise PrivateAddress("a local socket")

    async def sleep(self, seconds: float) -> None:
        """Wait, between two attempts to connect."""
        await self._inner.sleep(seconds)

    async def _judged(self, host: str, port: int, timeout: float | None) -> list[Address]:
        """Return the addresses of `host` that may be connected to, at least one."""
        spelled = literal(host)
        found = [spelled] if spelled is not None else await self._look_up(host, port, timeout)
        refusals = [self._allowance.refusal(host, address) for address in found]
        permitted = [address for address, refusal in zip(found, refusals, strict=True) if not refusal]
        if refusals and not permitted:
            raise PrivateAddress(refusals[0])
        return permitted[:_TRIED]

    async def _look_up(self, host: str, port: int, timeout: float | None) -> list[Address]:
        try:
            async with asyncio.timeout(timeout):
                return [ip_address(text) for text in await self._resolve(host, port)]
        except TimeoutError as error:
            raise NameFailure(f"{host}: name servers did not answer in {timeout:g} s") from error
        except (OSError, ValueError) as error:  # UnicodeError, for names that IDNA cannot write, is a ValueError
            raise NameFailure(f"{host}: {getattr(error, 'strerror', None) or error}") from error


class GuardedTransport(httpx.AsyncBaseTransport):
    """The httpx transport that connects only where it may.

    Each origin has a pool of its own: the work of one pool of httpcore grows with the square of its connections, and
    cost more than everything else together. Idle pools beyond `kept` are closed, the longest unused first.
    Neither proxies nor certificates are taken from the environment. Behind a proxy it is the proxy that resolves names,
    so that only addresses spelled in URLs can be judged here; the proxy has to refuse the rest.
    """

    def __init__(
        self, allowance: Allowance, resolve: Resolve, *, tls: ssl.SSLContext, kept: int, proxy: str | None = None
    ) -> None:
        self._allowance = allowance
        self._tls = tls
        self._kept = kept
        self._proxy = None if proxy is None else _proxy(proxy)
        # Where there is a proxy, it is the only one that is connected to.
        reached = allowance if proxy is None else Allowance.read((httpx.URL(proxy).host,))
        self._backend = GuardedBackend(reached, resolve, httpcore.AnyIOBackend())
        self._origins: OrderedDict[tuple[bytes, bytes, int | None], _OriginTransport] = OrderedDict()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Raises PrivateAddress, or what httpx raises."""
        spelled = None if self._proxy is None else literal(request.url.host)
        if spelled is not None and (refusal := self._allowance.refusal(request.url.host, spelled)):
            raise PrivateAddress(refusal)
        key = (request.url.raw_scheme, request.url.raw_host, request.url.port)
        transport = self._origins.get(key)
        if transport is None:
            transport = self._origins[key] = _OriginTransport(self._backend, self._tls, self._proxy)
            await self._evict()
        else:
            self._origins.move_to_end(key)
        return await transport.handle_async_request(request)

    async def aclose(self) -> None:
        """Close every connection."""
        while self._origins:
            _, transport = self._origins.popitem()
            await transport.aclose()

    async def _evict(self) -> None:
        excess = max(0, len(self._origins) - self._kept)
        idle = [key for key in list(self._origins)[:excess] if self._origins[key].is_idle()]
        for transport in [self._origins.pop(key) for key in idle]:  # all taken out before the first is waited for
            await transport.aclose()


class _OriginTransport(httpx.AsyncHTTPTransport):
    """The connections to one origin."""

    def __init__(
        self, backend: httpcore.AsyncNetworkBackend, tls: ssl.SSLContext, proxy: httpcore.Proxy | None
    ) -> None:
        # httpx has no seam for the network backend of httpcore, its own foundation; only the pool is replaced.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls, proxy=proxy, keepalive_expiry=_KEEP_ALIVE, http2=True, network_backend=backend
        )

    def is_idle(self) -> bool:
        """Return whether no connection is in use."""
        return all(connection.is_idle() for connection in self._pool.connections)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, over a connection that is clean."""
        await self._drop_spoiled()
        return await super().handle_async_request(request)

    async def _drop_spoiled(self) -> None:
        """Close idle connections on which more came than belonged to the last answer.

        httpcore reads such bytes as the beginning of the next answer: a server that sends a body with its 204 would
        spoil the page after it, and one that lets strangers write into its answers would let them forge it.
        """
        for connection in self._pool.connections:
            if connection.is_idle():
                state = getattr(getattr(connection, "_connection", None), "_h11_state", None)
                if state is not None and state.trailing_data[0]:
                    await connection.aclose()


def _proxy(text: str) -> httpcore.Proxy:
    url = httpx.URL(text)
    plain = str(url.copy_with(userinfo=b""))
    return httpcore.Proxy(plain, auth=(url.username, url.password) if url.userinfo else None)
