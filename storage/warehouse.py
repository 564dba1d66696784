"""The DuckDB file: opening, waiting for it, migrating it, one transaction at a time.

Rows and questions do not belong here: they are in the modules that own them.
"""

import fcntl
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from storage import turnstile

SQL = Path(__file__).parent / "sql"
STORAGE_VERSION = "v1.5.0"  # the compression of short texts that comes with it
ZSTD_FROM = 512  # mean bytes of a column's texts from which they are packed by Zstandard: articles shrink to a third
_HEADERS = 3 * 4096  # bytes: with fewer a file is no database yet
_ELSEWHERE = "name another as `data` in tripolar.toml, or with --db where the command has it"
BY_SETTINGS = "name the settings file of another (-c)"  # for commands without --db
_FOREIGN = f"{{path}} is a DuckDB file but no Tripolar corpus: {_ELSEWHERE}"
MEMORY_LIMIT = "700MB"  # loading stays under 1 GB with Arrow's buffers beside it


Connection = duckdb.DuckDBPyConnection


class WarehouseError(Exception):
    """The corpus file cannot be used. The message says what, where and what to do."""


class LockedError(WarehouseError):
    """Another process holds the corpus open."""


class NewerError(WarehouseError):
    """The corpus was written by a later Tripolar."""


@contextmanager
def connect(path: Path, *, read_only: bool = False, wait: float = 10.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the corpus at `path`, migrated, with its views and macros; close it at the end.

    A file that another process holds is asked for again until `wait` seconds have passed, then `LockedError` is raised.
    Reading a corpus that does not exist, a file of something else, or one of a later version raises `WarehouseError`.
    """
    if read_only:
        require(path)
    with turnstile.entering(path) if read_only else turnstile.closed(path):
        if not read_only:
            _drop_unborn(path)
        connection = _open(path, read_only=read_only, wait=wait)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        if read_only:
            _refuse_unknown(connection, path)
        else:
            migrate(connection, path)
        yield connection
    finally:
        connection.close()


def require(path: Path, *, elsewhere: str = _ELSEWHERE) -> None:
    """Raise `WarehouseError` where there is no corpus; `elsewhere` says how to name another. No file is made for asking."""
    if not path.exists():
        raise WarehouseError(f"no corpus at {path}: collect something first (tripolar run), or {elsewhere}")


def _open(path: Path, *, read_only: bool, wait: float) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + wait
    pause = 0.01
    while True:
        try:
            return duckdb.connect(
                path,
                read_only=read_only,
                config={
                    "storage_compatibility_version": STORAGE_VERSION,
                    "memory_limit": MEMORY_LIMIT,
                    "zstd_min_string_length": ZSTD_FROM,
                },
            )
        except duckdb.IOException as error:
            problem = _explain(path, error)
            if not isinstance(problem, LockedError) or time.monotonic() >= deadline:
                raise problem from error
        except (duckdb.Error, RuntimeError) as error:  # a file that is no database gives one or the other
            raise _explain(path, error) from error
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def _drop_unborn(path: Path) -> None:
    """Remove a corpus that a full disk or a kill stopped before it had its three headers: nothing can be in it.

    Any other corpus is not even opened: closing the file would let go of the lock of a connection that this process has.
    """
    try:
        if path.stat().st_size >= _HEADERS:
            return
        with path.open("r+b") as file:
            begun = file.read(_HEADERS)
            if len(begun) < _HEADERS and begun[8:12] == b"DUCK":
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # DuckDB's own kind: nobody is making it just now
                path.unlink()
    except OSError:  # not there, in the making, or not ours to touch: opening it tells
        return


def _explain(path: Path, error: Exception) -> WarehouseError:
    first = str(error).splitlines()[0]
    if "lock on file" in first or "different configuration" in first or "being used by another process" in first:
        if turnstile.is_held(path, "served"):
            return LockedError(
                f"{path} is held by `tripolar serve`: ask it there (ATTACH 'quack:…'), or stop it first ({first})"
            )
        return LockedError(
            f"{path} is open in another process: close it there, or read it through `tripolar serve` ({first})"
        )
    if "not a valid DuckDB database" in first or "magic bytes" in first:
        return WarehouseError(f"{path} is not a DuckDB file: move it away, or {_ELSEWHERE}")
    if any(word in first.lower() for word in ("checksum", "corrupt", "could not read enough bytes")):
        return WarehouseError(f"{path} is damaged: move it away and make it anew with `tripolar rebuild` ({first})")
    if "newer version" in first or "version number" in first:
        return NewerError(f"{path} was written by a later DuckDB: upgrade Tripolar ({first})")
    if "Permission denied" in first or "Read-only file system" in first:
        return WarehouseError(f"{path} may not be opened: check the permissions of the file and its folder ({first})")
    return WarehouseError(f"{path} cannot be opened: {first}")


def migrations() -> list[Path]:
    """Return the migration files in the order in which they apply."""
    return sorted((SQL / "migrations").glob("[0-9]*.sql"))


def migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """Bring the schema up to date and return the names applied now.

    Each migration is one transaction with its record. Views and macros are code: they are made anew each time that
    their text differs from what the file holds, in the same way.
    """
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if tables and "schema_migration" not in tables:  # somebody else's: nothing of ours is put into it
        raise WarehouseError(_FOREIGN.format(path=path))
    connection.execute("CREATE TABLE IF NOT EXISTS schema_migration (name VARCHAR, applied_at TIMESTAMPTZ)")
    done = _applied(connection)
    _refuse_later(done, path)
    applied = []
    for file in migrations():
        if file.stem not in done:
            with transaction(connection):
                connection.execute(file.read_text(encoding="utf-8"))
                connection.execute("INSERT INTO schema_migration VALUES (?, now())", [file.stem])
            applied.append(file.stem)
    _refresh_views(connection, force=bool(applied))
    return applied


def _refresh_views(connection: duckdb.DuckDBPyConnection, *, force: bool) -> None:
    text = "".join((SQL / name).read_text(encoding="utf-8") for name in ("views.sql", "coverage.sql", "macros.sql"))
    stamp = hash_of(text)
    current = connection.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'schema_migration'").fetchone()
    if force or current is None or current[0] != stamp:
        with transaction(connection):
            connection.execute(text)
            connection.execute(f"COMMENT ON TABLE schema_migration IS '{stamp}'")


def hash_of(text: str) -> str:
    """Return a short digest of a text, the same on every machine."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _applied(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM schema_migration").fetchall()}


def _refuse_unknown(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "schema_migration" not in tables:
        raise WarehouseError(_FOREIGN.format(path=path))
    done = _applied(connection)
    _refuse_later(done, path)
    missing = [file.stem for file in migrations() if file.stem not in done]
    if missing:
        raise WarehouseError(f"{path} has an older schema: run `tripolar run` or `tripolar doctor` once to migrate it")


def _refuse_later(done: set[str], path: Path) -> None:
    unknown = sorted(done - {file.stem for file in migrations()})
    if unknown:
        raise NewerError(f"{path} has a later schema ({unknown[-1]}): upgrade Tripolar, or {_ELSEWHERE}")


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Do all or nothing of what is in the block."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        # A disk that is full has ended the transaction already: what happened first is told.
        with suppress(duckdb.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
