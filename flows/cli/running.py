"""`tripolar run`, `up` and `demo`: the commands that collect and load."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import Config, app, console, say, settings_of

if TYPE_CHECKING:
    from flows.cycle import Report


@app.command()
def run(
    all_due: Annotated[bool, typer.Option("--all", help="Ask every living feed, due or not.")] = False,
    log: Annotated[
        str, typer.Option(help="text, or json: a line an outcome on the standard error stream.", show_default=False)
    ] = "",
    config: Config = None,
) -> None:
    """Do one cycle now: load what is pending, poll what is due, fetch, load, report."""
    from flows import prefecture
    from flows.config import LOGS

    settings = settings_of(config)
    log = log or settings.log
    if log not in LOGS:
        raise typer.BadParameter(f"{log!r} is none of {', '.join(LOGS)}", param_hint="--log")
    server = prefecture.prepare(settings)
    if log == "text":
        say(
            f"using Prefect at {server}"
            if server
            else "starting Prefect for this run (about 12 seconds; `tripolar up` keeps it running)"
        )
    from flows import running

    report = running.once(config, all_due=all_due, log=log)
    if log == "text":
        _show(report)
    raise typer.Exit(report.exit_status)


@app.command()
def up(
    port: Annotated[int, typer.Option(help="Of the Prefect server and its UI, on the loopback.")] = 4200,
    config: Config = None,
) -> None:
    """Start the Prefect server, its UI and the schedule, until Ctrl-C or SIGTERM."""
    from flows import prefecture, supervision

    settings = settings_of(config)
    prefecture.prepare(settings)
    raise typer.Exit(supervision.up(settings, config, port=port))


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its corpus.")] = Path("demo-data"),
    port: Annotated[int, typer.Option(help="First of the ports that the newsroom takes on the loopback.")] = 8901,
) -> None:
    """Run the whole pipeline over the bundled newsroom, then show a summary and three questions with their answers."""
    from flows.demo import show

    raise typer.Exit(show.run(folder, port=port))


def _show(report: "Report") -> None:
    from flows import report as reports

    reports.show(report, console())
