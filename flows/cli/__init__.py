"""The command `tripolar`: its commands in files by what they are about, its errors in one place.

Nothing heavy is imported before a command needs it: Prefect and trafilatura take seconds; `sql`, `tag` and `extract`
must not.
"""

import sys

from flows.cli import (  # noqa: F401 - they add their commands to the app
    archiving,
    backfill,
    feeds,
    health,
    pages,
    querying,
    renewal,
    running,
    sharing,
    stats,
)
from flows.cli.app import app


def main() -> None:
    """Run the command line. Exit status: 0 done, 1 failed, 2 wrong use, 3 nothing could be reached, 130 interrupted."""
    from flows.cli.app import explain

    try:
        app()
    except KeyboardInterrupt:
        print("interrupted: what was collected is kept, the next run goes on from there", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:  # somebody closed the pipe, as `head` does
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        told = explain(error)
        if told is None:
            raise
        print(f"tripolar: {told}", file=sys.stderr)
        sys.exit(1)
