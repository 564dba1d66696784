"""The clause that a verb of saying reports: behind it, before it, or all that somebody is named for.

Reported words are the clause behind `that`, `dass`, `que`, `что` or a Chinese comma, or the one that the verb follows. Whether a
quotation is what was said instead belongs to `utterances`.
"""

import re
from bisect import bisect_left

from extractors import speech
from extractors.matching import Found
from extractors.reading import Reading
from extractors.text import Span

_LONGEST = 1_000  # characters of a statement
_HEADLINE = 10  # characters before a Chinese verb in which a space parts two headlines
_TAIL = 60  # characters behind a verb of saying that ends its sentence
_TAIL_OTHER = 110  # where the speaker stands behind the verb
_TAIL_INVERTED = 200  # where the verb stands right behind the comma: `…, said X, who`
_PHRASE = 7  # words of who is named before `zufolge`
_SUBJECT = 70  # characters between the comma and a verb that the speaker stands before
_PREFIX = 40  # characters before an aside that are a clause of their own
_AMID = 50  # characters behind `laut` that are more than who is named
_INVERTED = 12  # where the speaker stands behind the verb
_HANGING = 8  # characters at the end of a clause in which an `and` may be left
_COLONS = "，：,:"
_DONE = "了过着"  # behind a Chinese verb that has an object: 介绍了
_AROUND = ",–—-"
_GERMAN_VERB = re.compile(
    r"(?<=\s)(?:ist|sind|war|waren|hat|haben|wird|werden|will|wollen|soll|sollen|kann|können|gab|gibt|gilt|\w+(?:te|ten))\b:?"
)
SHORTEST, SHORTEST_HAN = 15, 4  # characters of words that are more than a term


def reported(reading: Reading, verb: Found, verbs: list[Found], text: str) -> Span | None:
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
        clause = _behind(text, language, said, verb, verbs, first, stop)
        if clause is None and said not in speech.ACTING and not said.endswith(speech.GOING_ON):
            clause = _ahead(reading, text, language, verb, first)
    return None if clause is None else trimmed(reading, text, clause, verbs)


def _half(reading: Reading, verb: Found, verbs: list[Found], text: str, stop: int) -> int:
    """Return where a Chinese sentence ends whose halves stand apart by semicolons, up to one with a verb of saying of its own."""
    spans, number = reading.spans, verb[3] + 1
    behind = bisect_left(verbs, (spans[verb[3]][1],))
    said = verbs[behind][3] if behind < len(verbs) else len(spans)
    while text[stop - 1] == "；" and number < said:
        stop, number = spans[number][1], number + 1
    return stop


def trimmed(reading: Reading, text: str, words: Span, verbs: list[Found]) -> Span | None:
    """Return words as far as they are one matter, without what stands around them, or nothing where they are too short."""
    start, end = words[0], min(words[1], words[0] + _LONGEST)
    start, end = _trim(text, start, end, verbs[bisect_left(verbs, (start + 1,)) : bisect_left(verbs, (end,))])
    return (start, end) if end - start >= (SHORTEST_HAN if reading.wide else SHORTEST) else None


def _according(text: str, language: str, verb: Found, first: int, stop: int) -> Span | None:
    """Return what somebody is named for: before, behind the comma, or the whole sentence where it is said in the middle."""
    first, said = max(first, text.rfind(";", first, verb[0]) + 1), text[verb[0] : verb[1]].lower()
    if said in speech.BEHIND_WHOM:
        opens = len(text[first : verb[0]].split()) <= (_PHRASE if speech.OPENED_DE.match(text, first) else 1)
        return verb[1] if opens else first, stop
    if said == "demnach":
        return verb[1] if verb[0] == first else first, stop
    comma = text.find(",", verb[1], min(stop, verb[1] + _TAIL_OTHER))
    if verb[0] - first > SHORTEST:
        if said in speech.ITS_VIEW:
            return first, stop if stop - verb[1] > SHORTEST else verb[0]
        aside = comma > 0 and text[first : verb[0]].rstrip()[-1:] in _AROUND
        if aside and stop - comma > SHORTEST and not speech.TRAILING.match(text, comma, stop):
            return (first if verb[0] - first > _PREFIX else comma + 1), stop
        amid = language == "de" and stop - verb[1] > _AMID and text[verb[0] - 2] not in _AROUND
        return first, stop if amid else verb[0]
    if comma > 0:
        return comma + 1, stop
    if language == "de" and (after := _GERMAN_VERB.search(text, verb[1], min(stop, verb[1] + _TAIL_OTHER))):
        return (after.end() if after.group().endswith(":") else after.start()), stop
    return None


