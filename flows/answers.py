"""What an answer means: the outcome of a want, or where to go on. Pure; the asking is done by `exchange`, the going by
`fetcher`.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urljoin

import httpx

from extractors.model import Exchange, Failed, Fetched, NotModified, Outcome, Reason, Want
from flows import cadence
from storage import warc

MAX_URL = 8192  # characters: what servers commonly take
_HOST = re.compile(
    rb"(?=.{1,254}$)([a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?|[0-9a-f]*:[0-9a-f:.]{1,45}", re.IGNORECASE
)  # as sent
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_COOKIES = 20  # kept of one host, within one fetch
_COOKIE_SIZE = 4096

_REASONS = {
    401: Reason.FORBIDDEN,
    402: Reason.FORBIDDEN,
    403: Reason.FORBIDDEN,
    407: Reason.FORBIDDEN,
    451: Reason.FORBIDDEN,
    404: Reason.GONE,
    410: Reason.GONE,
    408: Reason.TIMEOUT,  # the server's word for it
    420: Reason.RATE_LIMITED,  # an old habit of some APIs
    429: Reason.RATE_LIMITED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Detour:
    """Go on there."""

    url: httpx.URL


def read_url(text: str) -> httpx.URL | str:
    """Return an http(s) URL without its fragment, or why it is none that can be asked for."""
    if len(text) > MAX_URL:
        return f"a URL of {len(text)} characters"
    try:
        url = httpx.URL(text.strip())
        if url.scheme not in ("http", "https"):
            return f"not http or https: {url.scheme or 'no scheme'}"
        if not _HOST.fullmatch(url.raw_host):
            return "no host" if not url.raw_host else f"not a host: {url.host[:80]}"
        if url.port is not None and not 0 < url.port < 65536:
            return f"no port: {url.port}"
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        return f"not a URL: {error}"
    return url.copy_with(fragment=None) if url.fragment else url


def without_credentials(url: httpx.URL) -> str:
    """Return a URL as it may be logged and archived."""
    return str(url.copy_with(username=None, password=None) if url.userinfo else url)


def judge(want: Want, exchange: Exchange, hops: tuple[Exchange, ...], now: datetime) -> Outcome | Detour:
    """Return what an exchange means for the want it was made for."""
    status = exchange.status
    if status in _REDIRECTS or (status == 300 and exchange.header("location")):
        return _redirect(want, exchange, hops, now)
    if status == 304:
        if want.validators.etag or want.validators.last_modified:
            return NotModified(want=want, at=now, exchange=exchange, by="304", hops=hops)
        return _failed(want, exchange, hops, now, Reason.PROTOCOL, "304 to a question without conditions")
    if 200 <= status < 300:
        if status in (204, 205, 206) or not exchange.body:
            return _failed(want, exchange, hops, now, Reason.NO_CONTENT, f"{status} with {len(exchange.body)} bytes")
        if want.validators.digest and want.validators.digest == warc.digest(exchange.body):
            return NotModified(want=want, at=now, exchange=exchange, by="digest", hops=hops)
        return Fetched(want=want, at=now, exchange=exchange, hops=hops)
    return _failed(want, exchange, hops, now, _reason(status), str(status))


def set_cookies(exchange: Exchange, jar: dict[str, str]) -> dict[str, str]:
    """Return the cookies of a host after an exchange with it.

    They live as long as one want and go back to the very host that set them: enough for the sites that redirect to
    themselves until a cookie comes back, and nothing to be known by.
    """
    kept = dict(jar)
    for name, value in exchange.headers:
        if name.lower() != "set-cookie" or len(value) > _COOKIE_SIZE:
            continue
        try:
            parsed = SimpleCookie(value)
        except CookieError:
            continue
        for key, morsel in parsed.items():
            if morsel["max-age"] == "0" or not morsel.coded_value:
                kept.pop(key, None)
            elif len(kept) < _COOKIES:
                kept[key] = morsel.coded_value
    return kept


def _redirect(want: Want, exchange: Exchange, hops: tuple[Exchange, ...], now: datetime) -> Outcome | Detour:
    location = exchange.header("location")
    if not location or not location.strip():
        return _failed(want, exchange, hops, now, Reason.REDIRECTS, f"{exchange.status} without a location")
    # Header text is bytes; a location beyond ASCII is UTF-8 in practice.
    text = location.encode("latin-1", "replace").decode("utf-8", "replace").strip()
    try:
        target = read_url(urljoin(exchange.url, text) if len(text) <= MAX_URL else text)
    except ValueError as error:
        target = str(error)
    if isinstance(target, str):
        return _failed(want, exchange, hops, now, Reason.REDIRECTS, f"{exchange.status} to nowhere: {target}")
    return Detour(url=target)


def _reason(status: int) -> Reason:
    if status in _REASONS:
        return _REASONS[status]
    if 400 <= status < 500:
        return Reason.CLIENT_ERROR
    if 500 <= status < 600:
        return Reason.SERVER_ERROR
    return Reason.REDIRECTS if 300 <= status < 400 else Reason.PROTOCOL


def _failed(
    want: Want, exchange: Exchange, hops: tuple[Exchange, ...], now: datetime, reason: Reason, detail: str
) -> Failed:
    retry_after = None
    if reason in (Reason.RATE_LIMITED, Reason.SERVER_ERROR):
        retry_after = cadence.read_retry_after(exchange.header("retry-after"), now)
    return Failed(
        want=want, at=now, reason=reason, detail=detail, exchange=exchange, hops=hops, retry_after=retry_after
    )
