"""The words that may be somebody's: quotations and reported clauses with their verb of saying, and what goes on without one.

Quoted words are those in quotation marks beside the verb; the clause that a verb reports belongs to `clauses`, whose they are to
`statements`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from extractors import clauses, speech
from extractors.clauses import SHORTEST, SHORTEST_HAN
from extractors.matching import Found
from extractors.reading import Reading
from extractors.text import Span

MOST = 40  # statements of an article
_NEAR = 130  # characters between a quotation and its verb
_NEAR_HAN = 30
_APART = 40  # characters that a verb in the sentence before counts further away
_SECOND = 10  # characters that a second name for who says so counts further away
_OPENING = 40  # characters of a paragraph in which somebody is introduced whose words it is
_STOP_HAN = re.compile(r"[。！？；\n]")
_LINE = re.compile("\n")
_WORDS = 3  # of a quotation, where words are apart
_MARKS = "“„«»「『\"' "
_CLOSING = '”“»«」』"'
_OPENING_MARKS = _MARKS.strip()
_ALL_MARKS = frozenset(_OPENING_MARKS + _CLOSING) - {"'"}
_TRIED = 400  # verbs of an article that are looked at
_BEFORE = ":,.!?…：，。！？—–-\n"  # what ends right before a quotation that stands for itself
_MOST_OF = 0.6  # of a clause, from which on a quotation in it is what was said
_WHOLE = 80  # characters of a quotation that is more than a part of a sentence
_LEADING = 3  # characters before a quotation that are no words of the clause it stands in


class Frame(NamedTuple):
    """Words that may be somebody's, and the verb they go with; without one they go on."""

    words: Span
    verb: Found | None
    quoted: bool


def frames(reading: Reading, verbs: list[Found], text: str, lines: list[Span]) -> Iterator[Frame]:
    """Return quotations and clauses with their verbs, German sentences that report without one, and `lines`, in no order."""
    first = [Frame(words, None, False) for words in lines]
    further = _indirect(reading, verbs, text) if reading.language.startswith("de") else _forth(reading, verbs, text)
    first += [frame for frame in further if not _taken(lines, frame.words[0])]
    yield from first
    taken = [frame.words for frame in first]
    used: set[int] = set()
    for words in _quotations(reading):
        if _taken(taken, words[0]):
            continue
        verb = _verb_of(verbs, *words, text, reading)
        clause = None if verb is None or verb[0] in used else clauses.reported(reading, verb, verbs, text)
        if clause is not None and _within(words, clause) and not _overlaps(taken, clause):
            taken.append(clause)
            yield Frame(clause, verb, False)  # the marks stand around a part of what is reported
        elif clause is not None and verb is not None and _opening(text, verb, words, clause):
            taken.append(clause)
            yield Frame(clause, verb, False)
        elif (clause is not None and 0 <= words[0] - clause[0] <= _LEADING) or not _part(text, verb, words):
            taken.append(words)
            yield Frame(words, verb, True)
        else:
            continue
        if verb is not None:
            used.add(verb[0])
    for verb in verbs[:_TRIED]:
        if len(taken) > 2 * MOST:
            return
        if verb[0] in used or _taken(taken, verb[0]):
            continue
        clause = clauses.reported(reading, verb, verbs, text)
        if clause is not None and clause[0] > verb[0]:
            clause = _short_of(text, taken, clause)
        if clause is not None and not _overlaps(taken, clause):
            taken.append(clause)
            marked = text[clause[0]] in _OPENING_MARKS and text[clause[1] - 1] in _CLOSING
            marked = marked and _ALL_MARKS.isdisjoint(text[clause[0] + 1 : clause[1] - 1])
            yield Frame((clause[0] + marked, clause[1] - marked), verb, marked)


def _forth(reading: Reading, verbs: list[Found], text: str) -> Iterator[Frame]:
    """Return what somebody says in Chinese who holds forth, up to where another speaks: `主席指出，…。…。`"""
    if not reading.wide:
        return
    said = {verb[3] for verb in verbs}
    for verb in verbs:
        begin = text.rfind("\n", 0, verb[0]) + 1
        forth = text[verb[0] : verb[1]] in speech.HOLDING_FORTH and verb[0] - begin <= _OPENING
        if not forth or text[verb[1] : verb[1] + 1] not in ("，", ","):
            continue
        number = last = verb[3] + 1
        while last not in said and _goes_on(reading, text, last, text.find("\n", verb[1])):
            last += 1
        clause = clauses.reported(reading, verb, verbs, text) if last > number else None
        if clause is not None and clause[0] > verb[0]:
            words = clauses.trimmed(reading, text, (clause[0], reading.spans[last - 1][1]), verbs)
            if words is not None:
                yield Frame(words, verb, False)


def _goes_on(reading: Reading, text: str, number: int, end: int) -> bool:
    """Tell whether a sentence is in the paragraph that ends there, and not the paper's again."""
    spans = reading.spans
    return (
        number < len(spans)
        and not 0 <= end < spans[number][1]
        and speech.ASTRAY_HAN.match(text, spans[number][0]) is None
    )


def _indirect(reading: Reading, verbs: list[Found], text: str) -> Iterator[Frame]:
    """Return the sentences without a verb of saying that report by their mood alone."""
    said = {verb[3] for verb in verbs}
    for number, span in enumerate(reading.spans):
        if number and number not in said and speech.reports(text, *span):
            if (words := clauses.trimmed(reading, text, span, verbs)) is not None:
                yield Frame(words, None, False)


def _taken(taken: list[Span], place: int) -> bool:
    return any(start <= place < end for start, end in taken)


