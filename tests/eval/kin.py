"""Which articles share their text: reprints, and the same page under two ids.

Half of the labelled articles stand in the pool as well. What was learnt from one must not be judged by the other, so
cross-validation keeps kin in one fold.
"""

from collections import Counter
from collections.abc import Sequence

_WINDOW = 25  # characters without blanks
_SHARED = 0.15  # of the shorter text's windows
_COMMON = 20  # a window in so many articles is a formula of its outlet


def families(texts: Sequence[str]) -> list[int]:
    """Return for each text the number of the first of its family."""
    windows = [_windows(text) for text in texts]
    holders: dict[str, list[int]] = {}
    for number, those in enumerate(windows):
        for window in those:
            holders.setdefault(window, []).append(number)
    head = list(range(len(texts)))
    for number, those in enumerate(windows):
        shared = Counter(
            other for window in those if len(holders[window]) < _COMMON for other in holders[window] if other > number
        )
        for other, count in shared.items():
            if count > _SHARED * min(len(those), len(windows[other])):
                _join(head, number, other)
    return [_head(head, number) for number in range(len(texts))]


def _windows(text: str) -> set[str]:
    dense = "".join(text.split())
    return {dense[at : at + _WINDOW] for at in range(max(1, len(dense) - _WINDOW + 1))}


def _head(head: list[int], number: int) -> int:
    while head[number] != number:
        number = head[number]
    return number


def _join(head: list[int], one: int, other: int) -> None:
    one, other = sorted((_head(head, one), _head(head, other)))
    head[other] = one
