"""What an answer means, decided from the answer alone."""

from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.model import Exchange, Failed, Fetched, NotModified, Purpose, Reason, Validators, Want
from flows import answers
from flows.answers import Detour

NOW = datetime(2026, 7, 1, tzinfo=UTC)
URL = "https://news.example/a/b?c"
WANT = Want(url=URL, purpose=Purpose.PAGE)
ASKED = Want(url=URL, purpose=Purpose.PAGE, validators=Validators(etag='"1"'))


def answer(status: int, body: bytes = b"body", **headers: str) -> Exchange:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange(url=URL, at=NOW, status=status, body=body, headers=named)


STATUSES = {
    200: "Fetched",
    201: "Fetched",
    203: "Fetched",
    204: Reason.NO_CONTENT,
    205: Reason.NO_CONTENT,
    206: Reason.NO_CONTENT,
    299: "Fetched",
    300: Reason.REDIRECTS,
    301: Reason.REDIRECTS,
    304: Reason.PROTOCOL,
    305: Reason.REDIRECTS,
    399: Reason.REDIRECTS,
    400: Reason.CLIENT_ERROR,
    401: Reason.FORBIDDEN,
    402: Reason.FORBIDDEN,
    403: Reason.FORBIDDEN,
    404: Reason.GONE,
    405: Reason.CLIENT_ERROR,
    407: Reason.FORBIDDEN,
    408: Reason.TIMEOUT,
    410: Reason.GONE,
    418: Reason.CLIENT_ERROR,
    420: Reason.RATE_LIMITED,
    421: Reason.CLIENT_ERROR,
    429: Reason.RATE_LIMITED,
    451: Reason.FORBIDDEN,
    500: Reason.SERVER_ERROR,
    502: Reason.SERVER_ERROR,
    503: Reason.SERVER_ERROR,
    599: Reason.SERVER_ERROR,
    600: Reason.PROTOCOL,
    999: Reason.PROTOCOL,
    101: Reason.PROTOCOL,
}


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_has_one_meaning(status: int) -> None:
    """Without conditions and without a location."""
    outcome = answers.judge(WANT, answer(status), (), NOW)
    assert (outcome.reason if isinstance(outcome, Failed) else type(outcome).__name__) == STATUSES[status]


@given(st.integers(-1, 1000), st.binary(max_size=2), st.none() | st.text(max_size=30))
def test_every_answer_has_a_meaning(status: int, body: bytes, location: str | None) -> None:
    """Nothing raises, and nothing is left without outcome or way on."""
    headers = {} if location is None else {"Location": location.encode("utf-8", "replace").decode("latin-1")}
    for want in (WANT, ASKED):
        outcome = answers.judge(want, answer(status, body, **headers), (), NOW)
        assert isinstance(outcome, Fetched | NotModified | Failed | Detour)


def test_nothing_in_a_200_is_no_content() -> None:
    """An empty page is not an article that has vanished."""
    outcome = answers.judge(WANT, answer(200, b""), (), NOW)
    assert isinstance(outcome, Failed)
    assert outcome.reason is Reason.NO_CONTENT


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://other.example/x", "https://other.example/x"),
        ("/x", "https://news.example/x"),
        ("x", "https://news.example/a/x"),
        ("?d", "https://news.example/a/b?d"),
        ("//other.example/x", "https://other.example/x"),
        ("http://news.example/x#part", "http://news.example/x"),
        ("  /x  ", "https://news.example/x"),
        ("/новости".encode().decode("latin-1"), "https://news.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"),
        ("https://новости.рф/".encode().decode("latin-1"), "https://xn--b1amnebsh.xn--p1ai/"),
        ("/a b", "https://news.example/a%20b"),
        ("", None),
        ("file:///etc/passwd", None),
        ("mailto:a@b.example", None),
        ("http://", None),
        ("http://[::1", None),
        ("/" + "x" * 10_000, None),
    ],
)
def test_a_location_leads_somewhere_or_nowhere(location: str, target: str | None) -> None:
    """Relative, international, with blanks, or no web address at all."""
    outcome = answers.judge(WANT, answer(302, Location=location), (), NOW)
    if target is None:
        assert isinstance(outcome, Failed)
        assert outcome.reason is Reason.REDIRECTS
    else:
        assert outcome == Detour(url=httpx.URL(target))
        assert isinstance(outcome, Detour)
        assert outcome.url.raw_host == httpx.URL(target).raw_host


def test_what_the_server_asks_for_is_kept_with_a_failure() -> None:
    """In seconds, where it means something."""
    for status, seconds in ((429, 120.0), (503, 120.0), (404, None)):
        outcome = answers.judge(WANT, answer(status, Retry_After="120"), (), NOW)
        assert isinstance(outcome, Failed)
        assert outcome.retry_after == seconds


def test_cookies_are_few_small_and_can_be_taken_back() -> None:
    """A server that sets a thousand is not remembered for it."""
    jar = answers.set_cookies(answer(302, Set_Cookie="a=1; Path=/; HttpOnly"), {})
    assert jar == {"a": "1"}
    assert answers.set_cookies(answer(302, Set_Cookie="a=; Max-Age=0"), jar) == {}
    assert answers.set_cookies(answer(302, Set_Cookie="b=" + "x" * 5000), jar) == jar
    assert answers.set_cookies(answer(302, Set_Cookie="\x00;;;=="), jar) == jar
    many = Exchange(url=URL, at=NOW, status=302, headers=tuple(("Set-Cookie", f"c{n}=1") for n in range(1000)))
    assert len(answers.set_cookies(many, {})) <= 20


def test_an_address_is_written_down_without_its_credentials() -> None:
    """And otherwise as it is."""
    assert answers.without_credentials(httpx.URL("https://u:p@news.example/a?b")) == "https://news.example/a?b"
    assert answers.without_credentials(httpx.URL(URL)) == URL


@given(st.text(max_size=60))
def test_reading_an_address_never_raises(text: str) -> None:
    """It comes from feeds."""
    for url in (text, f"http://{text}", f"http://news.example/{text}", f"http://news.example:{text}/"):
        target = answers.read_url(url)
        assert isinstance(target, str) or target.scheme in ("http", "https")
