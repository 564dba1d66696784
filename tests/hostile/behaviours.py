"""The ways in which the hostile newsroom misbehaves: one function a path. All of them end by themselves or when the
visitor leaves.
"""

import asyncio
import gzip
import zlib
from collections.abc import Callable
from functools import cache

import brotli

from tests.hostile.newsroom import Behaviour, Visit

PAGE = b"<html><title>News</title><p>Ministers met.</p></html>"
MANY = 100_000_000  # more than any limit: "endless"

BEHAVIOURS: dict[str, Behaviour] = {}


def at(*paths: str) -> Callable[[Behaviour], Behaviour]:
    """Register a behaviour for the first part of a path."""

    def register(behaviour: Behaviour) -> Behaviour:
        BEHAVIOURS.update(dict.fromkeys(paths, behaviour))
        return behaviour

    return register


# --- Well behaved ---


@at("/ok")
async def _ok(visit: Visit) -> None:
    await visit.answer(200, PAGE, "Content-Type: text/html", "X-Case: Kept")


@at("/echo")
async def _echo(visit: Visit) -> None:
    """Answer with the headers that came."""
    body = "\n".join(f"{name}: {value}" for name, value in visit.headers.items()).encode("latin-1")
    await visit.answer(200, body)


@at("/etag")
async def _etag(visit: Visit) -> None:
    if visit.headers.get("if-none-match") == '"v1"' or "if-modified-since" in visit.headers:
        await visit.answer(304, b"", 'ETag: "v1"')
    else:
        await visit.answer(200, PAGE, 'ETag: "v1"', "Last-Modified: Wed, 01 Jul 2026 10:00:00 GMT")


@at("/always304")
async def _always304(visit: Visit) -> None:
    await visit.answer(304)


@at("/status")
async def _status(visit: Visit) -> None:
    """Answer with the status in the path, `/status/503`; 404 for anything else."""
    last = visit.path.rsplit("/", 1)[-1]
    await visit.answer(int(last) if last.isdigit() else 404, b"status")


@at("/retry")
async def _retry(visit: Visit) -> None:
    """Answer `/retry/429?after=120`."""
    after = visit.query.get("after")
    headers = [] if after is None else [f"Retry-After: {after}"]
    await visit.answer(int(visit.path.rsplit("/", 1)[-1]), b"later", *headers)


@at("/heals")
async def _heals(visit: Visit) -> None:
    """Fail with 500 the first time, answer from then on."""
    count = visit.room.counts[visit.target] = visit.room.counts.get(visit.target, 0) + 1
    await visit.answer(500 if count == 1 else 200, PAGE)


@at("/gzip")
async def _gzip(visit: Visit) -> None:
    await visit.answer(200, gzip.compress(PAGE, mtime=0), "Content-Encoding: gzip")


@at("/chunked")
async def _chunked(visit: Visit) -> None:
    await visit.send(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n3;x=y\r\nefg\r\n0\r\nTrailer: t\r\n\r\n"
    )


@at("/closes")
async def _closes(visit: Visit) -> None:
    """Delimit the body by closing, as HTTP/1.0 does."""
    await visit.send(b"HTTP/1.0 200 OK\r\n\r\n" + PAGE)
    visit.writer.close()


# --- Slow ---


@at("/slow-headers")
async def _slow_headers(visit: Visit) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Filler: " + b"x" * 10_000:
        await visit.send(bytes([byte]))
        await asyncio.sleep(visit.room.pace)


@at("/silent")
async def _silent(visit: Visit) -> None:
    await visit.reader.read()


@at("/drip")
async def _drip(visit: Visit) -> None:
    """Send one byte at a time, never pausing for long enough to look dead."""
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(100_000):
        await visit.send(b"x")
        await asyncio.sleep(visit.room.pace)


