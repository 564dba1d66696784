"""A newsroom in fast time: feeds with a daily rhythm, edits, deletions, outages, all derived from one number.

What it publishes when is known beforehand (`Feed.stories`), so that a test can say what must be found. It answers as a
transport of httpx, without a network.
"""

import math
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx

START = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW = 20  # entries that a feed shows
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article, and what becomes of it."""

    url: str
    number: int
    at: datetime
    edited: datetime | None
    deleted: datetime | None


@dataclass(slots=True, kw_only=True)
class Feed:
    """One feed on a host of its own."""

    host: str
    stories: list[Story]
    outages: list[tuple[datetime, datetime]]
    by_url: dict[str, Story] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://{self.host}/feed.xml"

    def shown(self, at: datetime) -> list[Story]:
        """Return the stories that the feed shows, newest first."""
        return [story for story in self.stories if story.at <= at][-WINDOW:][::-1]

    def is_down(self, at: datetime) -> bool:
        """Tell whether the host does not answer."""
        return any(begin <= at < end for begin, end in self.outages)


def publish(number: int, days: float, dice: random.Random) -> Feed:
    """Return a feed that publishes by day more than by night, some much and some little."""
    host, stories, at = f"outlet{number}.test", [], START - timedelta(days=2)
    rate = 0.08 * math.pow(2, number % 6)  # stories an hour: 0.08 to 2.6
    end = START + timedelta(days=days)
    while at < end:
        busy = 0.15 + max(0.0, math.sin((at.hour - 5) / 24 * 2 * math.pi)) * 2
        at += timedelta(hours=dice.expovariate(rate * busy))
        seconds = at.replace(microsecond=0)
        edited = seconds + HOUR * dice.uniform(0.2, 20) if dice.random() < 0.2 else None
        deleted = seconds + HOUR * dice.uniform(8, 40) if dice.random() < 0.03 else None
        n = len(stories)
        stories.append(Story(url=f"http://{host}/news/{n}", number=n, at=seconds, edited=edited, deleted=deleted))
    outages = []
    if number % 5 == 0:  # a host that is down, for hours or for so long that stories are lost
        begin = START + timedelta(days=days) * dice.uniform(0.3, 0.5)
        outages.append((begin, begin + HOUR * (5 if number % 10 else 30)))
    return Feed(host=host, stories=stories, outages=outages, by_url={story.url: story for story in stories})


class Press(httpx.AsyncBaseTransport):
    """All feeds and the clock. `requests` counts what was asked, by kind."""

    def __init__(self, feeds: int, days: float, seed: int = 1) -> None:
        self.now = START
        self.feeds = [publish(number, days, random.Random(f"{seed}-{number}")) for number in range(feeds)]
        self.by_host = {feed.host: feed for feed in self.feeds}
        self.requests = {"feed": 0, "page": 0, "robots": 0}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the outlet does at this time."""
        feed = self.by_host[request.url.host]
        kind = {"/robots.txt": "robots", "/feed.xml": "feed"}.get(request.url.path, "page")
        self.requests[kind] += 1
        if feed.is_down(self.now):
            raise httpx.ConnectError("refused")
        if kind == "robots":
            return self._answer(404, b"")
        if kind == "feed":
            return self._feed(feed, request)
        story = feed.by_url.get(str(request.url))
        if story is None or (story.deleted and story.deleted <= self.now):
            return self._answer(410 if story else 404, b"gone")
        return self._answer(200, page(story, edited=bool(story.edited and story.edited <= self.now)))

    def _feed(self, feed: Feed, request: httpx.Request) -> httpx.Response:
        body = rss(feed.shown(self.now))
        etag = f'"{hash(body)}"'
        if request.headers.get("if-none-match") == etag:
            return self._answer(304, b"", ETag=etag)
        return self._answer(200, body, ETag=etag)

    @staticmethod
    def _answer(status: int, body: bytes, **headers: str) -> httpx.Response:
        return httpx.Response(status, headers={"Content-Type": "text/html", **headers}, stream=httpx.ByteStream(body))


def rss(stories: list[Story]) -> bytes:
    """Return the feed."""
    items = "".join(
        f"<item><title>{title(story)}</title><link>{story.url}</link><guid>{story.url}</guid>"
        f"<pubDate>{format_datetime(story.at, usegmt=True)}</pubDate></item>"
        for story in stories
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Outlet</title>{items}</channel></rss>'.encode()


def title(story: Story) -> str:
    """Return a headline that no other story has."""
    return f"Harbour council number {story.number} settles the quay dues"


def page(story: Story, *, edited: bool) -> bytes:
    """Return the page of a story, as it was or as it was edited."""
    dice = random.Random(story.url)
    words = "quays dues harbour council ferries pilots tides cranes timber grain barges berths lighters wardens".split()
    sentences = [
        f"The {dice.choice(words)} of berth {dice.randrange(1000)} met the {dice.choice(words)} on that day."
        for _ in range(14)
    ]
    if edited:
        sentences[3] = "The council has since withdrawn what it had said of the dues, and will vote again."
    body = "".join(f"<p>{' '.join(sentences[n : n + 2])}</p>" for n in range(0, 14, 2))
    head = f"<html lang=en><head><title>{title(story)}</title></head><body><article><h1>{title(story)}</h1>"
    return f"{head}{body}</article></body></html>".encode()
