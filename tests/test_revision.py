"""When a page has another text: pairs of pages, and properties of what is hashed."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import article, revision
from extractors.model import Article

CASES = Path(__file__).parent / "cases" / "revision"
PAIRS = tomllib.loads((CASES / "pairs.toml").read_text(encoding="utf-8"))


def digest(page: str, language: str) -> str:
    """Return the hash of the article in a page."""
    read = article.read(
        page.encode(), url="https://gull.example/grain", content_type="text/html; charset=utf-8", language=language
    )
    assert isinstance(read, Article)
    return revision.text_hash(read.title, read.text)


def ids(pair: list[str]) -> str:
    """Name a pair."""
    return f"{pair[0]}, {pair[1]}"


def hashes(pair: list[str]) -> tuple[str, str]:
    """Return the hashes of both pages of a pair."""
    language, _, replaced, *visits = pair
    page = (CASES / f"{language}.html").read_text(encoding="utf-8")
    assert replaced in page, "the case does not fit its page"
    before, after = visits if len(visits) == 2 else (replaced, *visits)
    return digest(page.replace(replaced, before), language), digest(page.replace(replaced, after), language)


def test_there_are_pairs_enough_of_each_language() -> None:
    """Thirty that are the same and ten that are edited at least, in every language some of both."""
    assert len(PAIRS["same"]) >= 30
    assert len(PAIRS["edited"]) >= 10
    for kind in ("same", "edited"):
        assert Counter(pair[0] for pair in PAIRS[kind]).keys() == {"en", "de", "fr", "ru", "zh"}


@pytest.mark.parametrize("pair", PAIRS["same"], ids=ids)
def test_what_nobody_edited_is_no_revision(pair: list[str]) -> None:
    """Counters, clocks, pointers, markup, everything around the article."""
    one, other = hashes(pair)
    assert one == other


@pytest.mark.parametrize("pair", PAIRS["edited"], ids=ids)
def test_what_somebody_edited_is_a_revision(pair: list[str]) -> None:
    """However small it is."""
    one, other = hashes(pair)
    assert one != other


@pytest.mark.parametrize(
    "line",
    [
        "The EU published 2026 figures.",
        "Brussels updated its list of 33 firms on Friday.",
        "Correction: an earlier version named another day.",
        "Stand der Dinge in Brüssel 2026",
        "Обновлено руководство партии, избраны 12 членов",
        "Published figures show that 2024 was worse than 2023",
        "他们分享了12张照片",
        "Related talks continue.",
        "Related stories of two ports that share a river",
        "3 March 2026",
        "At 10:05 on 3 March 2026 the ministers met.",
        "10:05, 3 March 2026: the ministers arrive.",
        "2026年3月3日 10:05，双方开始会谈。",
        "12 comments were read out, 3 were answered",
    ],
)
def test_a_sentence_is_never_volatile(line: str) -> None:
    """Words of the field's own that begin like a stamp or a counter."""
    assert revision.normal(f"A line.\n{line}\nAnother.") != revision.normal("A line.\nAnother.")


@pytest.mark.parametrize(
    "piece", ["- updated 1 · ", "12 views", "阅读 12 ", "March 3, 2026 ", "related a · ", "10:05 ", "— ", "by A | "]
)
def test_no_line_keeps_the_reader_long(piece: str) -> None:
    """Lines that are volatile but for their end: each is given up soon. (Under patterns that try all ways this would not end.)"""
    lines = [(piece * 80)[:length] + "zq" for length in range(100, 159)]
    assert revision.normal("\n".join(lines)) == " ".join(revision.normal(line) for line in lines)


def test_a_text_of_nothing_but_volatile_lines_is_kept() -> None:
    """Otherwise all such pages would be the same text."""
    assert revision.text_hash("", "12 comments") != revision.text_hash("", "3 min read")


@given(text=st.text())
def test_any_text_has_a_hash_and_normal_texts_stay_normal(text: str) -> None:
    """It never raises, and layout does not count."""
    assert len(revision.text_hash(text, text)) == 32
    assert revision.normal("  " + text.replace(" ", "  ")) == revision.normal(text)
