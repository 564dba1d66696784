"""`tripolar backfill`: the past, from sitemaps, web archives, older feed pages, lists, WARC files and saved pages."""

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from flows.cli.app import Config, app, console, say, settings_of

if TYPE_CHECKING:
    from flows.config import Settings
    from flows.registry import Registry
    from storage.jobs import Job, Kind, Progress

_LINES = 15.0  # seconds between two lines where there is no terminal


@app.command()
def backfill(
    where: Annotated[
        list[str] | None,
        typer.Argument(help="Outlet ids, hosts, URLs, files or folders, as the kind has it.", show_default=False),
    ] = None,
    sitemap: Annotated[bool, typer.Option("--sitemap", help="WHERE are sitemaps, or sites that have some.")] = False,
    wayback: Annotated[
        bool, typer.Option("--wayback", help="WHERE are hosts, pages, or prefixes ending in *, of a web archive.")
    ] = False,
    paged: Annotated[bool, typer.Option("--paged", help="WHERE are feeds with older pages.")] = False,
    urls: Annotated[
        bool, typer.Option("--urls", help="WHERE are lists of URLs: text, CSV, GDELT; files or URLs.")
    ] = False,
    warc: Annotated[bool, typer.Option("--warc", help="WHERE are WARC files, folders of them, or their URLs.")] = False,
    pages: Annotated[bool, typer.Option("--pages", help="WHERE are folders of saved HTML pages.")] = False,
    since: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day of publication.", show_default=False),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of publication.", show_default=False)
    ] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only pages of this outlet.", show_default=False)] = None,
    host: Annotated[list[str] | None, typer.Option(help="Only pages of this host.", show_default=False)] = None,
    limit: Annotated[int, typer.Option(min=0, help="Pages at most; 0: all.")] = 0,
    undated: Annotated[
        bool, typer.Option("--undated", help="With --from or --to: articles without a date, too.")
    ] = False,
    again: Annotated[int, typer.Option(min=0, help="Ask anew for what is known: a number that was not used yet.")] = 0,
    archive: Annotated[str, typer.Option(help="The web archive for --wayback.")] = "https://web.archive.org",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be asked or copied, and how long it would take.")
    ] = False,
    status: Annotated[
        bool, typer.Option("--status", help="Say how far the jobs are, or those whose ids are WHERE.")
    ] = False,
    pause: Annotated[bool, typer.Option("--pause", help="Pause the jobs whose ids are WHERE.")] = False,
    go_on: Annotated[bool, typer.Option("--continue", help="Go on with the jobs whose ids are WHERE.")] = False,
    config: Config = None,
) -> None:
    """Bring the past into the corpus. The same command again goes on where it was stopped.

    --from and --to are days of publication: articles of other days never get in, undated ones are counted apart.
    """
    from flows import registry as registries
    from storage import jobs

    settings = settings_of(config)
    chosen = list(where or [])
    if status or pause or go_on:
        _tend(settings, chosen, pause=pause, go_on=go_on, config=config)
        return
    flags = {"sitemap": sitemap, "wayback": wayback, "paged": paged, "urls": urls, "warc": warc, "pages": pages}
    kinds = [name for name, given in flags.items() if given]
    if len(kinds) != 1:
        raise typer.BadParameter("name one kind: --sitemap, --wayback, --paged, --urls, --warc or --pages")
    if since and until and since > until:
        raise typer.BadParameter("--from is after --to")
    outlets = registries.load(settings.feeds)
    kind = cast("Kind", kinds[0])
    job = jobs.Job(
        kind=kind,
        where=tuple(_places(kind, chosen or list(source or []), outlets)),
        since=since.replace(tzinfo=UTC) if since else None,
        until=until.replace(tzinfo=UTC) + timedelta(days=1) if until else None,
        hosts=tuple(_hosts(list(source or []), list(host or []), outlets)),
        undated=undated,
        limit=limit,
        again=again,
        archive=archive,
    )
    if dry_run:
        _foretell(settings, outlets, job)
    else:
        _work(settings, config, job)


