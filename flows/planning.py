"""What to ask for now: which feeds are due, which pages are wanted. Pure: facts and `now` in, wants out.

When something is due is decided in `cadence`; what the corpus remembers comes from `storage.plan`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from extractors.model import Failed, Fetched, Polled, Purpose, Sighted, Validators, Want
from flows import cadence
from flows.registry import Registry
from storage.plan import FeedPast, Known, PastPoll, Pending, Plan, Revisit


def feeds(registry: Registry, plan: Plan, now: datetime, *, all_due: bool = False) -> list[Want]:
    """Return the wants of the feeds that are due, in the order of the registry. `all_due`: of all that are alive."""
    zones = {source.id: source.time_zone for source in registry.sources}
    wants = []
    for feed in registry.feeds:
        past = plan.feeds.get(feed.url, FeedPast())
        due = cadence.next_poll(
            feed.url, interval=feed.interval, polls=_polls(past), now=now, ttl=past.ttl, turnover=past.turnover
        )
        if isinstance(due, datetime) and (all_due or due <= now):
            wants.append(
                Want(
                    url=feed.url,
                    purpose=Purpose.SITEMAP if feed.kind == "sitemap" else Purpose.FEED,
                    source_id=feed.source_id,
                    language=feed.language,
                    time_zone=zones.get(feed.source_id),
                    validators=past.validators,
                )
            )
    return wants


def _polls(past: FeedPast) -> tuple[cadence.Poll, ...]:
    return tuple(
        cadence.Poll(
            at=poll.at,
            reason=poll.reason,
            status=poll.status,
            new=poll.new,
            overlap=poll.overlap,
            retry_after=poll.retry_after,
        )
        for poll in past.polls
    )


def pages(plan: Plan, now: datetime, *, revisit: bool = True) -> list[Want]:
    """Return the pages that are due: those that nobody has captured yet, then those to look at again."""
    wants = [want for want in (_pending(item, now) for item in plan.pending) if want]
    if revisit:
        wants += [want for want in (_revisit(item, now) for item in plan.revisits) if want]
    return wants


def _pending(item: Pending, now: datetime) -> Want | None:
    if item.failure is None:
        return item.want
    failure = item.failure
    due = cadence.next_attempt(
        item.want.url,
        cadence.Failure(
            at=failure.at,
            reason=failure.reason,
            attempt=failure.attempt,
            status=failure.status,
            retry_after=failure.retry_after,
        ),
    )
    wrong_clock = failure.at > now + cadence.CLOCKS_DIFFER
    if isinstance(due, datetime) and (due <= now or wrong_clock):
        return replace(item.want, attempt=failure.attempt + 1, reason="retry")
    return None


def _revisit(item: Revisit, now: datetime) -> Want | None:
    due = cadence.next_revisit(item.captured_at, item.visits)
    if isinstance(due, datetime) and due <= now:
        return replace(item.want, attempt=item.visits + 1, reason="revisit")
    return None


def discovered(polled: Iterable[Polled], known: Known) -> list[Want]:
    """Return the pages that feeds name for the first time, or whose entries were touched. `known` learns of them."""
    wants = []
    for item in polled:
        for sighted in item.sighted:
            before, named = known.fingerprint(sighted.id), known.fingerprint(sighted.url_id) is not None
            known.add(sighted.id, sighted.fingerprint)
            known.add(sighted.url_id, 0)
            if not named:
                wants.append(_want(item.record.outcome.want, sighted, "new"))
            elif before is not None and before != sighted.fingerprint:
                wants.append(_want(item.record.outcome.want, sighted, "revisit"))
    return wants


def _want(told: Want, sighted: Sighted, reason: Literal["new", "revisit"]) -> Want:
    return Want(
        url=sighted.entry.url,
        purpose=Purpose.PAGE,
        source_id=told.source_id,
        referrer=told.url,
        language=sighted.entry.language or told.language,
        time_zone=told.time_zone,
        entry=replace(sighted.entry, content=""),
        reason=reason,
    )


def distinct(wants: Iterable[Want], limit: int) -> tuple[list[Want], int]:
    """Return the wants, each URL once, up to a limit, and how many had to be left for the next cycle."""
    first: dict[str, Want] = {}
    for want in wants:
        first.setdefault(want.url, want)
    chosen = list(first.values())
    return chosen[:limit], max(0, len(chosen) - limit)


def overlay(plan: Plan, polled: Iterable[Polled], asked: Iterable[Want]) -> tuple[Plan, list[Want]]:
    """Return the plan with what later segments hold that are not loaded yet, and the pages that are still wanted of it.

    `polled` are their polls in order, `asked` the pages that they have an outcome for.
    """
    polls = list(polled)
    feeds = dict(plan.feeds)
    for item in polls:
        url = item.record.outcome.want.url
        feeds[url] = _seen(feeds.get(url, FeedPast()), item)
    done = {want.url for want in asked}
    wants = [want for want in discovered(polls, plan.known) if want.url not in done]
    rest = replace(
        plan,
        feeds=feeds,
        pending=tuple(item for item in plan.pending if item.want.url not in done),
        revisits=tuple(item for item in plan.revisits if item.want.url not in done),
    )
    return rest, wants


def _seen(past: FeedPast, item: Polled) -> FeedPast:
    outcome = item.record.outcome
    exchange = outcome.exchange
    poll = PastPoll(
        at=outcome.at,
        reason=outcome.reason if isinstance(outcome, Failed) else None,
        status=exchange.status if exchange else None,
        new=0,
        overlap=None,
        retry_after=outcome.retry_after if isinstance(outcome, Failed) else None,
    )
    validators = past.validators
    if isinstance(outcome, Fetched):
        validators = Validators(
            etag=outcome.exchange.header("etag"), last_modified=outcome.exchange.header("last-modified")
        )
    return replace(past, polls=(*past.polls, poll), validators=validators)