def _overlaps(taken: list[Span], clause: Span) -> bool:
    return any(start < clause[1] and clause[0] < end for start, end in taken)


def _short_of(text: str, taken: list[Span], clause: Span) -> Span:
    """Return a clause up to the quotation in it that begins a sentence of its own, with a verb of its own."""
    return clause[0], min(
        (start - 1 for start, _ in taken if clause[0] + SHORTEST < start < clause[1] and text[start].isupper()),
        default=clause[1],
    )


def _quotations(reading: Reading) -> list[Span]:
    """Return the spans inside quotation marks that are long enough to be somebody's words."""
    plain, wide = reading.folded.plain, reading.wide
    shortest = SHORTEST_HAN if wide else SHORTEST
    long: list[Span] = []
    for match in speech.quoted(plain):
        start, end = match.span(match.lastindex or 0)
        said = plain[start:end]
        start, end = end - len(said.lstrip()), start + len(said.rstrip())
        led = ":" in plain[max(0, match.start() - 2) : match.start()]
        if end - start >= (shortest // 2 if led else shortest) and (
            wide or plain.count(" ", start, end) >= _WORDS - 1 - led
        ):
            long.append((start, end))
    return long[: 2 * MOST]


def _verb_of(verbs: list[Found], start: int, end: int, text: str, reading: Reading) -> Found | None:
    """Return the verb of saying that a quotation belongs to: the nearest in its paragraph, before or behind."""
    place = bisect_left(verbs, (start,))
    before = verbs[place - 1] if place else None
    place = bisect_left(verbs, (end,), place)
    behind = verbs[place] if place < len(verbs) else None
    near, stop = (_NEAR_HAN, _STOP_HAN) if reading.wide else (_NEAR, _LINE)
    choices: list[tuple[int, Found]] = []
    if before is not None and _spent(text, before, start):
        before = None
    if (
        behind is not None
        and text[behind[0] : behind[1]].lower() in speech.ACCORDING_TO
        and reading.spans[behind[3]][0] == behind[0]
    ):
        behind = None  # its own words follow
    if (
        before is not None
        and text[max(0, start - _SECOND) : start].rstrip(_MARKS)[-1:].isalpha()
        and text[start].islower()
        and reading.sentence(start) == before[3]
    ):
        return before if start - before[1] <= near else None  # within a sentence that it began
    if (
        before is not None
        and behind is not None
        and before[3] == behind[3]
        and speech.AND_SO.search(text, max(end, behind[0] - 12), behind[0])
    ):
        behind = None  # `said X was “…” but insisted that`
    if before is not None and start - before[1] <= near and _beside(text[before[1] : start], stop):
        apart = reading.spans[before[3]][1] <= start
        choices.append((start - before[1] + (_APART if apart and not reading.wide else 0), before))
    if behind is not None and behind[0] - end <= near and _beside(text[end : behind[0]], stop):
        after = text[end : behind[0]].lstrip(_CLOSING + "' ")
        apart = reading.spans[behind[3]][0] >= end and (after[:1].isupper() or after[:1] in ".!?…")
        if apart and text[end - 1] in "?!" and after[:1].isupper():  # `“…?” Jane Roe asked.`
            apart = not speech.ENDING.match(text, behind[1], reading.spans[behind[3]][1])
        if reading.wide or not apart or speech.OF_THIS.match(after):
            named = text[behind[0] : behind[1]].lower() in speech.ACCORDING  # after one that says so already
            choices.append((behind[0] - end + (_SECOND if named else 0), behind))
    return min(choices)[1] if choices else None


def _spent(text: str, verb: Found, quotation: int) -> bool:
    """Tell whether `according to X` has a clause of its own before a quotation."""
    if text[verb[0] : verb[1]].lower() not in speech.ACCORDING_TO:
        return False
    comma = text.find(",", verb[1], quotation)
    return comma > 0 and len(text[comma + 1 : quotation].strip(_MARKS + ":")) >= SHORTEST


def _beside(between: str, stop: re.Pattern[str]) -> bool:
    """Tell whether what stands between a quotation and a verb joins them: in one paragraph, or over its end by a mark."""
    bare = between.strip(_MARKS + _CLOSING + "\n")
    return bare == ":" or (bare[:1] in tuple(",–-") and not stop.search(bare)) or not stop.search(between)


def _within(words: Span, clause: Span) -> bool:
    """Tell whether a quotation is but a part of what is reported."""
    most = words[1] - words[0] >= _MOST_OF * (clause[1] - clause[0])
    return clause[0] < words[0] - _LEADING and words[1] <= clause[1] + 1 and not most


def _opening(text: str, verb: Found, words: Span, clause: Span) -> bool:
    """Tell whether a quotation is but the beginning of what somebody is named for: `According to X, “the end of it” is near.`"""
    named = (
        text[verb[0] : verb[1]].lower() in speech.ACCORDING_TO
        and verb[1] <= clause[0] <= words[0] <= clause[0] + _LEADING
    )
    return named and words[1] <= clause[1] and words[1] - words[0] < _MOST_OF * (clause[1] - clause[0])


def _part(text: str, verb: Found | None, words: Span) -> bool:
    """Tell whether a quotation is but a part of somebody's sentence: `called for “a level playing field”`."""
    ahead = text[max(0, words[0] - 60) : words[0]].rstrip(_MARKS)
    alone = not ahead or ahead[-1] in _BEFORE or (verb is not None and not text[verb[1] : words[0]].strip(_MARKS))
    return not alone and (verb is None or words[1] - words[0] < _WHOLE)
