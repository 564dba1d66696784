"""One question and its answer: headers out, status, headers and the body as sent in, within limits of size and time.

Whatever the network does becomes an `Exchange` or a `Mishap`; no exception leaves. What an answer means is decided in
`answers`, who may be asked and when in `guard`, `turns` and `robots`.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import h2.exceptions
import h11
import httpx

from extractors.model import Exchange, Reason
from flows.answers import without_credentials
from flows.guard import NameFailure, PrivateAddress, Vanished

Headers = tuple[tuple[str, str], ...]

_SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})
_SLOW_AFTER = 10.0  # seconds of grace before the rate of a body is looked at
_DIED = (httpx.ReadError, httpx.WriteError, httpx.CloseError, httpx.RemoteProtocolError)
# Neither httpcore nor h11 tells a peer that has gone from one that talks nonsense by the type of the error.
_GONE = ("disconnected", "without sending complete message", "StreamReset", "ConnectionTerminated")
_FORESEEN = (httpx.HTTPError, h2.exceptions.H2Error, h11.ProtocolError, OSError)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one exchange may take."""

    connect: float  # seconds to resolve, connect and agree on TLS, each
    read: float  # seconds between two pieces
    headers: float  # seconds from asking to the end of the headers
    total: float  # seconds for everything
    rate: float  # bytes a second below which a body is given up
    body: int  # bytes of a body as sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """An exchange that failed, and the response as far as there was one."""

    reason: Reason
    detail: str
    exchange: Exchange | None = None
    untouched: bool = False  # the connection died before any answer


async def ask(
    transport: httpx.AsyncBaseTransport, url: httpx.URL, headers: Headers, limits: Limits, now: Callable[[], datetime]
) -> Exchange | Mishap:
    """Ask for a URL, once more if the connection dies before any answer: a kept connection may have been closed
    meanwhile.
    """
    answer = await _ask_once(transport, url, headers, limits, now)
    if isinstance(answer, Mishap) and answer.untouched:
        answer = await _ask_once(transport, url, headers, limits, now)
    return answer


async def _ask_once(
    transport: httpx.AsyncBaseTransport, url: httpx.URL, headers: Headers, limits: Limits, now: Callable[[], datetime]
) -> Exchange | Mishap:
    began = time.perf_counter()
    timeouts = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": None}
    request = httpx.Request(
        "GET",
        url,
        headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in headers],
        extensions={"timeout": timeouts},
    )
    exchange = None
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(min(limits.headers, limits.total)) as deadline:
            response = await transport.handle_async_request(request)
            try:
                deadline.reschedule(loop.time() + max(0.0, limits.total - (time.perf_counter() - began)))
                exchange = _begun(request, response, now())
                ended = await _read(response, exchange, limits)
            finally:
                await response.aclose()
    # Deliberately everything: httpx, httpcore, h11, h2, hpack, anyio and ssl all let errors of their own through on
    # hostile input.
    except Exception as error:
        mishap = _mishap(error, exchange, time.perf_counter() - began)
        if mishap is None:
            _LOG.warning("unforeseen, from %s", without_credentials(url), exc_info=error)  # may be a fault of ours
            return Mishap(reason=Reason.PROTOCOL, detail=f"{type(error).__name__}: {_text(error)}", exchange=exchange)
        return mishap
    elapsed = round((time.perf_counter() - began) * 1000)
    if isinstance(ended, Mishap):
        assert ended.exchange is not None
        return replace(ended, exchange=replace(ended.exchange, elapsed_ms=elapsed))
    return replace(ended, elapsed_ms=elapsed)


