"""A small outlet of our own, and its pages as outcomes, for the tests of the archive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extractors.model import (
    Entry,
    Exchange,
    Feed,
    Fetched,
    Moment,
    NotModified,
    Outcome,
    Precision,
    Purpose,
    Source,
    Want,
)
from storage import archive

START = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SOURCE = Source(
    id="harbour",
    name="Harbour Gazette",
    country="EU",
    language="en",
    time_zone="Europe/Brussels",
    owner="its readers",
    state=False,
    family="harbour",
    home="https://harbour.example/",
    hosts=("harbour.example",),
)
FEED = Feed(url="https://harbour.example/feed", source_id="harbour", language="en")
INFO = archive.Info(
    run_id="r1",
    run_kind="scheduled",
    started_at=START,
    software="tripolar/0.1",
    settings=(("delay", "1.0"),),
    sources=(SOURCE,),
    feeds=(FEED,),
)


def page(number: int = 1, body: bytes = b"<p>The ferry left on time.</p>") -> Fetched:
    """Return a page that came."""
    url = f"https://harbour.example/news/{number}"
    entry = Entry(url=url, title=f"渡轮 {number}", published=Moment(at=START, precision=Precision.DAY, raw="4 March"))
    at = START + timedelta(seconds=number)
    exchange = Exchange(
        url=url,
        at=at,
        status=200,
        request_headers=(("Host", "harbour.example"), ("Accept", "*/*")),
        headers=(
            ("Content-Type", "text/html"),
            ("Transfer-Encoding", "chunked"),
            ("Set-Cookie", "a"),
            ("Set-Cookie", "b"),
        ),
        body=body,
        ip="192.0.2.7",
        elapsed_ms=31,
    )
    return Fetched(want=Want(url=url, purpose=Purpose.PAGE, source_id="harbour", entry=entry), at=at, exchange=exchange)


def write(folder: Path, outcomes: list[Outcome], info: archive.Info = INFO, **limits: int) -> list[Path]:
    """Write outcomes and return the finished segments in the order in which they were finished."""
    with archive.Writer(folder, info, **limits) as writer:  # type: ignore[arg-type]
        done = [writer.append(outcome) for outcome in outcomes]
        done.append(writer.close())
    return [path for path in done if path]


def outcomes_of(path: Path) -> list[Outcome]:
    """Return what a segment says, which must be undamaged."""
    _, records = archive.read(path)
    found = [record.outcome for record in records]
    assert records.damages == []
    return found


def kept(outcome: Outcome) -> Outcome:
    """Return an outcome as the archive promises to keep it: the same, but for a body that came before."""
    if isinstance(outcome, NotModified):
        return replace(outcome, exchange=replace(outcome.exchange, body=b""))
    return outcome
