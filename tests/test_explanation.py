"""What `tripolar tag --explain` shows: marks in the text, reasons below, nothing that could move a terminal's cursor."""

from datetime import UTC, datetime

import pytest

from extractors import taxonomy
from extractors.tagging import Tagger, tag
from flows import explanation

TAGGER = Tagger(taxonomy.load())


def shown(capsys: pytest.CaptureFixture[str], title: str, text: str) -> str:
    """Return what is printed for an article of March 2025."""
    at = datetime(2025, 3, 1, tzinfo=UTC)
    found = tag(title, text, language="en", published_at=at, taxonomy=TAGGER)
    explanation.show({"id": "a1", "title": title, "text": text}, found)
    return capsys.readouterr().out


def test_evidence_is_marked_where_it_stands_and_explained_below(capsys: pytest.CaptureFixture[str]) -> None:
    """In a pipe by brackets with the label; then rule and file of each span, direction, office and statement."""
    out = shown(
        capsys,
        "EU imposes sanctions on Russia",
        "The EU imposed sanctions on Russian oil. The EU foreign policy chief said that Russia must stop the war.",
    )
    assert "[EU|EU]" in out and "[Russia|RU]" in out and "|sanctions]" in out
    assert "by actors/en-places.toml EU/eu: EU" in out
    assert "EU → RU" in out
    assert "“EU foreign policy chief” was Kaja Kallas" in out
    assert "EU foreign policy chief (EU) said: Russia must stop the war.  about RU" in out


def test_a_text_cannot_move_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    """Escapes and direction marks are shown as spaces, and offsets stay true."""
    out = shown(
        capsys, "EU\x1b[2J and \u202eChina meet", "The EU and China met in Brussels on trade \x1b]0;x\x07tariffs."
    )
    assert "\x1b" not in out and "\u202e" not in out and "\x07" not in out
    assert "[China|CN]" in out


def test_an_id_cannot_move_the_cursor_either(capsys: pytest.CaptureFixture[str]) -> None:
    """It comes from the same line."""
    explanation.show(
        {"id": "\x1b[31mred\u202e", "text": "Soup."},
        tag("", "Soup.", language="en", published_at=None, taxonomy=TAGGER),
    )
    out = capsys.readouterr().out
    assert "\x1b" not in out and "\u202e" not in out and "red" in out


def test_an_article_without_labels_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """None of each kind."""
    out = shown(capsys, "", "A recipe for soup.")
    assert "actors: none" in out and "relations: none" in out and "topics: none" in out
