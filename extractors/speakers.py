"""Who is named beside a verb as one that may speak: a known side, somebody else by name, or somebody without one.

Where to look, and who is meant by `he`, belongs to `voices`; what was said to `statements`.
"""

import re
from bisect import bisect_left
from functools import cached_property

from extractors import naming
from extractors.labels import ACTORS, KINDS
from extractors.matching import Found
from extractors.phrases import APART, FEW, HERE, PHRASE, Phrases, Region, Speaker
from extractors.reading import Reading
from extractors.text import Span

_SPEAKING = frozenset(
    KINDS.index(kind) for kind in ("name", "capital", "institution", "office", "person", "force", "company")
)
_TELLING = _SPEAKING | {KINDS.index("people")}  # these say whom somebody speaks for whose own words have them
_PERSONAL = frozenset(KINDS.index(kind) for kind in ("office", "person", "institution", "force"))
_ADJECTIVES = frozenset(KINDS.index(kind) for kind in ("people", "vague"))  # they speak beside a noun for who speaks
_NAME = KINDS.index("name")
_NAMED = frozenset((KINDS.index("person"), KINDS.index("institution")))  # known by a part of the name further on
_ROLE_NEAR, _ROLE_NEAR_HAN = 32, 8  # characters between an adjective and the noun for who speaks
LIKELY = 40  # characters that a person or an office may be further away than a place
_ASIDE_NOUN = re.compile("[《》“”（）引述据对向在和与]|[\u4e00-\u9fff]{7}")  # what parts two in Chinese


