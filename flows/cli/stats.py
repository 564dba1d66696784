"""`tripolar stats`: how much there is, and how it fares, in numbers."""

from typing import Annotated

import typer

from flows.cli.app import Config, app, settings_of


@app.command()
def stats(
    prometheus: Annotated[bool, typer.Option("--prometheus", help="In Prometheus's text format.")] = False,
    config: Config = None,
) -> None:
    """Count articles, polls by outcome, pages by fate, feeds by health, bytes, segments and free disk."""
    from flows import stats as counting

    samples = list(counting.gather(settings_of(config)))
    if prometheus:
        print(counting.prometheus(samples), end="")
        return
    for sample in samples:
        labels = " ".join(value for _, value in sample.labels if value)
        print(f"{sample.value:>16,.0f}  {sample.name}" + (f"  {labels}" if labels else ""))
