"""`tripolar feeds`: what is collected from where, and how it fares."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import Config, Db, app, console, corpus_of, say, settings_of

if TYPE_CHECKING:
    from flows.config import Settings
    from flows.registry import Registry

feeds = typer.Typer(help="The feeds: list, add, check, import, export.", no_args_is_help=True)
app.add_typer(feeds, name="feeds")


def _loaded(config: Path | None) -> "tuple[Settings, Registry]":
    from flows import registry

    settings = settings_of(config)
    return settings, registry.load(settings.feeds)


@feeds.command("list")
def list_(config: Config = None) -> None:
    """List the outlets and their feeds."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from extractors import urls

    _, outlets = _loaded(config)
    table = Table("outlet", "country", "language", "state", "feed")
    sources = {source.id: source for source in outlets.sources}
    for feed in outlets.feeds:
        source = sources[feed.source_id]
        table.add_row(
            escape(source.name),
            source.country,
            feed.language,
            "state" if source.state else "",
            escape(urls.redact(feed.url)),
        )
    Console().print(table)
    say(f"{len(outlets.feeds)} feeds of {len(outlets.sources)} outlets")


@feeds.command()
def check(
    only: Annotated[
        str | None, typer.Argument(help="Only feeds whose address contains this.", show_default=False)
    ] = None,
    config: Config = None,
) -> None:
    """Ask every feed once and tell which answer. Nothing is kept."""
    import asyncio

    from rich.markup import escape
    from rich.table import Table

    from extractors import urls
    from flows import checking

    settings, outlets = _loaded(config)
    chosen = [feed for feed in outlets.feeds if only is None or only in feed.url]
    if not chosen:
        raise typer.BadParameter(f"no feed has {only!r} in its address", param_hint="ONLY")
    results = asyncio.run(checking.check(settings, outlets, chosen))
    table = Table("feed", "answer", "entries", "newest", "format", "remark")
    for result in results:
        table.add_row(
            escape(urls.redact(result.url)),
            result.answer,
            str(result.entries),
            result.newest.date().isoformat() if result.newest else "",
            result.format,
            escape(result.remark),
            style=None if result.well else "red",
        )
    console().print(table)
    well = sum(result.well for result in results)
    say(f"{well} of {len(results)} feeds answer with entries")
    if not any(result.answer != "unreachable" for result in results):
        raise typer.Exit(3)
    raise typer.Exit(0 if well == len(results) else 1)


@feeds.command()
def add(
    url: Annotated[str, typer.Argument(help="A feed, or a home page that names its feed.")],
    config: Config = None,
) -> None:
    """Add a feed to the registry named in the settings; a home page is searched for the feeds that it names."""
    import asyncio

    from extractors import urls
    from flows import checking

    settings = settings_of(config)
    path = _own_registry(settings)
    added = asyncio.run(checking.add(settings, path, url))
    for feed in added:
        say(f"added {urls.redact(feed.url)} as {feed.source_id} to {path}: fill in what is unknown there")


@feeds.command("import")
def import_(
    opml: Annotated[Path, typer.Argument(help="An OPML file.")],
    config: Config = None,
) -> None:
    """Add the feeds of an OPML file to the registry named in the settings."""
    from flows import checking

    settings = settings_of(config)
    path = _own_registry(settings)
    added = checking.import_opml(path, opml.read_bytes())
    say(f"{len(added)} feeds added to {path}")


@feeds.command("export")
def export_(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; standard output without it.", show_default=False)
    ] = None,
    config: Config = None,
) -> None:
    """Write the feeds as OPML 2.0."""
    from flows import checking

    _, outlets = _loaded(config)
    document = checking.export_opml(outlets)
    if output:
        output.write_bytes(document)
        say(f"{len(outlets.feeds)} feeds to {output}")
    else:
        print(document.decode())


def _own_registry(settings: "Settings") -> Path:
    if settings.feeds is None:
        raise typer.BadParameter(
            'the bundled registry is not changed: name one of your own in tripolar.toml with feeds = "feeds.toml" '
            "(it may start as a copy of the bundled one)",
            param_hint="--config",
        )
    return settings.feeds


@feeds.command()
def health(
    all_: Annotated[bool, typer.Option("--all", help="Those that are well, too.")] = False,
    db: Db = None,
    config: Config = None,
) -> None:
    """Show which feeds fail, are silent or overflow, by what the corpus remembers of the last thirty days.

    failed: times in a row; missed: answers that share no entry with the one before; answered, brought: the last day with
    an answer, with something new. The view feed_health has more.
    """
    from flows.cli import querying
    from storage import coverage, warehouse

    path = corpus_of(config, db)
    chosen = "" if all_ else "WHERE health <> 'ok' OR gaps > 0 OR moved_to IS NOT NULL"
    querying.answer(
        path,
        f"""SELECT health, source_id AS outlet,
            regexp_replace(url, '([?&][^=&]*(?:key|token|secret|pass|auth|sig)[^=&]*=)[^&#]+', '\\1***', 'gi') AS url,
            concat_ws('; ', coalesce(reason, problem), 'moved to ' || moved_to) AS why,
            failures_in_a_row AS failed, gaps AS missed, last_answer_at::DATE AS answered, last_new_at::DATE AS brought
        FROM feed_health {chosen} ORDER BY health = 'ok', health, source_id, url""",
    )
    with warehouse.connect(path, read_only=True) as connection:
        say(coverage.sentence(connection))
