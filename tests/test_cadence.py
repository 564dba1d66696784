"""When to ask again: decided from facts alone, so every case here is a table."""

import math
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.model import Reason
from flows import cadence
from flows.cadence import Failure, Parked, Poll

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
URL = "https://news.example/feed.xml"
HALF_HOUR = 1800


def polls(*new: int, every: timedelta = timedelta(minutes=30), **last: object) -> tuple[Poll, ...]:
    """Return polls that answered, the last one just now, with so many new entries each."""
    count = len(new)
    made = [Poll(at=NOW - every * (count - 1 - number), new=found) for number, found in enumerate(new)]
    if last:
        made[-1] = Poll(at=made[-1].at, new=made[-1].new, **last)  # type: ignore[arg-type]
    return tuple(made)


def failing(reason: Reason, times: int, **more: object) -> tuple[Poll, ...]:
    return tuple(
        Poll(at=NOW - timedelta(hours=times - 1 - n), reason=reason, **more)  # type: ignore[arg-type]
        for n in range(times)
    )


def pause(
    history: tuple[Poll, ...], *, interval: int = HALF_HOUR, ttl: int | None = None, turnover: float | None = None
) -> timedelta:
    due = cadence.next_poll(URL, interval=interval, polls=history, now=NOW, ttl=ttl, turnover=turnover)
    assert isinstance(due, datetime)
    return due - NOW


def about(expected: timedelta) -> tuple[timedelta, timedelta]:
    return expected * 0.999, expected * (1.001 + cadence.JITTER)


# --- Feeds ---


def test_a_feed_never_asked_is_due_now() -> None:
    """A new feed does not wait."""
    assert cadence.next_poll(URL, interval=HALF_HOUR, polls=(), now=NOW) == NOW


def test_a_feed_asked_once_waits_its_own_interval() -> None:
    """Whatever the first poll found: it is older than the poll, and says nothing of the rate."""
    low, high = about(timedelta(minutes=30))
    assert low <= pause(polls(40)) <= high


@pytest.mark.parametrize(("an_hour", "minutes"), [(1, 30), (4, 15), (16, 7.5), (0.25, 60)])
def test_a_feed_four_times_as_lively_is_asked_twice_as_often(an_hour: float, minutes: float) -> None:
    """The pause goes with the root of the rate."""
    history = tuple(Poll(at=NOW - timedelta(hours=68 - 4 * n), new=round(an_hour * 4) if n else 9) for n in range(18))
    assert pause(history) == pytest.approx(timedelta(minutes=minutes), rel=0.15)


def test_a_quiet_feed_is_slowed_down_step_by_step_and_not_for_ever() -> None:
    """A ministry that publishes once a month is still asked twice a day."""
    days = [pause(polls(*[0] * n, every=timedelta(hours=6))) for n in (2, 8, 40, 400)]
    assert days == sorted(days)
    assert days[0] < timedelta(hours=3)
    assert days[-1] <= cadence.MAX_POLL * (1 + cadence.JITTER)


def test_news_after_a_quiet_time_speeds_a_feed_up() -> None:
    """A crisis must not wait for the average of weeks."""
    quiet = polls(*[0] * 30, every=timedelta(hours=6))
    crisis = (*quiet[:-1], Poll(at=NOW, new=30))
    assert pause(crisis) < pause(quiet) / 4


def test_a_feed_whose_window_has_gone_by_is_asked_sooner_whatever_it_asks_for() -> None:
    """No overlap with the last poll: stories were probably missed, and a `ttl` does not fit."""
    history = polls(*[20] * 5, every=timedelta(hours=2), overlap=0.0)
    assert pause(history, interval=7200, ttl=7200) <= timedelta(minutes=30) * (1 + cadence.JITTER)


def test_a_quiet_sunday_does_not_make_a_feed_wait_longer_than_its_busy_hours_allow() -> None:
    """What it listed shows how fast a third of it can be gone; one that turns over in days is left as it is."""
    sunday = polls(*[0] * 12, every=timedelta(hours=2))
    assert pause(sunday) > timedelta(hours=3)
    low, high = about(timedelta(hours=1))
    assert low <= pause(sunday, turnover=3600) <= high
    assert pause(sunday, turnover=5 * 86400) == pause(sunday)


def test_entries_that_came_in_one_go_do_not_drive_a_feed() -> None:
    """A ministry that publishes its week in a minute is not asked more often than its own interval for that."""
    low, high = about(timedelta(minutes=30))
    for turnover in (0.0, 60.0, -7.0):
        assert low <= pause(polls(*[0] * 40, every=timedelta(hours=2)), turnover=turnover) <= high


def test_a_ttl_is_honoured_within_reason() -> None:
    """An hour is; a week is not, it would lose stories."""
    lively = polls(*[10] * 10)
    assert pause(lively, ttl=3600) >= timedelta(hours=1)
    assert pause(lively, ttl=7 * 86400) <= cadence.TTL_HONOURED * (1 + cadence.JITTER)
    assert pause(lively, ttl=-5) >= cadence.MIN_POLL


