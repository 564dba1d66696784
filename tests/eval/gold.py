"""Gold files: labelled articles as JSON lines, refused with file, line and reason where something is wrong.

A line has `id`, `lang`, `title`, `text`, and the lists of labels `actors`, `relations` and `topics`; it may have `date` (a day), `optional`, an
object of the same lists with labels that are neither wanted nor wrong, and `story`: the articles of one story tell the same news.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from extractors import labels

_TEXTS = ("id", "lang", "title", "text")
_KNOWN = {"actors": labels.ACTORS, "relations": labels.RELATIONS, "topics": labels.TOPICS}

Article = dict[str, Any]


class GoldError(ValueError):
    """A gold file that cannot be used; says file, line and reason."""


def read(paths: list[Path]) -> dict[str, Article]:
    """Return the gold articles of all files by id; raise `GoldError`."""
    found: dict[str, Article] = {}
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").split("\n")  # not at what may stand in a JSON string
        except (OSError, UnicodeDecodeError) as error:
            raise GoldError(f"{path}: cannot be read: {error}") from error
        for number, line in enumerate(lines, 1):
            if line.strip():
                article = _article(line, f"{path}:{number}")
                if article["id"] in found:
                    raise GoldError(f"{path}:{number}: a second article {article['id']!r}")
                found[article["id"]] = article
    if not found:
        raise GoldError(f"{', '.join(map(str, paths))}: no articles")
    return found


def _article(line: str, where: str) -> Article:
    """Return the article of a line."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{where}: not JSON: {error}") from error
    if not isinstance(row, dict):
        raise GoldError(f"{where}: no JSON object")
    for name in _TEXTS:
        if not isinstance(row.get(name), str):
            raise GoldError(f"{where}: needs a text as `{name}`")
    optional = row.get("optional", {})
    if not isinstance(optional, dict):
        raise GoldError(f"{where}: needs an object of lists as `optional`")
    for name in optional:
        if name not in _KNOWN:
            raise GoldError(f"{where}: optional: {name!r} is none of {', '.join(_KNOWN)}")
    if not isinstance(row.get("story"), str | None):
        raise GoldError(f"{where}: needs a text as `story`")
    for name in _KNOWN:
        _check(name, row.get(name), where)
        _check(name, optional.get(name, []), f"{where}: optional")
    try:
        if (day := row.get("date")) not in (None, ""):
            date.fromisoformat(day)
    except (TypeError, ValueError) as error:
        raise GoldError(f"{where}: `date` is no day (2025-07-02): {error}") from error
    return row


def _check(name: str, values: object, where: str) -> None:
    """Raise `GoldError` unless these are labels of a kind."""
    if not isinstance(values, list):
        raise GoldError(f"{where}: needs a list as `{name}`")
    for value in values:
        if value not in _KNOWN[name]:
            raise GoldError(f"{where}: {value!r} is none of the {name}: {', '.join(_KNOWN[name])}")
