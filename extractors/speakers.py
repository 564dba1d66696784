"""Who is named beside a verb as one that may speak: a known side, somebody else by name, or somebody without one.

Where to look, and who is meant by `he`, belongs to `voices`; what was said to `statements`.
"""

import re
from bisect import bisect_left
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from extractors import naming
from extractors.labels import ACTORS, KINDS
from extractors.matching import Found
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
_APART = re.compile(r"[.;:,()]")
_STOP = re.compile(r"[.,;:(\"“”«»]")
LIKELY = 40  # characters that a person or an office may be further away than a place
_TITLE = 3  # words between whom somebody speaks for and the name
_PHRASE = 7  # words before a noun that belong to who speaks
_HERE = 12  # characters
_ALONE = 5  # words that stand alone
_ALONE_HAN = 44  # characters, since names are written out
_LONE_HAN = 8  # where the verb is not the first: 校长感谢客人并表示
_AND_HAN = ("并", "並")
_EDGE_HAN = re.compile("[，。；：、！？…“”「」『』（）()\n]")
_EDGE_NOUN = re.compile(
    "[，。；：、！？…“”「」『』（）()\n引述据据对向在由]"
)  # what a noun for who speaks does not reach over
_ASIDE_NOUN = re.compile("[《》“”（）引述据对向在和与]|[\u4e00-\u9fff]{7}")  # what parts two in Chinese
_BEFORE_NOUN = 24  # characters before such a noun
_NAME_HAN = re.compile("(?:[\u4e00-\u9fff]{2,7}|(?=.+·)[\u4e00-\u9fff·]{2,18})$")
_HARDLY_HAN = "的地得是了可以来"  # no name ends so
_WORD = re.compile(r"\S+")
_NOUN = re.compile(r"(?!une\b|der\b|die\b|das\b|ein\b|les\b|the\b)[^\W\d_][\w'’-]{2,}")
_EDGE = re.compile(r"[.;:,()\"“”«»—–\n]|\s-\s|\bwho\b|\bthat\b")


class Speaker(NamedTuple):
    """A speaker where it stands."""

    start: int
    end: int
    actor: int | None
    entity: str | None
    likely: bool = False  # of those who usually speak: a person, an office, an institution, a noun for who speaks


class Region(NamedTuple):
    """A stretch of text beside a verb of saying, and whether the verb follows it."""

    start: int
    end: int
    before: bool


