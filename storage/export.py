"""Answers out of the corpus: Arrow batches into CSV, JSON lines or Parquet, a few at a time.

Text that came from the network is defused where a program would obey it: formulas in spreadsheets, escapes in terminals.
"""

import csv
import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    """Return text without control characters and direction overrides, safe for a terminal."""
    return _UNSEEN.sub("�", text)


def cell(value: Any) -> str:
    """Return a value as text for a table or a CSV cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return plain(json.dumps(value, ensure_ascii=False, default=_json))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return plain(str(value))


def write_csv(reader: pa.RecordBatchReader, out: TextIO, *, header: bool = True) -> int:
    """Write a CSV with a header (RFC 4180) and return the number of rows. Texts that a spreadsheet would run get a quote."""
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(_defused(name) for name in reader.schema.names)
    rows = 0
    for batch in reader:
        rows += len(batch)
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            writer.writerow([_defused(value) for value in row])
    return rows


def _defused(value: Any) -> str:
    text = cell(value)
    return "'" + text if isinstance(value, str) and text.startswith(_FORMULA) else text


def write_json(reader: pa.RecordBatchReader, out: TextIO) -> int:
    """Write JSON lines and return the number of rows. Times are ISO 8601."""
    rows = 0
    for batch in reader:
        rows += len(batch)
        for row in batch.to_pylist():
            out.write(json.dumps(row, ensure_ascii=False, default=_json) + "\n")
    return rows


def _json(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def write_parquet(reader: pa.RecordBatchReader, path: Path) -> int:
    """Write a Parquet file and return the number of rows."""
    rows = 0
    with pq.ParquetWriter(path, reader.schema, compression="zstd") as writer:
        for batch in reader:
            rows += len(batch)
            writer.write_batch(batch)
    return rows
