"""Logistic regression with a weight a feature that all labels share and a more strongly held deviation a label, and how
sentences are learnt from labelled articles. What is learnt, and how it is judged, belongs to `material` and `fit`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.weighing import Model

ROUNDS = 4  # of sharing out what an article is labelled with among its sentences
SEEN = 4  # families of articles that a word must stand in
HELD = 3.0  # how strongly the weight of a word is held to nothing (L2)
LEAST = 0.1  # a word that counts for less is left out
NEVER = 1e6  # held as strongly as this, a weight is nought
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is fitted: features, labels, and how strongly the weight of each feature is held to nothing (L2)."""

    features: tuple[str, ...]
    labels: tuple[str, ...]
    shared: Any
    own: Any


@dataclass(slots=True, kw_only=True)
class Rows:
    """Training rows: features, place of the label, wanted (0 to 1), whether a reader said so of this very row, article, number."""

    x: Any
    place: Any
    wanted: Any
    sure: Any
    article: Any
    number: Any
    beside: "Beside"

    def of(self, articles: Sequence[int]) -> "Rows":
        """Return the rows of these articles."""
        mask = np.isin(self.article, articles)
        return Rows(
            beside=self.beside.of(mask),
            x=self.x[mask],
            place=self.place[mask],
            wanted=self.wanted[mask],
            sure=self.sure[mask],
            article=self.article[mask],
            number=self.number[mask],
        )


@dataclass(slots=True, kw_only=True)
class Beside:
    """Which words stand in which rows: a row and a word an entry."""

    names: tuple[str, ...]
    row: Any
    word: Any

    def of(self, mask: Any) -> "Beside":
        """Return the entries of some rows, these numbered anew."""
        kept, number = mask[self.row], np.cumsum(mask) - 1
        return Beside(names=self.names, row=number[self.row[kept]], word=self.word[kept])


def beside(keys: Sequence[Iterable[str]], families: Sequence[int]) -> Beside:
    """Return the words of rows, without those that stand in few families."""
    counts = Counter(
        key for key, _ in {(key, family) for those, family in zip(keys, families, strict=True) for key in those}
    )
    names = tuple(sorted(key for key, count in counts.items() if count >= SEEN))
    places = {name: place for place, name in enumerate(names)}
    entries = [(row, places[key]) for row, those in enumerate(keys) for key in those if key in places]
    found = np.array(entries, dtype=int).reshape(len(entries), 2)
    return Beside(names=names, row=found[:, 0], word=found[:, 1])


def rows(
    shape: Shape,
    given: Sequence[tuple[int, str, Sequence[float], bool, bool]],
    keys: Sequence[Iterable[str]] = (),
    families: Sequence[int] = (),
) -> Rows:
    """Return rows of article, label, features, wanted, sure as arrays, and the words beside the mentions of each."""
    places = {label: place for place, label in enumerate(shape.labels)}
    return Rows(
        beside=beside(keys, families),
        x=np.array([row[2] for row in given], dtype=float).reshape(len(given), len(shape.features)),
        place=np.array([places[row[1]] for row in given], dtype=int),
        wanted=np.array([row[3] for row in given], dtype=float),
        sure=np.array([row[4] for row in given], dtype=bool),
        article=np.array([row[0] for row in given], dtype=int),
        number=np.arange(len(given)),
    )


