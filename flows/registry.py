"""The registry: the outlets and feeds that a TOML file lists, checked to the last key, and written back.

`flows/feeds.toml` is the bundled one and its header the rule book; `settings.feeds` names one of one's own instead.
What is added to a file leaves its comments alone. OPML, and finding and asking feeds, do not belong here.
"""

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from extractors import urls
from extractors.model import Feed, Source
from flows.tables import Table, TableError

SHORTEST, LONGEST = 60, 7 * 24 * 3600  # seconds between two polls

_HEADER = re.compile(r"\s*\[\[\s*(source(?:\s*\.\s*feed)?)\s*\]\]")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
_HOST = re.compile(r"(?!www\.)(?:[a-z0-9_-]+\.)*[a-z0-9_-]+(?::[0-9]{1,5})?")
_MUST = tuple(f.name for f in fields(Source) if f.default is MISSING)
_KIND = re.compile("feed|sitemap")
_USUAL: dict[str, Any] = {f.name: f.default for f in fields(Feed)}
_BEGIN = "# Outlets and feeds of one's own; the rules stand in the header of the bundled registry.\n"
_RULES = "the header of the bundled registry"


class RegistryError(Exception):
    """A registry cannot be used. The message says what, in which file and line, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """The outlets and their feeds, in the order of the file."""

    sources: tuple[Source, ...]
    feeds: tuple[Feed, ...]

    def by_host(self) -> dict[str, str]:
        """Return the id of the outlet that each host belongs to: hosts without `www.`, those of home pages included."""
        found: dict[str, str] = {}
        for source in self.sources:
            for host in _hosts(source):
                found.setdefault(host, source.id)
        return found


def bundled() -> Path:
    """Return the path of the registry that comes with Tripolar."""
    return Path(__file__).parent / "feeds.toml"


def load(path: Path | None = None) -> Registry:
    """Return a registry, the bundled one unless a path is given.

    Raises RegistryError with file, line and remedy at the first thing that breaks the rule book.
    """
    path = path or bundled()
    return parse(_read(path), str(path))


def parse(text: str, name: str) -> Registry:
    """Return the registry that a TOML text describes; errors call the text `name`. Raises RegistryError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RegistryError(f"{name}: not valid TOML: {error}; mend that line") from error
    try:
        return _registry(Table(values=document, file=name, start=1, lines=text.split("\n"), rules=_RULES))
    except TableError as error:
        raise RegistryError(str(error)) from error


def dump(registry: Registry) -> str:
    """Return a registry as TOML, feeds below their outlets. Raises ValueError for a feed whose outlet is not there."""
    known = {source.id for source in registry.sources}
    for feed in registry.feeds:
        if feed.source_id not in known:
            raise ValueError(f"{feed.url} belongs to {feed.source_id!r}, which is no outlet of this registry")
    blocks = []
    for source in registry.sources:
        blocks.append(_source_block(source))
        blocks += [_feed_block(feed, source.language) for feed in registry.feeds if feed.source_id == source.id]
    return "\n".join(blocks)


def append(path: Path, source: Source, feeds: Iterable[Feed] = ()) -> Registry:
    """Add an outlet and its feeds to a registry file, or feeds to an outlet that is there, and return the whole.

    What stands in the file stays as it is, comments included; a missing file is begun. Nothing is written when the
    result would break the rule book: that raises RegistryError, as an outlet does that is there with other facts.
    """
    text = _read(path) if path.exists() else _BEGIN
    before = parse(text, str(path))
    source = replace(source, hosts=source.hosts or (urls.host(source.home),))
    known = {one.id: one for one in before.sources}
    ours = [feed for feed in feeds if feed.source_id == source.id]
    blocks = [_feed_block(feed, source.language) for feed in ours]
    if source.id not in known:
        whole = "\n".join([text.rstrip() + "\n", _source_block(source), *blocks])
    elif known[source.id] == source:
        whole = _inserted(text, list(known).index(source.id), blocks)
    else:
        raise RegistryError(
            f"{path}: outlet {source.id!r} is there with other facts; change them there or rename yours"
        )
    after = parse(whole, f"{path} with {source.id}")
    kept = set(before.sources) <= set(after.sources) and set(before.feeds) <= set(after.feeds)
    if not kept or len(after.feeds) != len(before.feeds) + len(ours):
        raise RegistryError(f"{path}: its layout is unusual, nothing was changed; add {source.id!r} by hand")
    _write(path, whole)
    return after


# --- Reading ----------------------------------------------------------------------------------------------------------


def _registry(top: Table) -> Registry:
    top.check(must=(), may=("source",))
    once = _Once()
    sources: list[Source] = []
    feeds: list[Feed] = []
    places = _places(top.lines)
    for index, values in enumerate(top.tables("source", "[[source]]")):
        starts = places[index] if index < len(places) else [1]  # inline tables have no headers to count
        table = top.part(values, starts[0])
        source = _source(table)
        once.claim(table, "id", source.id)
        for host in _hosts(source):
            once.claim(table, "hosts" if host in source.hosts else "home", host)
        sources.append(source)
        for below, entry in enumerate(table.tables("feed", "[[source.feed]]"), 1):
            part = top.part(entry, starts[below] if below < len(starts) else starts[0])
            feeds.append(_feed(part, source))
            once.claim(part, "url", feeds[-1].url)
    return Registry(sources=tuple(sources), feeds=tuple(feeds))


