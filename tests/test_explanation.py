"""What `tripolar tag --explain` shows: marks in the text, reasons below, nothing that could move a terminal's cursor."""

from datetime import UTC, datetime

import pytest
from rich.console import Console

from extractors import taxonomy
from extractors.model import Evidence
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


def evidence(start: int, end: int) -> Evidence:
    """Return a span of the text."""
    return Evidence(part="text", start=start, end=end, quote="", rule="")


@pytest.mark.parametrize(
    ("spans", "marked"),
    [
        ([("a", 0, 2), ("b", 4, 6)], "[01|a]23[45|b]6789"),
        ([("b", 0, 8), ("a", 2, 4)], "[01[23|a]4567|b]89"),
        ([("b", 0, 4), ("a", 0, 4)], "[0123|a, b]456789"),
        ([("a", 0, 4), ("a", 2, 6)], "[012345|a]6789"),
        ([("a", 0, 4), ("b", 2, 6)], "[01[23|b]|a][45|b]6789"),
        ([("a", 2, 4), ("b", 4, 10)], "01[23|a][456789|b]"),
    ],
)
def test_marks_stand_within_each_other(spans: list[tuple[str, int, int]], marked: str) -> None:
    """What two labels share has both, what only one has is marked with that one."""
    assert (
        explanation._bracketed("0123456789", [("topic", label, evidence(*place)) for label, *place in spans]) == marked
    )


def test_what_does_not_fit_a_terminal_is_indented() -> None:
    """So that a new line at the left is a new fact."""
    console = Console(width=20, force_terminal=True)
    assert str(explanation._hung(console, "statement text 0-9 EU (EU) said")) == "statement text \n    0-9 EU (EU) said"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_without_colours_gets_brackets(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Bold alone would not tell an actor from a topic."""
    for key, usual in {"TERM": "xterm", "FORCE_COLOR": "1", "COLUMNS": "80", name: value}.items():
        monkeypatch.setenv(key, usual)
    assert "[EU|EU]" in shown(capsys, "", "The EU met China.")


def test_an_article_without_labels_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """None of each kind."""
    out = shown(capsys, "", "A recipe for soup.")
    assert "actors: none" in out and "relations: none" in out and "topics: none" in out
