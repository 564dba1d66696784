"""The scheduled cycle as a Prefect flow. Its tasks are batches: one collection, one load for each round of segments.

What a cycle does is in `cycle`; here it gets its name, its tasks and its report in the UI. Import this module only
where Prefect is wanted: it takes seconds.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import Task, flow
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner

from flows import config, cycle, journal, registry, report
from flows.collect import Progress

_NAMES = {"_collect": "collect", "load": "load"}


@flow(name="ingest", task_runner=ThreadPoolTaskRunner(max_workers=2))  # type: ignore[arg-type]
def ingest(config_file: str | None = None, all_due: bool = False) -> int:
    """Load what is pending, poll what is due, fetch, load, report. Returns the exit status of `tripolar run`.

    `config_file` names a settings file; `all_due` polls every living feed now.
    """
    return _cycle(config_file, all_due=all_due, progress=lambda *_: None).exit_status


def once(
    config_file: str | None, *, all_due: bool, progress: Progress = lambda *_: None, log: str = ""
) -> cycle.Report:
    """Run the flow in this process and return everything that it did. `progress` is told how far it is."""
    reports: list[cycle.Report] = []

    @flow(name=ingest.name, description=ingest.description, task_runner=ThreadPoolTaskRunner(max_workers=2))  # type: ignore[arg-type]
    def watched() -> int:
        reports.append(_cycle(config_file, all_due=all_due, progress=progress, log=log))
        return reports[0].exit_status

    watched()
    return reports[0]


def _cycle(config_file: str | None, *, all_due: bool, progress: Progress, log: str = "") -> cycle.Report:
    settings = config.load(Path(config_file) if config_file else None)
    settings = replace(settings, log=log or settings.log)
    outlets = registry.load(settings.feeds)
    info = cycle.describe(settings, outlets, "ingest")
    done = cycle.drive(settings, info, lambda c: c.collect(outlets, all_due=all_due), start=start, progress=progress)
    if settings.log == "json":
        journal.tell_run(done.run_id, datetime.now(UTC), report.counts(done))
    create_markdown_artifact(key="ingest", markdown=report.markdown(done), description=f"Run {done.run_id}")
    return done


def start(function: Callable[..., Any], *arguments: Any) -> cycle.Step:
    """Begin a step as a task of the flow that runs."""
    # Nothing is cached or retried by Prefect: what failed is in the segment, and the next cycle asks again.
    name = _NAMES.get(function.__name__, function.__name__)
    step: Task[..., Any] = Task(function, name=name, cache_policy=NO_CACHE, persist_result=False)
    future: PrefectFuture[Any] = step.submit(*arguments)
    return future
