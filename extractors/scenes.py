"""Each sentence of an article with what stands in it, as features that all witnesses share.

A sentence is seen once here, whatever label is asked for; what it says about one label belongs to `witnesses`.
"""

import re
from dataclasses import dataclass, field
from math import log1p

from extractors.labels import ACTORS, CUE_IDS, TOPICS
from extractors.matching import Found
from extractors.reading import ACTS, LEAD, SAY, Reading
from extractors.topics import MET

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

FEATURES = (
    "scene-title",
    "scene-lead",
    "scene-early",  # 1 for the title, a half for the next, and so on
    "scene-place",  # share of the sentences before it
    "scene-heading",
    "scene-year",
    "scene-length",  # log of its characters; one of Chinese counts as three
    "scene-acts",  # log of the acts in it
    "scene-matter",  # log of the weight of all topics in it
    "scene-actors",  # how many are named
    *(f"scene-{actor}" for actor in ACTORS),
    *(f"scene-{topic}" for topic in TOPICS),  # log of its weight
    *(f"scene-{cue}" for cue in CUE_IDS),
)
_TITLE, _LEAD, _EARLY, _WHERE, _HEADING, _DATED, _LENGTH, _ACTED, _MATTER, _NAMED = range(10)  # of these, the first
PLACE = {name: place for place, name in enumerate(FEATURES)}
ACTOR, TOPIC, CUE = (PLACE[f"scene-{name}"] for name in (ACTORS[0], TOPICS[0], CUE_IDS[0]))


@dataclass(slots=True)
class Scene:
    """One sentence."""

    number: int
    actors: dict[int, list[Found]] = field(default_factory=dict)  # mentions by actor
    cues: list[tuple[int, int]] = field(default_factory=list)  # start and cue
    acts: int = 0
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
    terms = [(number, index[rule], rule, value[rule]) for _, _, rule, number in reading.topics]
    terms += [(number, nears[rule].topic, -1 - rule, nears[rule].weight) for _, _, rule, number in reading.nears]
    for number, topic, rule, weight in terms:
        scene = found.get(number) or _scene(found, number)
        if topic in scene.topics:
            scene.topics[topic].append((rule, weight))
            scene.weights[topic] += weight
        else:
            scene.topics[topic] = [(rule, weight)]
            scene.weights[topic] = weight
    for topic, numbers in zip(MET, reading.meetings, strict=True):
        for number in numbers:
            found[number].topics.setdefault(topic, [])
    for start, end, rule, number in reading.cues:
        if number in found:
            scene, cue = found[number], index[rule]
            scene.items[CUE + cue] = 1.0
            scene.cues.append((start, cue))
            if cue < ACTS:
                scene.acts += 1
                scene.moves.append((start, end, True))
            elif cue == SAY:
                scene.moves.append((start, end, False))
    for scene in found.values():
        _describe(reading, scene)
    return found


def together(one: Scene, next_: Scene) -> Scene:
    """Return two neighbours as one scene, with the number of the first and without terms: what `witnesses.pairs` asks of it."""
    items = dict(one.items)
    for place, value in next_.items.items():
        items[place] = max(value, items.get(place, 0.0))
    weights = dict(one.weights)
    for topic, weight in next_.weights.items():
        weights[topic] = weights.get(topic, 0.0) + weight
    return Scene(
        one.number,
        actors={actor: one.actors.get(actor, []) + next_.actors.get(actor, []) for actor in one.actors | next_.actors},
        cues=one.cues + next_.cues,
        acts=one.acts + next_.acts,
        weights=weights,
        items=items,
    )


def _scene(found: dict[int, Scene], number: int) -> Scene:
    """Return the scene of a sentence."""
    scene = found.get(number)
    if scene is None:
        scene = found[number] = Scene(number)
    return scene


def _describe(reading: Reading, scene: Scene) -> None:
    """Set the features of a sentence that has its cues already."""
    number, items = scene.number, scene.items
    start, end = reading.spans[number]
    plain = reading.folded.plain
    items[_EARLY] = 1 / (1 + number)
    items[_WHERE] = number / len(reading.spans)
    items[_LENGTH] = log1p((end - start) * (3 if reading.wide else 1))
    items[_ACTED] = log1p(scene.acts)
    items[_MATTER] = log1p(sum(scene.weights.values()))
    items[_NAMED] = float(len(scene.actors))
    if number < LEAD:
        items[_LEAD] = 1.0
        if not number:
            items[_TITLE] = 1.0
    if number in reading.headings:
        items[_HEADING] = 1.0
    if _YEAR.search(plain, start, end):
        items[_DATED] = 1.0
    for actor in scene.actors:
        items[ACTOR + actor] = 1.0
    for topic, weight in scene.weights.items():
        items[TOPIC + topic] = log1p(weight)
