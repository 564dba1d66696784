"""The newsroom over HTTP/2: a small server by h2 whose every path is another way to misbehave in frames."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

PAGE = b"<html><title>News</title></html>"
Answer = Callable[[h2.connection.H2Connection, int, asyncio.StreamWriter], None]


def _headers(connection: h2.connection.H2Connection, stream: int, *more: tuple[str, str], end: bool = False) -> None:
    connection.send_headers(stream, [(":status", "200"), *more], end_stream=end)


def _ok(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    _headers(connection, stream, ("content-length", str(len(PAGE))), ("x-case", "kept"))
    connection.send_data(stream, PAGE, end_stream=True)


def _missing(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    connection.send_headers(stream, [(":status", "404")], end_stream=True)


def _short(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    _headers(connection, stream, ("content-length", "1000"))
    connection.send_data(stream, PAGE, end_stream=True)


def _long(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    _headers(connection, stream, ("content-length", "3"))
    connection.send_data(stream, PAGE, end_stream=True)


def _stalls(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    _headers(connection, stream)
    connection.send_data(stream, b"begun")


def _silent(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    pass


def _reset(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    connection.reset_stream(stream)


def _reset_body(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    _stalls(connection, stream, writer)
    connection.reset_stream(stream)


def _goaway(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    connection.close_connection(error_code=2)


def _goaway_body(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    _stalls(connection, stream, writer)
    connection.close_connection(error_code=2)


def _rubbish(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def _header_bomb(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    """Name one long header and repeat it by reference: a few bytes on the wire, megabytes unpacked."""
    _headers(connection, stream, *[("x-bomb", "y" * 4000)] * 3000, end=True)


def _vanishes(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    writer.close()


def _trailers(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    _headers(connection, stream)
    connection.send_data(stream, PAGE)
    connection.send_headers(stream, [("x-trailer", "t")], end_stream=True)


def _informational(connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    connection.send_headers(stream, [(":status", "103"), ("link", "</a.css>")])
    _ok(connection, stream, writer)


ANSWERS: dict[str, Answer] = {
    "/ok": _ok,
    "/robots.txt": _missing,
    "/short": _short,
    "/long": _long,
    "/stalls": _stalls,
    "/silent": _silent,
    "/reset": _reset,
    "/reset-body": _reset_body,
    "/goaway": _goaway,
    "/goaway-body": _goaway_body,
    "/rubbish": _rubbish,
    "/header-bomb": _header_bomb,
    "/vanishes": _vanishes,
    "/trailers": _trailers,
    "/informational": _informational,
}


async def _meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    config = h2.config.H2Configuration(client_side=False, validate_outbound_headers=False)
    connection = h2.connection.H2Connection(config=config)
    connection.initiate_connection()
    # A hostile server keeps to no limit that its visitor asks for.
    connection.max_outbound_frame_size = 16384
    with contextlib.suppress(OSError, h2.exceptions.ProtocolError):
        while not writer.is_closing():
            writer.write(connection.data_to_send())
            await writer.drain()
            if not (data := await reader.read(65536)):
                break
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    path = dict(event.headers or [])[b":path"].decode()
                    ANSWERS[path](connection, event.stream_id, writer)
    writer.close()


@contextlib.asynccontextmanager
async def open_room(tls: ssl.SSLContext) -> AsyncIterator[int]:
    """Open the room and give its port."""
    tls.set_alpn_protocols(["h2"])
    server = await asyncio.start_server(_meet, "127.0.0.1", 0, ssl=tls)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
