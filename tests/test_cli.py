"""The command line as a user meets it: a process, its output and its exit status."""

import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer

from flows import cli
from flows.cli import pages
from flows.cli.app import explain

ROOT = Path(__file__).parent.parent
PAGE = """<html lang="en"><head><title>Brussels and Beijing talk about magnets</title>
<meta property="article:published_time" content="2025-07-02T10:00:00+02:00"></head><body><article>
<h1>Brussels and Beijing talk about magnets</h1>
<p>The European Union asked China on Wednesday to lift its restrictions on exports of rare earths, on which factories depend.</p>
<p>Officials in Brussels said that licences for magnets were coming too slowly, and that car makers were running out of stock.</p>
<p>The Chinese commerce ministry answered that applications were handled by the law, and that a channel was open.</p>
</article></body></html>"""
ARTICLE = {
    "id": "a",
    "lang": "en",
    "title": "EU asks China to lift curbs on rare earths",
    "text": "The European Union asked China on Wednesday to lift its export restrictions on rare earths. Beijing rejected the demand.",
}


def tripolar(*arguments: str, given: str = "", folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [str(Path(sys.executable).parent / "tripolar"), *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, cwd=folder or ROOT)


def test_extract_prints_one_page_as_a_line_of_json(tmp_path: Path) -> None:
    """With the fields that the interface promises."""
    (tmp_path / "page.html").write_text(PAGE)
    done = tripolar("extract", str(tmp_path / "page.html"), "--url", "https://ledger.example/magnets")
    row = json.loads(done.stdout)
    assert done.returncode == 0
    assert row["article"] is True
    assert row["published_at"].startswith("2025-07-02")
    assert row["text"].count("\n") == 2
    assert {"file", "url", "title", "authors", "date_source", "lang"} <= row.keys()


def test_extract_reads_a_list_and_names_what_is_missing(tmp_path: Path) -> None:
    """A missing file costs its own line, not the others."""
    (tmp_path / "page.html").write_text(PAGE)
    lines = [{"file": "page.html", "url": "https://ledger.example/a"}, {"file": "none.html", "url": ""}]
    (tmp_path / "list.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    done = tripolar("extract", "--list", str(tmp_path / "list.jsonl"))
    assert [json.loads(line)["article"] for line in done.stdout.splitlines()] == [True, False]
    assert "none.html" in done.stderr
    assert done.returncode == 1


def test_tag_prints_labels_with_evidence_and_goes_on_after_a_bad_line(tmp_path: Path) -> None:
    """Bad lines are named by number on the standard error stream."""
    given = "\n".join([json.dumps(ARTICLE), "no json", json.dumps({"id": "b"})])
    done = tripolar("tag", given=given, folder=tmp_path)
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert "line 2" in done.stderr
    assert "line 3" in done.stderr
    assert {"EU", "CN"} <= set(row["actors"])
    assert row["evidence"]
    for span in row["evidence"]:
        assert ARTICLE[span["part"]][span["start"] : span["end"]] == span["quote"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": NaN, "text": "a"}', "not JSON"),
        ('{"id": 1e999, "text": "a"}', "not JSON"),
        ('["text"]', "no JSON object"),
        ('{"title": "a"}', "lacks `text`"),
        ('{"text": 5}', "`text` is no text"),
        ('{"text": "a", "title": 5}', "`title` is no text"),
        ('{"text": "a", "lang": 5}', "`lang` is no text"),
        ('{"text": "a", "published_at": 5}', "`published_at` is no text"),
    ],
)
def test_tag_says_what_is_wrong_with_a_line(tmp_path: Path, line: str, told: str) -> None:
    """Each by its number, and the next one is tagged."""
    done = tripolar("tag", "-", given=f"{line}\n{json.dumps(ARTICLE)}", folder=tmp_path)
    assert f"line 1: {told}" in done.stderr
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"published_at": "yesterday"}, "line 1: published_at 'yesterday' is no date; offices get no holder\n"),
        ({"lang": "xx"}, "line 1: lang 'xx' is none of bg, de, en, es, fr, it, pl, pt, ro, ru, uk, zh; the language is guessed instead\n"),
        ({"lang": "german"}, "the language is guessed instead\n"),
        ({"lang": "EN-gb", "published_at": "2025-07-02"}, ""),
        ({"lang": "", "published_at": None}, ""),
    ],
)  # fmt: skip
def test_tag_says_what_it_cannot_use_of_a_line_that_it_tags(tmp_path: Path, said: dict[str, str], told: str) -> None:
    """A wrong day or language costs the holders or a guess, not the labels."""
    done = tripolar("tag", given=json.dumps(ARTICLE | said), folder=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["lang"].partition("-")[0]) == (0, "en")
    assert done.stderr.endswith(told) if told else not done.stderr


