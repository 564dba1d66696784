"""The commands for the past and for the archive as a user meets them: processes, their output, their exit status."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from flows import rebuild, reprocess, retag
from flows.cli import renewal
from flows.cli.app import app
from flows.past import running
from flows.registry import Registry
from storage import archive
from storage.jobs import Job
from storage.retagging import Handed
from tests import world as worlds
from tests.past import serving
from tests.past.writing import story

COUNT = 24


def tripolar(*arguments: str, folder: Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [str(Path(sys.executable).parent / "tripolar"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, cwd=folder, check=False)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with settings and a corpus of one backfill, in many small segments; two pages were not there."""
    folder = tmp_path_factory.mktemp("grown")
    (folder / "tripolar.toml").write_text('data = "data"\n[fetch]\nallow = ["127.0.0.1"]\ndelay = 0.0\n')
    with serving.serve(COUNT) as world:
        listed = [f"{world.base}{path}" for path in (*(each.path for each in world.stories), "/gone", "/lost")]
        (folder / "list.txt").write_text("\n".join(listed))
        job = Job(kind="urls", where=(str(folder / "list.txt"),))
        running.run(worlds.settings(folder / "data", segment_bytes=20_000), Registry(sources=(), feeds=()), job)
    return folder


@pytest.fixture
def home(grown: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(grown, tmp_path / "home")
    return tmp_path / "home"


def damage(home: Path) -> Path:
    """Change one byte in the middle of a segment."""
    path = archive.segments(home / "data" / "archive")[1]
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(body)
    return path


def sizes(home: Path) -> dict[str, int]:
    """Return the segments with their sizes."""
    return {path.name: path.stat().st_size for path in archive.segments(home / "data" / "archive")}


def test_a_sound_archive_is_said_to_be_sound(home: Path) -> None:
    """Nothing on the standard output, status 0."""
    done = tripolar("archive", "verify", folder=home)
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing is wrong" in done.stderr


def test_a_damaged_segment_is_named_and_the_rest_stays_usable(home: Path) -> None:
    """Verify says where, prune and compact leave it alone, rebuild does not forget what it held."""
    path = damage(home)
    done = tripolar("archive", "verify", folder=home)
    assert done.returncode == 1
    assert f"{path.name} at byte " in done.stdout
    assert f"segment {path.name} is not the file that was loaded" in done.stdout
    others = [name for name in sizes(home) if name != path.name]
    assert not any(name in done.stdout for name in others)
    for command in (("prune", "--older", "0"), ("compact",)):
        done = tripolar("archive", *command, folder=home)
        assert done.returncode == 0, done.stderr
        assert f"left alone, because it is damaged: {path.name}" in done.stderr
        assert path.exists()
    done = tripolar("rebuild", folder=home)
    assert done.returncode == 1
    assert path.name in done.stderr
    assert "restore" in done.stderr
    assert "Traceback" not in done.stderr
    done = tripolar(
        "sql", "--db", "data/corpus.duckdb", "--format", "csv", "SELECT count(*) FROM articles", folder=home
    )
    assert done.stdout.split() == ["count_star()", str(COUNT)]


def test_pruning_and_compacting_first_say_what_they_would_do(home: Path) -> None:
    """The dry run changes no file; what is done is what was said; the corpus follows and is sound afterwards."""
    before = sizes(home)
    told = tripolar("archive", "prune", "--older", "0", "--dry-run", folder=home)
    assert re.search(r"2 +failed", told.stdout)
    assert "would go" in told.stderr
    assert sizes(home) == before
    assert tripolar("archive", "prune", "--older", "0", folder=home).stdout == told.stdout
    pruned = sizes(home)
    assert pruned != before
    told = tripolar("archive", "compact", "--dry-run", folder=home)
    assert f"{len(pruned)} segments would become 1" in told.stderr
    assert sizes(home) == pruned
    assert f"{len(pruned)} segments became 1" in tripolar("archive", "compact", folder=home).stderr
    assert len(sizes(home)) == 1
    assert tripolar("archive", "verify", folder=home).returncode == 0
    assert "no table differs" in tripolar("rebuild", "--check", folder=home).stderr


def test_reading_again_by_the_same_readers_changes_nothing(home: Path) -> None:
    """Said in words, with the number of pages."""
    done = tripolar("reprocess", folder=home)
    assert done.returncode == 0
    assert "every page reads as before" in done.stderr
    done = tripolar("retag", "--diff", folder=home)
    assert (done.returncode, done.stdout) == (0, "")
    assert "no label" in done.stderr


def test_holders_that_change_are_told_with_examples(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An editor of offices sees who comes and goes, also where no label changes."""
    handed = Handed(mentions=9, changes=2, examples=(("EU/council", None, "António Costa", 4),))
    done = retag.Retagged(version="t2", texts=5, changed=4, handed=handed)
    monkeypatch.setattr(retag, "retag", lambda *_, **__: done)
    renewal.retag()
    assert capsys.readouterr().out.splitlines() == [
        "holders of offices: 9 mentions get another",
        "  EU/council: nobody ⇒ António Costa (4 articles)",
        "  and 1 more",
    ]


def test_a_dry_run_over_saved_pages_counts_them(home: Path) -> None:
    """And copies none; a file behind a URL is not downloaded for it."""
    pages = home / "pages"
    pages.mkdir()
    for number in range(3):
        note = f"<!-- saved from url=(0042)https://quay.example{story(number).path} -->\n".encode()
        (pages / f"{number}.html").write_bytes(note + story(number).page())
    (pages / "nowhere.html").write_bytes(story(9).page())
    before = sizes(home)
    done = tripolar("backfill", "--pages", "pages", "--dry-run", "--limit", "2", folder=home)
    assert done.returncode == 0, done.stderr
    assert "2 pages of 1 hosts would be copied" in done.stdout
    assert "1 over the limit" in done.stdout
    assert "nowhere.html: it does not say where it is from" in done.stdout
    done = tripolar("backfill", "--warc", "https://quay.example/a.warc.gz", "--dry-run", folder=home)
    assert "a dry run does not download it" in done.stdout
    assert sizes(home) == before


def test_a_file_that_cannot_be_fetched_is_named_in_words(home: Path) -> None:
    """With a status of failure, and no traceback."""
    with serving.serve(1) as world:
        done = tripolar("backfill", "--warc", f"{world.base}/none.warc.gz", folder=home, timeout=240)
    assert done.returncode == 1
    assert "the server answers 404" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("backfill", "a.example"), 2, "name one kind"),
        (("backfill", "--warc", "--pages", "."), 2, "name one kind"),
        (("backfill", "--warc", "none.warc"), 2, "no such file or folder: none.warc"),
        (("backfill", "--sitemap", "nosuch"), 2, "nosuch is no outlet of the registry"),
        (("backfill", "--sitemap", "a.example", "--from", "2025-02-02", "--to", "2025-02-01"), 2, "--from is after"),
        (("backfill", "--status", "none"), 1, "no backfill job"),
        (("backfill", "--pause"), 2, "name the ids of jobs"),
        (("reprocess", "--run", "none"), 1, "no segments of these runs"),
        (("retag", "--diff", "--accept"), 2, "name one"),
        (("rebuild", "--runner", "nobody"), 2, "--runner is processes, dask"),
    ],
)
def test_wrong_use_is_told_in_words(home: Path, arguments: tuple[str, ...], status: int, told: str) -> None:
    """One line of what, where and what to do; never a traceback."""
    done = tripolar(*arguments, folder=home)
    assert done.returncode == status, done.stderr
    assert told in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["reprocess", "retag", "rebuild"])
def test_without_a_corpus_it_is_said_what_to_do(tmp_path: Path, command: str) -> None:
    """Nothing was collected yet."""
    done = tripolar(command, folder=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "tripolar run" in done.stderr or "no segments" in done.stderr
    assert "--db" not in done.stderr or "--db where the command has it" in done.stderr


def test_a_preview_says_that_it_needs_a_folder(home: Path) -> None:
    """As on a disk that may only be read."""
    shutil.rmtree(home / "data" / "cache", ignore_errors=True)
    (home / "data" / "cache").write_text("no folder")
    done = tripolar("retag", "--diff", folder=home)
    assert done.returncode == 1
    assert "data/cache/retag cannot be made" in done.stderr
    assert "also when they are only shown" in done.stderr


@pytest.mark.parametrize(
    ("flow", "how", "told"),
    [
        (retag, ["retag", "--diff"], "stopped: nothing was changed"),
        (retag, ["retag", "--accept"], "the tags are those of before or all of them new"),
        (reprocess, ["reprocess"], "stopped: nothing was changed"),
        (reprocess, ["reprocess", "--accept"], "the readings are those of before or all of them new"),
        (rebuild, ["rebuild", "--check"], "stopped: nothing was changed"),
        (rebuild, ["rebuild"], "the tables are those of before or all of them new"),
    ],
    ids=lambda one: one if isinstance(one, str) else None,
)
def test_a_renewal_that_is_stopped_says_what_the_corpus_has(
    monkeypatch: pytest.MonkeyPatch, flow: ModuleType, how: list[str], told: str
) -> None:
    """Nothing is gone on with: the next one begins anew."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(flow, how[0], stop)
    monkeypatch.setattr(reprocess, "choose", lambda *_, **__: [Path("segment")])
    done = CliRunner().invoke(app, how)
    assert (done.exit_code, done.stdout) == (130, "")
    assert told in done.stderr
