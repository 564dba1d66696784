"""One data file of the taxonomy, read with the way back to its lines, so that what is wrong is refused with file, line and reason.

What the files mean belongs to `taxonomy`.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractors import terms
from extractors.labels import LANGUAGES, SCRIPTS
from extractors.terms import Term

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
OFFICES = "actors/offices.toml"  # the only file with holders
# A key where it is set or heads a table: `key =`, `[key]`, `[actor.key]`, `[[key]]`.
_KEY = r"""^\s*\[*\s*(?:[\w-]+\s*\.\s*)?["']?{}["']?\s*[]=.]"""


class Problem(ValueError):
    """A data file that cannot be used: which, where and why."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}")
        self.file, self.line, self.reason = file, line, reason

    def __reduce__(self) -> tuple[type["Problem"], tuple[str, int, str]]:
        """Let it cross processes whole."""
        return Problem, (self.file, self.line, self.reason)


class Document:
    """One data file with the way back to its lines."""

    def __init__(self, file: str, lines: list[str], content: dict[str, Any], scope: str) -> None:
        self.file, self.lines, self.content, self.scope = file, lines, content, scope

    @classmethod
    def read(cls, path: Path, root: Path) -> "Document":
        """Read one file; its name begins with the language or script it is for (`ru.toml`, `latin-companies.toml`)."""
        file = path.relative_to(root).as_posix()
        try:
            source = path.read_text(encoding="utf-8-sig")  # some editors put a byte order mark before the text
            content = tomllib.loads(source)
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            byte = error.start - error.object.rfind(b"\n", 0, error.start)
            raise Problem(file, line, f"is not UTF-8 at byte {byte} of the line") from error
        except tomllib.TOMLDecodeError as error:
            named = re.search(r"at line (\d+)", str(error))
            line = int(named.group(1)) if named else source.count("\n") or 1
            raise Problem(file, line, f"is not TOML: {error}") from error
        document = cls(file, source.rstrip().split("\n"), content, path.stem.split("-")[0])
        known = document.scope in SCRIPTS or document.scope in LANGUAGES
        if path.parent != root and not known and file != OFFICES:
            raise Problem(
                file, 1, f"its name must begin with a script or language: {', '.join((*SCRIPTS, *LANGUAGES))}"
            )
        if "holder" in content and file != OFFICES:
            raise document.key_problem("holder", f"holders belong in {OFFICES}")
        return document

    def problem(self, clue: str, reason: str, start: int = 1) -> Problem:
        """Return the problem with the line, from `start` on, where the clue stands first; a term stands in quotation marks."""
        return Problem(self.file, self.line(clue, start), reason)

    def key_problem(self, key: str, reason: str, start: int = 1) -> Problem:
        """Return the problem with the line, from `start` on, where the key is set or heads a table."""
        return Problem(self.file, self.key_line(key, start), reason)

    def line(self, clue: str, start: int = 1) -> int:
        """Return the line, from `start` on, where a clue stands first; a term stands in quotation marks."""
        return self._line(clue, re.escape(f'"{clue}"'), start)

    def key_line(self, key: str, start: int = 1) -> int:
        """Return the line, from `start` on, where a key is set or heads a table."""
        return self._line(key, _KEY.format(re.escape(key)), start)

    def _line(self, clue: str, pattern: str, start: int) -> int:
        """Return the first line, from `start` on, with the pattern, else with the clue, else `start`."""
        found = [
            (number, line)
            for number, line in enumerate(map(_plain, self.lines[start - 1 :]), start)
            if clue in line and not line.lstrip().startswith("#")
        ]
        sure = (number for number, line in found if re.search(pattern, line))
        return next(sure, found[0][0] if found else start)

    def table(self, value: object, key: str, form: str) -> dict[str, Any]:
        """Return the value as a table, or refuse it and say how it is written."""
        if not isinstance(value, dict):
            raise self.key_problem(key, f"`{key}` must be a table, written [{form}]")
        return value

    def rows(self, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield each `[[key]]` table with its line, or refuse what is written otherwise."""
        rows = self.content.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.key_problem(key, f"`{key}` must be a list of tables, each written [[{key}]]")
        heads = [number for number, line in enumerate(self.lines, 1) if re.match(rf"\s*\[\[\s*{key}\s*\]\]", line)]
        if len(heads) != len(rows):  # written as one value: `near = [{…}, {…}]`
            heads = [self.key_line(key)] * len(rows)
        yield from zip(heads, rows, strict=True)

    def strings(self, value: object, key: str, start: int = 1) -> list[str]:
        """Return the value of a key as a list of strings, or refuse it."""
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.key_problem(key, f"`{key}` must be a list of strings", start)
        return value

    def term(self, raw: str, start: int) -> Term:
        """Return the parsed term, or refuse it with its line."""
        try:
            return terms.parse(raw)
        except ValueError as error:
            raise self.problem(raw, f"term {raw!r} {error}", start) from error

    def refuse_twice(self, lists: dict[str, list[str]], start: int) -> None:
        """Refuse a term that stands in two lists of a table, or twice in one: it would count twice."""
        seen: dict[tuple[object, ...], tuple[str, str]] = {}
        for key, raws in lists.items():
            for raw in raws:
                first, spelt = seen.setdefault(terms.parse(raw)[1:], (key, raw))
                if first != key:
                    raise self._second(spelt, raw, f"term {raw!r} stands in `{first}` and in `{key}`; keep one", start)
        for key, raws in lists.items():
            if len(set(raws)) != len(raws):
                raw = next(raw for raw in raws if raws.count(raw) > 1)
                raise self._second(raw, raw, f"term {raw!r} stands twice in `{key}`; keep one", start)

    def _second(self, first: str, raw: str, reason: str, start: int) -> Problem:
        """Return the problem with the line of a term behind another one, which may be spelt alike."""
        line = self.problem(first, reason, start).line
        if first == raw and self.lines[line - 1].count(f'"{raw}"') < 2:
            line += 1
        return self.problem(raw, reason, line)


def _plain(line: str) -> str:
    """Return a line of a file with what is escaped in it (`\\t`, `\\u202E`) as the characters that it stands for."""
    return _ESCAPE.sub(
        lambda found: _ESCAPED.get(found[3], found[3]) if found[3] else chr(int(found[1] or found[2], 16)), line
    )
