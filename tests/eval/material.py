"""What the tagger is fitted to: labelled articles as rows of features, and what is fitted to them.

A line has `id`, `lang`, `title`, `text`, and its labels `actors`, `relations`, `topics`. What else is known of an article stands under its id in
`readings.jsonl`: labels given by our own reading where its line has none, and for each label the sentences that report it, by the place
where they begin in title, line break and text (`sentences`). How it is fitted and judged belongs to `fit`.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from extractors import hearing, relations, salience, scenes, topics, witnesses
from extractors import labels as names
from extractors.hearing import Heard, Said
from extractors.reading import Reading
from extractors.weighing import Model
from extractors.witnesses import Witnesses
from tests.eval import kin, learning
from tests.eval.learning import NEVER, Rows, Shape

READINGS = Path(__file__).with_name("readings.jsonl")
NAMES = {
    "actor": salience.FEATURES,
    "topic": topics.FEATURES,
    "relation": relations.FEATURES,
    "triangle": relations.TRIANGLE,
}
LABELS = {
    "actor": names.ACTORS,
    "topic": tuple(names.TOPICS),
    "relation": tuple(relations.SIDES),
    "triangle": (names.TRIANGLE,),
}
# How strongly weights are held to nothing (L2): shared ones, and what a label deviates; then the same for features of the story
# rather than of the label. The figures were chosen by cross-validation: looser ones fit better and judge worse.
HELD = {
    "actor": (24.0, 96.0, 200.0, 1000.0),
    "topic": (6.0, 24.0, 60.0, 200.0),
    "relation": (12.0, 300.0, 20.0, 300.0),
    "triangle": (6.0, NEVER, 6.0, NEVER),
}
HELD_CROSSED = 20.0
HELD_SENTENCE = {"actor": (60.0, 300.0), "topic": (60.0, 200.0), "relation": (30.0, 100.0)}  # shared, own
_CONTEXT = ("beside-", "cue-", "actor-", "about-")
Given = dict[int, dict[str, float]]  # probabilities by article and label
Pooled = dict[str, dict[int, dict[str, list[float]]]]  # what sentences say, by kind, article and label
Spot = tuple[int, str, tuple[int, ...]]  # article, label and sentences of a row


def read(paths: list[str]) -> list[dict[str, Any]]:
    """Return the labelled articles of all files."""
    known = {line["id"]: line for line in _lines(READINGS)}
    lines = [line for path in paths for line in _lines(Path(path))]
    articles = [known.get(line["id"], {}) | line | {"picked": "actors" not in line} for line in lines]
    return [article for article in articles if "actors" in article]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def shape(kind: str) -> Shape:
    """Return what is fitted for a kind of label, or for its sentences."""
    if kind.endswith("-sentence"):
        of = kind.removesuffix("-sentence")
        (shared, own), features = HELD_SENTENCE[of], witnesses.NAMES[of]
        scene = np.array([name in scenes.PLACE for name in features])
        return Shape(
            features=features,
            labels=LABELS[of],
            shared=np.full(len(features), shared),
            own=np.where(scene, NEVER, own),
        )
    shared, own, shared_around, own_around = HELD[kind]
    around = np.array([name.startswith(_CONTEXT) for name in NAMES[kind]])
    crossed = np.array(["*" in name for name in NAMES[kind]])
    return Shape(
        features=NAMES[kind],
        labels=LABELS[kind],
        shared=np.where(crossed, HELD_CROSSED, np.where(around, shared_around, shared)),
        own=np.where(crossed, NEVER, np.where(around, own_around, own)),
    )


class Material:
    """The articles, read once; features that depend on other models are made anew for each."""

    def __init__(self, articles: list[dict[str, Any]], readings: list[Reading]) -> None:
        self.articles, self.readings = articles, readings
        self.family = kin.families([article["text"] for article in articles])
        self.stories = [salience.story_features(r) for r in self.readings]
        self.subjects = [topics.subjects(r) for r in self.readings]
        self.asked = [topics.asked(found) for found in self.subjects]
        self.spots: dict[str, list[Spot]] = {}
        self.sentences = {kind: self._sentences(kind) for kind in witnesses.OF}
        self.said: Pooled = {}
        self.heard: dict[str, dict[int, Heard]] = {"actor": {}, "topic": {}}
        self.met: dict[int, float] = {}

    def _sentences(self, kind: str) -> Rows:
        """Return the sentences of all articles as rows."""
        found: list[tuple[int, str, list[float], bool, bool]] = []
        keys: list[list[str]] = []
        spots = self.spots[kind] = []
        for i, reading in enumerate(self.readings):
            language = reading.language.split("-")[0]
            wanted = {label for key in ("actors", "topics", "relations") for label in self.articles[i][key]}
            marks = self._marks(i)
            for label, those in self._witnesses(kind, i).items():
                for witness in those:
                    marked = marks.get(label)
                    is_wanted = label in wanted if marked is None else not marked.isdisjoint(witness.sentences)
                    scene = [0.0] * len(scenes.FEATURES)
                    for place, value in witness.items.items():
                        scene[place] = value
                    for place in witness.without:
                        scene[place] = 0.0
                    found.append((i, label, [*scene, *witness.own], is_wanted, marked is not None))
                    keys.append([f"{language} {key}" for key in witness.beside])
                    spots.append((i, label, witness.sentences))
        return learning.rows(shape(f"{kind}-sentence"), found, keys, [self.family[row[0]] for row in found])

    def _witnesses(self, kind: str, i: int) -> Witnesses:
        """Return the sentences that are asked about each label."""
        reading, seen = self.readings[i], scenes.scenes(self.readings[i])
        if kind == "topic":
            return witnesses.topics(reading, seen, among=self.asked[i])
        return witnesses.OF[kind](reading, seen)

    def _marks(self, i: int) -> dict[str, set[int]]:
        """Return the sentences that readers marked for each label, where they did."""
        reading, given = self.readings[i], self.articles[i].get("sentences", {})
        return {
            label: {reading.sentence(reading.folded.place(start)) for start in starts}
            for label, starts in given.items()
        }

    def listen(self, model: Model, kind: str, which: list[int]) -> None:
        """Keep what the sentences of some articles say, and tell those that are judged after them."""
        given = self.sentences[kind].of(which)
        said: dict[int, Said] = {i: {} for i in which}
        probabilities = learning.probabilities(shape(f"{kind}-sentence"), model, given)
        for number, p in zip(given.number.tolist(), probabilities.tolist(), strict=True):
            i, label, sentences = self.spots[kind][number]
            said[i].setdefault(label, []).append((p, sentences[0]))
        for i in which:
            self.said.setdefault(kind, {})[i] = hearing.pooled(said[i])
            if kind == "relation":
                self.met[i] = relations.met(said[i])
            else:
                self.heard[kind][i] = hearing.by_sentence(said[i])
        self._tell(kind, set(which))

    def _tell(self, kind: str, which: set[int]) -> None:
        """Set what the sentences of the next kind hear: the last of their features."""
        following = {"actor": "topic", "topic": "relation"}.get(kind, "")
        acting, touched = self.heard["actor"], self.heard["topic"]
        for number, (i, label, sentences) in enumerate(self.spots.get(following, ())):
            if i in which:
                row = self.sentences[following].x[number]
                if following == "topic":
                    row[-len(hearing.TOPIC) :] = hearing.topic(acting[i].get(sentences[0], {}))
                else:
                    a, b = relations.SIDES[label]
                    row[-len(hearing.PAIR) :] = hearing.pair(a, b, sentences, acting[i], touched[i])

    def rows(self, kind: str, which: list[int], given: Given | None = None) -> Rows:
        """Return the training rows of a kind; relations need the actors' probabilities, the triangle the pairs' too."""
        found: list[tuple[int, str, list[float], bool, bool]] = []
        for i in which:
            wanted = {label for key in ("actors", "topics", "relations") for label in self.articles[i][key]}
            for label, values in self.values(kind, i, given):
                found.append((i, label, values, label in wanted, True))
        return learning.rows(shape(kind), found)

    def values(self, kind: str, i: int, given: Given | None) -> list[tuple[str, list[float]]]:
        """Return label and features of a kind for one article."""
        reading, story = self.readings[i], self.stories[i]
        if kind == "actor":
            return list(salience.features(reading, story, self.said[kind].get(i, {})).items())
        if kind == "topic":
            found, said = self.subjects[i], self.said[kind].get(i, {})
            return list(topics.features(reading, found, self.asked[i], story, said).items())
        assert given is not None
        links = relations.links(reading, given[i], story, self.said["relation"].get(i, {}))
        if kind == "relation":
            return [(pair, values) for pair, values in links.items()]
        three = relations.triangle(reading, links, given[i], given[i], self.met.get(i, 0.0))
        return [] if three is None else [(names.TRIANGLE, three)]
