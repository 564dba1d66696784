"""The same function over the same items gives the same, whoever does it; what goes wrong is raised."""

import logging
import operator
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from flows import spreading
from flows.spreading import Runner

ONE, TWO = Runner(workers=1), Runner(workers=2)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Prefect's things in a folder of the test. Its settings were read when another test imported it."""
    from prefect import settings

    quiet = {
        settings.PREFECT_HOME: tmp_path_factory.mktemp("prefect"),
        settings.PREFECT_LOGGING_LEVEL: "ERROR",
        settings.PREFECT_SERVER_ANALYTICS_ENABLED: False,
        settings.PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS: 180,
    }
    with settings.temporary_settings(quiet):
        yield
    # It says at the end of the process that its server ends, when the streams of the tests are closed.
    logging.getLogger("prefect").setLevel(logging.ERROR)


@pytest.mark.parametrize("runner", [ONE, TWO], ids=["alone", "processes"])
def test_every_item_gives_its_result_once(runner: Runner) -> None:
    """In any order."""
    found = spreading.run(runner, "test", lambda spread: sorted(spread(partial(operator.mul, 3), range(50))))
    assert found == [3 * n for n in range(50)]


@pytest.mark.parametrize("runner", [ONE, TWO], ids=["alone", "processes"])
def test_a_mistake_of_the_function_is_raised(runner: Runner) -> None:
    """And the workers end."""
    with pytest.raises(ZeroDivisionError):
        spreading.run(runner, "test", lambda spread: list(spread(partial(operator.floordiv, 1), [1, 0])))


def test_items_are_taken_only_a_few_ahead() -> None:
    """Results that nobody takes yet do not pile up."""
    taken: list[int] = []

    def items() -> Iterator[int]:
        for n in range(1000):
            taken.append(n)
            yield n

    def body(spread: spreading.Spread) -> int:
        return next(iter(spread(abs, items())))

    spreading.run(TWO, "test", body)
    assert len(taken) < 20


def test_work_is_done_elsewhere_when_there_are_processes() -> None:
    """Not in this one."""
    assert os.getpid() not in spreading.run(TWO, "test", lambda spread: set(spread(_whose, range(4))))


@pytest.mark.filterwarnings("ignore")  # distributed and Prefect warn of much that is theirs
def test_dask_workers_do_the_same(home: None) -> None:
    """Through Prefect's Dask task runner, in processes of a cluster of its own."""
    runner = Runner(kind="dask", workers=2)
    found = spreading.run(runner, "test", lambda spread: sorted(spread(partial(operator.mul, 3), range(10))))
    assert found == [3 * n for n in range(10)]


CODE = """
from pathlib import Path
from flows import spreading
from tests import test_spreading
spreading.run(test_spreading.TWO, "test", lambda spread: list(spread(test_spreading.linger, [Path({0!r})] * 2)))
"""


def test_ctrl_c_ends_everything_at_once_and_is_told_once(tmp_path: Path) -> None:
    """Workers do not answer to it themselves, also not while they start; they are ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", CODE.format(str(tmp_path))],
        cwd=Path(__file__).parent.parent, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    _, told = process.communicate(timeout=60)
    assert told.count("Traceback") == told.count("KeyboardInterrupt") == 1
    for path in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name), 0)


def linger(folder: Path) -> None:
    """Say who works, and be busy for longer than anybody waits."""
    (folder / str(os.getpid())).touch()
    time.sleep(300)


def _whose(_: int) -> int:
    return os.getpid()
