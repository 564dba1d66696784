"""The compiled taxonomy, kept on disk so that a command starts at once.

Compiling is in `extractors.taxonomy`; this is only the file. It is made anew when rules, code or Python change.
"""

import gc
import pickle
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import repeat
from operator import add
from pathlib import Path
from typing import Any

from extractors import taxonomy
from extractors.taxonomy import Rule, Taxonomy
from extractors.terms import Term

_TERM = len(Term._fields)  # columns that belong to the term


def load(folder: Path) -> Taxonomy:
    """Return the taxonomy from `folder`, or compile it and leave it there. One that cannot be written costs time."""
    path = folder / f"taxonomy-{taxonomy.fingerprint()}.pickle"
    try:
        return _read(path)
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, TypeError, ValueError, IndexError):
        pass  # missing, cut short or of another version: compiled again below
    compiled = taxonomy.load()
    _keep(path, compiled)
    return compiled


def _read(path: Path) -> Taxonomy:
    """Return what is in a file of our own.

    Looking for garbage among so many new tuples would take longer than reading them, and none of them ever is.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        rest, columns = pickle.loads(path.read_bytes())  # noqa: S301 - a file of our own, in the data folder
        if not isinstance(rest, Taxonomy):
            raise TypeError(f"{path} holds no taxonomy")
        whole = replace(rest, rules=tuple(_rules(columns)))
        gc.freeze()
        return whole
    finally:
        if collecting:
            gc.enable()


def _columns(rules: tuple[Rule, ...]) -> list[tuple[object, ...]]:
    """Return rules as columns, terms first: read four times as fast as tuples. A name ends with its term, which is left out.

    Equal strings are made one, which a pickle holds once.
    """
    once: dict[str, str] = {}
    rows = [
        (*rule.term, rule.scope, rule.layer, rule.place, rule.value, rule.name.removesuffix(rule.term.raw))
        for rule in rules
    ]
    return [
        tuple([once.setdefault(value, value) if isinstance(value, str) else value for value in column])
        for column in zip(*rows, strict=True)
    ]


def _rules(columns: list[tuple[Any, ...]]) -> Iterator[Rule]:
    """Yield the rules of columns. Made as `_make` makes them, which is a call in Python for each of 160,000."""
    make: Any = tuple.__new__
    terms = list(map(make, repeat(Term), zip(*columns[:_TERM], strict=True)))
    scopes, layers, places, values, names = columns[_TERM:]
    full = map(add, names, columns[0])
    return map(make, repeat(Rule), zip(scopes, terms, layers, places, values, full, strict=True))


def _keep(path: Path, compiled: Taxonomy) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            kept = (replace(compiled, rules=()), _columns(compiled.rules))
            pickle.dump(kept, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(file.name).replace(path)
        for old in path.parent.glob("taxonomy-*.pickle"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError:
        return  # read-only or full: compiled again next time
