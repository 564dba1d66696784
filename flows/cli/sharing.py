"""`tripolar export`, `cite` and `serve`: ways out of the corpus, as files, as citations, to other programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import Config, Db, app, corpus_of, say, settings_of

if TYPE_CHECKING:
    from datetime import datetime

    from storage.served import Served


@app.command()
def export(
    target: Annotated[Path, typer.Argument(help="A folder for Parquet, a file for CSV and JSON lines.")],
    form: Annotated[
        str, typer.Option("--format", "-f", help="parquet, csv or json (lines); by the target's ending without it.")
    ] = "",
    since: Annotated[
        str | None,
        typer.Option(help="Only articles whose content changed since then, as 2026-07-01.", show_default=False),
    ] = None,
    db: Db = None,
    config: Config = None,
) -> None:
    """Write the articles with their labels: Parquet (a file a month), CSV or JSON lines."""
    from storage import dataset, warehouse

    form = form or {".csv": "csv", ".json": "json", ".jsonl": "json", "": "parquet"}.get(target.suffix.lower(), "")
    if not form and target.is_dir():
        form = "parquet"
    if not form:
        raise typer.BadParameter(
            f"{target} ends in none of .csv, .json, .jsonl: Parquet goes to a folder (--format parquet if that is one)",
            param_hint="TARGET",
        )
    if form not in ("parquet", "csv", "json"):
        raise typer.BadParameter(f"{form!r} is none of parquet, csv, json", param_hint="--format")
    moment = _moment(since) if since else None
    with warehouse.connect(corpus_of(config, db), read_only=True) as connection:
        rows = dataset.write(connection, target, form, since=moment)
    say(
        f"{rows} articles to {target}{'/month=…' if rows and form == 'parquet' else ''}"
        + ("" if rows or not since else f": nothing changed since {since}")
    )


def _moment(text: str) -> "datetime":
    from datetime import UTC, datetime

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no ISO 8601 time such as 2026-07-01 or 2026-07-01T12:00:00Z", param_hint="--since"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@app.command()
def cite(
    article: Annotated[str, typer.Argument(help="Its id, the first 8 digits of it, or its address.")],
    form: Annotated[str, typer.Option("--format", "-f", help="text, bibtex or ris.")] = "text",
    revisions: Annotated[bool, typer.Option("--all", help="Every text of the article, not only the newest.")] = False,
    db: Db = None,
    config: Config = None,
) -> None:
    """Cite an article with its archived record and digest."""
    from storage import cite as citing
    from storage import export, warehouse

    formats = {"text": citing.text, "bibtex": citing.bibtex, "ris": citing.ris}
    if form not in formats:
        raise typer.BadParameter(f"{form!r} is none of {', '.join(formats)}", param_hint="--format")
    with warehouse.connect(corpus_of(config, db), read_only=True) as connection:
        found = citing.find(connection, article)
        citations = citing.facts(connection, found[0]) if len(found) == 1 else []
    if len(found) != 1:
        say(
            f"{article}: "
            + (
                f"could be any of {', '.join(found)}"
                if found
                else "no such article; ids and addresses are in the view `articles`"
            )
        )
        raise typer.Exit(1)
    for citation in citations if revisions else citations[:1]:
        print("\n".join(export.plain(line) for line in formats[form](citation).splitlines()))


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="On the loopback.")] = 9494,
    token_file: Annotated[
        Path | None, typer.Option(help="Where the token is kept; serve.token in the data folder.", show_default=False)
    ] = None,
    writable: Annotated[bool, typer.Option("--write", help="Let clients write, too.")] = False,
    config: Config = None,
) -> None:
    """Serve the corpus to notebooks and DuckDB shells on this machine, and load what runs collect meanwhile."""
    import signal
    from threading import Event

    from flows import serve as serving

    settings = settings_of(config)
    path = token_file or settings.data / "serve.token"
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    def ready(server: "Served") -> None:
        who = "readers and writers" if writable else "readers only"
        say(f"{settings.corpus} at {server.uri}, {who}; Ctrl-C ends it. In a DuckDB shell:")
        say(f"  ATTACH '{server.uri}' AS corpus (TYPE quack, TOKEN '…'); -- the token is in {path}")
        say("  SELECT title FROM corpus.articles LIMIT 5;")

    serving.run(settings, port=port, token_file=path, writable=writable, stop=stop, ready=ready, tell=say)


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(help="Saved queries: .sql files that begin with `-- title: …`.")],
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where feeds go; the folder itself without it.", show_default=False),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Ask those that are not due, too.")] = False,
    db: Db = None,
    config: Config = None,
) -> None:
    """Ask the saved queries that are due: write their Atom and JSON feeds, and send alerts on new rows."""
    from datetime import UTC, datetime

    from flows import watch as watching

    if not folder.is_dir():
        raise typer.BadParameter(f"{folder} is no folder", param_hint="FOLDER")
    done = watching.watch(
        corpus_of(config, db),
        folder,
        out or folder,
        settings_of(config).data / "watch",
        datetime.now(UTC),
        every=every,
    )
    say(f"queries asked: {done.asked}, rows delivered: {done.delivered}")
    if not any(folder.glob("*.sql")):
        say(f"there is no .sql file in {folder}")
    for problem in done.problems:
        say(problem)
    if done.problems:
        raise typer.Exit(1)
