"""A file behind a URL comes whole through whatever a server does, or it is said why it does not."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from flows.manners import FetchSettings
from flows.past import running
from flows.past.remote import ATTEMPTS, Remote, RemoteError, stream
from flows.registry import Registry
from storage import jobs
from storage.jobs import Job
from tests import world as worlds
from tests.past import serving
from tests.past.writing import story
from tests.test_backfill_files import titles, warc

SETTINGS = FetchSettings(allow=("127.0.0.1",), connect_timeout=5.0, read_timeout=5.0)
BODY = bytes(n * 31 % 251 for n in range(300_000))


@dataclass(slots=True, kw_only=True)
class Shop:
    """A server of one file, what it should do wrong, and what it was asked."""

    body: bytes = BODY
    cut: list[int] = field(default_factory=list)  # bytes after which each of the first answers ends
    ranges: bool = True
    answers: dict[int, tuple[int, dict[str, str]]] = field(default_factory=dict)  # by number of the question, from 1
    etags: dict[int, str] = field(default_factory=dict)  # from that question on
    shift: int = 0  # bytes that a range begins before what was asked for
    chunked: bool = False
    asked: list[str | None] = field(default_factory=list)  # the ranges
    url: str = ""


@contextmanager
def serve(shop: Shop) -> Iterator[Shop]:
    """Serve until the block ends."""
    with serving.loopback(_Handler, shop=shop) as base:
        shop.url = f"{base}/others.warc.gz"
        yield shop


class _Handler(BaseHTTPRequestHandler):
    shop: Shop
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer as the shop has it."""
        shop, asked = self.shop, self.headers.get("Range")
        shop.asked.append(asked)
        number = len(shop.asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and shop.ranges else 0
        status, headers = shop.answers.get(number, (206 if asked and shop.ranges else 200, {}))
        if status not in (200, 206):
            self._send(status, headers, b"")
            return
        if start >= len(shop.body):
            self._send(416, {"Content-Range": f"bytes */{len(shop.body)}"}, b"")
            return
        start = max(0, start - shop.shift) if start else 0
        part = shop.body[start:]
        if status == 206:
            headers = {**headers, "Content-Range": f"bytes {start}-{len(shop.body) - 1}/{len(shop.body)}"}
        etag = next((mark for n, mark in sorted(shop.etags.items(), reverse=True) if number >= n), None)
        self._send(status, {**headers, **({"ETag": etag} if etag else {})}, part, shop.cut.pop(0) if shop.cut else None)

    def _send(self, status: int, headers: dict[str, str], part: bytes, cut: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.shop.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(f"{len(part):x}\r\n".encode() + part[:cut] + (b"\r\n0\r\n\r\n" if cut is None else b""))
        else:
            self.send_header("Content-Length", str(len(part)))
            self.end_headers()
            self.wfile.write(part[:cut])
        self.close_connection = cut is not None

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def whole(remote: Remote, size: int = 70_000) -> bytes:
    """Read to the end."""
    return b"".join(iter(lambda: remote.read(size), b""))


def test_a_file_comes_whole_and_is_asked_for_once() -> None:
    """From the start, in pieces of any size."""
    with serve(Shop()) as shop, stream(shop.url, SETTINGS) as remote:
        assert remote.read(3) == BODY[:3]
        assert remote.read(0) == b""
        assert whole(remote) == BODY[3:]
        assert remote.position == len(BODY)
    assert shop.asked == [None]


FAULTS: dict[str, Callable[[], Shop]] = {
    "cut twice": lambda: Shop(cut=[100_000, 50_000]),
    "cut at once": lambda: Shop(cut=[0, 0, 10]),
    "cut in a chunk": lambda: Shop(cut=[100_000, 50_000], chunked=True),
    "no ranges": lambda: Shop(cut=[100_000, 150_000], ranges=False),
    "a range that begins before": lambda: Shop(cut=[100_000], shift=5_000),
    "busy": lambda: Shop(cut=[9], answers={2: (503, {}), 3: (429, {"Retry-After": "0"})}),
    "busy at first": lambda: Shop(answers={1: (503, {})}),
    "with a mark": lambda: Shop(cut=[9], etags={1: '"a"'}),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_breaks_is_gone_on_with(fault: Callable[[], Shop]) -> None:
    """Byte for byte the same file, with ranges or without."""
    with serve(fault()) as shop, stream(shop.url, SETTINGS, pause=0.0) as remote:
        assert whole(remote) == BODY
    assert len(shop.asked) > 1


def test_it_goes_on_from_the_byte_where_it_stood() -> None:
    """Nothing is asked for twice of a server that knows ranges."""
    with serve(Shop(cut=[100_000, 50_000])) as shop, stream(shop.url, SETTINGS, pause=0.0) as remote:
        whole(remote)
    assert shop.asked == [None, "bytes=100000-", "bytes=150000-"]


def test_a_refused_range_behind_the_last_byte_is_the_end() -> None:
    """The server had announced a byte too many, in an answer of which nobody knows the length."""
    shop = Shop(cut=[len(BODY)], chunked=True)  # all of it, and then not the end that was promised
    with serve(shop), stream(shop.url, SETTINGS, pause=0.0) as remote:
        assert whole(remote) == BODY
    assert shop.asked[-1] == f"bytes={len(BODY)}-"


REFUSALS: dict[str, tuple[Callable[[], Shop], str]] = {
    "not there": (lambda: Shop(answers={1: (404, {})}), "answers 404"),
    "refused in the middle": (
        lambda: Shop(cut=[100_000], answers={2: (416, {"Content-Range": f"bytes */{len(BODY)}"})}),
        "refuses to go on from byte 100,000 of 300,000",
    ),
    "refused without a word": (lambda: Shop(cut=[100_000], answers={2: (416, {})}), "refuses to go on"),
    "another file": (lambda: Shop(cut=[100_000], etags={1: '"a"', 2: '"b"'}), "another file since byte 100,000"),
    "always busy": (lambda: Shop(answers={n: (503, {}) for n in range(1, 9)}), f"503, {ATTEMPTS} times"),
    "always cut": (lambda: Shop(cut=[100_000, *([0] * 9)]), f"{ATTEMPTS} times in a row at byte 100,000"),
}


@pytest.mark.parametrize(("fault", "told"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_gone_on_with_is_said(fault: Callable[[], Shop], told: str) -> None:
    """And nothing is asked for ever."""
    with (
        serve(fault()) as shop,
        stream(shop.url, SETTINGS, pause=0.0) as remote,
        pytest.raises(RemoteError, match=told),
    ):
        whole(remote)
    assert len(shop.asked) <= ATTEMPTS + 1


def test_addresses_of_this_machine_are_not_asked_unless_they_are_allowed() -> None:
    """Neither named nor by a redirect."""
    with (
        serve(Shop()) as shop,
        stream(shop.url, FetchSettings(), pause=0.0) as remote,
        pytest.raises(RemoteError, match=r"fetch\.allow"),
    ):
        whole(remote)
    assert shop.asked == []


# warcio leaves its temporary files to the garbage collector, which says so.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_a_job_over_a_url_survives_a_break_and_names_what_does_not_come(tmp_path: Path) -> None:
    """The pages before a break that does not heal are kept, the file is named, and the other places are read."""
    stories = [story(number) for number in range(12)]
    body = warc(tmp_path / "others.warc.gz", stories).read_bytes()
    settings = worlds.settings(tmp_path)
    nobody = Registry(sources=(), feeds=())
    with serve(Shop(body=body, cut=[len(body) // 3])) as good, serve(Shop(answers={1: (404, {})})) as bad:
        job = Job(kind="warc", where=(bad.url, good.url))
        running.run(settings, nobody, job)
    told = jobs.progress(tmp_path / "backfill" / jobs.identity(job))
    assert told is not None
    assert [("404" in problem, bad.url in problem) for problem in told.problems] == [(True, True)]
    assert titles(tmp_path) == {each.title for each in stories}
    assert Counter(good.asked)[None] == 1
