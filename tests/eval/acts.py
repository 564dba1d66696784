"""What readers saw one side do to the other in a sentence, and the models that are fitted to it.

An article has its acts in `readings.jsonl`: pair, where its sentences begin (`at`, as in `material`), who acts (`from`) toward whom (`to`;
neither where both do), and the kinds of act that are right, none where none fits. A sentence that says nothing of the pair is not there.
Beside these stand short sentences of our own that say one act plainly (`plain-acts.jsonl`), so that rare kinds are known by their words.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from extractors import acts, statements
from extractors.labels import ACTORS, EVENTS, WAYS
from extractors.model import Statement
from extractors.reading import Reading
from extractors.relations import SIDES
from extractors.tagging import Tagger
from extractors.weighing import Model
from tests.eval import learning
from tests.eval.learning import NEVER, Shape

THRESHOLDS = {"event": 0.2, "direction": 0.4}
# How strongly weights are held to nothing (L2), chosen by cross-validation: shared ones, and a label's own.
_HELD = {"event": (3.0, 100.0), "direction": (8.0, 200.0)}
_HELD_EVENT_OWN = 12.0  # of what means something else for each kind of act
_INNER = 4
_PLAINLY = 2  # times that a sentence of our own counts
PLAIN = Path(__file__).with_name("plain-acts.jsonl")


@dataclass(slots=True, kw_only=True)
class Told:
    """One passage with what a reader saw in it."""

    article: int
    passage: acts.Passage
    said: tuple[Statement, ...]
    way: tuple[str | None, str | None]
    kinds: frozenset[str]
    features: list[list[float]]
    events: list[float]


def read(articles: list[dict[str, Any]], readings: list[Reading]) -> list[Told]:
    """Return the passages that were read, in the order of the articles."""
    found: list[Told] = []
    for i, (article, reading) in enumerate(zip(articles, readings, strict=True)):
        said = statements.find(reading, {}) if article.get("acts") else ()
        for act in article.get("acts", ()):
            passage = acts.passage(
                reading, SIDES[act["pair"]], [reading.sentence(reading.folded.place(start)) for start in act["at"]]
            )
            found.append(
                Told(
                    article=i,
                    passage=passage,
                    said=said,
                    way=(act["from"], act["to"]),
                    kinds=frozenset(act["kinds"]),
                    features=acts.event_features(passage),
                    events=[],
                )
            )
    return found


def plain(tagger: Tagger) -> list[Told]:
    """Return the sentences of our own, which belong to no article."""
    found: list[Told] = []
    for line in PLAIN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        reading = tagger.read("", row["text"], row["lang"])
        row["acts"] = [row | {"at": [1]}]
        found += read([row], [reading])
    return [replace(one, article=-1) for one in found for _ in range(_PLAINLY)]


def _shape(kind: str) -> Shape:
    """Return what is fitted."""
    (shared, own), features = _HELD[kind], acts.EVENT if kind == "event" else acts.DIRECTION
    apart = np.array([name.startswith(("cue-", "topic-")) for name in features])
    return Shape(
        features=features,
        labels=EVENTS if kind == "event" else WAYS,
        shared=np.where(apart, NEVER, shared),
        own=np.where(apart, _HELD_EVENT_OWN, own),
    )


def fit(told: list[Told], own: list[Told], family: list[int]) -> dict[str, Model]:
    """Return the models of kinds and directions; the kinds that a direction hears are judged out of fold, those of our own sentences are not."""
    part = {head: n % _INNER for n, head in enumerate(sorted({family[one.article] for one in told}))}
    for n in range(_INNER):
        model = _fit_events([*(one for one in told if part[family[one.article]] != n), *own])
        for one in told:
            if part[family[one.article]] == n:
                one.events = _events(model, one)
    for one in own:
        one.events = _events(model, one)
    told = [*told, *own]
    rows = [
        (one.article, way, values, one.way == tuple(way.split(">")), True)
        for one in told
        for way, values in zip(_ways(one), acts.direction_features(one.passage, one.events, one.said), strict=True)
    ]
    shape = _shape("direction")
    models = {"event": _fit_events(told), "direction": learning.fit(shape, learning.rows(shape, rows))}
    return {kind: replace(model, threshold=THRESHOLDS[kind]) for kind, model in models.items()}


def _fit_events(told: list[Told]) -> Model:
    """Return the model of kinds of act."""
    rows = [
        (one.article, event, values, event in one.kinds, True)
        for one in told
        for event, values in zip(EVENTS, one.features, strict=True)
    ]
    return learning.fit(_shape("event"), learning.rows(_shape("event"), rows))


def _events(model: Model, one: Told) -> list[float]:
    """Return how likely each kind of act is."""
    return [model.score(event, values) for event, values in zip(EVENTS, one.features, strict=True)]


def _ways(one: Told) -> tuple[str, str]:
    a, b = (ACTORS[side] for side in one.passage.sides)
    return f"{a}>{b}", f"{b}>{a}"


def right(models: dict[str, Model], told: list[Told]) -> tuple[int, int, int]:
    """Return of how many passages the kind of act is right, of how many the direction, and how often it is reversed."""
    kinds = ways = reversed_ = 0
    for one in told:
        event, each = acts.event(models["event"], one.passage)
        way = acts.direction(models["direction"], one.passage, each, one.said)
        kinds += event in one.kinds if one.kinds else event is None
        ways += way == one.way
        reversed_ += None not in (*way, *one.way) and way != one.way
    return kinds, ways, reversed_
