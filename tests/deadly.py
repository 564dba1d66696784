"""Segments with pages that end their reader, for the tests of whatever reads segments. The traps are in `traps/`."""

import os
from dataclasses import replace
from pathlib import Path

from tests.harbour import INFO, page, write

ROOT = Path(__file__).parent.parent
TRAPS = os.pathsep.join([str(ROOT / "tests" / "traps"), str(ROOT)])  # the PYTHONPATH with which processes find them
PROSE = (
    "<p>"
    + "</p><p>".join(f"The harbour masters met for the {n}th time and agreed on new quays." for n in range(9))
    + "</p>"
)


def body(number: int, trap: str = "") -> bytes:
    """Return an article, or one that is a trap."""
    title = f"Quay number {number} agreed"
    head = f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>"
    return f"{head}{PROSE}<p>{trap}</p></article></body></html>".encode()


def segment(data: Path, traps: dict[int, str], run_id: str = "r1", count: int = 6) -> Path:
    """Write a segment of articles, some of which are traps."""
    outcomes = [page(n, body(n, traps.get(n, ""))) for n in range(1, count + 1)]
    (path,) = write(data / "archive", outcomes, info=replace(INFO, run_id=run_id))
    return path
