"""The headline among all that a page calls itself."""

import pytest

from extractors import titles
from extractors.facts import Facts
from extractors.jsonld import Linked
from extractors.model import Entry

URL = "https://harbour.example/news/2026/05/06/a-story"
NEWS = frozenset({"newsarticle"})


def choose(
    *,
    h1: str = "",
    quoted: str = "",
    headline: str = "",
    document: str = "",
    types: frozenset[str] = frozenset(),
    kind: str = "",
    published: tuple[str, ...] = (),
    url: str = URL,
    fed: str = "",
    site: str = "Harbour Post",
) -> str:
    """Return the headline of a page that says these things of itself."""
    linked = Linked(headline=headline, types=types, article=bool(headline))
    facts = Facts(
        linked=linked,
        titles=(quoted,) if quoted else (),
        headings=(h1,) if h1 else (),
        document_title=document,
        site=site,
        kind=kind,
        published=published,
    )
    return titles.choose(facts, url, Entry(url=url, guid=url, title=fed) if fed else None)


@pytest.mark.parametrize("separator", [" | ", " - ", " – ", " :: "])
def test_the_name_of_the_site_is_no_part_of_the_headline(separator: str) -> None:
    """At the end of it, after whatever sign."""
    assert choose(document=f"The lock is repaired{separator}Harbour Post") == "The lock is repaired"


def test_the_headline_that_two_agree_on_is_right() -> None:
    """The heading that the head repeats."""
    assert choose(h1="The lock is repaired", quoted="The lock is repaired | Harbour Post") == "The lock is repaired"


def test_on_a_news_page_node_and_document_outvote_a_title_to_be_quoted() -> None:
    """Three headlines of one story: the one that is given twice is its name."""
    got = choose(
        h1="Gate by gate, the town gets its lock back",
        quoted="Ships may pass again",
        headline="The lock is repaired",
        document="The lock is repaired | Harbour Post",
        types=NEWS,
    )
    assert got == "The lock is repaired"


def test_a_newsroom_that_writes_meta_elements_only_means_the_title_in_them() -> None:
    """The heading on the page may carry a kicker, or be a later version."""
    got = choose(
        h1="Town and harbour - The lock is repaired at last",
        quoted="The lock is repaired",
        kind="article",
        published=("2026-05-06T07:00:00Z",),
    )
    assert got == "The lock is repaired"


def test_a_blog_means_its_heading() -> None:
    """What it writes in the head is for search engines."""
    got = choose(
        h1="How we repaired the lock of the harbour",
        quoted="Lock repair: the 7 best tips for a harbour",
        kind="article",
        published=("2026-05-06T07:00:00Z",),
        types=frozenset({"webpage", "person"}),
    )
    assert got == "How we repaired the lock of the harbour"


def test_a_heading_of_a_paragraph_is_no_headline() -> None:
    """Some pages set their lede as a heading."""
    lede = "The lock is repaired, and " + "so are all of its gates, says the office, " * 6
    assert choose(h1=lede, document="The lock is repaired") == "The lock is repaired"


def test_marks_for_breaking_a_word_are_no_part_of_a_headline() -> None:
    """They cannot be seen, and nobody searches for them."""
    assert choose(h1="Harbour\u00admaster re\u00adsigns over the lock") == "Harbourmaster resigns over the lock"


def test_what_feed_and_page_both_say_is_the_headline() -> None:
    """The feed is the best of witnesses, with the name of the site after it or without."""
    said = {
        "h1": "Gate by gate, the town gets its lock back",
        "quoted": "Ships may pass again",
        "headline": "Lock: reopening, tolls, times",
        "types": NEWS,
    }
    for title in ("Gate by gate, the town gets its lock back", "Ships may pass again", "Lock: reopening, tolls, times"):
        assert choose(**said, fed=f"{title} - Harbour Post") == title  # type: ignore[arg-type]


