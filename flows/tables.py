"""A table of a TOML file that knows its line, so that a mistake in a hand-written list is named with file and line.

What the keys mean belongs to the module that reads the list.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from extractors import urls

_HEADER = re.compile(r"\s*\[")


class TableError(Exception):
    """A table breaks its rules. The message says what, in which file and line, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table and where it starts. `rules` says in an error where the rules stand."""

    values: Mapping[str, Any]
    file: str
    start: int  # line number of its header
    lines: Sequence[str]  # of the whole file
    rules: str = "the header of the file"

    def part(self, values: Mapping[str, Any], start: int) -> "Table":
        """Return a table of the same file."""
        return Table(values=values, file=self.file, start=start, lines=self.lines, rules=self.rules)

    def error(self, key: str, problem: str) -> TableError:
        """Return an error at the line of a key, or at the table's header where the key is not there."""
        line = self.start
        for number, text in enumerate(self.lines[self.start :], self.start + 1):
            if _HEADER.match(text):
                break
            if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", text):
                line = number
                break
        return TableError(f"{self.file}:{line}: {problem}")

    def check(self, must: Sequence[str], may: Sequence[str]) -> None:
        """Raise TableError when a key is unknown or one that must be there is not."""
        for key in self.values:
            if key not in must and key not in may:
                raise self.error(key, f"unknown key {key!r}; known are {', '.join([*must, *may])}")
        for key in must:
            if key not in self.values:
                raise self.error(key, f"{key!r} is missing; add it as {self.rules} explains")

    def tables(self, key: str, header: str) -> list[Mapping[str, Any]]:
        """Return the tables below this one; `header` is how they are written."""
        found = self.values.get(key, [])
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            raise self.error(key, f"{key!r} must be tables: write {header}")
        return found

    def text(self, key: str, default: str | None = None) -> str:
        """Return one line of text, without space around it."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or not value.strip() or len(value.splitlines()) != 1:
            raise self.error(key, f"{key!r} must be one line of text in quotes, not {value!r}")
        return value.strip()

    def shaped(self, key: str, shape: re.Pattern[str], what: str, default: str | None = None) -> str:
        """Return a text that has a shape; `what` describes it."""
        value = self.text(key, default)
        if not shape.fullmatch(value):
            raise self.error(key, f"{key!r} must be {what}, not {value!r}")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self.values.get(key)
        if not isinstance(value, bool):
            raise self.error(key, f"{key!r} must be true or false without quotes, not {value!r}")
        return value

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.error(key, f"{key!r} must be a whole number from {low} to {high}, not {value!r}")
        return value

    def texts(self, key: str, shape: re.Pattern[str], what: str) -> tuple[str, ...]:
        """Return a list of texts that have a shape, empty where the key is not there."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and shape.fullmatch(item) for item in value):
            raise self.error(key, f"{key!r} must be a list of {what}, not {value!r}")
        return tuple(value)

    def url(self, key: str) -> str:
        """Return an address that can be asked for and carries no secret."""
        value = self.text(key)
        if not urls.is_valid(value) or re.search(r"\s", value):
            raise self.error(key, f"{key!r} must be an http or https address, not {value!r}")
        if "@" in urlsplit(value).netloc:
            raise self.error(key, f"{key!r} must not carry a name or a password: they would end in the archive")
        return value
