"""How fast pages are read again, against bare extraction, by the clock: `python -m tests.bench.reprocessing FOLDER`.

FOLDER has captured pages and an `index.jsonl` that names them (`file`, `url`, one object a line), as `tripolar extract
--list` takes it; without one, pages of an invented outlet do. Each page is captured twice, under two addresses.

Bare is reading and tagging alone: the same segments, as many processes, started in the same way; nothing is made of what
was read. Reprocessing also keeps it, compares it with the corpus page by page, and gathers the summary. Both are timed
from before their first worker starts until their last has ended, in turns. The best of each counts: the others measure
what else the machine did. Where it does much else, the time of cores says more.
"""

import argparse
import gzip
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from extractors import intake
from extractors.model import Exchange, Fetched, Purpose, Want
from flows import load, reprocess, spreading
from flows.config import Settings
from flows.spreading import Runner
from storage import archive
from storage.archive import Info
from tests import world
from tests.past.writing import story

BAR = 0.9  # of the speed of bare extraction
AT = datetime(2026, 3, 4, 6, tzinfo=UTC)


def bare(path: Path, cache_folder: Path) -> int:
    """Read and tag the pages of a segment, and forget them."""
    _, records = archive.read(path)
    tagger = partial(load.tagger, cache_folder)
    return sum(intake.read(record, tagger=tagger, hosts={}) is not None for record in records)


def bodies(folder: Path | None) -> Iterator[tuple[str, bytes]]:
    """Yield addresses and pages: those of a folder, or invented ones."""
    if folder is None:
        yield from ((f"https://quay.example{each.path}", each.page()) for each in map(story, range(1500)))
        return
    for number, line in enumerate((folder / "index.jsonl").read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        body = (folder / row["file"]).read_bytes()
        yield (
            row["url"] or f"https://quay.example/{number}",
            gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body,
        )


def keep(settings: Settings, folder: Path | None) -> int:
    """Write the pages into segments as large as those of a run, load them, and return how many there are."""
    info = Info(run_id="bench", run_kind="run", started_at=AT)
    count = 0
    with archive.Writer(settings.archive, info, max_bytes=settings.segment_bytes) as writer:
        for again in ("", "?again"):
            for url, body in bodies(folder):
                at = AT + timedelta(seconds=count)
                want = Want(url=url + again, purpose=Purpose.PAGE, reason="new")
                exchange = Exchange(
                    url=want.url, at=at, status=200, headers=(("Content-Type", "text/html"),), body=body
                )
                writer.append(Fetched(want=want, at=at, exchange=exchange))
                count += 1
    with closing(load.Loader(settings)) as loader:
        loader.load(loader.pending())
    return count


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long something takes by the clock, and how much time of cores, ended workers included."""
    begun, spent = time.perf_counter(), sum(os.times()[:4])
    work()
    return time.perf_counter() - begun, sum(os.times()[:4]) - spent


def main() -> int:
    """Measure in turns, and return 1 when the bar is missed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, nargs="?")
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = world.settings(Path(folder))
        pages = keep(settings, given.folder)
        paths = sorted(archive.segments(settings.archive), key=lambda path: -path.stat().st_size)
        size = sum(path.stat().st_size for path in paths)
        print(f"{pages:,} captures in {len(paths)} segments, {size / 1e6:.0f} MB")
        runner = Runner()
        alone = partial(bare, cache_folder=settings.cache)
        ours: list[tuple[float, float]] = []
        theirs: list[tuple[float, float]] = []
        for number in range(given.rounds):
            theirs.append(seconds(lambda: spreading.run(runner, "bare", lambda spread: list(spread(alone, paths)))))
            ours.append(seconds(lambda: reprocess.reprocess(settings, runner, paths, accept=False)))
            print(f"round {number + 1}: bare {theirs[-1][0]:.2f} s, reprocess {ours[-1][0]:.2f} s", flush=True)
    clock, cores = (min(each[n] for each in theirs) / min(each[n] for each in ours) for n in (0, 1))
    rates = [pages / min(each[0] for each in some) for some in (theirs, ours)]
    print(f"bare {rates[0]:.0f} pages a second, reprocess {rates[1]:.0f}")
    print(f"{clock:.0%} of the speed of bare extraction by the clock (bar: {BAR:.0%}), {cores:.0%} in time of cores")
    return clock < BAR


if __name__ == "__main__":
    raise SystemExit(main())
