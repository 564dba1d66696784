"""One term of the taxonomy: how it is written in a data file, and what must stand in a text for it to match.

A term is words with at most a `*` at the end of each ("any letters may follow": `росси*`, `европейск* союз*`).
Capitals in a term are asked for in the text: `Mali` needs a capital, `US` needs exactly these two. Which term means what
belongs to `taxonomy`, finding them all at once to `matching`.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_SEPARATOR = re.compile(r"[^\w* ]")
_LONGEST = 80  # characters of a term; longer ones are pasted sentences
_SHORTEST_STEM = 3
ALIKE = str.maketrans({"ё": "е", "ş": "ș", "ţ": "ț", "ѝ": "и", "_": " "})  # letters that are typed either way


class Term(NamedTuple):
    """What to look for in folded text: `literal` first, then `rest` right behind it, then the case of the original."""

    raw: str
    literal: str  # begins and ends with a space where a word must begin and end
    rest: str = ""  # pattern for what follows, when a `*` stands before the last word
    exact: str = ""  # the original must be just this (acronyms)
    capital: bool = False  # the original must begin with a capital
    bare: bool = False  # Chinese: no word boundaries at all


def is_han(text: str) -> bool:
    """Tell whether any Chinese character is in the text."""
    return _HAN.search(text) is not None


@cache
def parse(raw: str) -> Term:
    """Return the term that is written as `raw`; raise ValueError with the reason when it is none."""
    _refuse_malformed(raw)
    folded = _SEPARATOR.sub(" ", raw.lower().translate(ALIKE)).strip()  # as in a text: `U.S. Army` has two spaces
    if is_han(raw):
        return Term(raw=raw, literal=folded, bare=True)
    letters = [c for c in raw if c.isalpha()]
    acronym = all(c.isupper() for c in letters) and len(letters) <= 6
    head, star, tail = folded.partition("*")
    rest = (
        "" if not star or not tail else r"\w*" + tail.replace("*", r"\w*") + ("" if tail.endswith("*") else r"(?!\w)")
    )
    return Term(
        raw=raw,
        literal=" " + head + ("" if star else " "),
        rest=rest,
        exact=raw.rstrip("*") if acronym else "",
        capital=not acronym and letters[0].isupper(),
    )


def _refuse_malformed(raw: str) -> None:
    """Raise ValueError when the term could never match, or would match nearly everything."""
    if not raw.isprintable():
        odd = next(char for char in raw if not char.isprintable())
        raise ValueError(f"has the invisible character U+{ord(odd):04X}")
    if any(map(unicodedata.combining, raw)):
        raise ValueError("has an accent apart from its letter; write both as one character (NFC)")
    if raw != raw.strip() or "  " in raw:
        raise ValueError("has stray spaces")
    if not any(c.isalnum() for c in raw):
        raise ValueError("has no letter or digit")
    if len(raw) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters")
    if re.search(r"\*(?=[^\s-])|(?:^|[\s-])\*", raw):
        raise ValueError("has a `*` that does not end a word")
    if is_han(raw):
        if "*" in raw:
            raise ValueError("has a `*`; Chinese terms match anywhere by themselves")
        return
    first = raw.split("*")[0]
    if "*" in raw and sum(c.isalnum() for c in first) < _SHORTEST_STEM:
        raise ValueError(f"has a stem of fewer than {_SHORTEST_STEM} letters")
    if sum(c.isalnum() for c in raw) < 2:
        raise ValueError("is a single letter")
