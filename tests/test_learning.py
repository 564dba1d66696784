"""How the tagger's weights are learnt: from articles alone, and from sentences that a reader marked."""

import json
from pathlib import Path

import numpy as np
import pytest

from extractors import hearing, taxonomy, witnesses
from extractors.labels import ACTORS, RELATIONS, TOPICS
from extractors.tagging import Tagger
from tests.eval import fit, kin, learning, material
from tests.eval.learning import Shape
from tests.eval.material import Material

SHAPE = Shape(features=("loud",), labels=("EU",), shared=np.array([1.0]), own=np.array([1e6]))


def _weight(given: list[tuple[int, str, list[float], bool, bool]]) -> float:
    """Return the weight of being loud."""
    return learning.fit_sentences(SHAPE, learning.rows(SHAPE, given)).weights["EU"][1]


def test_articles_alone_tell_which_sentences_count() -> None:
    """Every labelled article has a loud sentence, the others have quiet ones only."""
    labelled = [(n, "EU", [value], True, False) for n in range(20) for value in (1.0, 0.0, 0.0)]
    others = [(n, "EU", [0.0], False, False) for n in range(20, 40) for _ in range(3)]
    assert _weight(labelled + others) > 0.5


def test_what_a_reader_marked_outweighs_what_articles_suggest() -> None:
    """The same articles, but it was the quiet sentence each time that reported it."""
    marked = [(n, "EU", [value], value == 0, True) for n in range(20) for value in (1.0, 0.0, 0.0)]
    others = [(n, "EU", [0.0], False, False) for n in range(20, 40) for _ in range(3)]
    assert _weight(marked + others) < 0


def test_a_word_beside_a_mention_is_learnt_and_a_rare_one_is_not() -> None:
    """Every sentence with the word reports the label, and none of the others; another word stands in both."""
    rows = [(n, "EU", [0.0], n % 2 == 0, True) for n in range(40)]
    keys = [["en >said", "en <the"] if n % 2 == 0 else ["en <the"] for n in range(40)]
    keys[0].append("en >rare")
    words = learning.fit_sentences(SHAPE, learning.rows(SHAPE, rows, keys, range(40))).words["en"]
    assert words[">said"] > 1.0
    assert abs(words.get("<the", 0.0)) < 0.2 * words[">said"]
    assert ">rare" not in words


def test_a_word_of_one_family_is_not_learnt() -> None:
    """However often it was reprinted."""
    rows = [(n, "EU", [0.0], n % 2 == 0, True) for n in range(40)]
    given = learning.rows(
        SHAPE, rows, [["en >said"] if n % 2 == 0 else [] for n in range(40)], [n % 2 for n in range(40)]
    )
    assert learning.fit_sentences(SHAPE, given).words == {}


def test_what_is_learnt_weighs_the_same_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentences of articles, as arrays when fitting and one by one when tagging, each kind told of those before it."""
    monkeypatch.setattr(learning, "SEEN", 1)
    tagger = Tagger(taxonomy.load())
    lines = Path("tests/gold/articles.jsonl").read_text(encoding="utf-8").splitlines()[:40]
    articles = [json.loads(line) for line in lines]
    learnt = Material(articles, [tagger.read(a["title"], a["text"], a["lang"]) for a in articles])
    for kind in witnesses.OF:
        learnt.listen(tagger.models[f"{kind}-sentence"], kind, list(range(len(articles))))
    for number, reading in enumerate(learnt.readings):
        for kind, said in tagger.weigh(reading).spoken.items():
            expected = {label: pytest.approx(values) for label, values in hearing.pooled(said).items() if said[label]}
            assert {label: learnt.said[kind][number][label] for label in expected} == expected


def test_one_family_is_one_fold() -> None:
    """What was learnt from a reprint must not be judged by it."""
    story = "The ministers of both sides met in the capital on Tuesday and agreed on very little indeed. "
    texts = [
        story * 3,
        "Something else altogether, long enough to have windows of its own.",
        f"By our own staff. {story * 3}",
    ]
    family = kin.families(texts)
    assert family == [0, 1, 0]
    folds = fit.folds_of([0, 1, 2], 2, family)
    assert sorted(map(tuple, folds)) == [(0, 2), (1,)]


def test_a_text_that_many_print_is_one_family() -> None:
    """What all of them share is no formula."""
    assert set(kin.families(["The same words of the same agency, printed in the same order."] * 30)) == {0}


def test_readings_join_articles_by_id_and_own_labels_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article that nobody labelled is left out."""
    known = [{"id": "a", "actors": ["EU"], "relations": [], "topics": []}, {"id": "b", "sentences": {"CN": [0]}}]
    lines = [{"id": "a"}, {"id": "b", "actors": ["CN"]}, {"id": "c"}]
    for name, rows in (("readings", known), ("articles", lines)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    monkeypatch.setattr(material, "READINGS", tmp_path / "readings.jsonl")
    first, second = material.read([str(tmp_path / "articles.jsonl")])
    assert (first["actors"], first["picked"]) == (["EU"], True)
    assert (second["actors"], second["sentences"], second["picked"]) == (["CN"], {"CN": [0]}, False)


def test_the_readings_use_the_labels_of_the_guide() -> None:
    """Each line has its own id, and no label that the tagger does not know."""
    rows = [json.loads(line) for line in material.READINGS.read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row.get("actors", ())) <= set(ACTORS)
        assert set(row.get("relations", ())) <= set(RELATIONS)
        assert set(row.get("topics", ())) <= set(TOPICS)
        assert set(row.get("sentences", ())) <= {*ACTORS, *RELATIONS, *TOPICS}
