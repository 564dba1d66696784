"""One cycle from the command line, through the Prefect flow, with progress on the terminal."""

import logging
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from flows import ingest
from flows.cycle import Report


def once(config: Path | None, *, all_due: bool = False, quiet: bool = False, log: str = "") -> Report:
    """Run the `ingest` flow in this process and return its report. `log` is used instead of the one in the settings."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    console = Console(stderr=True, highlight=False)
    if quiet or log == "json" or not console.is_terminal:
        return ingest.once(str(config) if config else None, all_due=all_due, log=log)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        tasks = {what: bars.add_task(what, total=None, visible=False) for what in ("feeds", "pages")}

        def progress(what: str, done: int, total: int) -> None:
            bars.update(tasks[what], completed=done, total=total, visible=True)

        return ingest.once(str(config) if config else None, all_due=all_due, progress=progress, log=log)
