"""A backfill that is killed again and again ends as one that nobody touched, and asks for no page it has.

`BACKFILL_PAGES` and `BACKFILL_KILLS` make it larger: 2000 and 20 take some minutes.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests import world as worlds
from tests.past import serving
from tests.past.serving import World

PAGES = int(os.environ.get("BACKFILL_PAGES", "200"))
KILLS = int(os.environ.get("BACKFILL_KILLS", "6"))


def start(data: Path, world: World, kind: str) -> subprocess.Popen[bytes]:
    """Begin the job in a process of its own group."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.past.job", str(data), world.base, kind],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    """Wait for a job that nobody disturbs."""
    _, told = process.communicate(timeout=600)
    assert process.returncode == 0, told.decode()


def kill_after(process: subprocess.Popen[bytes], world: World, questions: int, dice: random.Random) -> bool:
    """Kill the process and its workers once it has asked so often. False when it ended before."""
    goal = len(world.asked) + questions
    while process.poll() is None and len(world.asked) < goal:
        time.sleep(0.002)
    if process.poll() is not None:
        return False
    time.sleep(dice.random() * 0.05)
    os.killpg(process.pid, dice.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM]))
    process.wait(timeout=30)
    assert process.stderr is not None
    process.stderr.close()
    return True


def test_kills_at_random_moments_change_nothing(tmp_path: Path) -> None:
    """Every table but for its times; every page once, but for the one in flight at each kill."""
    with serving.serve(PAGES, page_rows=50, slow=0.002) as world:
        finish(start(tmp_path / "whole", world, "wayback"))
        assert sum(world.count("/web").values()) == PAGES
        world.asked.clear()
        dice = random.Random(20210104)
        kills = 0
        step = max(1, PAGES // (KILLS + 1))
        for _ in range(KILLS):
            process = start(tmp_path / "killed", world, "wayback")
            kills += kill_after(process, world, dice.randint(1, 2 * step - 1), dice)
        finish(start(tmp_path / "killed", world, "wayback"))
        asked = world.count("/web")
    assert kills >= KILLS // 2
    assert set(asked) == {f"/web/{at}id_/{url}" for _, at, url in serving.captures(world) if _first(at, url, world)}
    assert sum(asked.values()) <= PAGES + kills
    assert max(asked.values()) <= 2
    whole, killed = (worlds.content(tmp_path / name / "corpus.duckdb") for name in ("whole", "killed"))
    for table, rows in whole.items():
        assert killed[table] == rows, table
    assert len(whole["article"]) == PAGES


def _first(at: str, url: str, world: World) -> bool:
    """Whether a capture is the first of its page, which is the one that the index gives."""
    return at == min(other for _, other, address in serving.captures(world) if address == url)