def _behind(text: str, language: str, said: str, verb: Found, verbs: list[Found], first: int, stop: int) -> Span | None:
    """Return the clause behind the verb."""
    next_ = text[verb[1] : verb[1] + 1]
    if language == "zh" and (next_ in _DONE or (said in speech.ACTING - speech.URGING_HAN and next_ not in _COLONS)):
        return None
    if (
        said in speech.NAMING
        or said in speech.DENYING
        or (said in speech.CHARGING and text.find(", dass ", verb[1], stop) < 0)
    ):
        return None
    match = _bare(text, said, verb, stop) if language == "en" else None
    if match is None and (pattern := speech.CLAUSE.get(language)) is not None:
        match = pattern.match(text, verb[1], stop)
        if match is not None and _reaches(text, verbs, verb[1], match.end()):
            match = None  # `said it was late but insisted that`
    if (
        match is None
        and language == "en"
        and said in speech.SAID
        and (said == "saying" or text[verb[0] - 2 : verb[0] - 1].isalnum())
    ):
        match = speech.BARER.match(text, verb[1], stop)
    if match is None and verb[0] - first <= _SUBJECT and speech.AS_FIRST.match(text, first):
        comma = text.find(",", verb[1], min(stop, verb[1] + _TAIL_OTHER))
        return (comma + 1, stop) if comma > 0 else None
    return (match.end(), stop) if match else None


def _bare(text: str, said: str, verb: Found, stop: int) -> re.Match[str] | None:
    """Return where an English clause begins that has no `that`."""
    if said not in speech.BARE_VERBS or speech.ASIDE_EN.match(text, verb[1], stop):
        return None
    return (speech.BARE if said in speech.SAID else speech.BARE_OBJECT).match(text, verb[1], stop)


def _reaches(text: str, verbs: list[Found], start: int, end: int) -> bool:
    """Tell whether another verb of saying stands between."""
    between = verbs[bisect_left(verbs, (start,)) : bisect_left(verbs, (end,))]
    return any(text[verb[0] : verb[1]].lower() not in speech.ACCORDING for verb in between)


def _ahead(reading: Reading, text: str, language: str, verb: Found, first: int) -> Span | None:
    """Return the clause that the verb follows, or the sentence before one that says who said so."""
    if reading.wide or text[verb[1] : verb[1] + 1] == ":":
        return None
    if verb[0] - first <= _TAIL_OTHER and speech.OF_THIS.match(text, first, verb[0]) and verb[3] > reading.titled:
        said = reading.spans[verb[3] - 1]
        return said if "\n" not in text[said[1] : first] else None
    rest = reading.spans[verb[3]][1] - verb[1]
    comma = _comma(text, first, verb[0]) if language == "en" else text.rfind(",", first, verb[0])
    tail = _TAIL_INVERTED if verb[0] - comma == len(", ") else _TAIL if language == "en" else _TAIL_OTHER
    if comma - first < SHORTEST or rest > tail:
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
    for verb in verbs:  # `…, and added that`, 乌称… 俄称…
        space = text.rfind(" ", max(start, verb[0] - _HEADLINE), verb[0])
        if space > start and text[verb[0] : verb[1]] > "\u3400":
            end = min(end, space)
        if verb[0] < end and (joined := speech.AND.search(text, max(start, verb[0] - 12), verb[0])):
            end = joined.start()
    if (hanging := speech.AND_SO.search(text, max(start, end - _HANGING), end)) is not None:
        end = hanging.start()
    while start < end and (text[start] in _AROUND or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in _AROUND or text[end - 1].isspace()):
        end -= 1
    return start, end
