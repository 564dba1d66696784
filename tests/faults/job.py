"""One job over a data folder, in this process or in one of its own that can be killed.

Arguments: kind, data folder, first port of the newsroom, address of the past, folder of the newer taxonomy. It says
`began` when everything is imported, so that who kills it knows when to begin.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extractors import taxonomy
from flows import reader, rebuild, reprocess, retag
from flows.demo.content import read_outlets, read_pieces
from flows.demo.newsroom import Newsroom
from flows.load import Loader
from flows.registry import Registry
from flows.spreading import Runner
from storage import archive, care, warehouse
from tests import world
from tests.faults import reading
from tests.past import job as past

KINDS = ("collect", "load", "backfill", "retag", "reprocess", "rebuild", "compact")
_ALONE = Runner(workers=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a job finds what it needs."""

    data: Path
    port: int  # the newsroom's first
    past: str  # address of the archive of old pages
    taxonomy: Path  # the newer one


def do(kind: str, place: Place) -> None:
    """Do a job to its end. Raises what it raises, and `RuntimeError` when it says that it has failed."""
    reader.tagger.cache_clear()  # where this process has done another one before
    settings = world.settings(place.data)
    if kind == "collect":
        if world.run(place.data, _registry(place.port)).exit_status:
            raise RuntimeError("the cycle has failed")
    elif kind == "load":
        _load(place.data)
    elif kind == "backfill":
        past.main(str(place.data), place.past, "wayback")
    elif kind == "retag":
        with newer_tagger(place.taxonomy):
            retag.retag(settings, _ALONE, accept=True)
    elif kind == "reprocess":
        with reading.newer():
            reprocess.reprocess(settings, _ALONE, archive.segments(settings.archive), accept=True)
    elif kind == "rebuild":
        rebuild.rebuild(settings, _ALONE)
    elif kind == "compact":
        _compact(place.data)


def _registry(port: int) -> Registry:
    outlets = read_outlets()
    bases = {outlet.id: f"http://127.0.0.1:{port + n}" for n, outlet in enumerate(outlets)}
    newsroom = Newsroom(edition=1, outlets=outlets, pieces=read_pieces(1), bases=bases)
    return Registry(sources=newsroom.sources(), feeds=newsroom.feeds())


def _load(data: Path) -> None:
    """Load what waits, through a pool of two."""
    loader = Loader(replace(world.settings(data), workers=2))
    try:
        if (done := loader.load(loader.pending())).waiting:
            raise RuntimeError(done.why)
        loader.remember()
    finally:
        loader.close()


def _compact(data: Path) -> None:
    """Prune what brought nothing, and put small segments together."""
    folder = data / "archive"
    policy = care.Policy(before=datetime.now(UTC) + timedelta(days=1))
    with warehouse.connect(data / "corpus.duckdb") as connection:
        care.settle(folder, connection)
        for paths, rewritten in care.prune(care.weigh(folder, policy)[1], policy):
            care.follow(connection, folder, paths, rewritten)
        for paths, rewritten in care.compact(care.compactable(folder, small=1_000_000, most=10_000_000)[0]):
            care.follow(connection, folder, paths, rewritten)


@contextmanager
def newer_tagger(folder: Path) -> Iterator[None]:
    """Let texts be tagged by another taxonomy."""
    before = taxonomy.DATA
    taxonomy.DATA = folder
    try:
        yield
    finally:
        taxonomy.DATA = before


def main(kind: str, data: str, port: str, past_address: str, folder: str) -> None:
    """Do it here."""
    place = Place(data=Path(data), port=int(port), past=past_address, taxonomy=Path(folder))
    print("began", flush=True)
    do(kind, place)


if __name__ == "__main__":
    main(*sys.argv[1:])
