"""What is asked for in a cycle, from facts and a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from extractors.model import (
    Entry,
    Exchange,
    Failed,
    Feed,
    Fetched,
    Listing,
    Polled,
    Purpose,
    Reason,
    Record,
    Sighted,
    Source,
    Validators,
    Want,
)
from flows import planning
from flows.registry import Registry
from storage.plan import FeedPast, Known, PastFailure, PastPoll, Pending, Plan, Revisit

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOURCE = Source(
    id="harbour", name="Harbour", country="EU", language="en", time_zone="Europe/Brussels", owner="", state=False,
    family="", home="https://harbour.example",
)  # fmt: skip
FEED = Feed(url="https://harbour.example/rss", source_id="harbour", language="en")
REGISTRY = Registry(sources=(SOURCE,), feeds=(FEED,))
EMPTY = Plan(feeds={}, pending=(), revisits=(), known=Known(), segments=frozenset())


def page(name: str) -> Want:
    """A page of the outlet."""
    return Want(url=f"https://harbour.example/{name}", purpose=Purpose.PAGE)


def polled(*names: str, fingerprint: int = 7, at: datetime = NOW) -> Polled:
    """A poll that lists pages."""
    want = Want(url=FEED.url, purpose=Purpose.FEED, source_id="harbour", language="en", time_zone="Europe/Brussels")
    exchange = Exchange(url=FEED.url, at=at, status=200, headers=(("ETag", '"two"'),))
    sighted = tuple(
        Sighted(
            id=f"{ord(name[0]):016x}" + "e" * 16,
            url_id=f"{ord(name[0]):016x}"[::-1] + "0" * 16,
            fingerprint=fingerprint,
            entry=Entry(url=f"https://harbour.example/{name}", title=name, content="<p>long</p>"),
        )
        for name in names
    )
    record = Record(outcome=Fetched(want=want, at=at, exchange=exchange), segment="", offset=0, length=0)
    return Polled(record=record, listing=Listing(format="rss20"), sighted=sighted)


def past(at: datetime, **facts: object) -> FeedPast:
    """A feed that was polled once."""
    poll = PastPoll(at=at, reason=None, status=200, new=0, overlap=None, retry_after=None)
    return FeedPast(polls=(replace(poll, **facts),), validators=Validators(etag='"one"'))  # type: ignore[arg-type]


def test_a_feed_that_was_never_asked_is_due_with_the_facts_of_its_outlet() -> None:
    """What a date without a zone means travels with the want."""
    (want,) = planning.feeds(REGISTRY, EMPTY, NOW)
    assert (want.url, want.time_zone, want.validators) == (FEED.url, "Europe/Brussels", Validators())


def test_a_feed_is_asked_again_only_when_it_is_due_and_then_conditionally() -> None:
    """The last ETag goes with the question."""
    fresh = replace(EMPTY, feeds={FEED.url: past(NOW - timedelta(minutes=1))})
    assert planning.feeds(REGISTRY, fresh, NOW) == []
    assert planning.feeds(REGISTRY, fresh, NOW, all_due=True)[0].validators.etag == '"one"'
    assert planning.feeds(REGISTRY, fresh, NOW + timedelta(hours=13))[0].validators.etag == '"one"'


def test_a_feed_that_is_gone_for_good_is_not_asked_even_on_request() -> None:
    """410 parks a feed."""
    gone = replace(EMPTY, feeds={FEED.url: past(NOW, reason=Reason.GONE, status=410)})
    assert planning.feeds(REGISTRY, gone, NOW + timedelta(days=30), all_due=True) == []


def test_each_page_is_wanted_once_however_many_feeds_name_it() -> None:
    """The entry goes with the want, without the full text that the feed may carry."""
    known = Known()
    wants = planning.discovered([polled("alpha", "beta"), polled("alpha")], known)
    assert [want.url[-5:] for want in wants] == ["alpha", "/beta"]
    assert wants[0].entry is not None
    assert (wants[0].entry.title, wants[0].entry.content, wants[0].reason) == ("alpha", "", "new")
    assert planning.discovered([polled("alpha", "beta")], known) == []


def test_an_entry_that_was_touched_makes_its_page_wanted_again() -> None:
    """An outlet that changes title or dates in its feed has probably changed the page."""
    known = Known()
    planning.discovered([polled("alpha")], known)
    (want,) = planning.discovered([polled("alpha", fingerprint=8)], known)
    assert want.reason == "revisit"


def test_what_the_corpus_knows_is_not_wanted_again() -> None:
    """Known pages are found in the sorted columns that loading left."""
    item = polled("alpha").sighted[0]
    keys = sorted({int(item.url_id[:16], 16): 0, int(item.id[:16], 16): 7}.items())
    known = Known([key for key, _ in keys], [value for _, value in keys])
    assert planning.discovered([polled("alpha")], known) == []


def test_a_page_that_failed_waits_for_its_next_attempt() -> None:
    """A server error is tried again, with its number."""
    failure = PastFailure(at=NOW, reason=Reason.SERVER_ERROR, attempt=1, status=503, retry_after=None)
    plan = replace(EMPTY, pending=(Pending(url_id="0" * 32, want=page("a"), failure=failure),))
    assert planning.pages(plan, NOW + timedelta(minutes=5)) == []
    (want,) = planning.pages(plan, NOW + timedelta(hours=1))
    assert (want.reason, want.attempt) == ("retry", 2)


def test_an_article_is_looked_at_again_on_schedule_unless_that_is_switched_off() -> None:
    """One hour after its first capture, if not looked at since."""
    plan = replace(EMPTY, revisits=(Revisit(url_id="0" * 32, want=page("a"), captured_at=NOW, visits=0),))
    assert planning.pages(plan, NOW + timedelta(minutes=59)) == []
    assert planning.pages(plan, NOW + timedelta(minutes=61))[0].reason == "revisit"
    assert planning.pages(plan, NOW + timedelta(minutes=61), revisit=False) == []


def test_what_is_over_the_limit_is_counted_and_left_for_next_time() -> None:
    """Nothing is dropped: pages that were not asked for stay pending."""
    wants, left = planning.distinct([page("a"), page("b"), page("a"), page("c")], limit=2)
    assert ([want.url[-1] for want in wants], left) == (["a", "b"], 1)


def test_segments_that_are_not_loaded_count_all_the_same() -> None:
    """Somebody holds the corpus: the polls and pages of later segments are known, and not asked for again."""
    pending = (Pending(url_id="0" * 32, want=page("old")),)
    plan, wants = planning.overlay(
        replace(EMPTY, pending=pending), [polled("alpha", "beta")], [page("alpha"), page("old")]
    )
    assert [want.url[-4:] for want in wants] == ["beta"]
    assert plan.pending == ()
    assert plan.feeds[FEED.url].validators.etag == '"two"'
    assert planning.feeds(REGISTRY, plan, NOW + timedelta(seconds=1)) == []


def test_a_failed_poll_that_is_not_loaded_keeps_the_validators() -> None:
    """A time-out says nothing about the last body."""
    want = Want(url=FEED.url, purpose=Purpose.FEED)
    failed = Polled(
        record=Record(outcome=Failed(want=want, at=NOW, reason=Reason.TIMEOUT), segment="", offset=0, length=0)
    )
    plan, _ = planning.overlay(replace(EMPTY, feeds={FEED.url: past(NOW - timedelta(days=1))}), [failed], [])
    assert plan.feeds[FEED.url].validators.etag == '"one"'
    assert plan.feeds[FEED.url].polls[-1].reason is Reason.TIMEOUT