async def _read(response: httpx.Response, begun: Exchange, limits: Limits) -> Exchange | Mishap:
    """Read a body up to the limit, and check that it came whole."""
    declared = _declared(begun)
    if declared is not None and declared > limits.body:
        return Mishap(reason=Reason.TOO_LARGE, detail=f"{declared} bytes announced", exchange=begun)
    body = bytearray()  # not a list: a body may come in millions of pieces of one byte
    began = time.monotonic()
    assert isinstance(response.stream, httpx.AsyncByteStream)
    try:
        # The stream as sent; the response's own methods would decode it, or want to read it only once.
        async for piece in response.stream:
            body += piece
            if len(body) > limits.body:
                return Mishap(reason=Reason.TOO_LARGE, detail=f"more than {limits.body} bytes", exchange=begun)
            spent = time.monotonic() - began
            if spent > _SLOW_AFTER and len(body) / spent < limits.rate:
                return Mishap(reason=Reason.TIMEOUT, detail=f"{len(body)} bytes in {spent:.0f} s", exchange=begun)
    except _DIED as error:
        # The framing is broken, or the peer left in the middle: the bytes that came are kept beside the reason.
        reason = Reason.TRUNCATED if _left(error) else Reason.PROTOCOL
        return Mishap(reason=reason, detail=_text(error), exchange=replace(begun, body=bytes(body)))
    exchange = replace(begun, body=bytes(body))
    if declared is not None and len(body) < declared:
        return Mishap(reason=Reason.TRUNCATED, detail=f"{len(body)} of {declared} bytes", exchange=exchange)
    return exchange


def _begun(request: httpx.Request, response: httpx.Response, at: datetime) -> Exchange:
    """Return the exchange as known when the headers have come."""
    version = response.extensions.get("http_version", b"HTTP/1.1")
    return Exchange(
        url=without_credentials(request.url),
        at=at,
        status=response.status_code,
        request_headers=tuple(
            (name, "..." if name.lower() in _SECRET else value) for name, value in _texts(request.headers.raw)
        ),
        headers=tuple(_texts(response.headers.raw)),
        protocol=version.decode("ascii", "replace"),
        ip=_peer(response),
    )


def _texts(raw: list[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    return ((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)


def _peer(response: httpx.Response) -> str | None:
    """Return the address that answered."""
    stream = response.extensions.get("network_stream")
    address = stream.get_extra_info("server_addr") if stream is not None else None
    return str(address[0]) if address else None


def _declared(exchange: Exchange) -> int | None:
    """Return the length that the headers announce. With a transfer coding it means nothing, without a body little."""
    if exchange.status in (204, 304) or exchange.header("transfer-encoding") is not None:
        return None
    length = (exchange.header("content-length") or "").strip()
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else None


def _mishap(error: Exception, exchange: Exchange | None, spent: float) -> Mishap | None:
    """Return what an error of the network means, or None for an error nobody has foreseen."""
    chain = list(_chain(error))
    detail = _text(next((item for item in chain if str(item)), error))
    if any(isinstance(item, PrivateAddress) for item in chain):
        return Mishap(reason=Reason.PRIVATE_ADDRESS, detail=detail)
    if any(isinstance(item, NameFailure) for item in chain):
        return Mishap(reason=Reason.DNS, detail=detail)
    if any(isinstance(item, ssl.SSLError) for item in chain) and isinstance(error, httpx.ConnectError):
        return Mishap(reason=Reason.TLS, detail=detail)
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        detail = f"no {'answer' if exchange is None else 'end'} in {spent:.1f} s"
        return Mishap(reason=Reason.TIMEOUT, detail=detail, exchange=exchange)
    if isinstance(error, httpx.ConnectError):
        return Mishap(reason=Reason.CONNECT, detail=detail)
    if exchange is None and isinstance(error, _DIED) and _left(error):
        untouched = any(isinstance(item, Vanished) for item in chain)
        return Mishap(reason=Reason.CONNECT, detail=detail, untouched=untouched)
    if isinstance(error, _FORESEEN):
        return Mishap(reason=Reason.PROTOCOL, detail=detail, exchange=exchange)
    return None


def _left(error: Exception) -> bool:
    """Return whether the peer has gone, rather than sent something that is not HTTP."""
    if not isinstance(error, httpx.RemoteProtocolError):
        return True
    return any(sign in str(error) for sign in _GONE)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those that caused it."""
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _text(error: BaseException) -> str:
    """Return one line about an error."""
    line = " ".join(str(error).split())[:200]
    return line or type(error).__name__
