"""What robots files allow: RFC 9309, the files of big sites, and what a hostile file can cost."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from extractors.model import Exchange, Failed, Fetched, NotModified, Purpose, Reason, Want
from flows import robots

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "robots"
NOW = datetime(2026, 7, 1, tzinfo=UTC)
WANT = Want(url="https://news.example/robots.txt", purpose=Purpose.ROBOTS)
SITE = "https://news.example"


def fetched(body: bytes) -> Fetched:
    return Fetched(want=WANT, at=NOW, exchange=Exchange(url=WANT.url, at=NOW, status=200, body=body))


def read(text: str | bytes, agent: str = "Tripolar") -> robots.Robots:
    body = text.encode() if isinstance(text, str) else text
    return robots.judge(fetched(body), body, agent=agent)


def allowed(text: str | bytes, path: str, agent: str = "Tripolar") -> bool:
    return read(text, agent).allows(SITE + path)


# --- Whose rules ---


def test_rules_for_us_go_before_rules_for_all() -> None:
    """And groups of one name are one group, wherever they stand."""
    text = "User-agent: *\nDisallow: /\n\nUser-agent: TRIPOLAR\nDisallow: /a\n\nUser-agent: tripolar/2\nDisallow: /b"
    assert allowed(text, "/news")
    assert not allowed(text, "/a")
    assert not allowed(text, "/b")
    assert not allowed(text, "/news", agent="other")


@pytest.mark.parametrize("name", ["tri", "tripolar-news", "tripolarbot", "bot", "polar", "tripolar_x"])
def test_a_name_that_is_only_like_ours_is_not_ours(name: str) -> None:
    """A product token is matched whole."""
    assert allowed(f"User-agent: {name}\nDisallow: /", "/news")


@pytest.mark.parametrize("line", ["user-agent:tripolar", "USER-AGENT : Tripolar # us", "Useragent tripolar", "*  "])
def test_names_are_read_as_webmasters_write_them(line: str) -> None:
    """Case, spaces, comments and a missing colon are no way out."""
    name = line if "agent" in line.lower() else f"User-agent: {line}"
    assert not allowed(f"{name}\nDisallow: /", "/news")


def test_the_longest_rule_wins_and_of_two_equal_ones_the_milder() -> None:
    """RFC 9309, section 2.2.2."""
    text = "User-agent: *\nDisallow: /news\nAllow: /news/world\nDisallow: /x\nAllow: /x"
    assert not allowed(text, "/news/local")
    assert allowed(text, "/news/world/1")
    assert allowed(text, "/x")


@pytest.mark.parametrize(
    ("body", "mark"),
    [("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("latin-1", b"")],
)
def test_byte_order_marks_and_charsets_are_no_way_out(body: str, mark: bytes) -> None:
    """The first line counts, and bytes that are no UTF-8 spoil only their own line."""
    text = "User-agent: *\nDisallow: /café\nDisallow: /secret\n"
    assert not allowed(mark + text.encode(body), "/secret")


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_every_line_end_ends_a_line(end: str) -> None:
    """Mac files are older than the standard, and still served."""
    assert not allowed(end.join(["User-agent: *", "Disallow: /secret", "Allow: /"]), "/secret")


@pytest.mark.parametrize(
    "body", [b"", b"\x00" * 100, b"<html><body>Disallow: /</body></html>", b"Disallow: /", b"\xff"]
)
def test_a_file_without_rules_for_anybody_allows(body: bytes) -> None:
    """An error page sent as 200, among others."""
    assert allowed(body, "/news")


def test_only_the_first_500_kibibytes_count() -> None:
    """As the standard asks at least."""
    early = "User-agent: *\nDisallow: /early\n"
    filler = "#" * (robots.LIMIT - len(early)) + "\n"
    assert not allowed(early + filler + "Disallow: /late", "/early")
    assert allowed(early + filler + "Disallow: /late", "/late")


# --- Delay and sitemaps ---


@pytest.mark.parametrize(
    ("lines", "delay"),
    [
        ("", None),
        ("Crawl-delay: 7.5", 7.5),
        ("Crawl-delay: soon", None),
        ("Crawl-delay: -1", None),
        ("Crawl-delay: inf", None),
        ("Request-rate: 1/10", 10),
        ("Request-rate: 30/1m", 2),
        ("Request-rate: 0/5", None),
        ("Crawl-delay: 3\nRequest-rate: 1/10", 10),
    ],
)
def test_the_delay_a_file_asks_for_is_read(lines: str, delay: float | None) -> None:
    """The longer one where it asks twice."""
    assert read(f"User-agent: *\n{lines}\nDisallow: /x").delay == delay


def test_sitemaps_are_absolute_web_addresses_each_once() -> None:
    """Whoever's rules they stand among; and not without end."""
    lines = ["Sitemap: /a.xml", "sitemap: https://cdn.example/b.xml", "Sitemap: /a.xml", "Sitemap: file:///etc/passwd"]
    text = "User-agent: other\nDisallow: /\n" + "\n".join([*lines, "Sitemap: http://[broken", "Sitemap:"])
    assert read(text).sitemaps == (f"{SITE}/a.xml", "https://cdn.example/b.xml")
    many = "\n".join(f"Sitemap: /{number}.xml" for number in range(5000))
    assert len(read(many).sitemaps) == robots.MAX_SITEMAPS


