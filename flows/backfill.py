"""The backfill as a Prefect flow, to be started from the UI or the command line with the same parameters.

What a job does is in `past`; here it gets its name, its tasks and its report. Import this module only where Prefect is
wanted: it takes seconds.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.orchestration import get_client
from prefect.task_runners import ThreadPoolTaskRunner

from flows import config, ingest, registry, report, workers
from flows.cycle import Report
from flows.past import running
from storage import jobs
from storage.jobs import Job, Progress


@flow(name="backfill", task_runner=ThreadPoolTaskRunner(max_workers=2))  # type: ignore[arg-type]
def backfill(
    kind: jobs.Kind,
    where: list[str],
    since: date | None = None,
    until: date | None = None,
    hosts: list[str] | None = None,
    undated: bool = False,
    limit: int = 0,
    config_file: str | None = None,
) -> int:
    """Bring the past into the corpus, and go on where an earlier run of the same parameters was stopped.

    `kind` says what `where` names: sitemap, wayback, paged, urls, warc or pages. `since` and `until` are days of
    publication, the last one included. Returns the exit status of `tripolar backfill`.
    """
    job = Job(
        kind=kind,
        where=tuple(where),
        since=midnight(since),
        until=midnight(until, after=1),
        hosts=tuple(hosts or ()),
        undated=undated,
        limit=limit,
    )
    return _run(job, config_file, lambda _: None).exit_status


def midnight(day: date | None, *, after: int = 0) -> datetime | None:
    """Return the beginning of a day in UTC, or of one so many days after it."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=after) if day else None


def once(job: Job, config_file: str | None, *, told: Any = lambda _: None) -> Report:
    """Run a job through the flow in this process, and return everything that it did. `told` learns how far it is."""
    reports: list[Report] = []

    @flow(name=backfill.name, description=backfill.description, task_runner=ThreadPoolTaskRunner(max_workers=2))  # type: ignore[arg-type]
    def watched() -> int:
        reports.append(_run(job, config_file, told))
        return reports[0].exit_status

    with workers.shielded(), get_client(sync_client=True):
        pass  # the passing server, if there is none yet, is started here, so that Ctrl-C ends it after the flow
    watched()
    return reports[0]


def _run(job: Job, config_file: str | None, told: Any) -> Report:
    settings = config.load(Path(config_file) if config_file else None)
    done = running.drive(settings, registry.load(settings.feeds), job, start=ingest.start, told=told)
    folder = running.root(settings) / jobs.identity(job)
    text = "\n".join([*(f"- {line}" for line in lines(folder, jobs.progress(folder))), "", report.markdown(done)])
    create_markdown_artifact(key="backfill", markdown=text, description=f"Job {folder.name}")
    return done


def lines(folder: Path, progress: Progress | None) -> list[str]:
    """Return how far a job is in a few plain sentences."""
    from flows.past import telling

    return telling.lines(jobs.read(folder), folder.name, progress)