class Names:
    """Who is named where in one article."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.mentions = reading, reading.mentions
        self.text = reading.folded.simple
        self.language = reading.language.split("-")[0]
        self.phrases = Phrases(reading, self.text)

    def all(self, region: Region, *, first: bool) -> list[Speaker]:
        """Return who is named in a region: a known side, a name, a noun, and as one what is one; the `first` known or the nearest."""
        known = self._known(region, first=first)
        if known is not None and known.likely and region.before and not first and region.end - known.end <= 1:
            return [known]  # nobody can stand nearer
        stranger = (
            None
            if known is not None and known.likely and not self._named_nearer(known, region)
            else self._stranger(region, first=first)
        )
        someone = self._someone(region)
        if someone is not None and stranger is not None:
            if someone.start <= stranger.start and stranger.end <= someone.end:
                stranger = None
            elif _one(self.text, someone, stranger):  # `economist Ivan Petrov`
                stranger, someone = _joint(stranger, someone)._replace(likely=stranger.likely), None
        if known is not None and stranger is not None and _one(self.text, known, stranger):
            known, stranger = _joint(known, stranger), None  # `Commission spokesperson Olof Gill`
        if known is not None and someone is not None:
            if _one(self.text, someone, known) or _one(self.text, known, someone):
                known, someone = _joint(known, someone), None  # `an official of the ministry`
        return [speaker for speaker in (known, stranger, someone) if speaker is not None]

    def _named_nearer(self, known: Speaker, region: Region) -> bool:
        """Tell whether a capital stands between a speaker and the verb, as a name has."""
        between = self.text[known.end : region.end] if region.before else self.text[region.start : known.start]
        return between != between.lower()

    def speaker(self, mention: Found, span: Span | None = None, *, likely: bool = False) -> Speaker:
        """Return a mention as a speaker, with the words of the span."""
        entity, actor = self.reading.known.entities[self.reading.columns.index[mention[2]]]
        start, end = span or mention[:2]
        return Speaker(start, end, actor, entity, likely)

    def sided(self, speaker: Speaker) -> Speaker:
        """Return a speaker with the side that its own words name: `the French prosecutor`, 乌军方; foreign media speak for none."""
        text, (start, end) = self.text, speaker[:2]
        if self.reading.wide and naming.MEDIA_HAN.fullmatch(text, start, end):
            return speaker._replace(actor=None, entity=None)
        if speaker.actor is not None or naming.REPORTING.search(text, start, end):
            return speaker
        kinds = self.reading.columns.kind
        near = self.between(start, end)
        if self.reading.wide:  # 玻利维亚驻华公使 is not China's; 俄罗斯国家杜马 may stand before 委员会主席
            near = [mention for mention in near if text[mention[0] - 1 : mention[0]] not in tuple(naming.HOST)]
            whose = self.last(start)
            near += [whose] if whose is not None and whose[1] == start else []
        own = next((m for m in near if m[1] <= end and kinds[m[2]] in _TELLING), None)
        if own is not None:
            return self.speaker(own, (start, end), likely=speaker.likely)
        if self.reading.sides[0].mentions and naming.COMMISSION.fullmatch(text, start, end):
            return speaker._replace(actor=0, entity="EU/commission")
        if self.language == "de" and naming.OF_GERMANY.search(text, start, end):
            return speaker._replace(actor=ACTORS.index("EU"))
        short = (
            naming.SHORT.get(text[start])
            if self.reading.wide and text[start + 1 : start + 2] in tuple(naming.SHORT_OF)
            else None
        )
        return speaker if short is None else speaker._replace(actor=ACTORS.index(short))

    def between(self, start: int, end: int) -> list[Found]:
        """Return the mentions that begin between two places."""
        return self.mentions[bisect_left(self.mentions, (start,)) : bisect_left(self.mentions, (end,))]

    def last(self, place: int) -> Found | None:
        """Return the last mention that begins before a place."""
        at = bisect_left(self.mentions, (place,))
        return self.mentions[at - 1] if at else None

    def role(self, mention: Found) -> Span | None:
        """Return the span of an adjective or name with the noun for who speaks (`Chinese official`, `ambassade de Russie`)."""
        kind, text = self.reading.columns.kind[mention[2]], self.text
        pattern = naming.ROLE.get(self.language)
        if pattern is None or (kind not in _ADJECTIVES and kind != _NAME):
            return None
        if kind in _ADJECTIVES and pattern.search(text, mention[0], mention[1]):
            return mention[0], mention[1]  # a term that has its noun: 欧盟官员
        first, last = self.reading.spans[mention[3]]
        reach = _ROLE_NEAR_HAN if self.reading.wide else _ROLE_NEAR
        ahead = pattern.search(text, mention[1], min(last, mention[1] + reach))
        if ahead is not None and self._belongs(text[mention[1] : ahead.start()], naming.OWN, kind):
            return mention[0], ahead.end()
        if self.reading.wide:
            return None
        behind = list(pattern.finditer(text, max(first, mention[0] - reach), mention[0]))
        if behind and self._belongs(text[behind[-1].end() : mention[0]], naming.OF, kind):
            return behind[-1].start(), mention[1]
        return None

    def _belongs(self, between: str, pattern: re.Pattern[str], kind: int) -> bool:
        """Tell whether a noun and a name belong together; an adjective only needs to be in the same phrase."""
        if self.reading.wide:
            return naming.PLACED_HAN.search(between) is None
        return bool(pattern.match(between)) if kind == _NAME else not APART.search(between)

    def filling(self, region: Region) -> Speaker | None:
        """Return who speaks for a side whose names fill a region: `Russian foreign minister`, but not `Talks with the Kremlin`."""
        place, best = region.start, None
        for mention in self.between(region.start, region.end):
            role = self.role(mention)
            start, end = role or mention[:2]
            if start > place + 1:
                return None
            place = max(place, end)
            if role is not None or self.reading.columns.kind[mention[2]] in _PERSONAL:
                best = mention
        if best is None or place != region.end:
            return None
        return self.speaker(best, (region.start, region.end), likely=True)

    def _known(self, region: Region, *, first: bool) -> Speaker | None:
        """Return the mention of a side that speaks."""
        best: tuple[int, Found, Span | None, bool] | None = None
        for mention in self.between(region.start, region.end):
            kind, noun = self.reading.columns.kind[mention[2]], self.role(mention)
            if mention[1] > region.end or (kind not in _SPEAKING and noun is None):
                continue
            if self.reading.wide and mention[0] and self.text[mention[0] - 1] in naming.HOST:
                continue
            if self.text[mention[0]] in naming.TOWARD_HAN:
                continue  # 对俄媒体说
            likely = kind in _PERSONAL or noun is not None
            gap = mention[0] - region.start if first or not region.before else region.end - mention[1]
            gap -= LIKELY if likely and not first else 0
            if best is None or gap < best[0]:
                best = gap, mention, noun, likely
        if best is None:
            return None
        _, mention, noun, likely = best
        start, end = noun or mention[:2]
        if not self.reading.wide:
            return self.speaker(mention, self._owned(self._whole(start, end, region), region), likely=likely)
        whose = self.last(start)
        if whose is not None and whose[1] == start and whose[0] >= region.start:  # 立陶宛总统府
            return self.speaker(whose, (whose[0], end), likely=likely)
        return self.speaker(mention, (start, end), likely=likely)

    def _whole(self, start: int, end: int, region: Region) -> Span:
        """Return the name with the capitalised words around it."""
        for match in naming.NAME.finditer(self.text, max(region.start, start - 60), min(region.end, end + 40)):
            if match.start() > start:
                break
            if start < match.end():
                return min(start, match.start() + _idle(match.group())), max(end, match.end())
        return start, end

    def _owned(self, span: Span, region: Region) -> Span:
        """Return the name with what it owns, up to the verb: `Beijing's market regulator`."""
        owned = self.text[span[1] : region.end] if region.before else ""
        mine = self.text[span[0] : span[1]].endswith(naming.POSSESSIVE) or owned.startswith(naming.POSSESSIVE)
        if mine and len(owned.split()) <= PHRASE and not APART.search(owned):
            return span[0], span[1] + len(owned.rstrip())
        return span

    def _stranger(self, region: Region, *, first: bool) -> Speaker | None:
        """Return the capitalised name in the region that stands first, or nearest to the verb."""
        if self.reading.wide:
            return None
        text, before = self.text, region.before
        nouns = before and self.language == "de"  # where every noun is capitalised
        matches = list(naming.NAME.finditer(text, region.start, region.end))
        for match in reversed(matches) if before and not first else matches:
            start, end = match.span()
            start += _idle(match[0])
            name = text[start:end]
            if naming.LEADS.match(name):
                continue  # `In der Berliner Runde`
            full = " " in name
            if not (full or before) and text[region.start : start].strip().lower() in naming.ARTICLES:
                continue  # a German noun: `sagte ein Händler`
            if not name or not (
                full
                or (not nouns and len((text[end : region.end] if before else text[region.start : start]).split()) < 2)
                or name.lower() in self.surnames
            ):
                continue
            actor, entity = self.surnames.get(name.rpartition(" ")[2].lower(), (None, None))
            if actor is None and not full and before and text[end : region.end].strip():
                return self.phrases.unnamed(region)  # `Dairy farmers warn`
            return Speaker(start, end, actor, entity, full)
        return None

    def learn(self, speaker: Speaker) -> None:
        """Remember whom somebody speaks for who may be called by the last word of his name further on."""
        word = self.text[speaker.start : speaker.end].rpartition(" ")[2]
        if speaker.actor is not None and len(word) > 2 and word.istitle():
            self.surnames.setdefault(word.lower(), (speaker.actor, speaker.entity))

    @cached_property
    def surnames(self) -> dict[str, tuple[int, str | None]]:
        """Actor and entity of whoever is known by a word of a name that the article gives in full."""
        found: dict[str, tuple[int, str | None]] = {}
        for mention in self.mentions:
            if self.reading.columns.kind[mention[2]] in _NAMED:
                entity, actor = self.reading.known.entities[self.reading.columns.index[mention[2]]]
                for word in re.split(r"[\s-]+", self.text[mention[0] : mention[1]]):
                    if len(word) > 1 and word[0].isupper() and not word.isupper():
                        found.setdefault(word.lower(), (actor, entity))
        return found

    def _someone(self, region: Region) -> Speaker | None:
        """Return the noun phrase of somebody who is not named, with whose he is: `its officials`."""
        found = self.phrases.someone(region)
        if found is None or self.reading.wide:
            return found
        if naming.THEIR.search(self.text, max(region.start, found.start - HERE), found.start) is None:
            return found
        whose = self.last(found.start)
        return found if whose is None else self.speaker(whose, (found.start, found.end), likely=True)


def _idle(name: str) -> int:
    """Return how many characters of a capitalised phrase are no part of a name: `On Monday`, `The`."""
    taken = 0
    for word in name.split(" "):
        if word.lower() not in naming.NOBODY:
            break
        taken += len(word) + 1
    return min(taken, len(name))


def _one(text: str, first: Speaker, then: Speaker) -> bool:
    """Tell whether two stand in one phrase, the first before the other."""
    if first.start < then.end and then.start < first.end:
        return True
    between = text[first.end : then.start]
    if not between.isascii() and _ASIDE_NOUN.search(between):
        return False
    if naming.SEAT.search(between):  # `Sprecherin des Außenministeriums in Peking`
        return True
    if between.strip() in naming.SEATED:  # officials in Brussels, but not an ambassador there
        return naming.ENVOY.search(text, first.start, first.end) is None
    short = first.end <= then.start and len(between.split()) <= FEW
    return short and not APART.search(between) and not naming.PLACED.search(between)


def _joint(known: Speaker, other: Speaker) -> Speaker:
    """Return a known side with what else its phrase says of who speaks."""
    return known._replace(start=min(known.start, other.start), end=max(known.end, other.end), likely=True)
