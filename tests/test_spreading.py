"""The same function over the same items gives the same, whoever does it; what goes wrong is raised."""

import operator
import os
from collections.abc import Iterator
from functools import partial

import pytest

from flows import spreading
from flows.spreading import Runner

ONE, TWO = Runner(workers=1), Runner(workers=2)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Prefect's things in a folder of the test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        patch.setenv("PREFECT_LOGGING_LEVEL", "ERROR")
        patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        patch.setenv("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
        yield


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


def _whose(_: int) -> int:
    return os.getpid()
