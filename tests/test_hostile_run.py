"""Whole cycles over the hostile newsroom: every want gets one fate, and no other feed loses its turn."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from extractors import urls
from extractors.model import Feed, Purpose, Source
from flows.collect import Collector
from flows.cycle import Report
from flows.manners import FetchSettings
from flows.registry import Registry
from storage import archive, verify
from tests import world
from tests.hostile import contents, newsroom, visiting
from tests.hostile.behaviours import BEHAVIOURS, brotli_bomb, gzip_bomb
from tests.hostile.newsroom import Newsroom

GOOD = 12  # well-behaved feeds, mixed among the others
ARTICLES = 3  # of each
UNLISTED = {"/listed", "/feed", "/page", "/mutated", "/to", "/retry", "/chain", "/cookie", "/cookie-wall"}
STATUSES = (
    *range(200, 227),
    *range(300, 309),
    *range(400, 419),
    *range(421, 432),
    444,
    451,
    499,
    *range(500, 512),
    520,
    599,
)
AFTER = (
    "0",
    "-1",
    "1e9",
    "120",
    "99999999999999999999",
    "soon",
    "",
    "0x10",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "1;2",
    "NaN",
    "inf",
)
FORBIDDEN = tuple(
    "http://127.0.0.1:22/ http://10.0.0.1/ http://169.254.169.254/latest/meta-data/ http://[::1]/ http://[::ffff:10.0.0.1]/ "
    "http://0/ http://2130706434/ http://0x7f000002/ http://0177.0.0.2/ http://127.2/ http://inner.test/ http://metadata.test/ "
    "http://six.test/ http://mapped.test/ http://shared.test/ http://[64:ff9b::a00:1]/ http://[fe80::1]/ http://192.168.1.1/ "
    "http://172.16.0.1/ http://localhost.inner.test/".split()
)  # fmt: skip
ELSEWHERE = (
    "file:///etc/passwd",
    "ftp://news.test/",
    "gopher://news.test/",
    "javascript:alert(1)",
    "//",
    "http://",
    "http:///",
    "?",
    "#",
)
LIMITS: dict[str, Any] = visiting.QUICK | {
    "allow": ("newsroom.invalid",),
    "max_body": 20_000_000,
    "total_timeout": 15.0,
    "connect_timeout": 10.0,  # the room shares this process, and a slow machine is to lose no feed
    "read_timeout": 10.0,
    "header_timeout": 12.0,
}


async def resolve(host: str, port: int) -> list[str]:
    """Resolve the names of tricks to private addresses, and all others to the newsroom."""
    return list(await visiting.names(host.removeprefix("localhost."), port))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """What one run over the newsroom left."""

    room: Newsroom
    registry: Registry
    links: list[str]  # hostile pages
    data: Path
    report: Report


def links(room: Newsroom) -> list[str]:
    """Return the addresses of hostile pages, each behaviour on a host of its own."""
    paths = [path for path in BEHAVIOURS if path not in UNLISTED]
    paths += [f"/page/{name}" for name in contents.pages() if name != "good"]
    paths += [f"/status/{status}" for status in STATUSES]
    paths += [f"/retry/{status}?after={value}" for status in (429, 503) for value in AFTER]
    paths += [f"/chain/{length}" for length in (1, 5, 6, 50)]
    paths += [f"/to?url={target}" for target in (*FORBIDDEN, *ELSEWHERE)]
    paths += [f"/cookie?url=/cookie-wall?{n}" for n in range(3)]
    spread = [room.url(path, host=f"h{n}.test") for n, path in enumerate(paths)]
    return [
        *spread,
        *(room.url(f"/mutated/{n}", host=f"m{n % 40}.test") for n in range(240)),
        *FORBIDDEN,
        *ELSEWHERE[:4],
    ]


def registry(room: Newsroom) -> Registry:
    """Return hostile feeds with well-behaved ones among them."""
    hostile = [(f"f{n}.test", f"/feed/{name}") for n, name in enumerate(contents.feeds())]
    hostile += [(f"b{n}.test", path) for n, path in enumerate(BEHAVIOURS) if path not in UNLISTED]
    good = [(f"good{n}.test", "/listed") for n in range(GOOD)]
    for n, one in enumerate(good):
        hostile.insert(n * len(hostile) // GOOD, one)
    hostile.append(("lure.test", "/listed"))
    template = Source(
        id="", name="Room", country="FI", language="en", time_zone="UTC", owner="", state=False, family="", home=""
    )
    sources = [replace(template, id=host.removesuffix(".test"), hosts=(host,)) for host, _ in hostile]
    feeds = [
        Feed(url=room.url(path, host=host), source_id=source.id, language="en")
        for (host, path), source in zip(hostile, sources, strict=True)
    ]
    return Registry(sources=tuple(sources), feeds=tuple(feeds))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """One cycle over everything."""
    data = tmp_path_factory.mktemp("hostile")
    with newsroom.serve() as room, pytest.MonkeyPatch.context() as patch:
        lured = links(room)
        ready = (contents.feeds(), contents.pages(), gzip_bomb(), gzip_bomb(layers=3), brotli_bomb())
        assert all(ready)  # made before anybody waits for them
        room.listed = {
            f"good{n}.test": [room.url(f"/page/good?{n}-{k}", host=f"good{n}.test") for k in range(ARTICLES)]
            for n in range(GOOD)
        }
        room.listed["lure.test"] = lured
        patch.setattr(Collector, "fetcher", _fetcher)
        outlets = registry(room)
        report = world.run(data, outlets)
        yield Hostile(room=room, registry=outlets, links=lured, data=data, report=report)


def _fetcher(collector: Any) -> Any:
    """Return the collector's fetcher with small limits, whose names lead to the newsroom and which may go nowhere else."""
    port_of_the_room = FetchSettings(**(LIMITS | {"allow": _allowed()}))
    from flows.fetcher import Fetcher

    return Fetcher(
        port_of_the_room, directory=collector._settings.data / "hosts", on_robots=collector.keep, resolve=resolve
    )


