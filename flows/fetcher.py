"""Polite, guarded fetching: a want in, exactly one outcome out, whatever the network does.

The order of events is written here: URL, robots, the host's turn, the exchange, redirects. Each step is decided or done
by its own module: addresses in `guard`, turns and rests in `turns`, robots files in `robots`, one exchange in
`exchange`, its meaning in `answers`. Nothing here reads content, and nothing is stored.
"""

import asyncio
import base64
import re
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from extractors.model import Exchange, Failed, Outcome, Purpose, Reason, Want
from flows import answers, cadence, exchange, guard, robots
from flows.addresses import Allowance
from flows.answers import Detour
from flows.exchange import Limits, Mishap
from flows.leases import Leases
from flows.manners import FetchSettings
from flows.permissions import Permissions
from flows.robots import Robots
from flows.shelf import Shelf
from flows.turns import Clock, Room, TurnRules, Turns

_ACCEPT = {
    Purpose.FEED: "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    Purpose.SITEMAP: "application/xml, text/xml, */*;q=0.5",
    Purpose.PAGE: "text/html, application/xhtml+xml, */*;q=0.5",
    Purpose.ROBOTS: "text/plain, */*;q=0.5",
    Purpose.LISTING: "*/*",
}
_Target = httpx.URL | str  # where a want leads, or why it leads nowhere
_CODINGS = "gzip, br, zstd, deflate"
_HEADER_VALUE = re.compile(r"[\x21-\x7e\x80-\xff]([\x20-\x7e\x80-\xff]{0,1000}[\x21-\x7e\x80-\xff])?")
_WAITING = 64 * 1024 * 1024  # bytes of outcomes that may wait to be taken


