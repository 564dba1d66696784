"""What one side does to the other in a sentence: the kind of act, and who acts toward whom.

Both are small models of what stands in the sentence: which acts are named where, what it is about, as what the sides are named
and in which order, and who speaks. Which sentence is looked at, and whether there is a relation at all, is decided before.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

from extractors import verbforms
from extractors.labels import ACTORS, EVENTS, KINDS, TOPICS
from extractors.model import Statement
from extractors.reading import ACTS, PLACES, REACH, REACH_HAN, SAY, Reading
from extractors.weighing import Model

_EVENT = (
    "named",  # log of the acts of this kind in the sentence
    "between",  # such an act stands between both sides, nothing else of them in between
    "inside",  # or somewhere between the first and the last mention
    "first",  # it is the first act between both sides
    "only",  # there is no other
    "tight",  # one side right before it, the other right behind it
    "beside",  # a side right before or behind it
    "loudest",  # most words speak for it
    "loudest-between",
    "others",  # log of the acts of other kinds
    "others-between",
)
EVENT = (
    *_EVENT,
    "title",
    "length",
    *(f"cue-{event}" for event in EVENTS),  # whether there is such an act; each means something else for each kind
    *(f"topic-{topic}" for topic in TOPICS),  # log of the weight of each topic
)
_SIDE = ("agent", "name", "people", "company", "place", "count")
DIRECTION = (
    "first",  # the one that may act is named first
    *(f"mine-{what}" for what in _SIDE),
    *(f"its-{what}" for what in _SIDE),
    "subject",  # an act right behind it
    "object",  # an act right before the other
    "its-subject",
    "mine-object",
    "before-after",  # named before the first act, the other behind it
    "after-before",
    "by",  # behind `by`
    "its-by",
    "joined",  # both in one breath: `China and Russia`
    "says",  # a verb of saying right behind it
    "said",  # or right before it
    "its-says",
    "its-said",
    "speaks",  # somebody speaks for it
    "speaks-of",  # and names the other
    "its-speaks",
    "its-speaks-of",
    "third",  # another actor is named between the first side and the act
    "title",
    *(f"event-{event}" for event in EVENTS),  # how likely the kinds of act are
    *(f"first*{event}" for event in EVENTS),
)
_NEAR, _NEAR_HAN = 24, 6  # characters between an act and a side right beside it
# Words of these are less ambiguous than those of talking and dealing, so they say more about what happened.
_WEIGHT = {
    "sanction": 1.9,
    "assault": 1.4,
    "accuse": 1.5,
    "threaten": 1.5,
    "protest": 1.5,
    "coerce": 1.3,
    "reject": 1.3,
}
_WEIGHTS = [_WEIGHT.get(event, 1.0) for event in EVENTS]
_TOGETHER = frozenset(("consult", "agree", "cooperate"))
_MOST = 40  # names and acts of a passage that are looked at; a sentence without an end has thousands
_AGENTS = frozenset(KINDS.index(kind) for kind in ("institution", "office", "person", "force"))
_NAME, _PEOPLE, _COMPANY = (KINDS.index(kind) for kind in ("name", "people", "company"))
# Two that are named in one breath do something together, or to a third.
_AND = re.compile(
    r"^\W{0,2}(?:and|und|et|и|та|й|і|i|oraz|și|e|y|as well as|sowie|和|与|與|跟|同|、|-|–|—|/)?\W{0,2}"
    r"(?:(?:the|la|le|les|die|der|das|den|il|el|os|o|a)\s|l['’])?$",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|par|von|przez|por|da|de către|от)\s+(?:[\w’'-]+\s+){0,2}$|被$", re.IGNORECASE)


@dataclass(slots=True)
class Passage:
    """A sentence or two that link two sides, with what stands in it in the order of the text."""

    reading: Reading
    sides: tuple[int, int]
    first: int  # sentence
    start: int
    end: int
    named: list[tuple[int, int, int, int]]  # start, end, actor, kind; of both sides
    others: list[int]  # starts of other actors
    says: list[tuple[int, int]]  # start and end of verbs of saying
    acts: list[tuple[int, int, int, int]]  # start, end, event, rule; without those that are denied


def passage(reading: Reading, sides: tuple[int, int], sentences: Sequence[int]) -> Passage:
    """Return what stands in a sentence or two."""
    here, kind, index = set(sentences), reading.columns.kind, reading.columns.index
    named = sorted(
        (start, end, side, kind[rule])
        for side in sides
        for start, end, rule, sentence in reading.sides[side].mentions
        if sentence in here
    )
    others = sorted(
        start
        for number, side in enumerate(reading.sides)
        if number not in sides
        for start, _, rule, sentence in side.mentions
        if sentence in here and kind[rule] not in PLACES
    )
    simple = reading.folded.simple
    acts = [
        (start, end, index[rule], rule)
        for start, end, rule, sentence in reading.cues
        if sentence in here and index[rule] < ACTS and not verbforms.denied(simple, start)
    ]
    says = sorted(
        (start, end) for start, end, rule, sentence in reading.cues if sentence in here and index[rule] == SAY
    )
    start, end = reading.spans[sentences[0]][0], reading.spans[sentences[-1]][1]
    return Passage(
        reading, sides, sentences[0], start, end, named[:_MOST], others[:_MOST], says[:_MOST], sorted(acts)[:_MOST]
    )


def _parts(named: list[tuple[int, int, int, int]], where: int) -> bool:
    """Tell whether a place has one side right before and the other right behind it."""
    at = bisect_left(named, (where,))
    return 0 < at < len(named) and named[at - 1][2] != named[at][2]


def event_features(passage: Passage) -> list[list[float]]:
    """Return the features of each kind of act, as `EVENT` names them."""
    named, acts, reading = passage.named, passage.acts, passage.reading
    low, high = (named[0][0], named[-1][0]) if named else (0, 0)
    between = [act for act in acts if _parts(named, act[0])]
    inside = {event for start, _, event, _ in acts if low < start < high}
    counts = [0] * len(EVENTS)
    for _, _, event, _ in acts:
        counts[event] += 1
    parted = {event for _, _, event, _ in between}
    topics = [0.0] * len(TOPICS)
    hits = reading.topics
    for hit in hits[bisect_left(hits, (passage.start,)) : bisect_left(hits, (passage.end,))]:
        topics[reading.columns.index[hit[2]]] += reading.columns.value[hit[2]]
    for start, _, rule, _ in reading.nears:
        if passage.start <= start < passage.end:
            near = reading.known.nears[rule]
            topics[near.topic] += near.weight
    tight, beside = _beside(passage)
    loudest = _loudest(passage)
    length = log1p((passage.end - passage.start) * (3 if reading.wide else 1))
    rest = [float(not passage.first), length, *(float(count > 0) for count in counts), *map(log1p, topics)]
    return [
        [
            log1p(counts[event]),
            float(event in parted),
            float(event in inside),
            float(bool(between) and between[0][2] == event),
            float(len(acts) == counts[event] > 0),
            float(event in tight),
            float(event in beside),
            float(event == loudest),
            float(event == loudest and event in parted),
            log1p(len(acts) - counts[event]),
            float(len(parted - {event})),
            *rest,
        ]
        for event in range(len(EVENTS))
    ]


def _loudest(passage: Passage) -> int:
    """Return the kind of act that most words speak for, one between both sides twice; -1 for none."""
    counts: dict[int, float] = {}
    first: dict[int, tuple[bool, int]] = {}
    parted = False  # whether one between both sides was seen: the first is the verb, later ones may be its object
    for start, _, event, _ in passage.acts:
        between = _parts(passage.named, start)
        counts[event] = counts.get(event, 0.0) + _WEIGHTS[event] * (2 if between else 1) + (between and not parted)
        parted = parted or between
        first[event] = min(first.get(event, (True, start)), (not between, start))
    return max(counts, key=lambda event: (counts[event], -first[event][1]), default=-1)


def _beside(passage: Passage) -> tuple[set[int], set[int]]:
    """Return the kinds of act with both sides right beside them, and those with one."""
    tight, beside = set[int](), set[int]()
    near = _NEAR_HAN if passage.reading.wide else _NEAR
    for start, end, event, _ in passage.acts:
        ahead = {side for _, stop, side, _ in passage.named if 0 <= start - stop <= near}
        behind = {side for begin, _, side, _ in passage.named if 0 <= begin - end <= near}
        if ahead or behind:
            beside.add(event)
        if any(one != other for one in ahead for other in behind):
            tight.add(event)
    return tight, beside


def direction_features(passage: Passage, events: Sequence[float], said: Sequence[Statement]) -> list[list[float]]:
    """Return the features of the first side acting toward the second and of the other way round, as `DIRECTION` names them."""
    a, b = passage.sides
    voices = _voices(passage, said)
    return [_way(passage, x, y, events, voices) for x, y in ((a, b), (b, a))]


def _way(passage: Passage, x: int, y: int, events: Sequence[float], voices: dict[int, set[int]]) -> list[float]:
    """Return the features of `x` acting toward `y`."""
    mine, its = ([m for m in passage.named if m[2] == side] for side in (x, y))
    if not mine or not its:
        return [0.0] * len(DIRECTION)
    first, act = float(mine[0][0] < its[0][0]), passage.acts[0][0] if passage.acts else -1
    main = next((start for start, *_ in passage.acts if _parts(passage.named, start)), act)
    lead, other = (mine[0], its[0]) if first else (its[0], mine[0])
    joined = _AND.match(passage.reading.folded.plain[lead[1] : other[0]]) is not None
    third = any(lead[0] < place < main for place in passage.others)
    return [
        first,
        *_kinds(mine),
        *_kinds(its),
        float(_subject(passage, mine, passage.acts)),
        float(_object(passage, its, passage.acts)),
        float(_subject(passage, its, passage.acts)),
        float(_object(passage, mine, passage.acts)),
        float(mine[0][0] < main < its[-1][0]),
        float(its[0][0] < main < mine[-1][0]),
        float(_by(passage, mine)),
        float(_by(passage, its)),
        float(joined),
        float(_subject(passage, mine, passage.says)),
        float(_object(passage, mine, passage.says)),
        float(_subject(passage, its, passage.says)),
        float(_object(passage, its, passage.says)),
        float(x in voices),
        float(y in voices.get(x, ())),
        float(y in voices),
        float(x in voices.get(y, ())),
        float(third),
        float(not passage.first),
        *events,
        *(first * p for p in events),
    ]


def _kinds(mentions: list[tuple[int, int, int, int]]) -> list[float]:
    """Return as what a side is named, as `_SIDE` names it."""
    kinds = {kind for _, _, _, kind in mentions}
    return [
        float(not _AGENTS.isdisjoint(kinds)),
        float(_NAME in kinds),
        float(_PEOPLE in kinds),
        float(_COMPANY in kinds),
        float(kinds <= PLACES),
        log1p(len(mentions)),
    ]


def _subject(passage: Passage, mentions: list[tuple[int, int, int, int]], verbs: Sequence[tuple[int, ...]]) -> bool:
    """Tell whether a verb stands right behind one of the mentions."""
    return _follow(passage, [end for _, end, _, _ in mentions], [start for start, *_ in verbs])


def _object(passage: Passage, mentions: list[tuple[int, int, int, int]], verbs: Sequence[tuple[int, ...]]) -> bool:
    """Tell whether a verb stands right before one of the mentions."""
    return _follow(passage, [stop for _, stop, *_ in verbs], [start for start, _, _, _ in mentions])


def _follow(passage: Passage, ends: list[int], starts: list[int]) -> bool:
    """Tell whether something starts within reach of where something else ends, and nobody is named in between."""
    reach = REACH_HAN if passage.reading.wide else REACH
    named = sorted([*(m[0] for m in passage.named), *passage.others])
    return any(
        end <= start <= end + reach and bisect_left(named, end) == bisect_left(named, start)
        for end in ends
        for start in starts
    )


def _by(passage: Passage, mentions: list[tuple[int, int, int, int]]) -> bool:
    """Tell whether one of the mentions stands behind `by`, and that behind an act."""
    plain, act = passage.reading.folded.plain, passage.acts[0][0] if passage.acts else passage.end
    return any(
        start > act and _BY.search(plain, max(act, start - 30), start) is not None for start, _, _, _ in mentions
    )


def _voices(passage: Passage, said: Sequence[Statement]) -> dict[int, set[int]]:
    """Return who speaks in the passage, and which sides are named in whose words."""
    out: dict[int, set[int]] = {}
    part, low, high = passage.reading.locate(passage.start, passage.end)
    for statement in said:
        if statement.speaker_actor is None or statement.part != part or statement.end <= low or statement.start >= high:
            continue
        of = out.setdefault(ACTORS.index(statement.speaker_actor), set())
        for start, end, side, _ in passage.named:
            _, at, _ = passage.reading.locate(start, end)
            if statement.start <= at < statement.end:
                of.add(side)
    return out


def event(model: Model, passage: Passage) -> tuple[str | None, list[float]]:
    """Return the kind of act, or None where none is likely, and how likely each is."""
    each = [model.score(name, values) for name, values in zip(EVENTS, event_features(passage), strict=True)]
    best = max(range(len(EVENTS)), key=each.__getitem__)
    return (EVENTS[best] if each[best] >= model.threshold else None), each


def _mutual(passage: Passage, events: Sequence[float]) -> bool:
    """Tell whether both sides do one thing together: they are named in one breath, and what they do is done by two."""
    best = max(range(len(EVENTS)), key=events.__getitem__)
    if EVENTS[best] not in _TOGETHER:
        return False
    a, b = (next((m for m in passage.named if m[2] == side), None) for side in passage.sides)
    if a is None or b is None:
        return False
    lead, other = min(a, b), max(a, b)
    return _AND.match(passage.reading.folded.plain[lead[1] : other[0]]) is not None


def direction(
    model: Model, passage: Passage, events: Sequence[float], said: Sequence[Statement]
) -> tuple[str | None, str | None]:
    """Return who acts toward whom, or None and None where both do or it cannot be told."""
    a, b = (ACTORS[side] for side in passage.sides)
    if _mutual(passage, events) or {m[2] for m in passage.named} != set(passage.sides):
        return None, None
    ways = direction_features(passage, events, said)
    there, back = (model.score(f"{x}>{y}", values) for (x, y), values in zip(((a, b), (b, a)), ways, strict=True))
    if max(there, back) < model.threshold:
        return None, None
    return (a, b) if there >= back else (b, a)
