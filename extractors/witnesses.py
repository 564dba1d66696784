"""What each sentence says for a label: that an actor acts in it, that a topic is reported, that two sides deal with each other.

An article reports something where at least one of its sentences does. Each sentence is judged by a small model of its own,
learnt from what readers marked; what all of them say, and what is passed on to those judged later, belongs to `hearing`. How
articles are judged from that belongs to `salience`, `topics` and `relations`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from itertools import repeat
from math import log1p
from operator import mul
from typing import NamedTuple

from extractors import beside, hearing, scenes
from extractors.hearing import Heard, Said
from extractors.labels import ACTORS, CUE_IDS, KINDS, TOPICS
from extractors.matching import Found
from extractors.reading import ACTS, PLACES, REACH, REACH_HAN, ROW, ROW_MARK, Reading
from extractors.relations import LINKING, SIDES
from extractors.salience import UNION
from extractors.scenes import ACTOR, CUE, TOPIC, Scene
from extractors.scenes import FEATURES as SCENE
from extractors.topics import LEAST, STRONG
from extractors.weighing import Model, probability

_AGENTS = frozenset(KINDS.index(kind) for kind in ("institution", "office", "person", "force"))
_NAMES = frozenset(KINDS.index(kind) for kind in ("name", "capital"))
_PEOPLE, _COMPANY, _VAGUE = (KINDS.index(kind) for kind in ("people", "company", "vague"))
_TOWARD = CUE_IDS.index("frame.toward")
_JOINED = {pair: CUE_IDS.index(f"pair.{pair}") for pair in SIDES}
_MASK = KINDS.index("mask")
_ACT = 100  # characters of an act, at most

FEATURES = {
    "actor": (
        *(f"as-{kind}" for kind in KINDS[:_MASK]),
        "mentions",  # log
        "alone",  # no other actor is named
        "first",  # before all others
        "offset",  # log of the characters before it
        "subject",  # an act or saying right behind it
        "object",  # right behind an act
        "idle",  # acts in the sentence, none of them beside it
        "listed",  # in a row of names
        "union",  # the bloc itself
    ),
    "topic": (
        "weight",  # log
        "strong",  # number of strong terms
        "plain",
        "weak",
        "terms",  # log of different terms
        "near",  # near rules
        "agents",  # actors with an institution, office, person or force
        "share",  # of the weight of all topics
        "powers",  # log weight times the number of EU, CN, RU and UA
        "again",  # 1 for the first sentence with the topic, a half for the next, and so on
        *hearing.TOPIC,
    ),
    "relation": (
        "two-sentences",
        *(f"{side}-{what}" for side in ("one", "other") for what in ("agent", "name", "people", "company", "place")),
        "vague",
        "distance",  # log of the characters between the nearest two
        "between",  # another actor stands between them
        "third",  # the third power is named
        "act-between",
        "act-outside",
        "toward-between",
        "listed",
        "adjacent",
        "linking",  # log of the weight of linking topics
        "joined",  # by a word that says so
        "order",
        "one-mentions",
        "other-mentions",
        *hearing.PAIR,
    ),
}
_ALL = range(len(TOPICS))
NOTHING: Heard = {}  # what nobody said
NAMES = {kind: (*SCENE, *own) for kind, own in FEATURES.items()}


class Witness(NamedTuple):
    """What one sentence, or two neighbours, say for a label."""

    sentence: int  # the first
    items: dict[int, float]  # of the scene
    without: tuple[int, ...]  # of these, what is the label itself
    own: list[float]  # the features of the label in it
    more: tuple[int, ...] = ()  # the second sentence
    beside: Collection[str] = ()  # the words that stand beside its mentions

    @property
    def sentences(self) -> tuple[int, ...]:
        """Return the numbers of its sentences."""
        return (self.sentence, *self.more)


Witnesses = dict[str, list[Witness]]


def actors(reading: Reading, found: dict[int, Scene]) -> Witnesses:
    """Return the sentences that name each actor."""
    out: Witnesses = {}
    for number in sorted(found):
        scene = found[number]
        for actor, mentions in scene.actors.items():
            own = _actor(reading, scene, actor, mentions)
            keys = beside.around(reading, mentions)
            out.setdefault(ACTORS[actor], []).append(Witness(number, scene.items, (ACTOR + actor,), own, (), keys))
    return out


def _actor(reading: Reading, scene: Scene, actor: int, mentions: list[Found]) -> list[float]:
    """Return the features of an actor in one sentence."""
    columns, wide, moves = reading.columns, reading.wide, scene.moves
    reach = REACH_HAN if wide else REACH
    named = [0.0] * _MASK
    for mention in mentions:
        named[columns.kind[mention[2]]] = 1.0
    others: list[int] = []
    if len(scene.actors) > 1:
        others = sorted([m[0] for other, of in scene.actors.items() if other != actor for m in of])
    subject = object_ = listed = False
    for start, end, _, _ in mentions:
        near = bisect_left(moves, (start - reach - _ACT,)), bisect_left(moves, (end + reach + 1,))
        for begin, stop, act in moves[near[0] : near[1]]:
            if end <= begin <= end + reach:
                subject = subject or bisect_left(others, end) == bisect_left(others, begin)
            elif act and stop <= start <= stop + reach:
                object_ = object_ or bisect_left(others, stop) == bisect_left(others, start)
        listed = listed or (bool(others) and bisect_left(others, end - ROW) != bisect_right(others, end + ROW))
    union = False
    if not actor:
        entities, index = reading.known.entities, columns.index
        union = not UNION.isdisjoint([entities[index[mention[2]]][0] for mention in mentions])
    first = mentions[0][0]
    return [
        *named,
        log1p(len(mentions)),
        float(not others),
        float(not others or first < others[0]),
        log1p((first - reading.spans[scene.number][0]) * (3 if wide else 1)),
        float(subject),
        float(object_),
        float(bool(scene.acts) and not subject and not object_),
        float(listed),
        float(union),
    ]


def topics(
    reading: Reading, found: dict[int, Scene], actors: Heard = NOTHING, among: Collection[int] = _ALL
) -> Witnesses:
    """Return the sentences that touch each topic of `among` by more than a weak term; `actors` is what they say of actors."""
    out: Witnesses = {}
    kind = reading.columns.kind
    for number in sorted(found):
        scene = found[number]
        if not scene.topics or (max(scene.weights.values(), default=LEAST) < LEAST and all(scene.topics.values())):
            continue
        agents = float(len({actor for actor, of in scene.actors.items() for m in of if kind[m[2]] in _AGENTS}))
        powers = len([actor for actor in scene.actors if actor < hearing.POWERS])
        total = sum(scene.weights.values()) + 1.0
        acting = hearing.topic(actors[number]) if number in actors else hearing.NO_ACTOR
        for topic, terms in scene.topics.items():
            weight = scene.weights.get(topic, 0.0)
            if topic not in among or (terms and weight < LEAST):
                continue
            strong = plain = near = 0
            for rule, one in terms:
                strong += one >= STRONG
                plain += LEAST <= one < STRONG
                near += rule < 0
            witnesses = out.setdefault(TOPICS[topic], [])
            own = [
                log1p(weight),
                float(strong),
                float(plain),
                float(len(terms) - strong - plain),
                log1p(len({rule for rule, _ in terms}) if len(terms) > 1 else len(terms)),
                float(near),
                agents,
                weight / total,
                log1p(weight) * powers,
                1.0 / (1 + len(witnesses)),
                *acting,
            ]
            keys = beside.terms(reading, TOPICS[topic], terms)
            witnesses.append(Witness(number, scene.items, (TOPIC + topic,), own, (), keys))
    return out


def pairs(
    reading: Reading,
    found: dict[int, Scene],
    actors: Heard = NOTHING,
    topics: Heard = NOTHING,
    among: Iterable[str] = tuple(SIDES),
) -> Witnesses:
    """Return the sentences that name both sides of each pair of `among`, and neighbours that name one each.

    `actors` and `topics` are what the sentences say of these.
    """
    out: Witnesses = {}
    for pair in among:
        a, b = SIDES[pair]
        here = {number for number, scene in found.items() if a in scene.actors}
        there = {number for number, scene in found.items() if b in scene.actors}
        both = here & there
        near = [(n, n + 1) for n in here - both if n + 1 in there - both]
        near += [(n, n + 1) for n in there - both if n + 1 in here - both]
        if here and there:
            out[pair] = [
                _pair(reading, [found[n] for n in numbers], pair, hearing.pair(a, b, numbers, actors, topics))
                for numbers in sorted([*((n,) for n in both), *near])
            ]
    return out


def _pair(reading: Reading, seen: list[Scene], pair: str, heard: list[float]) -> Witness:
    """Return what a sentence or two say for a pair."""
    a, b = SIDES[pair]
    kind, scene = reading.columns.kind, seen[0] if len(seen) == 1 else scenes.together(*seen)
    ones, others = scene.actors[a], scene.actors[b]
    one, other = _nearest(ones, others)
    low, high = min(one[1], other[1]), max(one[0], other[0])
    between = {cue for start, cue in scene.cues if low <= start < high}
    acting = bool(between) and min(between) < ACTS
    aside = [m[0] for actor, named in scene.actors.items() if actor != a and actor != b for m in named]
    mine, its = ({kind[mention[2]] for mention in mentions} for mentions in (ones, others))
    joined = _JOINED[pair]
    own = [
        float(len(seen) > 1),
        *_roles(mine),
        *_roles(its),
        float(mine == {_VAGUE}),
        log1p(max(0, high - low) * (3 if reading.wide else 1)),
        float(bool(aside) and any(low <= start < high for start in aside)),
        float(3 - a - b in scene.actors),
        float(acting),
        float(scene.acts > 0 and not acting),
        float(_TOWARD in between),
        float(low < high <= low + ROW and ROW_MARK.search(reading.folded.plain, low, high) is not None),
        float(0 <= high - low <= 3),
        log1p(sum([weight for topic, weight in scene.weights.items() if topic in LINKING])),
        float(CUE + joined in scene.items),
        float(one[0] < other[0]),
        log1p(len(ones)),
        log1p(len(others)),
        *heard,
    ]
    more = tuple([other.number for other in seen[1:]])
    keys = beside.between(reading, one, other)
    return Witness(scene.number, scene.items, (ACTOR + a, ACTOR + b, CUE + joined), own, more, keys)


def _nearest(ones: list[Found], others: list[Found]) -> tuple[Found, Found]:
    """Return the two mentions that stand nearest to each other, the first such; both lists are in the order of the text."""
    best, least = (ones[0], others[0]), _gap(ones[0], others[0])
    for one in ones:
        place = bisect_left(others, (one[0],))
        for other in others[max(0, place - 1) : place + 1]:
            if (gap := _gap(one, other)) < least:
                best, least = (one, other), gap
    return best


def _gap(one: Found, other: Found) -> int:
    """Return the characters between two mentions."""
    return other[0] - one[1] if one[0] < other[0] else one[0] - other[1]


def _roles(kinds: set[int]) -> tuple[float, ...]:
    """Return as what a side is named: agent, name, people, company, nothing but a place."""
    return (
        float(not _AGENTS.isdisjoint(kinds)),
        float(not _NAMES.isdisjoint(kinds)),
        float(_PEOPLE in kinds),
        float(_COMPANY in kinds),
        float(kinds <= PLACES),
    )


OF = {"actor": actors, "topic": topics, "relation": pairs}


def probabilities(model: Model, witnesses: Witnesses, language: str) -> Said:
    """Return the probability and number of each label's sentences."""
    words, nothing = model.words.get(language.split("-")[0], {}), repeat(0.0)
    worth = words.get
    scene = next(iter(model.weights.values()))[1 : 1 + len(SCENE)]  # the same for all labels
    weigh, cached = scene.__getitem__, dict[int, float]()
    out: Said = {}
    for label, those in witnesses.items():
        weights = model.weights[label]
        bias, mine = weights[0], weights[1 + len(SCENE) :]
        found = out[label] = []
        for sentence, items, without, own, _, keys in those:
            total = cached.get(id(items))
            if total is None:
                total = cached[id(items)] = sum(map(mul, map(weigh, items), items.values()))
            total += bias
            for place in without:
                if place in items:
                    total -= scene[place] * items[place]
            total = sum(map(worth, keys, nothing), sum(map(mul, mine, own), total))
            found.append((probability(total), sentence))
    return out
