"""A reader of pages that is newer than ours, for reprocessing: in this process, and in those that it starts."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from extractors import article, intake
from extractors.model import Article, Fate, Unreadable

_ROOT = Path(__file__).parents[2]
_OURS, _VERSION = article.read, intake.VERSION


def _read(body: bytes, **facts: Any) -> Article | Unreadable:
    """Read some pages otherwise: some have another title, some another text, some no date, some are no articles."""
    found = _OURS(body, **facts)
    if not isinstance(found, Article):
        return found
    match sum(found.url.encode()) % 5:
        case 0:
            return replace(found, title=found.title + " (again)")
        case 1:
            return replace(found, published=None, date_source=None)
        case 2:
            return replace(found, text=found.text.partition("\n")[2] or found.text)
        case 3:
            return Unreadable(fate=Fate.LISTING, title=found.title)
    return found


def install() -> None:
    """Read by the newer reader from now on."""
    article.read, intake.VERSION = _read, "newer"  # type: ignore[assignment,misc]


@contextmanager
def newer() -> Iterator[None]:
    """Read by the newer reader in the block. Processes that are started in it find it by their path."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(_ROOT / "tests" / "faults" / "newer"), str(_ROOT)])
    install()
    try:
        yield
    finally:
        article.read, intake.VERSION = _OURS, _VERSION  # type: ignore[misc]
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before