def test_failures_back_off_exponentially_to_a_day() -> None:
    """A dead feed costs one request a day."""
    pauses = [pause(failing(Reason.TIMEOUT, times)) for times in range(1, 12)]
    assert pauses == sorted(pauses)
    low, high = about(cadence.FEED_BACKOFF)
    assert low <= pauses[0] <= high
    assert pauses[1] == pytest.approx(pauses[0] * 2, rel=1e-6)
    assert pauses[-1] <= cadence.MAX_FEED_BACKOFF * (1 + cadence.JITTER)


def test_a_busy_feed_is_asked_often_enough_to_see_its_host_come_back() -> None:
    """A day and a half of failures must not make it wait until what it lists first is gone; weeks do slow it down."""
    asked = {hours: pause(failing(Reason.CONNECT, hours), turnover=3600) for hours in (5, 19, 200)}
    low, high = about(timedelta(hours=1))
    assert low <= asked[5] <= high
    assert asked[19] <= timedelta(hours=1.5)
    assert asked[200] >= timedelta(hours=12)
    assert pause(failing(Reason.FORBIDDEN, 19), turnover=3600) >= cadence.REFUSED_BACKOFF


def test_an_answer_ends_the_back_off() -> None:
    """Healed is healed."""
    history = (*failing(Reason.SERVER_ERROR, 9)[:-1], Poll(at=NOW, new=1))
    assert pause(history) <= timedelta(hours=1)


def test_410_parks_a_feed_and_404_does_not() -> None:
    """One says never again; after the other, feeds come back."""
    assert cadence.next_poll(URL, interval=1, polls=failing(Reason.GONE, 1, status=410), now=NOW) is Parked.GONE
    assert pause(failing(Reason.GONE, 1, status=404)) >= cadence.GONE_BACKOFF


@pytest.mark.parametrize("reason", [Reason.FORBIDDEN, Reason.ROBOTS])
def test_a_refusal_is_not_pressed(reason: Reason) -> None:
    """Asking a host that refuses makes it worse."""
    assert pause(failing(reason, 1)) >= cadence.REFUSED_BACKOFF


def test_a_deferral_is_no_failure() -> None:
    """Nothing was asked: it comes again soon, and does not count in the back-off."""
    low, high = about(cadence.SOON)
    assert low <= pause(failing(Reason.DEFERRED, 5)) <= high
    mixed = (*failing(Reason.TIMEOUT, 1), *failing(Reason.DEFERRED, 8)[:-1], Poll(at=NOW, reason=Reason.TIMEOUT))
    assert pause(mixed) == pause(failing(Reason.TIMEOUT, 2))


def test_retry_after_is_waited_for_and_capped() -> None:
    """On a failure and on an answer alike."""
    assert pause(failing(Reason.RATE_LIMITED, 1, retry_after=7200.0)) == timedelta(hours=2)
    assert pause(failing(Reason.RATE_LIMITED, 1, retry_after=1e15)) == cadence.MAX_REST
    assert pause(polls(1, retry_after=7200.0)) == timedelta(hours=2)


def test_a_poll_noted_in_the_future_does_not_stop_a_feed() -> None:
    """A clock that ran ahead and was set right."""
    ahead = (Poll(at=NOW + timedelta(days=900)),)
    assert pause(ahead) <= timedelta(hours=1)


def test_feeds_do_not_all_fall_due_at_once_and_each_always_at_the_same_time() -> None:
    """What looks random comes from the URL."""
    history = polls(0)
    due = [cadence.next_poll(f"{URL}?{n}", interval=1800, polls=history, now=NOW) for n in range(100)]
    assert len(set(due)) == 100
    assert due == [cadence.next_poll(f"{URL}?{n}", interval=1800, polls=history, now=NOW) for n in range(100)]


any_poll = st.builds(
    Poll,
    at=st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    reason=st.none() | st.sampled_from(Reason),
    status=st.none() | st.integers(100, 599).filter(lambda status: status != 410),
    new=st.integers(0, 10**6),
    overlap=st.none() | st.floats(0, 1),
    retry_after=st.none() | st.floats(-1e9, 1e300),
)


@given(
    history=st.lists(any_poll, max_size=12),
    interval=st.integers(1, 10**7),
    ttl=st.none() | st.integers(-(10**9), 10**9),
)
def test_any_history_gives_a_time_within_bounds(history: list[Poll], interval: int, ttl: int | None) -> None:
    """Never sooner than the floor, never later than a day and its jitter."""
    ordered = tuple(sorted(history, key=lambda poll: poll.at))
    due = cadence.next_poll(URL, interval=interval, polls=ordered, now=NOW, ttl=ttl)
    assert isinstance(due, datetime)
    noted = [poll for poll in ordered if poll.at <= NOW + cadence.CLOCKS_DIFFER]
    if not noted:
        assert due == NOW
    else:
        waited = due - min(noted[-1].at, NOW)
        assert cadence.MIN_POLL <= waited <= cadence.MAX_FEED_BACKOFF * (1 + cadence.JITTER)


