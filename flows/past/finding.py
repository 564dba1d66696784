"""The pages of a job, found: listing after listing, breadth first, each asked for once in all runs of the job.

What to ask next is decided in `sources`, which entries are wanted in `choice`.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from extractors import urls
from extractors.model import Failed, Fetched, Listing, Outcome, Purpose, Want
from flows.fetcher import Fetcher
from flows.past import files, sources
from flows.past.memory import ATTEMPTS
from flows.past.sources import Step
from flows.past.work import Work

Keep = Callable[[Outcome], None]


async def find(work: Work, fetcher: Fetcher, keep: Keep) -> None:
    """Give every entry of the job's listings to its chooser. `keep` is given what was fetched for it."""
    waiting: deque[Step] = deque()
    for where in work.job.where:
        waiting.extend(await _begin(work, fetcher, where))
    seen = {urls.canonical(step.want.url) for step in waiting}
    while waiting and work.listings < sources.MAX_LISTINGS:
        steps, waiting = list(waiting), deque()
        async for step, listing in _read(work, fetcher, steps, keep):
            work.listings += 1
            if listing.problem:
                work.problem(f"{step.want.url}: {listing.problem}")
            fresh = sum([work.chooser.take(entry, step.want) for entry in listing.entries])
            for following in sources.follow(work.job, step, listing, fresh=fresh):
                address = urls.canonical(following.want.url)
                if address not in seen:  # or an index leads in a circle
                    seen.add(address)
                    waiting.append(following)
            work.note("planning")
    if waiting:
        work.problem(f"more than {sources.MAX_LISTINGS:,} listings: the rest is left out")


async def _begin(work: Work, fetcher: Fetcher, where: str) -> list[Step]:
    """Return the first listings of one place."""
    if work.job.kind == "urls" and "://" not in where:
        want = Want(url=Path(where).absolute().as_uri(), purpose=Purpose.LISTING, reason="backfill")
        return [Step(want=want)]
    home = where if "://" in where else f"https://{where}/"
    source = work.outlets.get(urls.owner(home, work.hosts) or "")
    told = Want(
        url="",
        purpose=Purpose.PAGE,
        source_id=source.id if source else None,
        language=source.language if source else None,
        time_zone=source.time_zone if source else None,
    )
    named: tuple[str, ...] = ()
    if work.job.kind == "sitemap" and sources.is_site(where):
        rules = await fetcher.rules(home)
        named = rules.sitemaps if rules else ()
    return sources.begin(work.job, where, sitemaps=named, told=told)


async def _read(work: Work, fetcher: Fetcher, steps: list[Step], keep: Keep) -> AsyncIterator[tuple[Step, Listing]]:
    """Yield the listings of steps, in the order of the steps, so that every run of a job plans the same."""
    answers: dict[str, Listing] = {}
    missing: list[Step] = []
    for step in steps:
        if step.want.url.startswith("file:"):
            answers[step.want.url] = await asyncio.to_thread(files.read_list, step.want)
        elif step.want.url not in work.memory.listings:
            missing.append(step)
    for _ in range(ATTEMPTS):
        missing = await _ask(work, fetcher, missing, keep, answers)
    for step in steps:
        url = step.want.url
        if url in answers:
            yield step, answers.pop(url)
        elif answer := work.memory.answer(step):  # of an earlier run, out of the archive
            yield step, await asyncio.to_thread(files.listing, answer)


async def _ask(work: Work, fetcher: Fetcher, steps: list[Step], keep: Keep, answers: dict[str, Listing]) -> list[Step]:
    """Ask for listings, and return those to ask again, when the time for it has come."""
    again: list[Step] = []
    due = 0.0
    by_url = {step.want.url: step for step in steps}
    wants = [replace(step.want, attempt=work.memory.attempt(step.want)) for step in steps]
    async with aclosing(work.watched(fetcher.stream(wants))) as outcomes:
        async for outcome in outcomes:
            keep(outcome)
            work.memory.learn(outcome)
            url = outcome.want.url
            if isinstance(outcome, Fetched):
                answers[url] = await asyncio.to_thread(files.listing, outcome)
            elif isinstance(outcome, Failed):
                at = work.again_at(outcome)
                answers[url] = Listing(format="", problem=f"{outcome.reason}: {outcome.detail}")
                if at is not None:
                    again.append(by_url[url])
                    due = max(due, at)
    await work.until(due)
    return again
