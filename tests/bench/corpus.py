"""Make a corpus of any size through the loader, and measure loading: `python -m tests.bench.corpus FILE --articles 1000000`.

Prints a line a hundred segments and a JSON object at the end: seconds a segment (median of the first and of the last twenty),
peak memory, bytes of the file for each byte of article text.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from statistics import median

from storage import loading, warehouse
from tests.bench.newsworld import DAILY, World


def make(
    path: Path, world: World, *, start: int = 0, stop: int | None = None, checkpoint: bool = True
) -> dict[str, float]:
    """Load the days from `start` up to `stop`, one transaction each as runs do, and return the figures."""
    took: list[float] = []
    text = 0
    for number, part in enumerate(world.segments(start, stop), 1):
        before = time.perf_counter()
        with warehouse.connect(path) as connection:
            loading.commit(connection, part.info, part.facts, part.tables)
        took.append(time.perf_counter() - before)
        text += part.text_bytes
        if number % 100 == 0:
            print(f"{number} segments, the last twenty {median(took[-20:]):.3f} s each", file=sys.stderr, flush=True)
    return {
        "segments": len(took),
        "articles": len(took) * min(DAILY, world.size),
        "text_mb": round(text / 1e6, 1),
        "file_mb": round(path.stat().st_size / 1e6, 1),
        "file_per_text": round(path.stat().st_size / text, 3),
        "first_s": round(median(took[:20]), 3),
        "last_s": round(median(took[-20:]), 3),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    """Read the command line, make the corpus, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from-day", type=int, default=0, help="go on after so many segments")
    parser.add_argument("--to-day", type=int)
    given = parser.parse_args()
    world = World(given.seed, articles=given.articles)
    print(json.dumps(make(given.file, world, start=given.from_day, stop=given.to_day)))


if __name__ == "__main__":
    main()
