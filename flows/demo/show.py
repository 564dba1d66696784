"""`tripolar demo`: the newsroom is served, the real flow goes over it twice, and the corpus answers three questions.

The second cycle sees the newsroom's second edition, with one article changed. A later demo finds nothing new.
"""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from flows import config, prefecture
from flows.demo.newsroom import Newsroom, serve

QUESTIONS = Path(__file__).parent / "questions"


def run(folder: Path, *, port: int) -> int:
    """Run the demo in a folder and return the exit status. All it needs is in the package and on the loopback."""
    console = Console(stderr=True, highlight=False)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = not (folder / "corpus.duckdb").exists()
    for edition in (1, 2) if fresh else (2,):
        with serve(edition=edition, base_port=port) as newsroom:
            settings_file = _prepare(folder, newsroom)
            settings = config.load(settings_file)
            if server := prefecture.prepare(settings):
                console.print(Text(f"using Prefect at {server}"))
            else:
                console.print(Text("starting Prefect for this run (about 12 seconds)"))
            from flows import report, running

            console.print(Text(f"\nThe newsroom's edition {edition}, served on the loopback:", style="bold"))
            done = running.once(settings_file, all_due=True)
            report.show(done, console)
            if done.exit_status:
                return done.exit_status
    _ask(folder / "corpus.duckdb", console)
    console.print(Text(f"\nThe corpus is {folder / 'corpus.duckdb'}. Ask it more:"))
    console.print(Text(f'  tripolar sql --db {folder / "corpus.duckdb"} "FROM articles"'))
    return 0


def _prepare(folder: Path, newsroom: Newsroom) -> Path:
    """Write the settings and the registry of the demo as a user would."""
    from flows import registry

    outlets = registry.Registry(sources=newsroom.sources(), feeds=newsroom.feeds())
    (folder / "feeds.toml").write_text(registry.dump(outlets), encoding="utf-8")
    path = folder / "tripolar.toml"
    path.write_text(
        "# The settings of the demo: its data here, its newsroom on the loopback, no waiting between two questions.\n"
        'data = "."\nfeeds = "feeds.toml"\nrevisit = false\n\n[fetch]\nallow = ["127.0.0.1"]\ndelay = 0.0\n',
        encoding="utf-8",
    )
    return path


def _ask(corpus: Path, console: Console) -> None:
    from flows.cli import querying

    for file in sorted(QUESTIONS.glob("*.sql")):
        title, _, sql = file.read_text(encoding="utf-8").partition("\n")
        console.print(Text(f"\n{title.removeprefix('-- ')}", style="bold"))
        console.print(Text(sql.strip(), style="dim"))
        querying.answer(corpus, sql)
