"""Names, passwords and tokens in addresses reach their own host and the archive, and nothing that is shown or handed on."""

import io
import json
import logging
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import tests.hostile.contents  # noqa: F401 - adds its paths to the newsroom
from extractors.model import Feed, Source
from flows import cli, journal, report
from flows.registry import Registry
from storage import archive, export, query, warehouse
from tests import world
from tests.hostile import newsroom

PASSWORD, TOKEN = "hunter2", "t0psecret"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, report.Report, str]:
    """One cycle over a feed whose address has a token and which names a page by a name and a password."""
    data, logged = tmp_path_factory.mktemp("secrets"), io.StringIO()
    handler = logging.StreamHandler(logged)
    logging.getLogger().addHandler(handler)
    try:
        with newsroom.serve() as room:
            host = f"127.0.0.1:{room.port}"
            room.listed["127.0.0.1"] = [
                f"http://reader:{PASSWORD}@{host}/page/good?1",
                f"http://reader:{PASSWORD}@{host}/reset",
            ]
            source = Source(
                id="room",
                name="Room",
                country="FI",
                language="en",
                time_zone="UTC",
                owner="",
                state=False,
                family="",
                home="",
            )
            feeds = [
                Feed(url=f"http://{host}/listed?access_token={TOKEN}", source_id="room", language="en"),
                Feed(url=f"http://reader:{PASSWORD}@{host}/listed?2", source_id="room", language="en"),
            ]
            done = world.run(data, Registry(sources=(source,), feeds=tuple(feeds)))
    finally:
        logging.getLogger().removeHandler(handler)
    return data, done, logged.getvalue()


def test_the_page_behind_the_password_was_fetched(run: tuple[Path, report.Report, str]) -> None:
    """So the secret was used, and the other tests are about something."""
    assert world.ask(run[0] / "corpus.duckdb", "SELECT count(*) FROM articles") == [(1,)]


def test_no_table_of_the_corpus_holds_the_password(run: tuple[Path, report.Report, str]) -> None:
    """Neither as the address of a page, of a feed, nor of who named it."""
    with warehouse.connect(run[0] / "corpus.duckdb", read_only=True) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        assert "capture" in names
        told = {name: str(connection.execute(f"FROM {name}").fetchall()) for name in names}
    assert [name for name, rows in told.items() if PASSWORD in rows] == []


def test_no_report_shows_a_secret(run: tuple[Path, report.Report, str]) -> None:
    """On the terminal, as Markdown for Prefect's artifact, and in the log."""
    shown = io.StringIO()
    report.show(run[1], Console(file=shown, width=400))
    everything = shown.getvalue() + report.markdown(run[1]) + run[2]
    assert "access_token=***" in everything
    assert PASSWORD not in everything
    assert TOKEN not in everything


def test_no_export_holds_a_secret(run: tuple[Path, report.Report, str]) -> None:
    """Articles, as they are handed on."""
    written = io.StringIO()
    with query.ask(run[0] / "corpus.duckdb", "FROM articles") as reader:
        assert export.write_csv(reader, written) == 1
    assert PASSWORD not in written.getvalue()
    assert TOKEN not in written.getvalue()


def test_no_line_of_the_log_for_machines_shows_a_secret(run: tuple[Path, report.Report, str]) -> None:
    """One line an outcome, of those that failed, too, with what their errors say."""
    records = [record for path in archive.segments(run[0] / "archive") for record in archive.read(path)[1]]
    lines = [json.dumps(journal.line(record.outcome)) for record in records]
    assert any("access_token=***" in line for line in lines)
    assert any('"reason"' in line for line in lines)
    assert [line for line in lines if PASSWORD in line or TOKEN in line] == []


@pytest.mark.parametrize("command", [["stats", "--prometheus"], ["stats"], ["feeds", "health"], ["doctor"]])
def test_no_command_that_tells_how_it_goes_shows_a_secret(
    run: tuple[Path, report.Report, str], command: list[str]
) -> None:
    """Counters, the health of feeds, the doctor."""
    config = run[0] / "tripolar.toml"
    config.write_text('data = "."\n')
    done = CliRunner().invoke(cli.app, [*command, "--config", str(config)])
    assert done.output
    assert PASSWORD not in done.output
    assert TOKEN not in done.output
