"""Who said what: the speaker, the verb and the words, quoted or reported, with whom and what they are about.

A statement starts from a verb of saying (`[speech]` in `data/cues`). Which words go with it belongs to `utterances`, who speaks to
`voices`; a quotation without a verb goes on with whose words stood before, and so does a German sentence in the mood of reports.
"""

from bisect import bisect_left

from extractors import speech, utterances, verbforms
from extractors.labels import ACTORS, KINDS, TOPICS
from extractors.matching import Found
from extractors.model import Statement
from extractors.phrases import Speaker
from extractors.reading import PLACES, SAY, Reading
from extractors.text import Span
from extractors.topics import STRONG
from extractors.utterances import MOST, Frame
from extractors.voices import Voices

_ON = 60  # characters between what was said and a quotation that goes on
_VAGUE = KINDS.index("vague")
_ABOUT = 3.0  # what a topic that the article surely is about weighs beside its terms


def find(reading: Reading, topics: dict[str, float]) -> tuple[Statement, ...]:
    """Return the statements of an article in the order of the text; `topics` are those it may be about."""
    verbs, language, plain = _verbs(reading), reading.language.split("-")[0], reading.folded.plain
    if not (
        verbs or speech.introduced(plain) or speech.LABELLED.search(plain) or (language == "de" and speech.moody(plain))
    ):
        return ()
    voices = Voices(reading)
    thread, lines = _Thread(reading, voices), dict(voices.labelled())
    verbs = [verb for verb in verbs if not verbforms.unsaid(voices.text, verb[:2], language)]
    found: list[Statement] = []
    for frame in sorted(utterances.frames(reading, verbs, voices.text, list(lines)), key=lambda frame: frame.words):
        speaker = lines.get(frame.words)
        if speaker is None:
            speaker, verb = thread.whose(frame)
        else:
            speaker, verb = voices.remember(frame.words, speaker), _nowhere(frame.words)
        if speaker is not None:
            found.append(_statement(reading, topics, speaker, verb, frame.words, quoted=frame.quoted))
            thread.follow(frame, speaker, verb)
        if len(found) == MOST:
            break
    return tuple(found)


def _verbs(reading: Reading) -> list[Found]:
    """Return the verbs of saying, and what is as good as one though no rule found it."""
    index, language = reading.columns.index, reading.language.split("-")[0]
    verbs = [cue for cue in reading.cues if index[cue[2]] == SAY]
    if language == "de":
        verbs = [verb for verb in verbs if not verbforms.noun_de(reading.folded.plain, verb[0])]
    if pattern := speech.unspoken(language, reading.folded.simple):
        spans = [match.span(match.lastindex or 0) for match in pattern.finditer(reading.folded.simple)]
        verbs = sorted([*verbs, *((*span, -1, reading.sentence(span[0])) for span in spans)])
    return verbs


def _nowhere(words: Span) -> Found:
    """Return the verb of words that have none."""
    return words[0], words[0], -1, 0


class _Thread:
    """What was said last: what has no verb of its own may go on with it."""

    def __init__(self, reading: Reading, voices: Voices) -> None:
        self._reading, self._voices = reading, voices
        self._verb: Found | None = None
        self._speaker: Speaker | None = None
        self._end = 0

    def whose(self, frame: Frame) -> tuple[Speaker | None, Found]:
        """Return whose the words are, and by which verb."""
        words, voices, last = frame.words, self._voices, self._verb
        if frame.verb is not None:
            return voices.of(frame.verb, words), frame.verb
        if not frame.quoted:
            speaker = voices.implied(words)
            return speaker, last if last is not None and speaker == self._speaker else _nowhere(words)
        if last is not None and 0 <= words[0] - self._end <= _ON and self._next(words[0]):
            return voices.going_on(words[0]), last
        return voices.introduced(words), _nowhere(words)

    def _next(self, place: int) -> bool:
        """Tell whether a place is in the sentence in which the last words end, or the next."""
        return self._reading.sentence(place) - self._reading.sentence(self._end) <= 1

    def follow(self, frame: Frame, speaker: Speaker, verb: Found) -> None:
        """Keep what was said by whom."""
        behind = speaker.end if verb is frame.verb else 0
        self._verb, self._speaker, self._end = verb, speaker, max(frame.words[1], verb[1], behind)


def _statement(
    reading: Reading, topics: dict[str, float], speaker: Speaker, verb: Found, words: Span, *, quoted: bool
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
        target_actor=_target(reading, speaker.actor, words),
        topic=_topic(reading, topics, words),
    )


def _original(reading: Reading, start: int, end: int) -> str:
    """Return the span as it stands in the article."""
    part, start, end = reading.locate(start, end)
    return (reading.title if part == "title" else reading.body)[start:end]


def _target(reading: Reading, speaker: int | None, words: Span) -> str | None:
    """Return the first other actor that the words name; Europe is the Union when a power speaks of it."""
    mentions, columns = reading.mentions, reading.columns
    for mention in mentions[bisect_left(mentions, (words[0],)) : bisect_left(mentions, (words[1],))]:
        actor, kind = columns.actor[mention[2]], columns.kind[mention[2]]
        if actor != speaker and kind not in PLACES and (kind != _VAGUE or speaker is not None):
            return ACTORS[actor]
    return None


def _topic(reading: Reading, topics: dict[str, float], words: Span) -> str | None:
    """Return the topic that the words speak of most: by more than a weak term, or one that the article is about."""
    weights: dict[str, float] = {}
    hits = reading.topics
    for _, _, rule, _ in hits[bisect_left(hits, (words[0],)) : bisect_left(hits, (words[1],))]:
        topic = TOPICS[reading.columns.index[rule]]
        weights[topic] = weights.get(topic, 0.0) + reading.columns.value[rule]
    worth = {topic: weight + _ABOUT * topics.get(topic, 0.0) for topic, weight in weights.items()}
    best = max(worth, key=worth.__getitem__, default=None)
    return best if best is not None and worth[best] >= STRONG else None
