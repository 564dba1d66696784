"""Features to probabilities: a logistic model a kind of label, its weights kept as data in `weights.toml`.

A label's score is its own bias and weights times its features; these are shared by all languages, so that the same news scores
much the same in each. Sentences have weights for words as well, by language. Fitting is done by `tests.eval.fit`; nothing here
learns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, log
from operator import mul
from typing import Any

_SURE = 0.99  # no probability says more
_SURELY = log(_SURE / (1 - _SURE))


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
