"""Who said what: the speaker, the verb and the words, quoted or reported, with whom and what they are about.

A statement starts from a verb of saying (`[speech]` in `data/cues`). Quoted words are those in quotation marks beside it; reported
words are the clause behind `that`, `dass`, `que`, `что` or a Chinese comma. A speaker nobody knows is kept as written.
"""

import re
from bisect import bisect_left

from extractors import speakers, speech
from extractors.labels import ACTORS, TOPICS
from extractors.matching import Found
from extractors.model import Statement
from extractors.reading import PLACES, SAY, Reading
from extractors.speakers import Speaker

_MOST = 40  # statements of an article
_LONGEST = 1_000  # characters of one
_NEAR = 130  # characters between a quotation and its verb
_RIGHT_THERE = 2  # characters between a name and its verb
_TAIL = 45  # characters behind a verb of saying that ends its sentence
_COLONS = "，：,:"
_AROUND = " \t\n,"
_GERMAN_VERB = re.compile(
    r"(?<=\s)(?:ist|sind|war|waren|hat|haben|wird|werden|will|wollen|soll|sollen|kann|können|gab|gibt|\w+(?:te|ten))\b"
)
_SHORTEST, _SHORTEST_HAN = 15, 5  # characters of a quotation that is more than a term in quotation marks
_STOP = re.compile(r"[.!?…]\s")
_WORDS = 3  # of a quotation, where words are apart


def find(reading: Reading, topics: dict[str, float]) -> tuple[Statement, ...]:
    """Return the statements of an article in the order of the text; `topics` are those it may be about."""
    index = reading.columns.index
    verbs = [cue for cue in reading.cues if index[cue[2]] == SAY]
    if not verbs:
        return ()
    every = reading.mentions
    found: dict[int, Statement] = {}
    spoken: dict[int, Speaker] = {}
    orphans: list[tuple[Found, tuple[int, int]]] = []
    used: set[int] = set()
    for start, end in _quotations(reading):
        verb = _verb_of(verbs, start, end, reading)
        if verb is None:
            continue
        speaker = speakers.beside(reading, every, verb, (start, end))
        if speaker is None:
            orphans.append((verb, (start, end)))
        else:
            used.add(verb[0])
            spoken[start] = speaker
            found[start] = _statement(reading, every, topics, speaker, verb, (start, end), quoted=True)
    taken: list[tuple[int, int]] = []
    for verb in verbs:
        if verb[0] in used or len(found) >= _MOST or any(start <= verb[0] < end for start, end in taken):
            continue
        report = _report(reading, every, verb)
        if report is not None and report[1][0] not in found:
            speaker, span = report
            taken.append(span)
            spoken[span[0]] = speaker
            found[span[0]] = _statement(reading, every, topics, speaker, verb, span, quoted=False)
    for verb, span in orphans:  # `he added`, `the ministry said`: who spoke before in the same paragraph
        last = max((start for start in spoken if start < span[0]), default=None)
        if (
            last is not None
            and _same_speaker(reading, verb)
            and span[0] - last <= _LONGEST
            and "\n" not in reading.folded.plain[last : span[0]]
        ):
            found[span[0]] = _statement(reading, every, topics, spoken[last], verb, span, quoted=True)
    return tuple(found[start] for start in sorted(found))[:_MOST]


def _report(reading: Reading, mentions: list[Found], verb: Found) -> tuple[Speaker, tuple[int, int]] | None:
    """Return who said what in reported words."""
    clause = _clause(reading, verb)
    if clause is None:
        return None
    span = _trim(reading, clause[0], clause[1])
    if span[1] - span[0] < (_SHORTEST_HAN if reading.wide else _SHORTEST):
        return None
    speaker = speakers.beside(reading, mentions, verb, span)
    if speaker is None or (clause[2] and speaker.end > verb[0]):
        return None
    gap = max(verb[0] - speaker.end, speaker.start - verb[1])
    full = " " in reading.folded.plain[speaker.start : speaker.end]
    # Somebody unknown must have a whole name, right there.
    return (speaker, span) if speaker.actor is not None or (full and gap <= _RIGHT_THERE) else None


def _quotations(reading: Reading) -> list[tuple[int, int]]:
    """Return the spans inside quotation marks that are long enough to be somebody's words."""
    plain, wide = reading.folded.plain, reading.wide
    shortest = _SHORTEST_HAN if wide else _SHORTEST
    long: list[tuple[int, int]] = []
    for match in speech.quoted(plain):
        start, end = match.span(match.lastindex or 0)
        said = plain[start:end]
        start, end = end - len(said.lstrip()), start + len(said.rstrip())
        if end - start >= shortest and (wide or plain.count(" ", start, end) >= _WORDS - 1):
            long.append((start, end))
    return long[: 2 * _MOST]


