"""The words that may be somebody's: quotations and reported clauses with their verb of saying, and what goes on without one.

Quoted words are those in quotation marks beside the verb; reported words are the clause behind `that`, `dass`, `que`, `что` or a
Chinese comma, or the one that the verb follows. Whose they are belongs to `statements`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from extractors import speech
from extractors.matching import Found
from extractors.reading import Reading
from extractors.text import Span

MOST = 40  # statements of an article
_LONGEST = 1_000  # characters of one
_NEAR = 130  # characters between a quotation and its verb
_NEAR_HAN = 30
_APART = 40  # characters that a verb in the sentence before counts further away
_SECOND = 10
_TAIL = 60  # characters behind a verb of saying that ends its sentence
_TAIL_OTHER = 110  # where the speaker stands behind the verb
_TAIL_INVERTED = 200  # where the verb stands right behind the comma: `…, said X, who`
_SUBJECT = 70  # characters between the comma and a verb that the speaker stands before
_INVERTED = 12  # where the speaker stands behind the verb
_OPENING = 40  # characters of a paragraph in which somebody is introduced whose words it is
_COLONS = "，：,:"
_DONE = "了过着"  # behind a Chinese verb that has an object: 介绍了
_AROUND = ",–—-"
_GERMAN_VERB = re.compile(
    r"(?<=\s)(?:ist|sind|war|waren|hat|haben|wird|werden|will|wollen|soll|sollen|kann|können|gab|gibt|gilt|\w+(?:te|ten))\b:?"
)
_SHORTEST, _SHORTEST_HAN = 15, 4  # characters of a quotation that is more than a term in quotation marks
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


def frames(reading: Reading, verbs: list[Found], text: str) -> Iterator[Frame]:
    """Return quotations and clauses with their verbs, and German sentences that report without one, in no order."""
    taken = list(_indirect(reading, verbs, text)) if reading.language.startswith("de") else []
    yield from (Frame(words, None, False) for words in taken)
    used: set[int] = set()
    for words in _quotations(reading):
        if _taken(taken, words[0]):
            continue
        verb = _verb_of(verbs, *words, text, reading)
        clause = None if verb is None or verb[0] in used else _clause(reading, verb, verbs, text)
        if clause is not None and _within(words, clause) and not _overlaps(taken, clause):
            taken.append(clause)
            yield Frame(clause, verb, False)  # the marks stand around a part of what is reported
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
        clause = _clause(reading, verb, verbs, text)
        if clause is not None and not _overlaps(taken, clause):
            taken.append(clause)
            marked = text[clause[0]] in _OPENING_MARKS and text[clause[1] - 1] in _CLOSING
            marked = marked and _ALL_MARKS.isdisjoint(text[clause[0] + 1 : clause[1] - 1])
            yield Frame((clause[0] + marked, clause[1] - marked), verb, marked)


def _indirect(reading: Reading, verbs: list[Found], text: str) -> Iterator[Span]:
    """Return the sentences without a verb of saying that report by their mood alone."""
    said = {verb[3] for verb in verbs}
    for number, span in enumerate(reading.spans):
        if number and number not in said and speech.reports(text, *span):
            if (words := _trimmed(reading, text, span, verbs)) is not None:
                yield words


def _taken(taken: list[Span], place: int) -> bool:
    return any(start <= place < end for start, end in taken)


def _overlaps(taken: list[Span], clause: Span) -> bool:
    return any(start < clause[1] and clause[0] < end for start, end in taken)


def _quotations(reading: Reading) -> list[Span]:
    """Return the spans inside quotation marks that are long enough to be somebody's words."""
    plain, wide = reading.folded.plain, reading.wide
    shortest = _SHORTEST_HAN if wide else _SHORTEST
    long: list[Span] = []
    for match in speech.quoted(plain):
        start, end = match.span(match.lastindex or 0)
        said = plain[start:end]
        start, end = end - len(said.lstrip()), start + len(said.rstrip())
        if end - start >= shortest and (wide or plain.count(" ", start, end) >= _WORDS - 1):
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


