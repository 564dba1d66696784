"""One function over many items, by whoever is there to do it: this process, processes of this machine, Dask workers.

The function and its items must be picklable, and the same for all three: it reads a segment or tags a batch of texts.
Results come as they are ready, a few at a time, so that nothing piles up before the one who takes them.
"""

import logging
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

from flows import workers

Item = TypeVar("Item")
Result = TypeVar("Result")
_AHEAD = 3  # items a worker that are begun or wait to be taken
PATIENCE = 1800.0  # seconds without any result, after which workers are taken to hang


class Spread(Protocol):
    """How a function is applied to items; results come in any order."""

    def __call__(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the result of every item. Raises what the function raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Who does it."""

    kind: Literal["processes", "dask"] = "processes"
    workers: int = 0  # 0: one a core; 1 of `processes`: this process
    address: str = ""  # of a Dask scheduler that is there already


def run(runner: Runner, name: str, body: Callable[[Spread], Result]) -> Result:
    """Call `body` with the way to spread work, and return what it returns. Workers end with it."""
    count = runner.workers or multiprocessing.cpu_count()
    if runner.kind == "dask":
        return _over_dask(runner, count, name, body)
    if count == 1:
        return body(_alone)
    with workers.pool(count) as pool:
        try:
            return body(_over_processes(pool, count))
        except BaseException:
            workers.end(pool)  # what they were at is of no use to anybody
            raise


def _alone(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    return map(function, items)


def _over_processes(pool: ProcessPoolExecutor, count: int) -> Spread:
    def spread(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        rest = iter(items)
        begun: set[Future[Result]] = set()
        while True:
            while len(begun) < count * _AHEAD and (item := next(rest, _END)) is not _END:
                with workers.shielded():  # a submission may start a process
                    begun.add(pool.submit(function, item))  # type: ignore[arg-type]
            if not begun:
                return
            done, begun = wait(begun, timeout=PATIENCE, return_when=FIRST_COMPLETED)
            if not done:
                raise BrokenProcessPool(f"no worker was ready within {PATIENCE:g} s")
            for future in done:
                yield future.result()

    return spread


def _over_dask(runner: Runner, count: int, name: str, body: Callable[[Spread], Result]) -> Result:
    """Run the body as a Prefect flow whose tasks go to Dask."""
    from prefect import Task, flow
    from prefect.cache_policies import NO_CACHE
    from prefect_dask.task_runners import DaskTaskRunner

    logging.getLogger("distributed").setLevel(logging.WARNING)
    local = {"n_workers": count, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": logging.ERROR}
    there = DaskTaskRunner(address=runner.address) if runner.address else DaskTaskRunner(cluster_kwargs=local)
    results: list[Result] = []

    def spread(function: Callable[[Item], Any], items: Iterable[Item]) -> Iterator[Any]:
        step: Task[..., Any] = Task(function, name=name, cache_policy=NO_CACHE, persist_result=False)
        rest = iter(items)
        begun: list[Any] = []
        while True:
            while len(begun) < count * _AHEAD and (item := next(rest, _END)) is not _END:
                begun.append(step.submit(item))
            if not begun:
                return
            begun[0].wait()
            done = [future for future in begun if future is begun[0] or future.state.is_final()]
            begun = [future for future in begun if future not in done]
            for future in done:
                yield future.result()

    @flow(name=name, task_runner=there)  # type: ignore[arg-type]
    def spread_over_dask() -> None:
        results.append(body(spread))

    spread_over_dask()
    return results[0]


_END = object()
