"""The words that stand beside a mention: "in China" is a place more often than "China said", whatever the sentence is about.

Each is a key of a mark and a word cut to its stem: `<` before the mention, `>` behind it, `|` between two, `=` the mention
itself; Chinese has characters for words. A topic has the terms themselves, since some mean it more surely than their grade says.
What all of them count for is learnt and kept in `words.toml`, by language.
"""

from collections.abc import Sequence

from extractors.reading import Found, Reading

_NAMED = 4  # mentions of a sentence that are looked at; more say nothing new
_WORDS = 3  # on each side
_REACH, _REACH_HAN = 36, 4  # characters in which they are looked for
_STEM = 5  # characters of a word that count, so that it is one in all its cases
_NAME = 12  # characters of a mention
_BETWEEN, _BETWEEN_HAN = 120, 24  # characters, at most


def around(reading: Reading, mentions: Sequence[Found]) -> set[str]:
    """Return the keys of what stands beside mentions of one side in a sentence."""
    hay, wide = reading.folded.hay, reading.language.startswith("zh")
    first, last = reading.spans[mentions[0][3]]
    reach = _REACH_HAN if wide else _REACH
    keys: set[str] = set()
    for start, end, _, _ in mentions[:_NAMED]:
        before = hay[max(first, start - reach) + 1 : start + 1]
        behind = hay[end + 1 : min(last, end + reach) + 1]
        if wide:
            keys.update([f"<{word}" for word in before.replace(" ", "")[-_WORDS:]])
            keys.update([f">{word}" for word in behind.replace(" ", "")[:_WORDS]])
        else:
            keys.update([f"<{word[:_STEM]}" for word in before.split()[-_WORDS:]])
            keys.update([f">{word[:_STEM]}" for word in behind.split()[:_WORDS]])
        keys.add(f"={hay[start + 1 : min(end, start + _NAME) + 1]}")
    return keys


def between(reading: Reading, one: Found, other: Found) -> set[str]:
    """Return the keys of what stands between, before and behind two mentions."""
    hay, wide = reading.folded.hay, reading.language.startswith("zh")
    low, high = (one, other) if one[0] < other[0] else (other, one)
    first, last = reading.spans[low[3]][0], reading.spans[high[3]][1]
    keys: set[str] = set()
    stop = min(high[0], low[1] + (_BETWEEN_HAN if wide else _BETWEEN)) + 1
    middle = hay[low[1] + 1 : max(stop, low[1] + 1)]
    keys.update(f"|{word}" for word in _words(middle, wide))
    before = _words(hay[max(first, low[0] - _REACH) + 1 : low[0] + 1], wide)
    behind = _words(hay[high[1] + 1 : min(last, high[1] + _REACH) + 1], wide)
    keys.update(f"<{word}" for word in before[-_WORDS:])
    keys.update(f">{word}" for word in behind[:_WORDS])
    keys.update(f"={hay[start + 1 : min(end, start + _NAME) + 1]}" for start, end, _, _ in (low, high))
    return keys


def terms(reading: Reading, topic: str, found: Sequence[tuple[int, float]]) -> list[str]:
    """Return the keys of a topic's terms in a sentence, given by rule and weight; near rules have none."""
    rules, keys = reading.known.rules, reading.columns.keys
    for rule, _ in found:
        if rule >= 0 and rule not in keys:
            keys[rule] = f"{topic}={rules[rule].term.raw}"
    return list({keys[rule] for rule, _ in found if rule >= 0})


def _words(text: str, wide: bool) -> list[str]:
    """Return the stems of a text, or the characters of a Chinese one."""
    return list(text.replace(" ", "")) if wide else [word[:_STEM] for word in text.split()]
