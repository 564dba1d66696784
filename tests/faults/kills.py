"""Kills at random moments over a seeded mix of jobs, each healed and compared: `python -m tests.faults.kills --count 200`.

Every trial begins with a copy of the data folder that an undisturbed job began with, starts the job in a process of its
own, kills it one to three times, lets it end once, and wants the tables of the undisturbed one, sound segments, and
nothing half done left behind. The servers are on the loopback.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from socketserver import BaseServer

from extractors import taxonomy
from flows import doctor
from storage import archive, readings, verify
from tests import world
from tests.faults import job
from tests.faults.job import KINDS, Place
from tests.past import serving

ROOT = Path(__file__).parents[2]
PAGES = 60  # of the past
_BEFORE = {"collect": "", "load": "unloaded", "backfill": "collect", "retag": "backfill", "reprocess": "backfill"}
_LEFT = (".part", ".new", ".open", ".wal", ".moves")  # suffixes of what a job that was ended must not leave


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of the kills."""

    kills: Counter[str] = field(default_factory=Counter)
    healed: Counter[str] = field(default_factory=Counter)  # kills after which everything was as it should be
    missed: int = 0  # jobs that had ended before they were killed
    wrong: list[str] = field(default_factory=list)


class Ground:
    """The undisturbed data folders, how long each job takes, and the place for the next trial."""

    def __init__(self, folder: Path, place: Place, dice: random.Random) -> None:
        self._folder = folder
        self._place = place
        self._dice = dice
        self.seconds: dict[str, float] = {}
        for kind in KINDS:
            self._make(kind)

    def _make(self, kind: str) -> None:
        """Do a job in a process that nobody kills, and keep what came of it."""
        data = self.fresh(kind, self._folder / f"after-{kind}")
        process = self.start(kind, data)
        began = time.monotonic()
        if process.wait(timeout=300):
            raise RuntimeError(f"{kind} fails though nobody disturbs it")
        self.seconds[kind] = time.monotonic() - began
        if kind == "collect":  # loading begins where there is an archive and no corpus
            unloaded = self._folder / "after-unloaded"
            shutil.copytree(data / "archive", unloaded / "archive")

    def fresh(self, kind: str, data: Path) -> Path:
        """Return `data` as the job finds it."""
        shutil.rmtree(data, ignore_errors=True)
        before = _BEFORE.get(kind, "backfill")
        if before:
            shutil.copytree(self._folder / f"after-{before}", data)
        return data

    def start(self, kind: str, data: Path) -> subprocess.Popen[bytes]:
        """Start the job in a process group of its own, and return when it has begun."""
        place = self._place
        command = [kind, str(data), str(place.port), place.past, str(place.taxonomy)]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.job", *command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        return process

    def try_(self, kind: str, tally: Tally, most: int) -> None:
        """Kill a job up to three times, let it end, and see what came of it."""
        data = self.fresh(kind, self._folder / "trial")
        kills = 0
        for _ in range(min(most, self._dice.choice((1, 1, 1, 2, 3)))):
            if self._kill(self.start(kind, data), self._dice.uniform(0, self.seconds[kind])):
                kills += 1
            else:
                tally.missed += 1
        tally.kills[kind] += kills
        told = self.wrong(kind, data)
        tally.wrong += told
        if not told:
            tally.healed[kind] += kills

    def _kill(self, process: subprocess.Popen[bytes], seconds: float) -> bool:
        """Kill a job after some seconds, mostly with its workers. False when it had ended."""
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=seconds)
        alive = process.poll() is None
        if self._dice.random() < 0.2:  # its workers have to see for themselves that it is gone
            process.kill()
            process.wait()
            time.sleep(0.3)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return alive

    def wrong(self, kind: str, data: Path) -> list[str]:
        """Do the job once more, undisturbed, and return what is not as it should be."""
        told: list[str] = []
        try:
            job.do(kind, replace(self._place, data=data))
        except Exception as error:  # any: it is what the next one must not do
            told.append(f"{kind}: the next one raises {error!r}")
        if (data / "corpus.duckdb").exists():
            whole = self._folder / f"after-{kind}" / "corpus.duckdb"
            told += [f"{kind}: {line}" for line in world.differences(data / "corpus.duckdb", whole)]
            told += [f"{kind}: {check.seen}" for check in doctor._corpus(world.settings(data)) if check.well is False]
        else:
            told.append(f"{kind}: there is no corpus")
        told += [
            f"{kind}: {path.name} is damaged"
            for path in archive.segments(data / "archive")
            if not verify.check(path).sound
        ]
        told += [f"{kind}: {path.name} is left" for path in data.rglob("*") if path.suffix in _LEFT]
        accepted = len(readings.accepted(data / "archive"))
        if accepted != (kind in ("retag", "reprocess")):
            told.append(f"{kind}: {accepted} acceptances")
        return told


def newer(folder: Path) -> Path:
    """Make another taxonomy, which finds more than ours."""
    shutil.copytree(taxonomy.DATA, folder)
    weights = folder / "weights.toml"
    text = weights.read_text(encoding="utf-8")
    weights.write_text(re.sub(r"(?m)^threshold = .+$", "threshold = 0.2", text), encoding="utf-8")
    return folder


@contextmanager
def ground(folder: Path, dice: random.Random) -> Iterator[Ground]:
    """Serve the newsroom and the past, and make the undisturbed folders."""
    with world.serve() as (_, registry), serving.serve(PAGES, page_rows=20, slow=0.002) as past:
        place = Place(data=folder, port=world.base_of(registry), past=past.base, taxonomy=newer(folder / "newer"))
        yield Ground(folder, place, dice)


def run(here: Ground, count: int, dice: random.Random, seconds: float, *, told: bool = False) -> Tally:
    """Kill so often, or until the time is up, taking the kinds in turns. Returns the tally."""
    tally, ends, turns = Tally(), time.monotonic() + seconds, 0
    while (left := count - tally.kills.total()) > 0 and time.monotonic() < ends:
        here.try_(KINDS[turns % len(KINDS)], tally, left)
        turns += 1
        if told:
            print(f"{tally.healed.total()} of {tally.kills.total()} healed", *tally.wrong[-3:], flush=True)
    return tally


def main() -> int:
    """Kill, and say what came of it. Returns 1 when anything did not heal."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--seconds", type=float, default=3600, help="at most; what was done by then counts")
    given = asked.parse_args()
    BaseServer.handle_error = lambda *_: None  # type: ignore[method-assign]  # connections end with who is killed
    dice = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder, ground(Path(folder), dice) as here:
        tally = run(here, given.count, dice, given.seconds, told=True)
    for kind in KINDS:
        print(f"{kind:<10} {tally.healed[kind]:>4} of {tally.kills[kind]:>4} kills healed")
    print(
        f"together   {tally.healed.total():>4} of {tally.kills.total():>4}; {tally.missed} jobs ended before their kill"
    )
    return int(bool(tally.wrong) or tally.kills.total() < given.count)


if __name__ == "__main__":
    raise SystemExit(main())
