"""`tripolar doctor`: is everything in order, and what mends what is not."""

import typer

from flows.cli.app import Config, app


@app.command()
def doctor(config: Config = None) -> None:
    """Check settings, feeds, taxonomy, corpus, archive, extensions and network, and say what mends what is wrong."""
    from flows import doctor as doctors

    ill = False
    for check in doctors.examine(config):
        sign = {True: "ok", False: "WRONG", None: "note"}[check.well]
        ill |= check.well is False
        print(f"{sign:6s} {check.name:10s} {check.seen}" + (f"\n       {'':10s} → {check.fix}" if check.fix else ""))
    raise typer.Exit(1 if ill else 0)
