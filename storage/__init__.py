"""What is kept: DuckDB and WARC. Every SQL string and every file format on disk.

For notebooks: `import storage; corpus = storage.open("corpus.duckdb")`.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.notebook import Corpus


def open(path: str | Path, *, wait: float = 10.0) -> "Corpus":  # noqa: A001 - `storage.open` reads as what it does
    """Open a corpus for reading; its questions give DuckDB relations, which turn into pandas, Polars and Arrow.

    Waits up to `wait` seconds while a run writes. Raises `storage.warehouse.WarehouseError` with what to do.
    """
    from storage.notebook import Corpus  # here, so that commands that need no database start without it

    return Corpus(Path(path), wait=wait)