# --- What an outcome means ---

NO_FILE = {Reason.FORBIDDEN, Reason.GONE, Reason.CLIENT_ERROR, Reason.NO_CONTENT, Reason.REDIRECTS}
HOST_FAILS = {Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.PRIVATE_ADDRESS, Reason.BAD_URL, Reason.DEFERRED}


@pytest.mark.parametrize("reason", list(Reason))
def test_each_failure_to_get_the_file_allows_or_refuses(reason: Reason) -> None:
    """No file allows; an unreachable one refuses, for a short while; the host's own trouble keeps its name."""
    known = robots.judge(Failed(want=WANT, at=NOW, reason=reason), b"", agent="Tripolar")
    if reason in NO_FILE:
        assert known.refusal is None
        assert known.allows(f"{SITE}/news")
        assert known.until - NOW == timedelta(hours=24)
    else:
        expected = reason if reason in HOST_FAILS else Reason.ROBOTS_UNREACHABLE
        assert known.refusal is (Reason.DEFERRED if reason is Reason.RATE_LIMITED else expected)
        assert known.until - NOW <= timedelta(hours=1)


def test_a_file_that_was_not_modified_is_a_mistake_of_the_caller() -> None:
    """Robots files are asked for without conditions."""
    same = NotModified(want=WANT, at=NOW, exchange=Exchange(url=WANT.url, at=NOW, status=304), by="304")
    with pytest.raises(ValueError, match="conditions"):
        robots.judge(same, b"", agent="Tripolar")


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("Tripolar/0.1 (+https://example.org/)", "Tripolar"),
        (" News-Bot_x/2 ", "News-Bot_x"),
        ("123", "*"),
        ("", "*"),
    ],
)
def test_the_product_token_is_the_beginning_of_the_user_agent(agent: str, token: str) -> None:
    """Letters, hyphen and underscore, as the standard has it."""
    assert robots.token(agent) == token


# --- Hostile files ---


@given(st.binary(max_size=400) | st.text(alphabet="User-agent: *\nDislow/$#\r\x00é", max_size=300).map(str.encode))
def test_no_file_raises(body: bytes) -> None:
    """Whatever the bytes."""
    known = read(body)
    known.allows(f"{SITE}/a?b=c")
    assert known.delay is None or known.delay >= 0


# --- Other people's files ---

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data/robots is not here")


@needs_data
def test_the_files_of_big_sites_mean_the_same_as_when_read_without_our_changes() -> None:
    """Renaming everybody else must change nothing for us: compared with Protego alone on a name that nobody uses."""
    files = sorted(path for folder in ("protego", "crawler-commons") for path in (DATA / folder).iterdir())
    paths = ["/", "/news/1.html", "/search?q=a", "/wp-admin/", "/feed/", "/?s=x", "/api/v1", "/tag/eu", "/user/login"]
    assert len(files) > 300
    for path in files:
        body = path.read_bytes()
        plain = Protego.parse(body[: robots.LIMIT].decode("utf-8-sig", "replace"))
        if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
            continue
        mine = read(body)
        for page in paths:
            assert mine.allows(SITE + page) == plain.can_fetch(SITE + page, "tripolar"), (path.name, page)


_STRING = r'"(?:[^"\\]|\\.)*"'
_GOOGLE = re.compile(
    rf"(?P<name>\w+) =\s*(?P<value>(?:{_STRING}\s*)+);"
    rf"|EXPECT_(?P<expected>TRUE|FALSE)\(\s*IsUserAgentAllowed\(\s*(?P<file>\w+|{_STRING}),\s*(?P<agent>{_STRING}),"
    rf"\s*(?P<url>\w+|{_STRING})\)"
)

# Where this project reads a file otherwise than Google's parser does, and means to.
DEVIATIONS = {
    ("FooBot", "http://foo.bar/foo/bar/ツ"),  # a URL is compared in its encoded form, as it is asked for
    ("FooBot", "http://foo.bar/foo/bar/baz"),  # so are rules: %62 is b (section 2.2.2)
}


def _google_cases() -> Iterator[tuple[str, str, str, bool]]:
    """Yield file, agent, URL and whether it is allowed, from the conformance cases of Google's parser."""
    source = (DATA / "google" / "robots-google__robots_test.cc").read_text()
    known: dict[str, str] = {}

    def text(token: str) -> str:
        return known.get(token, "") if token.isidentifier() else str(ast.literal_eval(f"({token})"))

    for match in _GOOGLE.finditer(source):
        if match["name"]:
            known[match["name"]] = text(match["value"])
        else:
            yield text(match["file"]), text(match["agent"]), text(match["url"]), match["expected"] == "TRUE"


@needs_data
def test_googles_conformance_cases_hold() -> None:
    """But for the deviations named above. Agents that are no product tokens cannot be ours and are left out."""
    cases = [case for case in _google_cases() if re.fullmatch(r"[A-Za-z_-]+", case[1]) and case[2]]
    wrong = [case for case in cases if read(case[0], case[1]).allows(case[2]) is not case[3]]
    assert len(cases) > 100
    assert {(agent, url) for _, agent, url, _ in wrong} <= DEVIATIONS, wrong
