"""What each stage of a cycle costs in CPU seconds: the whole way once more in one process, with clocks at the seams.

The clocks cost a little themselves and nothing runs side by side here, so these figures say where the time goes, and not
how fast a cycle is.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from extractors import article, intake, proof, relations, second, similarity, tagging, wire
from extractors import language as languages
from flows import cycle, reader
from flows.collect import Collector
from flows.config import Settings
from flows.registry import Registry
from storage import archive, loading, plan, rows, stories, warehouse

SEAMS: tuple[tuple[str, Any, str], ...] = (
    ("archive", archive.Writer, "append"),
    ("parse feed", intake, "parse_listing"),
    ("unpack", wire, "unfold"),
    ("extract", article, "read"),
    ("second look", second, "read"),
    ("language", languages, "detect"),
    ("tag", tagging, "tag"),
    ("relate", relations, "links"),
    ("relate", relations, "triangle"),
    ("relate", proof, "relation"),
    ("likeness", similarity, "bands"),
    ("rows", rows, "build"),
    ("load", loading, "commit"),
    ("stories", stories, "link"),
    ("plan", plan, "save"),
)


class Clocks:
    """CPU seconds by stage; a stage inside another is taken out of it."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._stack: list[str] = []
        self._since = time.process_time()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what the block costs as that stage's."""
        self._turn()
        self._stack.append(name)
        try:
            yield
        finally:
            self._turn()
            self._stack.pop()

    def _turn(self) -> None:
        now = time.process_time()
        if self._stack:
            self.spent[self._stack[-1]] += now - self._since
        self._since = now

    def wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function whose time is counted."""

        def timed(*arguments: Any, **named: Any) -> Any:
            with self.stage(name):
                return function(*arguments, **named)

        return timed


def split(settings: Settings, registry: Registry) -> dict[str, float]:
    """Collect and load in this process, and return CPU seconds by stage."""
    clocks = Clocks()
    with ExitStack() as stack:
        for name, owner, attribute in SEAMS:
            stack.enter_context(patch.object(owner, attribute, clocks.wrapped(name, getattr(owner, attribute))))
        with clocks.stage("fetch"):
            collector = Collector(settings, cycle.describe(settings, registry, "ingest"))
            asyncio.run(collector.collect(registry, all_due=True))
        with clocks.stage("open"), warehouse.connect(settings.corpus) as connection:
            for path in archive.segments(settings.archive):
                with clocks.stage("read archive"):
                    read = reader.read_segment(path, settings.cache)
                loading.commit(connection, read.info, read.facts, read.tables)
            plan.save(connection, settings.plan)
    return dict(clocks.spent)
