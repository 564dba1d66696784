"""Features to probabilities: a logistic model a kind of label, its weights kept as data in `weights.toml`.

A label's score is its own bias and weights times its features; these are shared by all languages, so that the same news scores
much the same in each. Sentences have weights for words as well, by language. Fitting is done by `tests.eval.fit`; nothing here
learns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, isfinite, log
from operator import mul
from typing import Any

from extractors.labels import ACTORS, EVENTS, PAIRS, TOPICS, TRIANGLE, WAYS

_SURE = 0.99  # no probability says more
_SURELY = log(_SURE / (1 - _SURE))
# The labels that a model of a kind must know; `weights.toml` may have more kinds.
LABELS = {
    **dict.fromkeys(("actor", "actor-sentence"), ACTORS),
    **dict.fromkeys(("topic", "topic-sentence"), TOPICS),
    **dict.fromkeys(("relation", "relation-sentence"), tuple(PAIRS)),
    "triangle": (TRIANGLE,),
    "event": EVENTS,
    "direction": WAYS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The weights of one kind of label."""

    features: tuple[str, ...]
    weights: dict[str, tuple[float, ...]]  # by label, the bias first
    threshold: float
    words: dict[str, dict[str, float]] = field(default_factory=dict)  # what stands beside a mention, by language

    def score(self, label: str, values: Sequence[float]) -> float:
        """Return the probability of a label."""
        return probability(sum(map(mul, self.weights[label], [1.0, *values])))


def probability(total: float) -> float:
    """Return the probability for log odds."""
    return 1.0 / (1.0 + exp(-total)) if -30.0 < total < 30.0 else float(total > 0)


def odds(p: float) -> float:
    """Return the log odds of a probability, within bounds."""
    return log(p / (1 - p)) if 1 - _SURE < p < _SURE else _SURELY if p > 0.5 else -_SURELY


def model(table: dict[str, Any], features: tuple[str, ...], words: dict[str, dict[str, float]]) -> Model:
    """Return the model of a table of `weights.toml` and of `words.toml`; raise ValueError when it was fitted to other features."""
    if tuple(table["features"]) != features:
        raise ValueError("weights.toml was fitted to other features: run `python -m tests.eval.fit`")
    return Model(
        features=features,
        weights={label: tuple(values) for label, values in table["weights"].items()},
        threshold=float(table["threshold"]),
        words=words,
    )


def check(kind: str, table: dict[str, Any]) -> None:
    """Raise ValueError with the reason when a table of `weights.toml` is no whole model of its kind."""
    features, weights = table.get("features"), table.get("weights")
    if not isinstance(features, list) or not isinstance(weights, dict) or not is_number(table.get("threshold")):
        raise ValueError("needs a number as `threshold`, a list of `features`, and a table of weights")
    for label in dict.fromkeys((*LABELS.get(kind, ()), *weights)):
        values = weights.get(label)
        if not isinstance(values, list) or len(values) != 1 + len(features) or not all(map(is_number, values)):
            raise ValueError(f"needs {1 + len(features)} numbers for {label}, the bias and a weight a feature")


def is_number(value: object) -> bool:
    """Tell whether a value of a data file can be calculated with."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
