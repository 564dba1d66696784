"""Back-up and restoring as flows/README.md says: a copy of one folder, taken while a run writes, and one command."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cli
from flows.cycle import describe
from flows.registry import Registry
from storage import archive
from tests import world
from tests.harbour import page

README = (Path(__file__).parent.parent / "flows" / "README.md").read_text(encoding="utf-8")


def test_the_readme_says_what_is_tested_here() -> None:
    """Which folder, which files may be left out, and with which command a corpus comes back."""
    said = README[README.index("Back up by") : README.index("## The past")]
    assert "`archive/`" in said
    assert "`.open`" in said
    assert "`tripolar rebuild`" in said


@pytest.mark.parametrize("also", ["everything", "without what is open"])
def test_a_copy_that_was_taken_while_a_run_wrote_restores_the_corpus(tmp_path: Path, also: str) -> None:
    """By the commands: rebuild, then verify; and the next run asks for no page that was there."""
    live, restored = tmp_path / "live", tmp_path / "restored"
    with world.serve() as (newsroom, registry):
        assert world.run(live, registry).exit_status == 0
        info = describe(world.settings(live), Registry(sources=(), feeds=()), "ingest")
        with archive.Writer(live / "archive", info) as writer:
            writer.append(page(1))
            left_out = shutil.ignore_patterns("*.open*") if also != "everything" else None
            shutil.copytree(live / "archive", restored / "archive", ignore=left_out)
        opened = [path for path in (restored / "archive").rglob("*") if ".open" in path.name]
        assert bool(opened) == (also == "everything")
        config = tmp_path / "tripolar.toml"
        config.write_text('data = "restored"\nworkers = 1\n', encoding="utf-8")
        for command in (["rebuild"], ["archive", "verify"]):
            done = CliRunner().invoke(cli.app, [*command, "--config", str(config)])
            assert done.exit_code == 0, done.output
        before, after = (world.content(data / "corpus.duckdb") for data in (live, restored))
        lacking = {name: [row for row in rows if row not in after[name]] for name, rows in before.items()}
        assert {name: rows for name, rows in lacking.items() if rows} == {}
        if also != "everything":  # where the page that was being written is there, it may be there alone
            assert after == before
        asked = len(newsroom.requests)
        assert world.run(restored, registry).exit_status == 0
        again = {request.path for request in newsroom.requests[asked:] if request.status == 200}
        assert again <= {"/robots.txt"}, again
