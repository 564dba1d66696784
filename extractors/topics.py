"""Which topics of the label guide an article reports, from the weighed terms of each.

A topic's features are computed from its own hits and their share among all topics'. Who acts comes from elsewhere (`hearing`), where
actors quarrel or meet from `Reading.meetings`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log1p

from extractors.hearing import NOTHING, POOLED
from extractors.labels import CUE_IDS, CUES, GRADES, TOPICS
from extractors.matching import Found
from extractors.reading import LEAD, Reading

_CUES = sum(len(CUES[group]) for group in ("event", "domain"))

FEATURES = (
    "title",  # weight in the title, at most 5
    "lead",  # log of the weight in the first two sentences
    "body",  # log of the weight in all sentences
    "strong",  # log of the number of strong terms
    "strong-title",
    "terms",  # log of the number of different terms
    "sentences",  # log of the number of sentences with a term of some weight
    "spread",  # their share of all sentences
    "share",  # of the weight of all topics
    "lead-share",  # of the weight of all topics in title and lead
    "rank-first",
    "near",  # log of the near rules that fired
    "powers",  # how many of EU, CN, RU are named
    "soft",  # share of sport, culture, crime and everyday life in the story's cues
    "length",  # log of the number of sentences
    "early",  # a strong term in the first third
    "weak-only",
    "neighbours",  # UA, TW, US, NATO, UK named
    "heading",  # log of its weight in headings
    "index",  # share of the sentences that are headings
    "quarrel",  # log of the sentences in which two actors quarrel
    "concord",  # log of those in which they meet or agree
    "whole",  # log of the weight of all topics
    *(f"cue-{cue}" for cue in CUE_IDS[:_CUES]),  # log of acts, and of what kind of story it is
    *POOLED,
)
STRONG = GRADES["strong"]
LEAST = 1.0  # weight of a topic's terms in a sentence below which they alone say nothing: two weak ones
_SEVERAL = 3 * GRADES["plain"]  # weight of terms: of less, outside the title and with nothing else, no topic comes
MET = TOPICS.index("diplomatic-dispute"), TOPICS.index("summit-diplomacy")  # what `Reading.meetings` speak for


@dataclass(slots=True)
class Subject:
    """What was found of one topic in one article."""

    hits: list[Found] = field(default_factory=list)
    nears: list[Found] = field(default_factory=list)
    terms: dict[int, int] = field(default_factory=dict)  # rule and how often
    sentences: dict[int, float] = field(default_factory=dict)  # sentence and its weight
    strong: int = 0
    acts: list[int] = field(default_factory=list)  # sentences in which actors do what the topic is about

    def add(self, rule: int, sentence: int, weight: float) -> None:
        """Count a hit: a term counts less each time it comes again."""
        terms, sentences = self.terms, self.sentences
        seen = terms.get(rule, 0)
        terms[rule] = seen + 1
        sentences[sentence] = sentences.get(sentence, 0.0) + weight / (1 + 0.3 * seen)
        if weight >= STRONG:
            self.strong += 1


def subjects(reading: Reading) -> dict[int, Subject]:
    """Return what was found of each topic."""
    found: dict[int, Subject] = {}
    index, value = reading.columns.index, reading.columns.value
    for hit in reading.topics:
        rule = hit[2]
        subject = found.get(index[rule]) or _subject(found, index[rule])
        subject.hits.append(hit)
        subject.add(rule, hit[3], value[rule])
    for hit in reading.nears:
        near = reading.known.nears[hit[2]]
        subject = _subject(found, near.topic)
        subject.nears.append(hit)
        subject.add(-1 - hit[2], hit[3], near.weight)
    for topic, sentences in zip(MET, reading.meetings, strict=True):
        if sentences:
            _subject(found, topic).acts = sentences
    return found


def asked(found: dict[int, Subject]) -> set[int]:
    """Return the topics that may be reported: the others have but a plain term or two in the body, or weak ones here and there."""
    return {
        topic for topic, subject in found.items() if subject.strong or subject.nears or subject.acts or _many(subject)
    }


def _many(subject: Subject) -> bool:
    """Tell whether there are several terms, or one in the title, and in a sentence more than a weak one."""
    weights = subject.sentences
    return (0 in weights or sum(weights.values()) >= _SEVERAL) and max(weights.values()) >= LEAST


def _subject(found: dict[int, Subject], topic: int) -> Subject:
    """Return what was found of a topic, which is made when first asked for."""
    subject = found.get(topic)
    if subject is None:
        subject = found[topic] = Subject()
    return subject


def features(
    reading: Reading, found: dict[int, Subject], among: Iterable[int], story: list[float], said: dict[str, list[float]]
) -> dict[str, list[float]]:
    """Return the features of each topic that is asked for, `among` all found; `said` is what its sentences say, pooled."""
    weights = {topic: sum(subject.sentences.values()) for topic, subject in found.items()}
    leads = {
        topic: sum([weight for sentence, weight in subject.sentences.items() if sentence < LEAD])
        for topic, subject in found.items()
    }
    total, lead_total = sum(weights.values()) + 1.0, sum(leads.values()) + 1.0
    top = max(weights.values(), default=0.0)
    named = [bool(side.mentions) for side in reading.sides]
    length, third = len(reading.spans), len(reading.spans) / 3
    rest = [float(sum(named[:3])), story[0], log1p(length)]
    neighbours = float(sum(named[3:]))
    cues, headings = reading.cue_counts, reading.headings
    quarrel, concord = reading.meetings
    beside = [
        len(headings) / length,
        log1p(len(quarrel)),
        log1p(len(concord)),
        log1p(total),
        *map(log1p, cues[:_CUES]),
    ]
    out: dict[str, list[float]] = {}
    for topic in sorted(among):
        subject = found[topic]
        counted, early, heading = 0, 0.0, 0.0
        for sentence, weight in subject.sentences.items():
            if weight >= LEAST:
                counted += 1
                if weight >= STRONG and sentence <= third:
                    early = 1.0
            if sentence in headings:
                heading += weight
        strong, nears = subject.strong, len(subject.nears)
        title, lead, body = subject.sentences.get(0, 0.0), leads[topic], weights[topic]
        label = TOPICS[topic]
        out[label] = [
            min(5.0, title),
            log1p(lead - title),
            log1p(body),
            log1p(strong),
            float(title >= STRONG),
            log1p(len(subject.terms)),
            log1p(counted),
            counted / length,
            body / total,
            lead / lead_total,
            float(body == top),
            log1p(nears),
            *rest,
            early,
            float(not (strong or nears or counted)),
            neighbours,
            log1p(heading),
            *beside,
            *said.get(label, NOTHING),
        ]
    return out