class _Once:
    """What may stand in a registry once: ids, hosts and addresses. Addresses that differ in http or https are one."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], Table] = {}

    def claim(self, table: Table, key: str, value: str) -> None:
        kind = {"id": "id", "url": "feed"}.get(key, "host")
        first = self._first.setdefault((kind, urls.key(value) if kind == "feed" else value), table)
        if first is not table:
            raise table.error(key, f"the {kind} {value} is in line {first.start} already; remove one of the two")


def _source(table: Table) -> Source:
    table.check(must=_MUST, may=("hosts", "feed"))
    home = table.url("home")
    return Source(
        id=table.shaped("id", _ID, "lower-case words or numbers joined by hyphens"),
        name=table.text("name"),
        country=_country(table),
        language=table.shaped("language", _LANGUAGE, "a BCP 47 language such as en or zh-Hant"),
        time_zone=_time_zone(table),
        owner=table.text("owner"),
        state=table.flag("state"),
        family=table.shaped("family", _ID, "lower-case words or numbers joined by hyphens"),
        home=home,
        hosts=table.texts("hosts", _HOST, "host names in lower case, without www.") or (urls.host(home),),
    )


def _feed(table: Table, source: Source) -> Feed:
    table.check(must=("url",), may=("language", "kind", "interval", "note"))
    kind = table.shaped("kind", _KIND, "feed or sitemap", "feed")
    return Feed(
        url=table.url("url"),
        source_id=source.id,
        language=table.shaped("language", _LANGUAGE, "a BCP 47 language such as en or zh-Hant", source.language),
        kind="sitemap" if kind == "sitemap" else "feed",
        interval=table.whole("interval", _USUAL["interval"], SHORTEST, LONGEST),
        note=table.text("note") if "note" in table.values else "",
    )


def _country(table: Table) -> str:
    code = table.text("country")
    if code not in _countries():
        hint = ", write GB" if code == "UK" else ""
        raise table.error("country", f"'country' must be an ISO 3166-1 code of two capitals, or EU, not {code!r}{hint}")
    return code


def _time_zone(table: Table) -> str:
    zone = table.text("time_zone")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # unknown, no relative path, a folder of the database
        raise table.error(
            "time_zone", f"'time_zone' must be an IANA zone such as Europe/Brussels, not {zone!r}"
        ) from None
    return zone


@cache
def _countries() -> frozenset[str]:
    """Return the codes of ISO 3166-1 as the time zone database lists them, and EU, which the standard reserves."""
    table = (resources.files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line[:2] for line in table.splitlines() if line and not line.startswith("#")) | {"EU"}


def _hosts(source: Source) -> tuple[str, ...]:
    """Return the hosts that an outlet claims: its home's too, unless it has named that with a port of its own."""
    home = urls.host(source.home)
    named = any(host.partition(":")[0] == home for host in source.hosts)
    return source.hosts if named else (*source.hosts, home)


def _places(lines: Sequence[str]) -> list[list[int]]:
    """Return the line numbers of the outlets' headers, each followed by those of its feeds' headers."""
    places: list[list[int]] = []
    for number, line in enumerate(lines, 1):
        found = _HEADER.match(line)
        if found and found[1] == "source":
            places.append([number])
        elif found and places:
            places[-1].append(number)
    return places


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise RegistryError(f"{path}: no such registry; correct `feeds` in the settings, or leave it out") from None
    except UnicodeDecodeError as error:
        raise RegistryError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise RegistryError(f"{path}: cannot be read ({error.strerror}); allow it, or name another file") from error


# --- Writing ----------------------------------------------------------------------------------------------------------


def _source_block(source: Source) -> str:
    lines = ["[[source]]", *(_line(name, getattr(source, name)) for name in _MUST)]
    if source.hosts and source.hosts != (urls.host(source.home),):
        lines.append(_line("hosts", source.hosts))
    return "\n".join(lines) + "\n"


def _feed_block(feed: Feed, language: str) -> str:
    usual = {**_USUAL, "language": language}
    names = [name for name in ("language", "kind", "interval", "note") if getattr(feed, name) != usual[name]]
    return "\n".join(["[[source.feed]]", *(_line(name, getattr(feed, name)) for name in ("url", *names))]) + "\n"


def _line(name: str, value: str | int | tuple[str, ...]) -> str:
    """Return one key of TOML. Its basic strings and lists are JSON's, but for the character 127."""
    plain = list(value) if isinstance(value, tuple) else value
    return (
        f"{name} = {json.dumps(plain, ensure_ascii=False)}".replace("\x7f", "\\u007f")
        .encode("utf-8", "replace")
        .decode("utf-8")
    )


def _inserted(text: str, index: int, blocks: Sequence[str]) -> str:
    """Return the text with feeds put behind the last line of an outlet's part, before comments on the next outlet."""
    lines = text.split("\n")
    starts = [place[0] for place in _places(lines)]
    if index >= len(starts):  # written inline: the comparison in `append` will tell
        return text
    end = starts[index + 1] - 1 if index + 1 < len(starts) else len(lines)
    while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
        end -= 1
    return "\n".join([*lines[:end], *("\n" + block.rstrip() for block in blocks), *lines[end:]]).rstrip() + "\n"


def _write(path: Path, text: str) -> None:
    """Put a text in the place of a file in one step, so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if path.exists():
            Path(name).chmod(path.stat().st_mode & 0o777)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise RegistryError(f"{path}: cannot be written ({error.strerror}); allow it, or name another file") from error
