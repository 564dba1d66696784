"""When a page has another text: pairs of pages, and properties of what is hashed."""

import tomllib
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
    language, _, before, after = pair
    page = (CASES / f"{language}.html").read_text(encoding="utf-8")
    assert before in page, "the case does not fit its page"
    return digest(page, language), digest(page.replace(before, after), language)


def test_there_are_thirty_pairs() -> None:
    """As many as the issue asks for."""
    assert len(PAIRS["same"]) + len(PAIRS["edited"]) >= 30


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
    ],
)
def test_a_sentence_is_never_volatile(line: str) -> None:
    """Words of the field's own that begin like a stamp or a counter."""
    assert revision.normal(f"A line.\n{line}\nAnother.") != revision.normal("A line.\nAnother.")


def test_a_text_of_nothing_but_volatile_lines_is_kept() -> None:
    """Otherwise all such pages would be the same text."""
    assert revision.text_hash("", "12 comments") != revision.text_hash("", "3 min read")


@given(text=st.text())
def test_any_text_has_a_hash_and_normal_texts_stay_normal(text: str) -> None:
    """It never raises, and layout does not count."""
    assert len(revision.text_hash(text, text)) == 32
    assert revision.normal("  " + text.replace(" ", "  ")) == revision.normal(text)
