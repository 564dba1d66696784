"""How right are the tags: precision, recall and F1 per label and language, beside plain keyword matching and, with `BASELINES=all`, the
nearest label by a sentence embedding.

What a gold line has is told in `gold`. The articles of one story, in several languages, should get the tags of the English one. Statements
and directions are measured on paragraphs of our own (`statements`). On the own gold the figures are held against `tag-floors.json`, which
only moves up.
"""

import argparse
import io
import json
import os
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

from extractors import labels, taxonomy
from extractors.datafile import Problem
from extractors.tagging import Tagger, tag
from flows.explanation import short
from tests.eval import gold as golds
from tests.eval import nearest, scoring, statements
from tests.eval.gold import Article

HERE = Path(__file__).parent
OWN = HERE.parent / "gold"
FLOORS = HERE / "tag-floors.json"
BASELINES = ("quick", "all")
_SLACK = 0.02  # a floor is so much below the figure: one label of a small gold more or less is no news

Predicted = dict[str, dict[str, list[str]]]


def own() -> list[Path]:
    """Return the files of the gold that is ours."""
    return sorted(OWN.glob("articles*.jsonl"))


def predict(gold: dict[str, Article], tagger: Tagger) -> Predicted:
    """Return the tagger's labels of each article."""
    out: Predicted = {}
    for key, article in gold.items():
        day = article.get("date") or ""
        at = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
        found = tag(article["title"], article["text"], language=article["lang"], published_at=at, taxonomy=tagger)
        out[key] = {
            "actors": found.labels("actor"),
            "topics": found.labels("topic"),
            "relations": [relation.label for relation in found.relations],
        }
    return out


def keywords(gold: dict[str, Article], tagger: Tagger) -> Predicted:
    """Return what plain matching says: an actor that is named, a topic with a strong term, a pair of which both are named."""
    out: Predicted = {}
    for key, article in gold.items():
        read_ = tagger.read(article["title"], article["text"], article["lang"])
        actors = [a for a, side in zip(labels.ACTORS, read_.sides, strict=True) if side.mentions]
        strong = {t for _, _, r, _ in read_.topics if tagger.columns.value[r] >= 3 for t in [tagger.columns.index[r]]}
        pairs = [pair for pair in labels.RELATIONS if set(pair.split("-")) <= set(actors)]
        out[key] = {"actors": actors, "relations": pairs, "topics": [labels.TOPICS[topic] for topic in strong]}
    return out


def agreement(gold: dict[str, Article], predicted: Predicted) -> dict[str, float]:
    """Return the mean Jaccard of each language's tags with those of the English article of the same story."""
    stories: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for key, article in gold.items():
        if article.get("story"):
            tags = predicted[key]
            stories[article["story"]][article["lang"]] = {*tags["actors"], *tags["relations"], *tags["topics"]}
    values: dict[str, list[float]] = defaultdict(list)
    for versions in stories.values():
        for language, tags in versions.items():
            if language != "en" and "en" in versions:
                union = tags | versions["en"]
                values[language].append(len(tags & versions["en"]) / len(union) if union else 1.0)
    return {language: mean(found) for language, found in sorted(values.items())}


def misses(gold: dict[str, Article], predicted: Predicted) -> list[str]:
    """Return a line for each article that is not labelled as it should be: what is missed and what is too much."""
    lines = []
    for key, article in gold.items():
        optional = article.get("optional", {})
        missed, extra = [], []
        for kind in scoring.KINDS:
            wanted, given = set(article[kind]), set(predicted[key][kind]) - set(optional.get(kind, ()))
            missed += sorted(wanted - given)
            extra += sorted(given - wanted)
        told = [f"-{label}" for label in missed] + [f"+{label}" for label in extra]
        if told:
            lines.append(f"{short(key)}  {' '.join(told)}  {short(article['title'] or article['text'])}")
    return lines


def beside(name: str, result: dict[str, Any]) -> str:
    """Return the line that compares one way of labelling with others."""
    micro = "  ".join(f"{kind} {result[kind]['micro']['f1']:.3f}" for kind in scoring.KINDS)
    return f"  {name:16s} {micro}  false relation rate {result['false_relation_rate']:.3f}"


def figures(result: dict[str, Any], same: dict[str, float], said: dict[str, float]) -> dict[str, float]:
    """Return the figures that floors are kept for; all are better when higher."""
    out = {f"{kind} micro F1": result[kind]["micro"]["f1"] for kind in scoring.KINDS}
    out["no false relation"] = 1 - result["false_relation_rate"]
    if same:
        out["agreement with English"] = mean(same.values())
    return {name: round(value, 4) for name, value in (out | said).items()}


def fallen(found: dict[str, float]) -> list[str]:
    """Return a line for each figure under its floor."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    return [f"{k}: {found[k]:.4f} is under the floor of {v:.4f}" for k, v in floors.items() if found[k] < v]


def raise_floors(found: dict[str, float]) -> None:
    """Write floors that are no lower than they were."""
    old = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    new = {k: max(old.get(k, 0.0), round(v - _SLACK, 4)) for k, v in found.items()}
    FLOORS.write_text(json.dumps(new, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    """Print everything; return 1 when a floor of the own gold is not held, or a data file is bad."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.tags")
    parser.add_argument("gold", nargs="*", type=Path, help="labelled articles; default: $GOLD, else tests/gold")
    parser.add_argument("--raise-floors", action="store_true", help="write floors that are no lower than they were")
    parser.add_argument("--baselines", choices=BASELINES, default=os.environ.get("BASELINES") or "quick")
    parser.add_argument("--predictions", type=Path, help="also write the tagger's labels there, a line an article")
    parser.add_argument("--misses", action="store_true", help="name the articles that are wrong: -missed +extra")
    arguments = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # titles in what the terminal cannot write
    if arguments.baselines not in BASELINES:  # a default is not looked at by argparse
        parser.error(f"BASELINES is none of {', '.join(BASELINES)}")
    named = arguments.gold or ([Path(os.environ["GOLD"])] if os.environ.get("GOLD") else [])
    try:
        gold = golds.read(named or own())
    except golds.GoldError as error:
        parser.error(str(error))
    try:
        tagger = Tagger(taxonomy.load())
    except Problem as error:
        print(error, file=sys.stderr)
        return 1
    predicted = predict(gold, tagger)
    if arguments.predictions:
        lines = [json.dumps({"id": key, **found}) for key, found in predicted.items()]
        try:
            arguments.predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")
        except OSError as error:
            parser.error(f"{arguments.predictions}: cannot be written: {error}")
    result, same = scoring.score(gold, predicted), agreement(gold, predicted)
    scoring.show(result)
    if arguments.misses:
        print("\nnot as labelled (-missed +extra):", *misses(gold, predicted), sep="\n")
    if same:
        print("\nagreement with the English article: " + "  ".join(f"{k} {v:.2f}" for k, v in same.items()))
    print("\non the same articles, micro F1:")
    print(beside("tripolar", result))
    print(beside("plain keywords", scoring.score(gold, keywords(gold, tagger))))
    if arguments.baselines == "all":
        print(nearest.line(gold, beside))
    else:
        print("nearest label by a sentence embedding: make eval BASELINES=all (fetches a model of 90 MB once)")
    said = statements.score(statements.read(), tagger)
    statements.show(said)
    found = figures(result, same, statements.figures(said))
    print(
        "\nOur own texts were used while the tagger was made; cross-validated figures: extractors/README.md, Checking"
    )
    if named:
        return 0
    if arguments.raise_floors:
        raise_floors(found)
    lines = fallen(found)
    print("\n".join(["", *lines]) if lines else "\nall floors hold")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
