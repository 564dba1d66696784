"""Fit the weights of the tagger to labelled articles and write `extractors/data/weights.toml`.

usage: python -m tests.eval.fit [--folds N] [--data DIRECTORY] [--dump JUDGED.jsonl] [--write] LABELLED.jsonl...

Prints cross-validated figures (each article judged by weights that never saw it), and with `--write` fits on everything.
A line has `id`, `lang`, `title`, `text`, `actors`, `relations`, `topics`. Logistic regression with a shared weight a feature
and a more strongly held deviation a label, so that rare labels borrow from common ones. The actors' probabilities that relations
start from are out of fold in training too.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from extractors import decision, relations, salience, taxonomy, topics
from extractors import labels as names
from extractors.tagging import Tagger
from extractors.weighing import Model
from tests.eval import scoring

OUT = Path(taxonomy.DATA) / "weights.toml"
NAMES = {
    "actor": salience.FEATURES,
    "topic": topics.FEATURES,
    "relation": relations.FEATURES,
    "triangle": relations.TRIANGLE,
}
LABELS = {
    "actor": names.ACTORS,
    "topic": tuple(names.TOPICS),
    "relation": tuple(relations.PAIRS),
    "triangle": ("EU-CN-RU",),
}
# How strongly weights are held to nothing (L2): shared ones, and what a label deviates; then the same for features of the story
# rather than of the label. The figures were chosen by cross-validation: looser ones fit better and judge worse.
HELD = {
    "actor": (24.0, 96.0, 200.0, 1000.0),
    "topic": (6.0, 24.0, 60.0, 200.0),
    "relation": (12.0, 300.0, 20.0, 300.0),
    "triangle": (6.0, 1e6, 6.0, 1e6),
}
CONTEXT = ("beside-", "cue-", "actor-", "about-")
_NOISE = 0.003  # of an F1, over thresholds
Rows = list[tuple[int, str, list[float], bool]]  # article, label, features, wanted


def read(paths: list[str]) -> list[dict[str, Any]]:
    """Return the articles of all files."""
    return [json.loads(line) for path in paths for line in Path(path).read_text(encoding="utf-8").splitlines()]


def fit(kind: str, rows: Rows) -> Model:
    """Return the model for the rows."""
    labels, width = LABELS[kind], len(NAMES[kind])
    x = np.array([row[2] for row in rows])
    y = np.array([row[3] for row in rows], dtype=float)
    mean, scale = x.mean(axis=0), x.std(axis=0) + 0.05
    z = (x - mean) / scale
    place = np.array([labels.index(row[1]) for row in rows])
    design = np.zeros((len(rows), 1 + width + len(labels) * (1 + width)))
    design[:, 0], design[:, 1 : width + 1] = 1.0, z
    shared, own, shared_around, own_around = HELD[kind]
    around = np.array([name.startswith(CONTEXT) for name in NAMES[kind]])
    deviation = np.where(around, own_around, own)
    each = np.concatenate([[1.0], deviation])
    held = np.concatenate([[1e-3], np.where(around, shared_around, shared), np.tile(each, len(labels))])
    for i in range(len(labels)):
        start = 1 + width + i * (1 + width)
        mine = place == i
        design[mine, start] = 1.0
        design[mine, start + 1 : start + 1 + width] = z[mine]
    beta = _newton(design, y, held)
    weights: dict[str, tuple[float, ...]] = {}
    for i, label in enumerate(labels):
        start = 1 + width + i * (1 + width)
        w = (beta[1 : width + 1] + beta[start + 1 : start + 1 + width]) / scale
        weights[label] = (float(beta[0] + beta[start] - w @ mean), *map(float, w))
    return Model(features=NAMES[kind], weights=weights, threshold=0.5)


def _newton(design: Any, y: Any, held: Any) -> Any:
    """Return the weights that maximise the penalised likelihood."""
    beta = np.zeros(design.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (y - p) - held * beta
        curve = (design * (p * (1 - p))[:, None]).T @ design + np.diag(held)
        step = np.linalg.solve(curve, gradient)
        beta += step * min(1.0, 4.0 / (np.abs(step).max() + 1e-9))
        if np.abs(step).max() < 1e-4:
            break
    return beta


class Material:
    """The articles, read once; features that depend on other models are made anew for each."""

    def __init__(self, articles: list[dict[str, Any]], tagger: Tagger) -> None:
        self.articles = articles
        self.readings = [tagger.read(a["title"], a["text"], a["lang"]) for a in articles]
        self.stories = [salience.story_features(r) for r in self.readings]
        self.actors = [salience.features(r, s) for r, s in zip(self.readings, self.stories, strict=True)]
        self.topics = [
            topics.features(r, topics.subjects(r), s) for r, s in zip(self.readings, self.stories, strict=True)
        ]

    def rows(self, kind: str, which: list[int], probabilities: dict[int, dict[str, float]] | None = None) -> Rows:
        """Return the training rows of a kind; relations need the actors' probabilities, the triangle the pairs' too."""
        rows: Rows = []
        for i in which:
            wanted = {label for key in ("actors", "topics", "relations") for label in self.articles[i][key]}
            for label, values in self.values(kind, i, probabilities):
                rows.append((i, label, values, label in wanted))
        return rows

    def values(self, kind: str, i: int, given: dict[int, dict[str, float]] | None) -> list[tuple[str, list[float]]]:
        """Return label and features of a kind for one article."""
        if kind == "actor":
            return list(self.actors[i].items())
        if kind == "topic":
            return list(self.topics[i].items())
        assert given is not None
        links = relations.links(self.readings[i], given[i], self.stories[i])
        if kind == "relation":
            return [(pair, link.values) for pair, link in links.items()]
        three = relations.triangle(self.readings[i], links, given[i], given[i])
        return [] if three is None else [("EU-CN-RU", three)]


def scores(
    material: Material, kind: str, model: Model, which: list[int], given: Any = None
) -> dict[int, dict[str, float]]:
    """Return the probabilities by article and label."""
    return {i: {k: model.score(k, v) for k, v in material.values(kind, i, given)} for i in which}


def folds_of(which: list[int], count: int, seed: int = 7) -> list[list[int]]:
    """Return the articles in so many parts, the same every time."""
    order = np.random.default_rng(seed).permutation(which)
    return [sorted(map(int, order[i::count])) for i in range(count)]


def train(material: Material, which: list[int]) -> dict[str, Model]:
    """Return all four models for the articles."""
    models = {kind: fit(kind, material.rows(kind, which)) for kind in ("actor", "topic")}
    given: dict[int, dict[str, float]] = {}
    for part in folds_of(which, 5, 11):
        inner = fit("actor", material.rows("actor", sorted(set(which) - set(part))))
        given |= scores(material, "actor", inner, part)
    models["relation"] = fit("relation", material.rows("relation", which, given))
    for part in folds_of(which, 5, 13):
        inner = fit("relation", material.rows("relation", sorted(set(which) - set(part)), given))
        for i, found in scores(material, "relation", inner, part, given).items():
            given[i] = given[i] | found
    models["triangle"] = fit("triangle", material.rows("triangle", which, given))
    return models


def judge(material: Material, models: dict[str, Model], which: list[int]) -> dict[int, dict[str, dict[str, float]]]:
    """Return the probabilities of unseen articles: actors, topics, relations."""
    actors = scores(material, "actor", models["actor"], which)
    found = scores(material, "topic", models["topic"], which)
    pairs = scores(material, "relation", models["relation"], which, actors)
    both = {i: actors[i] | pairs[i] for i in which}
    three = scores(material, "triangle", models["triangle"], which, both)
    return {i: {"actors": actors[i], "topics": found[i], "relations": pairs[i] | three[i]} for i in which}


def labels(judged: Any, limits: dict[str, float]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the labels of the judged articles by their number."""
    out: dict[str, dict[str, tuple[str, ...]]] = {}
    for i, p in judged.items():
        found = decision.decide(p["actors"], p["topics"], p["relations"], limits)
        out[str(i)] = {"actors": found.actors, "topics": found.topics, "relations": found.relations}
    return out


