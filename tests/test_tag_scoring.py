"""The tagger's figures: their definitions, and how the embedding baseline chooses."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import taxonomy
from extractors.datafile import Problem
from extractors.labels import ACTORS, EVENTS, RELATIONS, TOPICS
from extractors.tagging import Tagger
from tests.eval import gold as golds
from tests.eval import nearest, scoring, statements, tags

SHARED = Path(__file__).parents[1] / ".." / "shared" / "eval" / "tags.py"

LABELS = st.fixed_dictionaries(
    {
        kind: st.lists(st.sampled_from(names[:5]), unique=True)
        for kind, names in zip(scoring.KINDS, (ACTORS, RELATIONS, TOPICS), strict=True)
    }
)
ARTICLE = st.tuples(LABELS, st.one_of(st.none(), LABELS), LABELS, st.sampled_from(["en", "zh", "zh-Hant", "ru"]))


def same(ours: Any, theirs: Any) -> bool:
    """Compare nested figures to twelve digits."""
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    return bool(ours == pytest.approx(theirs, abs=1e-12))


@given(st.lists(ARTICLE, max_size=12), st.booleans())
@settings(deadline=None)
def test_figures_are_those_of_the_shared_scorer(rows: list[Any], drop: bool) -> None:
    """On any labels, optional ones and missing predictions included."""
    if not SHARED.exists():
        pytest.skip("the shared scorer is not beside the repository")
    spec = importlib.util.spec_from_file_location("shared_tags", SHARED)
    assert spec and spec.loader
    shared = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shared)
    gold = {
        str(n): {"lang": lang, **want, **({"optional": open_} if open_ else {})}
        for n, (want, open_, _, lang) in enumerate(rows)
    }
    got = {str(n): row[2] for n, row in enumerate(rows) if n or not drop}
    assert same(scoring.score(gold, got), shared.score(gold, got))


def test_a_perfect_prediction_scores_one_and_an_empty_one_nothing() -> None:
    """Both ends of the scale."""
    gold = {"a": {"lang": "en", "actors": ["EU"], "relations": ["EU-CN"], "topics": ["sanctions"]}}
    assert scoring.score(gold, gold)["relations"]["micro"] == {"p": 1.0, "r": 1.0, "f1": 1.0}
    assert scoring.score(gold, {})["relations"]["micro"] == {"p": 0.0, "r": 0.0, "f1": 0.0}


def test_every_label_is_described_once() -> None:
    """The embedding baseline must have the choice of all labels."""
    told = nearest.descriptions()
    assert {kind: set(texts) for kind, texts in told.items()} == {
        "actors": set(ACTORS),
        "relations": set(RELATIONS),
        "topics": set(TOPICS),
    }


def test_a_threshold_is_the_one_with_the_best_figure() -> None:
    """Two of three wanted labels lie above everything unwanted."""
    gold = {"a": {"topics": ["energy", "taiwan"]}, "b": {"topics": ["energy"]}, "c": {"topics": []}}
    near = {
        "a": {"energy": 0.9, "taiwan": 0.1},
        "b": {"energy": 0.8, "taiwan": 0.5},
        "c": {"energy": 0.4, "taiwan": 0.3},
    }
    assert nearest._best(gold, near, list(gold), "topics", ["energy", "taiwan"]) == 0.8


def test_an_embedding_that_cannot_be_had_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other figures are printed all the same."""

    def refuse(*_: str) -> Path:
        raise OSError("no index")

    monkeypatch.setattr(nearest.environments, "python_of", refuse)
    said = nearest.line({}, tags.beside)
    assert said.startswith("nearest label: skipped, because") and "\n" not in said


def test_own_gold_tells_each_story_in_every_language() -> None:
    """So that the agreement with the English version says something of each."""
    rows = list(golds.read(tags.own()).values())
    stories = {row["story"] for row in rows if row["story"]}
    wanted = {"en", "de", "fr", "ru", "zh", "pl", "bg", "uk", "ro", "pt"}
    for story in stories:
        assert {row["lang"] for row in rows if row["story"] == story} >= wanted


def test_the_floors_of_the_own_gold_hold() -> None:
    """Labels, agreement between languages, statements and directions are no worse than they were."""
    gold, tagger = golds.read(tags.own()), Tagger(taxonomy.load())
    predicted = tags.predict(gold, tagger)
    said = statements.figures(statements.score(statements.read(), tagger))
    assert not tags.fallen(tags.figures(scoring.score(gold, predicted), tags.agreement(gold, predicted), said))


def test_a_bad_data_file_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An editor who asks for figures is told what the commands tell."""

    def refuse() -> taxonomy.Taxonomy:
        raise Problem("topics/en.toml", 4, "is not TOML")

    monkeypatch.setattr(sys, "argv", ["tags"])
    monkeypatch.delenv("GOLD", raising=False)
    monkeypatch.setattr(taxonomy, "load", refuse)
    assert tags.main() == 1
    assert capsys.readouterr().err == "topics/en.toml:4: is not TOML\n"


def test_gold_statements_stand_in_their_paragraphs() -> None:
    """Speaker, verb and words are quoted from the text, and labels are those of the guide."""
    rows = statements.read()
    assert len(rows) == len({row["id"] for row in rows}) and sum(len(row["statements"]) for row in rows) >= 60
    for row in rows:
        for said in row["statements"]:
            assert all(row["text"].count(said[key]) for key in ("speaker", "verb", "words")), row["id"]
            assert said["actor"] in (None, *ACTORS) and said["target"] in (None, *ACTORS)
        for relation in row["relations"]:
            assert relation["label"] in RELATIONS and set(relation["event"]) <= set(EVENTS), row["id"]
