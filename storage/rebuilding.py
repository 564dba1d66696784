"""A corpus that was made anew from its archive: is it whole, and how does it take the place of the old one.

What the rows are is decided where they are read; this is about files and about what must hold between tables.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from storage import archive, disk, loading, warehouse

NEW = ".new"  # the last suffix of a corpus that is being made

# Each of these must give no row: what points nowhere, and what is there twice.
_REFERENCES = {
    "captures of segments that are not there": "FROM capture ANTI JOIN segment USING (segment)",
    "polls of segments that are not there": "FROM poll ANTI JOIN segment USING (segment)",
    "segments of runs that are not there": "FROM segment ANTI JOIN run USING (run_id)",
    "captures that show a text that is not there": (
        "FROM capture ANTI JOIN revision USING (revision_id) WHERE capture.revision_id IS NOT NULL"
    ),
    "captures that show an article that is not there": (
        "FROM capture ANTI JOIN article USING (article_id) WHERE capture.article_id IS NOT NULL"
    ),
    "texts of articles that are not there": "FROM revision ANTI JOIN article USING (article_id) WHERE known_to IS NULL",
    "articles without a text": "FROM article ANTI JOIN (FROM revision WHERE latest) USING (article_id)",
    "stories of articles that are not there": "FROM story ANTI JOIN article USING (article_id)",
    **{
        f"rows of {table} of texts that are not there": (
            f"FROM {table} ANTI JOIN revision USING (revision_id) WHERE known_to IS NULL"
        )
        for table in ("mention", "tag", "relation", "statement")
    },
    "articles that are there twice": "FROM article GROUP BY article_id HAVING count(*) > 1",
    "texts that are there twice": "FROM revision WHERE known_to IS NULL GROUP BY revision_id HAVING count(*) > 1",
    "articles with two latest texts": "FROM revision WHERE latest GROUP BY article_id HAVING count(*) > 1",
    "evidence outside of its text": """
        FROM (
            SELECT revision_id, unnest(evidence) AS span FROM tag WHERE known_to IS NULL
            UNION ALL SELECT revision_id, unnest(evidence) FROM relation WHERE known_to IS NULL
        ) AS told JOIN (FROM revision WHERE known_to IS NULL) AS said USING (revision_id)
        WHERE span.start < 0 OR span.stop <= span.start
            OR span.stop > length(CASE span.part WHEN 'title' THEN said.title ELSE said.text END)
    """,
}


def begin(corpus: Path) -> Path:
    """Return where a new corpus is made beside the old one, with nothing there."""
    path = corpus.with_name(corpus.name + NEW)
    for stale in (path, path.with_name(path.name + ".wal")):
        stale.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def lost(corpus: Path, folder: Path, *, wait: float) -> list[str]:
    """Return the segments that a corpus holds and its archive does not: they would be lost."""
    if not corpus.exists():
        return []
    present = {path.name for path in archive.segments(folder)}
    with warehouse.connect(corpus, read_only=True, wait=wait) as connection:
        return sorted(loading.loaded(connection) - present)


def problems(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[str]:
    """Yield what is wrong with a corpus: between its tables, and against its archive."""
    for what, query in _REFERENCES.items():
        row = connection.execute(f"SELECT count(*) FROM (SELECT 1 {query})").fetchone()
        if row and row[0]:
            yield f"{row[0]:,} {what}"
    yield from against(connection, folder)


def against(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[str]:
    """Yield in what the segments of an archive are not those that a corpus was loaded from."""
    present = {path.name: path for path in archive.segments(folder)}
    rows = connection.execute("""
        SELECT segment.segment, bytes, digest, outcomes, coalesce(asked, 0)
        FROM segment
        LEFT JOIN (
            SELECT segment, count(*) AS asked FROM (
                SELECT segment FROM capture UNION ALL SELECT segment FROM poll
            ) GROUP BY segment
        ) AS told ON told.segment = segment.segment ORDER BY ALL
    """).fetchall()
    for name, size, sum_, outcomes, asked in rows:
        if name not in present:
            yield f"segment {name} is not in the archive"
        elif present[name].stat().st_size != size or digest(present[name]) != sum_:
            yield f"segment {name} is not the file that was loaded"
        elif asked > outcomes:
            yield f"segment {name} has {asked:,} rows for {outcomes:,} outcomes"
    known = {name for name, *_ in rows}
    for name in sorted(present.keys() - known):
        yield f"segment {name} is not in the corpus"


def digest(path: Path) -> str:
    """Return the digest of a segment as the corpus keeps it."""
    with disk.explained("the file cannot be read", path), path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def swap(new: Path, corpus: Path, *, wait: float) -> None:
    """Put a new corpus in the place of the old one, in one step: a reader finds the one or the other.

    Raises `LockedError` while somebody holds the old one, and changes nothing then.
    """
    if corpus.exists():
        with warehouse.connect(corpus, wait=wait) as connection:
            # Nobody writes to it now, and its log goes into its file. What was here before has not come by being made anew.
            arrivals = connection.execute("SELECT segment, arrived_at FROM arrival").to_arrow_table()
        with warehouse.connect(new, wait=wait) as connection:
            connection.register("before", arrivals)
            connection.execute(
                "UPDATE arrival SET arrived_at = before.arrived_at FROM before WHERE before.segment = arrival.segment"
            )
            connection.unregister("before")
    with disk.explained("the new corpus cannot take the place of the old one", corpus):
        new.replace(corpus)
        for left in corpus.parent.glob(f".{new.name}.*"):  # of those who waited for the new one
            left.unlink(missing_ok=True)
        disk.sync(corpus.parent)
