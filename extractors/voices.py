"""Who says it: where the speaker of a verb is looked for, and who is meant where nobody is named but `he` or `the ministry`.

Who is named there belongs to `speakers`; asked for in the order of the text, since who spoke before may speak on.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice

from extractors import naming, speech
from extractors.labels import KINDS
from extractors.matching import Found
from extractors.phrases import Region, Speaker
from extractors.reading import Reading
from extractors.speakers import LIKELY, Names
from extractors.text import Span

_REACH, _REACH_HAN = 110, 30  # characters between a speaker and the verb
_LIKELY_BEHIND = 15  # characters that one who usually speaks may be further behind the verb
_MEMORY = 1_200  # characters for which it is remembered who spoke
_PRONOUN_NEAR = 24  # characters between a pronoun and its verb
_BACK = 4  # sentences in which a ministry is looked for that is only called the ministry
_CLOSING = '”“»」』"'
_LEAD = 16  # characters before a name in which it may stand in another's place
_OPENING = " \n\"'“„«»「『‘"
_JOINT = 12  # characters before a verb in which `and` may stand
_PERSONS = frozenset((KINDS.index("office"), KINDS.index("person")))
_TURNED = 6  # characters between what was said and its verb
_FULL = 4  # spaces in the name of one who is named in full
_MANY = 10  # words of somebody behind `according to`
_INSTITUTION = KINDS.index("institution")
_LINES = 120  # lines with a label that are looked at
_ANSWER = 60  # characters that are more than a line of a table
_LETTER = re.compile(r"\w")


class Voices:
    """The speakers of one article."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.names = reading, Names(reading)
        self.text = self.names.text
        self._last: tuple[int, Speaker] | None = None
        self._of: dict[int, Speaker | None] = {}  # by where the verb begins
        self._within: tuple[int, Speaker] | None = None  # the sentence of the last verb, and who says it

    def of(self, verb: Found, words: Span) -> Speaker | None:
        """Return who says the words with a verb, and remember it; more words of the same verb are the same speaker's."""
        if verb[0] not in self._of:
            speaker = self._of[verb[0]] = self._says(verb, words)
            if speaker is not None:
                self._keep(speaker, verb, words)
        return self._of[verb[0]]

    def _says(self, verb: Found, words: Span) -> Speaker | None:
        """Return who says the words with a verb: whom its own words make certain, or who is named beside it, the likeliest first."""
        said, goes_on = self._said(verb), self._goes_on(verb)
        if said in speech.SOURCES and (said not in speech.SOURCED or speech.SOURCE_DE.match(self.text, verb[1])):
            return self._source(verb, said)
        regions = self._regions(verb, words, goes_on=goes_on)
        alone = regions if self._inverted(verb, words) else [region for region in regions if region.before]
        found = chain(
            (self._certain(verb, said, goes_on=goes_on),),
            (self._in(region, verb, goes_on=goes_on) for region in regions),
            map(self.names.phrases.unnamed, map(self._without_aside, alone)),
            map(self._whoever, regions if said in speech.ACCORDING_TO else ()),
            (self._paper(region, verb) for region in regions if said in speech.IMPERSONAL),
        )
        speaker = next((speaker for speaker in found if speaker is not None), None)
        if speaker is None:
            return None
        if said in speech.ACCORDING_TO and regions[0].start <= speaker.start:
            speaker = self._in_full(speaker, regions[0])
        return self._known_as(self.names.sided(speaker), verb)

    def _said(self, verb: Found) -> str:
        """Return a verb of saying as it is written, in small letters."""
        return self.text[verb[0] : verb[1]].lower()

    def _certain(self, verb: Found, said: str, *, goes_on: bool) -> Speaker | None:
        """Return whose view it is (`in his view`), or who speaks in the verb's sentence already: `…, X said, adding that`."""
        if said in speech.ITS_VIEW:
            return self.going_on(verb[0]) or self._named(verb[0], "")
        return self._within[1] if goes_on and self._within is not None and self._within[0] == verb[3] else None

    def _source(self, verb: Found, said: str) -> Speaker | None:
        """Return who is behind a German word for a source: `Medienberichten zufolge`, `demnach`, `nach eigenen Angaben`."""
        if said == "demnach":
            return self.going_on(verb[0])
        if said in speech.BEHIND_WHOM:
            first = self.reading.spans[verb[3]][0]
            source = speech.WHOM.search(self.text, max(first, verb[0] - _REACH), verb[0])
        else:
            source = speech.SOURCE_DE.match(self.text, verb[1])
        if source is None:
            return None
        if source[0].lstrip().startswith("eigenen"):
            own = self.names.between(self.reading.spans[verb[3]][0], verb[0])
            return self.names.speaker(own[0]) if own else None  # the first of a side that the sentence names
        if source[1] == "Angaben":
            return self.going_on(verb[0])
        return self.names.sided(Speaker(*source.span(1), None, None))

    def _keep(self, speaker: Speaker, verb: Found, words: Span) -> None:
        """Remember who said something, for what comes: who speaks on, and who is known by a surname now."""
        self._within = verb[3], speaker
        self.names.learn(speaker)
        sourced = self._said(verb) in speech.ACCORDING and not speaker.likely and speaker.actor is None
        if not sourced and self.text[speaker.start : speaker.end].lower() not in naming.AGAIN:
            self._last = words[1], speaker

    def labelled(self) -> Iterator[tuple[Span, Speaker]]:
        """Return the words of lines that begin with who says them: a known side, or a name that begins more lines."""
        if ":" not in self.text and "：" not in self.text:
            return
        lines = list(islice(speech.LABELLED.finditer(self.text), _LINES))
        times = Counter(line[1] for line in lines if "?" in self.text)  # an interview asks
        for line in lines:
            speaker = self.names.filling(Region(*line.span(1), before=True)) if self._heads(line.start()) else None
            if speaker is None and times[line[1]] > 1 and len(line[2]) > _ANSWER and naming.FULL.fullmatch(line[1]):
                speaker = self.names.sided(Speaker(*line.span(1), None, None))
            if speaker is not None:
                yield line.span(2), speaker

    def _heads(self, place: int) -> bool:
        """Tell whether a title or a heading begins at a place."""
        sentence = self.reading.sentence(place)
        return not sentence or sentence in self.reading.headings

    def remember(self, words: Span, speaker: Speaker) -> Speaker:
        """Return a speaker, after it was kept for who speaks on."""
        self._last = words[1], speaker
        return speaker

    def _known_as(self, speaker: Speaker, verb: Found) -> Speaker:
        """Return who is meant by a paper that speaks, its issuer, or by a Chinese noun alone (发言人), who was called so."""
        if speaker.actor is not None:
            return speaker
        if self.reading.wide and naming.BARE_HAN.fullmatch(self.text, speaker.start, speaker.end):
            return self._named(verb[0], self.text[speaker.start : speaker.end]) or speaker
        if not naming.PAPER.fullmatch(self.text, speaker.start, speaker.end):
            return speaker
        start = self.reading.spans[max(0, self.reading.sentence(speaker.start) - 1)][0]
        kind = self.reading.columns.kind
        named = (mention for mention in self.names.between(start, speaker.start) if kind[mention[2]] == _INSTITUTION)
        return next((self.names.speaker(mention, likely=True) for mention in named), speaker)

    def _in_full(self, speaker: Speaker, region: Region) -> Speaker:
        """Return who `according to` stands before with all that it stands before: `сообщению Тихоокеанского флота`."""
        whole = self._whoever(region)
        words = 0 if whole is None else self.text.count(" ", whole.start, whole.end)
        if whole is None or words > _FULL or self.text[whole.end : whole.end + 1] not in tuple(",."):
            return speaker
        inside = whole.start <= speaker.start and speaker.end <= whole.end
        return speaker._replace(start=whole.start, end=whole.end) if inside else speaker

    def going_on(self, place: int) -> Speaker | None:
        """Return who spoke last, if that is not long ago."""
        return self._last[1] if self._last is not None and place - self._last[0] <= _MEMORY else None

    def _inverted(self, verb: Found, words: Span) -> bool:
        """Tell whether somebody that no list knows may stand behind a verb: where that is usual, or right behind what was said."""
        turned = self.names.language not in naming.STRAIGHT or verb[0] == self.reading.spans[verb[3]][0]
        return turned or 0 <= verb[0] - words[1] <= _TURNED or self._said(verb) in speech.ACCORDING_TO

    def _whoever(self, region: Region) -> Speaker | None:
        """Return all that `according to` stands before, up to the comma."""
        region = self._without_aside(region)
        name = self.text[region.start : region.end].strip(" .,;:–—-’'”“\"»«")
        if not 0 < len(name.split()) <= _MANY or (name.islower() and " " not in name):
            return None
        if any(char.isdigit() or char in speech.QUOTING for char in name) or name.lower().startswith(naming.THEMSELVES):
            return None
        start = self.text.index(name, region.start)
        if naming.THEIR.search(name.partition(" ")[0]):
            return None  # `according to their screens`
        return Speaker(start, start + len(name), None, None)

    def _paper(self, region: Region, verb: Found) -> Speaker | None:
        """Return in what it says so, of a verb that nobody speaks (`heißt es in dem Papier`), or who spoke before."""
        pattern = naming.SAID_IN.get(self.names.language)
        where = pattern.search(self.text, region.start, region.end) if pattern else None
        return self.going_on(verb[0]) if where is None else Speaker(*where.span(1), None, None)

    def implied(self, words: Span) -> Speaker | None:
        """Return whose words a sentence reports that says nothing of it, and remember it.

        That is who spoke in the sentence before, or who is named there first, or who spoke last.
        """
        speaker, sentence = self.going_on(words[0]), self.reading.sentence
        if speaker is None or self._last is None or sentence(words[0]) - sentence(self._last[0]) > 1:
            speaker = self._named(words[0], "") or speaker
        if speaker is not None:
            self._last = words[1], speaker
        return speaker

    def introduced(self, words: Span) -> Speaker | None:
        """Return whose a quotation without a verb is, and remember it: who is named before its colon."""
        text, end = self.text, words[0]
        while end and text[end - 1] in _OPENING:
            end -= 1
        if text[end - 1 : end] not in (":", "："):
            return None
        first = self.reading.spans[self.reading.sentence(end - 1)][0]
        first = max(first, end - (_REACH_HAN if self.reading.wide else _REACH))
        first = max(first, *(text.rfind(mark, first, end) + 1 for mark in _CLOSING))
        region = Region(first, end - 1, before=True)
        found = [speaker for speaker in self.names.all(region, first=False) if speaker.likely]
        best = min(found, key=lambda speaker: _gap(speaker, region), default=None)
        if best is None or naming.LED_TO.search(text, max(first, best.start - _LEAD), best.start):
            return None  # `he greeted X with the words: “…”`
        self._last = words[1], best
        return best

    def _regions(self, verb: Found, words: Span, *, goes_on: bool) -> list[Region]:
        """Return where the speaker is looked for, best first."""
        first, last = self.reading.spans[verb[3]]
        reach = _REACH_HAN if self.reading.wide else _REACH
        low = max(first, verb[0] - (_MEMORY if goes_on else reach))
        high = min(last, verb[1] + reach)
        if words[1] <= verb[0]:
            low = max(low, words[1])  # `“…”, a spokesman said` or `“…”, said a spokesman`
        elif words[0] >= verb[1]:
            high = min(high, max(words[0], verb[1]))
        before, behind = Region(low, verb[0], before=True), Region(verb[1], high, before=False)
        alone = _LETTER.search(self.text, low, verb[0]) is None
        if alone or (words[1] > verb[0] and self._said(verb) in speech.ACCORDING_TO):
            return [behind]
        return [before] if self._said(verb) in speech.TOLD else [before, behind]

    def _goes_on(self, verb: Found) -> bool:
        """Tell whether a verb goes on with who its sentence began with: `X met Y and said`, `X met Y, saying`."""
        near = max(self.reading.spans[verb[3]][0], verb[0] - _JOINT)
        joined = speech.AND.search(self.text, near, verb[0]) is not None
        return joined or self._said(verb).endswith(speech.GOING_ON)

    def _in(self, region: Region, verb: Found, *, goes_on: bool) -> Speaker | None:
        """Return who is named in a region beside the verb: whoever stands nearest, or first where the verb goes on."""
        goes_on = goes_on and region.before
        if not goes_on:
            region = self._without_aside(region)
        found = self.names.all(region, first=goes_on)
        if goes_on:
            best = min(found, key=lambda speaker: speaker.start, default=None)
        else:
            best = min(found, key=lambda speaker: _gap(speaker, region), default=None)
        nearest = region.before and not goes_on
        if best is not None and best.actor is not None and nearest and region.end - best.end <= 1:
            return best
        same = self._same(region, verb, nearest=nearest)
        if same is not None and (
            best is None
            or (best.actor is None and (same["noun"] or same["of"] or same["other"]))
            or not _holds(best, same, nearest=nearest)
        ):
            return self._before(same, verb[0])
        return best or (self.going_on(verb[0]) if goes_on else None)

    def _without_aside(self, region: Region) -> Region:
        """Return the region without what stands between commas beside the verb: `X, who met Y, said`, `said X, adding`."""
        text, (start, end, before) = self.text, region
        if not before:
            comma = text.find(",", start, end)
            return region._replace(end=comma) if comma > start and _LETTER.search(text, start, comma) else region
        stop = start + len(text[start:end].rstrip())
        mark = naming.ASIDE.get(text[stop - 1]) if stop > start else None
        opened = text.rfind(mark, start, stop - 1) if mark is not None else -1
        return region._replace(end=opened) if opened > start and _LETTER.search(text, start, opened) else region

    def _same(self, region: Region, verb: Found, *, nearest: bool) -> re.Match[str] | None:
        """Return the pronoun or noun for somebody who was named before, next to the verb or in it (`a-t-il dit`)."""
        if self._said(verb) in speech.IMPERSONAL:
            return None
        if nearest:
            near = max(region.start, region.end - _PRONOUN_NEAR), region.end
        else:
            near = region.start, min(region.end, region.start + _PRONOUN_NEAR)
        for start, end in (near, verb[:2]):
            words = naming.WORD.findall(self.text[start:end].lower())
            if self.reading.wide or not naming.AGAIN.isdisjoint(words):  # looking for words is faster
                same = list(naming.SAME.finditer(self.text, start, end))
                if same:
                    return same[-1 if nearest else 0]
        return None

    def _before(self, same: re.Match[str], place: int) -> Speaker:
        """Return who is meant by `he` or `the ministry`: who was named so, who spoke last, or who is named in the sentence before.

        Where nobody is, the word itself.
        """
        noun = (same["noun"] or same["of"] or same["other"] or "").lower()
        last = self.going_on(place)
        if same.group().lower() in naming.MANY:
            found = self._named(place, "", anybody=True) or last
        elif noun:
            found = self._named(place, noun) or last or (self._named(place, "") if same["other"] else None)
        else:
            found = last or self._named(place, "")
            if same.group().lower() in naming.ONE and found is not None and not self._is_person(found):
                found = self._person(place)  # no ministry is a she
        return found or Speaker(*same.span(), None, None)

    def _is_person(self, speaker: Speaker) -> bool:
        """Tell whether a speaker may be called he or she: somebody by name or in an office, not a ministry or a state."""
        kind = self.reading.columns.kind
        if any(kind[mention[2]] in _PERSONS for mention in self.names.between(speaker.start, speaker.end)):
            return True
        text = self.text[speaker.start : speaker.end]
        return naming.SOMEBODY.search(text) is not None or (
            speaker.actor is None and naming.FULL.search(text) is not None
        )

    def _person(self, place: int) -> Speaker | None:
        """Return the last name and surname of the sentence before, where that quotes nobody."""
        number = self.reading.sentence(place)
        span = self.reading.spans[max(0, number - 1)]
        if not number or not speech.QUOTING.isdisjoint(self.text[slice(*span)]):
            return None
        found = naming.PERSON.finditer(self.text[slice(*span)])
        names = [(span[0] + name.start(1), span[0] + name.end(1)) for name in found]
        own = [name for name in names if not self.names.between(*name)]
        return Speaker(*own[-1], None, None, True) if own else None

    def _named(self, place: int, noun: str, *, anybody: bool = False) -> Speaker | None:
        """Return the last in some sentences before that is called by a noun, or the first person in the sentence before."""
        number, found = self.reading.sentence(place), None
        start = max(place - _MEMORY, self.reading.spans[max(0, number - (_BACK if noun else 1))][0])
        for mention in self.names.between(start, place):
            role = self.names.role(mention)
            span = role or mention[:2]
            if noun and noun in self.text[span[0] : span[1]].lower():
                found = self.names.speaker(mention, span)
            elif not noun and (anybody or role or self.reading.columns.kind[mention[2]] in _PERSONS):
                return self.names.speaker(mention, span)
        return found


def _gap(speaker: Speaker, region: Region) -> int:
    """Return how far a speaker is from the verb; those who usually speak are nearer."""
    if region.before:
        return region.end - speaker.end - (LIKELY if speaker.likely else 0)
    return speaker.start - region.start - (_LIKELY_BEHIND if speaker.likely else 0)


def _holds(speaker: Speaker, same: re.Match[str], *, nearest: bool) -> bool:
    """Tell whether a speaker stands nearer to the verb than a pronoun, or holds it."""
    return speaker.end > same.start() if nearest else speaker.start <= same.end() + 1
