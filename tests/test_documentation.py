"""Docs are proven: what can be used is named where users look, and what is named exists."""

import re
from pathlib import Path

import pytest
import typer

from extractors.labels import ACTORS, RELATIONS, TOPICS
from flows import cli
from storage import warehouse

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """Return every command with its group."""
    app = typer.main.get_command(cli.app)
    names = []
    for name, command in app.commands.items():  # type: ignore[attr-defined]
        names.append(name)
        names += [f"{name} {inner}" for inner in getattr(command, "commands", {})]
    return names


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str) -> None:
    """Its last word stands in code somewhere in the table of commands."""
    table = README[README.index("| command | does |") : README.index("Data goes to")]
    assert re.search(rf"`[^`]*\b{re.escape(command.split()[-1])}\b[^`]*`", table), command


def test_every_module_is_on_the_map() -> None:
    """A newcomer finds each file of the three packages in the README."""
    missing = [
        str(path.relative_to(ROOT))
        for package in ("flows", "storage", "extractors")
        for path in (ROOT / package).glob("*.py")
        if path.stem != "__init__" and not re.search(rf"\b{path.stem}\b", README)
    ]
    assert missing == []


def test_every_view_and_macro_is_documented_for_analysts(tmp_path: Path) -> None:
    """What the corpus offers stands in storage/README.md."""
    guide = (ROOT / "storage" / "README.md").read_text(encoding="utf-8")
    with warehouse.connect(tmp_path / "corpus.duckdb") as connection:
        views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    assert [name for (name,) in views if not re.search(rf"\b{name}\b", guide)] == []


def test_every_label_is_listed_for_editors() -> None:
    """Actors, relations and topics stand in extractors/README.md once, in their order."""
    guide = (ROOT / "extractors" / "README.md").read_text(encoding="utf-8")
    section = guide[guide.index("## Labels") : guide.index("## Terms")]
    told = re.findall(r"`([A-Z]{2,4}(?:-[A-Z]{2})*|[a-z]+(?:-[a-z]+)*)`", section)
    assert told == [*ACTORS, *RELATIONS, *TOPICS]


def test_files_say_what_they_are_for() -> None:
    """Every module of the packages has a docstring."""
    bare = [
        str(path.relative_to(ROOT))
        for package in ("flows", "storage", "extractors")
        for path in (ROOT / package).rglob("*.py")
        if not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert bare == []
