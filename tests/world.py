"""A world for whole-pipeline tests: the newsroom, settings that reach it, what a corpus says without its times."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from flows import cycle
from flows.config import Settings
from flows.cycle import Report
from flows.demo import newsroom
from flows.demo.newsroom import Newsroom
from flows.manners import FetchSettings
from flows.registry import Registry
from storage import warehouse

# What must be the same for two corpora that saw the same world at different times.
CONTENT = {
    "source": "SELECT * EXCLUDE (as_of) FROM source",
    "feed": "SELECT * EXCLUDE (as_of) FROM feed",
    "entry": "SELECT * EXCLUDE (first_seen_at, last_seen_at) FROM entry",
    "article": "SELECT article_id, url, source_id FROM article",
    "revision": 'SELECT * EXCLUDE (captured_at, last_captured_at, segment, "offset", known_from, known_to) FROM revision',
    "mention": "SELECT * EXCLUDE (known_from, known_to) FROM mention",
    "tag": "SELECT * EXCLUDE (known_from, known_to) FROM tag",
    "relation": "SELECT * EXCLUDE (known_from, known_to) FROM relation",
    "statement": "SELECT * EXCLUDE (known_from, known_to) FROM statement",
    "story": "SELECT * FROM story",
    "answered": "SELECT DISTINCT url, reading, article_id, revision_id FROM capture WHERE outcome <> 'failed'",
}


def settings(data: Path, **changes: Any) -> Settings:
    """Return settings for servers on this machine: no waiting, no limits on the loopback."""
    fetch = FetchSettings(allow=("127.0.0.1",), delay=0.0, connect_timeout=5.0, total_timeout=20.0)
    return Settings(data=data, fetch=fetch, revisit=False, workers=1, **changes)


@contextmanager
def serve(edition: int = 1, base: int | None = None) -> Iterator[tuple[Newsroom, Registry]]:
    """Serve the demo's newsroom on ports in a row from `base`, or from wherever there are free ones."""
    with newsroom.serve(edition=edition, base_port=base or free_ports(len(newsroom.read_outlets()))) as served:
        yield served, Registry(sources=served.sources(), feeds=served.feeds())


def base_of(registry: Registry) -> int:
    """Return the first port of a served newsroom."""
    return min(int(source.home.rstrip("/").rsplit(":", 1)[1]) for source in registry.sources)


def free_ports(count: int) -> int:
    """Return the first of `count` ports in a row that nobody listens on."""
    for base in range(20000 + os.getpid() % 5000, 60000, count):
        with ExitStack() as stack:
            try:
                for port in range(base, base + count):
                    stack.enter_context(closing(socket.socket())).bind((newsroom.HOST, port))
            except OSError:
                continue
            return base
    raise RuntimeError("no free ports in a row")


def run(data: Path, registry: Registry, **changes: Any) -> Report:
    """Do one cycle over all feeds."""
    return cycle.run(settings(data, **changes), registry, all_due=True)


def content(corpus: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what a corpus says, table by table, sorted, without times of the runs."""
    with warehouse.connect(corpus, read_only=True) as connection:
        return {name: sorted(connection.execute(query).fetchall(), key=repr) for name, query in CONTENT.items()}


def differences(one: Path, other: Path) -> list[str]:
    """Return where two corpora differ in what they say: a line for each table, none when they are equal."""
    first, second = content(one), content(other)
    told = []
    for name in CONTENT:
        only = (
            [row for row in first[name] if row not in second[name]],
            [r for r in second[name] if r not in first[name]],
        )
        if any(only) or len(first[name]) != len(second[name]):
            told.append(f"{name}: {len(first[name])} rows and {len(second[name])}; {repr(only[0][:1])[:600]}")
            told.append(f"{name}: {repr(only[1][:1])[:600]}")
    return told


def ask(corpus: Path, sql: str) -> list[tuple[Any, ...]]:
    """Answer a question."""
    with warehouse.connect(corpus, read_only=True) as connection:
        return connection.execute(sql).fetchall()
