"""Text made comparable: one case, one way of writing, words apart by spaces, and the way back to the original offsets.

Folding keeps the length wherever it can, so that offsets need no table; only text with combining or invisible
characters pays for one. What is looked for in the folded text belongs to `matching`.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache

from extractors import joined, terms

_GAP = re.compile(r"[^\w ]")
_AWKWARD = re.compile(
    r"[\u00ad\u0300-\u036f\u0483-\u0487\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_ALIKE = "".join(chr(letter) + chr(letter).upper() for letter in terms.ALIKE)
_SPECIAL = re.compile(_AWKWARD.pattern[:-1] + _ALIKE + "]")  # most texts have neither
_PAGES = {
    **dict.fromkeys(("en", "de", "fr", "pt", "es", "it"), "cp1252"),
    **dict.fromkeys(("ru", "uk", "bg"), joined.PAGE),
    "pl": "cp1250",  # which has not the letters that Romanian is written with now
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """`hay` is a space, the folded text, a space. `plain` is the text it was folded from, as long as `hay` less two; `simple` is
    that in simplified characters."""

    hay: str
    plain: str
    simple: str
    offsets: list[int] | None  # of each character of `plain`, and its end, in the original; None: the same
    marks: dict[int, int] = field(default_factory=dict)  # how many accents stand apart behind a character of `plain`

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text for a span of `plain`, with the accents of its last letter."""
        if self.offsets is None:
            return start, end
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1 + self.marks.get(end - 1, 0)

    def place(self, offset: int) -> int:
        """Return the place in `plain` of an offset of the original text."""
        return offset if self.offsets is None else bisect_right(self.offsets, offset) - 1


class Folder:
    """Folds the texts of a language; `han` has the simplified character of each traditional one, or nothing.

    Most texts have no other characters than a code page of their language. Such a text is folded by one table, five times as
    fast as step by step.
    """

    def __init__(self, language: str, han: Mapping[str, str]) -> None:
        self._han = han
        self._traditional = re.compile(f"[{re.escape(''.join(han))}]") if han else None
        self._page = _PAGES.get(language)
        self._table, self._odd = _table(self._page) if self._page else (b"", ())

    def fold(self, text: str) -> Folded:
        """Fold a text, after its words were parted where that is needed."""
        if self._page == joined.PAGE and (joints := joined.joints(text)):
            parted, offsets = joined.parted(text, joints)
            folded = self._fold(parted)
            return replace(folded, offsets=[offsets[at] for at in folded.offsets] if folded.offsets else offsets)
        return self._fold(text)

    def _fold(self, text: str) -> Folded:
        """Fold a text: by its language's code page where it fits into it."""
        if self._page:
            with suppress(UnicodeEncodeError):  # it has other characters
                raw = text.encode(self._page)
                if not any(odd in raw for odd in self._odd):
                    hay = raw.translate(self._table).decode(self._page)
                    return Folded(hay=f" {hay} ", plain=text, simple=text, offsets=None)
        return self.fold_any(text)

    def fold_any(self, text: str) -> Folded:
        """Fold a text of any characters, step by step."""
        plain, offsets, marks = text, None, dict[int, int]()
        special = _SPECIAL.search(text) is not None
        if special and _AWKWARD.search(text):
            plain, offsets, marks = _clean(text)
        low = plain.lower()
        if len(low) != len(plain):
            low = "".join(c if len(c) == 1 else d for c, d in ((d.lower(), d) for d in plain))
        if special:
            low = low.translate(terms.ALIKE)
        simple = plain
        if self._traditional is not None:
            low, count = self._traditional.subn(self._simplified, low)
            if count:
                simple = self._traditional.sub(self._simplified, plain)
        return Folded(hay=f" {_GAP.sub(' ', low)} ", plain=plain, simple=simple, offsets=offsets, marks=marks)

    def _simplified(self, match: re.Match[str]) -> str:
        return self._han[match[0]]


@cache
def _table(page: str) -> tuple[bytes, tuple[int, ...]]:
    """Return the folded byte of each byte of a code page, and those of which one byte cannot be made."""
    table, odd = bytearray(b" " * 256), []
    for byte in range(256):
        char = bytes((byte,)).decode(page, "ignore")  # nothing for the few bytes that a page has no character for
        folded = _GAP.sub(" ", char.lower().translate(terms.ALIKE)).encode(page, "ignore")
        if len(folded) == 1 and not _AWKWARD.match(char):
            table[byte] = folded[0]
        elif char:
            odd.append(byte)
    return bytes(table), tuple(odd)


def _clean(text: str) -> tuple[str, list[int], dict[int, int]]:
    """Drop invisible characters, compose the combining ones; return the text, the offset of each, and `Folded.marks`."""
    out: list[str] = []
    offsets: list[int] = []
    marks: dict[int, int] = {}
    for i, char in enumerate(text):
        if unicodedata.combining(char):
            if out:
                composed = unicodedata.normalize("NFC", out[-1] + char)
                if len(composed) == 1:
                    out[-1] = composed
                last, count = len(out) - 1, marks.get(len(out) - 1, 0)
                if offsets[last] + count + 1 == i:
                    marks[last] = count + 1
            continue
        if unicodedata.category(char) == "Cf":
            continue
        out.append(char)
        offsets.append(i)
    offsets.append(len(text))
    return "".join(out), offsets, marks
