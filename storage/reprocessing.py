"""Pages that were read anew: what a better reader makes of the same bytes, beside what the corpus has; the exchange.

Candidates are Parquet files in a folder, a set for each segment. The reading itself is `extractors.intake`. Feeds and
sitemaps are not part of it: an entry has no page of its own to be read again, so only a rebuild reads them anew.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from storage import readings, stories, warehouse
from storage.readings import TOLD, Acceptance
from storage.rows import Tables

STEPS = warehouse.SQL / "reprocess"
_PARTS = ("capture", "revision", *TOLD)
_SCRATCH = (
    *(f"new_{name}" for name in _PARTS),
    *("chosen", "affected", "shown", "fresh", "same", "closed", "told", "told_anew", "dissolved"),
)
_ASPECTS = ("title", "text", "authors", "language", "published_at", "date_source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One page of which another reading says something else."""

    url: str
    aspect: str  # of the article; `article` when one reading finds one and the other none
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How much another reading changes: pages by aspect, and examples of each."""

    pages: int
    counts: tuple[tuple[str, int], ...]
    examples: tuple[Change, ...]


def save(folder: Path, segment: str, tables: Tables) -> None:
    """Keep the new reading of one segment. Its captures go last: a segment without them does not count."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in reversed(_PARTS):
        table: pa.Table = getattr(tables, name)
        if name != "capture":
            table = table.append_column("segment", pa.array([segment] * len(table), pa.string()))
        part = folder / f"{name}-{segment}.part"
        pq.write_table(table, part)
        part.rename(part.with_suffix(".parquet"))


def attach(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Make the candidates of a folder temporary tables `new_*`. Returns how many segments they are of."""
    detach(connection)
    for name in _PARTS:
        files = f"{folder}/{name}-*.parquet".replace("'", "''")
        connection.execute(f"""
            CREATE TEMP TABLE new_{name} AS FROM read_parquet('{files}')
            SEMI JOIN (SELECT segment FROM segment) AS loaded USING (segment)
        """)
        for column in ("revision_id", "article_id", "url_id", "text_hash"):
            if column in _columns(connection, f"new_{name}"):
                connection.execute(f"ALTER TABLE new_{name} ALTER {column} TYPE UUID")
    connection.execute("CREATE TEMP TABLE chosen AS SELECT DISTINCT segment FROM new_capture")
    row = connection.execute("SELECT count(*) FROM chosen").fetchone()
    return int(row[0]) if row else 0


def detach(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget candidates."""
    for name in _SCRATCH:
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}")


def differences(connection: duckdb.DuckDBPyConnection, *, examples: int = 3) -> Summary:
    """Return what the attached candidates say that the corpus does not, page by page."""
    pairs = """
        FROM new_capture AS n JOIN capture AS o USING (segment, "offset")
        LEFT JOIN (FROM revision WHERE known_to IS NULL) AS a ON a.revision_id = o.revision_id
        LEFT JOIN new_revision AS b ON b.revision_id = n.revision_id AND b.segment = n.segment
    """
    # The facts of a text are those of its first capture: of a later one of the same text nothing is compared.
    both = """
        a.revision_id IS NOT NULL AND b.revision_id IS NOT NULL AND (
            a.revision_id <> b.revision_id OR a.segment = n.segment AND a."offset" = n."offset"
        )
    """
    tests = {
        "article": "o.reading IS DISTINCT FROM n.reading",
        **{aspect: f"{both} AND a.{aspect} IS DISTINCT FROM b.{aspect}" for aspect in _ASPECTS},
    }
    counts: list[tuple[str, int]] = []
    shown: list[Change] = []
    for aspect, test in tests.items():
        row = connection.execute(f"SELECT count(*) {pairs} WHERE {test}").fetchone()
        if not row or not row[0]:
            continue
        counts.append((aspect, int(row[0])))
        sides = ("o.reading", "n.reading") if aspect == "article" else (f"a.{aspect}", f"b.{aspect}")
        found = connection.execute(f"""
            SELECT n.url, coalesce({sides[0]}::VARCHAR, ''), coalesce({sides[1]}::VARCHAR, '') {pairs} WHERE {test}
            ORDER BY n.url, n.segment, n."offset" LIMIT {examples}
        """).fetchall()
        shown += [Change(url=url, aspect=aspect, before=before, after=after) for url, before, after in found]
    row = connection.execute("SELECT count(*) FROM new_capture").fetchone()
    return Summary(pages=int(row[0]) if row else 0, counts=tuple(counts), examples=tuple(shown))


