"""Why a tag was given: the spans that speak most for it, with the rules that found them.

Chooses among what was found, in the sentences that say most surely that they report the label; whether it holds is decided before.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest

from extractors import acts
from extractors.labels import ACTORS, EVENTS, KINDS, TOPICS
from extractors.matching import Found
from extractors.model import Evidence, Mention, Relation, Statement
from extractors.reading import PLACES, Reading
from extractors.relations import SIDES
from extractors.topics import Subject
from extractors.weighing import Model

_MOST = 4  # spans a tag keeps
_TOLD = 0.5  # probability from which on a sentence is taken to report a label; the surest is in any case
_LONGEST = 600  # characters of a quoted sentence
_FORMER = re.compile(  # what stands right before an office that its holder has left, or before a deputy's
    r"(?:\b(?:former|ex|then|late|deputy|vice|acting|frühere[nrsm]?|ehemalige[nrsm]?|damalige[nrsm]?|stellvertretende[nrs]?"
    r"|ancien|ancienne|adjoint|быв\w+|экс|тогдашн\w+|вице|зам|заместител\w+|колишн\w+|екс|бивш\w+|były|byłego|wice|fost|fosta"
    r"|antiguo|antigua)[\s-]{1,2}|[前原副])$",
    re.IGNORECASE,
)
_OFFICE = KINDS.index("office")


def telling(said: Iterable[tuple[float, int]]) -> list[int]:
    """Return the sentences that report a label, the surest first; of probability and number of each that was asked."""
    best = sorted(said, key=lambda one: (-one[0], one[1]))[:_MOST]
    return [number for place, (p, number) in enumerate(best) if p >= min(_TOLD, 0.7 * best[0][0])]


def actor(reading: Reading, index: int, sentences: Sequence[int]) -> tuple[Evidence, ...]:
    """Return a mention of an actor from each of these sentences, rather not as a place, in the order of the text."""
    kind, best = reading.columns.kind, dict[int, Found]()
    for mention in reading.sides[index].mentions:
        sentence = mention[3]
        if sentence in sentences and (sentence not in best or kind[best[sentence][2]] in PLACES):
            best[sentence] = mention
    rules = reading.known.rules
    return tuple(reading.evidence(start, end, rules[rule].name) for start, end, rule, _ in sorted(best.values()))


def topic(reading: Reading, subjects: dict[int, Subject], label: str, sentences: Sequence[int]) -> tuple[Evidence, ...]:
    """Return terms of a topic from these sentences, each once, in the order of the text: of each the strongest, then its next."""
    subject = subjects[TOPICS.index(label)]
    terms: dict[int, list[tuple[float, int, int, str]]] = {}
    rules, value, nears = reading.known.rules, reading.columns.value, reading.known.nears
    for start, end, rule, sentence in subject.hits:
        terms.setdefault(sentence, []).append((-value[rule], start, end, rules[rule].name))
    for start, end, number, sentence in subject.nears:
        terms.setdefault(sentence, []).append((-nears[number].weight, start, end, nears[number].name))
    for sentence in subject.acts:
        if sentence not in terms:
            start, end = reading.spans[sentence]
            terms[sentence] = [(0.0, start, min(end, start + _LONGEST), f"{label}: acts between actors")]
    best: dict[str, tuple[int, int]] = {}
    for turn in zip_longest(*(sorted(terms.get(sentence, ())) for sentence in sentences or sorted(terms))):
        for _, start, end, name in filter(None, turn):
            if len(best) < _MOST:
                best.setdefault(name, (start, end))
    return tuple(reading.evidence(start, end, name) for name, (start, end) in sorted(best.items(), key=lambda s: s[1]))


def relation(
    reading: Reading,
    label: str,
    score: float,
    told: Mapping[str, Sequence[tuple[float, int]]],
    said: tuple[Statement, ...],
    models: Mapping[str, Model],
) -> Relation:
    """Return the relation with the sentence that reports it most surely, the act there, and who acts toward whom.

    `told` is what the sentences say of each pair. The triangle has no direction; its sentence is the one that deals with two pairs.
    """
    pair, sentence = (label, _surest(told.get(label, ()))) if label in SIDES else _shared(told)
    sides = SIDES[pair]
    if sentence is None:  # both are named, but not in one place
        sentence = min(reading.sides[sides[0]].sentences | reading.sides[sides[1]].sentences)
    here = [side for side in sides if sentence in reading.sides[side].sentences]
    sentences = (
        [sentence] if len(here) == len(sides) or sentence + 1 == len(reading.spans) else [sentence, sentence + 1]
    )
    passage = acts.passage(reading, sides, sentences)
    event, each = acts.event(models["event"], passage)
    source, target = acts.direction(models["direction"], passage, each, said) if label in SIDES else (None, None)
    proofs = [
        reading.evidence(
            passage.start, min(passage.end, passage.start + _LONGEST), f"relation {label}: {event or 'both sides'}"
        )
    ]
    cue = next((act for act in passage.acts if EVENTS[act[2]] == event), None)
    if cue is not None:
        proofs.append(reading.evidence(cue[0], cue[1], reading.known.rules[cue[3]].name))
    return Relation(
        label=label,
        score=round(score, 4),
        from_actor=source,
        to_actor=target,
        event=event,
        evidence=tuple(proofs),
    )


def _surest(told: Iterable[tuple[float, int]]) -> int | None:
    """Return the sentence that reports something most surely, of probability and number of each."""
    return next(iter(telling(told)), None)


def _shared(told: Mapping[str, Sequence[tuple[float, int]]]) -> tuple[str, int | None]:
    """Return the sentence that deals with two pairs most surely, and the surer of these; else the surest pair with its sentence."""
    best: dict[int, list[tuple[float, str]]] = {}
    for pair, those in told.items():
        for p, number in those:
            best.setdefault(number, []).append((p, pair))
    ranked = {number: sorted(pairs, reverse=True) for number, pairs in best.items()}
    two = {number: pairs for number, pairs in ranked.items() if len({pair for _, pair in pairs}) > 1} or ranked
    if not two:
        return next(iter(SIDES)), None
    number = max(two, key=lambda number: (two[number][min(1, len(two[number]) - 1)][0], -number))
    return two[number][0][1], number


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
