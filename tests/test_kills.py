"""A share of `python -m tests.faults.kills`: some kills over every kind of job, each of which heals.

`KILLS` makes it more; two hundred take a quarter of an hour and more.
"""

import os
import random
from pathlib import Path

from tests.faults import kills

COUNT = int(os.environ.get("KILLS", "12"))


def test_every_kill_at_a_random_moment_heals(tmp_path: Path) -> None:
    """Collect, load, backfill, retag, reprocess, rebuild, compact: equal tables afterwards, and nothing half done is left."""
    tally = kills.run(tmp_path, COUNT, seed=20260701, seconds=max(45, 20 * (COUNT - 12)))
    assert tally.wrong == []
    assert tally.kills.total() > 0
    assert tally.healed == tally.kills


def test_the_oracle_sees_what_is_wrong(tmp_path: Path) -> None:
    """Half of an archive is not healed by anything, and is told."""
    with kills.ground(tmp_path, random.Random(1), kinds=("collect", "load")) as here:
        data = here.fresh("load", tmp_path / "trial")
        (path,) = (data / "archive").rglob("*.warc.gz")
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        told = here.wrong("load", data)
    assert any(line.startswith("load: article") for line in told)
    assert f"load: {path.name} is damaged" in told
