"""How fast the tagger is, per language, beside its automaton alone on the same terms; what loading costs.

usage: python -m tests.eval.tagspeed [ARTICLES.jsonl]        lines with `lang`, `title`, `text`; default: tests/gold

Prints megabytes of UTF-8 text a second on one core, seconds to load, and the process's peak memory. Asserts nothing.
"""

import json
import pickle
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path

from extractors import matching, taxonomy
from extractors.tagging import Tagger, tag

GOLD = Path(__file__).parents[1] / "gold" / "articles.jsonl"
_LEAST = 400_000  # bytes of text a language is measured on


def main() -> None:
    """Measure and print."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLD
    started = time.perf_counter()
    known = taxonomy.load()
    loaded = time.perf_counter()
    frozen = pickle.dumps(known)
    thawing = time.perf_counter()
    known = pickle.loads(frozen)
    print(
        f"load {loaded - started:.3f} s, from a pickle of {len(frozen) / 1e6:.1f} MB {time.perf_counter() - thawing:.3f} s"
    )
    by_language: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        by_language[row["lang"]].append((row["title"], row["text"]))
    tagger = Tagger(known)
    print("language   tagger   automaton   (MB/s)   first")
    for language, articles in sorted(by_language.items()):
        size = sum(len(text.encode()) for _, text in articles)
        rounds = max(1, _LEAST // size)
        begun = time.perf_counter()
        matcher = tagger.matcher(language.split("-")[0])
        first = time.perf_counter() - begun
        begun = time.perf_counter()
        for _ in range(rounds):
            for title, text in articles:
                tag(title, text, language=language, published_at=None, taxonomy=tagger)
        whole = time.perf_counter() - begun
        folded = [matching.fold(text, known, matcher.language) for _, text in articles]
        begun = time.perf_counter()
        for _ in range(rounds):
            for text in folded:
                matcher.search(text.hay)
        alone = time.perf_counter() - begun
        mb = size * rounds / 1e6
        print(f"{language:10s} {mb / whole:6.2f} {mb / alone:10.1f}            {first:6.3f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
