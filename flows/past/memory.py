"""What the earlier runs of a job have done, read from their segments: so a job goes on after whatever stopped it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from extractors import urls
from extractors.model import Failed, Fetched, Outcome, Purpose, Reason, Want
from flows.past.sources import Step
from storage import archive

ATTEMPTS = 3  # of a page, in all runs of a job
PAUSE = timedelta(seconds=30)  # before the second attempt; twice that before the third

# What may go better next time. What a host has decided (not found, forbidden) stays so for a job.
_PASSING = frozenset(
    {
        Reason.RATE_LIMITED,
        Reason.SERVER_ERROR,
        Reason.TIMEOUT,
        Reason.CONNECT,
        Reason.DNS,
        Reason.PROTOCOL,
        Reason.TRUNCATED,
        Reason.ROBOTS_UNREACHABLE,
    }
)


@dataclass(slots=True, kw_only=True)
class Tried:
    """A page or listing that was asked for in vain."""

    attempts: int
    last: Failed

    def again_at(self, pause: timedelta = PAUSE) -> datetime | None:
        """Return when it may be asked for again, or None when it is given up."""
        if self.last.reason not in _PASSING or self.attempts >= ATTEMPTS:
            return None
        asked = timedelta(seconds=self.last.retry_after or 0.0)
        return self.last.at + max(pause * (1 << (self.attempts - 1)), asked)


@dataclass(slots=True, kw_only=True)
class Memory:
    """Everything a job has an answer for."""

    listings: dict[str, tuple[Path, int]] = field(default_factory=dict)  # by URL: where the answer stands
    done: set[int] = field(default_factory=set)  # pages: the first 64 bits of their ids
    failed: dict[int, Tried] = field(default_factory=dict)  # pages, and listings
    imported: set[tuple[int, datetime]] = field(default_factory=set)  # captures out of files: page and time

    @classmethod
    def of(cls, paths: Iterable[Path]) -> "Memory":
        """Read segments. Damaged records are passed over: what they held is asked for again."""
        memory = cls()
        for path in paths:
            _, records = archive.read(path)
            for record in records:
                memory.learn(record.outcome, path, record.offset)
        return memory

    def learn(self, outcome: Outcome, path: Path | None = None, offset: int = 0) -> None:
        """Take note of an outcome, and of where it stands when it is a listing in a segment."""
        want = outcome.want
        if want.purpose is Purpose.ROBOTS:
            return
        key = key_of(want)
        if isinstance(outcome, Failed):
            if outcome.reason is not Reason.DEFERRED:
                before = self.failed.get(key)
                self.failed[key] = Tried(attempts=(before.attempts if before else 0) + 1, last=outcome)
            return
        self.failed.pop(key, None)
        if want.purpose is not Purpose.PAGE:
            if path is not None and isinstance(outcome, Fetched):
                self.listings[want.url] = (path, offset)
            return
        self.done.add(key)
        self.imported.add((key, outcome.exchange.at))

    def answer(self, step: Step) -> Fetched | None:
        """Return the answer that an earlier run had to a listing, or None."""
        found = self.listings.get(step.want.url)
        outcome = archive.at(*found).outcome if found else None
        return outcome if isinstance(outcome, Fetched) else None

    def is_settled(self, want: Want) -> bool:
        """Tell whether a page has its outcome: it came, or it is given up."""
        key = key_of(want)
        tried = self.failed.get(key)
        return key in self.done or (tried is not None and tried.again_at() is None)

    def attempt(self, want: Want) -> int:
        """Return the number of the next attempt at a page."""
        tried = self.failed.get(key_of(want))
        return tried.attempts + 1 if tried else 1


def key_of(want: Want) -> int:
    """Return the first 64 bits of the id of what is asked for. A listing is its URL to the letter."""
    text = want.url if want.purpose is Purpose.PAGE else f"{want.purpose}\0{want.url}"
    return int(urls.key(text)[:16], 16)
