"""What a robots file allows (RFC 9309), as Protego reads it, from the outcome of fetching it.

Pure: files are fetched, kept and archived by `fetcher`.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from protego import Protego

from extractors.model import Failed, Fetched, NotModified, Outcome, Reason

LIMIT = 500 * 1024  # bytes that are read, as RFC 9309, section 2.5, asks at least
FRESH = timedelta(hours=24)  # section 2.4: no longer
UNREACHABLE = timedelta(
    minutes=10
)  # a server that fails is asked again in the next run, and not for every page of this one
MAX_SITEMAPS = 1000

# 4xx means there is no file, and everything is allowed (section 2.3.1.3). 429 is not among them: it says "not now", and
# the big crawlers read it like 5xx. Redirects that lead nowhere count as no file (section 2.3.1.2).
_NO_FILE = frozenset({Reason.FORBIDDEN, Reason.GONE, Reason.CLIENT_ERROR, Reason.NO_CONTENT, Reason.REDIRECTS})

# The host itself cannot be reached: its pages fail the same way, and saying so helps more than naming the robots file.
_HOST_FAILS = frozenset(
    {Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.PRIVATE_ADDRESS, Reason.BAD_URL, Reason.DEFERRED}
)

_USER_AGENT = re.compile(r"\s*user(?:-|\s*)agent\s*(?::|\s)\s*(?P<value>.*)", re.IGNORECASE)
# The lines that are read, with the misspellings that Protego takes for them. All others are dropped: an unknown line
# must not end a group (section 2.2.4), and Protego lets it.
_RULE = re.compile(
    r"\s*(?:allow|disallow|dissallow|dissalow|disalow|diasllow|disallaw|site-?maps?|crawl[- ]delay|request[- ]rate)\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[A-Za-z_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What one origin allows its visitor."""

    at: datetime
    until: datetime  # to be fetched again
    token: str  # the product token that asked
    rules: Protego | None = None  # None: no rules, everything is allowed, unless `refusal` says otherwise
    refusal: Reason | None = None  # why nothing may be asked for now
    detail: str = ""
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Return whether the rules allow a URL of the origin. Says nothing of `refusal`."""
        return self.rules is None or self.rules.can_fetch(url, self.token)

    @property
    def delay(self) -> float | None:
        """The seconds between two questions that the file asks for, by Crawl-delay or Request-rate."""
        if self.rules is None:
            return None
        delay = self.rules.crawl_delay(self.token)
        rate = self.rules.request_rate(self.token)
        wishes = [wish for wish in (delay, rate and rate.seconds / rate.requests) if wish is not None]
        return max(wishes, default=None)


def token(user_agent: str) -> str:
    """Return the product token of a user agent: `Tripolar` of `Tripolar/0.1 (+https://...)`."""
    match = _TOKEN.match(user_agent.strip())
    return match[0] if match else "*"


def judge(outcome: Outcome, body: bytes, *, agent: str) -> Robots:
    """Read the outcome of fetching a robots file for the product token `agent`.

    `body` is the file with its content coding undone; only the first 500 KiB are read.
    """
    at, name = outcome.at, agent.lower()
    match outcome:
        case Fetched():
            return found(at, body, agent=agent, base=outcome.exchange.url)
        case NotModified():
            raise ValueError("robots files are asked for without conditions")
        case Failed(reason=reason) if reason in _NO_FILE:
            return none(at, agent)
        case Failed(reason=reason):
            refusal = reason if reason in _HOST_FAILS else Reason.ROBOTS_UNREACHABLE
            if reason is Reason.RATE_LIMITED:
                refusal = Reason.DEFERRED
            return Robots(
                at=at, until=at + UNREACHABLE, token=name, refusal=refusal, detail=f"robots.txt: {outcome.detail}"
            )


def found(at: datetime, body: bytes, *, agent: str, base: str) -> Robots:
    """Return what a robots file allows that was fetched from `base`."""
    rules, sitemaps = parse(body, agent=agent.lower(), base=base)
    return Robots(at=at, until=at + FRESH, token=agent.lower(), rules=rules, sitemaps=sitemaps)


def none(at: datetime, agent: str) -> Robots:
    """Return what an origin without a robots file allows: everything."""
    return Robots(at=at, until=at + FRESH, token=agent.lower())


def parse(body: bytes, *, agent: str, base: str) -> tuple[Protego, tuple[str, ...]]:
    """Return the rules of a robots file for one product token, and its sitemaps as absolute http(s) URLs. Never raises
    on bad input.
    """
    rules = Protego.parse(_for(agent, _decode(body)))
    sitemaps: dict[str, None] = {}
    for line in rules.sitemaps:
        if len(sitemaps) >= MAX_SITEMAPS:
            break
        try:
            url = urljoin(base, line)
            if urlsplit(url).scheme in ("http", "https"):
                sitemaps[url] = None
        except ValueError:
            continue
    return rules, tuple(sitemaps)


def _decode(body: bytes) -> str:
    """Return the text of a robots file: UTF-8 by the standard, and whatever a byte order mark says in the wild."""
    for mark, charset in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return body[len(mark) : LIMIT].decode(charset, "replace")
    return body[:LIMIT].decode("utf-8", "replace")


def _for(agent: str, text: str) -> str:
    """Return a robots file without what nobody reads, and in which everybody but us and `*` has one name.

    This makes the match of product tokens exact, as the standard has it (Protego takes `tri` for the beginning of
    `tripolar`), and takes away the cost of a file with ten thousand names over ten thousand rules.
    """
    lines = []
    for line in text.splitlines():
        match = _USER_AGENT.match(line)
        if match is not None:
            lines.append(f"User-agent: {_name(match['value'], agent)}")
        elif _RULE.match(line):
            lines.append(line)
    return "\n".join(lines)


def _name(value: str, agent: str) -> str:
    """Return whom a user-agent line means: us, `*`, nobody who matters, or nobody at all."""
    name = value.partition("#")[0].strip()
    product = _TOKEN.match(name)
    if name == "*" or name.startswith(("* ", "*\t")):
        return "*"
    if product is not None and product[0].lower() == agent:
        return agent
    return "-" if name else ""
