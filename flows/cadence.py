"""When to ask again: the pause between two polls of a feed, the next try of a page that failed, the visits that catch
edits.

Everything here decides and nothing acts: functions are given `now` and facts, and give times. There is no randomness:
what looks like it (jitter, so that a thousand feeds do not all fall due in the same second) is derived from the URL.
The numbers stand at the top, with what is known of the field.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from extractors.model import Reason

# --- Polls ---
MIN_POLL = timedelta(minutes=5)  # hosts that count tend to allow a question a minute; no desk publishes faster for long
MAX_POLL = timedelta(hours=12)  # a quiet ministry may publish any day, and its news should be read on that day
TTL_HONOURED = timedelta(hours=2)  # `ttl` says 60 by habit; a few feeds say a week, and would lose stories
# The pause that costs least, when a question and an hour that a story waits both have a price, goes with the root of
# the rate of news: a feed four times as lively is asked twice as often. A feed's interval is its pause at this rate.
NEWS_AT_INTERVAL = 1.0  # new entries an hour
PRIOR = 0.5  # entries added to what was seen: a feed without news is slowed down step by step, and none divides by zero
RECENT = timedelta(days=3)  # the rate is measured over: long enough for a night, short enough for a crisis
SAFE_OVERLAP = 0.5  # a poll should find at least this share of the last poll's entries, or stories may fall out unseen
JITTER = 0.1  # of a pause; it only ever adds: a floor is a floor, and a week is a week

# --- Failures ---
# Field knowledge: most failures heal within the hour (deployments, overload); a host that has failed for a day is
# usually gone for days.
FEED_BACKOFF = timedelta(minutes=10)  # times 2 for each failure in a row
PATIENCE = 16  # a busy feed that has failed for so many hours is asked each hour
MAX_FEED_BACKOFF = timedelta(hours=24)  # a dead feed costs one request a day until somebody looks
GONE_BACKOFF = timedelta(hours=12)  # 404: feeds come back after a relaunch more often than one thinks
REFUSED_BACKOFF = timedelta(hours=6)  # 401, 403, robots: asking often makes it worse
PARKED_BY = 410  # the one status that says "never again" (RFC 9110, section 15.5.11)

PAGE_BACKOFF = timedelta(minutes=15)  # times 4 for each attempt: 15 min, 1 h, 4 h, 16 h, 64 h
MAX_ATTEMPTS = 6
ROBOTS_AGAIN = timedelta(days=7)
ROBOTS_ATTEMPTS = 2  # a rule that held for a week holds
FORBIDDEN_ATTEMPTS = 2  # a paywall or a block; a second try, in case it was a passing bot check
GONE_ATTEMPTS = 2  # a feed is often faster than the site behind it: 404 on the first try is not final
SOON = timedelta(minutes=5)  # after a deferral: nothing was asked, so nothing has failed

# --- Revisits ---
# Most edits come within the hour (typing errors, first corrections), the rest within a day; after a week only notices
# of correction.
REVISITS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))

# --- Rest ---
DEFAULT_REST = timedelta(minutes=5)  # 429 without a Retry-After
MAX_REST = timedelta(hours=24)  # some hosts ask for years

CLOCKS_DIFFER = timedelta(hours=1)  # beyond which a time to come was noted by a wrong clock

_DAY = 86400
_NEVER_PAGE = frozenset({Reason.BAD_URL, Reason.PRIVATE_ADDRESS, Reason.TOO_LARGE, Reason.BOMB})
_REFUSED = frozenset({Reason.FORBIDDEN, Reason.ROBOTS, Reason.BAD_URL, Reason.PRIVATE_ADDRESS})
_PAGE_ATTEMPTS = {
    Reason.ROBOTS: ROBOTS_ATTEMPTS,
    Reason.FORBIDDEN: FORBIDDEN_ATTEMPTS,
    Reason.GONE: GONE_ATTEMPTS,
    Reason.CLIENT_ERROR: FORBIDDEN_ATTEMPTS,
    Reason.REDIRECTS: GONE_ATTEMPTS,
    Reason.NO_CONTENT: GONE_ATTEMPTS,
}


class Parked(StrEnum):
    """Why something is not asked for again by itself."""

    GONE = "gone"  # 410
    GIVEN_UP = "given-up"  # tried as often as makes sense
    NEVER = "never"  # cannot be asked at all
    DONE = "done"  # every visit has been made


Next = datetime | Parked


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One ask of a feed, as far as the next one depends on it."""

    at: datetime
    reason: Reason | None = None  # None: it answered, with news or without
    status: int | None = None
    new: int = 0  # entries not seen before
    overlap: float | None = None  # share of the last poll's entries found again, 0 to 1
    retry_after: float | None = None  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A page that was asked for in vain. `attempt` counts from 1 and does not count deferrals."""

    at: datetime
    reason: Reason
    attempt: int = 1
    status: int | None = None
    retry_after: float | None = None  # seconds


def next_poll(
    url: str,
    *,
    interval: int,
    polls: tuple[Poll, ...],
    now: datetime,
    ttl: int | None = None,
    turnover: float | None = None,
) -> Next:
    """Return when a feed is due: now when it was never asked, otherwise by what its polls (oldest first) tell.

    `interval` is the feed's own, in seconds, used until something is known; `ttl` is what the feed asks for, in
    seconds; `turnover` the shortest time, in seconds, in which a third of what it lists is known to have come out.
    """
    # Polls that lie in the future were noted by a clock that has been set right since: they say nothing.
    polls = tuple(poll for poll in polls if poll.at <= now + CLOCKS_DIFFER)
    if not polls:
        return now
    last = polls[-1]
    if last.status == PARKED_BY:
        return Parked.GONE
    answered = last.reason is None
    pause = _after_answer(interval, polls, ttl, turnover) if answered else _after_failure(interval, polls, turnover)
    return min(last.at, now) + max(_jittered(pause, url), _asked(last.retry_after))


def next_attempt(url: str, failure: Failure) -> Next:
    """Return when a page that failed is asked for again, or why not."""
    reason = failure.reason
    if reason is Reason.DEFERRED:
        return failure.at + max(SOON, _asked(failure.retry_after))
    if reason in _NEVER_PAGE:
        return Parked.NEVER
    if failure.status == PARKED_BY:
        return Parked.GONE
    if failure.attempt >= _PAGE_ATTEMPTS.get(reason, MAX_ATTEMPTS):
        return Parked.GONE if reason is Reason.GONE else Parked.GIVEN_UP
    pause = ROBOTS_AGAIN if reason is Reason.ROBOTS else PAGE_BACKOFF * math.pow(4, max(0, failure.attempt - 1))
    return failure.at + max(_jittered(pause, url), _asked(failure.retry_after))


def next_revisit(captured: datetime, visits: int) -> Next:
    """Return when a page first captured at `captured` is looked at again after `visits` later visits."""
    return captured + REVISITS[visits] if 0 <= visits < len(REVISITS) else Parked.DONE


def rest(status: int, retry_after: float | None) -> float | None:
    """Return for how many seconds a host is left alone after such an answer, or None.

    429 always means the host; 503 means it when it says until when, and is otherwise taken for the trouble of one page.
    """
    if status not in (420, 429, 503):
        return None
    if retry_after is None:
        return None if status == 503 else DEFAULT_REST.total_seconds()
    return retry_after


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Read a `Retry-After` of seconds or an HTTP date (RFC 9110, section 10.2.3): seconds from `now`, 0 to MAX_REST, or
    None.

    Forms seen that the standard does not know are read as well: fractions, and dates without a zone (taken for UTC).
    """
    text = (value or "").strip()
    if not 0 < len(text) <= 64:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = _until(text, now)
    if math.isnan(seconds):
        return None
    return min(max(0.0, seconds), MAX_REST.total_seconds())


