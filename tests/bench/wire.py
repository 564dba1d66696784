"""From wire to row, beside bare extraction: `python -m tests.bench.wire [FOLDER]`.

A press in another process serves captured pages. In turns, and each in fresh processes: a whole cycle without Prefect
(poll, fetch, archive, load, tag, commit), and the floor, a bare loop of trafilatura over the same bytes on all cores. Both
are timed from before their first worker starts; ratios are taken pair by pair. A run in which anything failed, or was
skipped more than it should be, is not reported. FOLDER has pages and an `index.jsonl`, as the evaluation has it.
"""

import argparse
import logging
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from extractors.model import Purpose
from flows import cycle, workers
from flows.config import Settings
from flows.registry import Registry
from storage import archive
from tests import world
from tests.bench import gauges, press, stages
from tests.bench.gauges import Cost
from tests.bench.press import Press

BAR = 1.5  # times the articles a second of the floor
BASE = 21000
WORKER = 400  # megabytes that a worker may take
_LEAST_READ = 0.9  # of the articles among the pages; less, and something is skipped
_LEAST_OWN = 0.97  # of the revisions among the captures that are articles; less, and they were duplicates
_HELP = "Pages and their index are described in tests/bench/README.md."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a cycle left: counts of rows, and what went wrong."""

    articles: int
    revisions: int
    tags: int
    problems: tuple[str, ...]


def settings(data: Path, pages: int) -> Settings:
    """Return settings as they come, but for the waiting, and with the loopback allowed."""
    chosen = world.settings(data, max_pages=pages)
    return replace(chosen, fetch=replace(chosen.fetch, allow=("127.0.0.0/8",)), workers=0)


def whole(data: Path, registry: Registry, pages: int, articles: int) -> Ran:
    """Do one cycle and look at what it left."""
    chosen = settings(data, pages)
    report = cycle.run(chosen, registry, all_due=True)
    got = report.collected
    asked = {
        "feeds fetched": (got.total(Purpose.FEED, "fetched"), len(registry.feeds)),
        "pages fetched": (got.total(Purpose.PAGE, "fetched"), pages),
        "pages asked for": (got.total(Purpose.PAGE), pages),
        "segments loaded": (len(report.loaded.segments), len(archive.segments(chosen.archive))),
        "segments waiting or damaged": (len(report.loaded.waiting) + len(report.loaded.damages), 0),
    }
    ((polls, entries, captures, read, revisions, tags),) = world.ask(
        chosen.corpus,
        "SELECT (SELECT count(*) FROM poll WHERE entries > 0), (SELECT count(*) FROM entry), (SELECT count(*) FROM capture),"
        " (SELECT count(*) FROM capture WHERE reading = 'article'), (SELECT count(*) FROM revision), (SELECT count(*) FROM tag)",
    )
    asked |= {"feeds read": (polls, len(registry.feeds)), "entries": (entries, pages), "captures": (captures, pages)}
    problems = [f"{name}: {have} instead of {want}" for name, (have, want) in asked.items() if have != want]
    if read < _LEAST_READ * articles:
        problems.append(f"only {read} of {articles} articles were read")
    if revisions < _LEAST_OWN * read:
        problems.append(f"only {revisions} revisions of {read} articles: there were duplicates")
    if not tags:
        problems.append("nothing was tagged")
    return Ran(articles=read, revisions=revisions, tags=tags, problems=tuple(problems))


def bare(folder: Path, least: int, base: int) -> Ran:
    """Extract the same bytes on all cores with nothing around it."""
    with workers.pool() as pool:
        read = sum(pool.map(_extract, _batches(folder, least, base)))
    return Ran(articles=read, revisions=0, tags=0, problems=())


def _batches(folder: Path, least: int, base: int) -> list[list[tuple[str, bytes]]]:
    told = [
        (f"{press.origin(base, page.outlet)[:-1]}{page.path}", page.body)
        for page in press.pages(folder, least=least, base=base)
    ]
    return [told[start : start + 32] for start in range(0, len(told), 32)]


def _extract(batch: list[tuple[str, bytes]]) -> int:
    from trafilatura import bare_extraction

    logging.disable(logging.ERROR)
    return sum(bool(bare_extraction(body, url=url, with_metadata=True)) for url, body in batch)


def stage_by_stage(data: Path, registry: Registry, pages: int) -> dict[str, float]:
    """Return the CPU seconds of each stage."""
    return stages.split(settings(data, pages), registry)


def _megabytes(costs: list[Cost]) -> str:
    workers = max((mark for cost in costs for mark in cost.workers), default=0.0)
    return f"{max(cost.parent for cost in costs):.0f} MB, largest worker {workers:.0f} MB"


def main() -> int:
    """Measure in turns. Returns 1 when the bar is missed, 2 when a run cannot be reported."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, nargs="?", default=press.PAGES)
    asked.add_argument("--pages", type=int, default=2000, help="at least as many")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--stages", action="store_true", help="where the time goes, instead")
    given = asked.parse_args()
    if not (given.folder / "index.jsonl").exists():
        asked.error(f"no index.jsonl in {given.folder}: name a folder that has one. {_HELP}")
    with press.serving(given.folder, least=given.pages, base=BASE) as press_:
        print(
            f"{press_.pages:,} pages, {press_.articles:,} of them articles, {press_.bytes / 1e6:.0f} MB; {press_.feeds} feeds"
        )
        if given.stages:
            return _print_stages(press_)
        ours: list[Cost] = []
        floor: list[Cost] = []
        for _ in range(given.rounds):
            floor.append(gauges.measure(bare, given.folder, given.pages, BASE))
            with tempfile.TemporaryDirectory() as folder:
                ours.append(gauges.measure(whole, Path(folder), press_.registry, press_.pages, press_.articles))
            if problems := ours[-1].result.problems:
                print("not reported, because:", *problems, sep="\n  ")
                return 2
            print(_pair(press_, floor[-1], ours[-1]))
    ratio = median(_pace(mine) / _pace(other) for mine, other in zip(ours, floor, strict=True))
    print(f"memory: parent {_megabytes(ours)}; floor: parent {_megabytes(floor)}")
    print(f"articles a second: {ratio:.2f} times the floor's (bar: {BAR}), median of {given.rounds} pairs")
    return int(ratio < BAR)


def _pace(cost: Cost) -> float:
    return float(cost.result.articles / cost.seconds)


def _pair(press_: Press, floor: Cost, ours: Cost) -> str:
    def told(name: str, cost: Cost) -> str:
        size = press_.bytes / cost.seconds / 1e6
        return f"{name} {_pace(cost):.0f} articles/s, {size:.1f} MB/s, {cost.cpu:.1f} s of CPU"

    spent = floor.cpu / floor.result.articles / (ours.cpu / ours.result.articles)
    ratio = _pace(ours) / _pace(floor)
    return f"{told('floor', floor)}; {told('ours', ours)}; {ratio:.2f} times by the clock, {spent:.2f} by CPU"


def _print_stages(press_: Press) -> int:
    with tempfile.TemporaryDirectory() as folder:
        cost = gauges.measure(stage_by_stage, Path(folder), press_.registry, press_.pages)
    total = sum(cost.result.values())
    for name, spent in sorted(cost.result.items(), key=lambda item: -item[1]):
        print(f"{name:14}{spent:8.2f} s {spent / total:6.1%} {spent / press_.pages * 1000:8.2f} ms a page")
    print(f"{'all':14}{total:8.2f} s; by one core {press_.pages / total:.0f} pages/s; {cost.parent:.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
