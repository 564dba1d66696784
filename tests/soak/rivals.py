"""Scheduling rules of others on the same newsroom, as pure simulations: how many questions, how many stories, how late.

Written from what their documentation and settings say, with their defaults; robots files, pages and failures of the
network are left out, so that only the rule is compared. Ours is the same simulation over `flows.cadence`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows import cadence
from flows.cadence import Poll
from tests.soak.press import START, WINDOW, Feed

MINUTE = timedelta(minutes=1)
Rule = Callable[[list[Poll], timedelta], timedelta]  # polls so far and the last pause: the next pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a rule costs and brings."""

    requests: int
    found: int
    missed: int
    hours_late: float  # mean

    @property
    def per_story(self) -> float:
        """Questions to feeds for each story found."""
        return self.requests / max(1, self.found)


def miniflux_round_robin(_: list[Poll], __: timedelta) -> timedelta:
    """Every feed each hour (`SCHEDULER_ROUND_ROBIN_MIN_INTERVAL=60`)."""
    return 60 * MINUTE


def miniflux_entry_frequency(polls: list[Poll], _: timedelta) -> timedelta:
    """A week by the number of entries of the last week, from 5 minutes to a day (`POLLING_SCHEDULER=entry_frequency`)."""
    week = [poll.new for poll in polls if polls[-1].at - poll.at <= timedelta(days=7)]
    return max(5 * MINUTE, min(timedelta(days=1), timedelta(days=7) / max(1, sum(week))))


def media_cloud(polls: list[Poll], pause: timedelta) -> timedelta:
    """Begin at twelve hours; an hour less when under a third is known already, an hour more when over two thirds are."""
    last = polls[-1]
    known = 1.0 if last.overlap is None else last.overlap
    if known < 0.33:
        return max(10 * MINUTE, pause - 60 * MINUTE)
    return min(720 * MINUTE, pause + 60 * MINUTE) if known > 0.67 else pause


def simulate(feeds: list[Feed], days: float, rule: Rule | None, tick: timedelta) -> Score:
    """Poll all feeds by a rule, or by ours where it is None, looking each `tick` at what is due."""
    requests = found = 0
    late = timedelta()
    published = sum(START <= story.at < START + timedelta(days=days - 0.5) for feed in feeds for story in feed.stories)
    for feed in feeds:
        seen: set[str] = {story.url for story in feed.shown(START)}
        polls: list[Poll] = []
        pause, due, now = 720 * MINUTE, START, START
        while now < START + timedelta(days=days):
            if now >= due and not feed.is_down(now):
                shown = feed.shown(now)
                new = [story for story in shown if story.url not in seen]
                overlap = None if not polls else 1 - len(new) / max(1, len(shown))
                polls.append(Poll(at=now, new=len(new), overlap=overlap))
                requests += 1
                counted = [story for story in new if START <= story.at < START + timedelta(days=days - 0.5)]
                found += len(counted)
                late += sum((now - story.at for story in counted), timedelta())
                seen.update(story.url for story in new)
                due, pause = _next(feed, polls, rule, pause, now)
            now += tick
    return Score(
        requests=requests, found=found, missed=published - found, hours_late=late / timedelta(hours=1) / max(1, found)
    )


def _next(
    feed: Feed, polls: list[Poll], rule: Rule | None, pause: timedelta, now: datetime
) -> tuple[datetime, timedelta]:
    if rule is not None:
        pause = rule(polls, pause)
        return now + pause, pause
    due = cadence.next_poll(
        feed.url, interval=1800, polls=tuple(polls[-20:]), now=now, turnover=_turnover(feed, polls[0].at, now)
    )
    assert isinstance(due, datetime)
    return due, pause


def _turnover(feed: Feed, since: datetime, now: datetime) -> float | None:
    """Return the shortest time, in seconds, in which a third of a listing came out, of what was shown in the last two weeks."""
    first = feed.shown(since)[-1].at if feed.shown(since) else since
    times = [story.at for story in feed.stories if max(first, now - timedelta(days=14)) <= story.at <= now]
    third = WINDOW // 3
    return min(((b - a).total_seconds() for a, b in zip(times, times[third:], strict=False)), default=None)
