"""Where URLs of the past come from and which are wanted: pure decisions, also over input that is damaged or hostile."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from extractors import memento, period, savedpage, urls
from extractors.model import (
    DateSource,
    Entry,
    Exchange,
    Failed,
    Listing,
    Moment,
    Precision,
    Purpose,
    Reason,
    Want,
)
from flows.manners import FetchSettings
from flows.past import fetching, pace, sources
from flows.past.choice import Chooser, Left
from flows.past.memory import Memory
from flows.past.pace import Pace
from flows.past.sources import Step
from storage.jobs import Job, identity

MARCH, APRIL = datetime(2022, 3, 1, tzinfo=UTC), datetime(2022, 4, 1, tzinfo=UTC)
SITE = "https://quay.example"


def moment(at: datetime, precision: Precision = Precision.SECOND) -> Moment:
    """Return a date as if it had been read."""
    return Moment(at=at, precision=precision, raw="")


def job(**facts: Any) -> Job:
    """Return a job over March 2022."""
    return Job(**{"kind": "sitemap", "where": (SITE,), "since": MARCH, "until": APRIL, **facts})


def step(url: str, purpose: Purpose = Purpose.SITEMAP, depth: int = 0) -> Step:
    """Return a listing to ask for."""
    return Step(want=Want(url=url, purpose=purpose), depth=depth)


# --- Time ---


@pytest.mark.parametrize(
    ("at", "precision", "inside"),
    [
        (MARCH, Precision.SECOND, True),
        (MARCH - timedelta(seconds=1), Precision.SECOND, False),
        (APRIL - timedelta(seconds=1), Precision.MINUTE, True),
        (APRIL, Precision.SECOND, False),
        (MARCH - timedelta(hours=8), Precision.DAY, True),  # the first of March in Beijing
        (MARCH - timedelta(hours=8, days=1), Precision.DAY, False),
        (APRIL - timedelta(hours=8), Precision.DAY, False),  # the first of April in Beijing
        (APRIL - timedelta(hours=19), Precision.DAY, True),  # the last of March in New York
        (MARCH - timedelta(hours=1), Precision.MONTH, True),  # March in Paris
        (datetime(2022, 1, 31, 23, tzinfo=UTC), Precision.MONTH, False),
    ],
)
def test_a_date_is_compared_as_exactly_as_it_is_known(at: datetime, precision: Precision, inside: bool) -> None:
    """A day is the day that its outlet wrote, whatever its zone."""
    assert period.covers(moment(at, precision), MARCH, APRIL) is inside


def test_a_side_that_is_open_holds_everything() -> None:
    """None is no limit."""
    assert period.covers(moment(datetime(1999, 1, 1, tzinfo=UTC)), None, APRIL)
    assert period.covers(moment(datetime(2099, 1, 1, tzinfo=UTC)), MARCH, None)


# --- Archives ---


def test_an_address_in_an_archive_gives_the_page_and_its_time_back() -> None:
    """Also where the archive has swallowed a slash."""
    url = f"{SITE}/a?b=1&c=http://x.example/"
    there = memento.address("https://web.archive.org/web/", "20220304050607", url)
    assert there == f"https://web.archive.org/web/20220304050607id_/{url}"
    assert memento.original(there) == url
    assert memento.original(there.replace("id_/https://", "id_/https:/")) == url
    at = datetime(2022, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert memento.at(Exchange(url=there, at=APRIL, status=200)) == at


@pytest.mark.parametrize("said", ["", "yesterday", "Fri, 99 Mar 2022 05:06:07 GMT", "\x00"])
def test_a_damaged_memento_datetime_is_no_time(said: str) -> None:
    """The address is asked instead, and may know none either."""
    exchange = Exchange(url=f"{SITE}/a", at=APRIL, status=200, headers=(("Memento-Datetime", said),))
    assert memento.at(exchange) is None
    wrong = Exchange(url="https://a.example/web/99999999999999id_/http://x.example/", at=APRIL, status=200)
    assert memento.at(wrong) is None


@pytest.mark.parametrize(
    ("where", "kind", "asked"),
    [
        ("quay.example", "domain", "quay.example"),
        (SITE + "/", "domain", "quay.example"),
        ("quay.example/world/*", "prefix", "quay.example/world/"),
        (SITE + "/a.html?b=1", "exact", "quay.example/a.html?b=1"),
    ],
)
def test_the_index_is_asked_for_hosts_prefixes_and_pages(where: str, kind: str, asked: str) -> None:
    """With the window, a month longer: articles are archived later than they come out."""
    query = parse_qs(urlsplit(sources.index(job(kind="wayback"), where)).query)
    assert (query["matchType"], query["url"]) == ([kind], [asked])
    assert query["filter"] == ["statuscode:200", "mimetype:text/html"]
    assert (query["from"], query["to"]) == (["20220301"], ["20220501"])


# --- Sitemaps and feeds ---


def test_sitemaps_of_other_times_are_not_asked_for() -> None:
    """By their last change and by the month in their names; what does not say stays."""
    more = [
        Entry(url=f"{SITE}/sitemap-2022-03.xml"),
        Entry(url=f"{SITE}/sitemap-2022-02.xml"),  # cut by the outlet's own clock
        Entry(url=f"{SITE}/sitemap-2021-03.xml"),
        Entry(url=f"{SITE}/sitemap-2023-03.xml"),
        Entry(url=f"{SITE}/sitemap-7.xml"),
        Entry(url=f"{SITE}/old.xml", updated=moment(MARCH - timedelta(days=30))),
        Entry(url=f"{SITE}/new.xml", updated=moment(APRIL + timedelta(days=900))),
        Entry(url=f"{SITE}/2019-01/sitemap-2022-03.xml"),  # says two things
    ]
    listing = Listing(format="sitemapindex", more=tuple(more))
    asked = [each.want.url for each in sources.follow(job(), step(f"{SITE}/i.xml"), listing, fresh=0)]
    assert asked == [more[n].url for n in (0, 1, 4, 6, 7)]


def test_indexes_in_indexes_end_somewhere() -> None:
    """A site that goes on for ever is left."""
    listing = Listing(format="sitemapindex", more=(Entry(url=f"{SITE}/next.xml"),))
    assert sources.follow(job(), step(SITE, depth=sources.MAX_DEPTH - 1), listing, fresh=0)
    assert not sources.follow(job(), step(SITE, depth=sources.MAX_DEPTH), listing, fresh=0)


def test_a_feed_is_followed_by_its_links_or_else_by_number() -> None:
    """RFC 5005 first; WordPress otherwise, until a page has nothing new or is too old."""
    entry = Entry(url=f"{SITE}/a", published=moment(MARCH))
    paged = job(kind="paged")
    here = step(f"{SITE}/feed?lang=en", Purpose.FEED)
    linked = Listing(format="atom10", entries=(entry,), more=(Entry(url=f"{SITE}/archive/1"),))
    assert [s.want.url for s in sources.follow(paged, here, linked, fresh=1)] == [f"{SITE}/archive/1"]
    plain = Listing(format="rss20", entries=(entry,))
    assert [s.want.url for s in sources.follow(paged, here, plain, fresh=1)] == [f"{SITE}/feed?lang=en&paged=2"]
    assert sources.next_page(f"{SITE}/feed?paged=9&lang=en") == f"{SITE}/feed?lang=en&paged=10"
    assert not sources.follow(paged, here, plain, fresh=0)
    old = Listing(format="rss20", entries=(Entry(url=f"{SITE}/b", published=moment(MARCH - timedelta(days=9))),))
    assert not sources.follow(paged, here, old, fresh=1)


def test_a_site_without_named_sitemaps_is_tried_at_the_usual_places() -> None:
    """And one whose robots file names some is asked for those."""
    guessed = [s.want.url for s in sources.begin(job(), "quay.example")]
    assert guessed == [f"{SITE}{path}" for path in sources.GUESSES]
    named = sources.begin(job(), SITE, sitemaps=(f"{SITE}/s.xml", "javascript:x"))
    assert [s.want.url for s in named] == [f"{SITE}/s.xml"]
    assert [s.want.url for s in sources.begin(job(), f"{SITE}/deep/s.xml")] == [f"{SITE}/deep/s.xml"]


# --- Choice ---


def choose(entries: list[Entry], known: tuple[str, ...] = (), **facts: Any) -> Chooser:
    """Give entries to a chooser."""
    keys = {int(urls.key(url)[:16], 16) for url in known}
    chooser = Chooser(job(**facts), {}, {}, keys)
    for entry in entries:
        chooser.take(entry, Want(url=f"{SITE}/s.xml", purpose=Purpose.SITEMAP))
    return chooser


def test_every_entry_is_wanted_or_left_for_one_reason() -> None:
    """Counts add up."""
    entries = [
        Entry(url=f"{SITE}/1", published=moment(MARCH)),
        Entry(url=f"{SITE}/1#top"),
        Entry(url=f"{SITE}/2", published=moment(APRIL)),
        Entry(url=f"{SITE}/2021/05/06/old"),
        Entry(url=f"{SITE}/2022/03/06/new"),
        Entry(url=f"{SITE}/3", updated=moment(MARCH - timedelta(days=3))),
        Entry(url=f"{SITE}/4", updated=moment(APRIL + timedelta(days=3))),
        Entry(url="https://elsewhere.example/5"),
        Entry(url="https://quay.example.evil.example/6"),
        Entry(url="https://www.quay.example/7"),
        Entry(url=f"{SITE}/8"),
        Entry(url="not a url"),
    ]
    chooser = choose(entries, (f"{SITE}/8",), hosts=("quay.example",))
    assert [want.url for want in chooser.wants] == [entries[n].url for n in (0, 4, 6, 9)]
    assert chooser.left == {Left.TWICE: 1, Left.OUTSIDE: 3, Left.ELSEWHERE: 3, Left.KNOWN: 1}
    assert len(chooser.wants) + chooser.left.total() == len(entries)
    assert chooser.undated == 2


def test_a_want_carries_all_that_loading_has_to_know() -> None:
    """The window, the entry without its full text, the referrer."""
    (want,) = choose([Entry(url=f"{SITE}/1", title="A", content="<p>", date_source=DateSource.SITEMAP)]).wants
    assert (want.since, want.until, want.undated, want.reason) == (MARCH, APRIL, False, "backfill")
    assert want.entry is not None
    assert (want.entry.title, want.entry.content, want.referrer) == ("A", "", f"{SITE}/s.xml")


def test_an_archive_says_nothing_of_an_article_but_where_it_is() -> None:
    """Its timestamp is no date of publication."""
    chooser = choose([Entry(url=f"{SITE}/1", guid="20220304050607")], kind="wayback", archive="http://a.example/")
    (want,) = chooser.wants
    assert want.entry is None
    assert want.via == f"http://a.example/web/20220304050607id_/{SITE}/1"


# --- Memory and pace ---


def failed(reason: Reason, **facts: Any) -> Failed:
    """Return a page that was asked for in vain."""
    return Failed(want=Want(url=f"{SITE}/1", purpose=Purpose.PAGE), at=MARCH, reason=reason, **facts)


def test_what_may_pass_is_tried_three_times_and_no_sooner_than_asked() -> None:
    """The pause doubles; a Retry-After that is longer holds."""
    memory = Memory()
    page = Want(url=f"{SITE}/1", purpose=Purpose.PAGE)
    memory.learn(failed(Reason.SERVER_ERROR))
    tried = memory.failed[next(iter(memory.failed))]
    assert tried.again_at() == MARCH + timedelta(seconds=30)
    memory.learn(failed(Reason.RATE_LIMITED, retry_after=3600.0))
    assert memory.failed[next(iter(memory.failed))].again_at() == MARCH + timedelta(hours=1)
    assert (memory.is_settled(page), memory.attempt(page)) == (False, 3)
    memory.learn(failed(Reason.TIMEOUT))
    assert memory.is_settled(page)


@pytest.mark.parametrize("reason", [Reason.GONE, Reason.FORBIDDEN, Reason.ROBOTS, Reason.TOO_LARGE, Reason.BAD_URL])
def test_what_a_host_has_decided_stays_so(reason: Reason) -> None:
    """One try."""
    memory = Memory()
    memory.learn(failed(reason))
    assert memory.is_settled(Want(url=f"{SITE}/1", purpose=Purpose.PAGE))


def test_a_deferral_teaches_nothing() -> None:
    """Nothing was asked."""
    memory = Memory()
    memory.learn(failed(Reason.DEFERRED))
    assert memory.failed == {}


def test_the_slowest_host_says_how_long_it_takes() -> None:
    """By the polite pause first, by what was measured as soon as enough has come."""
    settings = FetchSettings(delay=2.0, max_crawl_delay=30.0)
    assert pace.expected({"a": 10, "b": 100}, settings) == 200.0
    assert pace.expected({"a": 10, "b": 100}, settings, {"a": 600.0}) == 300.0
    assert pace.expected({}, settings) == 0.0
    going = Pace(left=Counter({"a": 10}), settings=settings, begun=0.0)
    assert going.seconds_left(0.0) == 20.0
    for _ in range(5):
        going.note("a")
    assert going.seconds_left(30.0) == pytest.approx(5 * 6.0)


def test_a_batch_has_pages_of_every_host() -> None:
    """So that a host with a million pages does not hold up the others."""
    wants = [Want(url=f"https://{host}.example/{n}", purpose=Purpose.PAGE) for host in "ab" for n in range(30)]
    batches = list(fetching.batches(wants, most=10))
    assert [Counter(map(fetching.asked_host, batch)) for batch in batches] == [{"a.example": 5, "b.example": 5}] * 6
    assert sorted(want.url for batch in batches for want in batch) == sorted(want.url for want in wants)


def test_the_same_job_has_the_same_id_and_another_has_another() -> None:
    """Ids are of what is asked."""
    assert identity(job()) == identity(job())
    assert len({identity(job()), identity(job(limit=1)), identity(job(again=1)), identity(job(since=None))}) == 4


# --- Saved pages ---


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (b"<!-- saved from url=(0020)https://a.example/x -->", "https://a.example/x"),
        (b"<link href='https://a.example/x?a=1&amp;b=2' rel=canonical>", "https://a.example/x?a=1&b=2"),
        (b'<meta content="https://a.example/x" property="og:url">', "https://a.example/x"),
        (
            b"<link rel=canonical href=/relative><meta property=og:url content=https://a.example/x>",
            "https://a.example/x",
        ),
        (b"<link rel=stylesheet href=https://a.example/x>", ""),
        (b"<link rel=canonical href=javascript:alert(1)>", ""),
        (b"<link rel=canonical>" * 1000, ""),
        (b"<link " * 100_000, ""),
        (b"\xff\xfe\x00", ""),
        (b"", ""),
    ],
)
def test_a_saved_page_says_where_it_is_from_or_nothing(body: bytes, url: str) -> None:
    """Whatever the bytes."""
    assert savedpage.address(body) == url
