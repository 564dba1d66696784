"""Exchanges become HTTP text that archive readers accept, and the text gives the headers back."""

from datetime import UTC, datetime

import pytest

from extractors.model import Exchange
from storage import message

AT = datetime(2026, 3, 4, tzinfo=UTC)


def exchange(*headers: tuple[str, str], **facts: object) -> Exchange:
    """Return an exchange with these response headers."""
    given = {"url": "https://harbour.example/a/b?c=d#e", "at": AT, "status": 200, "body": b"ferry", **facts}
    return Exchange(headers=headers, **given)  # type: ignore[arg-type]


def test_a_request_names_path_and_query() -> None:
    asked = message.request(exchange(request_headers=(("Host", "harbour.example"),)))
    assert asked == b"GET /a/b?c=d HTTP/1.1\r\nHost: harbour.example\r\n\r\n"
    assert message.request(exchange(url="https://harbour.example")) == b"GET / HTTP/1.1\r\n\r\n"
    assert message.request(exchange(url="http://[broken")).startswith(b"GET http://[broken HTTP/1.1\r\n")


def test_another_protocol_is_told_as_http_1_1() -> None:
    assert message.response(exchange(protocol="HTTP/2")) == b"HTTP/1.1 200 OK\r\n\r\n"
    assert message.response(exchange(protocol="HTTP/1.0", status=599)) == b"HTTP/1.0 599 Unknown\r\n\r\n"


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ((("Transfer-Encoding", "chunked"),), b"X-Tripolar-Wire-Transfer-Encoding: chunked\r\n"),
        ((("Content-Length", "5"),), b"Content-Length: 5\r\n"),
        ((("content-length", "9"),), b"content-length: 5\r\nX-Tripolar-Wire-content-length: 9\r\n"),
        ((("X", "a"), ("X", "b"), ("Y", "caf\xe9 : c")), b"X: a\r\nX: b\r\nY: caf\xe9 : c\r\n"),
    ],
)
def test_the_text_is_true_of_the_kept_body_and_gives_back_what_was_sent(
    told: tuple[tuple[str, str], ...], text: bytes
) -> None:
    written = message.response(exchange(*told))
    assert written == b"HTTP/1.1 200 OK\r\n" + text + b"\r\n"
    assert message.headers(message.split(written)[0]) == told


@pytest.mark.parametrize("facts", [{"status": 304, "body": b""}, {"method": "HEAD", "body": b""}])
def test_the_length_of_a_body_that_never_comes_is_left_alone(facts: dict[str, object]) -> None:
    assert b"Content-Length: 9\r\n" in message.response(exchange(("Content-Length", "9"), **facts))


def test_no_header_can_forge_another_or_the_body() -> None:
    written = message.response(exchange(("X", "a\r\nSet-Cookie: b\r\n\r\n<p>forged")))
    assert written.count(b"\r\n") == 3


@pytest.mark.parametrize(
    ("headers", "packed"),
    [
        ((("Content-Encoding", "GZIP"),), True),
        ((("Content-Encoding", "identity"),), False),
        ((("Content-Type", "image/png"),), True),
        ((("Content-Type", "text/html"),), False),
        ((), False),
    ],
)
def test_bodies_that_are_packed_already_are_known_by_their_headers(
    headers: tuple[tuple[str, str], ...], packed: bool
) -> None:
    assert message.is_packed(exchange(*headers)) is packed


@pytest.mark.parametrize(
    "block", [b"", b"<html>", b"HTTP/1.1 OK\r\n\r\n", b"HTTP/1.1 2000 OK\r\n\r\n", b"GET / HTTP/1.1\r\n"]
)
def test_what_is_no_response_is_none(block: bytes) -> None:
    assert message.parse(block) is None


def test_a_response_without_an_end_of_its_headers_has_no_body() -> None:
    answer = message.parse(b"HTTP/1.1 200 OK\r\nX: y")
    assert answer is not None
    assert (answer.headers, answer.body) == ((("X", "y"),), b"")
