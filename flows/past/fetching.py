"""The pages of a job, fetched: what has no outcome yet, then what failed for a reason that may pass."""

import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import aclosing
from dataclasses import replace

from extractors import urls
from extractors.model import Failed, Outcome, Reason, Want
from flows.collect import Collector
from flows.fetcher import Fetcher
from flows.past.pace import Pace
from flows.past.work import Work

_BATCH = 20_000  # wants that are given to the fetcher at once


async def fetch(work: Work, fetcher: Fetcher, collector: Collector) -> None:
    """Fetch the pages that the job's chooser took, each until it has an outcome that stays."""
    total = len(work.chooser.wants)
    rest = [want for want in work.chooser.wants if not work.memory.is_settled(want)]
    pace = Pace(left=Counter(map(asked_host, rest)), settings=work.settings.fetch, begun=time.monotonic())
    work.note("fetching", done=total - len(rest), force=True)
    while rest:
        due = 0.0
        again: list[Want] = []
        for batch in batches(rest):
            wants = [replace(want, attempt=work.memory.attempt(want)) for want in batch]
            async with aclosing(work.watched(fetcher.stream(wants))) as outcomes:
                async for outcome in outcomes:
                    at = _keep(work, collector, outcome)
                    pace.note(asked_host(outcome.want))
                    if at is not None:
                        again.append(outcome.want)
                        due = max(due, at)
                    done = total - pace.left.total() - len(again)
                    work.note("fetching", done=done, seconds=pace.seconds_left(time.monotonic()))
        rest = again
        pace.left.update(map(asked_host, rest))
        await work.until(due)


def _keep(work: Work, collector: Collector, outcome: Outcome) -> float | None:
    """Keep an outcome, and return when to ask again, if so. A deferral is none: nothing was asked."""
    deferred = isinstance(outcome, Failed) and outcome.reason is Reason.DEFERRED
    if not deferred:
        collector.keep(outcome)
        work.memory.learn(outcome)
    return work.again_at(outcome) if isinstance(outcome, Failed) else None


def asked_host(want: Want) -> str:
    """Return the host that is asked for a page: its own, or an archive."""
    return urls.host(want.via or want.url)


def batches(wants: Iterable[Want], most: int = _BATCH) -> Iterator[list[Want]]:
    """Cut a plan into pieces in which every host has its share, so that hosts go on side by side."""
    by_host: dict[str, deque[Want]] = {}
    for want in wants:
        by_host.setdefault(asked_host(want), deque()).append(want)
    while by_host:
        batch: list[Want] = []
        share = max(1, most // len(by_host))
        for host in list(by_host):
            queue = by_host[host]
            batch += [queue.popleft() for _ in range(min(share, len(queue)))]
            if not queue:
                del by_host[host]
        yield batch
