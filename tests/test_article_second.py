"""The second reading: asked only in doubt, taken only where it is better, harmless on any tree."""

import logging
import subprocess
import sys

import pytest

from extractors import article, body, facts, markup, second
from extractors.model import Article, Unreadable
from extractors.second import Doubt

URL = "https://harbour.example/news/2026/05/06/the-lock-is-repaired-again"
STORY = "".join(
    f"<p>The {word} gate of the lock was repaired by the harbour office on Tuesday, which took all of the day.</p>"
    for word in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
)
OTHER = "".join(
    f"<p>The office sends a letter on the {day} to all who ask for it, with the times of the tide and of the bridge.</p>"
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday")
)
PLAIN = (
    f"<html><head><title>The lock is repaired</title></head><body><h1>The lock is repaired</h1>{STORY}</body></html>"
)


def doubts(page: str) -> frozenset[Doubt]:
    """Return what is doubtful about our own reading of a page."""
    root = markup.parse(page.encode())
    assert not isinstance(root, Unreadable)
    said = facts.read(root, URL)
    text, cut = body.read(root, said.headings[:1], said.descriptions)
    return second.doubt(text, cut, said.descriptions)


def test_a_page_that_is_mostly_its_article_leaves_no_doubt() -> None:
    """The common page costs no second reading."""
    assert doubts(PLAIN) == frozenset()


def test_an_ordinary_page_does_not_load_the_second_reader() -> None:
    """It takes longer to load than a hundred pages to read."""
    program = (
        "import sys; from extractors import article; "
        f"article.read({PLAIN.encode()!r}, url={URL!r}); print('trafilatura' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"


def test_a_few_words_are_doubtful() -> None:
    """Nobody publishes an article of a line, but many pages are read as one."""
    assert Doubt.FEW_WORDS in doubts(
        "<html><body><h1>The lock</h1><p>The lock of the harbour is shut.</p></body></html>"
    )


def test_text_in_many_places_is_doubtful() -> None:
    """Where no element holds most of the text, ours is only a part of it."""
    words = ("north", "east", "south", "west")
    parts = [STORY.replace("gate", f"{word} gate") for word in words]
    cells = "".join(f"<td><div>{'<a href=/x>more of it</a><br>' * 40}{part}</div></td>" for part in parts)
    page = f"<html><body><h1>The lock is repaired</h1><table><tr>{cells}</tr></table></body></html>"
    assert Doubt.SPREAD in doubts(page)


def test_a_text_that_is_little_of_the_page_is_doubtful() -> None:
    """What was left out on the word of its class counts, too."""
    hidden = f'<div class="newsletter">{STORY * 3}</div><div class="related">{STORY * 2}</div>'
    page = f"<html><body><article><h1>The lock</h1>{OTHER}</article>{hidden}</body></html>"
    root = markup.parse(page.encode())
    assert not isinstance(root, Unreadable)
    text, cut = body.read(root)
    assert second.doubt(text[:200], cut) >= {Doubt.LITTLE_OF_PAGE, Doubt.FEW_WORDS}


def test_the_longer_reading_replaces_a_stub_but_not_a_text_that_the_head_describes() -> None:
    """A stub is replaced; one that holds the lede stays where the other has none of it."""
    root = markup.parse(PLAIN.encode())
    assert not isinstance(root, Unreadable)
    _, cut = body.read(root)
    stub = "The harbour office of the town says that its lock is whole again since today."
    assert "tenth gate" in second.read(root, stub, cut)
    assert second.read(root, stub, cut, descriptions=(stub,)) == stub


def test_the_headline_is_no_part_of_the_second_reading() -> None:
    """It has a field of its own."""
    root = markup.parse(PLAIN.encode())
    assert not isinstance(root, Unreadable)
    _, cut = body.read(root)
    text = second.read(
        root,
        "A stub of a few words, which is what a page without its script may show.",
        cut,
        titles=("The lock is repaired",),
    )
    assert text.startswith("The first gate")


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 5_000 + STORY,
        "<p>word</p>" * 50_000,
        "<p>" + "word " * 700_000,
        "<table><tr><td>" * 60,
        '<div class="comment-list">x</div>' * 10_000,
    ],
    ids=["deep", "many", "long", "tables", "comments"],
)
def test_no_tree_breaks_the_second_reading(page: str) -> None:
    """Beyond the limits, or where the library gives up, our own text stays or a text comes back."""
    root = markup.parse(f"<html><body>{page}".encode())
    assert not isinstance(root, Unreadable)
    _, cut = body.read(root)
    assert second.read(root, "A stub of a few words.", cut)


def test_a_page_without_text_is_not_spoken_of_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """The fate says it; the library's warnings would say it once more for every such page."""
    root = markup.parse(b"<html><body><div><a href=x>y</a></div>")
    assert not isinstance(root, Unreadable)
    _, cut = body.read(root)
    with caplog.at_level(logging.DEBUG):
        assert second.read(root, "A stub.", cut) == "A stub."
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_doubtful_page_gives_the_same_again_and_again() -> None:
    """The library keeps nothing between pages that changes a reading."""
    page = f"<html><body><h1>The lock is repaired</h1><p>It works.</p><div>{STORY}</div></body></html>".encode()
    first = article.read(page, url=URL)
    assert isinstance(first, Article)
    assert all(article.read(page, url=URL) == first for _ in range(4))
