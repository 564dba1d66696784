"""How fast the tagger is, per language, beside its automaton alone on the same terms; what loading costs.

usage: python -m tests.eval.tagspeed [ARTICLES.jsonl]        lines with `lang`, `title`, `text`; default: tests/gold

Prints megabytes of UTF-8 text a second of CPU time (a busy machine's clock says little), seconds to load, seconds until the command has
tagged its first article, and the process's peak memory. Asserts nothing.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from extractors import taxonomy
from extractors.tagging import Tagger, tag
from flows import lexicon

GOLD = Path(__file__).parents[1] / "gold" / "articles.jsonl"
_LEAST = 400_000  # bytes of text a language is measured on


def command() -> float:
    """Return the CPU seconds of the command for one article, the least of five, when the taxonomy is compiled."""
    line = json.dumps({"id": "1", "title": "EU and China", "text": "The EU and China met.", "lang": "en"})
    bare = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }  # compiled once, as for users
    program = [str(Path(sys.executable).with_name("tripolar")), "tag"]
    spent = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(6):
            before = os.times()
            subprocess.run(program, input=line, text=True, stdout=subprocess.DEVNULL, check=True, cwd=folder, env=bare)
            after = os.times()
            spent.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return min(spent[1:])


def main() -> None:
    """Measure and print."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLD
    started = time.process_time()
    known = taxonomy.load()
    loaded = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        lexicon.load(Path(folder))
        thawing = time.process_time()
        known = lexicon.load(Path(folder))
        thawed = time.process_time() - thawing
    print(f"load {loaded - started:.3f} s, compiled before {thawed:.3f} s")
    by_language: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        by_language[row["lang"]].append((row["title"], row["text"]))
    tagger = Tagger(known)
    print("language   tagger   automaton   (MB/s)   first")
    for language, articles in sorted(by_language.items()):
        size = sum(len(text.encode()) for _, text in articles)
        rounds = max(1, _LEAST // size)
        begun = time.process_time()
        matcher = tagger.matcher(language.split("-")[0])
        first = time.process_time() - begun
        for title, text in articles:  # a round that is not counted: it builds the models, and fills caches as a long run does
            tag(title, text, language=language, published_at=None, taxonomy=tagger)
        begun = time.process_time()
        for _ in range(rounds):
            for title, text in articles:
                tag(title, text, language=language, published_at=None, taxonomy=tagger)
        whole = time.process_time() - begun
        folded = [matcher.fold(text) for _, text in articles]
        begun = time.process_time()
        for _ in range(rounds):
            for text in folded:
                matcher.search(text.hay)
        alone = time.process_time() - begun
        mb = size * rounds / 1e6
        print(f"{language:10s} {mb / whole:6.2f} {mb / alone:10.1f}            {first:6.3f} s")
    print(f"tripolar tag, from start to the first article tagged: {command():.3f} s of CPU, taxonomy compiled before")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