def _allowed() -> tuple[str, ...]:
    """Return the names by which the newsroom may be reached; by its address it may not."""
    return ("lure.test", *(f"{kind}{n}.test" for kind in ("good", "f", "b", "h", "m") for n in range(600)))


def test_there_are_at_least_five_hundred_hostile_inputs(hostile: Hostile) -> None:
    """The bar speaks of so many."""
    assert len(hostile.links) + len(hostile.registry.feeds) - GOOD >= 500


def test_the_cycle_ends_with_everything_loaded(hostile: Hostile) -> None:
    """Nothing raises, nothing hangs, nothing waits."""
    assert hostile.report.exit_status == 0
    assert hostile.report.loaded.damages == []


def test_every_feed_was_asked_once_and_has_one_outcome(hostile: Hostile) -> None:
    """The hostile ones, too."""
    polls = Counter(url for (url,) in world.ask(hostile.data / "corpus.duckdb", "SELECT url FROM poll"))
    assert polls == Counter(feed.url for feed in hostile.registry.feeds)


def test_every_page_that_was_wanted_has_one_fate(hostile: Hostile) -> None:
    """Whatever its server did."""
    corpus = hostile.data / "corpus.duckdb"
    outcomes = Counter(str(key).replace("-", "") for (key,) in world.ask(corpus, "SELECT url_id FROM capture"))
    named = {str(key).replace("-", "") for (key,) in world.ask(corpus, "SELECT DISTINCT url_id FROM entry")}
    assert set(outcomes.values()) == {1}
    assert set(outcomes) == named
    wanted = {urls.key(link) for link in hostile.links if urls.is_valid(link)}
    assert wanted - named == set()


def test_no_other_feed_loses_its_turn(hostile: Hostile) -> None:
    """Every article of every well-behaved feed is in the corpus."""
    found = {url for (url,) in world.ask(hostile.data / "corpus.duckdb", "SELECT url FROM articles")}
    good = {link for host, listed in hostile.room.listed.items() if host.startswith("good") for link in listed}
    assert len(good) == GOOD * ARTICLES
    assert good - found == set()


def test_feeds_that_are_hostile_around_a_good_entry_are_read(hostile: Hostile) -> None:
    """What can be read is not lost for what cannot."""
    read = {
        feed.rsplit("/", 1)[-1]
        for (feed,) in world.ask(hostile.data / "corpus.duckdb", "SELECT DISTINCT feed FROM entry")
        if "/feed/" in feed
    }
    assert contents.READABLE - read == set()


def test_nothing_private_was_reached_and_nothing_stolen(hostile: Hostile) -> None:
    """No answer came from an address that is not allowed, and no external entity, DTD or stylesheet was asked for."""
    assert hostile.room.asked("/stolen") == []
    reached = {
        exchange.url
        for path in archive.segments(hostile.data / "archive")
        for record in archive.read(path)[1]
        for exchange in (*record.outcome.hops, *filter(None, [record.outcome.exchange]))
    }
    names = {url.split("/")[2].rsplit("@")[-1].partition(":")[0] for url in reached}
    assert names <= set(_allowed())


def test_no_file_of_this_machine_is_in_the_corpus(hostile: Hostile) -> None:
    """External entities are not read."""
    texts = world.ask(
        hostile.data / "corpus.duckdb", "SELECT title || text FROM articles UNION ALL SELECT title FROM entry"
    )
    assert not [text for (text,) in texts if text and "root:" in text]


def test_the_archive_verifies(hostile: Hostile) -> None:
    """Broken framing and odd headers are kept whole."""
    assert all(verify.check(path).sound for path in archive.segments(hostile.data / "archive"))


def test_outcomes_are_of_every_kind(hostile: Hostile) -> None:
    """The run met what it is to meet: a closed set of reasons, many of them."""
    told = {word for (purpose, word) in hostile.report.collected.counts if purpose is Purpose.PAGE}
    assert {
        "fetched",
        "private-address",
        "timeout",
        "protocol",
        "truncated",
        "redirects",
        "gone",
        "forbidden",
        "rate-limited",
    } <= told
    assert {"server-error", "client-error", "no-content", "connect"} & told


def test_another_cycle_changes_no_article_and_asks_no_good_feed_less(hostile: Hostile) -> None:
    """The good feeds are asked again; what failed waits for its time."""
    corpus = hostile.data / "corpus.duckdb"
    before = world.ask(corpus, "SELECT article_id, url FROM article ORDER BY ALL")
    hostile.room.visits.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Collector, "fetcher", _fetcher)
        report = world.run(hostile.data, hostile.registry)
    assert report.exit_status == 0
    asked = {visit.host for visit in hostile.room.visits if visit.path == "/listed"}
    assert asked == {"lure.test", *(f"good{n}.test" for n in range(GOOD))}
    assert world.ask(corpus, "SELECT article_id, url FROM article ORDER BY ALL") == before
