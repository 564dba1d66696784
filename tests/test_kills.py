"""A share of `python -m tests.faults.kills`: some kills over every kind of job, each of which heals.

`KILLS` makes it more; two hundred take a quarter of an hour and more.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import kills
from tests.faults.kills import Ground

COUNT = int(os.environ.get("KILLS", "12"))


@pytest.fixture(scope="module")
def dice() -> random.Random:
    """The same from run to run."""
    return random.Random(20260701)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, dice: random.Random) -> Iterator[Ground]:
    """What undisturbed jobs make."""
    with kills.ground(tmp_path_factory.mktemp("ground"), dice) as here:
        yield here


def test_every_kill_at_a_random_moment_heals(ground: Ground, dice: random.Random) -> None:
    """Collect, load, backfill, retag, reprocess, rebuild, compact: equal tables afterwards, and nothing half done is left."""
    tally = kills.run(ground, COUNT, dice, seconds=max(35, 20 * (COUNT - 12)))
    assert tally.wrong == []
    assert tally.kills.total() > 0
    assert tally.healed == tally.kills


def test_the_oracle_sees_what_is_wrong(ground: Ground, tmp_path: Path) -> None:
    """Half of an archive is not healed by anything, and is told."""
    data = ground.fresh("load", tmp_path / "trial")
    (path,) = (data / "archive").rglob("*.warc.gz")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    told = ground.wrong("load", data)
    assert any(line.startswith("load: article") for line in told)
    assert f"load: {path.name} is damaged" in told