class Learner:
    """The weights in the making: kept between rounds, so that the next one starts from them."""

    def __init__(self, shape: Shape, given: Rows) -> None:
        self.shape = shape
        mean, scale = given.x.mean(axis=0), given.x.std(axis=0) + 0.05
        self.mean, self.scale = mean, scale
        z = np.hstack([np.ones((len(given.x), 1)), (given.x - mean) / scale])
        self.groups = [np.flatnonzero(given.place == i) for i in range(len(shape.labels))]
        self.parts = [z[group] for group in self.groups]
        self.common = np.zeros(z.shape[1])
        self.apart = np.zeros((len(shape.labels), z.shape[1]))
        self.hold = np.concatenate([[1e-3], shape.shared])
        self.hold_apart = np.concatenate([[1.0], shape.own])
        self.count = len(given.x)
        self.beside = given.beside
        self.words = np.zeros(len(given.beside.names))
        self.aside = np.zeros(self.count)  # what the words of each row say

    def learn(self, wanted: Any, most: int = 30) -> None:
        """Maximise the penalised likelihood by Newton's method, one label's block at a time."""
        for _ in range(most):
            total, slope, solved = np.diag(self.hold), -self.hold * self.common, []
            for i, (part, group) in enumerate(zip(self.parts, self.groups, strict=True)):
                p = _squash(part @ (self.common + self.apart[i]) + self.aside[group])
                gradient = part.T @ (wanted[group] - p)
                curve = (part * (p * (1 - p))[:, None]).T @ part
                mine = gradient - self.hold_apart * self.apart[i]
                block = np.linalg.solve(curve + np.diag(self.hold_apart), np.hstack([curve, mine[:, None]]))
                total = total + curve - curve @ block[:, :-1]
                slope = slope + gradient - curve @ block[:, -1]
                solved.append(block)
            step = np.linalg.solve(total, slope)
            steps = np.array([block[:, -1] - block[:, :-1] @ step for block in solved])
            largest = max(np.abs(step).max(), np.abs(steps).max())
            pace = min(1.0, 4.0 / (largest + 1e-9))
            self.common += pace * step
            self.apart += pace * steps
            if largest < 1e-4:
                break

    def probabilities(self) -> Any:
        """Return the probabilities of the rows."""
        out = np.zeros(self.count)
        for i, (part, group) in enumerate(zip(self.parts, self.groups, strict=True)):
            out[group] = _squash(part @ (self.common + self.apart[i]) + self.aside[group])
        return out

    def learn_words(self, wanted: Any, most: int = 3) -> None:
        """Maximise the penalised likelihood over the words' weights, by Newton's method with conjugate gradients."""
        row, word, size = self.beside.row, self.beside.word, len(self.words)
        if not size:
            return
        for _ in range(most):
            p = self.probabilities()
            curve = p * (1 - p)
            slope = np.bincount(word, (wanted - p)[row], size) - HELD * self.words
            scale = np.bincount(word, curve[row], size) + HELD
            step, rest = np.zeros(size), slope.copy()
            toward = ahead = rest / scale
            worth = rest @ ahead
            for _ in range(12):
                if worth < _NOTHING:
                    break
                pushed = curve * np.bincount(row, toward[word], self.count)
                bent = np.bincount(word, pushed[row], size) + HELD * toward
                pace = worth / (toward @ bent)
                step, rest = step + pace * toward, rest - pace * bent
                ahead = rest / scale
                before, worth = worth, rest @ ahead
                toward = ahead + worth / before * toward
            self.words = self.words + step
            self.aside = np.bincount(row, self.words[word], self.count)

    def drop_words(self) -> None:
        """Forget the words that count for little."""
        self.words[np.abs(self.words) < LEAST] = 0.0
        self.aside = np.bincount(self.beside.row, self.words[self.beside.word], self.count)

    def model(self) -> Model:
        """Return the weights for features as they come."""
        weights: dict[str, tuple[float, ...]] = {}
        # What is held to nothing leaves a trace, which would be rounded another way for each label.
        common, apart = (
            np.where(self.hold < NEVER, self.common, 0.0),
            np.where(self.hold_apart < NEVER, self.apart, 0.0),
        )
        for label, mine in zip(self.shape.labels, apart, strict=True):
            both = common + mine
            w = both[1:] / self.scale
            weights[label] = (float(both[0] - w @ self.mean), *map(float, w))
        words: dict[str, dict[str, float]] = {}
        for name, weight in zip(self.beside.names, self.words.tolist(), strict=True):
            if weight:
                language, _, key = name.partition(" ")
                words.setdefault(language, {})[key] = weight
        return Model(features=self.shape.features, weights=weights, threshold=0.5, words=words)


def _squash(odds: Any) -> Any:
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))


def fit(shape: Shape, given: Rows) -> Model:
    """Return the model for the rows."""
    learner = Learner(shape, given)
    learner.learn(given.wanted)
    return learner.model()


def fit_sentences(shape: Shape, given: Rows) -> Model:
    """Return the model of sentences, learnt from what articles are labelled with.

    An article has a label when one of its sentences says so (noisy or). Where no reader marked which, each of them is taken to at
    first; then as much as the last round's weights think of it, which is expectation and maximisation in turn.
    """
    learner = Learner(shape, given)
    keys = given.article * len(shape.labels) + given.place
    _, groups = np.unique(keys, return_inverse=True)
    wanted = given.wanted
    for _ in range(ROUNDS):
        learner.learn(wanted, 6)
        learner.learn_words(wanted)
        p = learner.probabilities()
        none = np.exp(np.bincount(groups, np.log1p(-np.minimum(p, 1 - 1e-9))))
        shared = np.maximum(p, p / np.maximum(1 - none[groups], 1e-9))
        wanted = np.where(given.sure, given.wanted, given.wanted * shared)
    learner.drop_words()
    learner.learn(wanted)
    return learner.model()


def probabilities(shape: Shape, model: Model, given: Rows) -> Any:
    """Return the probability of each row."""
    weights = np.array([model.weights[label] for label in shape.labels])
    mine = weights[given.place]
    flat = {f"{language} {key}": value for language, those in model.words.items() for key, value in those.items()}
    words = np.array([flat.get(name, 0.0) for name in given.beside.names])
    aside = np.bincount(given.beside.row, words[given.beside.word], len(given.x))
    return _squash(mine[:, 0] + (mine[:, 1:] * given.x).sum(axis=1) + aside)