@at("/stalls")
async def _stalls(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nbegun")
    await visit.reader.read()


@at("/early-hints")
async def _early_hints(visit: Visit) -> None:
    """Send one informational answer after the other."""
    for _ in range(MANY):
        await visit.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
        await asyncio.sleep(visit.room.pace)


# --- Too much ---


@at("/endless")
async def _endless(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(MANY):
        await visit.send(b"<p>more</p>" * 1000)


@at("/endless-chunks")
async def _endless_chunks(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(MANY):
        await visit.send(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")


@at("/announced")
async def _announced(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx")
    await visit.reader.read()


@at("/huge-header")
async def _huge_header(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nX-Huge: ")
    for _ in range(1000):
        await visit.send(b"x" * 10_000)


@at("/many-headers")
async def _many_headers(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        await visit.send(b"X-%d: y\r\n" % number)


@cache
def gzip_bomb(size: int = 300_000_000, layers: int = 1) -> bytes:
    """Return zeros in gzip, in as many layers as asked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1_000_000)
    data = b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()
    for _ in range(layers - 1):
        data = gzip.compress(data, 9, mtime=0)
    return data


@cache
def brotli_bomb(size: int = 300_000_000) -> bytes:
    """Return zeros in brotli."""
    packer = brotli.Compressor(quality=1)
    block = bytes(10_000_000)
    return b"".join(packer.process(block) for _ in range(size // len(block))) + packer.finish()


@at("/gzip-bomb")
async def _gzip_bomb(visit: Visit) -> None:
    await visit.answer(200, gzip_bomb(), "Content-Encoding: gzip")


@at("/brotli-bomb")
async def _brotli_bomb(visit: Visit) -> None:
    await visit.answer(200, brotli_bomb(), "Content-Encoding: br")


@at("/bomb-in-bomb")
async def _bomb_in_bomb(visit: Visit) -> None:
    await visit.answer(200, gzip_bomb(layers=3), "Content-Encoding: gzip, gzip, gzip")


# --- Broken ---


@at("/reset")
async def _reset(visit: Visit) -> None:
    visit.reset()


@at("/closes-at-once")
async def _closes_at_once(visit: Visit) -> None:
    visit.writer.close()


@at("/dies-once")
async def _dies_once(visit: Visit) -> None:
    """Close without a word the first time, as a kept connection that timed out does."""
    count = visit.room.counts[visit.target] = visit.room.counts.get(visit.target, 0) + 1
    if count == 1:
        visit.writer.close()
    else:
        await visit.answer(200, PAGE)


@at("/reset-headers")
async def _reset_headers(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Le")
    await asyncio.sleep(0.02)
    visit.reset()


@at("/reset-body")
async def _reset_body(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun")
    await asyncio.sleep(0.02)
    visit.reset()


@at("/short")
async def _short(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nnot a thousand")
    visit.writer.close()


@at("/long")
async def _long(visit: Visit) -> None:
    """Send more than announced: the rest belongs to nobody."""
    await visit.send(
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfourHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
    )


@at("/two-lengths")
async def _two_lengths(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\nfourfours")


@at("/negative-length")
async def _negative_length(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nfour")


@at("/bad-chunk")
async def _bad_chunk(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\nZZ\r\nefg\r\n0\r\n\r\n")


@at("/huge-chunk")
async def _huge_chunk(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabcd")
    visit.writer.close()


@at("/cut-chunk")
async def _cut_chunk(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n8\r\nef")
    visit.writer.close()


@at("/not-http")
async def _not_http(visit: Visit) -> None:
    await visit.send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    visit.writer.close()


@at("/http09")
async def _http09(visit: Visit) -> None:
    await visit.send(PAGE)
    visit.writer.close()


@at("/nul-header")
async def _nul_header(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\nContent-Length: 2\r\n\r\nok")


@at("/latin-header")
async def _latin_header(visit: Visit) -> None:
    await visit.send(b'HTTP/1.1 200 OK\r\nX-Latin: caf\xe9\r\nETag: "\xff"\r\nContent-Length: 2\r\n\r\nok')


@at("/status-line")
async def _status_line(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 9999 Odd\r\nContent-Length: 2\r\n\r\nok")
    visit.writer.close()


@at("/informational")
async def _informational(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
    await visit.answer(200, PAGE)


@at("/switching")
async def _switching(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: evil\r\nConnection: Upgrade\r\n\r\nraw")


@at("/length-of-304")
async def _length_of_304(visit: Visit) -> None:
    """Announce the length that a 200 would have had, as the standard allows."""
    await visit.send(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99999999999\r\n\r\n")


# --- Redirects ---


@at("/to")
async def _to(visit: Visit) -> None:
    """Redirect to `/to?url=...`, with `status=` and `fragment` as wished."""
    await visit.answer(int(visit.query.get("status", "302")), b"moved", f"Location: {visit.query['url']}")


@at("/chain")
async def _chain(visit: Visit) -> None:
    """Redirect `/chain/3` to `/chain/2` and so on to `/chain/0`."""
    left = int(visit.path.rsplit("/", 1)[-1])
    await (visit.answer(302, b"", f"Location: /chain/{left - 1}") if left else visit.answer(200, PAGE))


@at("/loop")
async def _loop(visit: Visit) -> None:
    await visit.answer(302, b"", f"Location: {'/loop/b' if visit.path.endswith('a') else '/loop/a'}")


@at("/grows")
async def _grows(visit: Visit) -> None:
    """Redirect to ever longer addresses."""
    await visit.answer(302, b"", f"Location: {visit.path}/{'x' * 3000}")


@at("/no-location")
async def _no_location(visit: Visit) -> None:
    await visit.answer(302, b"nowhere")


@at("/cookie")
async def _cookie(visit: Visit) -> None:
    """Set cookies and redirect to `url`."""
    await visit.answer(302, b"", "Set-Cookie: id=secret; Domain=test; Path=/", f"Location: {visit.query['url']}")


@at("/cookie-wall")
async def _cookie_wall(visit: Visit) -> None:
    """Redirect to itself until the cookie comes back, as some news sites do."""
    if "seen=1" in visit.headers.get("cookie", ""):
        await visit.answer(200, PAGE)
    else:
        await visit.answer(302, b"", "Set-Cookie: seen=1; Path=/; HttpOnly", f"Location: {visit.target}")


# --- Robots files, given to `Newsroom.robots` ---


def says(text: str | bytes, status: int = 200, *headers: str) -> Behaviour:
    """Return a behaviour that answers with a fixed body."""
    body = text.encode() if isinstance(text, str) else text

    async def answer(visit: Visit) -> None:
        await visit.answer(status, body, *headers)

    return answer


def like(path: str) -> Behaviour:
    """Return the behaviour of a path, for use elsewhere."""
    return BEHAVIOURS[path]
