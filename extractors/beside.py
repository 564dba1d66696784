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


def around(reading: Reading, mentions: Sequence[Found]) -> list[str]:
    """Return the keys of what stands beside mentions of one side in a sentence, each once."""
    hay, wide = reading.folded.hay, reading.language.startswith("zh")
    first, last = reading.spans[mentions[0][3]]
    keys: list[str] = []
    for start, end, _, _ in mentions[:_NAMED]:
        keys += _aside(hay, (start, end), (first, last), wide)
        keys.append(f"={hay[start + 1 : min(end, start + _NAME) + 1]}")
    return list(dict.fromkeys(keys))


def between(reading: Reading, one: Found, other: Found) -> list[str]:
    """Return the keys of what stands between, before and behind two mentions, each once."""
    hay, wide = reading.folded.hay, reading.language.startswith("zh")
    low, high = (one, other) if one[0] < other[0] else (other, one)
    sentences = reading.spans[low[3]][0], reading.spans[high[3]][1]
    middle = hay[low[1] + 1 : min(high[0], low[1] + (_BETWEEN_HAN if wide else _BETWEEN)) + 1]
    words = middle.replace(" ", "") if wide else [word[:_STEM] for word in middle.split()]
    keys = [f"|{word}" for word in words]
    keys += _aside(hay, (low[0], high[1]), sentences, wide)
    keys += [f"={hay[start + 1 : min(end, start + _NAME) + 1]}" for start, end, _, _ in (low, high)]
    return list(dict.fromkeys(keys))


def _aside(hay: str, span: tuple[int, int], within: tuple[int, int], wide: bool) -> list[str]:
    """Return the keys of what stands before and behind a span, within a sentence; a word cut by the reach is none."""
    (start, end), (first, last) = span, within
    if wide:
        before = hay[max(first, start - _REACH_HAN) + 1 : start + 1].replace(" ", "")
        behind = hay[end + 1 : min(last, end + _REACH_HAN) + 1].replace(" ", "")
        return [f"<{word}" for word in before[-_WORDS:]] + [f">{word}" for word in behind[:_WORDS]]
    before, behind = hay[max(first, start - _REACH) + 1 : start + 1], hay[end + 1 : min(last, end + _REACH) + 1]
    if start - _REACH > first:
        before = before.partition(" ")[2]
    keys = [f"<{word[:_STEM]}" for word in before.split()[-_WORDS:]]
    return keys + [f">{word[:_STEM]}" for word in behind.split()[:_WORDS]]


def terms(reading: Reading, topic: str, found: Sequence[tuple[int, float]]) -> list[str]:
    """Return the keys of a topic's terms in a sentence, each once, given by rule and weight; near rules have none."""
    rules, keys = reading.known.rules, reading.columns.keys
    for rule, _ in found:
        if rule >= 0 and rule not in keys:
            keys[rule] = f"{topic}={rules[rule].term.raw}"
    return list(dict.fromkeys(keys[rule] for rule, _ in found if rule >= 0))
