"""Words that lost the space between them, as where a link ended: `сказалАнатолий`, `пишетReuters`, `CNNзаявила`.

Only in Cyrillic, where a capital inside a word is rare and another script rarer.
"""

import re
from functools import cache
from itertools import pairwise

PAGE = "cp1251"  # the code page of Cyrillic
_LOW, _HIGH = "[а-яёіїєґ]", "[А-ЯЁІЇЄҐ]"
_SHORT = "".join(f"(?<!{_HIGH}{_LOW * count})" for count in range(1, 6))  # no word of up to six letters with a capital
# Not `кВт`, not what may be a name (`ДеСантис`, `ИнтерРАО`), and not `ООНАнтониу`, which might part in two ways.
_JOINED = re.compile(
    rf"{_LOW}{_SHORT}(?:{_HIGH}(?={_HIGH}|{_LOW}{_LOW})|[A-Z](?=[A-Za-z]))"
    rf"|[a-z]{_HIGH}(?={_LOW}{_LOW})|[A-Za-z](?<=[A-Za-z]{{2}})(?={_LOW}{{5}})"
)
_CANDIDATE = re.compile(b"c(?=[Cl])|l(?=[Cc])")  # in what `_letters` makes of a text


def joints(text: str) -> list[int]:
    """Return where words follow each other without a space; in most texts no two letters might."""
    letters = text.encode(PAGE, "replace").translate(_letters())
    if b"cC" in letters or (b"l" in letters and (b"cl" in letters or b"lC" in letters or b"lc" in letters)):
        return [m.start() + 1 for m in _CANDIDATE.finditer(letters) if _JOINED.match(text, m.start())]
    return []


def parted(text: str, at: list[int]) -> tuple[str, list[int]]:
    """Return a text with a space at each of these places, and each character's offset in the original, its end included."""
    out: list[str] = []
    offsets: list[int] = []
    for begin, end in pairwise([0, *at, len(text)]):
        out.append(text[begin:end])
        offsets += [*range(begin, end), end]  # the space goes by where the next word begins
    return " ".join(out), offsets


@cache
def _letters() -> bytes:
    """Return a table from the bytes of the page to `c` and `C` for small and capital Cyrillic letters, `l` for Latin ones."""
    chars = [bytes((byte,)).decode(PAGE, "replace") for byte in range(256)]
    return "".join(
        " " if not char.isalpha() else "l" if char.isascii() else "C" if char.isupper() else "c" for char in chars
    ).encode()
