"""URLs: one form for one page, an id derived from it, and a form that may be shown to people.

Which hosts may be asked, and how, does not belong here. What is a tracker and what is a secret is data
(`data/tracking.toml`).
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit

import idna

_DATA = Path(__file__).with_name("data") / "tracking.toml"
_LONGEST = 8_192  # characters; what servers and archives take
_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_UNCLEAN = re.compile(r'%(?:[0-9A-Fa-f]{2})?|[^!-~]|["<>\\^`{|}]')
_STRIPPED = re.compile(r"[\t\r\n]")  # WHATWG URL: removed wherever they are
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_SCHEME = re.compile(r"https?:", re.IGNORECASE)
_USERINFO = re.compile(r"(?<=//)[^/?#\s]*@")
_QUERY_PART = re.compile(r"([?&;#])([^?=&;#\s]*)=([^&;#\s]*)")
_HIDDEN = "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """The knowledge of `data/tracking.toml`."""

    names: frozenset[str]
    prefixes: tuple[str, ...]
    values: dict[str, frozenset[str]]
    on: dict[str, frozenset[str]]
    fragments: tuple[str, ...]
    unwrap: dict[str, tuple[str, ...]]
    secret_parts: tuple[str, ...]
    secret_names: frozenset[str]


@cache
def _rules() -> _Rules:
    data = tomllib.loads(_DATA.read_text("utf-8"))
    return _Rules(
        names=frozenset(data["drop"]["names"]),
        prefixes=tuple(data["drop"]["prefixes"]),
        values={name: frozenset(values) for name, values in data["drop_values"].items()},
        on={host: frozenset(names) for host, names in data["drop_on"].items()},
        fragments=tuple(data["keep_fragment"]["beginnings"]),
        unwrap={place: tuple(names) for place, names in data["unwrap"].items()},
        secret_parts=tuple(data["secret"]["contains"]),
        secret_names=frozenset(data["secret"]["names"]),
    )


def canonical(url: str) -> str:
    """Return the one form of a URL under which its page is known.

    Scheme and host in lower case and IDNA, no credentials, no default port, dot segments resolved, percent-encoding
    normal (RFC 3986, 6.2), trackers, session ids and fragments dropped, redirectors opened. Parameters that may choose
    a page stay, in their order. What is no http(s) URL is returned stripped and otherwise as it is.
    canonical(canonical(url)) == canonical(url).
    """
    text = _STRIPPED.sub("", url.strip())
    while True:
        parts = _split(text)
        if parts is None:
            return text
        inner = _unwrapped(parts)
        if inner is None:
            return _assemble(parts)
        text = inner


def is_valid(url: str) -> bool:
    """Tell whether a URL can be asked for: http or https, with a host, and not longer than servers take."""
    return _split(_STRIPPED.sub("", url.strip())) is not None


def join(base: str, href: str) -> str:
    """Return the absolute http(s) URL that `href` means on the page `base`, or an empty string when it means none."""
    reference = _STRIPPED.sub("", href.strip())
    if not reference or len(reference) > _LONGEST:
        return ""
    try:
        joined = reference if _SCHEME.match(reference) and "//" in reference[:9] else urljoin(base, reference)
    except ValueError:  # an address in brackets that is none
        return ""
    joined = joined.replace(" ", "%20")
    return joined if _split(joined) is not None else ""


def host(url: str) -> str:
    """Return the host of a URL in lower case and IDNA, without `www.`; an empty string when there is none."""
    parts = _split(_STRIPPED.sub("", url.strip()))
    return _bare(parts.netloc) if parts else ""


def owner(url: str, hosts: Mapping[str, str]) -> str | None:
    """Return what `hosts` says of the host of a URL, with its port where it names one, or of the nearest host above it.

    `hosts` maps hosts without `www.` to the id of their outlet. None: nobody's.
    """
    name = host(url)
    with suppress(ValueError):  # an address that cannot be split has no port either
        port = urlsplit(url.strip()).port
        if f"{name}:{port}" in hosts:
            return hosts[f"{name}:{port}"]
    while name and name not in hosts:
        name = name.partition(".")[2]
    return hosts.get(name)


def key(url: str) -> str:
    """Return the id of a URL: 32 hexadecimal digits of a hash of its canonical form.

    http and https, and a host with and without `www.`, are one page: feeds and sitemaps of one outlet mix them.
    """
    form = canonical(url).partition("://")[2] or canonical(url)
    return hashlib.sha256(form.removeprefix("www.").encode("utf-8", "surrogatepass")).hexdigest()[:32]


def redact(url: str) -> str:
    """Return a URL, or a text with URLs in it, fit to be shown: without credentials and values that look secret."""
    return _QUERY_PART.sub(_hide, _USERINFO.sub("", url))


def _hide(match: re.Match[str]) -> str:
    rules, name = _rules(), unquote(match[2]).lower()
    secret = name in rules.secret_names or any(part in name for part in rules.secret_parts)
    return f"{match[1]}{match[2]}={_HIDDEN}" if secret and match[3] else match[0]


def _split(url: str) -> SplitResult | None:
    """Return the parts of an http(s) URL, host and port normal and credentials gone, or None when it is no such URL."""
    if len(url) > _LONGEST or not _SCHEME.match(url):
        return None
    try:
        parts = urlsplit(url.replace("\\", "/") if "\\" in url.partition("?")[0] else url)
        name, port = _idna(parts.hostname or ""), parts.port
    except ValueError:  # brackets, a port that is no number, characters that no host has
        return None
    if not _HOST.fullmatch(name) or ".." in name:
        return None
    scheme = parts.scheme.lower()
    netloc = name if port is None or port == _PORTS[scheme] else f"{name}:{port}"
    return SplitResult(scheme, netloc, parts.path, parts.query, parts.fragment)


def _idna(name: str) -> str:
    """Return a host in lower case and ASCII."""
    if ":" in name:
        return f"[{name.lower()}]"
    name = unquote(name[:1_024]).rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii").rstrip(".")
    except idna.IDNAError:
        return ""


def _bare(netloc: str) -> str:
    """Return a host without its port and without `www.`."""
    name = netloc.partition("]")[0] + "]" if netloc.startswith("[") else netloc.partition(":")[0]
    return name.removeprefix("www.")


def _unwrapped(parts: SplitResult) -> str | None:
    """Return the address that a redirector's URL carries, or None when it is no redirector."""
    names = _rules().unwrap.get(_bare(parts.netloc) + (parts.path or "/"))
    if not names:
        return None
    given = dict(reversed(parse_qsl(parts.query)))
    found = next((given[name] for name in names if given.get(name)), "")
    found = _STRIPPED.sub("", found.strip())
    return found if _split(found) is not None else None


