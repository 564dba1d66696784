"""What is passed on of what sentences say: a topic hears who acts in its sentence, a pair how its sides do, an article all of it.

Actors are judged first, then topics, then pairs, each sentence by itself and then the article. Here is what is heard, as
features; how a sentence is judged belongs to `witnesses`.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import log1p

from extractors.labels import ACTORS, LINKING
from extractors.reading import LEAD
from extractors.weighing import odds

Said = dict[str, list[tuple[float, int]]]  # by label: probability and number of each sentence
Heard = Mapping[int, Mapping[str, float]]  # by sentence: the probability of each label

POOLED = (
    "sentence-best",  # log odds of the sentence that says most for the label
    "sentence-second",
    "sentence-sum",  # log of the sum of all sentences' probabilities
    "sentence-any",  # probability that at least one of them reports it
    "sentence-lead",  # log odds of the best of the title and the first two
    "sentence-early",  # log of the sum of probabilities, each divided by its place
    "sentence-mean",  # of the probabilities and a nought
)
TOPIC = (
    "heard-power",  # log odds of the one of EU, CN, RU and UA that acts most surely
    "heard-best",  # of any actor
    "heard-sum",  # log of the sum of all actors' probabilities
    *(f"heard-{actor}" for actor in ACTORS),
)
_INDEX = {actor: index for index, actor in enumerate(ACTORS)}
POWERS = 4  # EU, CN, RU and UA stand first
_THIRD = 3  # from here on actors are no side of a pair
PAIR = (
    "heard-lesser",  # log odds that the less likely side acts
    "heard-greater",
    "heard-both",  # product of the probabilities
    "heard-linking",  # log odds of the likeliest topic that links two sides
    "heard-third",  # probability of the third power
    *(f"heard-{actor}" for actor in ACTORS[_THIRD:]),
)
_LINKING = frozenset(LINKING)
_NOBODY: Mapping[str, float] = {}


def pool(said: Iterable[tuple[float, int]]) -> list[float]:
    """Return what sentences of these probabilities and numbers say together, as `POOLED` names it."""
    ordered, none, lead, early = [], 1.0, 0.0, 0.0
    for p, number in said:
        ordered.append(p)
        none *= 1.0 - p
        early += p / (1 + number)
        if number < LEAD and p > lead:
            lead = p
    total = sum(ordered)
    ordered.sort(reverse=True)
    best = ordered[0] if ordered else 0.0
    second = ordered[1] if len(ordered) > 1 else 0.0
    return [
        odds(best),
        odds(second),
        log1p(total),
        1.0 - none,
        odds(lead),
        log1p(early),
        total / (1 + len(ordered)),
    ]


NOTHING = pool(())  # what no sentence says


def pooled(said: Said) -> dict[str, list[float]]:
    """Return what the sentences say for each label, pooled."""
    return {label: pool(those) for label, those in said.items()}


def by_sentence(said: Said) -> dict[int, dict[str, float]]:
    """Return what each sentence says for the labels that it touches."""
    heard: dict[int, dict[str, float]] = {}
    for label, those in said.items():
        for p, number in those:
            heard.setdefault(number, {})[label] = p
    return heard


def topic(actors: Mapping[str, float]) -> list[float]:
    """Return the features of a topic in a sentence that says this of actors, as `TOPIC` names them."""
    each = [0.0] * len(ACTORS)
    for actor, p in actors.items():
        each[_INDEX[actor]] = p
    return [odds(max(each[:POWERS])), odds(max(each)), log1p(sum(each)), *each]


NO_ACTOR = topic(_NOBODY)


def pair(a: int, b: int, numbers: Sequence[int], actors: Heard, topics: Heard) -> list[float]:
    """Return the features of the pair of actors `a` and `b` in one sentence or two, as `PAIR` names them."""
    each = [0.0] * len(ACTORS)
    for number in numbers:
        for actor, p in actors.get(number, _NOBODY).items():
            each[_INDEX[actor]] = max(p, each[_INDEX[actor]])
    one, other = sorted((each[a], each[b]))
    linking = 0.0
    for number in numbers:
        for label, p in topics.get(number, _NOBODY).items():
            if p > linking and label in _LINKING:
                linking = p
    return [odds(one), odds(other), one * other, odds(linking), each[3 - a - b], *each[_THIRD:]]