def _verb_of(verbs: list[Found], start: int, end: int, reading: Reading) -> Found | None:
    """Return the verb of saying that a quotation belongs to: the nearest in its paragraph, before or behind."""
    plain = reading.folded.plain
    place = bisect_left(verbs, (start,))
    before = verbs[place - 1] if place else None
    place = bisect_left(verbs, (end,), place)
    behind = verbs[place] if place < len(verbs) else None
    choices: list[tuple[int, Found]] = []
    if before is not None and start - before[1] <= _NEAR and "\n" not in plain[before[1] : start]:
        choices.append((start - before[1] + (0 if before[3] == _sentence(reading, start) else 40), before))
    if behind is not None and behind[0] - end <= _NEAR and "\n" not in plain[end : behind[0]]:
        choices.append((behind[0] - end + (60 if _STOP.search(plain, end, behind[0]) else 0), behind))
    return min(choices)[1] if choices else None


def _sentence(reading: Reading, place: int) -> int:
    """Return the sentence that a place is in."""
    return bisect_left(reading.spans, (place + 1,)) - 1


def _same_speaker(reading: Reading, verb: Found) -> bool:
    """Tell whether a pronoun or `the ministry` stands beside the verb."""
    plain = reading.folded.plain
    near = plain[max(0, verb[0] - 25) : verb[0]], plain[verb[0] : verb[1] + 25]
    return any(speech.SAME.search(text) for text in near)


def _clause(reading: Reading, verb: Found) -> tuple[int, int, bool] | None:
    """Return the clause that may report what was said, and whether the speaker must stand before the verb."""
    plain, language = reading.folded.plain, reading.language.split("-")[0]
    first, stop = reading.spans[verb[3]]
    said = plain[verb[0] : verb[1]].lower()
    pattern = speech.CLAUSE.get(language)
    if said in speech.ACCORDING:
        comma = plain.find(",", verb[1], min(stop, verb[1] + 90))
        if verb[0] - first > _SHORTEST:
            return first, verb[0], False
        if comma > 0:
            return comma + 1, stop, False
        if language == "de" and (after := _GERMAN_VERB.search(plain, verb[1], min(stop, verb[1] + 90))):
            return after.start(), stop, False
    elif said in speech.ASKING and plain[verb[1] : verb[1] + 1] not in _COLONS:
        pass
    elif pattern and (match := pattern.match(plain, verb[1], min(stop, verb[1] + _LONGEST))):
        return match.end(), stop, False
    elif language == "en" and said in speech.BARE_VERBS and (match := speech.BARE.match(plain, verb[1], stop)):
        return match.end(), stop, True
    elif not reading.wide and stop - verb[1] <= (_TAIL if language == "en" else 2 * _TAIL):
        comma = plain.rfind(",", first, verb[0])
        if (
            comma > 0
            and verb[0] - comma <= (speakers.REACH if language == "en" else 3)
            and comma - first >= 2 * _SHORTEST
        ):
            return first, comma, False
    return None


def _trim(reading: Reading, start: int, end: int) -> tuple[int, int]:
    """Return the words of a clause: to where something else begins, without space and commas around."""
    plain = reading.folded.plain
    end = min(end, start + _LONGEST)
    if (broken := speech.BREAK.search(plain, start, end)) is not None:
        end = broken.start()
    while start < end and plain[start] in _AROUND:
        start += 1
    while end > start and plain[end - 1] in _AROUND:
        end -= 1
    return start, end


def _statement(
    reading: Reading,
    mentions: list[Found],
    topics: dict[str, float],
    speaker: Speaker,
    verb: Found,
    words: tuple[int, int],
    *,
    quoted: bool,
) -> Statement:
    """Return the statement with its target and topic."""
    part, start, end = reading.locate(*words)
    whole = reading.title if part == "title" else reading.body
    return Statement(
        speaker=_original(reading, speaker.start, speaker.end),
        speaker_actor=None if speaker.actor is None else ACTORS[speaker.actor],
        speaker_entity=speaker.entity,
        verb=_original(reading, verb[0], verb[1]),
        words=whole[start:end],
        quoted=quoted,
        part=part,
        start=start,
        end=end,
        target_actor=_target(reading, mentions, speaker.actor, words),
        topic=_topic(reading, topics, words),
    )


def _original(reading: Reading, start: int, end: int) -> str:
    """Return the span as it stands in the article."""
    part, start, end = reading.locate(start, end)
    return (reading.title if part == "title" else reading.body)[start:end]


def _target(reading: Reading, mentions: list[Found], speaker: int | None, words: tuple[int, int]) -> str | None:
    """Return the first other actor that the words name."""
    for mention in mentions[bisect_left(mentions, (words[0],)) : bisect_left(mentions, (words[1],))]:
        actor = reading.columns.actor[mention[2]]
        if actor != speaker and reading.columns.kind[mention[2]] not in PLACES:
            return ACTORS[actor]
    return None


def _topic(reading: Reading, topics: dict[str, float], words: tuple[int, int]) -> str | None:
    """Return the topic that the words speak of most, among those the article may be about."""
    weights: dict[str, float] = {}
    hits = reading.topics
    for _, _, rule, _ in hits[bisect_left(hits, (words[0],)) : bisect_left(hits, (words[1],))]:
        topic = TOPICS[reading.columns.index[rule]]
        weights[topic] = weights.get(topic, 0.0) + reading.columns.value[rule]
    return max(weights, key=lambda t: (weights[t], topics.get(t, 0.0))) if weights else None
