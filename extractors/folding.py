"""Text made comparable: one case, one way of writing, words apart by spaces, and the way back to the original offsets.

Folding keeps the length wherever it can, so that offsets need no table; only text with combining or invisible
characters pays for one. What is looked for in the folded text belongs to `matching`.
"""

import re
import unicodedata
from dataclasses import dataclass

from extractors import terms

_GAP = re.compile(r"[^\w ]")
_AWKWARD = re.compile(
    r"[\u00ad\u0300-\u036f\u0483-\u0487\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_ALIKE = re.compile(r"[ёşţѝ_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """`hay` is a space, the folded text, a space. `plain` is the text it was folded from, as long as `hay` less two."""

    hay: str
    plain: str
    offsets: list[int] | None  # of each character of `plain`, and its end, in the original; None: the same

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text for a span of `plain`."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1 if end > start else self.offsets[start]


def fold(text: str, han: dict[int, int]) -> Folded:
    """Fold a text; `han` maps traditional characters to simplified ones and is empty where there are none."""
    plain, offsets = text, None
    if not text.isascii() and _AWKWARD.search(text):
        plain, offsets = _clean(text)
    low = plain.lower()
    if len(low) != len(plain):
        low = "".join(c if len(c) == 1 else d for c, d in ((d.lower(), d) for d in plain))
    if not low.isascii():
        if _ALIKE.search(low):
            low = low.translate(terms.ALIKE)
        if han:
            low = low.translate(han)
    return Folded(hay=f" {_GAP.sub(' ', low)} ", plain=plain, offsets=offsets)


def _clean(text: str) -> tuple[str, list[int]]:
    """Drop invisible characters and compose the combining ones; return the text and each character's offset."""
    out: list[str] = []
    offsets: list[int] = []
    for i, char in enumerate(text):
        if unicodedata.combining(char):
            if out:
                composed = unicodedata.normalize("NFC", out[-1] + char)
                if len(composed) == 1:
                    out[-1] = composed
            continue
        if unicodedata.category(char) == "Cf":
            continue
        out.append(char)
        offsets.append(i)
    offsets.append(len(text))
    return "".join(out), offsets
