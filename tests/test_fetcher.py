"""The fetcher as a whole: one outcome for every want, redirects, robots, secrets and streams."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from extractors.model import Failed, Fetched, NotModified, Outcome, Purpose, Reason, Validators, Want
from flows.fetcher import Fetcher
from flows.manners import FetchSettings
from storage.warc import digest
from tests.hostile.behaviours import PAGE, like, says
from tests.hostile.newsroom import Newsroom
from tests.hostile.visiting import fetcher, outcome_of, page, reason, run

# --- Wants that are no URLs ---


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "news",
        "/relative",
        "//news.test/",
        "http://",
        "http:///path",
        "https://?",
        "file:///etc/passwd",
        "ftp://news.test/",
        "javascript:alert(1)",
        "data:text/html,hello",
        "http://news.test:99999/",
        "http://news.test:port/",
        "http://[::1/",
        "http://[not-an-address]/",
        "http://news.test/\x00",
        "http://news.test/" + "x" * 9000,
        "http://" + "a" * 300 + ".test/",
        "http://ＮＥＷＳ／test/",
        "http://\ud800.test/",
        "http://a b.test/",
        "http://a%2fb.test/",
        "http://0177.0.0.1/",
        "http://１２７.0.0.1/",
        "http://.../",
        "http://-.test:0/",
    ],
)
def test_what_is_no_url_is_a_bad_url(url: str) -> None:
    """No exception, no connection."""

    async def test(room: Newsroom) -> None:
        async with fetcher(allow=()) as client:
            outcome = await client.fetch(page(url))
            assert reason(outcome) is Reason.BAD_URL, outcome
            assert outcome.want.url == url

    run(test)


# --- Conditions ---


def test_validators_make_the_question_conditional() -> None:
    """304 is "the same as last time", with or without an ETag."""

    async def test(room: Newsroom) -> None:
        first = await outcome_of(room, "/etag")
        assert isinstance(first, Fetched)
        for validators in (
            Validators(etag=first.exchange.header("etag")),
            Validators(last_modified=first.exchange.header("last-modified")),
        ):
            again = await outcome_of(room, "/etag", validators=validators)
            assert isinstance(again, NotModified)
            assert again.by == "304"

    run(test)


def test_the_length_in_a_304_is_not_waited_for() -> None:
    """It is that of the page that has not changed."""

    async def test(room: Newsroom) -> None:
        outcome = await outcome_of(room, "/length-of-304", validators=Validators(etag='"v1"'))
        assert isinstance(outcome, NotModified)

    run(test)


def test_the_same_payload_again_is_not_modified() -> None:
    """Many servers know no conditions; the digest does."""

    async def test(room: Newsroom) -> None:
        again = await outcome_of(room, "/ok", validators=Validators(digest=digest(PAGE)))
        assert isinstance(again, NotModified)
        assert again.by == "digest"
        assert isinstance(await outcome_of(room, "/ok", validators=Validators(digest=digest(b"else"))), Fetched)

    run(test)


@pytest.mark.parametrize("etag", ['"a\r\nX-Forged: 1"', '"снова"', '"\x00"', '"' + "x" * 5000 + '"', " "])
def test_a_validator_that_is_no_header_is_left_out(etag: str) -> None:
    """What a server once sent cannot forge a header or break the question."""

    async def test(room: Newsroom) -> None:
        outcome = await outcome_of(room, "/echo", validators=Validators(etag=etag))
        assert isinstance(outcome, Fetched)
        assert b"if-none-match" not in outcome.exchange.body
        assert b"x-forged" not in outcome.exchange.body

    run(test)


def test_an_etag_beyond_ascii_goes_back_as_it_came() -> None:
    """Header text is bytes; an ETag must return the very same."""

    async def test(room: Newsroom) -> None:
        first = await outcome_of(room, "/latin-header")
        assert isinstance(first, Fetched)
        again = await outcome_of(room, "/echo", validators=Validators(etag=first.exchange.header("etag")))
        assert isinstance(again, Fetched)
        assert b'if-none-match: "\xff"' in again.exchange.body

    run(test)


def test_the_question_says_who_asks_and_what_it_can_read() -> None:
    """A User-Agent with an address for complaints, and the codings that can be undone."""

    async def test(room: Newsroom) -> None:
        outcome = await outcome_of(room, "/echo", user_agent="Tripolar/1 (+https://example.org/why)")
        assert isinstance(outcome, Fetched)
        assert b"user-agent: Tripolar/1 (+https://example.org/why)" in outcome.exchange.body
        assert b"accept-encoding: gzip, br, zstd, deflate" in outcome.exchange.body

    run(test)


# --- Redirects ---


def test_each_hop_is_kept_in_order() -> None:
    """The archive needs the whole way, not only its end."""

    async def test(room: Newsroom) -> None:
        outcome = await outcome_of(room, "/chain/5")
        assert isinstance(outcome, Fetched)
        assert [hop.url for hop in outcome.hops] == [room.url(f"/chain/{left}") for left in (5, 4, 3, 2, 1)]
        assert outcome.exchange.url == room.url("/chain/0")

    run(test)


@pytest.mark.parametrize(
    "path",
    [
        "/chain/6",
        "/loop/a",
        "/no-location",
        "/grows",
        "/status/300",
        "/status/305",
        "/to?url=",
        "/to?url=file:///etc/passwd",
        "/to?url=ftp://127.0.0.1/",
        "/to?url=javascript:alert(1)",
        "/to?url=http://",
        "/to?url=http://[::1",
        "/to?url=http://news.test:70000/",
        "/to?url=//",
    ],
)
def test_a_redirect_that_leads_nowhere_ends(path: str) -> None:
    """Loops, too many, no place, no web address."""

    async def test(room: Newsroom) -> None:
        outcome = await outcome_of(room, path)
        assert reason(outcome) is Reason.REDIRECTS, outcome
        assert outcome.exchange is not None
        assert len(room.asked()) <= 6

    run(test)


def test_fragments_are_never_asked_for() -> None:
    """Neither the want's nor a redirect's."""

    async def test(room: Newsroom) -> None:
        outcome = await outcome_of(room, "/to?url=/ok%23part#top")
        assert isinstance(outcome, Fetched)
        assert outcome.exchange.url == room.url("/ok")
        assert room.asked() == ["/to?url=/ok%23part", "/ok"]

    run(test)


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.7/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]:{port}/ok",
        "http://[::ffff:127.0.0.1]:{port}/ok",
        "http://[::ffff:7f00:1]:{port}/ok",
        "http://[64:ff9b::7f00:1]:{port}/ok",
        "http://[2002:7f00:1::]:{port}/ok",
        "http://2130706433:{port}/ok",
        "http://0x7f000001:{port}/ok",
        "http://127.1:{port}/ok",
        "http://127.0.0.1:{port}/ok",
        "http://127.0.0.1.:{port}/ok",
        "http://0.0.0.0:{port}/ok",
        "http://0:{port}/ok",
        "http://inner.test/",
        "http://metadata.test/",
        "http://shared.test/",
        "http://six.test:{port}/ok",
        "http://mapped.test:{port}/ok",
        "http://localhost:{port}/ok",
    ],
)
def test_a_redirect_to_an_address_that_is_not_public_is_refused(target: str) -> None:
    """The newsroom is allowed by the name `news.test`; by none of its other names may it be reached."""

    async def test(room: Newsroom) -> None:
        async with fetcher(allow=("news.test",)) as client:
            url = room.url(f"/to?url={target.format(port=room.port)}", "news.test")
            outcome = await client.fetch(page(url))
            assert reason(outcome) is Reason.PRIVATE_ADDRESS, outcome
            assert len(outcome.hops) == 1
            direct = await client.fetch(page(target.format(port=room.port)))
            assert reason(direct) is Reason.PRIVATE_ADDRESS, direct
        assert {visit.host for visit in room.visits} == {"news.test"}

    run(test)


def test_a_redirect_to_another_host_asks_that_host_for_its_robots() -> None:
    """A permission of one host is none for another."""

    async def test(room: Newsroom) -> None:
        room.robots["closed.test"] = says("User-agent: *\nDisallow: /")
        async with fetcher(allow=("open.test", "closed.test")) as client:
            url = room.url(f"/to?url={room.url('/ok', 'closed.test')}", "open.test")
            outcome = await client.fetch(page(url))
        assert reason(outcome) is Reason.ROBOTS
        assert len(outcome.hops) == 1
        assert room.asked("/ok") == []

    run(test)


# --- Cookies and credentials ---


def test_cookies_stay_with_their_host_and_end_with_their_want() -> None:
    """Even when they claim a wider domain."""

    async def test(room: Newsroom) -> None:
        async with fetcher(allow=("a.test", "b.test")) as client:
            away = await client.fetch(page(room.url(f"/cookie?url={room.url('/echo', 'b.test')}", "a.test")))
            back = await client.fetch(page(room.url("/cookie?url=/echo", "a.test")))
            later = await client.fetch(page(room.url("/echo", "a.test")))
        assert isinstance(away, Fetched)
        assert b"cookie" not in away.exchange.body
        assert isinstance(back, Fetched)
        assert b"cookie: id=secret" in back.exchange.body
        assert ("Cookie", "...") in back.exchange.request_headers
        assert isinstance(later, Fetched)
        assert b"cookie" not in later.exchange.body

    run(test)


def test_a_site_that_redirects_to_itself_until_a_cookie_comes_back_is_read() -> None:
    """A wall of this kind is no loop."""

    async def test(room: Newsroom) -> None:
        outcome = await outcome_of(room, "/cookie-wall")
        assert isinstance(outcome, Fetched)
        assert outcome.exchange.body == PAGE

    run(test)


def test_credentials_go_to_their_own_origin_only_and_are_not_written_down() -> None:
    """Neither in the addresses nor in the headers that are archived."""

    async def test(room: Newsroom) -> None:
        async with fetcher(allow=("a.test", "b.test")) as client:
            secret = room.url("/echo", "user:pass%40word@a.test")
            own = await client.fetch(page(secret))
            url = room.url(f"/to?url={room.url('/echo', 'b.test')}", "user:word@a.test")
            away = await client.fetch(page(url))
        assert isinstance(own, Fetched)
        assert b"authorization: Basic " + base64.b64encode(b"user:pass@word") in own.exchange.body
        assert own.exchange.url == room.url("/echo", "a.test")
        assert ("Authorization", "...") in own.exchange.request_headers
        assert isinstance(away, Fetched)
        assert b"authorization" not in away.exchange.body
        assert "word" not in repr((away.exchange, away.hops))
        assert not any("authorization" in visit.headers for visit in room.visits if visit.path == "/robots.txt")

    run(test)


# --- Robots ---


def test_robots_are_asked_once_and_handed_over_for_the_archive() -> None:
    """However many wants come at once."""

    async def test(room: Newsroom) -> None:
        room.robots["*"] = says(
            f"User-agent: *\nDisallow: /gzip\nSitemap: {room.url('/map.xml')}\nSitemap: /second.xml"
        )
        kept: list[Outcome] = []
        async with fetcher(on_robots=kept.append, per_host=8) as client:
            outcomes = await asyncio.gather(*(client.fetch(page(room.url(path))) for path in ("/ok", "/gzip") * 5))
            rules = await client.rules(room.url("/"))
        assert [reason(outcome) for outcome in outcomes] == ["Fetched", Reason.ROBOTS] * 5
        assert len(room.asked("/robots.txt")) == 1
        (robots,) = kept
        assert isinstance(robots, Fetched)
        assert robots.want.purpose is Purpose.ROBOTS
        assert rules is not None
        assert rules.sitemaps == (room.url("/map.xml"), room.url("/second.xml"))

    run(test)


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        ("/status/404", "Fetched"),
        ("/status/403", "Fetched"),
        ("/status/204", "Fetched"),
        ("/loop/a", "Fetched"),
        ("/chain/5", "Fetched"),
        ("/status/429", Reason.DEFERRED),
        ("/status/500", Reason.ROBOTS_UNREACHABLE),
        ("/status/503", Reason.ROBOTS_UNREACHABLE),
        ("/silent", Reason.ROBOTS_UNREACHABLE),
        ("/drip", Reason.ROBOTS_UNREACHABLE),
        ("/not-http", Reason.ROBOTS_UNREACHABLE),
        ("/short", Reason.ROBOTS_UNREACHABLE),
        ("/endless", Reason.ROBOTS_UNREACHABLE),
        ("/reset", Reason.CONNECT),
    ],
)
def test_no_robots_file_allows_and_one_that_cannot_be_had_forbids(behaviour: str, expected: Reason | str) -> None:
    """RFC 9309, section 2.3.1."""

    async def test(room: Newsroom) -> None:
        room.robots["*"] = says(b"", 302, f"Location: {behaviour}")
        if behaviour == "/reset":
            room.robots["*"] = like(behaviour)
        async with fetcher() as client:
            outcome = await client.fetch(page(room.url("/ok")))
        assert reason(outcome) == expected, outcome

    run(test)


def test_a_robots_file_of_ten_megabytes_is_read_as_far_as_the_standard_asks() -> None:
    """The first 500 KiB count, the rest does not."""

    async def test(room: Newsroom) -> None:
        filler = b"# filler\n" * 60_000
        room.robots["*"] = says(b"User-agent: *\nDisallow: /gzip\n" + filler * 20 + b"Disallow: /ok\n")
        async with fetcher(max_body=20_000_000, total_timeout=9, read_timeout=9) as client:
            assert reason(await client.fetch(page(room.url("/gzip")))) is Reason.ROBOTS
            assert reason(await client.fetch(page(room.url("/ok")))) == "Fetched"

    run(test)


def test_a_file_of_ten_thousand_names_over_ten_thousand_rules_costs_little() -> None:
    """Read name by name it would be a hundred million rules; it has to be read within the limits of a fetch."""

    async def test(room: Newsroom) -> None:
        agents = "".join(f"User-agent: bot{number}\n" for number in range(10_000))
        rules = "".join(f"Disallow: /private/{number}\n" for number in range(10_000))
        room.robots["*"] = says(agents + rules + "User-agent: *\nDisallow: /gzip")
        async with fetcher() as client:
            assert reason(await client.fetch(page(room.url("/gzip")))) is Reason.ROBOTS
            assert reason(await client.fetch(page(room.url("/ok")))) == "Fetched"

    run(test)


# --- Rest ---


@pytest.mark.parametrize(
    ("path", "rests"),
    [
        ("/retry/429", True),
        ("/retry/429?after=120", True),
        ("/retry/429?after=99999999999999", True),
        ("/retry/429?after=soon", True),
        ("/retry/429?after=-5", False),
        ("/retry/429?after=0", False),
        ("/retry/503", False),
        ("/retry/503?after=120", True),
        (
            "/retry/503?after="
            + format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True).replace(" ", "%20"),
            True,
        ),
        ("/retry/503?after=Wed,%2001%20Jul%202015%2010:00:00%20GMT", False),
        ("/retry/500?after=120", False),
    ],
)
def test_a_host_that_asks_for_rest_gets_it_and_others_do_not_wait(path: str, rests: bool) -> None:
    """Further wants of the host are deferred at once; another host goes on."""

    async def test(room: Newsroom) -> None:
        async with fetcher(allow=("tired.test", "awake.test")) as client:
            first = await client.fetch(page(room.url(path, "tired.test")))
            assert reason(first) in (Reason.RATE_LIMITED, Reason.SERVER_ERROR)
            second = await client.fetch(page(room.url("/ok", "tired.test")))
            assert reason(second) == (Reason.DEFERRED if rests else "Fetched")
            assert reason(await client.fetch(page(room.url("/ok", "awake.test")))) == "Fetched"

    run(test)


def test_an_absurd_retry_after_is_capped() -> None:
    """A host cannot put itself to sleep for three million years."""

    async def test(room: Newsroom) -> None:
        outcome = await outcome_of(room, "/retry/429?after=99999999999999")
        assert isinstance(outcome, Failed)
        assert outcome.retry_after == 86400

    run(test)


# --- Streams ---


def test_a_stream_gives_one_outcome_for_every_want() -> None:
    """Bad wants, slow hosts and good pages together, whatever order they come in."""

    async def test(room: Newsroom) -> None:
        urls = [room.url("/ok", f"h{number}.test") for number in range(50)]
        urls += [room.url("/silent", "slow.test"), room.url("/ok", "slow.test"), "nonsense", "http://inner.test/"]
        async with fetcher(allow=(*(f"h{number}.test" for number in range(50)), "slow.test")) as client:
            got = [outcome async for outcome in client.stream(map(page, urls))]
        assert sorted(outcome.want.url for outcome in got) == sorted(urls)
        assert sum(isinstance(outcome, Fetched) for outcome in got) == 51

    run(test)


def test_a_stream_that_is_left_stops_asking() -> None:
    """Nothing goes on behind the back of a caller that has gone."""

    async def test(room: Newsroom) -> None:
        wants = [page(room.url(f"/ok?{number}")) for number in range(200)]
        async with fetcher(robots=False) as client:
            stream = client.stream(wants)
            async for _ in stream:
                break
            await stream.aclose()
            asked = len(room.visits)
            await asyncio.sleep(0.05)
            assert len(room.visits) == asked < 200

    run(test)


def test_no_more_questions_at_a_time_than_set() -> None:
    """Over all hosts, and one to each."""

    async def test(room: Newsroom) -> None:
        hosts = [f"h{number}.test" for number in range(20)]
        wants = [page(room.url(f"/stalls?{number}", host)) for host in hosts for number in range(2)]
        async with fetcher(allow=tuple(hosts), concurrency=4, read_timeout=0.05) as client:
            assert len([outcome async for outcome in client.stream(wants)]) == 40
        assert room.most_open <= 4 * 2  # a kept connection may still be open while the next one begins

    run(test)


def test_what_the_runs_time_does_not_reach_is_deferred() -> None:
    """And not lost: the next run asks."""

    async def test(room: Newsroom) -> None:
        wants = [page(room.url(f"/ok?{number}")) for number in range(20)]
        async with fetcher(robots=False, delay=0.1, run_time=0.35) as client:
            got = [reason(outcome) async for outcome in client.stream(wants)]
        assert set(got) == {"Fetched", Reason.DEFERRED}
        assert len(got) == 20

    run(test)


def test_another_transport_can_be_put_in() -> None:
    """The seam for tests that need no network at all."""

    async def test() -> Outcome:
        transport = httpx.MockTransport(lambda request: httpx.Response(200, content=request.url.path.encode()))
        async with Fetcher(FetchSettings(robots=False, delay=0), transport=transport) as client:
            return await client.fetch(Want(url="https://news.test/a", purpose=Purpose.FEED))

    outcome = asyncio.run(test())
    assert isinstance(outcome, Fetched)
    assert outcome.exchange.body == b"/a"


def test_a_fetcher_works_without_a_usable_data_directory(tmp_path: Path) -> None:
    """A full or read-only disk costs the agreement with other processes, not the fetch."""
    blocked = tmp_path / "file"
    blocked.write_text("not a directory")

    async def test(room: Newsroom) -> None:
        assert isinstance(await outcome_of(room, "/ok", directory=blocked / "hosts"), Fetched)

    run(test)


def test_who_takes_outcomes_may_fetch_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even when so much waits to be taken that the stream itself pauses."""
    monkeypatch.setattr("flows.fetcher._WAITING", 1)

    async def test(room: Newsroom) -> None:
        hosts = [f"h{number}.test" for number in range(20)]
        async with fetcher(allow=tuple(hosts)) as client:
            stream = client.stream(page(room.url("/ok", host)) for host in hosts)
            got = [(reason(outcome), reason(await client.fetch(outcome.want))) async for outcome in stream]
        assert got == [("Fetched", "Fetched")] * 20

    run(test)


def test_a_fault_of_ours_is_raised_where_outcomes_are_taken() -> None:
    """Not swallowed, and no hang."""

    def broken(outcome: Outcome) -> None:
        raise RuntimeError("archive is full")

    async def test(room: Newsroom) -> None:
        async with fetcher(on_robots=broken) as client:
            with pytest.raises(RuntimeError, match="archive is full"):
                [outcome async for outcome in client.stream([page(room.url("/ok"))] * 3)]

    run(test)
