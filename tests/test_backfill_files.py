"""WARC files of others and saved pages become pages of our archive: filtered, resumed, what is wrong is named."""

import gzip
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from flows import rebuild
from flows.past import running
from flows.registry import Registry
from flows.spreading import Runner
from storage import compare, jobs
from storage.jobs import Job
from tests import world as worlds
from tests.past.writing import Story, story

# warcio leaves its temporary files to the garbage collector, which says so.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")

SHARED = Path(__file__).parents[2] / "shared" / "data" / "warcs"
NOBODY = Registry(sources=(), feeds=())
HOST, OTHER = "quay.example", "other.example"


def warc(path: Path, stories: list[Story], host: str = HOST) -> Path:
    """Write stories as another crawler keeps them: a WARC file, gzip a record."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for each in stories:
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            at = f"{each.published + timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}"
            writer.write_record(
                writer.create_warc_record(
                    f"https://{host}{each.path}",
                    "response",
                    payload=io.BytesIO(each.page()),
                    http_headers=http,
                    warc_headers_dict={"WARC-Date": at},
                )
            )
    return path


def bring(data: Path, kind: jobs.Kind, where: Path, **facts: Any) -> jobs.Progress:
    """Run a job, and return how far it says it is."""
    job = Job(kind=kind, where=(str(where),), **facts)
    running.run(worlds.settings(data), NOBODY, job)
    told = jobs.progress(data / "backfill" / jobs.identity(job))
    assert told is not None
    return told


def titles(data: Path) -> set[str]:
    """Return the titles of the corpus."""
    return {title for (title,) in worlds.ask(data / "corpus.duckdb", "SELECT title FROM articles")}


def test_pages_of_a_warc_are_dated_by_their_capture_and_belong_to_the_archive(tmp_path: Path) -> None:
    """The file can go afterwards: a rebuild needs only our own segments."""
    stories = [story(number) for number in range(12)]
    file = warc(tmp_path / "others.warc.gz", stories)
    assert bring(tmp_path, "warc", file).phase == "done"
    assert titles(tmp_path) == {each.title for each in stories}
    archived = worlds.ask(tmp_path / "corpus.duckdb", "SELECT min(archived_at), any_value(referrer) FROM capture")
    assert archived == [(stories[0].published + timedelta(hours=3), "others.warc.gz")]
    file.unlink()
    made = rebuild.rebuild(worlds.settings(tmp_path), Runner(workers=1), swap=False)
    assert [str(found) for found in compare.compare(tmp_path / "corpus.duckdb", made.corpus)] == []


def test_host_window_and_limit_hold_for_files(tmp_path: Path) -> None:
    """Pages of other hosts are not even copied; pages of other days never become articles."""
    folder = tmp_path / "warcs"
    folder.mkdir()
    stories = [story(number) for number in range(12)]
    warc(folder / "a.warc.gz", stories)
    warc(folder / "b.warc.gz", [story(number) for number in range(20, 24)], OTHER)
    since, until = stories[3].published, stories[9].published
    bring(tmp_path, "warc", folder, hosts=(HOST,), since=since, until=until)
    assert titles(tmp_path) == {each.title for each in stories[3:9]}
    assert not worlds.ask(tmp_path / "corpus.duckdb", f"SELECT url FROM capture WHERE url LIKE '%{OTHER}%'")
    told = bring(tmp_path, "warc", folder, limit=2, again=1)
    assert told.over == 14


def test_the_same_file_again_copies_nothing(tmp_path: Path) -> None:
    """Captures are known by their page and time."""
    file = warc(tmp_path / "others.warc.gz", [story(number) for number in range(5)])
    bring(tmp_path, "warc", file)
    before = worlds.ask(tmp_path / "corpus.duckdb", "SELECT count(*) FROM capture")
    bring(tmp_path, "warc", file)
    assert worlds.ask(tmp_path / "corpus.duckdb", "SELECT count(*) FROM capture") == before == [(5,)]


def test_a_file_that_is_cut_gives_what_is_whole_and_says_where_it_is_cut(tmp_path: Path) -> None:
    """The rest is kept."""
    file = warc(tmp_path / "others.warc.gz", [story(number) for number in range(6)])
    file.write_bytes(file.read_bytes()[:-300])
    told = bring(tmp_path, "warc", file)
    assert len(titles(tmp_path)) == 5
    assert any("others.warc.gz" in problem for problem in told.problems)


def test_saved_pages_know_where_they_are_from(tmp_path: Path) -> None:
    """By the browser's note or their canonical link; one that says nothing is named and passed over."""
    folder = tmp_path / "pages"
    folder.mkdir()
    one, two, three = (story(number) for number in range(3))
    note = f"<!-- saved from url=(0042)https://{HOST}{one.path} -->\n".encode()
    (folder / "one.html").write_bytes(note + one.page())
    link = f'<link rel="canonical" href="https://{HOST}{two.path}">'.encode()
    (folder / "two.htm.gz").write_bytes(gzip.compress(two.page().replace(b"</head>", link + b"</head>")))
    (folder / "three.html").write_bytes(three.page())
    told = bring(tmp_path, "pages", folder)
    assert titles(tmp_path) == {one.title, two.title}
    assert ["three.html" in problem for problem in told.problems] == [True]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared WARC files are not here")
def test_files_of_other_crawlers_are_read_whatever_is_wrong_with_them(tmp_path: Path) -> None:
    """Forty files, many broken on purpose: the job ends, says what is wrong, and a rebuild gives the same."""
    told = bring(tmp_path, "warc", SHARED)
    assert told.phase == "done"
    made = rebuild.rebuild(worlds.settings(tmp_path), Runner(workers=1), swap=False)
    assert [str(found) for found in compare.compare(tmp_path / "corpus.duckdb", made.corpus)] == []
