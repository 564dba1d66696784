"""Why a tag was given: the spans that speak most for it, with the rules that found them; and who acts toward whom.

Chooses among what was found; whether a label holds is decided before.
"""

import re
from bisect import bisect_left
from datetime import datetime

from extractors.labels import ACTORS, EVENTS, KINDS, TOPICS
from extractors.matching import Found
from extractors.model import Evidence, Mention, Relation, Statement
from extractors.reading import PLACES, Reading
from extractors.relations import PAIRS, Link
from extractors.topics import Subject

_MOST = 4  # spans a tag keeps
_LONGEST = 600  # characters of a quoted sentence
_FORMER = re.compile(  # what stands right before an office that its holder has left, or before a deputy's
    r"(?:\b(?:former|ex|then|late|deputy|vice|acting|frühere[nrsm]?|ehemalige[nrsm]?|damalige[nrsm]?|stellvertretende[nrs]?"
    r"|ancien|ancienne|adjoint|быв\w+|экс|тогдашн\w+|вице|зам|заместител\w+|колишн\w+|екс|бивш\w+|były|byłego|wice|fost|fosta"
    r"|antiguo|antigua)[\s-]{1,2}|[前原副])$",
    re.IGNORECASE,
)
_OFFICE = KINDS.index("office")


def actor(reading: Reading, index: int) -> tuple[Evidence, ...]:
    """Return the first mentions of an actor, the title's before the text's."""
    kind, mentions = reading.columns.kind, reading.sides[index].mentions
    best = [m for m in mentions if kind[m[2]] not in PLACES][:_MOST]
    if len(best) < _MOST:
        best += [m for m in mentions if kind[m[2]] in PLACES][: _MOST - len(best)]
    rules = reading.known.rules
    return tuple(reading.evidence(start, end, rules[rule].name) for start, end, rule, _ in sorted(best))


def topic(reading: Reading, subjects: dict[int, Subject], label: str) -> tuple[Evidence, ...]:
    """Return the strongest terms of a topic, each once, in the order of the text."""
    subject = subjects[TOPICS.index(label)]
    rules, value = reading.known.rules, reading.columns.value
    spans: dict[str, tuple[float, int, int, str]] = {}
    for start, end, rule, _ in subject.hits:
        name = rules[rule].name
        if name not in spans:
            spans[name] = (-value[rule], start, end, name)
    for start, end, number, _ in subject.nears:
        near = reading.known.nears[number]
        spans.setdefault(near.name, (-near.weight, start, end, near.name))
    if not spans and subject.acts:
        start, end = reading.spans[subject.acts[0]]
        return (reading.evidence(start, min(end, start + _LONGEST), f"{label}: acts between actors"),)
    best = sorted(spans.values())[:_MOST]
    return tuple(reading.evidence(start, end, name) for _, start, end, name in sorted(best, key=lambda s: s[1]))


def relation(
    reading: Reading, label: str, score: float, links: dict[str, Link], said: tuple[Statement, ...]
) -> Relation:
    """Return the relation with its best sentence, the event there, and who acts toward whom where it can be told."""
    pairs = [label] if label in links else sorted(links, key=lambda pair: -len(links[pair].together))
    pair = pairs[0]
    link, sides = links[pair], PAIRS[pair]
    sentence = _best(reading, link, sides)
    span = [sentence]
    if sentence not in link.together and sentence in link.neighbours:
        span.append(sentence + 1)
    start, end = reading.spans[span[0]][0], reading.spans[span[-1]][1]
    named = _named(reading, sides, span)
    event, where = _event(reading, span, named)
    source, target = _direction(reading, named, where, said) if label in PAIRS else (None, None)
    proofs = [reading.evidence(start, min(end, start + _LONGEST), f"relation {label}: {event or 'both sides'}")]
    return Relation(
        label=label,
        score=round(score, 4),
        from_actor=source,
        to_actor=target,
        event=event,
        evidence=tuple(proofs),
    )


def _best(reading: Reading, link: Link, sides: tuple[int, int]) -> int:
    """Return the sentence that links both sides best: with acts, early, else neighbours, else where one is named."""
    if link.together:
        acts = {s: sum(_WEIGHTS[cue] for cue in reading.cued.get(s, ()) if cue < len(EVENTS)) for s in link.together}
        return min(link.together, key=lambda s: (-min(acts[s], _ENOUGH), s == 0, s))
    if link.neighbours:
        return link.neighbours[0]
    return min(reading.sides[sides[0]].sentences | reading.sides[sides[1]].sentences)


def _named(reading: Reading, sides: tuple[int, int], span: list[int]) -> list[tuple[int, int, int]]:
    """Return where both sides are named in the sentences, in their order: start, end, side."""
    kind = reading.columns.kind
    return sorted(
        (start, end, side)
        for side in sides
        for start, end, rule, sentence in reading.sides[side].mentions
        if sentence in span and kind[rule] not in PLACES
    )


