"""How fast pages are read again, against bare extraction: `python -m tests.bench.reprocessing [pages]`.

Bare is reading and tagging alone, in as many processes, from the same segments; nothing is written or compared. Both are
measured in the time of cores, so that other work on the machine does not count.
"""

import multiprocessing
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from extractors import intake
from flows import load, reprocess
from flows.past import running
from flows.registry import Registry
from flows.spreading import Runner
from storage import archive
from storage.jobs import Job
from tests import world
from tests.past import serving


def bare(path: Path, cache_folder: Path) -> int:
    """Read and tag the pages of a segment, and forget them."""
    _, records = archive.read(path)
    tagger = load.tagger(cache_folder)
    return sum(intake.read(record, tagger=tagger, hosts={}) is not None for record in records)


def main(pages: int) -> None:
    """Collect pages of an invented outlet, then read them again both ways."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        settings = world.settings(data, segment_bytes=max(50_000, pages * 60))
        with serving.serve(pages) as past:
            running.run(settings, Registry(sources=(), feeds=()), Job(kind="sitemap", where=(past.base,)))
        paths = archive.segments(data / "archive")
        runner = Runner()
        count = multiprocessing.cpu_count()
        begun = _spent()
        with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
            read = sum(pool.map(partial(bare, cache_folder=settings.cache), paths))
        alone = _spent()
        reprocess.reprocess(settings, runner, paths, accept=False)
        whole = _spent() - alone
        print(f"{read} pages, {len(paths)} segments, {count} processes, starting them included")
        print(f"bare {read / (alone - begun):.0f} pages a second and core, reprocess {read / whole:.0f}")
        print(f"{(alone - begun) / whole:.0%} of the speed of bare extraction")


def _spent() -> float:
    """Return the seconds of all cores that this process and those that it has waited for have used."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
