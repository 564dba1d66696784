"""The demo's newsroom: what it holds, and how its sites behave over HTTP."""

import gzip
import http.client
import json
import re
import socket
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree

import httpx
import pytest

from flows.demo.content import Piece, parse_piece, read_outlets, read_pieces
from flows.demo.newsroom import HOST, Newsroom, PortTakenError, serve
from flows.demo.site import lay_out

ACTORS = {"EU", "CN", "RU", "UA", "US", "TW", "UK", "NATO"}
RELATIONS = {"EU-CN", "EU-RU", "CN-RU", "EU-CN-RU"}
TOPICS = {
    "summit-diplomacy",
    "diplomatic-dispute",
    "sanctions",
    "frozen-assets-finance",
    "export-controls",
    "critical-raw-materials",
    "dual-use-war-support",
    "trade-market-access",
    "trade-defence",
    "investment-economic-security",
    "technology",
    "energy",
    "supply-chains",
    "war-in-ukraine",
    "peace-ceasefire",
    "military-aid-defence",
    "taiwan",
    "hong-kong",
    "human-rights",
    "disinformation-influence",
    "cyber-espionage-hybrid",
    "nuclear-nonproliferation",
    "maritime-arctic",
    "enlargement-neighbourhood",
    "global-order",
    "agriculture-food",
    "climate-green-tech",
    "migration-mobility",
    "domestic-politics",
}


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    """The first edition, on ports that the system chooses."""
    with serve(base_port=0) as open_newsroom:
        yield open_newsroom


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A visitor that follows no redirect by itself."""
    with httpx.Client(trust_env=False) as visitor:
        yield visitor


def _feed(newsroom: Newsroom, outlet: str) -> str:
    return next(feed.url for feed in newsroom.feeds() if feed.source_id == outlet)


# --- What it holds ---------------------------------------------------------------------------------------------------


def test_it_holds_more_than_forty_articles_and_several_in_each_of_the_five_languages() -> None:
    languages = Counter(piece.language.split("-")[0] for piece in read_pieces(1))
    assert sum(languages.values()) >= 44
    assert set(languages) == {"en", "de", "fr", "ru", "zh"}
    assert min(languages.values()) >= 6


@pytest.mark.parametrize("piece", read_pieces(2), ids=lambda piece: f"{piece.outlet}/{piece.slug}")
def test_an_article_has_the_length_of_news_and_labels_of_the_guide_that_agree(piece: Piece) -> None:
    size = len(piece.text) / 2 if piece.language.startswith("zh") else len(piece.text.split())
    assert 150 <= size <= 500
    assert 5 <= len(piece.paragraphs) <= 10
    assert set(piece.actors) <= ACTORS
    assert set(piece.relations) <= RELATIONS
    assert set(piece.topics) <= TOPICS
    for relation in piece.relations:
        assert set(relation.split("-")) <= set(piece.actors)
    assert piece.published.tzinfo is not None
    assert piece.section in next(o.sections for o in read_outlets() if o.id == piece.outlet)


def test_there_are_hard_negatives_in_every_language() -> None:
    without = {piece.language.split("-")[0] for piece in read_pieces(1) if not piece.actors and not piece.topics}
    assert without == {"en", "de", "fr", "ru", "zh"}


def test_every_topic_and_relation_of_the_guide_is_the_matter_of_an_article() -> None:
    pieces = read_pieces(1)
    assert {topic for piece in pieces for topic in piece.topics} == TOPICS
    assert {relation for piece in pieces for relation in piece.relations} == RELATIONS


def test_one_article_reads_otherwise_in_the_second_edition() -> None:
    first = {(p.outlet, p.slug): p for p in read_pieces(1)}
    second = {(p.outlet, p.slug): p for p in read_pieces(2)}
    assert first.keys() == second.keys()
    changed = [second[key] for key in first if first[key] != second[key]]
    assert [piece.slug for piece in changed] == ["eu-china-summit-beijing"]
    assert changed[0].modified is not None


def test_a_wire_story_is_reprinted_by_two_outlets_with_small_edits() -> None:
    """Found by what they share: a sentence of the agency's story."""
    sentence = "We fly magnets in hand luggage when we get a permit"
    copies = [piece for piece in read_pieces(1) if sentence in piece.text]
    assert sorted(piece.outlet for piece in copies) == ["courant", "harbour", "ledger"]
    assert len({piece.text for piece in copies}) == 3
    assert [piece.outlet for piece in copies if not piece.credit] == ["harbour"]


def test_an_article_file_without_its_fence_is_refused_with_its_name() -> None:
    with pytest.raises(ValueError, match=r"articles/x/y\.md: the first line"):
        parse_piece("x", "y.md", "title\n+++\na = 1\n+++\ntext")


