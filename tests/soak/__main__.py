"""A soak with its figures: `python -m tests.soak --days 30 --feeds 200`, bounded by `--minutes` of real time."""

import argparse
import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from tests.soak import course, rivals
from tests.soak.course import Soaked
from tests.soak.press import START, Press

_BAR = 0.05  # growth of memory over the second half
# One heap for all threads: what is measured is what cycles hold, and not what allocators keep for later.
_PLAIN = {"MALLOC_ARENA_MAX": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}


def _tell(soak: Soaked) -> None:
    if len(soak.memory) % 24 == 0:
        print(f"{soak.end:%d %B %H:%M}  {soak.memory[-1] / 1e6:.0f} MB  {soak.files[-1]} files", flush=True)


def main() -> int:
    """Soak, print the figures, and return 1 when one of them is not as it should be."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--days", type=float, default=30)
    asked.add_argument("--feeds", type=int, default=200)
    asked.add_argument("--step", type=float, default=60, help="minutes between two cycles")
    asked.add_argument("--minutes", type=float, default=600, help="of real time at most; what was done by then counts")
    asked.add_argument("--as-it-is", action="store_true", help="leave the allocators as they are")
    given = asked.parse_args()
    if not given.as_it_is and any(os.environ.get(name) != value for name, value in _PLAIN.items()):
        os.execve(sys.executable, [sys.executable, "-m", "tests.soak", *sys.argv[1:]], os.environ | _PLAIN)
    with tempfile.TemporaryDirectory() as folder:
        soak = course.run(
            Path(folder),
            feeds=given.feeds,
            days=given.days,
            step=timedelta(minutes=given.step),
            seconds=given.minutes * 60,
            told=_tell,
        )
        wrong = _judge(soak)
    days = (soak.end - START) / timedelta(days=1)
    _rivals(given.feeds, given.days, min(days, given.days))
    for line in wrong:
        print(f"wrong: {line}")
    return int(bool(wrong))


def _judge(soak: Soaked) -> list[str]:
    found, (made, seen), (must, named, may) = course.articles(soak), course.edits(soak), course.holes(soak)
    grown, files = course.growth(soak)
    half = len(soak.memory) // 2
    asked = soak.press.requests
    print(
        f"{(soak.end - START) / timedelta(days=1):.1f} days, {len(soak.press.feeds)} feeds, {len(soak.memory)} cycles"
    )
    print(f"articles      {found.found}; of {found.expected} expected {len(found.lost)} lost, {found.doubled} doubled")
    print(f"edits         {seen} of {made} seen")
    print(f"holes         {len(must & named)} of {len(must)} named, {len(named - may)} where there is none")
    print(f"requests      {asked}, {asked['feed'] / max(1, found.found):.2f} to feeds for each article")
    print(
        f"memory        {soak.memory[half] / 1e6:.0f} MB at half, {soak.memory[-1] / 1e6:.0f} MB at the end, {grown:+.1%}"
    )
    print(f"open files    {soak.files[half]} at half, {soak.files[-1]} at the end")
    unsound = course.unsound(soak)
    print(f"archive       {unsound or 'verifies'}")
    checks = {
        "articles are lost": bool(found.lost),
        "articles are doubled": bool(found.doubled),
        "articles are not of the newsroom": bool(found.unknown),
        "edits are not seen": seen < made,
        "holes are not named": not must <= named,
        "holes are named where there are none": not named <= may,
        f"memory grows by {grown:.1%}": grown > _BAR,
        "open files grow": files > 2,
        "segments do not verify": bool(unsound),
    }
    return [what for what, is_so in checks.items() if is_so]


def _rivals(feeds: int, days: float, until: float) -> None:
    """Print what each rule costs on the same newsroom, as a simulation of the rule alone."""
    tick = timedelta(minutes=5)
    rules = {
        "ours": None,
        "Media Cloud": rivals.media_cloud,
        "Miniflux, round robin": rivals.miniflux_round_robin,
        "Miniflux, entry frequency": rivals.miniflux_entry_frequency,
    }
    for name, rule in rules.items():
        score = rivals.simulate(Press(feeds, days).feeds, until, rule, tick)
        print(
            f"{name:<26}{score.per_story:6.2f} questions a story, {score.missed} missed, {score.hours_late:.1f} h late"
        )


if __name__ == "__main__":
    raise SystemExit(main())
