"""Somebody that no list knows, beside a verb: the phrase of a noun for who speaks, or the few words that stand alone there.

Whether it is one of a side belongs to `speakers`, the words themselves to `naming`.
"""

import re
from itertools import takewhile
from typing import NamedTuple

from extractors import naming
from extractors.labels import ACTORS
from extractors.reading import Reading

APART = re.compile(r"[.;:,()]")  # what parts two phrases
_STOP = re.compile(r"[.,;:(\"“”«»]")
FEW = 3  # words between two that are one phrase
PHRASE = 7  # words that belong to a noun for who speaks
HERE = 12  # characters before a noun in which stands whose it is: `its officials`
_ALONE = 5  # words that stand alone
_ALONE_HAN = 44  # characters, since names are written out
_LONE_HAN = 8  # where the verb is not the first: 校长感谢客人并表示
_AND_HAN = "并"
_EDGE_HAN = re.compile("[，。；：、！？…“”「」『』（）()\n]")
_EDGE_NOUN = re.compile(
    "[，。；：、！？…“”「」『』（）()\n引述据对向在由]"
)  # what a noun for who speaks does not reach over
_BEFORE_NOUN = 24  # characters before such a noun
_NAME_HAN = re.compile(
    "(?!.*(?:感谢|访问|会见|欢迎|祝贺|接受|出席|介绍|批评))(?:[\u4e00-\u9fff]{2,7}|(?=.+·)[\u4e00-\u9fff·]{2,18})$"
)
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


class Phrases:
    """The noun phrases of one article beside a verb."""

    def __init__(self, reading: Reading, text: str) -> None:
        self.reading, self.text = reading, text
        self.language = reading.language.split("-")[0]

    def someone(self, region: Region) -> Speaker | None:
        """Return the noun phrase of somebody who is not named: `Western officials`, `an expert at the bank`."""
        if self.reading.wide:
            return self._someone_han(region)
        text = self.text
        spans = naming.someone(self.language, text, region.start, region.end)
        if not spans:
            return None
        start, end = spans[-1 if region.before else 0]
        if naming.THEIR.search(text, max(region.start, start - HERE), start) is None:
            start = self._phrase(start, region) if region.before else self._led(start, region)
        return None if naming.LEADS.match(text, start, end) else Speaker(start, end, None, None, True)

    def _someone_han(self, region: Region) -> Speaker | None:
        """Return the same in Chinese: from the mark before a noun to the name behind it, `国际刑警组织秘书长某某`, or 俄 in 俄称."""
        text, end = self.text, region.end
        if region.before and not text[end - 2 : end - 1].isalnum():
            if (short := naming.SHORT.get(text[end - 1 : end])) is not None:
                return Speaker(end - 1, end, ACTORS.index(short), None, True)
        nouns = naming.someone(self.language, text, region.start, end)
        for noun in reversed(nouns) if region.before else nouns:
            if (start := self._opened(noun[0])) is not None:
                stop = noun[1]
                if region.before:
                    name = _NAME_HAN.match(text, stop, naming.aside_han(text, stop, end))
                    stop = stop if name is None else name.end()
                short = naming.SHORT.get(text[start])
                return Speaker(start, stop, None if short is None else ACTORS.index(short), None, True)
        return None

    def _opened(self, noun: int) -> int | None:
        """Return where the phrase of a Chinese noun begins, or None where it is of somebody that is spoken to: 对俄媒体说."""
        text, first = self.text, self.reading.spans[self.reading.sentence(noun)][0]
        low = max(first, noun - _BEFORE_NOUN)
        stops = [stop.end() for stop in _EDGE_NOUN.finditer(text, low, noun)]
        start = stops[-1] if stops else low if low == first else noun
        if start > first and text[start - 1] in naming.HOST:
            return None
        leading = naming.LEADING_HAN.match(text, start, noun)
        return start if leading is None else leading.end()

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
        stop, end = end, naming.aside_han(text, start, end)
        name = text[start:end].strip()
        if (
            not 2 <= len(name) <= (_LONE_HAN if text[end:stop] == _AND_HAN else _ALONE_HAN)
            or name[-1] in _HARDLY_HAN
            or naming.NOBODY_HAN.match(name)
        ):
            return None
        start = text.index(name, start)
        return Speaker(start, start + len(name), None, None)

    def _led(self, noun: int, region: Region) -> int:
        """Return where the few words begin that stand between a verb and a noun behind it: `the defence ministry`."""
        ahead = self.text[region.start : noun]
        apart = len(ahead.split()) > FEW or APART.search(ahead) or naming.PLACED.search(ahead)
        led = naming.LED.match(ahead)
        return noun if apart else noun - len(ahead) + (0 if led is None else led.end())

    def _phrase(self, noun: int, region: Region) -> int:
        """Return where the words begin that belong to a noun."""
        start = noun
        for word in reversed(_STOP.split(self.text[region.start : noun])[-1].split()[-PHRASE:]):
            if word.lower() in naming.CONJUNCTIONS:
                break
            start = self.text.rindex(word, region.start, start)
        return start
