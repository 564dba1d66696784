"""What loading an article costs as the corpus grows: `python -m tests.bench.growth SMALL LARGE [FOLDER]`.

SMALL and LARGE are corpora that `corpus.py` made. The same segments of captured pages are loaded into a copy of each, as a
run loads them: read, tagged, committed. FOLDER has the pages, see `reprocessing`. In turns; the best of each counts.
"""

import argparse
import shutil
import tempfile
import time
from contextlib import closing
from pathlib import Path

from flows import load
from flows.config import Settings
from storage import archive, loading, warehouse
from tests import world
from tests.bench import reprocessing

BAR = 1.2  # times what an article costs in the small corpus


def timed(settings: Settings, given: Path) -> tuple[float, float]:
    """Return the seconds that loading the archive into a copy takes, and those of writing alone."""
    shutil.copy(given, settings.corpus)
    paths = archive.segments(settings.archive)
    before = time.perf_counter()
    with closing(load.Loader(settings)) as loader:
        done = loader.load(paths)
    took = time.perf_counter() - before
    if len(done.segments) != len(paths) or done.damages:
        raise SystemExit(f"not reported: {done.waiting} were not loaded ({done.why}), {len(done.damages)} damages")
    return took, writing(settings, given, paths)


def writing(settings: Settings, given: Path, paths: list[Path]) -> float:
    """Return the seconds that committing the same segments takes when they are read already."""
    shutil.copy(given, settings.corpus)
    read = [load.read_segment(path, settings.cache) for path in paths]
    before = time.perf_counter()
    for each in read:
        with warehouse.connect(settings.corpus) as connection:
            loading.commit(connection, each.info, each.facts, each.tables)
    return time.perf_counter() - before


def main() -> int:
    """Measure in turns, and return 1 when the bar is missed."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("small", type=Path)
    asked.add_argument("large", type=Path)
    asked.add_argument("folder", type=Path, nargs="?")
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=given.large.parent) as folder:
        settings = world.settings(Path(folder))
        pages = reprocessing.keep(settings, given.folder)
        turns = [(timed(settings, given.small), timed(settings, given.large)) for _ in range(given.rounds)]
    (small, small_writing), (large, large_writing) = (
        (min(turn[n][0] for turn in turns), min(turn[n][1] for turn in turns)) for n in (0, 1)
    )
    print(
        f"{pages:,} pages: {small / pages * 1000:.2f} ms each beside {given.small.name}, of which {small_writing / pages * 1000:.2f} to write"
    )
    print(
        f"and {large / pages * 1000:.2f} ms beside {given.large.name}, of which {large_writing / pages * 1000:.2f} to write"
    )
    print(f"{large / small:.2f} times (bar: {BAR}); writing alone {large_writing / small_writing:.2f} times")
    return int(large > BAR * small)


if __name__ == "__main__":
    raise SystemExit(main())