def _event(reading: Reading, span: list[int], named: list[tuple[int, int, int]]) -> tuple[str | None, int]:
    """Return the event that most cues of the sentences speak for, and where; a cue between both sides counts double."""
    counts: dict[int, float] = {}
    first: dict[int, tuple[bool, int]] = {}
    parted = False  # whether one between both sides was seen: the first is the verb, later ones may be its object
    for start, _, rule, sentence in reading.cues:
        cue = reading.columns.index[rule]
        if sentence in span and cue < len(EVENTS):
            between = _parts(named, start)
            counts[cue] = counts.get(cue, 0) + _WEIGHTS[cue] * (2 if between else 1) + (between and not parted)
            parted = parted or between
            first[cue] = min(first.get(cue, (True, start)), (not between, start))
    if not counts:
        return None, -1
    best = max(counts, key=lambda cue: (counts[cue], -first[cue][1]))
    return EVENTS[best], first[best][1]


def _parts(named: list[tuple[int, int, int]], where: int) -> bool:
    """Tell whether a place has one side right before and the other right behind it."""
    before, after = bisect_left(named, (where,)), bisect_left(named, (where + 1,))
    return before > 0 and after < len(named) and named[before - 1][2] != named[after][2]


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
_ENOUGH = 1.9  # weight of acts in a sentence from which on more say no more
# Two that are named in one breath do something together, or to a third.
_AND = re.compile(
    r"^\W{0,2}(?:and|und|et|и|та|й|і|i|oraz|și|e|y|as well as|sowie|和|与|跟|同|、|-|–|—|/)?\W{0,2}"
    r"(?:(?:the|la|le|les|die|der|das|den|il|el|os|o|a)\s|l['’])?$",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|par|przez|por|da|de către|от)\s+(?:[\w’'-]+\s+){0,2}$|被$", re.IGNORECASE)


def _direction(
    reading: Reading, named: list[tuple[int, int, int]], where: int, said: tuple[Statement, ...]
) -> tuple[str | None, str | None]:
    """Return who acts toward whom: who is named first before the act, and the other; the other way round behind `by`."""
    if where < 0 or len({side for _, _, side in named}) < 2:
        return None, None
    plain = reading.folded.plain
    source = named[0][2]
    place, other = next((place, found) for place, found in enumerate(named) if found[2] != source)
    if (speaker := _sayer(reading, named[0], said)) == ACTORS[other[2]]:  # `“China must open up,” a commissioner said`
        return speaker, ACTORS[source]
    if place and _AND.match(plain[named[place - 1][1] : other[0]]):
        return None, None
    if named[0][0] > where or _third(reading, named, where):  # nobody is known to have done it, or somebody else
        return None, None
    if other[0] > where and _BY.search(plain, max(where, other[0] - 30), other[0]) is not None:
        return ACTORS[other[2]], ACTORS[source]
    return ACTORS[source], ACTORS[other[2]]


def _third(reading: Reading, named: list[tuple[int, int, int]], where: int) -> bool:
    """Tell whether another actor than both sides is named last before the act, so that it may be the one who acts."""
    sides, kind = {side for _, _, side in named}, reading.columns.kind
    before = max(
        (mention[0], number)
        for number, side in enumerate(reading.sides)
        for mention in side.mentions
        if named[0][0] <= mention[0] < where and kind[mention[2]] not in PLACES
    )
    return before[1] not in sides


def _sayer(reading: Reading, named: tuple[int, int, int], said: tuple[Statement, ...]) -> str | None:
    """Return the actor in whose words a name stands."""
    part, start, _ = reading.locate(named[0], named[1])
    return next((s.speaker_actor for s in said if s.part == part and s.start <= start < s.end), None)


def mentions(reading: Reading, published_at: datetime | None) -> tuple[Mention, ...]:
    """Return every mention of an actor in the order of the text, offices with their holder on that day."""
    return tuple([_mention(reading, found, published_at) for found in reading.mentions])


def _mention(reading: Reading, found: Found, published_at: datetime | None) -> Mention:
    start, end, rule, _ = found
    entity, actor_index = reading.known.entities[reading.columns.index[rule]]
    part, start, end = reading.locate(start, end)
    surface = (reading.title if part == "title" else reading.body)[start:end]
    resolved = ""
    if published_at is not None and reading.columns.kind[rule] == _OFFICE:
        before = reading.folded.plain[max(0, found[0] - 20) : found[0]]
        resolved = "" if _FORMER.search(before) else holder(reading, entity, published_at)
    return Mention(
        actor=ACTORS[actor_index], entity=entity, part=part, start=start, end=end, surface=surface, resolved=resolved
    )


def holder(reading: Reading, office: str, at: datetime) -> str:
    """Return the name of who held an office on a day, or nothing."""
    day = at.date()
    for held in reading.known.holders.get(office, ()):
        if held.since <= day and (held.until is None or day <= held.until):
            return held.name
    return ""
