"""Which articles share their text: reprints, and the same page under two ids.

Half of the labelled articles stand in the pool as well. What was learnt from one must not be judged by the other, so
cross-validation keeps kin in one fold.
"""

from collections import Counter
from collections.abc import Sequence
from zlib import crc32

_WINDOW = 25  # characters without blanks
_SHARED = 0.15  # of the shorter text's windows
_COMMON = 20  # a window in so many different articles is a formula of its outlet
_KEPT = 8  # one window in so many is looked at, the same in all texts


def families(texts: Sequence[str]) -> list[int]:
    """Return for each text the number of the first of its family."""
    dense = ["".join(text.split()) for text in texts]
    first = {text: number for number, text in reversed(list(enumerate(dense)))}
    head = [first[text] for text in dense]
    windows = {number: _windows(dense[number]) for number in sorted(first.values())}
    holders: dict[int, list[int]] = {}
    for number, those in windows.items():
        for window in those:
            holders.setdefault(window, []).append(number)
    for number, those in windows.items():
        shared = Counter(
            other for window in those if len(holders[window]) < _COMMON for other in holders[window] if other > number
        )
        for other, count in shared.items():
            if count > _SHARED * min(len(those), len(windows[other])):
                _join(head, number, other)
    return [_head(head, number) for number in range(len(texts))]


def _windows(dense: str) -> set[int]:
    """Return the sums of the windows that are looked at."""
    sums = (crc32(dense[at : at + _WINDOW].encode()) for at in range(max(1, len(dense) - _WINDOW + 1)))
    return {one for one in sums if one % _KEPT == 0}


def _head(head: list[int], number: int) -> int:
    while head[number] != number:
        number = head[number]
    return number


def _join(head: list[int], one: int, other: int) -> None:
    one, other = sorted((_head(head, one), _head(head, other)))
    head[other] = one
