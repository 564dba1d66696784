"""The registry: what the bundled file promises, what a mistake in one's own file says, and what adding leaves alone."""

import tomllib
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from extractors import urls
from extractors.model import Feed, Source
from flows import registry
from flows.registry import RegistryError

BUNDLED = registry.load()

UNION = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE EU"

ONE = """# my outlets
[[source]]
id = "harbour"
name = "The Harbour"
country = "BE"
language = "en"
time_zone = "Europe/Brussels"
owner = "Harbour Press"
state = false
family = "harbour"
home = "https://www.harbour.example/"

# the main feed
[[source.feed]]
url = "https://harbour.example/feed"
note = "its home page"
"""

TWO = (
    ONE
    + """
# --- the east ---
[[source]]
id = "nevsky"
name = "Nevsky"
country = "RU"
language = "ru"
time_zone = "Europe/Moscow"
owner = "Nevsky"
state = true
family = "nevsky"
home = "https://nevsky.example/"
hosts = ["nevsky.example", "en.nevsky.example"]
"""
)

NEW = Source(
    id="vigie",
    name='La "Vigie" \\ du port',
    country="FR",
    language="fr",
    time_zone="Europe/Paris",
    owner="Éditions de la Vigie",
    state=False,
    family="vigie",
    home="https://vigie.example/",
    hosts=("vigie.example", "abonnes.vigie.example"),
)
ITS_FEED = Feed(url="https://vigie.example/news.xml", source_id="vigie", language="fr", kind="sitemap", interval=600)


def refused(text: str) -> str:
    """Return what a registry is refused with."""
    with pytest.raises(RegistryError) as caught:
        registry.parse(text, "mine.toml")
    return str(caught.value)


def write(path: Path, text: str) -> Path:
    """Write a registry file."""
    path.write_text(text, encoding="utf-8")
    return path


# --- The bundled file


def test_the_bundled_registry_is_valid_and_wide() -> None:
    """It keeps the promise of breadth: feeds, outlets, languages of the Union, and all sides of the triangle."""
    by_id = {source.id: source for source in BUNDLED.sources}
    with_feeds = [by_id[name] for name in {feed.source_id for feed in BUNDLED.feeds}]
    assert len(BUNDLED.feeds) >= 200
    assert len(with_feeds) >= 150
    assert len({f.language for f in BUNDLED.feeds if by_id[f.source_id].country in UNION} - {"ru", "uk"}) >= 20
    sides = [source.country for source in with_feeds]
    assert min(sides.count(code) for code in ("EU", "CN", "HK", "TW", "RU", "UA", "US", "GB")) >= 4
    assert {"zh-Hans", "zh-Hant", "ru", "uk", "en"} <= {feed.language for feed in BUNDLED.feeds}


def test_every_bundled_feed_says_where_its_address_was_seen() -> None:
    """An address without a witness may have been guessed."""
    assert [feed.url for feed in BUNDLED.feeds if not feed.note.startswith("GitHub ")] == []


def test_every_bundled_outlet_has_feeds_a_time_zone_and_a_word_on_the_state() -> None:
    """The facts that analysts filter by are there for each outlet."""
    fed = {feed.source_id for feed in BUNDLED.feeds}
    for source in BUNDLED.sources:
        assert source.id in fed
        assert isinstance(source.state, bool)
        assert ZoneInfo(source.time_zone).key == source.time_zone


def test_state_media_and_independent_media_of_russia_and_china_are_told_apart() -> None:
    """A few outlets whose case is clear anchor the flag."""
    state = {source.id: source.state for source in BUNDLED.sources}
    assert all(state[name] for name in ("xinhua", "peoples-daily", "rthk", "tass", "rt", "kremlin", "ukrinform", "ec"))
    assert not any(state[name] for name in ("meduza", "mediazona", "hkfp", "cna-tw", "dw", "bbc", "rferl", "euractiv"))


def test_the_bundled_file_begins_with_its_rule_book() -> None:
    """Each key that an outlet or a feed can have is explained in the header, and so is what could not be tried."""
    header = registry.bundled().read_text(encoding="utf-8").partition("[[source]]\nid")[0]
    keys = set(Source.__slots__) | {name for name in Feed.__slots__ if name != "source_id"}
    assert [key for key in sorted(keys) if f"#   {key} " not in header] == []
    assert "None could be asked while this file was written" in header


