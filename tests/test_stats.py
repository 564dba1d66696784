"""Numbers for who watches over a corpus, and the log for machines."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractors.model import Failed, Reason
from flows import journal, stats
from flows.cli import app
from flows.cycle import Report
from storage import warehouse
from storage.counters import Sample
from tests import world
from tests.harbour import page

LINE = re.compile(r'tripolar_[a-z_]+(\{[a-z]+="(?:[^"\\\n]|\\.)*"(,[a-z]+="(?:[^"\\\n]|\\.)*")*\})? [-+.\de]+')


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Report, list[dict[str, object]]]]:
    """A run that logs JSON, and what it logged."""
    data, logged = tmp_path_factory.mktemp("stats"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, world.serve() as (_, registry):
        patch.setattr("sys.stderr", logged)
        report = world.run(data, registry, log="json")
    yield data, report, [json.loads(line) for line in logged.getvalue().splitlines() if line.startswith("{")]


def test_each_outcome_is_one_line_of_json(run: tuple[Path, Report, list[dict[str, object]]]) -> None:
    """As many as the run counts."""
    _, report, lines = run
    assert len(lines) == sum(report.collected.counts.values())
    assert {line["event"] for line in lines} == {"outcome"}
    assert {"fetched", "failed"} <= {line["outcome"] for line in lines}
    assert all({"at", "purpose", "url", "outcome"} <= line.keys() for line in lines)


def test_a_line_shows_no_secret_and_no_character_of_strangers_raw() -> None:
    """Neither in the address nor in the reason."""
    url = "https://me:hunter2@harbour.example/a?token=t0p"
    want = replace(page().want, url=url)
    out = io.StringIO()
    journal.tell(Failed(want=want, at=page().at, reason=Reason.DNS, detail=f"\x1b[31m\u202e {url}\n{{"), out)
    assert "hunter2" not in out.getvalue()
    assert "t0p" not in out.getvalue()
    assert out.getvalue().isascii()
    assert len(out.getvalue().splitlines()) == 1
    assert "\x1b" not in out.getvalue()


def test_the_counters_say_what_the_corpus_holds(run: tuple[Path, Report, list[dict[str, object]]]) -> None:
    """Pages by fate add up to the asks of pages, polls to the asks of feeds."""
    data = run[0]
    samples = list(stats.gather(world.settings(data)))
    told = {name: sum(s.value for s in samples if s.name == name) for name in {s.name for s in samples}}
    corpus = data / "corpus.duckdb"
    assert told["pages_total"] == world.ask(corpus, "SELECT count(*) FROM capture")[0][0]
    assert told["polls_total"] == world.ask(corpus, "SELECT count(*) FROM poll")[0][0]
    assert told["articles_total"] == world.ask(corpus, "SELECT count(*) FROM articles")[0][0]
    assert (told["segments_waiting"], told["corpus_held"]) == (0, 0)
    assert told["disk_free_bytes"] > 0


def test_prometheus_can_read_them(run: tuple[Path, Report, list[dict[str, object]]], tmp_path: Path) -> None:
    """Each line has its form, each name one HELP and one TYPE, whatever is in a label."""
    config = tmp_path / "tripolar.toml"
    config.write_text(f'data = "{run[0]}"\n')
    done = CliRunner().invoke(app, ["stats", "--prometheus", "--config", str(config)])
    assert done.exit_code == 0
    evil = [Sample(name="evil", value=1.5, labels=(("fate", 'a"b\\c\nd'),), help="odd")]
    lines = (done.stdout + stats.prometheus(evil)).splitlines()
    assert [line for line in lines if not line.startswith("# ") and not LINE.fullmatch(line)] == []
    types = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(types) == len(set(types))
    assert "tripolar_pages_total" in types


def test_without_a_corpus_there_are_numbers_all_the_same(tmp_path: Path) -> None:
    """Of archive and disk."""
    names = {sample.name for sample in stats.gather(world.settings(tmp_path / "none"))}
    assert {"archive_segments", "disk_free_bytes"} <= names
    assert "articles_total" not in names


def test_a_held_corpus_is_a_number(
    run: tuple[Path, Report, list[dict[str, object]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are left out for the time."""

    def held(*_: object, **__: object) -> None:
        raise warehouse.LockedError("held")

    monkeypatch.setattr(warehouse, "connect", held)
    told = {sample.name: sample.value for sample in stats.gather(world.settings(run[0]))}
    assert told["corpus_held"] == 1
    assert "articles_total" not in told