@pytest.mark.parametrize("explain", [(), ("--explain",)])
def test_half_a_surrogate_pair_is_tagged_and_told(tmp_path: Path, explain: tuple[str, ...]) -> None:
    """JSON may have it and UTF-8 may not."""
    given = '{"id": "\\ud800", "text": "The EU \\ud800 met China."}'
    done = tripolar("tag", *explain, given=given, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    if not explain:
        row = json.loads(done.stdout)
        assert row["id"] == "\ud800"
        assert "met" in [span["quote"] for span in row["evidence"]]


@pytest.mark.parametrize("explain", [(), ("--explain",)])
def test_tag_writes_what_the_terminal_is_said_not_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, explain: tuple[str, ...]
) -> None:
    """In UTF-8."""
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = tripolar("tag", *explain, given='{"id": "é", "text": "ЕС ввёл санкции."}', folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "é" in done.stdout and "санкции" in done.stdout


def test_tag_says_that_it_waits_for_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And only then."""
    stdin = SimpleNamespace(buffer=io.BytesIO(b'{"text": "a"}'), isatty=lambda: True)
    monkeypatch.setattr(sys, "stdin", stdin)
    assert [row for _, row in pages._lines(None)] == [{"text": "a"}]
    assert "from the terminal, until Ctrl-D" in capsys.readouterr().err
    stdin = SimpleNamespace(buffer=io.BytesIO(b'{"text": "a"}'), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", stdin)
    assert len(list(pages._lines(Path("-")))) == 1
    assert capsys.readouterr().err == ""


def test_tag_without_a_standard_input_asks_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever started it may have closed it."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(typer.BadParameter, match="name a file"):
        list(pages._lines(None))


def test_tag_tells_acts_and_statements(tmp_path: Path) -> None:
    """What a script needs: probabilities, who does what to whom, who said what."""
    text = "The EU imposed sanctions on Russia. The EU foreign policy chief said that Russia must stop the war."
    row = json.loads(tripolar("tag", given=json.dumps({"text": text}), folder=tmp_path).stdout)
    assert set(row["scores"]) == {*row["actors"], *row["relations"], *row["topics"]}
    assert {"relation": "EU-RU", "event": "sanction", "from": "EU", "to": "RU"} in row["acts"]
    assert [said["words"] for said in row["statements"]] == ["Russia must stop the war."]


def test_light_commands_do_not_import_the_heavy_libraries() -> None:
    """Prefect and trafilatura take seconds; `sql`, `tag` and `extract` do without until they are needed."""
    code = (
        "import sys; from flows import cli, extraction, lexicon; from flows.cli import app, pages, querying; "
        "from storage import query, export; from extractors import tagging; "
        "print([m for m in ('prefect', 'trafilatura') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr


def test_tagging_starts_without_what_only_fetching_and_storing_need() -> None:
    """`tripolar tag` is run for one article, too: each of these would cost it a twentieth of its start and more."""
    code = (
        "import sys; from flows import cli, lexicon; from flows.cli import pages; from extractors import tagging; "
        "print([m for m in ('asyncio', 'httpx', 'duckdb', 'lxml', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("sql", "--db", "none.duckdb", "SELECT 1"), 1, "no corpus at none.duckdb"),
        (("sql", "--format", "xml", "SELECT 1"), 2, "none of table, csv, json, parquet"),
        (("run", "--config", "none.toml"), 1, "no settings file"),
        (("extract",), 2, "name one page"),
        (("feeds", "add", "https://a.example"), 2, "bundled registry is not changed"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_wrong_use_is_told_in_words(tmp_path: Path, arguments: tuple[str, ...], status: int, told: str) -> None:
    """One line of what, where and what to do; never a traceback."""
    done = tripolar(*arguments, folder=tmp_path)
    assert done.returncode == status, done.stderr
    assert told in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_help_lists_every_command() -> None:
    """And nothing that is not built."""
    done = tripolar("--help")
    assert done.returncode == 0
    for command in ("run", "up", "demo", "backfill", "sql", "feeds", "doctor"):
        assert command in done.stdout


@pytest.mark.parametrize(
    ("first", "status"), [(KeyboardInterrupt(), 130), ("signal", 143), (ValueError("a bug"), 0)], ids=str
)
def test_a_command_that_is_told_to_end_does_so_without_a_traceback(first: BaseException | str, status: int) -> None:
    """Also where the server that should have heard of it had ended first, so that another error came of it."""
    if first == "signal":
        from prefect.exceptions import TerminationSignal

        first = TerminationSignal(signal=15)
    assert isinstance(first, BaseException)
    try:
        try:
            raise first
        except type(first) as before:
            raise ConnectionError("no server") from before
    except ConnectionError as error:
        assert cli.stopped(error) == status
    assert cli.stopped(first) == status


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), OSError("Detail: [errno 28] No space left on device")]
)
def test_a_full_disk_is_said_with_what_to_do(error: OSError) -> None:
    """By the system's words or those of Arrow."""
    assert "free disk" in (explain(error) or "")
