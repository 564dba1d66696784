"""Questions of people: read-only, bounded in time and memory, shut in: no files, no extensions, no settings.

How an answer is shown or written is in `export`.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from storage import warehouse

BATCH = 10_000  # rows
_DAY = re.compile(r"\b20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])\b")


class QueryError(Exception):
    """A question that cannot be answered: what is wrong with it, and what to do."""


@contextmanager
def ask(
    path: Path, sql: str, *, timeout: float | None = None, allow_files: bool = False, wait: float = 10.0
) -> Iterator[pa.RecordBatchReader]:
    """Answer one SQL statement over the corpus at `path` as a stream of Arrow batches.

    `timeout` is in seconds, for the whole answer. `allow_files` lets the question read files and attach databases.
    Raises `QueryError` on a question that is wrong, forbidden or too slow, `WarehouseError` on a corpus that cannot be read.
    """
    with warehouse.connect(path, read_only=True, wait=wait) as connection, _alarm(connection, timeout) as rang:
        if not allow_files:
            connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            yield _start(connection, sql)
        except (duckdb.Error, pa.ArrowException, OSError) as error:  # Arrow raises the last two while an answer streams
            if rang.is_set():
                raise QueryError(
                    f"the question took over {timeout:g} s: narrow it, or give it more with --timeout"
                ) from error
            if isinstance(error, duckdb.InterruptException | OSError):  # Ctrl-C; a file that cannot be written
                raise
            raise QueryError(_explain(error)) from error


def window(path: Path, sql: str, *, timeout: float | None = None) -> tuple[datetime, datetime] | None:
    """Return the time that an answer is about, or None when it does not say.

    That is from the least to the greatest value of its first column of days or times, or else of the days that are
    written in the question.
    """
    with ask(path, sql, timeout=timeout) as reader:
        columns = [field.name for field in reader.schema if pa.types.is_temporal(field.type)]
        times: list[datetime] = []
        if columns:
            for batch in reader:
                bounds = pc.min_max(batch.column(columns[0]))
                times += [_time(bounds[end].as_py()) for end in ("min", "max") if bounds[end].is_valid]
        else:
            times = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in _DAY.findall(sql)]
    if not times:
        return None
    last = max(times)
    return min(times), last + (timedelta(days=1) if last.time() == time.min else timedelta(microseconds=1))


def _time(value: date) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def _start(connection: duckdb.DuckDBPyConnection, sql: str) -> pa.RecordBatchReader:
    statements = duckdb.extract_statements(sql)
    if not statements:
        raise QueryError("there is no statement: ask something, such as FROM articles LIMIT 5")
    if len(statements) != 1:
        raise QueryError(f"one statement at a time, not {len(statements)}: separate questions are separate commands")
    return connection.execute(statements[0]).to_arrow_reader(BATCH)


@contextmanager
def _alarm(connection: duckdb.DuckDBPyConnection, timeout: float | None) -> Iterator[threading.Event]:
    rang = threading.Event()

    def ring() -> None:
        rang.set()
        connection.interrupt()

    timer = threading.Timer(timeout, ring) if timeout else None
    if timer:
        timer.daemon = True
        timer.start()
    try:
        yield rang
    finally:
        if timer:
            timer.cancel()


def _explain(error: Exception) -> str:
    text = str(error).strip()
    if "read-only" in text:
        return "the corpus is read-only here: `tripolar sql` answers questions, it changes nothing"
    if isinstance(error, duckdb.PermissionException):
        return f"files and extensions are shut: allow files with --allow-files if you mean it ({text.splitlines()[0]})"
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"the question needs more memory than it may have: narrow it or aggregate it ({text.splitlines()[0]})"
    return text
