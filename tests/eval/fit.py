"""Fit the weights of the tagger to labelled articles and write `weights.toml` and `words.toml` in `extractors/data`.

usage: python -m tests.eval.fit [--folds N] [--data DIRECTORY] [--dump JUDGED.jsonl] [--write] LABELLED.jsonl...

Prints cross-validated figures (each article judged by weights that never saw it), and with `--write` fits on everything.
An article without labels is left out; what a line has is told in `material`.
Some of those that we read were picked because the tagger was in doubt; so figures are printed for the others alone where there are any, and then
for all. Reprints of an article stay in its fold.

Logistic regression with a shared weight a feature and a more strongly held deviation a label, so that rare labels borrow from
common ones. The actors' probabilities that relations start from are out of fold in training too.
"""

import json
import sys
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from extractors import decision, taxonomy, witnesses
from extractors.tagging import Tagger
from extractors.weighing import Model
from tests.eval import acts, learning, scoring
from tests.eval.material import Given, Material, read, shape

OUT = Path(taxonomy.DATA) / "weights.toml"
WORDS = OUT.with_name("words.toml")
SEEDS = (7, 8)  # of the folds that are judged
_NOISE = 0.005  # of an F1, over thresholds


def scores(material: Material, kind: str, model: Model, which: list[int], given: Given | None = None) -> Given:
    """Return the probabilities by article and label."""
    return {i: {k: model.score(k, v) for k, v in material.values(kind, i, given)} for i in which}


def folds_of(which: list[int], count: int, family: list[int], seed: int = 7) -> list[list[int]]:
    """Return the articles in so many parts, the same every time, families whole."""
    heads = sorted({family[i] for i in which})
    part = {int(head): n % count for n, head in enumerate(np.random.default_rng(seed).permutation(heads))}
    return [[i for i in sorted(which) if part[family[i]] == n] for n in range(count)]


def fit(material: Material, kind: str, which: list[int], given: Given | None = None) -> Model:
    """Return the model of a kind for some articles."""
    return learning.fit(shape(kind), material.rows(kind, which, given))


def train(material: Material, which: list[int], kinds: tuple[str, ...] = tuple(witnesses.OF)) -> dict[str, Model]:
    """Return all models for the articles."""
    models: dict[str, Model] = {}
    for kind in kinds:
        form, sentences = shape(f"{kind}-sentence"), material.sentences[kind]
        for part in folds_of(which, 4, material.family, 17):
            inner = learning.fit_sentences(form, sentences.of(sorted(set(which) - set(part))))
            material.listen(inner, kind, part)
        models[f"{kind}-sentence"] = learning.fit_sentences(form, sentences.of(which))
        if kind != "relation":
            models[kind] = fit(material, kind, which)
    if "relation" not in kinds:
        return models
    given: Given = {}
    for part in folds_of(which, 5, material.family, 11):
        given |= scores(material, "actor", fit(material, "actor", sorted(set(which) - set(part))), part)
    models["relation"] = fit(material, "relation", which, given)
    for part in folds_of(which, 5, material.family, 13):
        inner = fit(material, "relation", sorted(set(which) - set(part)), given)
        for i, found in scores(material, "relation", inner, part, given).items():
            given[i] = given[i] | found
    models["triangle"] = fit(material, "triangle", which, given)
    return models


def judge(material: Material, models: dict[str, Model], which: list[int]) -> dict[int, dict[str, dict[str, float]]]:
    """Return the probabilities of unseen articles: actors, topics, relations."""
    for kind in witnesses.OF:
        material.listen(models[f"{kind}-sentence"], kind, which)
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


