"""One backfill job in a process of its own, so that a test can kill it. Arguments: data folder, address of the past."""

import sys
from pathlib import Path

from extractors.model import Source
from flows.past import running
from flows.registry import Registry
from storage.jobs import Job
from tests import world


def main(data: str, base: str, kind: str) -> None:
    """Run the job to its end, or until somebody kills it."""
    source = Source(
        id="quay", name="The Quay", country="EU", language="en", time_zone="UTC", owner="its readers", state=False,
        family="quay", home=base + "/", hosts=(base.removeprefix("http://"),),
    )  # fmt: skip
    job = Job(kind=kind, where=(base,), archive=base)  # type: ignore[arg-type]
    settings = world.settings(Path(data), segment_age=1.0, segment_bytes=100_000)
    running.run(settings, Registry(sources=(source,), feeds=()), job)


if __name__ == "__main__":
    main(*sys.argv[1:])
