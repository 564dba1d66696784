"""Who said what: the speaker, the verb and the words, quoted or reported, with whom and what they are about.

A statement starts from a verb of saying (`[speech]` in `data/cues`). Quoted words are those in quotation marks beside it; reported
words are the clause behind `that`, `dass`, `que`, `что` or a Chinese comma. A speaker nobody knows is kept as written.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

from extractors.labels import ACTORS, KINDS, TOPICS
from extractors.model import Statement
from extractors.reading import SAY, Found, Reading

_MOST = 40  # statements of an article
_LONGEST = 1_000  # characters of one
_NEAR = 130  # characters between a quotation and its verb
_BESIDE, _BESIDE_HAN = 70, 30  # characters between a speaker and the verb
_SHORTEST, _SHORTEST_HAN = 15, 5  # characters of a quotation that is more than a term in quotation marks
_SPEAKING = frozenset(
    KINDS.index(kind) for kind in ("name", "capital", "institution", "office", "person", "force", "company")
)
_PERSONAL = frozenset(KINDS.index(kind) for kind in ("office", "person", "institution"))
_WORDS = 3  # of a quotation, where words are apart
_QUOTED = re.compile(
    r"“([^“”]{5,1000})”|„([^„“”\"]{5,1000})[“”\"]|«([^«»]{5,1000})»|「([^「」]{5,1000})」|『([^『』]{5,1000})』"
    r"|(?<!\w)\"(?=\S)([^\"\n]{5,1000})\"(?!\w)"
)
_MARKS = re.compile(r"[“„«「『\"]")
_CLAUSE = {
    "en": re.compile(r"[^.;:,]{0,30}?\bthat\s+"),
    "de": re.compile(r"[^.;:]{0,40}?,\s+(?:dass|ob)\s+|:\s+(?=[^\"„“\s])"),
    "fr": re.compile(r"[^.;:,]{0,30}?\bqu(?:e\s+|['’])"),
    "ru": re.compile(r"[^.;:,]{0,40}?,\s+(?:что|чтобы)\s+"),
    "zh": re.compile(r"(?:[，：,:]|(?=[\u4e00-\u9fff]{6}))"),
    "uk": re.compile(r"[^.;:,]{0,40}?,\s+(?:що|щоб)\s+"),
    "bg": re.compile(r"[^.;:,]{0,40}?,?\s+че\s+"),
    "pl": re.compile(r"[^.;:,]{0,40}?,\s+(?:że|iż)\s+"),
    "ro": re.compile(r"[^.;:,]{0,30}?\bcă\s+"),
    "pt": re.compile(r"[^.;:,]{0,30}?\bque\s+"),
}
_TITLE_CASE = r"[A-ZÀ-ÞА-ЯЁІЇЄ][\w'’.-]*"
_NAME = re.compile(rf"{_TITLE_CASE}(?:\s+(?:(?:de|van|von|der|den|di|la|bin|al)\s+)?{_TITLE_CASE}){{0,4}}")


@dataclass(frozen=True, slots=True)
class _Speaker:
    """A speaker where it stands."""

    start: int
    end: int
    actor: int | None
    entity: str | None


def find(reading: Reading, topics: dict[str, float]) -> tuple[Statement, ...]:
    """Return the statements of an article in the order of the text; `topics` are those it may be about."""
    verbs = [cue for cue in reading.cues if reading.columns.index[cue[2]] == SAY]
    if not verbs:
        return ()
    mentions = sorted(m for side in reading.sides for m in side.mentions if reading.columns.kind[m[2]] in _SPEAKING)
    found: dict[int, Statement] = {}
    used: set[int] = set()
    for start, end in _quotations(reading):
        verb = _verb_of(verbs, start, end, reading)
        if verb is None:
            continue
        speaker = _speaker(reading, mentions, verb, (start, end))
        if speaker is not None:
            used.add(verb[0])
            found[start] = _statement(reading, mentions, topics, speaker, verb, (start, end), quoted=True)
    for verb in verbs:
        if verb[0] not in used and len(found) < _MOST:
            span = _reported(reading, verb)
            speaker = _speaker(reading, mentions, verb, span) if span else None
            if span and speaker and speaker.actor is not None and span[0] not in found:
                found[span[0]] = _statement(reading, mentions, topics, speaker, verb, span, quoted=False)
    return tuple(found[start] for start in sorted(found))[:_MOST]


def _quotations(reading: Reading) -> list[tuple[int, int]]:
    """Return the spans inside quotation marks that are long enough to be somebody's words."""
    plain = reading.folded.plain
    if not _MARKS.search(plain):
        return []
    shortest = _SHORTEST_HAN if reading.language.startswith("zh") else _SHORTEST
    spans = (match.span(match.lastindex or 0) for match in _QUOTED.finditer(plain))
    long = [(start, end) for start, end in spans if end - start >= shortest]
    if not reading.language.startswith("zh"):
        long = [(start, end) for start, end in long if plain.count(" ", start, end) >= _WORDS - 1]
    return long[: 2 * _MOST]