def thresholds(material: Material, runs: list[Any]) -> dict[str, float]:
    """Return the thresholds with the best micro F1 each; for relations the false relation rate must hold too.

    Articles that came with labels are what is judged elsewhere, but few; so these count twice, and all once. How articles fall into
    folds moves relations by .01 and more; so the mean of all runs counts.
    Of all that come within `_NOISE` of the best the middle one is taken, since the peak itself is chance.
    """
    limits = {"actor": 0.45, "topic": 0.3, "relation": 0.5, "triangle": 0.3}
    golds = parts(material)
    for kind in ("actor", "topic", "triangle", "relation", "triangle"):
        values: dict[float, float] = {}
        for threshold in np.arange(0.2, 0.75, 0.01):
            got = [labels(judged, limits | {kind: float(threshold)}) for judged in runs]
            first, every = ([scoring.score(gold, one) for one in got] for gold in golds)
            value = (2 * mean(_worth(s, kind) for s in first) + mean(_worth(s, kind) for s in every)) / 3
            if kind == "relation":
                value -= 4 * max(0.0, mean(s["false_relation_rate"] for s in first) - 0.052)
            values[float(threshold)] = value
        good = [threshold for threshold, value in values.items() if value >= max(values.values()) - _NOISE]
        chosen = good[len(good) // 2]
        limits[kind] = round(chosen, 2)
    return limits


def _worth(scored: dict[str, Any], kind: str) -> float:
    """Return the micro F1 of a kind; of the triangle its own, which would be lost among the pairs."""
    if kind == "triangle":
        row = scored["relations"]["labels"].get("EU-CN-RU")
        return float(row["f1"]) if row else 0.0
    return float(scored[f"{kind}s"]["micro"]["f1"])


def parts(material: Material) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the articles that came with labels, or all where there are none, and all."""
    every = {str(i): article for i, article in enumerate(material.articles)}
    return {i: article for i, article in every.items() if not article["picked"]} or every, every


def write(models: dict[str, Model], limits: dict[str, float]) -> None:
    """Write the weights and the words."""
    lines = [
        "# What the evidence counts for: the bias and a weight a feature, by kind and label.",
        "# Made by `python -m tests.eval.fit --write`; not edited by hand.",
    ]
    for kind, model in models.items():
        lines += [
            "",
            f"[{kind}]",
            f"threshold = {limits.get(kind, 0.5)}",
            f"features = {json.dumps(list(model.features))}",
            "",
            f"[{kind}.weights]",
        ]
        for label, values in model.weights.items():
            lines.append(f"{json.dumps(label)} = [{', '.join(f'{v:.4f}' for v in values)}]")
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    WORDS.write_text("\n".join(_words(models)) + "\n", encoding="utf-8")


def _words(models: dict[str, Model]) -> list[str]:
    """Return the lines of the file of words."""
    lines = [
        "# What a word beside a mention counts for in the log odds that its sentence reports the label, by kind and language:",
        "# < before the mention, > behind it, | between two, these cut to their stems; = the mention itself, or after a topic its term.",
        "# Made by `python -m tests.eval.fit --write`; not edited by hand.",
    ]
    for kind, model in models.items():
        for language, words in sorted(model.words.items()):
            lines += ["", f"[{kind}.{language}]"]
            lines += [f"{json.dumps(key, ensure_ascii=False)} = {words[key]:.2f}" for key in sorted(words)]
    return lines


def main() -> None:
    """Cross-validate, print, and write when asked."""
    arguments = sys.argv[1:]
    count = int(arguments[arguments.index("--folds") + 1]) if "--folds" in arguments else 10
    spent = {arguments.index("--dump") + 1} if "--dump" in arguments else set()
    articles = read([a for place, a in enumerate(arguments) if a.endswith(".jsonl") and place not in spent])
    data = Path(arguments[arguments.index("--data") + 1]) if "--data" in arguments else None
    tagger = Tagger(taxonomy.load(data))
    material = Material(articles, [tagger.read(a["title"], a["text"], a["lang"]) for a in articles])
    every = list(range(len(articles)))
    runs: list[dict[int, dict[str, dict[str, float]]]] = []
    told, own = acts.read(articles, material.readings), acts.plain(tagger)
    for seed in SEEDS:
        judged: dict[int, dict[str, dict[str, float]]] = {}
        for part in folds_of(every, count, material.family, seed):
            judged |= judge(material, train(material, sorted(set(every) - set(part))), part)
        runs.append(judged)
    limits = thresholds(material, runs)
    print(f"cross-validated, {count} folds, thresholds {limits}")
    for judged in runs:
        got = labels(judged, limits)
        for name, gold in zip(("came with labels", "all"), parts(material), strict=True):
            result = scoring.score(gold, got)
            figures = "  ".join(
                f"{kind} {result[kind]['micro']['f1']:.3f}" for kind in ("actors", "relations", "topics")
            )
            print(f"{name:16}  {figures}  false relations {result['false_relation_rate']:.3f}")
    _show_acts(told, own, folds_of(every, count, material.family), material.family)
    for gold in parts(material):
        print(f"\nthe last of these, {len(gold)} articles")
        scoring.show(scoring.score(gold, got))
    if "--dump" in arguments:
        target = Path(arguments[arguments.index("--dump") + 1])
        lines = [
            json.dumps({"id": articles[i]["id"], **got[str(i)], "p": judged[i]}, ensure_ascii=False) for i in every
        ]
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if "--write" in arguments:
        write(train(material, every) | acts.fit(told, own, material.family), limits | acts.THRESHOLDS)


def _show_acts(told: list[acts.Told], own: list[acts.Told], folds: list[list[int]], family: list[int]) -> None:
    """Print how right kinds of act and directions are, each passage judged by weights that never saw its article."""
    kinds = ways = turned = 0
    for part in folds:
        models = acts.fit([one for one in told if one.article not in part], own, family)
        found = acts.right(models, [one for one in told if one.article in part])
        kinds, ways, turned = kinds + found[0], ways + found[1], turned + found[2]
    total = max(1, len(told))
    print(
        f"acts in {len(told)} passages: kind {kinds / total:.3f}  direction {ways / total:.3f}, reversed {turned / total:.3f}"
    )


if __name__ == "__main__":
    main()
