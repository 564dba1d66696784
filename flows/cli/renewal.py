"""`tripolar rebuild`, `reprocess` and `retag`: the corpus read again from its archive, its texts tagged again."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import Config, app, console, say, settings_of

if TYPE_CHECKING:
    from flows.config import Settings
    from flows.spreading import Runner
    from storage.retagging import Change, Handed, Spoken, Turn

_Who = Annotated[str, typer.Option(help="processes, dask, or the address of a Dask scheduler (tcp://host:8786).")]
_Workers = Annotated[int, typer.Option(min=0, help="Processes or Dask workers; 0: one a core.")]
_STOPPED = "stopped: nothing was changed; the same command begins anew"
_STOPPED_CHANGING = (
    "stopped: {what} are those of before or all of them new, never some of each; `tripolar {command}` tells"
)
_Examples = Annotated[int, typer.Option(min=0, help="Examples of each kind of change.")]


@contextmanager
def _telling(changing: bool, what: str, command: str) -> Iterator[None]:
    """Say what the corpus has when a command is told to end; all of them change it in one step."""
    from flows.cli import stopped

    try:
        yield
    except BaseException as error:
        if status := stopped(error):
            say(_STOPPED_CHANGING.format(what=what, command=command) if changing else _STOPPED)
            raise typer.Exit(status) from error
        raise


@app.command()
def rebuild(
    check: Annotated[bool, typer.Option("--check", help="Compare with the corpus and leave it as it is.")] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Also when something of the old one would be lost.")] = False,
    runner: _Who = "processes",
    workers: _Workers = 0,
    config: Config = None,
) -> None:
    """Make the corpus anew from its archive, check it, say what differs, and put it in the place of the old one."""
    from flows import rebuild as rebuilding

    settings = settings_of(config)
    with _telling(not check, "the tables", "rebuild --check"):
        done = rebuilding.rebuild(
            settings, _runner(settings, runner, workers), swap=not check, anyway=anyway, progress=_progress
        )
    for damage in done.damages:
        say(f"damaged: {damage.where} at byte {damage.offset}: {damage.what}")
    say(f"{done.segments:,} segments read, {done.acceptances:,} acceptances put back, all checks passed")
    for difference in done.differences:
        print(difference)
    if not done.differences:
        say("no table differs from the corpus as it was")
    say(f"{done.corpus} is the new corpus" if done.swapped else f"the new corpus is beside the old one: {done.corpus}")


@app.command()
def reprocess(
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Only of runs that began then or later.")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="Only of runs that began on that day or before."),
    ] = None,
    run: Annotated[str, typer.Option(help="Only of runs whose id has this part.")] = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="Put the new readings in the place of the old ones.")
    ] = False,
    examples: _Examples = 3,
    runner: _Who = "processes",
    workers: _Workers = 0,
    config: Config = None,
) -> None:
    """Read pages again by the present extractors, and show what changes: texts, dates, titles. --accept makes it so."""
    from flows import reprocess as reprocessing

    settings = settings_of(config)
    behind = until.replace(tzinfo=UTC) + timedelta(days=1) if until else None
    paths = reprocessing.choose(
        settings.archive, since=since.replace(tzinfo=UTC) if since else None, until=behind, run=run
    )
    if not paths:
        say(f"no segments of these runs in {settings.archive}")
        raise typer.Exit(1)
    with _telling(accept, "the readings", "reprocess"):
        done = reprocessing.reprocess(
            settings, _runner(settings, runner, workers), paths, accept=accept, examples=examples, progress=_progress
        )
    for damage in done.damages:
        say(f"damaged: {damage.where} at byte {damage.offset}: {damage.what}")
    if done.summary is None:
        return
    say(f"{done.summary.pages:,} pages of {done.segments:,} segments read again")
    for aspect, count in done.summary.counts:
        print(f"{aspect}: {count:,} pages")
        for change in done.summary.examples:
            if change.aspect == aspect:
                print(f"  {change.url}\n    - {_short(change.before)}\n    + {_short(change.after)}")
    if not done.summary.counts:
        say("every page reads as before")
    elif done.accepted:
        say(f"accepted: {done.texts:,} texts are new or told anew; what was known before stays, closed")
    else:
        say("nothing was changed: --accept makes it so")


@app.command()
def retag(
    diff: Annotated[
        bool,
        typer.Option(
            "--diff", help="Show what would change in labels, acts, holders of offices and statements; the default."
        ),
    ] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Put the new tags in the place of the old ones.")] = False,
    examples: _Examples = 3,
    runner: _Who = "processes",
    workers: _Workers = 0,
    config: Config = None,
) -> None:
    """Tag the stored texts again with the present taxonomy, and show what it would change. --accept makes it so."""
    from flows import retag as retagging

    if diff and accept:
        raise typer.BadParameter("--diff only shows, --accept changes: name one")
    settings = settings_of(config)
    with _telling(accept, "the tags", "retag"):
        done = retagging.retag(
            settings, _runner(settings, runner, workers), accept=accept, examples=examples, progress=_progress
        )
    say(
        f"taxonomy {done.version}: {done.texts:,} texts tagged; {done.changed:,} get new rows, for other labels, evidence "
        "or statements, or because the version is another"
    )
    _show(done.changes)
    _show_turns(done.turns)
    if done.handed is not None:
        _show_handed(done.handed)
    if done.spoken is not None:
        _show_spoken(done.spoken)
    if done.changes:
        won, lost = (sum(getattr(change, way) for change in done.changes) for way in ("won", "lost"))
        say(f"{len(done.changes)} labels change: {won:,} articles win one, {lost:,} lose one")
    else:
        say("no label is won or lost by any article")
    if done.accepted_at is not None:
        say(
            "accepted: the tags of before stay as closed rows (known_to); compare them in SQL: "
            f"tags_known_at('{done.accepted_at:%Y-%m-%d %H:%M:%S}+00') has those of before, tags_known_at(now()) these"
        )
    elif done.changed:
        say("nothing was changed: --accept makes it so")


def _show(changes: "tuple[Change, ...]") -> None:
    for change in changes:
        after = change.before + change.won - change.lost
        counts = f"{change.before:,} → {after:,} articles (+{change.won:,} -{change.lost:,})"
        print(f"{change.kind} {change.label}: {counts}")
        _show_some("+", change.examples_won, change.won)
        _show_some("-", change.examples_lost, change.lost)


def _show_turns(turns: "tuple[Turn, ...]") -> None:
    for turn in turns:
        counts = f"{turn.acts:,} get another act, {turn.directions:,} another direction"
        print(f"acts of {turn.relation}: of {turn.kept:,} articles that keep it {counts}")
        for before, after, title in turn.examples:
            print(f"  {before} ⇒ {after}: {_short(title)}")


def _show_handed(handed: "Handed") -> None:
    if not handed.mentions:
        return
    print(f"holders of offices: {handed.mentions:,} mentions get another")
    for office, before, after, articles in handed.examples:
        print(f"  {office}: {_short(before or 'nobody')} ⇒ {_short(after or 'nobody')} ({articles:,} articles)")
    if handed.examples and handed.changes > len(handed.examples):
        print(f"  and {handed.changes - len(handed.examples):,} more")


def _show_spoken(spoken: "Spoken") -> None:
    if not (spoken.won or spoken.lost or spoken.changed):
        return
    after = spoken.before + spoken.won - spoken.lost
    print(
        f"statements: {spoken.before:,} → {after:,} (+{spoken.won:,} -{spoken.lost:,}), {spoken.changed:,} told otherwise"
    )
    _show_some("+", spoken.examples_won, spoken.won)
    _show_some("-", spoken.examples_lost, spoken.lost)
    for before, now in spoken.examples_changed:
        print(f"  {_short(before)}\n  ⇒ {_short(now)}")
    if spoken.examples_changed and spoken.changed > len(spoken.examples_changed):
        print(f"  and {spoken.changed - len(spoken.examples_changed):,} more")


def _show_some(sign: str, examples: tuple[str, ...], count: int) -> None:
    for example in examples:
        print(f"  {sign} {_short(example)}")
    if examples and count > len(examples):
        print(f"  {sign} and {count - len(examples):,} more")


def _short(text: str, most: int = 160) -> str:
    from storage import export

    line = " ".join(export.plain(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _runner(settings: "Settings", name: str, workers: int) -> "Runner":
    from flows import prefecture
    from flows.spreading import Runner

    if name == "processes":
        return Runner(workers=workers or settings.workers)
    if name != "dask" and "://" not in name:
        raise typer.BadParameter("--runner is processes, dask, or the address of a Dask scheduler")
    prefecture.prepare(settings)
    return Runner(kind="dask", workers=workers, address="" if name == "dask" else name)


def _progress(what: str, done: int, total: int) -> None:
    if console().is_terminal:
        end = "\n" if done == total else ""
        print(f"\r\033[K{done:,} of {total:,} {what}", end=end, file=sys.stderr, flush=True)
    elif done == total or done % max(1, total // 10) == 0:
        say(f"{done:,} of {total:,} {what}")
