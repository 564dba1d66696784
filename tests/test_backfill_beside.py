"""A backfill and runs at the same time ask a host as politely as one of them alone, and neither starves."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from extractors.model import Feed, Source
from flows import cycle
from flows.past import running
from flows.registry import Registry
from storage.jobs import Job
from tests import world as worlds
from tests.past import serving
from tests.past.writing import story

DELAY = 0.25  # seconds between two questions to a host
SLACK = 0.03  # of the server's own clock
PAST, NOW = range(12), range(12, 20)  # stories of the backfill, and of the feed
TAKES = 0.1  # seconds of an answer: a second question meanwhile would be seen


@dataclass(slots=True)
class Host:
    """One host: when each question came and when its answer had gone, and whose it was."""

    base: str = ""
    asked: list[tuple[float, float, str]] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    host: Host

    def do_GET(self) -> None:
        """Answer slowly, and note when."""
        came = time.monotonic()
        time.sleep(TAKES)
        body, kind = self._page()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.host.asked.append((came, time.monotonic(), self.path))
        self.wfile.write(body)

    def _page(self) -> tuple[bytes, str]:
        if self.path == "/feed":
            items = "".join(
                f"<item><title>{story(n).title}</title><link>{self.host.base}{story(n).path}</link></item>" for n in NOW
            )
            feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Quay</title>{items}</channel></rss>'
            return feed.encode(), "application/rss+xml"
        if self.path.startswith("/world/story-"):
            return story(int("".join(filter(str.isdigit, self.path)))).page(), "text/html; charset=utf-8"
        return b"", "text/plain"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve() -> Iterator[Host]:
    """Serve one host until the block ends."""
    host = Host()
    with serving.loopback(_Handler, host=host) as host.base:
        yield host


def main(role: str, data: str, *bases: str) -> None:
    """Do a backfill or a run over some hosts, in a process of its own."""
    plain = worlds.settings(Path(data))
    settings = replace(plain, fetch=replace(plain.fetch, delay=DELAY))
    sources = tuple(
        Source(
            id=f"quay{number}", name="The Quay", country="EU", language="en", time_zone="UTC", owner="its readers",
            state=False, family="quay", home=base + "/", hosts=(base.removeprefix("http://"),),
        ) for number, base in enumerate(bases)
    )  # fmt: skip
    feeds = tuple(
        Feed(url=f"{base}/feed", source_id=source.id, language="en")
        for source, base in zip(sources, bases, strict=True)
    )
    registry = Registry(sources=sources, feeds=feeds)
    _wait_for_the_other(Path(data), role)
    if role == "run":
        cycle.run(settings, registry, all_due=True)
    else:
        running.run(settings, registry, Job(kind="urls", where=(str(Path(data) / "list.txt"),)))


def _wait_for_the_other(data: Path, role: str) -> None:
    """Begin together, however long each took to start."""
    (data / f"{role}.ready").touch()
    deadline = time.monotonic() + 60
    while len(list(data.glob("*.ready"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)


def test_two_processes_share_the_turns_of_a_host_and_both_get_through(tmp_path: Path) -> None:
    """Never two questions at a time, never closer than the delay, each page once, the two in between each other."""
    with serve() as one, serve() as two:
        bases = [one.base, two.base]
        (tmp_path / "list.txt").write_text("\n".join(f"{base}{story(n).path}" for base in bases for n in PAST))
        code = f"from tests import test_backfill_beside as t; t.main({{!r}}, {str(tmp_path)!r}, *{bases!r})"
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", code.format(role)], cwd=Path(__file__).parent.parent, stderr=subprocess.PIPE
            )
            for role in ("backfill", "run")
        ]
        for process in processes:
            _, told = process.communicate(timeout=180)
            assert process.returncode == 0, told.decode()
    for host in (one, two):
        asked = sorted(host.asked)
        gaps = [later[0] - earlier[1] for earlier, later in zip(asked, asked[1:], strict=False)]
        assert min(gaps) > DELAY - SLACK, gaps
        pages = [path for _, _, path in asked if path.startswith("/world")]
        assert sorted(pages) == sorted(story(n).path for n in (*PAST, *NOW))
        past = {story(n).path for n in PAST}
        changes = sum((a in past) != (b in past) for a, b in zip(pages, pages[1:], strict=False))
        assert changes >= 4, "one waited for the other to end"
    titles = {title for (title,) in worlds.ask(tmp_path / "corpus.duckdb", "SELECT title FROM articles")}
    assert titles == {story(n).title for n in (*PAST, *NOW)}
