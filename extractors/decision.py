"""From probabilities to labels, so that they agree with each other.

A relation needs both its sides to be more than named, and whoever is in a relation is an actor. The weights behind the
probabilities belong to `weighing`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from extractors.labels import PAIRS, TRIANGLE

_NAMED = 0.3  # probability that a side of a relation needs as an actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labels of one article."""

    actors: tuple[str, ...]
    relations: tuple[str, ...]
    topics: tuple[str, ...]


def decide(
    actors: Mapping[str, float],
    topics: Mapping[str, float],
    relations: Mapping[str, float],
    thresholds: Mapping[str, float],
) -> Labels:
    """Return the labels whose probability reaches the threshold of its kind (`actor`, `topic`, `relation`, `triangle`)."""
    least = thresholds["relation"]
    between = [
        pair
        for pair, sides in PAIRS.items()
        if relations.get(pair, 0.0) >= least and all(actors.get(side, 0.0) >= _NAMED for side in sides)
    ]
    sides = {side for pair in between for side in PAIRS[pair]}
    if between and relations.get(TRIANGLE, 0.0) >= thresholds["triangle"]:
        between.append(TRIANGLE)
        sides |= {"EU", "CN", "RU"}
    return Labels(
        actors=tuple(actor for actor, p in actors.items() if p >= thresholds["actor"] or actor in sides),
        relations=tuple(between),
        topics=tuple(topic for topic, p in topics.items() if p >= thresholds["topic"]),
    )
