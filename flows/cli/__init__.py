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
    """Run the command line. Exit status: 0 done, 1 failed, 2 wrong use, 3 nothing could be reached, 130 and 143 stopped."""
    from flows.cli.app import explain

    try:
        app()
    except KeyboardInterrupt:
        print("interrupted: what was collected is kept, the next run goes on from there", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:  # somebody closed the pipe, as `head` does
        sys.stderr.close()
        sys.exit(0)
    except SystemExit:
        raise
    except BaseException as error:
        if status := stopped(error):
            print("stopped: nothing that was kept is lost, the same command goes on from there", file=sys.stderr)
            sys.exit(status)
        told = explain(error) if isinstance(error, Exception) else None
        if told is None:
            raise
        print(f"tripolar: {told}", file=sys.stderr)
        sys.exit(1)


def stopped(error: BaseException) -> int:
    """Return the exit status of a command that was told to end, 0 where the error is about something else.

    Prefect makes exceptions of its own of signals, and of a server that a signal ended before; they hang on each other.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, KeyboardInterrupt):
            return 130
        if type(cause).__name__ == "TerminationSignal":  # not imported for its name alone: it takes seconds
            return 143
        cause = cause.__cause__ or cause.__context__
    return 0