# --- Pages ---


def test_a_page_that_failed_is_tried_after_15_minutes_times_four_to_the_n() -> None:
    """Six attempts, then it is given up."""
    pauses = []
    for attempt in range(1, cadence.MAX_ATTEMPTS):
        due = cadence.next_attempt(URL, Failure(at=NOW, reason=Reason.SERVER_ERROR, attempt=attempt))
        assert isinstance(due, datetime)
        pauses.append((due - NOW) / timedelta(minutes=15))
    assert [round(math.log(ratio, 4)) for ratio in pauses] == [0, 1, 2, 3, 4]
    last = Failure(at=NOW, reason=Reason.SERVER_ERROR, attempt=cadence.MAX_ATTEMPTS)
    assert cadence.next_attempt(URL, last) is Parked.GIVEN_UP


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (Failure(at=NOW, reason=Reason.BAD_URL), Parked.NEVER),
        (Failure(at=NOW, reason=Reason.PRIVATE_ADDRESS), Parked.NEVER),
        (Failure(at=NOW, reason=Reason.TOO_LARGE), Parked.NEVER),
        (Failure(at=NOW, reason=Reason.GONE, status=410), Parked.GONE),
        (Failure(at=NOW, reason=Reason.GONE, status=404, attempt=2), Parked.GONE),
        (Failure(at=NOW, reason=Reason.FORBIDDEN, attempt=2), Parked.GIVEN_UP),
        (Failure(at=NOW, reason=Reason.ROBOTS, attempt=2), Parked.GIVEN_UP),
    ],
)
def test_some_failures_are_final(failure: Failure, expected: Parked) -> None:
    """Asking again would be of no use, or rude."""
    assert cadence.next_attempt(URL, failure) is expected


def test_what_robots_forbid_is_left_alone_for_a_week() -> None:
    """At least."""
    due = cadence.next_attempt(URL, Failure(at=NOW, reason=Reason.ROBOTS))
    assert isinstance(due, datetime)
    assert due - NOW >= timedelta(days=7)


def test_a_404_gets_a_second_chance() -> None:
    """A feed is often faster than the site behind it."""
    assert isinstance(cadence.next_attempt(URL, Failure(at=NOW, reason=Reason.GONE, status=404)), datetime)


def test_a_deferred_page_comes_in_the_next_run_however_often_it_was_deferred() -> None:
    """Nothing was asked, so nothing has failed."""
    due = cadence.next_attempt(URL, Failure(at=NOW, reason=Reason.DEFERRED, attempt=99))
    assert due == NOW + cadence.SOON


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_an_answer(reason: Reason) -> None:
    """A new reason must not be forgotten here."""
    for attempt in (1, 2, 6, 1000):
        answer = cadence.next_attempt(URL, Failure(at=NOW, reason=reason, attempt=attempt))
        assert isinstance(answer, Parked) or answer > NOW


def test_a_page_is_revisited_after_an_hour_six_hours_a_day_and_a_week() -> None:
    """Then it is left alone."""
    visits = [cadence.next_revisit(NOW, count) for count in range(5)]
    assert visits == [
        NOW + timedelta(hours=1),
        NOW + timedelta(hours=6),
        NOW + timedelta(days=1),
        NOW + timedelta(days=7),
        Parked.DONE,
    ]


# --- Retry-After ---


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("  120 ", 120),
        ("0", 0),
        ("-5", 0),
        ("1.5", 1.5),
        ("1e3", 1000),
        ("99999999999999999999", 86400),
        ("inf", 86400),
        ("nan", None),
        ("soon", None),
        ("9" * 5000, None),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        ("Wednesday, 01-Jul-26 12:01:30 GMT", 90),
        ("Wed Jul  1 12:01:30 2026", 90),
        ("Wed, 01 Jul 2026 14:01:30 +0200", 90),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0),
        ("Wed, 01 Jul 9999 10:00:00 GMT", 86400),
        ("Wed, 99 Jul 2026 10:00:00 GMT", None),
        ("Wed, 01 Jul 2026 10:00:00 +9999", None),
        ("\x00", None),
    ],
)
def test_each_form_of_retry_after_is_read(value: str | None, seconds: float | None) -> None:
    """Seconds, the three forms of HTTP dates, and what else is seen."""
    assert cadence.read_retry_after(value, NOW) == seconds


@given(st.text(max_size=80))
def test_no_retry_after_raises(value: str) -> None:
    """It comes from the network."""
    seconds = cadence.read_retry_after(value, NOW)
    assert seconds is None or 0 <= seconds <= 86400


def test_429_rests_the_host_and_503_when_it_says_until_when() -> None:
    """500 never does: it may be one page's trouble."""
    assert cadence.rest(429, None) == cadence.DEFAULT_REST.total_seconds()
    assert cadence.rest(429, 7.0) == 7
    assert cadence.rest(503, None) is None
    assert cadence.rest(503, 7.0) == 7
    assert cadence.rest(500, 7.0) is None
    assert cadence.rest(200, 7.0) is None
