"""The words that stand beside a mention: "in China" is a place more often than "China said", whatever the sentence is about.

Each is a key of a mark and a word cut to its stem: `<` before the mention, `>` behind it, `|` between two, `=` the mention
itself; Chinese has characters for words. A topic has the terms themselves, since some mean it more surely than their grade says.
What all of them count for is learnt and kept in `words.toml`, by language.
"""

from collections.abc import Collection, Sequence

from extractors.matching import Found
from extractors.reading import Reading

_NAMED = 4  # mentions of a sentence that are looked at; more say nothing new
_WORDS = 3  # on each side
_REACH, _REACH_HAN = 36, 4  # characters in which they are looked for
_STEM = 5  # characters of a word that count, so that it is one in all its cases
_NAME = 12  # characters of a mention
_BETWEEN, _BETWEEN_HAN = 120, 24  # characters, at most


def around(reading: Reading, mentions: Sequence[Found]) -> Collection[str]:
    """Return the keys of what stands beside mentions of one side in a sentence, each once."""
    hay, wide = reading.folded.hay, reading.wide
    first, last = reading.spans[mentions[0][3]]
    keys: list[str] = []
    for start, end, _, _ in mentions[:_NAMED]:
        keys += _aside(hay, start, end, first, last, wide)
        keys.append("=" + hay[start + 1 : min(end, start + _NAME) + 1])
    return dict.fromkeys(keys)


def between(reading: Reading, one: Found, other: Found) -> Collection[str]:
    """Return the keys of what stands between, before and behind two mentions, each once."""
    hay, wide = reading.folded.hay, reading.wide
    low, high = (one, other) if one[0] < other[0] else (other, one)
    first, last = reading.spans[low[3]][0], reading.spans[high[3]][1]
    middle = hay[low[1] + 1 : min(high[0], low[1] + (_BETWEEN_HAN if wide else _BETWEEN)) + 1]
    words = middle.replace(" ", "") if wide else [word[:_STEM] for word in middle.split()]
    keys = ["|" + word for word in words]
    keys += _aside(hay, low[0], high[1], first, last, wide)
    keys += ["=" + hay[start + 1 : min(end, start + _NAME) + 1] for start, end, _, _ in (low, high)]
    return dict.fromkeys(keys)


def _aside(hay: str, start: int, end: int, first: int, last: int, wide: bool) -> list[str]:
    """Return the keys of what stands before and behind a span, within a sentence; a word cut by the reach is none."""
    if wide:
        before = hay[max(first, start - _REACH_HAN) + 1 : start + 1].replace(" ", "")
        behind = hay[end + 1 : min(last, end + _REACH_HAN) + 1].replace(" ", "")
        return ["<" + word for word in before[-_WORDS:]] + [">" + word for word in behind[:_WORDS]]
    far = start - _REACH
    before = hay[far + 1 : start + 1].partition(" ")[2] if far > first else hay[first + 1 : start + 1]
    behind = hay[end + 1 : min(last, end + _REACH) + 1]
    return ["<" + word[:_STEM] for word in before.rsplit(None, _WORDS)[-_WORDS:]] + [
        ">" + word[:_STEM] for word in behind.split(None, _WORDS)[:_WORDS]
    ]


def terms(reading: Reading, topic: str, found: Sequence[tuple[int, float]]) -> Collection[str]:
    """Return the keys of a topic's terms in a sentence, each once, given by rule and weight; near rules have none."""
    rules, keys = reading.known.rules, reading.columns.keys
    here: dict[str, None] = {}
    for rule, _ in found:
        if rule >= 0:
            if rule not in keys:
                keys[rule] = f"{topic}={rules[rule].term.raw}"
            here[keys[rule]] = None
    return here
