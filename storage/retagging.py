"""Texts that are tagged anew: the texts out of the corpus, the new tags beside it, the difference, and the exchange.

Candidates are Parquet files in a folder, a set for each batch of texts, so that a difference can be looked at, and
accepted later, without tagging again. The tagging itself is `extractors.tagging`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from storage import readings
from storage.readings import TOLD
from storage.rows import Tables

BATCH = 500  # texts
_LABELS = {  # table, and which rows
    "actor": ("tag", "kind = 'actor'"),
    "topic": ("tag", "kind = 'topic'"),
    "relation": ("relation", "true"),
}
_LATEST = "SEMI JOIN (SELECT revision_id FROM revision WHERE latest AND known_to IS NULL) USING (revision_id)"
_OLD = f"(FROM {{0}} SEMI JOIN covered USING (revision_id) {_LATEST} WHERE known_to IS NULL)"
_NEW = f"(FROM fresh_{{0}} {_LATEST})"
_TITLES = "(SELECT revision_id, title FROM revision WHERE latest AND known_to IS NULL)"
_ACT = "coalesce({0}.event, 'no act') || coalesce(' ' || {0}.from_actor || ' → ' || {0}.to_actor, '')"
_SAID = """  -- a statement in one line: who (of which actor) says what, of whom, on what
    concat_ws(' ', speaker, '(' || coalesce(speaker_entity, speaker_actor) || ')', verb, 'of ' || target_actor, 'on ' || topic)
    || ': ' || CASE WHEN quoted THEN '“' || words || '”' ELSE words END
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a new version would do to one label. Examples are titles of articles."""

    kind: str  # actor, topic, relation
    label: str
    before: int  # articles that have it
    won: int
    lost: int
    examples_won: tuple[str, ...]
    examples_lost: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a new version would tell otherwise of a relation that articles have before and after: its act, who acts on whom."""

    relation: str
    kept: int  # articles that have it before and after
    acts: int  # of these, with another act
    directions: int  # with another direction, be it with another act, too
    examples: tuple[tuple[str, str, str], ...]  # act and direction before, after, title


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """How many mentions of offices a new version would give another holder."""

    mentions: int
    changes: int  # different ones, of which examples are some
    examples: tuple[tuple[str, str | None, str | None, int], ...]  # office, holder before, after, articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a new version would do to statements. They are the same when they begin at the same place of a text."""

    before: int
    won: int
    lost: int
    changed: int  # with another speaker, target, topic, verb or end
    examples_won: tuple[str, ...]
    examples_lost: tuple[str, ...]
    examples_changed: tuple[tuple[str, str], ...]  # before, after


def texts(connection: duckdb.DuckDBPyConnection) -> Iterator[pa.Table]:
    """Yield the current texts in batches: revision_id (32 hexadecimal digits), title, text, language, published_at."""
    answer = connection.execute("""
        SELECT replace(revision_id::VARCHAR, '-', '') AS revision_id, title, text, language, published_at
        FROM revision WHERE known_to IS NULL ORDER BY revision_id
    """)
    for batch in answer.to_arrow_reader(BATCH):
        yield pa.Table.from_batches([batch])


def put(folder: Path, number: int, batch: pa.Table) -> Path:
    """Leave one batch of texts for whoever tags it, and return where."""
    path = folder / f"texts-{number:06}.parquet"
    pq.write_table(batch, path)
    return path


def take(path: Path) -> pa.Table:
    """Return a batch of texts."""
    return pq.read_table(path)


def number(path: Path) -> int:
    """Return the number of a batch by its file."""
    return int(path.stem.rpartition("-")[2])


