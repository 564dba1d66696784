"""Which topics of the label guide an article reports, from the weighed terms of each.

A topic's features are computed from its own hits and their share among all topics'. Actors and acts come from elsewhere
(`salience`, `relations`).
"""

from dataclasses import dataclass, field
from math import log1p

from extractors.hearing import NOTHING, POOLED
from extractors.labels import CUE_IDS, CUES, TOPICS
from extractors.reading import LEAD, Found, Reading

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
_STRONG = 3.0
_DISPUTE, _SUMMIT = TOPICS.index("diplomatic-dispute"), TOPICS.index("summit-diplomacy")


@dataclass(slots=True)
class Subject:
    """What was found of one topic in one article."""

    hits: list[Found] = field(default_factory=list)
    nears: list[Found] = field(default_factory=list)
    terms: dict[int, int] = field(default_factory=dict)  # rule and how often
    sentences: dict[int, float] = field(default_factory=dict)  # sentence and its weight
    strong: int = 0
    acts: list[int] = field(default_factory=list)  # sentences in which actors do what the topic is about

    def add(self, found: Found, value: float) -> None:
        """Count a hit: a term counts less each time it comes again."""
        rule, sentence = found[2], found[3]
        seen = self.terms.get(rule, 0)
        self.terms[rule] = seen + 1
        self.sentences[sentence] = self.sentences.get(sentence, 0.0) + value / (1 + 0.3 * seen)
        self.strong += value >= _STRONG


def subjects(reading: Reading) -> dict[int, Subject]:
    """Return what was found of each topic."""
    found: dict[int, Subject] = {}
    index, value = reading.columns.index, reading.columns.value
    for hit in reading.topics:
        subject = found.setdefault(index[hit[2]], Subject())
        subject.hits.append(hit)
        subject.add(hit, value[hit[2]])
    for hit in reading.nears:
        near = reading.known.nears[hit[2]]
        subject = found.setdefault(near.topic, Subject())
        subject.nears.append(hit)
        subject.add((hit[0], hit[1], -1 - hit[2], hit[3]), near.weight)
    quarrel, concord = reading.meetings
    for topic, sentences in ((_DISPUTE, quarrel), (_SUMMIT, concord)):
        if sentences:
            found.setdefault(topic, Subject()).acts = sentences
    return found


def features(
    reading: Reading, found: dict[int, Subject], story: list[float], said: dict[str, list[float]]
) -> dict[str, list[float]]:
    """Return the features of each topic of which more than weak terms was found; `said` is what its sentences say, pooled."""
    weights = {topic: sum(subject.sentences.values()) for topic, subject in found.items()}
    leads = {
        topic: sum([subject.sentences.get(sentence, 0.0) for sentence in range(LEAD)])
        for topic, subject in found.items()
    }
    total, lead_total = sum(weights.values()) + 1.0, sum(leads.values()) + 1.0
    top = max(weights.values(), default=0.0)
    named = [bool(side.mentions) for side in reading.sides]
    rest = [float(sum(named[:3])), story[0], log1p(len(reading.spans))]
    third = len(reading.spans) / 3
    cues, headings = reading.cue_counts, reading.headings
    quarrel, concord = reading.meetings
    beside = [
        len(headings) / len(reading.spans),
        log1p(len(quarrel)),
        log1p(len(concord)),
        log1p(total),
        *(log1p(cues[name]) for name in CUE_IDS[:_CUES]),
    ]
    out: dict[str, list[float]] = {}
    for topic, subject in found.items():
        counted, early, heading = 0, False, 0.0
        for sentence, weight in subject.sentences.items():
            counted += weight >= 1.0
            early = early or (weight >= _STRONG and sentence <= third)
            if sentence in headings:
                heading += weight
        if not (counted or subject.strong or subject.nears or subject.acts):
            continue
        title = subject.sentences.get(0, 0.0)
        out[TOPICS[topic]] = [
            min(5.0, title),
            log1p(leads[topic] - title),
            log1p(weights[topic]),
            log1p(subject.strong),
            float(title >= _STRONG),
            log1p(len(subject.terms)),
            log1p(counted),
            counted / len(reading.spans),
            weights[topic] / total,
            leads[topic] / lead_total,
            float(weights[topic] == top),
            log1p(len(subject.nears)),
            *rest,
            float(early),
            float(subject.strong == 0 and not subject.nears and counted == 0),
            float(sum(named[3:])),
            log1p(heading),
            *beside,
            *said.get(TOPICS[topic], NOTHING),
        ]
    return out
