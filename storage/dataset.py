"""The corpus as files for others: every article once with its labels, as Parquet by month, CSV or JSON lines.

Answers to single questions are written by `export`.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from storage import export

# An article has changed when its text, its facts or its labels are others than before, not when it was looked at again.
# What was captured before and came into the corpus since counts as well: else who exports from time to time would never get it.
_CHANGED = """
CREATE OR REPLACE TEMP TABLE changed AS
SELECT article_id, first(dated_at) AS dated_at FROM revision
SEMI JOIN (
    SELECT article_id FROM revision WHERE known_from >= $since OR known_to >= $since
    UNION ALL SELECT article_id FROM revision SEMI JOIN (SELECT segment FROM arrival WHERE arrived_at >= $since) USING (segment)
    UNION ALL SELECT article_id FROM tag WHERE known_from >= $since OR known_to >= $since
    UNION ALL SELECT article_id FROM relation WHERE known_from >= $since OR known_to >= $since
) USING (article_id)
WHERE latest AND known_to IS NULL GROUP BY article_id
"""
_MONTHS = """
SELECT strftime(utc_day(dated_at), '%Y-%m') AS month, min(dated_at), max(dated_at) FROM changed GROUP BY month ORDER BY month
"""
# The window is given to the scan as well, so that it reads the texts of one month only.
_ARTICLES = """
WITH chosen AS (SELECT article_id FROM changed WHERE dated_at BETWEEN $first AND $last)
SELECT articles.* EXCLUDE (day),
    coalesce(actors, []) AS actors, coalesce(relations, []) AS relations, coalesce(topics, []) AS topics
FROM articles SEMI JOIN chosen USING (article_id)
LEFT JOIN (
    SELECT article_id, list(topic ORDER BY topic) AS topics
    FROM article_topics SEMI JOIN chosen USING (article_id) GROUP BY ALL
) USING (article_id)
LEFT JOIN (
    SELECT article_id, list(actor ORDER BY actor) AS actors
    FROM article_actors SEMI JOIN chosen USING (article_id) GROUP BY ALL
) USING (article_id)
LEFT JOIN (
    SELECT article_id, list(DISTINCT relation ORDER BY relation) AS relations
    FROM article_relations SEMI JOIN chosen USING (article_id) GROUP BY ALL
) USING (article_id)
WHERE articles.dated_at BETWEEN $first AND $last
ORDER BY articles.dated_at, articles.url
"""
_EVER = datetime.fromisoformat("0001-01-02T00:00:00+00:00")


def write(connection: duckdb.DuckDBPyConnection, target: Path, form: str, *, since: datetime | None = None) -> int:
    """Write the articles whose content changed at or after `since` (all without it) and return how many.

    `form` is `parquet` (a folder, one file a month: `month=2026-07/…`), `csv` or `json` (lines; one file each).
    Files appear whole or not at all. Memory holds a month, whatever the size of the corpus.
    """
    connection.execute(_CHANGED, {"since": since or _EVER})
    row = connection.execute("SELECT count(*) FROM changed").fetchone()
    assert row is not None
    rows = int(row[0])
    if form == "parquet":
        for month, reader in _months(connection):
            folder = target / f"month={month}"
            folder.mkdir(parents=True, exist_ok=True)
            with _whole(folder / "articles.parquet") as part:
                export.write_parquet(reader, part)
        return rows
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder, where a file should be written", str(target))
    with _whole(target) as part, part.open("w", encoding="utf-8", newline="") as file:
        for place, (_, reader) in enumerate(_months(connection) if rows else _nothing(connection)):
            if form == "csv":
                export.write_csv(reader, file, header=place == 0)
            else:
                export.write_json(reader, file)
    return rows


def _months(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, pa.RecordBatchReader]]:
    for month, first, last in connection.execute(_MONTHS).fetchall():
        yield month, connection.execute(_ARTICLES, {"first": first, "last": last}).to_arrow_reader(2_000)


def _nothing(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, pa.RecordBatchReader]]:
    """Give the columns without a row, so that a CSV has its header."""
    yield "", connection.execute(_ARTICLES, {"first": _EVER, "last": _EVER}).to_arrow_reader(1)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a name to write under, that becomes the file's when all went well."""
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