def save(folder: Path, number: int, covered: pa.Array, tables: Tables) -> None:
    """Keep the new tags of one batch. The list of texts goes last: a batch without it does not count."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in TOLD:
        pq.write_table(getattr(tables, name), folder / f"{name}-{number:06}.parquet")
    part = folder / f"covered-{number:06}.part"
    pq.write_table(pa.table({"revision_id": covered}), part)
    part.rename(part.with_suffix(".parquet"))


def attach(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the candidates of a folder temporary tables `fresh_*`, and `changed` the texts whose tags they change."""
    columns = {name: _columns(connection, name) for name in TOLD}
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE covered AS
        SELECT revision_id, article_id FROM revision
        SEMI JOIN (
            SELECT revision_id::UUID AS revision_id FROM read_parquet('{_glob(folder, "covered")}')
        ) USING (revision_id)
        WHERE known_to IS NULL
    """)
    for name in TOLD:
        connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE fresh_{name} AS
            SELECT covered.revision_id, covered.article_id, fresh.* EXCLUDE (revision_id)
            FROM read_parquet('{_glob(folder, name)}') AS fresh
            JOIN covered ON covered.revision_id = fresh.revision_id::UUID
        """)
    old, new = (
        " UNION ALL ".join(
            f"SELECT revision_id, hash('{name}', {columns[name]}) AS h FROM {table.format(name)}" for name in TOLD
        )
        for table in ("(FROM {0} WHERE known_to IS NULL)", "fresh_{0}")
    )
    signature = "SELECT revision_id, count(*) AS n, sum(h::HUGEINT) AS total FROM ({}) GROUP BY revision_id"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE changed AS
        SELECT covered.revision_id FROM covered
        LEFT JOIN ({signature.format(old)}) AS a USING (revision_id)
        LEFT JOIN ({signature.format(new)}) AS b USING (revision_id)
        WHERE a.n IS DISTINCT FROM b.n OR a.total IS DISTINCT FROM b.total
    """)


def differences(connection: duckdb.DuckDBPyConnection, *, examples: int = 3) -> list[Change]:
    """Return what the attached candidates would change, label by label, the greatest change first."""
    changes: list[Change] = []
    for kind, (table, condition) in _LABELS.items():
        rows = connection.execute(f"""
            WITH old AS (
                SELECT DISTINCT label, article_id FROM {_OLD.format(table)} WHERE {condition}
            ), new AS (
                SELECT DISTINCT label, article_id FROM {_NEW.format(table)} WHERE {condition}
            ), both_ways AS (
                SELECT label, article_id, true AS had, false AS has FROM (FROM old EXCEPT FROM new)
                UNION ALL SELECT label, article_id, false, true FROM (FROM new EXCEPT FROM old)
            ), titled AS (
                SELECT label, had, has, title FROM both_ways
                JOIN (SELECT article_id, title FROM revision WHERE latest AND known_to IS NULL) USING (article_id)
            )
            SELECT label, coalesce(any_value(before), 0), count(*) FILTER (has), count(*) FILTER (had),
                list(title ORDER BY title) FILTER (has)[:{examples}],
                list(title ORDER BY title) FILTER (had)[:{examples}]
            FROM titled LEFT JOIN (SELECT label, count(*) AS before FROM old GROUP BY label) USING (label)
            GROUP BY label ORDER BY count(*) DESC, label
        """).fetchall()
        changes += [
            Change(
                kind=kind,
                label=label,
                before=before,
                won=won,
                lost=lost,
                examples_won=tuple(gains or ()),
                examples_lost=tuple(losses or ()),
            )
            for label, before, won, lost, gains, losses in rows
        ]
    return sorted(changes, key=lambda change: -(change.won + change.lost))


def turns(connection: duckdb.DuckDBPyConnection, *, examples: int = 3) -> list[Turn]:
    """Return where the attached candidates tell another act or direction of a relation that stays."""
    rows = connection.execute(f"""
        WITH kept AS (
            SELECT label, title, {_ACT.format("old")} AS before, {_ACT.format("new")} AS after,
                old.event IS DISTINCT FROM new.event AS act,
                old.from_actor IS DISTINCT FROM new.from_actor OR old.to_actor IS DISTINCT FROM new.to_actor AS direction
            FROM {_OLD.format("relation")} AS old JOIN {_NEW.format("relation")} AS new USING (revision_id, label)
            JOIN {_TITLES} USING (revision_id)
        )
        SELECT label, count(*), count(*) FILTER (act), count(*) FILTER (direction),
            list((before, after, title) ORDER BY title) FILTER (act OR direction)[:{examples}]
        FROM kept GROUP BY label HAVING bool_or(act OR direction) ORDER BY count(*) FILTER (act OR direction) DESC, label
    """).fetchall()
    return [
        Turn(relation=label, kept=kept, acts=acts, directions=directions, examples=tuple(found or ()))
        for label, kept, acts, directions, found in rows
    ]


def handed(connection: duckdb.DuckDBPyConnection, *, examples: int = 3) -> Handed:
    """Return where the attached candidates name another holder of an office that is mentioned before and after."""
    row = connection.execute(f"""
        WITH told AS (
            SELECT entity, old.resolved AS before, new.resolved AS after,
                count(*) AS mentions, count(DISTINCT revision_id) AS articles
            FROM {_OLD.format("mention")} AS old JOIN {_NEW.format("mention")} AS new USING (revision_id, part, start, stop, entity)
            WHERE old.resolved IS DISTINCT FROM new.resolved GROUP BY ALL
        )
        SELECT coalesce(sum(mentions), 0), count(*),
            list((entity, before, after, articles) ORDER BY articles DESC, entity, before, after)[:{examples}]
        FROM told
    """).fetchone()
    mentions, changes, found = row or (0, 0, None)
    return Handed(mentions=int(mentions), changes=changes, examples=tuple(found or ()))


def spoken(connection: duckdb.DuckDBPyConnection, *, examples: int = 3) -> Spoken:
    """Return what the attached candidates would do to statements."""
    row = connection.execute(f"""
        WITH old AS (
            SELECT revision_id, part, start, {_SAID} AS said FROM {_OLD.format("statement")}
        ), new AS (
            SELECT revision_id, part, start, {_SAID} AS said FROM {_NEW.format("statement")}
        ), told AS (
            SELECT revision_id, start, gone.said AS before, come.said AS after,
                before IS NULL AS won, after IS NULL AS lost, NOT won AND NOT lost AS changed
            FROM (FROM old EXCEPT FROM new) AS gone FULL JOIN (FROM new EXCEPT FROM old) AS come USING (revision_id, part, start)
        )
        SELECT (SELECT count(*) FROM old), count(*) FILTER (won), count(*) FILTER (lost), count(*) FILTER (changed),
            list(after ORDER BY revision_id, start) FILTER (won)[:{examples}],
            list(before ORDER BY revision_id, start) FILTER (lost)[:{examples}],
            list((before, after) ORDER BY revision_id, start) FILTER (changed)[:{examples}]
        FROM told
    """).fetchone()
    before, won, lost, changed, gains, losses, others = row or (0, 0, 0, 0, None, None, None)
    return Spoken(
        before=before,
        won=won,
        lost=lost,
        changed=changed,
        examples_won=tuple(gains or ()),
        examples_lost=tuple(losses or ()),
        examples_changed=tuple(others or ()),
    )


def changed(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many texts have other tags among the attached candidates."""
    row = connection.execute("SELECT count(*) FROM changed").fetchone()
    return int(row[0]) if row else 0


def accept(connection: duckdb.DuckDBPyConnection, archive: Path, *, at: datetime, version: str) -> int:
    """Put the attached candidates in the place of the tags that they change. Returns how many texts have new tags."""
    with readings.accepting(connection, archive, "retag", at=at, version=version) as acceptance:
        for name in TOLD:
            readings.supersede(connection, acceptance, name, "revision_id IN (FROM changed)")
            connection.execute(
                f"INSERT INTO {name} BY NAME SELECT fresh.*, ?::TIMESTAMPTZ AS known_from "
                f"FROM fresh_{name} AS fresh SEMI JOIN changed USING (revision_id)",
                [at],
            )
        readings.renew(connection, acceptance, "FROM changed")
    return changed(connection)


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    rows = connection.execute(
        """
        SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND database_name = current_database()
            AND column_name NOT IN ('revision_id', 'article_id', 'known_from', 'known_to') ORDER BY column_index
        """,
        [table],
    ).fetchall()
    return ", ".join(f'"{name}"' for (name,) in rows)


def _glob(folder: Path, name: str) -> str:
    return f"{folder}/{name}-*.parquet".replace("'", "''")
