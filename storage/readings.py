"""Readings that were superseded by better ones: what was accepted when, and the rows as they were before.

The tagger and the extractors get better, and yet nobody's past answers may change: the old rows stay, closed by
`known_to`, and the new ones begin with `known_from`. The corpus can be made anew from its archive, the old readings
cannot, for the code that made them is gone. So they lie in the archive, too, a folder of Parquet files for each
acceptance, and `replay` puts them back. What is better is decided by people.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import duckdb

from storage import disk, warehouse

FOLDER = "readings"  # in the archive
PART = ".part"  # the last suffix of an acceptance that is not in its place yet
TOLD = ("mention", "tag", "relation", "statement")  # what the tagger says
Kind = Literal["retag", "reprocess"]
_FACTS, _RENEWED = "acceptance.json", "renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One acceptance: its folder, and what it says of itself."""

    folder: Path
    kind: Kind
    at: datetime
    version: str


def accepted(archive: Path) -> list[Acceptance]:
    """Return the acceptances that an archive holds, in the order of their times."""
    folders = [path.parent for path in (archive / FOLDER).glob(f"*/{_FACTS}")]
    found = [_read(folder) for folder in folders if folder.suffix != PART]
    return sorted(found, key=lambda acceptance: (acceptance.at, acceptance.folder.name))


def _read(folder: Path) -> Acceptance:
    with disk.explained("an acceptance cannot be read", folder):
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    return Acceptance(
        folder=folder, kind=facts["kind"], at=datetime.fromisoformat(facts["at"]), version=facts["version"]
    )


@contextmanager
def accepting(
    connection: duckdb.DuckDBPyConnection, archive: Path, kind: Kind, *, at: datetime, version: str
) -> Iterator[Acceptance]:
    """Accept in one transaction. In the block the caller changes rows and calls `keep`; an error undoes everything.

    The folder is whole on the disk before the transaction ends and gets its name afterwards. What a crash leaves in
    between is put right by `settle`, which knows from the corpus whether it was accepted. Where no reading was
    superseded or renewed, as when the same is accepted again after a crash, there is nothing to remember.
    """
    settle(archive, connection)
    name = f"{at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}-{kind}"
    part = archive / FOLDER / f"{name}{PART}"
    part.mkdir(parents=True)
    try:
        with warehouse.transaction(connection):
            yield Acceptance(folder=part, kind=kind, at=at, version=version)
            if not _kept(connection, part):
                return
            count = _count(connection, part)
            connection.execute("INSERT INTO acceptance VALUES (?, ?, ?, ?, ?)", [name, kind, at, version, count])
            facts = {"kind": kind, "at": at.astimezone(UTC).isoformat(), "version": version}
            (part / _FACTS).write_text(json.dumps(facts), encoding="utf-8")
            for path in part.iterdir():
                disk.sync(path)
            disk.sync(part)
    finally:
        settle(archive, connection)


def unsettled(archive: Path) -> list[Path]:
    """Return the folders of acceptances that are going on, or that a crash has left."""
    return sorted((archive / FOLDER).glob(f"*{PART}"))


def settle(archive: Path, connection: duckdb.DuckDBPyConnection | None) -> None:
    """Give acceptances that a crash has left their place when the corpus has them, and remove them when it has not.

    The corpus must be open for writing, so that nobody is accepting meanwhile. Without one (it is lost) those that are
    whole get their place: what they keep can be had from nowhere else.
    """
    for part in unsettled(archive):
        name = part.name.removesuffix(PART)
        if connection is None:
            done = (part / _FACTS).exists()
        else:
            done = connection.execute("SELECT 1 FROM acceptance WHERE name = ?", [name]).fetchone() is not None
        if done:
            part.rename(part.with_name(name))
        else:
            shutil.rmtree(part)
        disk.sync(part.parent)


def keep(connection: duckdb.DuckDBPyConnection, acceptance: Acceptance, name: str, query: str) -> None:
    """Write the rows of a query into the acceptance's folder. Names of tables are rows that were superseded."""
    target = str(acceptance.folder / f"{name}.parquet").replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")


def renew(connection: duckdb.DuckDBPyConnection, acceptance: Acceptance, fresh: str, what: str = "told") -> None:
    """Note which revisions the acceptance gave new rows (`told`: of the tagger, `texts`: the revisions themselves).

    `fresh` is a query for their ids. A revision whose first capture becomes another one later is told anew by loading,
    so it is noted with its time.
    """
    keep(
        connection,
        acceptance,
        f"{_RENEWED}_{what}",
        f"SELECT revision_id, captured_at FROM revision WHERE known_to IS NULL AND revision_id IN ({fresh})",
    )


def supersede(connection: duckdb.DuckDBPyConnection, acceptance: Acceptance, table: str, condition: str) -> None:
    """Close the current rows of a table that a condition chooses, and keep them as they are now."""
    stamp = _literal(acceptance.at)
    chosen = f"known_to IS NULL AND ({condition})"
    hidden = ", false AS latest" if table == "revision" else ""
    keep(connection, acceptance, table, f"SELECT * REPLACE ({stamp} AS known_to{hidden}) FROM {table} WHERE {chosen}")
    also = ", latest = false" if table == "revision" else ""
    connection.execute(f"UPDATE {table} SET known_to = {stamp}{also} WHERE {chosen}")


def replay(connection: duckdb.DuckDBPyConnection, archive: Path) -> int:
    """Put what was superseded back into a corpus that was made anew, at once. Returns how many acceptances."""
    done = 0
    with warehouse.transaction(connection):
        for acceptance in accepted(archive):
            _replay(connection, acceptance)
            done += 1
    return done


def _replay(connection: duckdb.DuckDBPyConnection, acceptance: Acceptance) -> None:
    stamp = _literal(acceptance.at)
    for what, tables in (("texts", ("revision",)), ("told", TOLD)):
        file = acceptance.folder / f"{_RENEWED}_{what}.parquet"
        if file.exists():
            connection.execute(
                """
                CREATE OR REPLACE TEMP TABLE renewed AS
                SELECT revision_id FROM revision SEMI JOIN read_parquet(?) AS noted USING (revision_id, captured_at)
                WHERE known_to IS NULL
                """,
                [str(file)],
            )
            for table in tables:
                connection.execute(
                    f"UPDATE {table} SET known_from = {stamp} WHERE known_to IS NULL AND revision_id IN (FROM renewed)"
                )
    for table in ("revision", *TOLD):
        file = acceptance.folder / f"{table}.parquet"
        if file.exists():
            connection.execute(f"INSERT INTO {table} BY NAME FROM read_parquet(?)", [str(file)])
    connection.execute(
        "INSERT INTO acceptance VALUES (?, ?, ?, ?, ?)",
        [
            acceptance.folder.name,
            acceptance.kind,
            acceptance.at,
            acceptance.version,
            _count(connection, acceptance.folder),
        ],
    )


def _count(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Return how many revisions an acceptance gave new rows."""
    file = folder / f"{_RENEWED}_told.parquet"
    row = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(file)]).fetchone() if file.exists() else None
    return int(row[0]) if row else 0


def _kept(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Return how many rows an acceptance keeps, of any kind."""
    rows = [
        connection.execute("SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata(?)", [str(path)]).fetchone()
        for path in folder.glob("*.parquet")
    ]
    return sum(int(row[0]) for row in rows if row)


def _literal(at: datetime) -> str:
    return f"TIMESTAMPTZ '{at.astimezone(UTC).isoformat()}'"
