"""One question and its answer, against a newsroom that breaks every rule of HTTP: limits hold, and nothing raises."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from extractors.model import Failed, Fetched, Reason
from tests.hostile import second
from tests.hostile.behaviours import PAGE, gzip_bomb
from tests.hostile.newsroom import Newsroom
from tests.hostile.visiting import fetcher, outcome_of, page, reason, run

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
    "/http09": Reason.CONNECT,
    "/huge-chunk": Reason.TRUNCATED,
    "/huge-header": Reason.PROTOCOL,
    "/many-headers": Reason.PROTOCOL,
    "/negative-length": Reason.PROTOCOL,
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
}


def test_each_way_of_failing_has_its_reason_and_none_touches_another() -> None:
    """All at once over one fetcher, with good pages among them."""

    async def test(room: Newsroom) -> None:
        paths = [*FAILURES, "/ok", "/gzip", "/chunked", "/closes", "/long", "/informational", "/latin-header"]
        async with fetcher(per_host=64, concurrency=64) as client:
            outcomes = await asyncio.gather(*(client.fetch(page(room.url(path))) for path in paths))
        got = {path: reason(outcome) for path, outcome in zip(paths, outcomes, strict=True)}
        assert got == {path: FAILURES.get(path, "Fetched") for path in paths}

    run(test)


def test_a_body_is_kept_as_sent_and_headers_keep_their_case() -> None:
    """An archive wants the bytes of the wire: content coding stays, transfer coding goes."""

    async def test(room: Newsroom) -> None:
        plain, coded, chunked = [await outcome_of(room, path) for path in ("/ok", "/gzip", "/chunked")]
        assert isinstance(plain, Fetched)
        assert plain.exchange.body == PAGE
        assert ("X-Case", "Kept") in plain.exchange.headers
        assert plain.exchange.ip == "127.0.0.1"
        assert plain.exchange.protocol == "HTTP/1.1"
        assert ("Host", f"127.0.0.1:{room.port}") in plain.exchange.request_headers
        assert isinstance(coded, Fetched)
        assert coded.exchange.body.startswith(b"\x1f\x8b")
        assert isinstance(chunked, Fetched)
        assert chunked.exchange.body == b"abcdefg"

    run(test)


def test_what_is_too_large_is_dropped_and_what_was_cut_is_kept() -> None:
    """Bytes beyond a limit are of no use; the beginning of a cut page is evidence."""

    async def test(room: Newsroom) -> None:
        large, cut = await outcome_of(room, "/endless"), await outcome_of(room, "/short")
        assert isinstance(large, Failed)
        assert large.exchange is not None
        assert large.exchange.body == b""
        assert isinstance(cut, Failed)
        assert cut.exchange is not None
        assert cut.exchange.body == b"not a thousand"

    run(test)


def test_a_bomb_is_kept_folded() -> None:
    """Nothing is unfolded here: a bomb is as large as its wire, and whoever unfolds it has a limit."""

    async def test(room: Newsroom) -> None:
        for path in ("/gzip-bomb", "/brotli-bomb", "/bomb-in-bomb"):
            outcome = await outcome_of(room, path, header_timeout=9, total_timeout=9, read_timeout=9)
            assert isinstance(outcome, Fetched)
            assert len(outcome.exchange.body) <= len(gzip_bomb())

    run(test)


def test_bytes_after_the_end_of_an_answer_are_nobodys() -> None:
    """A forged second answer on a kept connection is not taken for the answer to the next question."""

    async def test(room: Newsroom) -> None:
        async with fetcher() as client:
            first = await client.fetch(page(room.url("/long")))
            second = await client.fetch(page(room.url("/ok")))
        assert isinstance(first, Fetched)
        assert first.exchange.body == b"four"
        assert isinstance(second, Fetched)
        assert second.exchange.body == PAGE

    run(test)


def test_a_connection_that_dies_before_any_byte_is_tried_once_more() -> None:
    """Once, and not when bytes had come."""

    async def test(room: Newsroom) -> None:
        assert isinstance(await outcome_of(room, "/dies-once"), Fetched)
        assert len(room.asked("/dies-once")) == 2
        assert reason(await outcome_of(room, "/closes-at-once")) is Reason.CONNECT
        assert len(room.asked("/closes-at-once")) == 2
        assert reason(await outcome_of(room, "/reset-headers")) is Reason.CONNECT
        assert len(room.asked("/reset-headers")) == 1

    run(test)


def test_a_name_without_address_and_a_closed_port_are_told_apart() -> None:
    """DNS is one trouble, a dead server another."""

    async def test(room: Newsroom) -> None:
        async with fetcher() as client:
            assert reason(await client.fetch(page("http://gone.test/"))) is Reason.DNS
            assert reason(await client.fetch(page("http://127.0.0.1:1/"))) is Reason.CONNECT

    run(test)


def test_a_name_server_that_never_answers_is_given_up() -> None:
    """The look-up has its own limit: a dead name server must not hold a slot for ever."""

    async def dead(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    async def test(room: Newsroom) -> None:
        async with fetcher(resolve=dead, connect_timeout=0.1) as client:
            assert reason(await client.fetch(page("http://news.test/"))) is Reason.DNS

    run(test)


# --- TLS ---


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def test_a_trusted_certificate_opens_the_page(authority: trustme.CA) -> None:
    """So that the refusals below mean something."""
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)

    async def test(room: Newsroom) -> None:
        async with fetcher(verify=trusted, allow=("news.test",)) as client:
            outcome = await client.fetch(page(room.url("/ok", "news.test")))
        assert isinstance(outcome, Fetched)
        assert outcome.exchange.ip == "127.0.0.1"

    run(test, tls=_context(authority.issue_cert("news.test")))


@pytest.mark.parametrize("trouble", ["self-signed", "expired", "another name"])
def test_a_bad_certificate_is_refused(authority: trustme.CA, trouble: str) -> None:
    """And is not asked for its robots file over and over, nor retried in the clear."""
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    past = datetime.now(UTC) - timedelta(days=1)
    certificate = {
        "self-signed": lambda: trustme.CA().issue_cert("news.test"),
        "expired": lambda: authority.issue_cert("news.test", not_after=past),
        "another name": lambda: authority.issue_cert("other.test"),
    }[trouble]()

    async def test(room: Newsroom) -> None:
        async with fetcher(verify=trusted, allow=("news.test",)) as client:
            outcome = await client.fetch(page(room.url("/ok", "news.test")))
        assert reason(outcome) is Reason.TLS
        assert room.visits == []

    run(test, tls=_context(certificate))


def test_a_server_without_tls_behind_https_is_refused() -> None:
    """A plain server on the port of an https address answers in the clear, and is not listened to."""

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.0 400 Bad Request\r\n\r\n")
        writer.close()

    async def test(room: Newsroom) -> None:
        async with await asyncio.start_server(plain, "127.0.0.1", 0) as server, fetcher() as client:
            port = server.sockets[0].getsockname()[1]
            assert reason(await client.fetch(page(f"https://127.0.0.1:{port}/ok"))) is Reason.TLS

    run(test)


# --- HTTP/2 ---

SECOND = {
    "/ok": "Fetched",
    "/trailers": "Fetched",
    "/informational": "Fetched",
    "/short": Reason.PROTOCOL,  # h2 counts for itself, and calls both the same
    "/long": Reason.PROTOCOL,
    "/stalls": Reason.TIMEOUT,
    "/silent": Reason.TIMEOUT,
    "/reset": Reason.CONNECT,
    "/reset-body": Reason.TRUNCATED,
    "/goaway": Reason.CONNECT,
    "/goaway-body": Reason.TRUNCATED,
    "/rubbish": Reason.TIMEOUT,  # read as the head of a frame that never comes
    "/header-bomb": Reason.PROTOCOL,
    "/vanishes": Reason.CONNECT,
}


def test_http2_fails_in_the_same_words(authority: trustme.CA, caplog: pytest.LogCaptureFixture) -> None:
    """Frames can be broken in ways of their own; none of them is a surprise."""
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)

    async def go() -> dict[str, Reason | str]:
        got = {}
        async with second.open_room(_context(authority.issue_cert("news.test"))) as port:
            for path, expected in SECOND.items():
                patience = (
                    {} if expected is Reason.TIMEOUT else {"header_timeout": 9, "read_timeout": 9, "total_timeout": 9}
                )
                async with fetcher(verify=trusted, allow=("news.test",), **patience) as client:
                    outcome = await client.fetch(page(f"https://news.test:{port}{path}"))
                    got[path] = reason(outcome)
                    if path == "/ok":
                        assert outcome.exchange is not None
                        assert outcome.exchange.protocol == "HTTP/2"
                        assert outcome.exchange.ip == "127.0.0.1"
                        assert ("x-case", "kept") in outcome.exchange.headers
        return got

    assert asyncio.run(go()) == SECOND
    assert caplog.records == []
