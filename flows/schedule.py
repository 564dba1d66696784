"""The schedule: which flows the server runs, when, and with what. Run as a module by `tripolar up`."""

import sys
from datetime import timedelta
from pathlib import Path

from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType

from flows import config
from flows.backfill import backfill
from flows.ingest import ingest


def main(config_file: str) -> None:
    """Serve the deployments until the process is stopped.

    A cycle that is due while the one before still runs is left out: the next finds whatever it would have found.
    """
    settings = config.load(Path(config_file) if config_file else None)
    cycle = ingest.to_deployment(
        name="cycle",
        interval=timedelta(seconds=settings.interval),
        parameters={"config_file": config_file or None},
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        # By module: a file entrypoint would put flows/ first on the path and load a second copy of the flow.
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    # Without a schedule: to be started from the UI with parameters of one's own.
    past = backfill.to_deployment(
        name="past", parameters={"config_file": config_file or None}, entrypoint_type=EntrypointType.MODULE_PATH
    )
    assert isinstance(cycle, RunnerDeployment)  # a coroutine only where a loop runs
    assert isinstance(past, RunnerDeployment)
    serve(cycle, past, pause_on_shutdown=True, print_starting_message=False)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
