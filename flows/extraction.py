"""Single pages from files, alone or many in parallel, for `tripolar extract`. Reading one is `extractors.article`."""

import gzip
import json
import multiprocessing
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors import article, published
from extractors.model import Article
from flows import workers as processes

_LIMIT = 50_000_000  # bytes of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One page as read. `problem` says why a file could not be read at all."""

    file: str
    url: str
    article: Article | None = None
    title: str = ""
    kind: str = "article"
    problem: str = ""

    def told(self) -> dict[str, Any]:
        """Return the row as `tripolar extract` prints it."""
        found = self.article
        return {
            "file": self.file,
            "url": self.url,
            "article": found is not None,
            "title": found.title if found else self.title,
            "authors": list(found.authors) if found else [],
            "published_at": published.as_written(found.published) if found and found.published else None,
            "date_source": found.date_source if found else None,
            "lang": found.language if found else None,
            "text": found.text if found else "",
            "kind": self.kind,
        }


def read(path: Path, name: str, url: str) -> Row:
    """Return the page in a file, plain or gzip."""
    try:
        with path.open("rb") as file:
            body = file.read(_LIMIT)
        if body[:2] == b"\x1f\x8b":
            with gzip.open(path, "rb") as unfolded:
                body = unfolded.read(_LIMIT)
    except (OSError, EOFError, zlib.error) as error:
        return Row(file=name, url=url, kind="unreadable", problem=str(error))
    found = article.read(body, url=url)
    if isinstance(found, Article):
        return Row(file=name, url=url, article=found)
    return Row(file=name, url=url, title=found.title, kind=found.fate)


def read_all(listed: Path, *, workers: int = 0) -> Iterator[Row]:
    """Yield the pages of a list (JSON lines with `file` and `url`) in its order, read in parallel."""
    with listed.open(encoding="utf-8") as lines:
        wanted = [_wanted(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    count = workers or multiprocessing.cpu_count()
    if count == 1 or len(wanted) < 20:
        yield from (_read(item, listed.parent) for item in wanted)
        return
    with processes.pool(count) as pool:
        yield from pool.map(_read, wanted, [listed.parent] * len(wanted), chunksize=8)


def _wanted(number: int, line: str) -> tuple[str, str, str]:
    """Return file, URL and what is wrong with the line."""
    try:
        row = json.loads(line)
        return str(row["file"]), str(row.get("url") or ""), ""
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return f"line {number}", "", f"no JSON object with `file`: {error}"


def _read(item: tuple[str, str, str], folder: Path) -> Row:
    name, url, problem = item
    if problem:
        return Row(file=name, url=url, kind="unreadable", problem=problem)
    return read(folder / name, name, url)
