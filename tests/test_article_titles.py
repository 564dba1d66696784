"""The headline among all that a page calls itself."""

import pytest

from extractors import titles
from extractors.facts import Facts
from extractors.jsonld import Linked

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
) -> str:
    """Return the headline of a page that says these things of itself."""
    linked = Linked(headline=headline, types=types, article=bool(headline))
    facts = Facts(
        linked=linked,
        titles=(quoted,) if quoted else (),
        headings=(h1,) if h1 else (),
        document_title=document,
        site="Harbour Post",
        kind=kind,
        published=published,
    )
    return titles.choose(facts, URL)


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