def _beside(between: str, stop: re.Pattern[str]) -> bool:
    """Tell whether what stands between a quotation and a verb joins them: in one paragraph, or over its end by a mark."""
    bare = between.strip(_MARKS + _CLOSING + "\n")
    return bare == ":" or (bare[:1] in tuple(",–-") and not stop.search(bare)) or not stop.search(between)


def _within(words: Span, clause: Span) -> bool:
    """Tell whether a quotation is but a part of what is reported."""
    most = words[1] - words[0] >= _MOST_OF * (clause[1] - clause[0])
    return clause[0] < words[0] - _LEADING and words[1] <= clause[1] + 1 and not most


def _part(text: str, verb: Found | None, words: Span) -> bool:
    """Tell whether a quotation is but a part of somebody's sentence: `called for “a level playing field”`."""
    ahead = text[max(0, words[0] - 60) : words[0]].rstrip(_MARKS)
    alone = not ahead or ahead[-1] in _BEFORE or (verb is not None and not text[verb[1] : words[0]].strip(_MARKS))
    return not alone and (verb is None or words[1] - words[0] < _WHOLE)


def _clause(reading: Reading, verb: Found, verbs: list[Found], text: str) -> Span | None:
    """Return the clause that may report what was said."""
    first, stop = reading.spans[verb[3]]
    stop = min(stop, verb[1] + _LONGEST)
    said, language = text[verb[0] : verb[1]].lower(), reading.language.split("-")[0]
    clause: Span | None = None
    if reading.wide:
        stop = _half(reading, verb, verbs, text, stop)
    if said in speech.ACCORDING:
        clause = _according(text, language, verb, first, stop)
    else:
        clause = _behind(text, language, said, verb, first, stop)
        if clause is None and said not in speech.ACTING and not said.endswith(speech.GOING_ON):
            clause = _ahead(reading, text, language, verb, first)
    if clause is None:
        return None
    if language == "zh" and clause[0] > verb[0] and said in speech.HOLDING_FORTH:
        clause = clause[0], _paragraph(text, verb, verbs, clause[1])
    return _trimmed(reading, text, clause, verbs)


def _half(reading: Reading, verb: Found, verbs: list[Found], text: str, stop: int) -> int:
    """Return where a Chinese sentence ends whose halves stand apart by semicolons, up to one with a verb of saying of its own."""
    spans, number = reading.spans, verb[3] + 1
    said = {other[3] for other in verbs}
    while text[stop - 1] == "；" and number < len(spans) and number not in said:
        stop, number = spans[number][1], number + 1
    return stop


def _trimmed(reading: Reading, text: str, words: Span, verbs: list[Found]) -> Span | None:
    """Return words as far as they are one matter, without what stands around them, or nothing where they are too short."""
    start, end = words[0], min(words[1], words[0] + _LONGEST)
    start, end = _trim(text, start, end, verbs[bisect_left(verbs, (start + 1,)) : bisect_left(verbs, (end,))])
    return (start, end) if end - start >= (_SHORTEST_HAN if reading.wide else _SHORTEST) else None


def _according(text: str, language: str, verb: Found, first: int, stop: int) -> Span | None:
    """Return what somebody is named for: before, or behind the comma."""
    first = max(first, text.rfind(";", first, verb[0]) + 1)
    if verb[0] - first > _SHORTEST:
        amid = text[verb[0] : verb[1]].lower() in speech.ITS_VIEW and stop - verb[1] > _SHORTEST
        return first, stop if amid else verb[0]
    comma = text.find(",", verb[1], min(stop, verb[1] + _TAIL_OTHER))
    if comma > 0:
        return comma + 1, stop
    if language == "de" and (after := _GERMAN_VERB.search(text, verb[1], min(stop, verb[1] + _TAIL_OTHER))):
        return (after.end() if after.group().endswith(":") else after.start()), stop
    return None


