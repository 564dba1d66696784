"""`tripolar archive`: verify, prune and compact what was kept. The corpus follows."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import Config, app, say, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flows.config import Settings
    from storage.rewrite import Rewritten

archive = typer.Typer(name="archive", help="Verify, prune and compact the archive.", no_args_is_help=True)
app.add_typer(archive)


@archive.command()
def verify(config: Config = None) -> None:
    """Check every record's digest, and every segment against the corpus. Damaged ones are named; the rest is usable."""
    from flows import spreading
    from flows.spreading import Runner
    from storage import archive as segments
    from storage import rebuilding, warehouse
    from storage import verify as verifying

    settings = settings_of(config)
    paths = segments.segments(settings.archive)
    runner = Runner(workers=settings.workers)
    reports = spreading.run(runner, "verify", lambda spread: list(spread(verifying.check, paths)))
    damages = sorted(
        (damage for report in reports for damage in report.damages), key=lambda damage: (damage.where, damage.offset)
    )
    for damage in damages:
        print(f"{damage.where} at byte {damage.offset}: {damage.what}")
    wrong: list[str] = []
    if settings.corpus.exists():
        with warehouse.connect(settings.corpus, read_only=True, wait=settings.lock_wait) as connection:
            wrong = list(rebuilding.against(connection, settings.archive))
    for line in wrong:
        print(line)
    outcomes, size = sum(report.outcomes for report in reports), sum(report.bytes for report in reports)
    say(f"{len(paths):,} segments, {outcomes:,} outcomes, {size / 1e6:,.1f} MB checked")
    unsound = {damage.where for damage in damages}
    if damages:
        say(f"{len(damages):,} damages in {len(unsound):,} segments, named above: what is whole in them is still read")
        say("restore these from a copy and run `tripolar rebuild`; prune and compact leave them alone")
    elif not wrong:
        say("nothing is wrong")
    raise typer.Exit(1 if damages or wrong else 0)


@archive.command()
def prune(
    older: Annotated[int, typer.Option("--older", min=0, help="Days: only outcomes before that.")] = 90,
    failed: Annotated[bool, typer.Option("--failed/--no-failed", help="Time-outs, 404s and their kind.")] = True,
    unchanged: Annotated[
        bool, typer.Option("--unchanged/--no-unchanged", help="304 and the same payload again.")
    ] = True,
    robots: Annotated[bool, typer.Option("--robots/--no-robots", help="Robots files.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    config: Config = None,
) -> None:
    """Throw away old outcomes that brought nothing. Pages and feeds stay: the corpus is made of them."""
    from storage import care

    settings = settings_of(config)
    before = datetime.now(UTC) - timedelta(days=older)
    _settle(settings)
    policy = care.Policy(before=before, failed=failed, unchanged=unchanged, robots=robots)
    weighed, paths = care.weigh(settings.archive, policy)
    _spare(weighed.damaged)
    for kind, count in weighed.outcomes.most_common():
        print(f"{count:>9,}  {kind}, {weighed.bytes[kind] / 1e6:,.1f} MB")
    would = " would go" if dry_run else " go"
    say(f"{weighed.outcomes.total():,} outcomes of {weighed.segments:,} segments{would}")
    if paths and not dry_run:
        _follow(settings, care.prune(paths, policy))


@archive.command()
def compact(
    small: Annotated[float, typer.Option(help="MB: smaller segments are put together.")] = 4.0,
    most: Annotated[float, typer.Option(help="MB: of a segment that is made of them.")] = 64.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would become one.")] = False,
    config: Config = None,
) -> None:
    """Make one segment of several small ones of the same run."""
    from storage import care

    settings = settings_of(config)
    _settle(settings)
    groups, damaged = care.compactable(settings.archive, small=int(small * 1e6), most=int(most * 1e6))
    _spare(damaged)
    if not groups:
        say("no small segments of one run lie side by side")
    elif dry_run:
        for paths in groups:
            print(f"{len(paths):>6,}  {paths[0].name} to {paths[-1].name}")
        say(f"{sum(map(len, groups)):,} segments would become {len(groups):,}")
    else:
        _follow(settings, care.compact(groups))


def _settle(settings: "Settings") -> None:
    """Bring to its end what was being pruned or compacted when somebody was killed."""
    from storage import care, moving, warehouse

    if moving.noted(settings.archive):
        with warehouse.connect(settings.corpus, wait=settings.lock_wait) as connection:
            care.settle(settings.archive, connection)


def _spare(damaged: list[str]) -> None:
    for name in damaged:
        say(f"left alone, because it is damaged: {name}")


def _follow(settings: "Settings", rewritten: "Iterator[tuple[list[Path], Rewritten]]") -> None:
    """Let the corpus follow segments as they are written anew."""
    from storage import care, plan, warehouse

    before = after = 0
    with warehouse.connect(settings.corpus, wait=settings.lock_wait) as connection:  # held: no run may load meanwhile
        for paths, result in rewritten:
            before += len(paths)
            after += 1 if result.moves else 0
            care.follow(connection, settings.archive, paths, result)
        plan.save(connection, settings.plan)
    say(f"{before:,} segments became {after:,}")