class Fetcher:
    """Fetches wants. An async context manager: turns, robots files and connections live as long as it is open.

    `directory` holds the small files by which processes agree on host turns; without it they do not.
    `on_robots` is given the outcome of each robots file that was fetched, to be archived beside the others.
    `transport`, `resolve` and `clock` are seams for tests.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        directory: Path | None = None,
        on_robots: Callable[[Outcome], None] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: guard.Resolve | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock or Clock()
        self._turns = Turns(_turn_rules(settings, self._clock), Leases(directory) if directory else None, self._clock)
        self._limits = Limits(
            connect=settings.connect_timeout,
            read=settings.read_timeout,
            headers=settings.header_timeout,
            total=settings.total_timeout,
            rate=settings.min_rate,
            body=settings.max_body,
        )
        self._agent = robots.token(settings.user_agent)
        self._permissions = Permissions(
            self._agent, self._ask_robots, on_robots, Shelf(directory) if directory else None
        )
        self._resolver = None if resolve or transport else guard.SystemResolver()
        self._transport = transport or _transport(settings, resolve or self._resolver or guard.SystemResolver())

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.__aexit__(kind, error, trace)
        if self._resolver is not None:
            self._resolver.close()

    async def fetch(self, want: Want) -> Outcome:
        """Return the outcome of one want. Raises nothing that the network or the URL could cause."""
        return await self._travel(want, answers.read_url(want.via or want.url))

    async def stream(self, wants: Iterable[Want]) -> AsyncGenerator[Outcome, None]:
        """Yield the outcome of every want as it comes, in no order. Hosts go on side by side, each at its own pace.

        Reads on only as fast as outcomes are taken: what waits to be taken is bounded in bytes, not only in number.
        """
        hosts: dict[str, list[tuple[Want, _Target]]] = {}
        for want in wants:
            url = answers.read_url(want.via or want.url)
            hosts.setdefault("" if isinstance(url, str) else _host(url), []).append((want, url))
        done: asyncio.Queue[Outcome | Exception] = asyncio.Queue()
        room = Room(_WAITING)
        total = sum(map(len, hosts.values()))
        workers = [
            asyncio.create_task(self._serve(queue, done, room))
            for queue in map(iter, hosts.values())
            for _ in range(self._settings.per_host)
        ]
        try:
            for _ in range(total):
                outcome = await done.get()
                if isinstance(outcome, Exception):
                    raise outcome
                room.taken(outcome)
                yield outcome
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def rules(self, url: str) -> Robots | None:
        """Return what the robots file of a URL's origin says, its sitemaps included, or None for a bad URL."""
        target = answers.read_url(url)
        return None if isinstance(target, str) else await self._rules(target)

    async def _serve(
        self, wants: Iterator[tuple[Want, _Target]], done: asyncio.Queue[Outcome | Exception], room: Room
    ) -> None:
        """Fetch the wants of one host, one after the other, for as long as there is patience."""
        ends = self._clock.time() + self._settings.host_patience
        try:
            for want, url in wants:
                if self._clock.time() > ends:
                    outcome: Outcome = self._failed(
                        want, Mishap(reason=Reason.DEFERRED, detail="its host's time is up")
                    )
                else:
                    outcome = await self._travel(want, url, room)
                room.waits(outcome)
                done.put_nowait(outcome)
                await asyncio.sleep(0)  # whoever takes it may keep it before the host is asked again
        except Exception as surprise:  # raised where the outcomes are taken
            done.put_nowait(surprise)

    async def _travel(self, want: Want, url: _Target, room: Room | None = None) -> Outcome:
        """Follow a URL to its end, or say why it is none. Each answer waits until there is room for it."""
        if isinstance(url, str):
            return self._failed(want, Mishap(reason=Reason.BAD_URL, detail=url))
        secret = (_origin(url), _authorization(url))
        hops: tuple[Exchange, ...] = ()
        jars: dict[str, dict[str, str]] = {}
        seen: set[tuple[str, str]] = set()
        while True:
            if refusal := await self._refusal(want, url):
                return self._failed(want, refusal, hops)
            jar = jars.get(url.host, {})
            cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
            if (str(url), cookies) in seen or len(hops) > self._settings.max_redirects:
                detail = f"{'a loop' if len(hops) <= self._settings.max_redirects else 'too many'}, after {len(hops)}"
                return self._failed(want, Mishap(reason=Reason.REDIRECTS, detail=detail, exchange=hops[-1]), hops[:-1])
            seen.add((str(url), cookies))
            headers = self._headers(want, cookies, secret[1] if _origin(url) == secret[0] else "")
            answer = await self._take_turn(url, headers, room)
            if isinstance(answer, Mishap):
                return self._failed(want, answer, hops)
            outcome = answers.judge(want, answer, hops, self._now())
            if not isinstance(outcome, Detour):
                return outcome
            jars[url.host] = answers.set_cookies(answer, jar)
            hops, url = (*hops, answer), outcome.url

    async def _refusal(self, want: Want, url: httpx.URL) -> Mishap | None:
        """Return why the origin does not want this URL asked for."""
        if want.purpose is Purpose.ROBOTS or not self._settings.robots:
            return None
        if deferral := self._turns.deferral(_host(url)):
            return Mishap(reason=Reason.DEFERRED, detail=deferral)
        rules = await self._rules(url)
        if rules.refusal is not None:
            return Mishap(reason=rules.refusal, detail=rules.detail)
        if not rules.allows(str(url)):
            return Mishap(reason=Reason.ROBOTS, detail=f"forbidden to {self._agent}")
        return None

    async def _take_turn(self, url: httpx.URL, headers: exchange.Headers, room: Room | None) -> Exchange | Mishap:
        """Ask when the host's turn has come."""
        host = _host(url)
        async with self._turns.turn(host) as deferral:
            if deferral:
                return Mishap(reason=Reason.DEFERRED, detail=deferral)
            if room is not None:
                await room.free()
            plain = url.copy_with(userinfo=b"") if url.userinfo else url
            answer = await exchange.ask(self._transport, plain, headers, self._limits, self._now)
            if isinstance(answer, Exchange):
                asked = cadence.read_retry_after(answer.header("retry-after"), self._now())
                if (rest := cadence.rest(answer.status, asked)) is not None:
                    self._turns.rest(host, rest)
            return answer

    async def _rules(self, url: httpx.URL) -> Robots:
        """Return what an origin allows, and keep the pause that it asks for."""
        known = await self._permissions.of(_origin(url), self._now)
        if known.delay is not None:
            self._turns.slow_down(_host(url), known.delay)
        return known

    async def _ask_robots(self, want: Want) -> Outcome:
        return await self._travel(want, answers.read_url(want.url))

    def _headers(self, want: Want, cookies: str, authorization: str) -> exchange.Headers:
        """Return the headers of a question, in the order of a browser."""
        headers = {
            "User-Agent": self._settings.user_agent,
            "Accept": _ACCEPT[want.purpose],
            # A robots file has to be read here: asking for it plain saves the decoding.
            "Accept-Encoding": "identity" if want.purpose is Purpose.ROBOTS else _CODINGS,
            "Accept-Language": want.language or "",
            "If-None-Match": want.validators.etag or "",
            "If-Modified-Since": want.validators.last_modified or "",
            "Cookie": cookies,
            "Authorization": authorization,
        }
        return tuple((name, value) for name, value in headers.items() if _HEADER_VALUE.fullmatch(value))

    def _failed(self, want: Want, mishap: Mishap, hops: tuple[Exchange, ...] = ()) -> Failed:
        return Failed(
            want=want,
            at=self._now(),
            reason=mishap.reason,
            detail=mishap.detail,
            exchange=mishap.exchange,
            hops=hops,
        )

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.time(), UTC)


def _turn_rules(settings: FetchSettings, clock: Clock) -> TurnRules:
    return TurnRules(
        delay=settings.delay,
        max_pause=max(settings.delay, settings.max_crawl_delay),
        max_rest=settings.max_rest,
        patience=settings.host_patience,
        per_host=settings.per_host,
        wait_rests=settings.wait_rests,
        slots=settings.concurrency,
        until=None if settings.run_time is None else clock.time() + settings.run_time,
    )


def _transport(settings: FetchSettings, resolve: guard.Resolve) -> guard.GuardedTransport:
    """Return the transport that connects only where it may."""
    return guard.GuardedTransport(
        Allowance.read(settings.allow),
        resolve,
        tls=httpx.create_ssl_context(verify=settings.verify, trust_env=False),
        kept=settings.concurrency * 2,
        proxy=settings.proxy,
    )


def _host(url: httpx.URL) -> str:
    """Return what politeness is owed to: the host, with its port where it is not the scheme's own."""
    return url.netloc.decode("ascii").lower().rstrip(".")


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _authorization(url: httpx.URL) -> str:
    """Return the header for the credentials in a URL, or an empty string."""
    if not url.userinfo:
        return ""
    return "Basic " + base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
