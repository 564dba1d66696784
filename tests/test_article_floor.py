"""The quality of reading must not fall: floors on pages of our own writing, and on captured ones if there."""

import tomllib
from pathlib import Path

import pytest

from tests.eval import extraction

FLOOR = tomllib.loads((Path(extraction.__file__).parent / "extraction_floor.toml").read_text(encoding="utf-8"))


def test_our_own_pages_are_read_as_well_as_ever() -> None:
    """Text, title, day and kind stay at or above their floor, and no date is invented."""
    pages = list(extraction.own())
    scores = extraction.score(pages, {page.file: extraction.read(page) for page in pages})["own"]
    floor = FLOOR["own"]
    assert scores.f1 >= floor["f1"]
    assert extraction.mean(scores.title) >= floor["title"]
    assert extraction.mean(scores.day) >= floor["day"]
    assert extraction.mean(scores.kind) >= floor["kind"]
    assert scores.invented <= floor["invented"]


@pytest.mark.skipif(not extraction.SHARED.exists(), reason="the captured pages are not beside the checkout")
def test_captured_pages_are_read_as_well_as_ever() -> None:
    """Each set stays above its floor."""
    pages = list(extraction.captured(extraction.SHARED))
    scores = extraction.score(pages, {page.file: extraction.read(page) for page in pages})
    for name, floor in FLOOR["captured"].items():
        for measure, least in floor.items():
            got = scores[name].f1 if measure == "f1" else extraction.mean(getattr(scores[name], measure))
            assert got >= least, f"{name} {measure}: {got:.4f}"
    assert sum(one.invented for name, one in scores.items() if "/" not in name) == 0


def test_an_overlap_counts_words_once() -> None:
    """The scorer's own sums."""
    assert extraction.overlap("a b c d e", "a b c d e") == (1.0, 1.0)
    assert extraction.overlap("a b c d e", "a b c d") == (1.0, 0.5)
    assert extraction.overlap("a b c d", "x") == (0.0, 0.0)
    assert extraction.same_title("Ministers reopen the file", "Ministers reopen the file | Post")
    assert not extraction.same_title("Port opens", "Portal opens")
