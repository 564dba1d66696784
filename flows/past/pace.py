"""How fast a job goes and how long it will take: estimated by the polite rate, then by what was measured. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.manners import FetchSettings

_ENOUGH = 5  # outcomes of a host before its own pace is believed


def expected(hosts: Mapping[str, int], settings: FetchSettings, delays: Mapping[str, float] | None = None) -> float:
    """Return the seconds that so many pages of so many hosts take at the polite rate: hosts go on side by side.

    `delays` are those that robots files ask for.
    """
    asked = delays or {}
    pauses = {host: max(settings.delay, min(asked.get(host, 0.0), settings.max_crawl_delay)) for host in hosts}
    longest = max((count * max(pauses[host], 0.05) for host, count in hosts.items()), default=0.0)
    # No more than `concurrency` questions at a time, each of half a second or so.
    return max(longest, sum(hosts.values()) * 0.5 / max(1, settings.concurrency))


@dataclass(slots=True, kw_only=True)
class Pace:
    """How long each host's pages have taken so far."""

    left: Counter[str]
    settings: FetchSettings
    begun: float  # seconds, by any clock that runs evenly
    came: Counter[str] = field(default_factory=Counter)

    def note(self, host: str) -> None:
        """A page of a host has come, or failed."""
        self.came[host] += 1
        self.left[host] -= 1

    def seconds_left(self, now: float) -> float:
        """Return how long the rest takes: as long as the slowest host, at its measured pace where that is known."""
        elapsed = max(now - self.begun, 1e-6)
        known = {host: elapsed / count for host, count in self.came.items() if count >= _ENOUGH}
        rest = {host: count for host, count in self.left.items() if count > 0}
        measured = max((count * known[host] for host, count in rest.items() if host in known), default=0.0)
        unknown = {host: count for host, count in rest.items() if host not in known}
        return max(measured, expected(unknown, self.settings))
