"""The Typer application, what its commands share, and which errors are said in one line."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from flows.config import Settings

app = typer.Typer(
    name="tripolar",
    help="A growing, citable news corpus about the European Union, China and Russia.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="Settings file; tripolar.toml where it is there.", show_default=False),
]
Db = Annotated[
    Path | None,
    typer.Option("--db", help="The corpus file, instead of the one in the data folder.", show_default=False),
]


def settings_of(config: Path | None) -> "Settings":
    """Return the settings for a command."""
    from flows import config as configuration

    return configuration.load(config)


def corpus_of(config: Path | None, db: Path | None) -> Path:
    """Return the corpus that a command reads."""
    return db or settings_of(config).corpus


def console() -> "Console":
    """Return where messages go: the standard error stream."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """Print a message to the standard error stream."""
    print(text, file=sys.stderr, flush=True)


def explain(error: Exception) -> str | None:
    """Return an expected error in one line that says what, where and what to do, or None for a bug."""
    expected = {
        "flows.config": ("ConfigError",),
        "flows.registry": ("RegistryError",),
        "flows.past.running": ("BusyError",),
        "flows.rebuild": ("RebuildError",),
        "flows.rereading": ("UnreadableError",),
        "flows.demo.newsroom": ("PortTakenError",),
        "storage.warehouse": ("WarehouseError",),
        "storage.archive": ("ArchiveError",),
        "storage.query": ("QueryError",),
        "extractors.taxonomy": ("Problem",),
    }
    for module, names in expected.items():
        known = sys.modules.get(module)  # an error of a module that was never imported cannot have come
        if known and isinstance(error, tuple(getattr(known, name) for name in names)):
            return str(error)
    duckdb = sys.modules.get("duckdb")
    full = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.TransactionException) if duckdb else ()
    if isinstance(error, full):
        return f"the corpus could not be written: {str(error).splitlines()[0]}; free disk or memory and run again"
    if type(error).__name__ == "BrokenProcessPool":
        return (
            "a worker process was ended, probably for want of memory: run again, with fewer workers if it happens again"
        )
    if isinstance(error, OSError):
        told = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
        return told + ("; free disk and run again" if "No space left" in told else "")
    return None
