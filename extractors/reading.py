"""One article as the tagger reads it: title and text folded together, cut into sentences, with what was found in each.

Everything that weighs evidence (`salience`, `topics`, `relations`, `statements`) starts from a `Reading`; it decides
nothing itself.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from extractors import text, verbforms
from extractors.folding import Folded
from extractors.labels import ACTORS, CUE_IDS, EVENTS, KINDS
from extractors.matching import Found, Hits, Matcher
from extractors.model import Evidence, Part
from extractors.taxonomy import Taxonomy
from extractors.text import Span

LIMIT = 200_000  # characters of a text that are read; the rest of a longer one says nothing new
LEAD = 3  # sentences: the title and the first two

ACTS = len(EVENTS)  # the cues before this index are acts

_QUARREL = frozenset(CUE_IDS.index(f"event.{event}") for event in ("accuse", "reject", "threaten", "protest", "demand"))
_CONCORD = frozenset(CUE_IDS.index(f"event.{event}") for event in ("consult", "agree", "cooperate"))
SAY = CUE_IDS.index("speech.say")
PLACES = frozenset(KINDS.index(kind) for kind in ("place", "media"))  # kinds of mentions that say least of who acts
REACH, REACH_HAN = 45, 14  # characters between a name and its act
_HEADING, _HEADING_HAN = 100, 34  # characters of a line that may be a heading
_STOPS = frozenset(".!?…。！？；;:：,，\"»”’'）)")
ROW = 12  # characters between names in a row
ROW_MARK = re.compile(r"[,、，;；]|\b(?:and|und|et|i|и|та|й|și|e|y)\b|和|及|与")
_LETTER = re.compile(r"[^\W\d_]")
_DATELINE = re.compile(
    r"""(?:[A-ZÀ-Þ][\w.,/'’ -]{2,60}?\s*(?:\([A-Z][\w /.-]{1,30}\)\s*[-–—:]*|[-–—]{1,2}\s))
      | [^。，]{0,12}?(?:社|网|网讯|報|报|台|讯|訊)?[^。，]{1,8}?\d{1,2}月\d{1,2}日[电電讯訊]
      | (?:[А-ЯЁІЇ][А-ЯЁІЇа-яё-]+,\s)?\d{1,2}\s+[а-яіїє]+\.?\s*[—–-]\s
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Tables:
    """What the rules say, as columns, because the tagger asks for one value a million times."""

    actor: list[int]
    kind: list[int]
    index: list[int]
    value: list[float]
    keys: dict[int, str] = field(default_factory=dict)  # what `beside` calls a rule's term, as far as asked


def tables(known: Taxonomy) -> Tables:
    """Return the columns of a taxonomy's rules."""
    rules = known.rules
    return Tables(
        actor=[known.entities[r.place][1] if r.layer == "actor" else -1 for r in rules],
        kind=[int(r.value) if r.layer == "actor" else -1 for r in rules],
        index=[r.place for r in rules],
        value=[r.value for r in rules],
    )


@dataclass(slots=True)
class Side:
    """One actor in one article."""

    mentions: list[Found] = field(default_factory=list)
    sentences: set[int] = field(default_factory=set)
    kinds: list[int] = field(default_factory=lambda: [0] * len(KINDS))
    title: list[int] = field(default_factory=list)  # kinds named in the title
    subject: int = 0  # mentions with an act or saying right behind
    object: int = 0  # mentions right behind an act
    listed: int = 0  # mentions in a row of names
    lead: list[int] = field(default_factory=list)  # kinds named in the first sentences after it


class Reading:
    """Title and text of one article with what was found in them."""

    def __init__(
        self, title: str, body: str, language: str, matcher: Matcher, known: Taxonomy, columns: Tables
    ) -> None:
        self.title, self.body, self.language, self.known, self.columns = title, body, language, known, columns
        self.wide = language.startswith("zh")  # no spaces between words, and a character says as much as three letters
        self.offset = len(title) + 1  # of the body in the text as read
        self.titled = _LETTER.search(title) is not None
        self.whole = f"{title}\n{body[:LIMIT]}"
        self.folded: Folded = matcher.fold(self.whole)
        self.spans: list[Span] = self._cut()
        self._starts = [start for start, _ in self.spans]
        hits: Hits = matcher.find(self.folded, self._starts)
        self.sides: list[Side] = self._gather(hits.actors)
        self.topics, self.cues, self.nears = hits.topics, self._whole_verbs(hits.cues), hits.nears
        self._relate()

    def _cut(self) -> list[Span]:
        """Return the sentences of the folded text's plain form; the first is the title, or what stands first as posts have theirs."""
        plain = self.folded.plain
        spans = text.sentences(plain, self.language)
        if self.titled:
            head = plain.find("\n")
            return [(0, head), *[span for span in spans if span[0] > head]]
        first = next((number for number, span in enumerate(spans) if _LETTER.search(plain, *span)), 0)
        return [(spans[0][0], spans[first][1]), *spans[first + 1 :]] if spans else [(0, 0)]

    def _whole_verbs(self, cues: list[Found]) -> list[Found]:
        """Return the cues without German verbs whose other part is missing, and Chinese ones that are parts of words."""
        if self.wide:
            simple = self.folded.simple
            return [cue for cue in cues if cue[1] - cue[0] > 1 or not verbforms.inside(simple, cue[0])]
        if not self.language.startswith("de"):
            return cues
        plain, spans = self.folded.plain, self.spans
        return [cue for cue in cues if not verbforms.unfinished(plain, cue[:2], spans[cue[3]][1])]

    def sentence(self, at: int) -> int:
        """Return the number of the sentence at a place of the folded text's plain form."""
        return max(0, bisect_right(self._starts, at) - 1)

    def _gather(self, hits: list[Found]) -> list[Side]:
        """Return what was found of each actor."""
        sides = [Side() for _ in ACTORS]
        actor_of, kind_of = self.columns.actor, self.columns.kind
        dateline = self.dateline
        for found in hits:
            rule, sentence = found[2], found[3]
            if dateline[0] <= found[0] < dateline[1]:
                continue
            side, kind = sides[actor_of[rule]], kind_of[rule]
            side.mentions.append(found)
            side.sentences.add(sentence)
            side.kinds[kind] += 1
            if sentence == 0:
                side.title.append(kind)
            elif sentence < LEAD:
                side.lead.append(kind)
        return sides

    @cached_property
    def dateline(self) -> Span:
        """Return where the place and agency stand that a report opens with; who is named there is not its matter."""
        plain, head = self.folded.plain, self.spans[0][1] if self.titled else 0
        begin = len(plain) - len(plain[head:].lstrip())
        match = _DATELINE.match(plain, begin, begin + 120)
        return match.span() if match else (0, 0)

    def _relate(self) -> None:
        """Count for each side how often it acts, is acted upon, or merely stands in a row of names."""
        actor_of, cue_of, plain = self.columns.actor, self.columns.index, self.folded.plain
        reach = REACH_HAN if self.wide else REACH
        events = [(start, end, actor_of[rule], sentence) for start, end, rule, sentence in self.mentions]
        for start, end, rule, sentence in self.cues:
            cue = cue_of[rule]
            if cue < ACTS:
                events.append((start, end, -1, sentence))
            elif cue == SAY:
                events.append((start, end, -2, sentence))
        events.sort()
        named: tuple[int, int, int, int] | None = None
        act: tuple[int, int, int, int] | None = None
        for event in events:
            start, _, who, sentence = event
            if who < 0:
                if named is not None and named[3] == sentence and start - named[1] <= reach:
                    self.sides[named[2]].subject += 1
                    named = None
                if who == -1:
                    act = event
                continue
            if act is not None and act[3] == sentence and start - act[1] <= reach:
                self.sides[who].object += 1
                act = None
            if named is not None and named[2] != who and named[3] == sentence and 0 <= start - named[1] <= ROW:
                if ROW_MARK.search(plain, named[1], start):
                    self.sides[who].listed += 1
                    self.sides[named[2]].listed += 1
            named = event

    @cached_property
    def mentions(self) -> list[Found]:
        """The mentions of all actors in the order of the text."""
        return sorted([mention for side in self.sides for mention in side.mentions])

    @cached_property
    def headings(self) -> set[int]:
        """The sentences of the body that are short lines without a stop: headings, or entries of an index."""
        plain, longest = self.folded.plain, _HEADING_HAN if self.wide else _HEADING
        return {
            number
            for number, (start, end) in enumerate(self.spans)
            if number and end - start <= longest and plain[end - 1] not in _STOPS and plain[end : end + 1] in ("", "\n")
        }

    @cached_property
    def cue_counts(self) -> list[int]:
        """How often each cue was found, in the order of `CUE_IDS`."""
        counts, index = [0] * len(CUE_IDS), self.columns.index
        for _, _, rule, _ in self.cues:
            counts[index[rule]] += 1
        return counts

    @cached_property
    def cued(self) -> dict[int, list[int]]:
        """The cues of each sentence that has any."""
        found: dict[int, list[int]] = {}
        index = self.columns.index
        for _, _, rule, sentence in self.cues:
            if sentence in found:
                found[sentence].append(index[rule])
            else:
                found[sentence] = [index[rule]]
        return found

    @cached_property
    def several(self) -> set[int]:
        """The sentences that name more than one actor."""
        once: set[int] = set()
        again: set[int] = set()
        for side in self.sides:
            again |= once & side.sentences
            once |= side.sentences
        return again

    @cached_property
    def meetings(self) -> tuple[list[int], list[int]]:
        """The sentences in which two actors quarrel, and those in which they meet or agree."""
        cued = self.cued
        several = sorted(self.several & cued.keys())
        quarrel = [s for s in several if not _QUARREL.isdisjoint(cued[s])]
        concord = [s for s in several if not _CONCORD.isdisjoint(cued[s])]
        return quarrel, concord

    def locate(self, start: int, end: int) -> tuple[Part, int, int]:
        """Return part and offsets in the original title or text for a span of the folded text's plain form."""
        start, end = self.folded.origin(start, end)
        offset = self.offset
        if end < offset and self.title:
            return "title", start, end
        return "text", start - offset if start > offset else 0, end - offset if end > offset else 0

    def evidence(self, start: int, end: int, rule: str) -> Evidence:
        """Return the span as evidence for a rule."""
        part, start, end = self.locate(start, end)
        quote = (self.title if part == "title" else self.body)[start:end]
        return Evidence(part=part, start=start, end=end, quote=quote, rule=rule)