def _assemble(parts: SplitResult) -> str:
    """Return the canonical form of parts whose host is normal already."""
    path = _path(_SESSION.sub("", _normal(parts.path)))
    query = _query(parts.query, _bare(parts.netloc))
    fragment = _normal(parts.fragment) if parts.fragment.startswith(_rules().fragments) else ""
    return f"{parts.scheme}://{parts.netloc}{path}{'?' + query if query else ''}{'#' + fragment if fragment else ''}"


def _normal(text: str) -> str:
    """Return text with its percent-encoding normal: nothing encoded that need not be, everything that must be."""
    return _UNCLEAN.sub(_encoded, text) if _UNCLEAN.search(text) else text


def _encoded(match: re.Match[str]) -> str:
    part = match[0]
    if len(part) == 3:
        char = chr(int(part[1:], 16))
        return char if char in _UNRESERVED else part.upper()
    return "".join(f"%{byte:02X}" for byte in part.encode("utf-8", "replace"))


def _path(path: str) -> str:
    """Return a path without dot segments (RFC 3986, 5.2.4); empty segments stay: some servers need them."""
    if "/." not in path:
        return path or "/"
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str, name: str) -> str:
    """Return a query without the parameters that say only how the reader came."""
    if not query:
        return ""
    rules = _rules()
    labels = name.split(".")
    local = next(
        (rules.on[site] for at in range(len(labels)) if (site := ".".join(labels[at:])) in rules.on), frozenset()
    )
    kept = []
    for part in query.split("&"):
        parameter, _, value = part.partition("=")
        lower = unquote(parameter).lower()
        if not part or lower in rules.names or lower in local or lower.startswith(rules.prefixes):
            continue
        if lower in rules.values and unquote(value).lower() in rules.values[lower]:
            continue
        kept.append(_normal(part))
    return "&".join(kept)