def test_a_dump_of_the_bundled_registry_reads_back_to_the_same() -> None:
    """The writer loses nothing that the reader knows."""
    assert registry.parse(registry.dump(BUNDLED), "dump") == BUNDLED


# --- Reading


def test_a_feed_inherits_the_language_of_its_outlet_and_the_usual_interval() -> None:
    """What is not said is the usual; the outlet's hosts default to that of its home page."""
    mine = registry.parse(TWO, "mine.toml")
    assert mine.feeds == (
        Feed(url="https://harbour.example/feed", source_id="harbour", language="en", note="its home page"),
    )
    assert mine.sources[0].hosts == ("harbour.example",)
    assert mine.sources[1].hosts == ("nevsky.example", "en.nevsky.example")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('id = "harbour"', 'id = "Harbour"', 3, "'id' must be lower-case words"),
        ('country = "BE"', 'country = "UK"', 5, "write GB"),
        ('country = "BE"', 'country = "XX"', 5, "ISO 3166-1"),
        ('language = "en"', 'language = "english"', 6, "BCP 47"),
        ("Europe/Brussels", "Europe/Bruxelles", 7, "IANA zone"),
        ("Europe/Brussels", "Europe", 7, "IANA zone"),
        ("Europe/Brussels", "../etc/passwd", 7, "IANA zone"),
        ('owner = "Harbour Press"\n', "", 2, "'owner' is missing; add it"),
        ('owner = "Harbour Press"', 'owner = ""', 8, "one line of text in quotes"),
        ('owner = "Harbour Press"', "owner = 7", 8, "one line of text in quotes, not 7"),
        ("state = false", 'state = "false"', 9, "true or false without quotes"),
        ("state = false", "state = 0", 9, "true or false without quotes"),
        ('family = "harbour"', 'family = "harbour"\ncolour = "red"', 11, "unknown key 'colour'; known are id, name"),
        ("https://www.harbour.example/", "www.harbour.example", 11, "http or https address"),
        ("https://harbour.example/feed", "ftp://harbour.example/feed", 15, "http or https address"),
        ("https://harbour.example/feed", "https://harbour.example/a b", 15, "http or https address"),
        ("https://harbour.example/feed", "https://me:pw@harbour.example/feed", 15, "name or a password"),
        ('note = "its home page"', "interval = 5", 16, "from 60 to 604800, not 5"),
        ('note = "its home page"', "interval = true", 16, "whole number"),
        ('note = "its home page"', 'interval = "600"', 16, "whole number"),
        ('note = "its home page"', 'kind = "rss"', 16, "feed or sitemap"),
        ('note = "its home page"', 'title = "x"', 16, "unknown key 'title'"),
        ('url = "https://harbour.example/feed"\n', "", 14, "'url' is missing"),
        ('note = "its home page"', "note = '''a\nb'''", 16, "one line of text"),
        ("# the main feed", 'hosts = ["www.harbour.example"]', 13, "without www."),
        ("# the main feed", 'hosts = "harbour.example"', 13, "must be a list of host names"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_remedy(old: str, new: str, line: int, words: str) -> None:
    """Each rule that is broken says where, in one line."""
    assert old in ONE
    said = refused(ONE.replace(old, new))
    assert said.startswith(f"mine.toml:{line}: ")
    assert words in said
    assert "\n" not in said


def test_broken_toml_is_named_with_its_line() -> None:
    """The reader of TOML knows where it stopped."""
    said = refused(ONE.replace('country = "BE"', "country = BE"))
    assert said.startswith("mine.toml: not valid TOML: ")
    assert "line 5" in said


def test_a_key_outside_of_outlets_is_unknown() -> None:
    """A file of other settings is not taken for an empty registry."""
    assert "unknown key 'data'" in refused('data = "somewhere"\n' + ONE)
    assert "must be tables: write [[source]]" in refused("[source]\nid = 1\n")
    assert "must be tables: write [[source.feed]]" in refused(TWO + 'feed = "https://nevsky.example/rss"\n')


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (ONE, "the id harbour is in line 2 already"),
        (ONE.replace('"harbour"', '"haven"', 1), "the host harbour.example is in line 2 already"),
        ('[[source.feed]]\nurl = "http://www.harbour.example/feed"\n', "is in line 14 already; remove one"),
    ],
)
def test_an_id_a_host_and_an_address_stand_once(second: str, words: str) -> None:
    """Whose page it is must have one answer, and no feed is polled twice; http and https are one address."""
    said = refused(ONE + second)
    assert words in said
    assert int(said.split(":")[1]) > len(ONE.splitlines())


