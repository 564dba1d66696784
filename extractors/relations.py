"""What lies between the sides: EU-CN, EU-RU, CN-RU and the triangle, from sentences that name both.

A pair's features say how both are linked: in the title, in sentences and neighbouring sentences, with an act, a flow or a
word that joins them by itself, and how salient both are. The triangle starts from its three pairs.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, combinations_with_replacement, pairwise
from math import log1p

from extractors import labels
from extractors.hearing import NOTHING, POOLED
from extractors.labels import ACTORS, CUE_IDS, TOPICS
from extractors.matching import Found
from extractors.reading import ACTS, LEAD, PLACES, Reading, Side
from extractors.weighing import odds

SIDES = {pair: (ACTORS.index(a), ACTORS.index(b)) for pair, (a, b) in labels.PAIRS.items()}
_PAIR_CUE = {CUE_IDS.index(f"pair.{pair}"): pair for pair in SIDES}
LINKING = frozenset(map(TOPICS.index, labels.LINKING))
_CLOSE = 60  # characters between two mentions that are in one breath

_ABOUT = tuple(
    "sanctions energy frozen-assets-finance investment-economic-security trade-defence disinformation-influence".split()
)
_ABOUT_TOPICS = [TOPICS.index(topic) for topic in _ABOUT]

_PLAIN = (
    "lesser",  # log odds of the less salient side, as an actor
    "greater",
    "both",  # product of the probabilities
    "title",  # both in the title
    "lead",  # sentences of the lead with both
    "together",  # log of the number of sentences with both
    "together-share",  # of the sentences of the lesser side
    "acts",  # log of acts in these sentences
    "linking",  # log of the weight of linking topics in these sentences
    "close",  # log of close pairs of mentions
    "neighbours",  # log of neighbouring sentences, one with each
    "neighbour-acts",
    "pair",  # words that join the two
    "third",  # probability of the third power
    "america",  # probability of the US
    "topical",  # log of the weight of all topics
    "length",
    *(f"about-{topic}" for topic in _ABOUT),  # log weight of topics that go with certain pairs
    *POOLED,
)
# What a sentence says weighs more where its sides matter: these count with each other, too.
_CROSSED = ("lesser", "both", "together", "linking", "topical", "sentence-best", "sentence-any")
_CROSSES = tuple(combinations_with_replacement(map(_PLAIN.index, _CROSSED), 2))
_TITLE = _PLAIN.index("title")
FEATURES = (*_PLAIN, *(f"{_PLAIN[one]}*{_PLAIN[other]}" for one, other in _CROSSES))
TRIANGLE = (
    "least",  # log odds of the least likely pair
    "middle",
    "most",
    "lesser",  # log odds of the least salient actor
    "together",  # log of sentences with all three
    "title",  # all three in the title
    "lead",
    "two-and-one",  # neighbouring sentences that name all three together
    "war-support",  # the topic's weight
    "pairs-in-title",
    "met",  # log odds of the lesser of two pairs that are dealt with in one sentence or in neighbours
)


def links(
    reading: Reading, actors: dict[str, float], story: list[float], said: dict[str, list[float]]
) -> dict[str, list[float]]:
    """Return the features of each pair of which both sides are named; `said` is what their sentences say, pooled."""
    named = [pair for pair, (a, b) in SIDES.items() if reading.sides[a].mentions and reading.sides[b].mentions]
    if not named:
        return {}
    weights, about = _linking(reading)
    index = reading.columns.index
    pairs: dict[str, list[Found]] = {pair: [] for pair in SIDES}
    for cue in reading.cues:
        if index[cue[2]] in _PAIR_CUE:
            pairs[_PAIR_CUE[index[cue[2]]]].append(cue)
    return {
        pair: _link(reading, *SIDES[pair], pairs[pair], actors, weights, story, [*about, *said.get(pair, NOTHING)])
        for pair in named
    }


def _linking(reading: Reading) -> tuple[dict[int, float], list[float]]:
    """Return the weight of linking topics by sentence, and the log weight of those that go with certain pairs."""
    topics = [0.0] * len(TOPICS)
    weights: dict[int, float] = {}
    index, value = reading.columns.index, reading.columns.value
    for _, _, rule, sentence in reading.topics:
        topic = index[rule]
        topics[topic] += value[rule]
        if topic in LINKING:
            weights[sentence] = weights.get(sentence, 0.0) + value[rule]
    return weights, [log1p(topics[topic]) for topic in _ABOUT_TOPICS]


def _link(
    reading: Reading,
    a: int,
    b: int,
    pair: list[Found],
    actors: dict[str, float],
    weights: dict[int, float],
    story: list[float],
    rest: list[float],
) -> list[float]:
    """Return the features of two sides."""
    first, second = reading.sides[a], reading.sides[b]
    here, there = _substantial(reading, a), _substantial(reading, b)
    together = sorted(here & there)
    one, other = here - there, there - here
    near = sorted([s for s in one if s + 1 in other] + [s for s in other if s + 1 in one])
    cued = reading.cued
    beside = [cue for sentence in near for s in (sentence, sentence + 1) for cue in cued.get(s, ()) if cue < ACTS]
    p, q, third = (actors.get(ACTORS[actor], 0.0) for actor in (a, b, 3 - a - b))
    values = [
        *sorted((odds(p), odds(q))),
        p * q,
        float(bool(first.title and second.title)),
        float(sum([s < LEAD for s in together])),
        log1p(len(together)),
        len(together) / max(1, min(len(here), len(there))),
        log1p(sum([cue < ACTS for s in together for cue in cued.get(s, ())])),
        log1p(sum([weights.get(s, 0.0) for s in together])),
        log1p(_close(first, second, set(together))),
        log1p(len(near)),
        log1p(len(beside)),
        log1p(len(pair)),
        third,
        actors.get("US", 0.0),
        story[4],
        log1p(len(reading.spans)),
        *rest,
    ]
    return values + [values[one] * values[other] for one, other in _CROSSES]


def _substantial(reading: Reading, actor: int) -> set[int]:
    """Return the sentences that name an actor by more than a place or an outlet."""
    kind = reading.columns.kind
    return {found[3] for found in reading.sides[actor].mentions if kind[found[2]] not in PLACES}


def _close(first: Side, second: Side, together: set[int]) -> int:
    """Return how many pairs of mentions stand in one breath."""
    if not together:
        return 0
    both = sorted(
        [(m, 0) for m in first.mentions if m[3] in together] + [(m, 1) for m in second.mentions if m[3] in together]
    )
    return sum(
        [
            one != two and left[3] == right[3] and right[0] - left[1] <= _CLOSE
            for (left, one), (right, two) in pairwise(both)
        ]
    )


def met(said: Mapping[str, Sequence[tuple[float, int]]]) -> float:
    """Return how likely it is that two pairs are dealt with in one place, of probability and number of each pair's sentences.

    That is one matter: a demand to one side about its dealings with the other.
    """
    best: dict[str, dict[int, float]] = {}
    for pair, those in said.items():
        here = best[pair] = {}
        for p, sentence in those:
            here[sentence] = max(p, here.get(sentence, 0.0))
    return max(
        (
            min(p, best[other].get(sentence + step, 0.0))
            for pair, other in combinations(best, 2)
            for sentence, p in best[pair].items()
            for step in (-1, 0, 1)
        ),
        default=0.0,
    )


def triangle(
    reading: Reading,
    found: dict[str, list[float]],
    pairs: dict[str, float],
    actors: dict[str, float],
    together: float,
) -> list[float] | None:
    """Return the features of EU-CN-RU, or None where one of the three is not named, from what `links` and `met` say."""
    if len(found) < len(SIDES):
        return None
    likely = sorted(odds(pairs[pair]) for pair in SIDES)
    sets = [_substantial(reading, actor) for actor in range(3)]
    every = sets[0] & sets[1] & sets[2]
    joint = sum(1 for s in range(len(reading.spans) - 1) if all(s in one or s + 1 in one for one in sets))
    index, value = reading.columns.index, reading.columns.value
    war = TOPICS.index("dual-use-war-support")
    return [
        *likely,
        min(odds(actors.get(actor, 0.0)) for actor in ACTORS[:3]),
        log1p(len(every)),
        float(all(side.title for side in reading.sides[:3])),
        float(any(s < LEAD for s in every)),
        log1p(joint),
        log1p(sum(value[rule] for _, _, rule, _ in reading.topics if index[rule] == war)),
        float(sum(values[_TITLE] for values in found.values())),
        odds(together),
    ]
