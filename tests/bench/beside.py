"""How long readers wait beside a run that loads: `python -m tests.bench.beside FOLDER --segments 100 --articles 100`.

Four processes ask in a loop without a pause while segments are made and committed, each in its own opening of the file
as runs do. A wait is the time from the question to its first row, less what the same question takes when nobody
writes. Prints a JSON object and exits with 1 when a reader waited over a second or a segment is missing.
"""

import argparse
import json
import multiprocessing
import sys
import time
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median

from storage import loading, query, warehouse
from tests.bench.newsworld import World

READERS = 4
BAR = 1.0  # seconds
QUESTION = "SELECT count(*) FROM articles JOIN article_relations USING (article_id)"


def ask(path: Path) -> float:
    """Return the seconds that the question took, with opening and closing the file."""
    before = time.monotonic()
    with query.ask(path, QUESTION, wait=60) as reader:
        reader.read_all()
    return time.monotonic() - before


def read(path: Path, stop: Event, told: "multiprocessing.Queue[list[float]]") -> None:
    """Ask until told to stop."""
    took = []
    while not stop.is_set():
        took.append(ask(path))
    told.put(took)


def load(path: Path, world: World) -> list[float]:
    """Commit every segment and return the seconds that each waited for the file."""
    waits = []
    for part in world.segments():
        before = time.monotonic()
        with warehouse.connect(path, wait=60) as connection:
            waits.append(time.monotonic() - before)
            assert loading.commit(connection, part.info, part.facts, part.tables)
    return waits


def main() -> None:
    """Read the command line, load beside readers, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--segments", type=int, default=100)
    parser.add_argument("--articles", type=int, default=100, help="of a segment, a thousand at most")
    given = parser.parse_args()
    path = given.folder / "beside.duckdb"
    world = World(1, articles=given.articles)
    world.days = given.segments
    with warehouse.connect(path):
        pass
    context = multiprocessing.get_context("spawn")
    stop, told = context.Event(), context.Queue()
    readers = [context.Process(target=read, args=(path, stop, told)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    before = time.monotonic()
    writer = load(path, world)
    seconds = time.monotonic() - before
    stop.set()
    took = sorted(second for _ in readers for second in told.get(timeout=120))
    for reader in readers:
        reader.join()
    alone = median(ask(path) for _ in range(5))
    with warehouse.connect(path, read_only=True) as connection:
        segments = len(loading.loaded(connection))
    longest = max(0.0, took[-1] - alone)
    figures = {
        "segments": segments, "articles": given.articles * segments, "seconds": round(seconds, 1), "answers": len(took),
        "alone_ms": round(alone * 1000), "median_ms": round(median(took) * 1000), "p99_ms": round(took[int(len(took) * 0.99)] * 1000),
        "longest_wait_ms": round(longest * 1000), "writer_longest_ms": round(max(writer) * 1000),
    }  # fmt: skip
    print(json.dumps(figures))
    sys.exit(1 if longest > BAR or segments != given.segments else 0)


if __name__ == "__main__":
    main()
