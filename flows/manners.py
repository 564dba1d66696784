"""How outlets are asked: who asks, how long is waited, how much is taken, what is allowed. What is done with it is in `fetcher`.

Apart from it, so that a command that fetches nothing starts without what fetching needs.
"""

import ssl
from dataclasses import dataclass, field

from flows import cadence


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How to fetch. Times in seconds, sizes in bytes."""

    user_agent: str = "Tripolar/0.1 (+https://example.org/tripolar; news research)"  # who asks, and where to complain
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    header_timeout: float = 30.0
    total_timeout: float = 120.0
    min_rate: float = 256.0  # bytes a second, after ten seconds
    max_body: int = 20_000_000
    max_redirects: int = 5
    delay: float = 2.0  # between two questions to a host
    max_crawl_delay: float = 30.0  # what a robots file can ask for at most
    max_rest: float = cadence.MAX_REST.total_seconds()  # what a Retry-After can ask for at most
    host_patience: float = 600.0  # a want that would wait longer for its host is deferred to the next run
    run_time: float | None = None  # after which what has not been asked yet is deferred
    wait_rests: bool = (
        False  # a host that asks for rest is waited for, as a backfill does; otherwise its wants are deferred
    )
    concurrency: int = 16
    per_host: int = 1  # questions to a host at a time; more only for hosts that agreed
    robots: bool = True  # False only for hosts of one's own
    allow: tuple[str, ...] = ()  # hosts, addresses and networks allowed although they are not public
    verify: bool | str | ssl.SSLContext = field(default=True, repr=False)  # or the file of a certificate authority
    proxy: str | None = field(default=None, repr=False)  # never taken from the environment by itself
