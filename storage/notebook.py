"""The corpus in a notebook: a read-only connection whose answers are DuckDB relations.

While it is open, runs cannot load what they collect (it waits in the archive): close it, use `with`, or read through
`tripolar serve`.
"""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from storage import warehouse


class Corpus:
    """An open corpus. `corpus.articles`, `corpus.stories` and every other view are relations; `sql` answers the rest."""

    def __init__(self, path: Path, *, wait: float = 10.0) -> None:
        """Open the file for reading."""
        self._stack = ExitStack()
        self._connection = self._stack.enter_context(warehouse.connect(path, read_only=True, wait=wait))
        self._views = {
            str(name)
            for (name,) in self._connection.execute(
                "SELECT view_name FROM duckdb_views() WHERE NOT internal UNION ALL SELECT table_name FROM duckdb_tables()"
            ).fetchall()
        }

    def sql(self, question: str, **given: Any) -> duckdb.DuckDBPyRelation:
        """Return the answer of a SELECT as a relation: `.df()`, `.pl()`, `.arrow()`, `.fetchall()`.

        Values go in by name: `corpus.sql("FROM articles WHERE language = $lang", lang="zh")`.
        """
        return self._connection.sql(question, params=given or None)

    def __getattr__(self, name: str) -> duckdb.DuckDBPyRelation:
        """Return a view or table by its name."""
        if name.startswith("_") or name not in self._views:
            raise AttributeError(f"the corpus has no view {name!r}; it has {', '.join(sorted(self._views))}")
        return self._connection.view(name)

    def __dir__(self) -> list[str]:
        """Offer the views to whoever completes names."""
        return [*super().__dir__(), *self._views]

    def close(self) -> None:
        """Let go of the file."""
        self._stack.close()

    def __enter__(self) -> Self:
        """Return the corpus."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the file."""
        self.close()