def test_the_same_outlet_twice_in_inline_tables_is_seen_too() -> None:
    """A layout without headers has no lines to name, but the same rules."""
    table = (
        '{id = "a", name = "A", country = "BE", language = "en", time_zone = "UTC", owner = "A", state = true, '
        'family = "a", home = "https://a.example"}'
    )
    assert registry.parse(f"source = [{table}]", "x").sources[0].id == "a"
    assert "the id a is in line 1 already" in refused(f"source = [{table}, {table}]")


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "no such registry"), (b"\xff\xfe", "byte 0 is not UTF-8"), (b"[[source]]", "'id' is missing")],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None, words: str) -> None:
    """The path is in the message, because settings may have named it long ago."""
    path = tmp_path / "feeds.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RegistryError, match=words) as caught:
        registry.load(path)
    assert str(path) in str(caught.value)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    """What the system says about a file reaches the reader without a traceback."""
    with pytest.raises(RegistryError, match="cannot be read"):
        registry.load(tmp_path)


def test_a_file_of_an_editor_that_writes_marks_and_carriage_returns_is_read(tmp_path: Path) -> None:
    """A byte order mark and Windows line ends are no mistakes, and lines are counted as the editor counts them."""
    path = tmp_path / "feeds.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TWO.replace("\n", "\r\n").encode())
    assert registry.load(path) == registry.parse(TWO, "mine.toml")
    path.write_bytes(TWO.replace("\n", "\r\n").replace('"RU"', '"RUS"').encode())
    with pytest.raises(RegistryError, match=":22: 'country'"):
        registry.load(path)


# --- Whose page it is


def test_a_page_belongs_to_the_outlet_of_its_host_or_of_the_nearest_host_above() -> None:
    """Subdomains follow their outlet unless another outlet names them."""
    hosts = BUNDLED.by_host()
    assert urls.owner("https://www.tass.com/politics/1", hosts) == "tass"
    assert urls.owner("https://english.news.cn/2026/a.html", hosts) == "xinhua"
    assert urls.owner("https://money.udn.com/story/1", hosts) == "udn"
    assert urls.owner("https://energy.ec.europa.eu/news/x_en", hosts) == "ec-energy"
    assert urls.owner("https://trade.ec.europa.eu/x", hosts) == "ec"
    for stranger in ("https://nottass.com/", "https://com/", "https://europa.eu.example/", "mailto:x", "", "http://[/"):
        assert urls.owner(stranger, hosts) is None


def test_outlets_on_one_machine_are_told_apart_by_their_ports() -> None:
    """As in the demo, where each outlet is a server on the loopback."""
    hosts = {"127.0.0.1:8801": "ledger", "127.0.0.1:8802": "vigie"}
    assert urls.owner("http://127.0.0.1:8802/a", hosts) == "vigie"
    assert urls.owner("http://127.0.0.1:9/a", hosts) is None


def test_every_bundled_host_leads_to_the_outlet_that_names_it() -> None:
    """No host is written in a form in which pages never have it."""
    hosts = BUNDLED.by_host()
    for source in BUNDLED.sources:
        for host in source.hosts:
            assert urls.host(f"https://www.{host}/") == host
            assert urls.owner(f"https://{host}/a", hosts) == source.id


# --- Writing


def test_a_dump_keeps_every_character(tmp_path: Path) -> None:
    """Quotes, backslashes, accents and the delete character come back as they went in."""
    odd = replace(NEW, owner="tab\there, \x7f and 中文 «ё»")
    mine = registry.Registry(sources=(odd,), feeds=(ITS_FEED,))
    assert registry.parse(registry.dump(mine), "dump") == mine