def _until(text: str, now: datetime) -> float:
    """Return the seconds from `now` to a date in any form that HTTP has known, or NaN where it is none."""
    try:
        moment = parsedate_to_datetime(text)
        return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, OverflowError, IndexError, TypeError):
        return math.nan


def _after_answer(interval: int, polls: tuple[Poll, ...], ttl: int | None, turnover: float | None) -> timedelta:
    """Return the pause after a poll that answered: by the rate of news, and never so long that any is missed."""
    last = polls[-1]
    answered = [poll for poll in polls if poll.reason is None]
    pause = usual = timedelta(seconds=max(1, min(interval, _DAY)))
    if (rate := _rate(answered)) is not None:
        pause *= math.sqrt(NEWS_AT_INTERVAL / rate)
    floor = MIN_POLL if ttl is None else max(MIN_POLL, min(timedelta(seconds=max(0, min(ttl, _DAY))), TTL_HONOURED))
    if turnover is not None and turnover < MAX_POLL.total_seconds():
        # After a quiet night or Sunday the rate says little: the next busy hours may be like the busiest that are known.
        # What comes out faster than the feed's own interval came in one go, and asking often would not help.
        pause = min(pause, max(usual, timedelta(seconds=max(0.0, turnover))))
    if last.overlap is not None and last.overlap < SAFE_OVERLAP and len(answered) > 1:
        # Part of the feed's window has gone by nearly or wholly unseen: what it asks for does not fit what it does.
        pause = min(pause, (last.at - answered[-2].at) * max(0.25, last.overlap))
        floor = MIN_POLL
    return max(floor, min(pause, MAX_POLL))