def _behind(text: str, language: str, said: str, verb: Found, first: int, stop: int) -> Span | None:
    """Return the clause behind the verb."""
    next_ = text[verb[1] : verb[1] + 1]
    if language == "zh" and (next_ in _DONE or (said in speech.ACTING and next_ not in _COLONS)):
        return None
    if said in speech.NAMING or (said in speech.CHARGING and text.find(", dass ", verb[1], stop) < 0):
        return None
    pattern = speech.CLAUSE.get(language)
    match = pattern.match(text, verb[1], stop) if pattern else None
    if match is None and language == "en" and said in speech.BARE_VERBS:
        match = speech.BARE.match(text, verb[1], stop)
        if match is None and said in speech.SAID and (said == "saying" or text[verb[0] - 2 : verb[0] - 1].isalnum()):
            match = speech.BARER.match(text, verb[1], stop)
    if match is None and verb[0] - first <= _SUBJECT and speech.AS_FIRST.match(text, first):
        comma = text.find(",", verb[1], min(stop, verb[1] + _TAIL_OTHER))
        return (comma + 1, stop) if comma > 0 else None
    return (match.end(), stop) if match else None


def _paragraph(text: str, verb: Found, verbs: list[Found], stop: int) -> int:
    """Return where words end that go on to the end of their paragraph: `主席指出，…。…。`; `stop` where it has other speakers."""
    begin, end = text.rfind("\n", 0, verb[0]) + 1, text.find("\n", stop)
    end = len(text) if end < 0 else end
    after = bisect_left(verbs, (verb[1],))
    alone = after == len(verbs) or verbs[after][0] >= end
    return end if alone and verb[0] - begin <= _OPENING else stop


def _ahead(reading: Reading, text: str, language: str, verb: Found, first: int) -> Span | None:
    """Return the clause that the verb follows, or the sentence before one that says who said so."""
    if reading.wide:
        return None
    if verb[0] - first <= _TAIL_OTHER and speech.OF_THIS.match(text, first, verb[0]) and verb[3] > reading.titled:
        said = reading.spans[verb[3] - 1]
        return said if "\n" not in text[said[1] : first] else None
    rest = reading.spans[verb[3]][1] - verb[1]
    comma = _comma(text, first, verb[0]) if language == "en" else text.rfind(",", first, verb[0])
    tail = _TAIL_INVERTED if verb[0] - comma == len(", ") else _TAIL if language == "en" else _TAIL_OTHER
    if comma - first < _SHORTEST or rest > tail:
        return None
    said_as = speech.AS.match(text, comma, verb[0]) is not None
    if verb[0] - comma > (_SUBJECT if language == "en" or said_as else _INVERTED):
        return None
    if not said_as and speech.SUBORDINATE.search(text, comma, verb[0]):
        return None
    told = text[verb[0] : verb[1]].lower() in speech.TOLD
    if (
        language == "en"
        and not told
        and text[verb[0] - 2] != ","
        and not speech.ENDING.match(text, verb[1], verb[1] + rest)
    ):
        return None  # `…, two days after X had announced new tariffs`
    if text[verb[1] : verb[1] + 1] == "," and rest > comma - first:  # `The talks, officials said, would go on`
        return verb[1] + 1, verb[1] + rest
    that = speech.THAT.match(text, first, comma)
    dateline = reading.dateline[1] if reading.dateline[0] == first else first
    return (that.end() if that else dateline), comma


def _comma(text: str, first: int, verb: int) -> int:
    """Return the comma before who says it: `…, the head of the firm, Jane Roe, said`."""
    comma = text.rfind(",", first, verb)
    if comma >= 0 and not text[comma + 1 : verb].strip():
        for _ in range(2):
            before = text.rfind(",", first, comma)
            if before < 0 or verb - before > _SUBJECT:
                break
            comma = before
    return comma


def _trim(text: str, start: int, end: int, verbs: list[Found]) -> Span:
    """Return the words of a clause: to where something else begins, without space and commas around."""
    if (broken := speech.BREAK.search(text, start, end)) is not None:
        end = broken.start()
    for verb in verbs:  # `…, and added that`
        if verb[0] < end and (joined := speech.AND.search(text, max(start, verb[0] - 12), verb[0])):
            end = joined.start()
    while start < end and (text[start] in _AROUND or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in _AROUND or text[end - 1].isspace()):
        end -= 1
    return start, end