# --- Feeds and pages -------------------------------------------------------------------------------------------------


def test_every_source_has_a_feed_and_every_feed_a_source(newsroom: Newsroom) -> None:
    sources = {source.id: source for source in newsroom.sources()}
    assert {feed.source_id for feed in newsroom.feeds()} == set(sources)
    for feed in newsroom.feeds():
        assert httpx.URL(feed.url).netloc.decode() in sources[feed.source_id].hosts


def test_the_feeds_come_in_five_formats(newsroom: Newsroom, client: httpx.Client) -> None:
    roots: Counter[str] = Counter()
    for outlet in newsroom.outlets:
        answer = client.get(_feed(newsroom, outlet.id))
        assert answer.status_code == 200
        if outlet.feed_format == "json1":
            roots[json.loads(answer.content)["version"].rsplit("/", 1)[0].rsplit("/", 1)[-1]] += 1
        else:
            roots[ElementTree.fromstring(answer.content).tag.rsplit("}", 1)[-1]] += 1
    assert set(roots) == {"rss", "RDF", "feed", "urlset", "version"}


def test_a_feed_in_windows_1251_says_so_and_is_so(newsroom: Newsroom, client: httpx.Client) -> None:
    answer = client.get(_feed(newsroom, "nevsky"))
    assert "windows-1251" in answer.headers["content-type"]
    assert "Невский телеграф" in answer.content.decode("windows-1251")


def test_every_article_is_named_by_its_feed_and_stands_on_its_page(newsroom: Newsroom, client: httpx.Client) -> None:
    for url, piece in newsroom.articles().items():
        page = client.get(url)
        assert page.status_code == 200
        charset = re.search(r"charset=([\w-]+)", page.headers["content-type"])
        assert charset is not None
        text = page.content.decode(charset[1])
        for paragraph in piece.paragraphs:
            assert paragraph.replace("&", "&amp;") in text
        assert f'href="{url.replace("&", "&amp;")}"' in text  # its canonical link


def test_chinese_pages_are_in_gb18030_and_dated_the_chinese_way(newsroom: Newsroom, client: httpx.Client) -> None:
    url = next(url for url, piece in newsroom.articles().items() if piece.slug == "zhongou-lingdaoren-huiwu-beijing")
    assert "2025年07月24日 21:30" in client.get(url).content.decode("gb18030")


def test_addresses_and_bytes_stay_the_same_from_run_to_run() -> None:
    """A second demo must find nothing new, so nothing may depend on the clock, on chance or on the process."""
    pieces = read_pieces(1)
    for outlet in read_outlets():
        own = [piece for piece in pieces if piece.outlet == outlet.id]
        base = "http://127.0.0.1:8901"
        assert lay_out(outlet, own, base) == lay_out(outlet, own, base)
    story = next(piece for piece in pieces if piece.slug == "rare-earth-magnets-licences")
    assert story.number == 34868028


# --- Special cases ---------------------------------------------------------------------------------------------------


def test_the_dead_feed_is_gone(newsroom: Newsroom, client: httpx.Client) -> None:
    dead = [feed.url for feed in newsroom.feeds() if client.get(feed.url).status_code == 410]
    assert len(dead) == 1


def test_an_old_address_in_a_feed_redirects_to_the_article(newsroom: Newsroom, client: httpx.Client) -> None:
    moved = next(piece for piece in newsroom.pieces if piece.moved_from)
    old = newsroom.bases[moved.outlet] + moved.moved_from
    assert old in client.get(_feed(newsroom, moved.outlet)).content.decode("iso-8859-1")
    answer = client.get(old)
    assert answer.status_code == 301
    assert newsroom.articles()[answer.headers["location"]] == moved


def test_a_feed_names_a_page_that_robots_forbids(newsroom: Newsroom, client: httpx.Client) -> None:
    forbidden = next(piece for piece in newsroom.pieces if piece.forbidden)
    base = newsroom.bases[forbidden.outlet]
    assert "Disallow: /members/" in client.get(base + "/robots.txt").text
    assert base + forbidden.path in client.get(_feed(newsroom, forbidden.outlet)).text
    assert base + forbidden.path not in newsroom.articles()


def test_an_outlet_without_robots_file_says_so(newsroom: Newsroom, client: httpx.Client) -> None:
    assert client.get(newsroom.bases["jianghai"] + "/robots.txt").status_code == 404


def test_feeds_name_a_section_page_and_a_missing_page(newsroom: Newsroom, client: httpx.Client) -> None:
    strays = {newsroom.bases[outlet.id] + stray.path: outlet for outlet in newsroom.outlets for stray in outlet.strays}
    assert all(url in client.get(_feed(newsroom, outlet.id)).text for url, outlet in strays.items())
    assert sorted(client.get(url).status_code for url in strays) == [200, 404]


