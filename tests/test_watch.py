"""Saved queries at their time: what is new is delivered at least once, and remembered only then."""

import json
import smtplib
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from flows import watch
from storage import warehouse
from tests.desk import Segment, at, revision

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def add(corpus: Path, number: int) -> None:
    """Add an article."""
    url = f"https://gull.example/{number}"
    with warehouse.connect(corpus) as connection:
        Segment(f"s{number}").capture(url, at(number), revision(url, f"Words {number}", title=f"=Title {number}")).load(
            connection
        )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus with one article."""
    path = tmp_path / "corpus.duckdb"
    add(path, 1)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for queries."""
    path = tmp_path / "queries"
    path.mkdir()
    return path


def save(folder: Path, alert: str) -> None:
    """Write a query with an alert."""
    text = f"-- title: News\n-- key: url\n-- feed: atom, json\n-- alert: {alert}\nSELECT url, title, dated_at FROM articles ORDER BY url"
    (folder / "news.sql").write_text(text)
    (folder / "news.sql").chmod(0o600)


def look(corpus: Path, folder: Path, hours: float = 0) -> watch.Watched:
    """Look at the queries at a time."""
    return watch.watch(corpus, folder, folder / "out", folder / "state", NOW + timedelta(hours=hours))


def test_new_rows_go_to_a_file_once(corpus: Path, folder: Path) -> None:
    """Asked at its time only, and each row once."""
    save(folder, "file alerts.jsonl")
    assert look(corpus, folder).delivered == 1
    add(corpus, 2)
    assert look(corpus, folder, 0.5).asked == 0
    assert look(corpus, folder, 1).delivered == 1
    assert look(corpus, folder, 2).delivered == 0
    told = [json.loads(line) for line in (folder / "alerts.jsonl").read_text().splitlines()]
    assert [row["url"][-1] for row in told] == ["1", "2"]
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["news.atom", "news.json"]
    assert stat.S_IMODE((folder / "state" / "news.json").stat().st_mode) == 0o600


@contextmanager
def hook(status: list[int]) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Serve a webhook that answers with each status in turn."""
    seen: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status.pop(0))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/a-secret", seen
        server.shutdown()
        thread.join()


def test_what_a_webhook_did_not_take_comes_again(corpus: Path, folder: Path) -> None:
    """A refusal is a problem that does not show the secret in the address, and nothing is remembered."""
    with hook([500, 200]) as (url, seen):
        save(folder, f"webhook {url}")
        failed = look(corpus, folder)
        assert failed.delivered == 0
        assert "status 500" in failed.problems[0]
        assert "a-secret" not in failed.problems[0]
        assert look(corpus, folder, 1).delivered == 1
        assert look(corpus, folder, 2).delivered == 0
    assert len(seen) == 2
    assert seen[0] == seen[1]


def test_one_target_that_fails_does_not_repeat_the_others(corpus: Path, folder: Path) -> None:
    """Each target has its own memory."""
    with hook([500, 200]) as (url, _):
        save(folder, f"file alerts.jsonl, webhook {url}")
        assert look(corpus, folder).delivered == 1
        assert look(corpus, folder, 1).delivered == 1
    assert len((folder / "alerts.jsonl").read_text().splitlines()) == 1


def test_mail_is_one_message_with_all_that_is_new(corpus: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Subject and text are plain, and no header can be added by a title."""
    sent: list[EmailMessage] = []

    class Server:
        def __init__(self, host: str, port: int, timeout: float) -> None:
            assert (host, port) == ("mail.example", 2525)

        def __enter__(self) -> "Server":
            return self

        def __exit__(self, *_: object) -> None:
            """End."""

        def send_message(self, message: EmailMessage) -> None:
            sent.append(message)

    monkeypatch.setattr(smtplib, "SMTP", Server)
    (folder / "mail.toml").write_text('host = "mail.example"\nport = 2525\nsender = "corpus@example.org"\n')
    add(corpus, 2)
    save(folder, "mail desk@example.org")
    assert look(corpus, folder).delivered == 2
    assert (sent[0]["To"], sent[0]["Subject"]) == ("desk@example.org", "News: 2 new")
    assert "https://gull.example/2" in sent[0].get_content()


def test_a_mail_password_that_others_may_read_is_refused(corpus: Path, folder: Path) -> None:
    """Before anything is sent."""
    (folder / "mail.toml").write_text('password = "x"\n')
    (folder / "mail.toml").chmod(0o644)
    save(folder, "mail desk@example.org")
    assert "chmod 600" in look(corpus, folder).problems[0]


def test_a_webhook_that_others_may_read_is_not_called(corpus: Path, folder: Path) -> None:
    """Its address is its secret; what is new waits until the file is private."""
    with hook([200]) as (url, seen):
        save(folder, f"webhook {url}")
        (folder / "news.sql").chmod(0o644)
        told = look(corpus, folder)
        assert told.delivered == 0
        assert "chmod 600" in told.problems[0]
        assert "a-secret" not in told.problems[0]
        assert seen == []
        (folder / "news.sql").chmod(0o600)
        assert look(corpus, folder, 1).delivered == 1


def test_a_bad_query_does_not_keep_others_from_their_time(corpus: Path, folder: Path) -> None:
    """It is named, and the rest goes on."""
    (folder / "bad.sql").write_text("-- title: Bad\nSELECT nothing FROM nowhere")
    (folder / "worse.sql").write_text("DROP TABLE article")
    save(folder, "file alerts.jsonl")
    done = look(corpus, folder)
    assert (done.asked, done.delivered, len(done.problems)) == (1, 1, 2)


def test_a_damaged_memory_delivers_again(corpus: Path, folder: Path) -> None:
    """At least once is the promise."""
    save(folder, "file alerts.jsonl")
    look(corpus, folder)
    (folder / "state" / "news.json").write_text("{broken")
    assert look(corpus, folder, 1).delivered == 1