def _verb_of(verbs: list[Found], start: int, end: int, reading: Reading) -> Found | None:
    """Return the verb of saying that a quotation belongs to: the nearest in its paragraph, before or behind."""
    plain = reading.folded.plain
    place = bisect_left(verbs, (start,))
    behind = next((v for v in verbs[place:] if v[0] >= end), None)
    before = verbs[place - 1] if place else None
    choices: list[tuple[int, Found]] = []
    if before is not None and start - before[1] <= _NEAR and "\n" not in plain[before[1] : start]:
        choices.append((start - before[1] + (0 if before[3] == _sentence(reading, start) else 40), before))
    if behind is not None and behind[0] - end <= _NEAR and "\n" not in plain[end : behind[0]]:
        choices.append((behind[0] - end, behind))
    return min(choices)[1] if choices else None


def _sentence(reading: Reading, place: int) -> int:
    """Return the sentence that a place is in."""
    return bisect_left(reading.spans, (place + 1,)) - 1


def _reported(reading: Reading, verb: Found) -> tuple[int, int] | None:
    """Return the clause that reports what was said, to the end of the sentence."""
    pattern = _CLAUSE.get(reading.language.split("-")[0])
    stop = reading.spans[verb[3]][1]
    match = pattern.match(reading.folded.plain, verb[1], stop) if pattern else None
    shortest = _SHORTEST_HAN if reading.language.startswith("zh") else _SHORTEST
    if match is None or stop - match.end() < shortest:
        return None
    return match.end(), min(stop, match.end() + _LONGEST)


def _speaker(reading: Reading, mentions: list[Found], verb: Found, words: tuple[int, int]) -> _Speaker | None:
    """Return who stands beside the verb, outside the words: a known side before an unknown name."""
    han = reading.language.startswith("zh")
    reach = _BESIDE_HAN if han else _BESIDE
    first, last = reading.spans[verb[3]]
    best: tuple[int, Found] | None = None
    place = bisect_left(mentions, (verb[0] - reach,))
    for mention in mentions[place:]:
        start, end = mention[0], mention[1]
        if start > verb[1] + reach:
            break
        if (words[0] <= start < words[1]) or start < first or end > last:
            continue
        gap = verb[0] - end if end <= verb[0] else start - verb[1] + 15
        gap -= 40 if reading.columns.kind[mention[2]] in _PERSONAL else 0
        if best is None or gap < best[0]:
            best = gap, mention
    if best is not None:
        start, end, rule, _ = best[1]
        entity, actor = reading.known.entities[reading.columns.index[rule]]
        start, end = (start, end) if han else _whole_name(reading.folded.plain, start, end, first)
        return _Speaker(start, end, actor, entity)
    return None if han else _stranger(reading.folded.plain, verb, (first, last), words)


def _whole_name(plain: str, start: int, end: int, first: int) -> tuple[int, int]:
    """Return the name with the capitalised words around it."""
    for match in _NAME.finditer(plain, max(first, start - 60), end + 40):
        if match.start() <= start < match.end():
            return match.start(), max(end, match.end() - plain[match.start() : match.end()].endswith("."))
    return start, end


def _stranger(plain: str, verb: Found, sentence: tuple[int, int], words: tuple[int, int]) -> _Speaker | None:
    """Return the capitalised name right before or behind the verb."""
    low, high = max(sentence[0], verb[0] - _BESIDE), min(sentence[1], verb[1] + 50)
    found = [m for m in _NAME.finditer(plain, low, high) if not words[0] <= m.start() < words[1]]
    found = [m for m in found if m.end() <= verb[0] or m.start() >= verb[1]]
    found = [m for m in found if " " in m.group() or m.start() > sentence[0]]  # not just the first word of a sentence
    best = min(found, key=lambda m: verb[0] - m.end() if m.end() <= verb[0] else m.start() - verb[1], default=None)
    return _Speaker(best.start(), best.end() - best.group().endswith("."), None, None) if best else None


def _statement(
    reading: Reading,
    mentions: list[Found],
    topics: dict[str, float],
    speaker: _Speaker,
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
    for mention in mentions[bisect_left(mentions, (words[0],)) :]:
        if mention[0] >= words[1]:
            return None
        actor = reading.columns.actor[mention[2]]
        if actor != speaker:
            return ACTORS[actor]
    return None


def _topic(reading: Reading, topics: dict[str, float], words: tuple[int, int]) -> str | None:
    """Return the topic that the words speak of most, among those the article may be about."""
    weights: dict[str, float] = {}
    for start, _, rule, _ in reading.topics:
        if words[0] <= start < words[1]:
            topic = TOPICS[reading.columns.index[rule]]
            weights[topic] = weights.get(topic, 0.0) + reading.columns.value[rule]
    return max(weights, key=lambda t: (weights[t], topics.get(t, 0.0))) if weights else None