def test_tracking_parameters_lead_to_the_same_page(newsroom: Newsroom, client: httpx.Client) -> None:
    url = next(url for url, piece in newsroom.articles().items() if piece.outlet == "ledger")
    assert client.get(url + "?utm_source=rss&utm_medium=feed").content == client.get(url).content


def test_an_id_in_the_query_tells_pages_apart(newsroom: Newsroom, client: httpx.Client) -> None:
    urls = [url for url, piece in newsroom.articles().items() if piece.outlet == "harbour"]
    assert len({client.get(url).content for url in urls}) == len(urls)
    assert client.get(urls[0] + "&ref=home").content == client.get(urls[0]).content
    assert client.get(newsroom.bases["harbour"] + "/story").status_code == 404


# --- HTTP ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outlet", ["ledger", "nevsky"])
def test_a_conditional_request_is_answered_304_without_a_body(
    newsroom: Newsroom, client: httpx.Client, outlet: str
) -> None:
    url = _feed(newsroom, outlet)
    first = client.get(url)
    for header, value in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = client.get(url, headers={header: first.headers[value]})
        assert again.status_code == 304
        assert again.content == b""


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"another"'},
        {"If-Modified-Since": "Wed, 01 Jan 2025 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Fri, 01 Jan 2027 00:00:00 GMT", "If-None-Match": '"another"'},
    ],
)
def test_other_validators_get_the_whole_feed(newsroom: Newsroom, client: httpx.Client, headers: dict[str, str]) -> None:
    assert client.get(_feed(newsroom, "ledger"), headers=headers).status_code == 200


def test_the_second_edition_answers_the_first_ones_validators_with_the_new_article(newsroom: Newsroom) -> None:
    url = next(url for url, piece in newsroom.articles().items() if piece.slug == "eu-china-summit-beijing")
    first = httpx.get(url)
    with serve(edition=2, base_port=0) as later:
        moved = url.replace(newsroom.bases["ledger"], later.bases["ledger"])
        second = httpx.get(moved, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        feed = httpx.get(_feed(later, "ledger")).text
    assert second.status_code == 200
    assert "ended their summit" in second.text
    assert "ended their summit" not in first.text
    assert "<atom:updated>2025-07-24T19:45:00+02:00</atom:updated>" in feed


def test_gzip_is_sent_only_to_who_accepts_it(newsroom: Newsroom) -> None:
    host = newsroom.bases["ledger"].removeprefix("http://")
    plain, packed = [_raw(host, coding) for coding in ("identity", "gzip, br")]
    assert plain[0] is None
    assert packed[0] == "gzip"
    assert gzip.decompress(packed[1]) == plain[1]


def _raw(host: str, coding: str) -> tuple[str | None, bytes]:
    connection = http.client.HTTPConnection(host)
    connection.request("GET", "/", headers={"Accept-Encoding": coding})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.getheader("Content-Encoding"), body


def test_a_head_request_gets_the_headers_alone(newsroom: Newsroom, client: httpx.Client) -> None:
    answer = client.head(newsroom.bases["nevsky"] + "/")
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) > 0
    assert answer.content == b""


def test_the_log_shows_what_was_asked_and_whether_conditionally(client: httpx.Client) -> None:
    with serve(base_port=0) as fresh:
        url = _feed(fresh, "prichal")
        etag = client.get(url).headers["etag"]
        client.get(url, headers={"If-None-Match": etag, "User-Agent": "Tripolar test"})
        log = list(fresh.requests)
    assert [(r.outlet, r.method, r.path, r.status, r.conditional) for r in log] == [
        ("prichal", "GET", "/atom", 200, False),
        ("prichal", "GET", "/atom", 304, True),
    ]
    assert log[1].headers["user-agent"] == "Tripolar test"


def test_a_port_in_use_is_one_clear_error_and_frees_the_others() -> None:
    with socket.create_server((HOST, 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"cannot listen on {HOST}:{taken} .*Stop the program"):
            serve(base_port=taken).__enter__()


def test_closing_hangs_up_on_visitors_who_keep_their_connection() -> None:
    """Otherwise the end of the demo would wait until they leave."""
    with serve(base_port=0) as short:
        host, port = short.bases["ledger"].removeprefix("http://").split(":")
        visitor = http.client.HTTPConnection(host, int(port))
        visitor.request("GET", "/robots.txt")
        visitor.getresponse().read()
        assert visitor.sock is not None
    assert visitor.sock.recv(1) == b""
    visitor.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(short.bases["ledger"] + "/")
