"""Precision, recall and F1 of labels, micro, macro, per label and per language.

A gold article may hold `optional`, lists of labels counted neither for nor against. An article without a prediction counts as
predicted empty. The false relation rate is the share of articles without any gold relation that were given one.
"""

from collections import Counter, defaultdict
from typing import Any

KINDS = ("actors", "relations", "topics")


def rates(count: Counter[str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of counted tp, fp, fn."""
    given, wanted, right = count["tp"] + count["fp"], count["tp"] + count["fn"], count["tp"]
    precision, recall = right / given if given else 0.0, right / wanted if wanted else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def score(gold: dict[str, dict[str, Any]], predicted: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return all figures for gold and predicted articles by id."""
    micro: dict[str, Counter[str]] = defaultdict(Counter)
    labels: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    languages: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    clean = wrong = 0
    for key, want in gold.items():
        got = predicted.get(key, {})
        optional = want.get("optional", {})
        for kind in KINDS:
            right, given = set(want.get(kind, ())), set(got.get(kind, ())) - set(optional.get(kind, ()))
            for name, found in (("tp", right & given), ("fp", given - right), ("fn", right - given)):
                micro[kind][name] += len(found)
                languages[kind, str(want["lang"]).split("-")[0]][name] += len(found)
                for label in found:
                    labels[kind, label][name] += 1
        if not want.get("relations") and not optional.get("relations"):
            clean += 1
            wrong += bool(got.get("relations"))
    out: dict[str, Any] = {"articles": len(gold), "false_relation_rate": wrong / clean if clean else 0.0}
    for kind in KINDS:
        by_label = {label: _row(count) for (k, label), count in sorted(labels.items()) if k == kind}
        seen = [row["f1"] for row in by_label.values() if row["gold"]]
        out[kind] = {
            "micro": dict(zip(("p", "r", "f1"), rates(micro[kind]), strict=True)),
            "macro_f1": sum(seen) / len(seen) if seen else 0.0,
            "labels": by_label,
            "languages": {lang: _row(count) for (k, lang), count in sorted(languages.items()) if k == kind},
        }
    return out


def _row(count: Counter[str]) -> dict[str, float]:
    precision, recall, f1 = rates(count)
    return {"p": precision, "r": recall, "f1": f1, "gold": count["tp"] + count["fn"]}


def show(result: dict[str, Any]) -> None:
    """Print all figures."""
    for kind in KINDS:
        part = result[kind]
        micro = part["micro"]
        print(f"\n{kind}: micro P {micro['p']:.3f}  R {micro['r']:.3f}  F1 {micro['f1']:.3f}", end="")
        seen = [row for row in part["labels"].values() if row["gold"]] or [dict.fromkeys("pr", 0.0)]
        macro = "  ".join(f"{name.upper()} {sum(row[name] for row in seen) / len(seen):.3f}" for name in "pr")
        print(f"  macro {macro}  F1 {part['macro_f1']:.3f}")
        for group in ("labels", "languages"):
            for name, row in part[group].items():
                print(f"  {name:30s} P {row['p']:.2f}  R {row['r']:.2f}  F1 {row['f1']:.2f}  gold {row['gold']}")
    print(f"\narticles {result['articles']}  false relation rate {result['false_relation_rate']:.3f}")