def thresholds(material: Material, judged: Any) -> dict[str, float]:
    """Return the thresholds with the best micro F1 each; for relations the false relation rate must hold too.

    Of all that come within `_NOISE` of the best the middle one is taken, since the peak itself is chance.
    """
    limits = {"actor": 0.45, "topic": 0.3, "relation": 0.5, "triangle": 0.3}
    gold = {str(i): material.articles[i] for i in judged}
    for kind in ("actor", "topic", "triangle", "relation", "triangle"):
        values: dict[float, float] = {}
        for threshold in np.arange(0.2, 0.75, 0.01):
            result = scoring.score(gold, labels(judged, limits | {kind: float(threshold)}))
            value = result[f"{kind}s" if kind != "triangle" else "relations"]["micro"]["f1"]
            if kind == "relation":
                value -= 4 * max(0.0, result["false_relation_rate"] - 0.052)
            values[float(threshold)] = value
        good = [threshold for threshold, value in values.items() if value >= max(values.values()) - _NOISE]
        chosen = good[len(good) // 2]
        limits[kind] = round(chosen, 2)
    return limits


def write(models: dict[str, Model], limits: dict[str, float]) -> None:
    """Write the weights file."""
    lines = [
        "# What the evidence counts for: the bias and a weight a feature, by kind and label.",
        "# Made by `python -m tests.eval.fit --write`; not edited by hand.",
    ]
    for kind, model in models.items():
        lines += [
            "",
            f"[{kind}]",
            f"threshold = {limits[kind]}",
            f"features = {json.dumps(list(model.features))}",
            "",
            f"[{kind}.weights]",
        ]
        for label, values in model.weights.items():
            lines.append(f"{label} = [{', '.join(f'{v:.4f}' for v in values)}]")
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Cross-validate, print, and write when asked."""
    arguments = sys.argv[1:]
    count = int(arguments[arguments.index("--folds") + 1]) if "--folds" in arguments else 10
    spent = {arguments.index("--dump") + 1} if "--dump" in arguments else set()
    articles = read([a for place, a in enumerate(arguments) if a.endswith(".jsonl") and place not in spent])
    data = Path(arguments[arguments.index("--data") + 1]) if "--data" in arguments else None
    material = Material(articles, Tagger(taxonomy.load(data)))
    every = list(range(len(articles)))
    judged: dict[int, dict[str, dict[str, float]]] = {}
    for part in folds_of(every, count):
        judged |= judge(material, train(material, sorted(set(every) - set(part))), part)
    limits = thresholds(material, judged)
    got = labels(judged, limits)
    print(f"cross-validated, {count} folds, thresholds {limits}")
    scoring.show(scoring.score({str(i): articles[i] for i in every}, got))
    if "--dump" in arguments:
        target = Path(arguments[arguments.index("--dump") + 1])
        lines = [
            json.dumps({"id": articles[i]["id"], **got[str(i)], "p": judged[i]}, ensure_ascii=False) for i in every
        ]
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if "--write" in arguments:
        write(train(material, every), limits)


if __name__ == "__main__":
    main()
