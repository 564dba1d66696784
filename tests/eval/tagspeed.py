"""How fast the tagger is, per language, beside its automaton alone on the same terms; what loading costs.

usage: python -m tests.eval.tagspeed [ARTICLES.jsonl]        lines with `lang`, `title`, `text`; default: the demo newsroom's

Prints megabytes of UTF-8 text (title and body) a second of CPU time (a busy machine's clock says little), seconds to load, seconds
until the command has tagged its first article, and the process's peak memory. What costs is what is found: articles about the triangle
alone, as the newsroom's, are read at two thirds of the speed of what its feeds bring otherwise. Asserts nothing.
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
from extractors.taxonomy import Taxonomy
from flows import lexicon
from flows.demo import content

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


def articles(path: Path | None) -> dict[str, list[tuple[str, str]]]:
    """Return title and text of the articles by language."""
    if path is None:
        rows = [(piece.language, piece.title, piece.text) for piece in content.read_pieces(1)]
    else:
        lines = (json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line)
        rows = [(row["lang"], row["title"], row["text"]) for row in lines]
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for language, title, text in rows:
        found[language].append((title, text))
    return found


def loading() -> tuple[Taxonomy, float, float]:
    """Return the taxonomy, the CPU seconds of reading its files, and those of loading it when it is compiled."""
    started = time.process_time()
    taxonomy.load()
    loaded = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        lexicon.load(Path(folder))
        thawing = time.process_time()
        known = lexicon.load(Path(folder))
        return known, loaded - started, time.process_time() - thawing


def measure(tagger: Tagger, language: str, those: list[tuple[str, str]]) -> tuple[float, float, float]:
    """Return the CPU seconds of tagging all articles, of the automaton alone on them, and of building it."""
    begun = time.process_time()
    matcher = tagger.matcher(language.split("-")[0])
    first = time.process_time() - begun
    rounds = max(1, _LEAST // sum(len((title + text).encode()) for title, text in those))
    for title, text in those:  # not counted: builds the models, and fills caches as a long run does
        tag(title, text, language=language, published_at=None, taxonomy=tagger)
    begun = time.process_time()
    for _ in range(rounds):
        for title, text in those:
            tag(title, text, language=language, published_at=None, taxonomy=tagger)
    whole = time.process_time() - begun
    folded = [matcher.fold(f"{title}\n{text}") for title, text in those]
    begun = time.process_time()
    for _ in range(rounds):
        for one in folded:
            matcher.search(one.hay)
    return whole / rounds, (time.process_time() - begun) / rounds, first


def main() -> None:
    """Measure and print."""
    known, read, thawed = loading()
    print(f"load {read:.3f} s, compiled before {thawed:.3f} s")
    tagger = Tagger(known)
    print("language   tagger   automaton   (MB/s)   first")
    size = spent = 0.0
    for language, those in sorted(articles(Path(sys.argv[1]) if len(sys.argv) > 1 else None).items()):
        mb = sum(len((title + text).encode()) for title, text in those) / 1e6
        whole, alone, first = measure(tagger, language, those)
        print(f"{language:10s} {mb / whole:6.2f} {mb / alone:10.1f}            {first:6.3f} s")
        size, spent = size + mb, spent + whole
    print(f"{'all':10s} {size / spent:6.2f}")
    print(f"tripolar tag, from start to the first article tagged: {command():.3f} s of CPU, taxonomy compiled before")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
