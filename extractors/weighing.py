"""Features to probabilities: a logistic model a kind of label, its weights kept as data in `weights.toml`.

A label's score is its own bias and weights times its features; weights are shared by all languages, so that the same news
scores the same in each. Fitting is done by `tests.eval.fit`; nothing here learns.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The weights of one kind of label."""

    features: tuple[str, ...]
    weights: dict[str, tuple[float, ...]]  # by label, the bias first
    threshold: float

    def score(self, label: str, values: Sequence[float]) -> float:
        """Return the probability of a label."""
        bias, *weights = self.weights[label]
        total = bias + sum(map(_times, weights, values))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def _times(a: float, b: float) -> float:
    return a * b


def model(table: dict[str, Any], features: tuple[str, ...]) -> Model:
    """Return the model of a table of `weights.toml`; raise ValueError when it was fitted to other features."""
    if tuple(table["features"]) != features:
        raise ValueError("weights.toml was fitted to other features: run `python -m tests.eval.fit`")
    return Model(
        features=features,
        weights={label: tuple(values) for label, values in table["weights"].items()},
        threshold=float(table["threshold"]),
    )