def test_a_dump_of_a_feed_without_its_outlet_is_a_mistake_of_the_caller() -> None:
    """It would be lost in silence."""
    with pytest.raises(ValueError, match="no outlet of this registry"):
        registry.dump(registry.Registry(sources=(), feeds=(ITS_FEED,)))


def test_an_outlet_is_added_behind_everything_and_nothing_else_changes(tmp_path: Path) -> None:
    """The file is its owner's: comments, order and spacing stay."""
    path = write(tmp_path / "feeds.toml", TWO)
    after = registry.append(path, NEW, [ITS_FEED])
    text = path.read_text(encoding="utf-8")
    assert text.startswith(TWO)
    assert registry.load(path) == after
    assert after.sources[-1] == NEW
    assert after.feeds[-1] == ITS_FEED
    assert list(tmp_path.iterdir()) == [path]


def test_a_feed_is_added_to_an_outlet_that_is_there_before_the_next_one(tmp_path: Path) -> None:
    """In TOML a feed belongs to the outlet above it, so it goes between, and comments stay with what they explain."""
    path = write(tmp_path / "feeds.toml", TWO)
    harbour = registry.load(path).sources[0]
    feed = Feed(url="https://harbour.example/fr.xml", source_id="harbour", language="fr", note="seen")
    after = registry.append(path, replace(harbour, hosts=()), [feed])
    text = path.read_text(encoding="utf-8")
    assert feed in after.feeds
    assert len(after.sources) == 2
    assert text.index("its home page") < text.index("fr.xml") < text.index("# --- the east ---")
    assert set(TWO.splitlines()) <= set(text.splitlines())


def test_a_missing_file_is_begun(tmp_path: Path) -> None:
    """The first outlet of one's own needs no preparation, not even a folder."""
    path = tmp_path / "mine" / "feeds.toml"
    after = registry.append(path, NEW, [ITS_FEED])
    assert path.read_text(encoding="utf-8").startswith("# Outlets and feeds of one's own")
    assert registry.load(path) == after == registry.Registry(sources=(NEW,), feeds=(ITS_FEED,))


@pytest.mark.parametrize(
    ("source", "feed", "words"),
    [
        (NEW, replace(ITS_FEED, url="https://harbour.example/feed"), "already; remove one of the two"),
        (NEW, replace(ITS_FEED, interval=1), "whole number from 60"),
        (replace(NEW, time_zone="Europe/Lyon"), ITS_FEED, "IANA zone"),
        (replace(NEW, name="two\nlines"), ITS_FEED, "one line of text"),
        (replace(NEW, hosts=("harbour.example",)), ITS_FEED, "the host harbour.example is in line 2"),
        (replace(NEW, id="harbour"), replace(ITS_FEED, source_id="harbour"), "there with other facts"),
    ],
)
def test_what_breaks_the_rules_is_refused_before_anything_is_written(
    tmp_path: Path, source: Source, feed: Feed, words: str
) -> None:
    """A registry that was good stays good."""
    path = write(tmp_path / "feeds.toml", TWO)
    with pytest.raises(RegistryError, match=words):
        registry.append(path, source, [feed])
    assert path.read_text(encoding="utf-8") == TWO
    assert list(tmp_path.iterdir()) == [path]


def test_a_layout_that_cannot_be_added_to_is_left_alone(tmp_path: Path) -> None:
    """An outlet in an inline table has no place for a feed below it."""
    facts = tomllib.loads(ONE)["source"][0]
    inline = ", ".join(f'{k} = "{v}"' for k, v in facts.items() if isinstance(v, str))
    text = f"source = [{{{inline}, state = false}}]\n"
    path = write(tmp_path / "feeds.toml", text)
    harbour = registry.load(path).sources[0]
    with pytest.raises(RegistryError, match="layout is unusual"):
        registry.append(path, harbour, [Feed(url="https://harbour.example/x", source_id="harbour", language="en")])
    assert path.read_text(encoding="utf-8") == text
