"""One segment into the corpus: a single transaction that adds what is new and merges what is known.

Merging is a union by derived ids, with least and greatest for times, so loading twice changes nothing and the order of
segments does not matter. What a row means is decided before it comes here; who tells the same story as whom is decided
in `stories`.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from extractors.model import Feed, Source
from storage import stories, warehouse
from storage.archive import Info
from storage.rows import Tables, address

STEPS = warehouse.SQL / "load"
_SCRATCH = ("seen", "touched", "shown", "retold", "told", "dissolved", "newer")  # temporary tables of the steps


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFacts:
    """What is known of a segment as a file."""

    name: str
    bytes: int
    digest: str
    outcomes: int
    damaged: int


def loaded(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the names of the segments that are in the corpus."""
    return {name for (name,) in connection.execute("SELECT segment FROM segment").fetchall()}


def commit(
    connection: duckdb.DuckDBPyConnection,
    info: Info,
    facts: SegmentFacts,
    tables: Tables,
    *,
    now: datetime | None = None,
) -> bool:
    """Add a segment's rows in one transaction and return True, or return False where the segment is loaded already.

    `now` is noted as the time of its arrival; without it, that of the database's clock.
    """
    with warehouse.transaction(connection):
        known = connection.execute("SELECT count(*) FROM segment WHERE segment = ?", [facts.name]).fetchone()
        if known and known[0]:
            return False
        _describe(connection, info, facts)
        connection.execute("INSERT INTO arrival VALUES (?, coalesce(?, now()))", [facts.name, now])
        for name in Tables.__dataclass_fields__:
            connection.register(f"new_{name}", getattr(tables, name))
        try:
            for step in sorted(STEPS.glob("[0-9]*.sql")):
                connection.execute(step.read_text(encoding="utf-8"))
            stories.link(connection)
        finally:
            for name in Tables.__dataclass_fields__:
                connection.unregister(f"new_{name}")
            for name in _SCRATCH:
                connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
    return True


def _describe(connection: duckdb.DuckDBPyConnection, info: Info, facts: SegmentFacts) -> None:
    connection.execute(
        """
        INSERT INTO run SELECT $run_id, $kind, $started, $software, map_from_entries($settings)
        WHERE NOT EXISTS (FROM run WHERE run_id = $run_id)
        """,
        {
            "run_id": info.run_id,
            "kind": info.run_kind,
            "started": info.started_at,
            "software": info.software,
            "settings": [{"k": key, "v": value} for key, value in info.settings],
        },
    )
    connection.execute(
        "INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?)",
        [facts.name, info.run_id, facts.bytes, facts.digest, facts.outcomes, facts.damaged, info.started_at],
    )
    connection.register("new_source", _sources(info.sources, info))
    connection.register("new_feed", _feeds(info.feeds, info))
    try:
        # The newest description wins, whichever segment is loaded first.
        connection.execute("""
            MERGE INTO source USING new_source USING (source_id)
            WHEN MATCHED AND new_source.as_of > source.as_of THEN UPDATE
            WHEN NOT MATCHED THEN INSERT BY NAME
        """)
        connection.execute("""
            MERGE INTO feed USING new_feed USING (url)
            WHEN MATCHED AND new_feed.as_of > feed.as_of THEN UPDATE
            WHEN NOT MATCHED THEN INSERT BY NAME
        """)
    finally:
        connection.unregister("new_source")
        connection.unregister("new_feed")


def _sources(sources: tuple[Source, ...], info: Info) -> pa.Table:
    columns = ["id", "name", "country", "language", "time_zone", "owner", "state", "family", "home", "hosts"]
    schema = pa.schema(
        [(c, {"state": pa.bool_(), "hosts": pa.list_(pa.string())}.get(c, pa.string())) for c in columns]
    )
    table = pa.Table.from_pylist([{c: getattr(s, c) for c in columns} for s in sources], schema=schema)
    return _as_of(table.rename_columns(["source_id", *columns[1:]]), info)


def _feeds(feeds: tuple[Feed, ...], info: Info) -> pa.Table:
    columns = ["url", "source_id", "language", "kind", "interval"]
    schema = pa.schema([(c, pa.int32() if c == "interval" else pa.string()) for c in columns])
    rows = [{c: getattr(f, c) for c in columns} | {"url": address(f.url)} for f in feeds]
    table = pa.Table.from_pylist(rows, schema=schema)
    table = table.rename_columns([*columns[:-1], "interval_s"])
    return _as_of(table, info)


def _as_of(table: pa.Table, info: Info) -> pa.Table:
    stamp = pa.array([info.started_at] * len(table), type=pa.timestamp("us", tz="UTC"))
    return table.append_column("as_of", stamp)