class Names:
    """Who is named where in one article."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.mentions = reading, reading.mentions
        self.text = reading.folded.simple
        self.language = reading.language.split("-")[0]

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
        own = next((m for m in self.between(start, end) if m[1] <= end and kinds[m[2]] in _TELLING), None)
        if own is not None:
            return self.speaker(own, (start, end), likely=speaker.likely)
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
        return bool(pattern.match(between)) if kind == _NAME else not _APART.search(between)

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
        if mine and len(owned.split()) <= _PHRASE and not _APART.search(owned):
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
                return self.unnamed(region)  # `Dairy farmers warn`
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
        """Return the noun phrase of somebody who is not named: `Western officials`, `an expert at the bank`."""
        if self.reading.wide:
            return self._someone_han(region)
        text = self.text
        spans = naming.someone(self.language, text, region.start, region.end)
        if not spans:
            return None
        start, end = spans[-1 if region.before else 0]
        if naming.THEIR.search(text, max(region.start, start - _HERE), start) is not None:
            whose = self.last(start)
            return (
                Speaker(start, end, None, None, True)
                if whose is None
                else self.speaker(whose, (start, end), likely=True)
            )
        start = self._phrase(start, region) if region.before else self._led(start, region)
        return None if naming.LEADS.match(text, start, end) else Speaker(start, end, None, None, True)

    def _someone_han(self, region: Region) -> Speaker | None:
        """Return the same in Chinese: from the mark before a noun to the name behind it, `国际刑警组织秘书长某某`, or 俄 in 俄称."""
        text, end = self.text, region.end
        if region.before and not text[end - 2 : end - 1].isalnum():
            if (short := naming.SHORT.get(text[end - 1 : end])) is not None:
                return Speaker(end - 1, end, ACTORS.index(short), None, True)
        nouns = naming.someone(self.language, text, region.start, end)
        nouns = [noun for noun in nouns if text[noun[0] - 1 : noun[0]] not in tuple(naming.HOST)]
        if not nouns:
            return None
        noun = nouns[-1 if region.before else 0]
        first = self.reading.spans[self.reading.sentence(noun[0])][0]
        low = max(first, noun[0] - _BEFORE_NOUN)
        stops = [stop.end() for stop in _EDGE_NOUN.finditer(text, low, noun[0])]
        start = stops[-1] if stops else low if low == first else noun[0]
        if (leading := naming.LEADING_HAN.match(text, start, noun[0])) is not None:
            start = leading.end()
        if region.before:
            aside = naming.ASIDE_HAN.search(text, noun[1], end)
            name = _NAME_HAN.match(text, noun[1], end if aside is None else aside.start())
            noun = noun[0], noun[1] if name is None else name.end()
        short = naming.SHORT.get(text[start])
        return Speaker(start, noun[1], None if short is None else ACTORS.index(short), None, True)

    def unnamed(self, region: Region) -> Speaker | None:
        """Return the few words that stand alone beside the verb: `Doctors warn that`, `…, said bloggers`."""
        if self.reading.wide:
            return self._unnamed_han(region) if region.before else None
        idle = naming.IDLE.get(self.language, frozenset())
        found = list(
            takewhile(lambda word: word[0].lower() not in idle and word[0] not in naming.AUXILIARY, self._alone(region))
        )
        words = [word[0] for word in found]
        lower = [word.lower() for word in words]
        if not 0 < len(words) <= _ALONE or not idle.isdisjoint(lower) or not _NOUN.fullmatch(words[-1]):
            return None
        if words[0][0].isdigit():
            return None
        if self.language == "de" and (lower[0] not in naming.ARTICLES or (region.before and words[0] == lower[0])):
            return None  # `Später sagte`, `die später sagte`
        return Speaker(found[0].start(), found[-1].end(), None, None)

    def _alone(self, region: Region) -> list[re.Match[str]]:
        """Return the words beside the verb up to the next mark, without what joins them to it."""
        text, (start, end, before) = self.text, region
        if before:
            stops = [match.end() for match in _EDGE.finditer(text, start, end)]
            if not stops and start > self.reading.spans[self.reading.sentence(end - 1)][0]:
                return []  # cut by the reach
            start = stops[-1] if stops else start
        elif (stop := _EDGE.search(text, start, end)) is not None:
            end = stop.start()
        words = list(_WORD.finditer(text, start, end))
        while words and (words[-1][0] in naming.HAVING or words[-1][0].endswith("-")):
            words.pop()  # `the adviser has claimed`, `pasagerii ne-au spus`
        while words and before and words[0][0].lower() in naming.JOINING:
            words.pop(0)
        return words

    def _unnamed_han(self, region: Region) -> Speaker | None:
        """Return what stands between a Chinese verb and the mark before it, without when, where and to whom it was said."""
        text, end = self.text, region.end
        first = self.reading.spans[self.reading.sentence(end - 1)][0]
        start = max(first, end - _ALONE_HAN)
        stops = [match.end() for match in _EDGE_HAN.finditer(text, start, end)]
        if not stops and start > first:
            return None
        start = stops[-1] if stops else start
        if (leading := naming.LEADING_HAN.match(text, start, end)) is not None:
            start = leading.end()
        if (aside := naming.ASIDE_HAN.search(text, start, end)) is not None:
            end = aside.start()
        name = text[start:end].strip()
        if (
            not 2 <= len(name) <= (_LONE_HAN if aside is not None and aside[0] in _AND_HAN else _ALONE_HAN)
            or name[-1] in _HARDLY_HAN
            or naming.NOBODY_HAN.match(name)
        ):
            return None
        start = text.index(name, start)
        return Speaker(start, start + len(name), None, None)

    def _led(self, noun: int, region: Region) -> int:
        """Return where the few words begin that stand between a verb and a noun behind it: `the defence ministry`."""
        ahead = self.text[region.start : noun]
        apart = len(ahead.split()) > _TITLE or _APART.search(ahead) or naming.PLACED.search(ahead)
        return noun if apart else noun - len(ahead.lstrip())

    def _phrase(self, noun: int, region: Region) -> int:
        """Return where the words begin that belong to a noun."""
        start = noun
        for word in reversed(_STOP.split(self.text[region.start : noun])[-1].split()[-_PHRASE:]):
            if word.lower() in naming.CONJUNCTIONS:
                break
            start = self.text.rindex(word, region.start, start)
        return start


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
    short = first.end <= then.start and len(between.split()) <= _TITLE
    return short and not _APART.search(between) and not naming.PLACED.search(between)


def _joint(known: Speaker, other: Speaker) -> Speaker:
    """Return a known side with what else its phrase says of who speaks."""
    return known._replace(start=min(known.start, other.start), end=max(known.end, other.end), likely=True)
