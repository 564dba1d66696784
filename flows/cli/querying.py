"""`tripolar sql`: questions to the corpus, and their answers as a table, CSV, JSON lines or Parquet."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import Config, Db, app, corpus_of, say

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.console import Console

_SHOWN = 200  # rows of a table on a terminal
_NARROW = 9  # characters: with less for a column a table cannot be read


@app.command()
def sql(
    question: Annotated[
        str | None, typer.Argument(help="One SQL statement; without it, a shell opens.", show_default=False)
    ] = None,
    out: Annotated[
        str, typer.Option("--format", "-f", help="table, csv, json (lines) or parquet (with --output).")
    ] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.", show_default=False)] = None,
    timeout: Annotated[float, typer.Option(min=0, help="Seconds that an answer may take; 0: any.")] = 60.0,
    allow_files: Annotated[
        bool, typer.Option("--allow-files", help="Let the question read and write files, and load extensions.")
    ] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Warn of what was not seen in the time that the answer is about.")
    ] = False,
    db: Db = None,
    config: Config = None,
) -> None:
    """Ask the corpus in SQL. It is read-only. Views: articles, article_topics, article_relations, feed_health, ..."""
    path = corpus_of(config, db)
    if output is not None and out == "table":
        out = {".parquet": "parquet", ".json": "json", ".jsonl": "json"}.get(output.suffix, "csv")
    if out not in ("table", "csv", "json", "parquet"):
        raise typer.BadParameter(f"{out!r} is none of table, csv, json, parquet", param_hint="--format")
    if out == "parquet" and output is None:
        raise typer.BadParameter("parquet goes to a file: name it", param_hint="--output")
    if question is None:
        _shell(path, timeout, allow_files)
    else:
        answer(path, question, out=out, output=output, timeout=timeout, allow_files=allow_files)
        if coverage:
            _warn(path, question, timeout)


def answer(
    path: Path,
    question: str,
    *,
    out: str = "table",
    output: Path | None = None,
    timeout: float = 60.0,
    allow_files: bool = False,
) -> None:
    """Answer one question on the standard output or into a file."""
    from storage import export, query

    with query.ask(path, question, timeout=timeout or None, allow_files=allow_files) as reader:
        if out == "table":
            _table(reader)
        elif out == "parquet":
            assert output is not None
            say(f"{export.write_parquet(reader, output)} rows to {output}")
        else:
            write = export.write_csv if out == "csv" else export.write_json
            if output is None:
                write(reader, sys.stdout)
            else:
                with output.open("w", encoding="utf-8", newline="") as file:
                    say(f"{write(reader, file)} rows to {output}")


def _warn(path: Path, question: str, timeout: float) -> None:
    """Tell the holes in the time that the question asks about."""
    from storage import coverage, query, warehouse

    with warehouse.connect(path, read_only=True) as connection:
        window = query.window(path, question, timeout=timeout or None) or coverage.everything(connection)
        if window is None:
            say("coverage: the corpus is empty")
            return
        since, until = window
        told = coverage.warnings(coverage.holes(connection, since, until))
    say(
        f"coverage from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC: "
        + ("; ".join(told) or "no holes are known")
    )


def _table(reader: "pa.RecordBatchReader") -> None:
    from itertools import islice

    from rich.console import Console

    rows = (row for batch in reader for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))
    shown = list(islice(rows, _SHOWN))
    more = next(rows, None) is not None
    wide = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    names = reader.schema.names
    if shown and len(names) * _NARROW > wide.width:
        _records(wide, names, shown)
    else:
        _grid(wide, names, shown)
    if more:
        say(f"only the first {_SHOWN} rows are shown: add LIMIT, or write all with --format csv")


def _grid(wide: "Console", names: list[str], rows: list[tuple[object, ...]]) -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from storage import export

    table = Table(*(escape(export.plain(name)) for name in names), box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(escape(_short(export.cell(value))) for value in row))
    wide.print(table)


def _records(wide: "Console", names: list[str], rows: list[tuple[object, ...]]) -> None:
    """Print each row as a block of lines `name  value`: with so many columns a grid would show none of them."""
    from rich.markup import escape
    from rich.table import Table

    from storage import export

    for number, row in enumerate(rows, 1):
        wide.rule(f"row {number}", align="left", style="dim")
        block = Table.grid(padding=(0, 2))
        for name, value in zip(names, row, strict=True):
            block.add_row(escape(export.plain(name)), escape(_short(export.cell(value))))
        wide.print(block)


def _short(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= 300 else one[:299] + "…"


def _shell(path: Path, timeout: float, allow_files: bool) -> None:
    """Read statements, each to its semicolon, until the end of input."""
    import readline  # noqa: F401 - gives input() its history and editing

    from storage.query import QueryError
    from storage.warehouse import WarehouseError

    say(f"{path}, read-only. Statements end with a semicolon; Ctrl-D leaves. SHOW TABLES; lists what there is.")
    pending = ""
    while True:
        try:
            line = input("tripolar> " if not pending else "     ...> ")
        except EOFError:
            say("")
            return
        except KeyboardInterrupt:
            say("")
            pending = ""
            continue
        pending += line + "\n"
        if pending.strip().rstrip(";") in ("exit", "quit", ".exit", ".quit", "\\q"):
            return
        if pending.rstrip().endswith(";"):
            question, pending = pending, ""
            try:
                answer(path, question, timeout=timeout, allow_files=allow_files)
            except (QueryError, WarehouseError) as error:
                say(f"{error}")
        elif not pending.strip():
            pending = ""
