"""Are two corpora the same? Every table, row by row, and where they differ: how many rows, which columns, examples.

A corpus that is made again from its archive must equal the one that grew from run to run: this is how that is told.
What may differ, and what is to be done then, is up to the caller.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from storage import warehouse

_OURS = ("schema_migration", "arrival")  # when a schema was applied or a segment loaded says nothing of the corpus
_EXAMPLES = 3
_SHOWN = 300  # characters of an example


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One table that is not the same in both corpora."""

    table: str
    rows: tuple[int, int]  # in the one and in the other
    only: tuple[int, int]  # rows that the one has and the other lacks, and the reverse
    columns: tuple[str, ...]  # in which those rows differ
    examples: tuple[str, ...]  # `- ` in the one only, `+ ` in the other only

    def __str__(self) -> str:
        """Return the difference in one line."""
        if not any(self.only):
            return f"{self.table}: is in one corpus only"
        counts = f"{self.only[0]:,} rows are gone and {self.only[1]:,} are new of {self.rows[0]:,}"
        return f"{self.table}: {counts}; they differ in {', '.join(self.columns) or 'their number'}"


def compare(one: Path, other: Path, *, ignore: Mapping[str, Collection[str]] | None = None) -> tuple[Difference, ...]:
    """Return the tables in which two corpora differ, none when they are the same.

    `ignore` names columns, by table, that may differ. Raises `WarehouseError` when one cannot be read.
    """
    for path in (one, other):
        with warehouse.connect(path, read_only=True):  # says what is wrong where one cannot be read
            pass
    with warehouse.connect(one, read_only=True) as connection:
        connection.execute(f"ATTACH {_quoted(other)} AS other (READ_ONLY)")
        connection.execute("SET memory_limit = '2GB'")
        try:
            return tuple(_differences(connection, ignore or {}))
        finally:
            connection.execute("DETACH other")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _differences(connection: duckdb.DuckDBPyConnection, ignore: Mapping[str, Collection[str]]) -> Iterator[Difference]:
    here, there = _columns(connection, "main"), _columns(connection, "other")
    for table in sorted(here.keys() | there.keys()):
        if table not in here or table not in there:
            yield Difference(table=table, rows=(0, 0), only=(0, 0), columns=(), examples=())
            continue
        columns = [name for name in here[table] if name in there[table] and name not in ignore.get(table, ())]
        if found := _difference(connection, table, columns):
            yield found


def _columns(connection: duckdb.DuckDBPyConnection, which: str) -> dict[str, list[str]]:
    database = "current_database()" if which == "main" else "'other'"
    tables: dict[str, list[str]] = {}
    rows = connection.execute(f"""
        SELECT table_name, column_name FROM duckdb_columns()
        WHERE database_name = {database} AND schema_name = 'main' AND NOT internal
            AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE database_name = {database})
        ORDER BY table_name, column_index
    """).fetchall()
    for table, column in rows:
        if table not in _OURS:
            tables.setdefault(table, []).append(column)
    return tables


def _difference(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> Difference | None:
    """Compare bags of row hashes: a corpus of a million texts is compared without holding a text twice."""
    names = ", ".join(f'"{name}"' for name in columns)
    bag = "SELECT hash({names}) AS h, count(*) AS n FROM {place}{table} GROUP BY h"
    ours, theirs = (bag.format(names=names, place=place, table=table) for place in ("", "other."))
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE differing AS
        SELECT h, coalesce(a.n, 0) - coalesce(b.n, 0) AS surplus FROM ({ours}) AS a FULL JOIN ({theirs}) AS b USING (h)
        WHERE a.n IS DISTINCT FROM b.n
    """)
    totals = connection.execute(f"""
        SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM other.{table}),
            coalesce(sum(surplus) FILTER (surplus > 0), 0), coalesce(-sum(surplus) FILTER (surplus < 0), 0)
        FROM differing
    """).fetchone()
    assert totals is not None
    if not totals[2] and not totals[3]:
        return None
    return Difference(
        table=table,
        rows=(int(totals[0]), int(totals[1])),
        only=(int(totals[2]), int(totals[3])),
        columns=tuple(name for name in columns if _differs(connection, table, name, names)),
        examples=tuple(_examples(connection, table, names)),
    )


def _rows(place: str, table: str, names: str, sign: str) -> str:
    return f"FROM {place}{table} WHERE hash({names}) IN (SELECT h FROM differing WHERE surplus {sign} 0)"


def _differs(connection: duckdb.DuckDBPyConnection, table: str, column: str, names: str) -> bool:
    """Tell whether the rows that differ hold other values of a column."""
    ours, theirs = (
        f'SELECT "{column}" AS value, count(*) AS n {_rows(place, table, names, sign)} GROUP BY ALL'
        for place, sign in (("", ">"), ("other.", "<"))
    )
    found = connection.execute(
        f"SELECT count(*) FROM (({ours}) EXCEPT ({theirs}) UNION ALL (({theirs}) EXCEPT ({ours})))"
    )
    row = found.fetchone()
    return bool(row and row[0])


def _examples(connection: duckdb.DuckDBPyConnection, table: str, names: str) -> Iterator[str]:
    for place, sign, mark in (("", ">", "-"), ("other.", "<", "+")):
        query = f"SELECT {names} {_rows(place, table, names, sign)} ORDER BY ALL LIMIT {_EXAMPLES}"
        for row in connection.execute(query).fetchall():
            yield f"{mark} {', '.join(map(str, row))}"[:_SHOWN]
