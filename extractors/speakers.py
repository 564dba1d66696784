"""Who speaks: the name beside a verb of saying, of a known side or of somebody else.

What was said and to what it belongs is the matter of `statements`.
"""

import re
from bisect import bisect_left
from typing import NamedTuple

from extractors import speech
from extractors.labels import KINDS
from extractors.matching import Found
from extractors.reading import Reading
from extractors.text import Span

REACH, _REACH_HAN = 70, 30  # characters between a speaker and the verb
_SPEAKING = frozenset(
    KINDS.index(kind) for kind in ("name", "capital", "institution", "office", "person", "force", "company")
)
_PERSONAL = frozenset(KINDS.index(kind) for kind in ("office", "person", "institution"))
_ADJECTIVES = frozenset(KINDS.index(kind) for kind in ("people", "vague"))  # they speak beside a noun for who speaks
_NAME = KINDS.index("name")
_ROLE_NEAR = 32  # characters between an adjective and the noun for who speaks
_APART = re.compile(r"[.;:,()]")


class Speaker(NamedTuple):
    """A speaker where it stands."""

    start: int
    end: int
    actor: int | None
    entity: str | None


def beside(reading: Reading, mentions: list[Found], verb: Found, words: tuple[int, int]) -> Speaker | None:
    """Return who stands beside the verb, outside the words: a known side before an unknown name."""
    wide = reading.wide
    reach = _REACH_HAN if wide else REACH
    first, last = reading.spans[verb[3]]
    best: tuple[int, Found, Span | None] | None = None
    near = bisect_left(mentions, (max(first, verb[0] - reach),)), bisect_left(mentions, (verb[1] + reach + 1,))
    for mention in mentions[near[0] : near[1]]:
        start, end, rule, _ = mention
        if (words[0] <= start < words[1]) or end > last:
            continue
        kind, noun = reading.columns.kind[rule], role(reading, mention)
        if kind not in _SPEAKING and noun is None:
            continue
        gap = verb[0] - end if end <= verb[0] else start - verb[1] + 15
        gap -= 40 if kind in _PERSONAL or noun is not None else 0
        if best is None or gap < best[0]:
            best = gap, mention, noun
    if best is not None:
        start, end, rule, _ = best[1]
        entity, actor = reading.known.entities[reading.columns.index[rule]]
        start, end = best[2] or (start, end)
        start, end = (
            (start, end)
            if wide
            else _whole_name(reading.folded.plain, start, end, (first, verb[0]) if end <= verb[0] else (verb[1], last))
        )
        return Speaker(start, end, actor, entity)
    return None if wide else _stranger(reading, verb, (first, last), words)


def role(reading: Reading, mention: Found) -> Span | None:
    """Return the span of an adjective or name with the noun for who speaks (`Chinese official`, `ambassade de Russie`)."""
    kind = reading.columns.kind[mention[2]]
    if kind not in _ADJECTIVES and kind != _NAME:
        return None
    pattern = speech.ROLE.get(reading.language.split("-")[0])
    if pattern is None:
        return None
    plain, (first, last) = reading.folded.plain, reading.spans[mention[3]]
    low, high = max(first, mention[0] - _ROLE_NEAR), min(last, mention[1] + _ROLE_NEAR)
    ahead = pattern.search(plain, mention[1], high)
    if ahead and _joined(plain[mention[1] : ahead.start()], speech.OWN, kind):
        return mention[0], ahead.end()
    behind = list(pattern.finditer(plain, low, mention[0]))
    if behind and _joined(plain[behind[-1].end() : mention[0]], speech.OF, kind):
        return behind[-1].start(), mention[1]
    return None


def _joined(between: str, pattern: re.Pattern[str], kind: int) -> bool:
    """Tell whether a noun and a name belong together; an adjective only needs to be in the same phrase."""
    return bool(pattern.match(between)) if kind == _NAME else not _APART.search(between)


def _whole_name(plain: str, start: int, end: int, sentence: tuple[int, int]) -> tuple[int, int]:
    """Return the name with the capitalised words around it."""
    for match in speech.NAME.finditer(plain, max(sentence[0], start - 60), min(sentence[1], end + 40)):
        if match.start() > start:
            break
        if start < match.end():
            first = match.start()
            while (word := plain[first:start].partition(" "))[1] and word[0].lower() in speech.NOBODY:
                first += len(word[0]) + 1
            return first, max(end, match.end())
    return start, end


def _stranger(reading: Reading, verb: Found, sentence: tuple[int, int], words: tuple[int, int]) -> Speaker | None:
    """Return the capitalised name right before or behind the verb."""
    plain, least = reading.folded.plain, 2 if reading.language.startswith("de") else 1  # German nouns have capitals too
    low, high = max(sentence[0], verb[0] - REACH), min(sentence[1], verb[1] + 50)
    best: Span | None = None
    nearest = high - low + 1
    for match in speech.NAME.finditer(plain, low, high):
        start, end = match.span()
        gap = verb[0] - end if end <= verb[0] else start - verb[1]
        if gap < 0 or gap >= nearest or words[0] <= start < words[1]:
            continue
        name = match.group()
        if start == sentence[0] and " " not in name:  # just the first word of a sentence
            continue
        named = [word for word in name.split() if word.lower() not in speech.NOBODY]
        if len(named) >= (1 if start == verb[1] + 1 else least):
            best, nearest = (start, end), gap
    return Speaker(best[0], best[1], None, None) if best else None