def test_an_address_that_spells_a_headline_out_is_a_witness() -> None:
    """It is made of the headline that a text had at first; umlauts and signs are written in several ways."""
    for slug in (
        "die-schleuse-oeffnet-am-samstag-fuer-alle-schiffe",
        "die-schleuse-offnet-am-samstag-fur-alle-schiffe-100",
    ):
        got = choose(
            h1="Schleuse: So läuft die Eröffnung",
            headline="Schleuse: So läuft die Eröffnung",
            quoted="Die Schleuse öffnet am Samstag für alle Schiffe",
            url=f"https://harbour.example/news/{slug}.html",
        )
        assert got == "Die Schleuse öffnet am Samstag für alle Schiffe"


def test_on_a_news_page_an_address_speaks_for_what_the_node_says() -> None:
    """The page was renamed for search engines, or is a ticker that takes the headline of its last entry."""
    page = {"h1": "Lock ticker: first ship passes", "quoted": "Lock ticker: first ship passes", "types": NEWS}
    node = "All about the reopening of the lock on Saturday"
    spelt = "https://harbour.example/all-about-the-reopening-of-the-lock-on-saturday,aB3xYz"
    assert choose(**page, headline=node, url=spelt) == node  # type: ignore[arg-type]
    assert choose(**page, headline=node) == page["h1"]  # type: ignore[arg-type]


def test_the_words_of_an_address_must_come_in_the_order_of_the_headline() -> None:
    """Else two headlines of the same words could not be told apart."""
    url = "https://harbour.example/mayor-praises-lock-crew-and-warns-of-high-tolls"
    got = choose(
        h1="Lock crew: Mayor praises and warns of high tolls",
        quoted="Lock crew: Mayor praises and warns of high tolls",
        headline="Mayor praises lock crew and warns of high tolls",
        types=NEWS,
        url=url,
    )
    assert got == "Mayor praises lock crew and warns of high tolls"


def test_a_title_put_together_anew_from_the_words_of_the_heading_is_no_headline_of_its_own() -> None:
    """It was made to fit a card; but a heading that only adds words to it is the lesser one."""
    heading = "Lock: Harbour on track to reopen it by May as the mayor praises the crew"
    said = {"h1": heading, "headline": heading, "document": heading, "types": NEWS}
    assert choose(**said, quoted="Harbour on track to reopen the lock by May") == heading  # type: ignore[arg-type]
    short = "Harbour on track to reopen it by May"
    assert choose(**said, quoted=short) == short  # type: ignore[arg-type]


def test_a_headline_under_two_kickers_is_what_both_share() -> None:
    """What stands before it is the name of a series or a theme."""
    got = choose(
        h1="Work at the harbour - «The lock was never built for this»",
        quoted="Repair of the gates: «The lock was never built for this»",
        kind="article",
        published=("2026-05-06T07:00:00Z",),
    )
    assert got == "«The lock was never built for this»"


def test_a_title_with_a_dash_of_its_own_keeps_both_halves() -> None:
    """The halves before it share their words: no kicker."""
    quoted = "'I keep the lock - and the right hour saves you the toll'"
    got = choose(
        h1="'I keep the old lock - and the right hour saves you the toll'",
        quoted=quoted,
        kind="article",
        published=("2026-05-06T07:00:00Z",),
    )
    assert got == quoted


def test_the_initials_of_a_site_are_a_name_of_it() -> None:
    """As many an institution signs its titles."""
    assert choose(document="The lock is repaired | HLO", site="Harbour and Lock Office") == "The lock is repaired"


def test_parts_by_bars_that_are_no_heading_are_no_part_of_the_headline() -> None:
    """A rubric before it, a section after it."""
    for quoted in ("Opinion | The lock is repaired at last", "The lock is repaired at last | Local news"):
        assert choose(h1="The lock is repaired at last", quoted=quoted) == "The lock is repaired at last"


def test_a_heading_that_only_ends_the_title_of_the_document_is_no_headline() -> None:
    """It names the site, or the comments; but what follows a kicker is one."""
    assert choose(h1="The Quay", document="The lock is repaired at last The Quay") != "The Quay"
    assert choose(h1="It is open", document="The lock of the harbour: It is open") == "It is open"


def test_signs_that_were_escaped_twice_are_read() -> None:
    """As a system does that escapes what its editors escaped."""
    assert choose(h1="Locks &#x26; tolls of the harbour") == "Locks & tolls of the harbour"