def _rate(answered: Sequence[Poll]) -> float | None:
    """Return the new entries an hour, or None while nothing can be said. What the first poll found is older than it."""
    recent = [poll for poll in answered if answered[-1].at - poll.at <= RECENT]
    if not any(poll.new for poll in recent[1:]):
        recent = list(answered)  # the longer it has been quiet, the lower the rate
    hours = (recent[-1].at - recent[0].at) / timedelta(hours=1)
    return (sum(poll.new for poll in recent[1:]) + PRIOR) / hours if hours > 0 else None


def _after_failure(interval: int, polls: tuple[Poll, ...], turnover: float | None) -> timedelta:
    """Return the pause after a poll that failed."""
    last = polls[-1]
    if last.reason is Reason.DEFERRED:
        return SOON
    asked = [poll for poll in polls if poll.reason is not Reason.DEFERRED]
    failures = _streak(asked, lambda poll: poll.reason is not None)
    pause = FEED_BACKOFF * math.pow(2, min(failures - 1, 20))
    if turnover is not None:
        # The host may come back any hour, and what a busy feed lists then is gone soon: so its pauses grow with the time that
        # it has been failing, as far back as its polls are known, to a day as well, only later.
        failing = last.at - asked[-failures].at
        pause = min(pause, max(timedelta(seconds=max(1, interval, min(turnover, _DAY))), failing / PATIENCE))
    if last.reason in _REFUSED:
        pause = max(pause, REFUSED_BACKOFF)
    if last.reason is Reason.GONE:
        pause = max(pause, GONE_BACKOFF)
    return min(pause, MAX_FEED_BACKOFF)


def _streak(polls: Sequence[Poll], holds: Callable[[Poll], bool]) -> int:
    """Return how many of the last polls in a row are so."""
    return next((count for count, poll in enumerate(reversed(polls)) if not holds(poll)), len(polls))


def _asked(retry_after: float | None) -> timedelta:
    """Return the wait that a server asked for, within reason."""
    return timedelta(seconds=max(0.0, min(retry_after or 0.0, MAX_REST.total_seconds())))


def _jittered(pause: timedelta, url: str) -> timedelta:
    """Return a pause made a little longer, by a share that the URL always gives."""
    share = int.from_bytes(hashlib.sha256(url.encode("utf-8", "replace")).digest()[:8]) / 2**64
    return pause + pause * JITTER * share
