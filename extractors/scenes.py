"""Each sentence of an article with what stands in it, as features that all witnesses share.

A sentence is seen once here, whatever label is asked for; what it says about one label belongs to `witnesses`.
"""

import re
from dataclasses import dataclass, field
from math import log1p

from extractors.labels import ACTORS, CUE_IDS, CUES, TOPICS
from extractors.reading import ACTS, LEAD, SAY, Found, Reading

_YEAR = re.compile(r"(?<!\d)(?:19\d\d|20[0-2]\d)(?!\d)")
_QUOTES = re.compile(r"[\"“”«»„「」]")
_CUES = sum(len(CUES[group]) for group in ("event", "domain", "pair", "speech")) + len(CUES["frame"])

FEATURES = (
    "scene-title",
    "scene-lead",
    "scene-early",  # 1 for the title, a half for the next, and so on
    "scene-place",  # share of the sentences before it
    "scene-heading",
    "scene-quoted",  # has a quotation mark
    "scene-year",
    "scene-length",  # log of its characters; one of Chinese counts as three
    "scene-acts",  # log of the acts in it
    "scene-matter",  # log of the weight of all topics in it
    "scene-actors",  # how many are named
    *(f"scene-{actor}" for actor in ACTORS),
    *(f"scene-{topic}" for topic in TOPICS),  # log of its weight
    *(f"scene-{cue}" for cue in CUE_IDS),
)
PLACE = {name: place for place, name in enumerate(FEATURES)}
ACTOR, TOPIC, CUE = (PLACE[f"scene-{name}"] for name in (ACTORS[0], TOPICS[0], CUE_IDS[0]))


@dataclass(slots=True)
class Scene:
    """One sentence."""

    number: int
    actors: dict[int, list[Found]] = field(default_factory=dict)  # mentions by actor
    cues: list[Found] = field(default_factory=list)
    acts: list[Found] = field(default_factory=list)  # the cues that are acts
    moves: list[tuple[int, int, bool]] = field(default_factory=list)  # start, end of acts and of saying; whether an act
    topics: dict[int, list[tuple[int, float]]] = field(default_factory=dict)  # rule and weight by topic
    weights: dict[int, float] = field(default_factory=dict)  # of each topic
    items: dict[int, float] = field(
        default_factory=dict
    )  # place of a feature and its value; what is nought is left out


def scenes(reading: Reading) -> dict[int, Scene]:
    """Return every sentence in which an actor is named or a topic touched."""
    found: dict[int, Scene] = {}
    index, value, nears = reading.columns.index, reading.columns.value, reading.known.nears
    for actor, side in enumerate(reading.sides):
        for mention in side.mentions:
            _scene(found, mention[3]).actors.setdefault(actor, []).append(mention)
    for _, _, rule, number in reading.topics:
        _scene(found, number).topics.setdefault(index[rule], []).append((rule, value[rule]))
    for _, _, rule, number in reading.nears:
        near = nears[rule]
        _scene(found, number).topics.setdefault(near.topic, []).append((-1 - rule, near.weight))
    for cue in reading.cues:
        if (scene := found.get(cue[3])) is not None:
            scene.cues.append(cue)
            if index[cue[2]] < ACTS:
                scene.acts.append(cue)
                scene.moves.append((cue[0], cue[1], True))
            elif index[cue[2]] == SAY:
                scene.moves.append((cue[0], cue[1], False))
    for scene in found.values():
        scene.items = _items(reading, scene)
    return found


def _scene(found: dict[int, Scene], number: int) -> Scene:
    """Return the scene of a sentence."""
    scene = found.get(number)
    if scene is None:
        scene = found[number] = Scene(number)
    return scene


def _items(reading: Reading, scene: Scene) -> dict[int, float]:
    """Return the features of one sentence."""
    number, index = scene.number, reading.columns.index
    start, end = reading.spans[number]
    plain = reading.folded.plain
    scene.weights = {topic: sum(weight for _, weight in terms) for topic, terms in scene.topics.items()}
    wide = 3 if reading.language.startswith("zh") else 1
    items = {
        2: 1 / (1 + number),
        3: number / len(reading.spans),
        7: log1p((end - start) * wide),
        8: log1p(len(scene.acts)),
        9: log1p(sum(scene.weights.values())),
        10: float(len(scene.actors)),
    }
    if number < LEAD:
        items[1] = 1.0
        if not number:
            items[0] = 1.0
    if number in reading.headings:
        items[4] = 1.0
    if _QUOTES.search(plain, start, end):
        items[5] = 1.0
    if _YEAR.search(plain, start, end):
        items[6] = 1.0
    for actor in scene.actors:
        items[ACTOR + actor] = 1.0
    for topic, weight in scene.weights.items():
        items[TOPIC + topic] = log1p(weight)
    for _, _, rule, _ in scene.cues:
        items[CUE + index[rule]] = 1.0
    return items
