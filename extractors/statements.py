"""Who said what: the speaker, the verb and the words, quoted or reported, with whom and what they are about.

A statement starts from a verb of saying (`[speech]` in `data/cues`). Which words go with it belongs to `utterances`, who speaks to
`voices`; a quotation without a verb goes on with whose words stood before, and so does a German sentence in the mood of reports.
"""

from bisect import bisect_left

from extractors import speech, utterances
from extractors.labels import ACTORS, KINDS, TOPICS
from extractors.matching import Found
from extractors.model import Statement
from extractors.reading import PLACES, SAY, Reading
from extractors.speakers import Speaker
from extractors.text import Span
from extractors.topics import STRONG
from extractors.utterances import MOST
from extractors.voices import Voices

_ON = 60  # characters between what was said and a quotation that goes on
_VAGUE = KINDS.index("vague")
_ABOUT = 3.0  # what a topic that the article surely is about weighs beside its terms


def find(reading: Reading, topics: dict[str, float]) -> tuple[Statement, ...]:
    """Return the statements of an article in the order of the text; `topics` are those it may be about."""
    index = reading.columns.index
    verbs = [cue for cue in reading.cues if index[cue[2]] == SAY]
    if reading.language.startswith("de"):
        verbs = sorted([*verbs, *_so(reading)])
    if not verbs and not speech.introduced(reading.folded.plain):
        return ()
    voices, found = Voices(reading), list[Statement]()
    verbs = [verb for verb in verbs if not speech.unsaid(voices.text, verb[0])]
    last: Found | None = None  # the verb of the statement before
    spoken: Speaker | None = None  # whose it is
    end = 0  # where it ends, its verb included
    for frame in sorted(utterances.frames(reading, verbs, voices.text), key=lambda frame: frame.words):
        verb, words = frame.verb, frame.words
        if verb is not None:
            speaker = voices.of(verb, words)
        elif not frame.quoted:
            speaker = voices.implied(words)
            verb = last if last is not None and speaker == spoken else (words[0], words[0], -1, 0)
        else:
            goes_on = (
                last is not None
                and 0 <= words[0] - end <= _ON
                and reading.sentence(words[0]) - reading.sentence(end) <= 1
            )
            speaker = voices.going_on(words[0]) if goes_on else voices.introduced(words)
            verb = last if goes_on else (words[0], words[0], -1, 0)
        if speaker is None or verb is None:
            continue
        found.append(_statement(reading, topics, speaker, verb, words, quoted=frame.quoted))
        last, spoken, end = verb, speaker, max(words[1], verb[1], speaker.end if verb is frame.verb else 0)
        if len(found) == MOST:
            break
    return tuple(found)


def _so(reading: Reading) -> list[Found]:
    """Return where German says who said it without a verb; no rule found these."""
    text = reading.folded.plain
    return [(*match.span(), -1, reading.sentence(match.start())) for match in speech.SO.finditer(text)]


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
