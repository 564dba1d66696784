"""What `tripolar doctor` looks at: each check says if it is well, what it saw and what mends it. Nothing is changed."""

import importlib.util
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extractors import datafile, taxonomy
from flows import config, registry
from flows.config import ConfigError, Settings
from storage import archive, loading, reads, warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at. `well` is None where it is only worth knowing."""

    name: str
    well: bool | None
    seen: str
    fix: str = ""


def examine(config_file: Path | None) -> Iterator[Check]:
    """Yield the checks, from the settings on. Without readable settings there is nothing else to look at."""
    try:
        settings = config.load(config_file)
    except ConfigError as error:
        yield Check(name="settings", well=False, seen=str(error), fix="correct the file")
        return
    yield Check(name="settings", well=True, seen=f"data in {settings.data}")
    if "example.org" in settings.fetch.user_agent:
        yield Check(
            name="user agent",
            well=None,
            seen="outlets cannot tell who asks",
            fix="set fetch.user_agent in tripolar.toml to your project and an address",
        )
    for check in (_feeds, _taxonomy, _folder, _corpus, _archive, _extension, _network):
        yield from _guarded(check, settings)


def _guarded(check: Callable[[Settings], Iterator[Check]], settings: Settings) -> Iterator[Check]:
    try:
        yield from check(settings)
    except (OSError, warehouse.WarehouseError, archive.ArchiveError, registry.RegistryError, datafile.Problem) as error:
        yield Check(name=check.__name__.strip("_"), well=False, seen=str(error), fix="as it says")


def _feeds(settings: Settings) -> Iterator[Check]:
    outlets = registry.load(settings.feeds)
    yield Check(name="feeds", well=True, seen=f"{len(outlets.feeds)} feeds of {len(outlets.sources)} outlets")


def _taxonomy(_: Settings) -> Iterator[Check]:
    yield Check(name="taxonomy", well=True, seen=f"version {taxonomy.load().version}")


def _folder(settings: Settings) -> Iterator[Check]:
    folder = settings.data
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        yield Check(name="folder", well=False, seen=f"{folder} may not be written", fix="change its owner or its mode")
        return
    stat = os.statvfs(folder)
    free = stat.f_bavail * stat.f_frsize
    yield Check(
        name="folder",
        well=free > 1_000_000_000,
        seen=f"{free / 1e9:.1f} GB free at {folder}",
        fix="" if free > 1_000_000_000 else "free some space: under 1 GB is left",
    )


def _corpus(settings: Settings) -> Iterator[Check]:
    if not settings.corpus.exists():
        yield Check(name="corpus", well=None, seen=f"none at {settings.corpus} yet", fix="tripolar run")
        return
    with warehouse.connect(settings.corpus, read_only=True, wait=3.0) as connection:
        size = reads.size(connection)
        known = loading.loaded(connection)
    yield Check(
        name="corpus", well=True, seen=f"{size.articles} articles, {size.revisions} revisions, {size.captures} captures"
    )
    present = {path.name for path in archive.segments(settings.archive)}
    waiting = len(present - known)
    yield Check(
        name="loading",
        well=not waiting,
        seen=f"{waiting} segments wait to be loaded",
        fix="tripolar run loads them" if waiting else "",
    )
    lost = len(known - present)
    yield Check(
        name="segments",
        well=not lost,
        seen=f"{lost} of {len(known)} loaded segments are not in the archive",
        fix="restore them from a copy: the corpus cannot be rebuilt without them" if lost else "",
    )


def _archive(settings: Settings) -> Iterator[Check]:
    segments = archive.segments(settings.archive)
    size = sum(path.stat().st_size for path in segments)
    yield Check(name="archive", well=True, seen=f"{len(segments)} segments, {size / 1e6:.1f} MB in {settings.archive}")
    orphans = list(settings.archive.rglob("*.open")) if settings.archive.exists() else []
    if orphans:
        yield Check(
            name="unfinished",
            well=None,
            seen=f"{len(orphans)} segments are being written, or were left by a run that was killed",
            fix="the next run mends what was left",
        )


def _extension(_: Settings) -> Iterator[Check]:
    found = importlib.util.find_spec("duckdb_extensions") is not None
    yield Check(
        name="server",
        well=True if found else None,
        seen="DuckDB's server extension is installed" if found else "DuckDB's server extension is not installed",
        fix="" if found else "pip install 'tripolar[serve]', if you want `tripolar serve`",
    )


def _network(settings: Settings) -> Iterator[Check]:
    outlets = registry.load(settings.feeds)
    if not outlets.feeds:
        return
    host = outlets.feeds[0].url.split("/")[2].rsplit("@")[-1].split(":")[0]
    try:
        socket.getaddrinfo(host, 443)
    except OSError as error:
        yield Check(
            name="network", well=False, seen=f"{host} cannot be looked up: {error}", fix="check the connection and DNS"
        )
        return
    yield Check(name="network", well=True, seen=f"{host} can be looked up")