def _places(kind: "Kind", where: list[str], outlets: "Registry") -> list[str]:
    """Return where to look: ids of outlets become their home or their feeds, files become absolute paths."""
    by_id = {source.id: source for source in outlets.sources}
    places: list[str] = []
    for place in where:
        if kind in ("warc", "pages", "urls") and "://" not in place:
            if not Path(place).exists():
                raise typer.BadParameter(f"no such file or folder: {place}")
            places.append(str(Path(place).resolve()))
        elif place in by_id and kind == "paged":
            places += [feed.url for feed in outlets.feeds if feed.source_id == place and feed.kind == "feed"]
        elif place in by_id:
            places.append(by_id[place].home)
        elif "://" in place or "." in place.partition("/")[0]:
            places.append(place)
        else:
            raise typer.BadParameter(f"{place} is no outlet of the registry, no host and no URL (tripolar feeds list)")
    if not places:
        raise typer.BadParameter("name at least one place: an outlet, a host, a URL, a file")
    return places


def _hosts(sources: list[str], hosts: list[str], outlets: "Registry") -> list[str]:
    """Return the hosts that pages must be of."""
    from extractors import urls

    by_id = {source.id: source for source in outlets.sources}
    for name in sources:
        if name not in by_id:
            raise typer.BadParameter(f"no outlet {name} in the registry (tripolar feeds list)")
        hosts = [*hosts, urls.host(by_id[name].home), *(host.partition(":")[0] for host in by_id[name].hosts)]
    return sorted({host.lower().removeprefix("www.") for host in hosts})


def _foretell(settings: "Settings", outlets: "Registry", job: "Job") -> None:
    import asyncio

    from flows.past import running, telling

    for line in telling.forecast(job, asyncio.run(running.forecast(settings, outlets, job))):
        print(line)


def _work(settings: "Settings", config: Path | None, job: "Job") -> None:
    """Do a job through Prefect, with its progress on the terminal."""
    from flows import prefecture

    prefecture.prepare(settings)
    from flows import backfill as flow
    from flows import report
    from flows.past import running, telling
    from storage import jobs

    identity = jobs.identity(job)
    say(f"job {identity}: the same command goes on with it, `tripolar backfill --pause {identity}` pauses it")
    watching = _Watch()
    try:
        done = flow.once(job, str(config) if config else None, told=watching)
    except KeyboardInterrupt:
        say("interrupted: what came is kept, and the same command goes on with it")
        raise
    finally:
        watching.end()
    progress = jobs.progress(running.root(settings) / identity)
    for line in telling.lines(job, identity, progress):
        say(line)
    report.show(done, console())
    in_vain = progress is not None and bool(progress.problems) and not progress.total
    raise typer.Exit(done.exit_status or int(in_vain))


class _Watch:
    """Progress on the terminal: one line that changes, or a plain line now and then elsewhere."""

    def __init__(self) -> None:
        self._console = console()
        self._last = 0.0

    def __call__(self, progress: "Progress") -> None:
        from flows.past import telling

        text = f"{progress.phase}: {progress.done:,} of {progress.total:,} pages"
        if progress.phase == "planning":
            text = f"planning: {progress.listings:,} listings read, {progress.total:,} pages found"
        if progress.seconds_left is not None:
            text += f", about {telling.duration(progress.seconds_left)} left"
        if self._console.is_terminal:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self._last >= _LINES:
            self._last = time.monotonic()
            say(text)

    def end(self) -> None:
        """Leave the line."""
        if self._console.is_terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _tend(settings: "Settings", ids: list[str], *, pause: bool, go_on: bool, config: Path | None) -> None:
    """Tell of jobs, pause them, or go on with them."""
    from flows.past import running, telling
    from storage import jobs

    folders = [running.root(settings) / name for name in ids] if ids else jobs.listed(running.root(settings))
    if (pause or go_on) and not ids:
        raise typer.BadParameter("name the ids of jobs (tripolar backfill --status lists them)")
    if not folders:
        say("no backfill jobs yet")
    for folder in folders:
        job = jobs.read(folder)
        if pause:
            jobs.pause(folder)
            say(f"job {folder.name} stops after the page in flight; --continue {folder.name} goes on")
        elif go_on:
            _work(settings, config, job)
        else:
            for line in [*telling.lines(job, folder.name, jobs.progress(folder)), *_fates(settings, job)]:
                print(line)


def _fates(settings: "Settings", job: "Job") -> list[str]:
    from storage import jobs, warehouse

    if not settings.corpus.exists():
        return []
    with warehouse.connect(settings.corpus, read_only=True, wait=settings.lock_wait) as connection:
        return [f"  {count:>8,}  {fate}" for fate, count in jobs.fates(connection, job)]
