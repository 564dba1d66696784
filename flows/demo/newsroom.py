"""Serves the newsroom over HTTP/1.1 on the loopback, one port an outlet, in threads of this process.

It behaves as good news sites do (validators and 304, gzip, redirects, robots.txt) and keeps a log of what it was asked,
so that a test can see whether the visitor was polite. What the sites hold is laid out in `site`.
"""

import gzip
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from extractors.model import Feed, Source
from flows.demo import site
from flows.demo.content import Outlet, Piece, read_outlets, read_pieces
from flows.demo.site import Resource

HOST = "127.0.0.1"
BASE_PORT = 8901  # outlets take this port and the following ones, so that addresses stay the same from run to run
IDLE_SECONDS = 30  # a connection that says nothing for so long is closed


class PortTakenError(RuntimeError):
    """Another program holds a port that the newsroom needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a visitor asked, and the status it got."""

    outlet: str
    method: str
    path: str
    status: int
    headers: Mapping[str, str]  # names in lower case

    @property
    def conditional(self) -> bool:
        """Whether the visitor only wanted what has changed."""
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """A newsroom that is being served."""

    edition: int
    outlets: tuple[Outlet, ...]
    pieces: tuple[Piece, ...]
    bases: Mapping[str, str]  # outlet id to the address of its site, without a path
    requests: list[Request] = field(default_factory=list)  # grows while it is served

    def sources(self) -> tuple[Source, ...]:
        """Return the outlets as the registry describes outlets."""
        return tuple(
            Source(
                id=o.id,
                name=o.name,
                country=o.country,
                language=o.language,
                time_zone=o.time_zone,
                owner=o.owner,
                state=o.state,
                family=o.family,
                home=self.bases[o.id] + "/",
                hosts=(self.bases[o.id].removeprefix("http://"),),
            )
            for o in self.outlets
        )

    def feeds(self) -> tuple[Feed, ...]:
        """Return the outlets' feeds, the dead one among them."""
        feeds = []
        for outlet in self.outlets:
            kind: Any = "sitemap" if outlet.feed_format == "news-sitemap" else "feed"
            for path in filter(None, (outlet.feed_path, outlet.dead_feed)):
                url = self.bases[outlet.id] + path
                feeds.append(Feed(url=url, source_id=outlet.id, language=outlet.language, kind=kind, note="the demo"))
        return tuple(feeds)

    def articles(self) -> dict[str, Piece]:
        """Return what a polite reader ends with: the articles by the addresses of their pages."""
        by_id = {outlet.id: outlet for outlet in self.outlets}
        return {
            site.address_of(by_id[piece.outlet], piece, self.bases[piece.outlet]): piece
            for piece in self.pieces
            if not piece.forbidden
        }


@contextmanager
def serve(edition: int = 1, base_port: int = BASE_PORT) -> Iterator[Newsroom]:
    """Serve an edition until the block ends. With `base_port=0` the system chooses the ports.

    Raises PortTakenError, with a line that says what to do, when a port is in use.
    """
    outlets, pieces = read_outlets(), read_pieces(edition)
    with ExitStack() as stack:
        servers = [
            stack.enter_context(_open(o, base_port + i if base_port else 0))
            for i, o in enumerate(outlets)
            if any(p.outlet == o.id for p in pieces)
        ]
        bases = {server.outlet.id: f"http://{HOST}:{server.server_port}" for server in servers}
        newsroom = Newsroom(edition=edition, outlets=outlets, pieces=pieces, bases=bases)
        for server in servers:
            base = bases[server.outlet.id]
            server.table = site.lay_out(server.outlet, [p for p in pieces if p.outlet == server.outlet.id], base)
            server.missing = site.missing(server.outlet, base)
            server.log = newsroom.requests
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), name=f"newsroom-{server.outlet.id}")
            thread.start()
            stack.callback(_stop, server, thread)
        yield newsroom


class _Server(ThreadingHTTPServer):
    """One outlet's server: a table of resources behind a port."""

    daemon_threads = False  # so that closing waits for the threads and leaves no socket behind

    def __init__(self, outlet: Outlet, port: int) -> None:
        self.outlet = outlet
        self.table: dict[str, Resource] = {}
        self.missing = Resource(status=404)
        self.log: list[Request] = []
        self._open: set[socket.socket] = set()
        super().__init__((HOST, port), _Handler)

    def server_bind(self) -> None:
        """Bind without the look-up of the host's name that http.server would do."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = HOST, self.socket.getsockname()[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that visitors keep open."""
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the visitor was faster
                continue


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the server's table."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal; the newsroom's log has it."""

    def _answer(self, *, with_body: bool) -> None:
        resource = find(self.server.table, self.path) or self.server.missing
        status = 304 if is_known(resource, self.headers) else resource.status
        body, coding = self._encode(resource.body) if status != 304 else (b"", "")
        self._note(status)
        self.send_response(status)
        for name, value in _headers(resource, status, body, coding):
            self.send_header(name, value)
        self.end_headers()
        if with_body and status != 304:
            self.wfile.write(body)

    def _encode(self, body: bytes) -> tuple[bytes, str]:
        if self.server.outlet.gzip and body and "gzip" in self.headers.get("Accept-Encoding", ""):
            return gzip.compress(body, mtime=0), "gzip"
        return body, ""

    def _note(self, status: int) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(
            outlet=self.server.outlet.id, method=self.command, path=self.path, status=status, headers=headers
        )
        self.server.log.append(request)


def find(table: Mapping[str, Resource], target: str) -> Resource | None:
    """Return the resource of a request target: the exact one, else the one of its path or of its first parameter.

    Sites ignore parameters that they do not know, such as those that trackers hang on.
    """
    path, _, query = target.partition("?")
    return table.get(target) or table.get(f"{path}?{query.partition('&')[0]}") or table.get(path)


def is_known(resource: Resource, headers: Message) -> bool:
    """Whether the visitor's validators match the resource (RFC 9110, section 13.2.2: the ETag goes first)."""
    if resource.status != 200:
        return False
    tags = headers.get("If-None-Match")
    if tags is not None:
        return resource.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    since = headers.get("If-Modified-Since")
    if since is None or resource.modified is None:
        return False
    try:
        return resource.modified <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # no date, or one without a zone
        return False


def _headers(resource: Resource, status: int, body: bytes, coding: str) -> Sequence[tuple[str, str]]:
    lines = [("Content-Length", str(len(body)))] if status != 304 else []
    if resource.location:
        return [*lines, ("Location", resource.location)]
    if status != 304:
        lines.append(("Content-Type", resource.media_type))
    if coding:
        lines += [("Content-Encoding", coding), ("Vary", "Accept-Encoding")]
    if resource.status == 200:
        lines += [("ETag", f"W/{resource.etag}" if coding else resource.etag), ("Cache-Control", "max-age=0")]
        if resource.modified is not None:
            lines.append(("Last-Modified", format_datetime(resource.modified.astimezone(UTC), usegmt=True)))
    return lines


def _open(outlet: Outlet, port: int) -> _Server:
    try:
        return _Server(outlet, port)
    except OSError as error:
        raise PortTakenError(
            f"the demo's newsroom cannot listen on {HOST}:{port} ({outlet.name}): {error.strerror}. "
            f"Stop the program that holds the port (another demo?), or choose another first port."
        ) from error


def _stop(server: _Server, thread: threading.Thread) -> None:
    server.shutdown()
    thread.join()
    server.hang_up()
