"""DuckDB's own server (the Quack extension) over the corpus: readers of any language while this process loads beside them.

The process that serves holds the file, so it is also the one that loads: readers and loading meet inside DuckDB, where
neither waits for the other. Which process that is, and when it stops, is decided in flows.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from storage import turnstile, warehouse
from storage.warehouse import WarehouseError

PORT = 9494


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running server."""

    uri: str  # what clients name: quack:127.0.0.1:9494
    token: str
    connection: duckdb.DuckDBPyConnection


@contextmanager
def announcing(path: Path) -> Iterator[None]:
    """Say until the block ends (or the process does) that it holds the corpus at `path` and loads what is collected."""
    with turnstile.held(path, "served"):
        yield


def announced(path: Path) -> bool:
    """Return whether some process is announcing. Where no lock can be had, nobody seems to."""
    return turnstile.is_held(path, "served")


def load_extension(connection: duckdb.DuckDBPyConnection) -> None:
    """Load Quack from its package, or say how to get it."""
    try:
        import duckdb_extensions

        for name in ("httpfs", "quack"):  # quack talks through httpfs; only clients need it
            try:
                duckdb_extensions.import_extension(name, con=connection)
            except ModuleNotFoundError:
                if name == "quack":
                    raise
        connection.execute("LOAD quack")
    except (ImportError, duckdb.Error) as error:
        raise WarehouseError(
            "DuckDB's server extension is missing: pip install 'tripolar[serve]'; without it, read the file itself "
            f"between two runs ({str(error).splitlines()[0]})"
        ) from error


def token_in(path: Path) -> str:
    """Return the token of a file that only its owner may read; make it where it is not there.

    Raises `WarehouseError` when others may read it.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            raise WarehouseError(f"others may read {path}: chmod 600 {path}, or delete it for a new token") from None
        token = path.read_text(encoding="ascii", errors="replace").strip()
        if len(token) < 16:
            raise WarehouseError(f"{path} holds no token of 16 characters or more: delete it for a new one") from None
        return token
    token = secrets.token_urlsafe(24)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token + "\n")
    return token


@contextmanager
def serve(path: Path, token: str, *, port: int = PORT, writable: bool = False, wait: float = 10.0) -> Iterator[Served]:
    """Serve the corpus on the loopback until the block ends. Clients may only read, unless `writable`."""
    with warehouse.connect(path, wait=wait) as connection:
        load_extension(connection)
        if not writable:
            # Shutting external access off would shut the server off, too (1.5.5), so statements are judged one by one.
            connection.execute("SET GLOBAL quack_authorization_function = 'only_reads'")  # in macros.sql
        uri = f"quack:127.0.0.1:{port}"
        try:
            connection.execute("CALL quack_serve(?, token := ?)", [uri, token])
        except duckdb.Error as error:
            raise WarehouseError(f"port {port} cannot be served on: choose another with --port ({error})") from error
        try:
            yield Served(uri=uri, token=token, connection=connection)
        finally:
            connection.execute("CALL quack_stop(?)", [uri])
