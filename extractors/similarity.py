"""By what a text is known again when it is reprinted: MinHash over shingles, packed into bands.

Which articles are compared with which, and what follows, is decided where the corpus is.
"""

import re
import unicodedata

from rensa import RMinHash

BANDS = 16  # of four minima each: two texts with Jaccard 0.7 share a band with 99%, with 0.3 with 12%
SEED = 20250724
_MIN_SHINGLES = 20  # a shorter text is too common to be a reprint of anything
_RUN = re.compile(r"[぀-ヿ㐀-䶿一-鿿가-힯]|[^\W぀-ヿ㐀-䶿一-鿿가-힯]+")


def shingles(text: str) -> list[str]:
    """Return the word trigrams of a text, where a character of Chinese, Japanese or Korean counts as a word."""
    words = _RUN.findall(unicodedata.normalize("NFKC", text).casefold())
    return [" ".join(words[i : i + 3]) for i in range(len(words) - 2)]


def bands(text: str) -> tuple[int, ...]:
    """Return `BANDS` integers of 32 bits, each four minima of eight bits, or nothing for a text that is too short.

    The share of equal bytes of two texts estimates the Jaccard similarity of their shingles, plus 1/256 by chance.
    """
    found = shingles(text)
    if len(found) < _MIN_SHINGLES:
        return ()
    sketch = RMinHash(num_perm=BANDS * 4, seed=SEED)
    sketch.update(found)
    minima = bytes(value & 0xFF for value in sketch.digest())
    return tuple(int.from_bytes(minima[i : i + 4]) for i in range(0, len(minima), 4))
