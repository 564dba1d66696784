"""Which actors an article is about, as against those it merely names.

Features of an actor: where it is named (title, lead), how often and beside whom, as what (an institution acts, a place
rarely does), and what kind of story it is. What two actors do to each other belongs to `relations`.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import log1p
from operator import mul

from extractors.hearing import NOTHING, POOLED
from extractors.labels import ACTORS, CUE_IDS, KINDS, TOPICS
from extractors.reading import ACTS, LEAD, Reading, Side

_NAME, _PEOPLE, _CAPITAL, _PLACE, _INSTITUTION, _OFFICE, _PERSON, _FORCE, _COMPANY, _MEDIA, _VAGUE, _MASK = range(
    len(KINDS)
)
_STRENGTH = [1.0, 0.7, 0.8, 0.3, 1.2, 1.2, 1.0, 1.0, 0.6, 0.1, 0.3, 0.0]
_LOOSE = frozenset((_PEOPLE, _PLACE, _COMPANY, _MEDIA))  # none of these is a naming by name
_SOFT = [CUE_IDS.index(f"domain.{name}") for name in "sport culture crime accident health lifestyle".split()]
_POLITICS, _ECONOMY, _HISTORY = (CUE_IDS.index(f"domain.{name}") for name in ("politics", "economy", "history"))
UNION = frozenset(  # the bloc, its institutions and those who speak for them
    f"EU/{name}"
    for name in (
        "eu commission council high-representative institution parliament ecb parliament-president ecb-president "
        "commissioner trade-commissioner enlargement-commissioner energy-commissioner economy-commissioner competition-commissioner "
        "defence-commissioner"
    ).split()
)

_ABOUT = tuple(
    "war-in-ukraine peace-ceasefire military-aid-defence sanctions trade-market-access enlargement-neighbourhood hong-kong "
    "taiwan energy technology global-order summit-diplomacy domestic-politics human-rights climate-green-tech".split()
)
_ABOUT_TOPICS = [TOPICS.index(topic) for topic in _ABOUT]
_HOME = {"zh": "CN", "ru": "RU", "uk": "UA", "de": "EU", "fr": "EU", "pl": "EU", "bg": "EU", "ro": "EU", "pt": "EU"}

_PLAIN = (
    "amount",  # log of the weighed mentions
    "title",  # weighed mentions in the title, at most 1.5
    "title-name",  # named in the title by name, capital, institution, office or person
    "lead",  # weighed mentions in the first two sentences
    "share",  # of all actors' weighed mentions
    "spread",  # share of the sentences that name it
    "sentences",  # log of their number
    "agents",  # log of institutions, offices, persons, forces
    "places-only",  # nothing but places and peoples
    "companies",
    "media-only",
    "acting",  # log of sentences that name it with an act
    "beside",  # share of its sentences that name another actor too
    "rank-first",  # the most mentioned
    "early",  # how near to the beginning it is first named
    "soft-title",  # the next, when it is named in the title
    "soft",  # share of sport, culture, crime, accidents, health, everyday life in the story's cues
    "hard",  # log of the cues of politics
    "economy",
    "history",
    "topical",  # log of the weight of all topics
    "untitled",  # there is no title
    "union",  # share of mentions that are the bloc or its institutions
    "few",  # one mention only
    "subject",  # log of mentions with an act or saying behind them
    "subject-share",
    "object",  # log of mentions right behind an act
    "listed-share",  # of mentions in a row of names
    "vague-share",  # of mentions that may mean it (Europe)
    "matter",  # log of the weight of topics in its sentences
    "matter-share",  # of the weight of all topics
    "forms",  # log of different terms
    "first-half",  # share of its mentions in the first half of the sentences
    "heading",  # log of its sentences that are headings
    "index",  # share of the sentences that are headings
    "length",  # log of the article's characters; one of Chinese counts as three
    "home",  # the language is its own
    *(f"about-{topic}" for topic in _ABOUT),
    *POOLED,
)
# What a mention is worth depends on how much else there is: these count with each other, too.
_CROSSED = ("amount", "title", "share", "rank-first", "hard", "topical", "length", "sentence-sum", "sentence-any")
_CROSSES = tuple(
    pair
    for pair in combinations_with_replacement(map(_PLAIN.index, _CROSSED), 2)
    if pair != (_PLAIN.index("rank-first"),) * 2  # one or nought: its own square
)
FEATURES = (*_PLAIN, *(f"{_PLAIN[one]}*{_PLAIN[other]}" for one, other in _CROSSES))


@dataclass(slots=True)
class _Story:
    """What is the same for all actors of an article."""

    total: float  # weighed mentions of all actors
    top: float  # of the most mentioned
    acts: set[int]  # sentences with an act
    matter: dict[int, float]  # weight of topics by sentence
    whole: float  # of all sentences
    untitled: float
    index: float  # share of the sentences that are headings


def features(reading: Reading, story: list[float], said: dict[str, list[float]]) -> dict[str, list[float]]:
    """Return the features of each actor that is named at all; `said` is what its sentences say, pooled."""
    named = [
        (actor, side, sum(map(mul, side.kinds, _STRENGTH)))
        for actor, side in zip(ACTORS, reading.sides, strict=True)
        if side.mentions
    ]
    amounts = [amount for _, _, amount in named]
    total = sum(amounts)
    if not total:
        return {}
    matter, about = _matter(reading)
    shared = _Story(
        total=total,
        top=max(amounts),
        acts={sentence for sentence, cues in reading.cued.items() if min(cues) < ACTS},
        matter=matter,
        whole=sum(matter.values()),
        untitled=float(not reading.titled),
        index=len(reading.headings) / len(reading.spans),
    )
    home = _HOME.get(reading.language.split("-")[0])
    found: dict[str, list[float]] = {}
    for actor, side, amount in named:
        values = found[actor] = [
            *_side(reading, side, amount, shared),
            story[0] if side.title else 0.0,
            *story,
            *_late(reading, side, shared),
            float(actor == home),
            *about,
            *said.get(actor, NOTHING),
        ]
        values += [values[one] * values[other] for one, other in _CROSSES]
    return found


def _matter(reading: Reading) -> tuple[dict[int, float], list[float]]:
    """Return the weight of topics by sentence, and the log weight of those that go with certain actors."""
    weights: dict[int, float] = {}
    topics = [0.0] * len(TOPICS)
    index, value = reading.columns.index, reading.columns.value
    for _, _, rule, sentence in reading.topics:
        weight = value[rule]
        topics[index[rule]] += weight
        weights[sentence] = weights.get(sentence, 0.0) + weight
    return weights, [log1p(topics[topic]) for topic in _ABOUT_TOPICS]


def _side(reading: Reading, side: Side, amount: float, shared: _Story) -> list[float]:
    """Return the features of one actor by itself, up to `early`."""
    kinds, sentences, count = side.kinds, side.sentences, len(side.mentions)
    title = sum([_STRENGTH[kind] for kind in side.title])
    agents = kinds[_INSTITUTION] + kinds[_OFFICE] + kinds[_PERSON] + kinds[_FORCE]
    first = side.mentions[0][3]
    return [
        log1p(amount),
        min(1.5, title),
        float(not _LOOSE.issuperset(side.title)),
        min(2.0, sum([_STRENGTH[kind] for kind in side.lead])),
        amount / shared.total,
        len(sentences) / len(reading.spans),
        log1p(len(sentences)),
        log1p(agents),
        float(kinds[_PLACE] + kinds[_PEOPLE] == count),
        log1p(kinds[_COMPANY]),
        float(kinds[_MEDIA] == count),
        log1p(len(sentences & shared.acts)),
        len(sentences & reading.several) / len(sentences),
        float(amount == shared.top),
        1.0 / (1.0 + first) if first < LEAD else 0.0,
    ]


def story_features(reading: Reading) -> list[float]:
    """Return what kind of story it is: soft, hard, economy, history, topical."""
    cues, value = reading.cue_counts, reading.columns.value
    soft = sum([cues[cue] for cue in _SOFT])
    hard, economy, history = cues[_POLITICS], cues[_ECONOMY], cues[_HISTORY]
    topical = sum([value[rule] for _, _, rule, _ in reading.topics])
    share = soft / (soft + hard + economy + topical / 3 + 1.0)
    return [share, log1p(hard), log1p(economy), log1p(history), log1p(topical)]


def _late(reading: Reading, side: Side, shared: _Story) -> list[float]:
    """Return the features from `untitled` to `length`."""
    count, matter = len(side.mentions), shared.matter
    here = sum([matter.get(sentence, 0.0) for sentence in side.sentences])
    half = len(reading.spans) / 2
    return [
        shared.untitled,
        _union(reading, side) / count if side is reading.sides[0] else 0.0,
        float(count == 1),
        log1p(side.subject),
        side.subject / count,
        log1p(side.object),
        min(1.0, side.listed / count),
        side.kinds[_VAGUE] / count,
        log1p(here),
        here / (shared.whole + 3.0),
        log1p(len({rule for _, _, rule, _ in side.mentions})),
        sum([mention[3] <= half for mention in side.mentions]) / count,
        log1p(len(side.sentences & reading.headings)),
        shared.index,
        log1p(len(reading.whole) * (3 if reading.wide else 1)),
    ]


def _union(reading: Reading, side: Side) -> int:
    """Return how many mentions are the bloc or its institutions."""
    entities, index = reading.known.entities, reading.columns.index
    return sum([entities[index[rule]][0] in UNION for _, _, rule, _ in side.mentions])