def accept(connection: duckdb.DuckDBPyConnection, archive: Path, *, at: datetime, version: str) -> int:
    """Put the attached candidates in the place of what they change. Returns how many texts are new or told anew.

    What the corpus knew until now stays as closed rows. Articles, latest texts and stories follow.
    """
    with readings.accepting(connection, archive, "reprocess", at=at, version=version) as acceptance:
        for step in ("1_captures", "2_texts"):
            connection.execute((STEPS / f"{step}.sql").read_text(encoding="utf-8"))
        _exchange(connection, acceptance)
        connection.execute((STEPS / "3_articles.sql").read_text(encoding="utf-8"))
        stories.link(connection)
        readings.renew(
            connection, acceptance, "SELECT revision_id FROM fresh ANTI JOIN same USING (revision_id)", "texts"
        )
        readings.renew(connection, acceptance, "FROM told_anew")
    row = connection.execute("SELECT count(*) FROM told_anew").fetchone()
    return int(row[0]) if row else 0


def _exchange(connection: duckdb.DuckDBPyConnection, acceptance: Acceptance) -> None:
    """Close what is superseded, and put the new rows in its place."""
    old, new = (
        " UNION ALL ".join(
            f"SELECT revision_id, hash('{n}', {_told(connection, n)}) AS h {source.format(n)}" for n in TOLD
        )
        for source in (
            "FROM {0} SEMI JOIN fresh USING (revision_id) WHERE known_to IS NULL",
            "FROM new_{0} SEMI JOIN fresh USING (revision_id, segment)",
        )
    )
    signature = "SELECT revision_id, count(*) AS n, sum(h::HUGEINT) AS total FROM ({}) GROUP BY revision_id"
    connection.execute(f"""
        CREATE TEMP TABLE told_anew AS
        SELECT fresh.revision_id FROM fresh
        LEFT JOIN ({signature.format(old)}) AS a USING (revision_id)
        LEFT JOIN ({signature.format(new)}) AS b USING (revision_id)
        WHERE a.n IS DISTINCT FROM b.n OR a.total IS DISTINCT FROM b.total OR fresh.revision_id NOT IN (FROM same)
    """)
    gone = "revision_id IN (FROM closed) OR revision_id IN (FROM told_anew)"
    for name in TOLD:
        readings.supersede(connection, acceptance, name, gone)
    readings.supersede(connection, acceptance, "revision", "revision_id IN (FROM closed)")
    connection.execute(
        "INSERT INTO revision BY NAME "
        "SELECT *, ?::TIMESTAMPTZ AS known_from FROM fresh ANTI JOIN same USING (revision_id)",
        [acceptance.at],
    )
    for name in TOLD:
        connection.execute(
            f"""
            INSERT INTO {name} BY NAME
            SELECT told.* EXCLUDE (segment), fresh.article_id, ?::TIMESTAMPTZ AS known_from
            FROM new_{name} AS told JOIN fresh USING (revision_id, segment) SEMI JOIN told_anew USING (revision_id)
            """,
            [acceptance.at],
        )


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [name for name, *_ in connection.execute(f"DESCRIBE {table}").fetchall()]


def _told(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    left_out = ("revision_id", "article_id", "known_from", "known_to")
    return ", ".join(f'"{name}"' for name in _columns(connection, table) if name not in left_out)
