"""All terms of a language found in one pass over a text, and what each of them means.

One Aho–Corasick automaton a language, built when the first text of that language comes. This module finds; it weighs
nothing (`salience`, `topics`, `relations` do).
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extractors.folding import Folded, Folder
from extractors.labels import KINDS, SCRIPTS
from extractors.taxonomy import Taxonomy
from extractors.text import Span

Found = tuple[int, int, int, int]  # start and end in the folded text's plain form, rule, sentence


@dataclass(slots=True, kw_only=True)
class Hits:
    """What was found, in the order of the text; hits inside a longer one of the same label are left out."""

    actors: list[Found]
    topics: list[Found]
    cues: list[Found]
    nears: list[Found]  # start and end of both sides together, near rule, sentence


_LAYERS = ("actor", "topic", "cue", "near")
_Raw = tuple[int, int, int]  # start, end below nought so that the longest sorts first, rule
_Side = tuple[int, int, int]  # of a near rule: start, end, rule
_Raws = tuple[list[_Raw], list[_Raw], list[_Raw], list[_Raw]]  # by layer
_Meanings = tuple[tuple[int, int], ...]  # layer and rule
_MASKS = frozenset((("actor", float(KINDS.index("mask"))), ("topic", 0.0)))
_Check = tuple[str, bool, str, _Meanings]  # exact, capital, rest
_Following = dict[str, tuple[_Check, ...]]  # by the first letter of the next word


class Matcher:
    """The automaton of one language."""

    def __init__(self, known: Taxonomy, language: str) -> None:
        self._rules = known.rules
        self._nears = known.nears
        self._wide = language == "zh"
        self.fold = Folder(language, known.han if self._wide else {}).fold
        self._labels: dict[int, int] = {}  # of a rule, within its layer; all actors are one, since any swallows any
        self._means: dict[int, int] = {}  # what a rule says within its layer: actor, topic or cue
        self._masks: set[int] = set()
        grouped: dict[str, dict[tuple[str, bool, str], list[tuple[int, int]]]] = {}
        scopes = {scope for scope in {rule.scope for rule in known.rules} if _applies(scope, language)}
        for number, rule in enumerate(known.rules):
            if rule.scope not in scopes or (rule.term.bare and not self._wide):
                continue
            literal = rule.term.literal.strip() if self._wide else rule.term.literal
            key = (rule.term.exact, rule.term.capital, rule.term.rest)
            grouped.setdefault(literal, {}).setdefault(key, []).append((_LAYERS.index(rule.layer), number))
            self._means[number] = known.entities[rule.place][1] if rule.layer == "actor" else rule.place
            self._labels[number] = 0 if rule.layer == "actor" else rule.place
            if (rule.layer, rule.value) in _MASKS:
                self._masks.add(number)
        self._checks: list[tuple[_Check, ...]] = []  # of each literal by itself
        self._more: dict[int, _Following] = {}  # of a literal and more words
        for pattern, keys in enumerate(grouped.values()):
            checks = [(*key, tuple(to)) for key, to in keys.items()]
            self._checks.append(tuple(check for check in checks if not check[2]))
            for check in checks:
                if check[2]:
                    letters = self._more.setdefault(pattern, {})
                    letter = check[2].partition(" ")[2][0]
                    letters[letter] = (*letters.get(letter, ()), check)
        self._stems = [not literal.endswith(" ") for literal in grouped]
        self._ascii = [literal.isascii() for literal in grouped]
        # What a literal means by itself, where nothing else is asked for: most of what is found.
        self._plain: list[_Meanings] = [
            checks[0][3] if [check[:3] for check in checks] == [("", False, "")] and pattern not in self._more else ()
            for pattern, checks in enumerate(self._checks)
        ]
        self._find = AhoCorasick(
            list(grouped),
            matchkind=MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        ).find_matches_as_indexes

    def search(self, hay: str) -> list[tuple[int, int, int]]:
        """Return the automaton's raw matches in folded text: pattern, start, end. For measuring."""
        return self._find(hay, overlapping=True)

    def find(self, text: Folded, starts: list[int]) -> Hits:
        """Return everything found in a folded text whose sentences start there."""
        actors, topics, cues, nears = self._find_wide(text) if self._wide else self._find_spaced(text)
        return Hits(
            actors=self._longest(actors, starts),
            topics=self._longest(topics, starts),
            cues=self._longest(cues, starts),
            nears=self._near(text, nears, starts) if nears else [],
        )

    def _find_spaced(self, text: Folded) -> _Raws:
        """Return the hits by layer in a text whose words are apart by spaces."""
        hay, upper, stems, bare = text.hay, text.plain, self._stems, self._plain
        found: _Raws = ([], [], [], [])
        add = [layer.append for layer in found]
        for pattern, start, end in self._find(hay, overlapping=True):
            stop = hay.index(" ", end) - 1 if stems[pattern] else end - 2
            if meanings := bare[pattern]:
                for layer, rule in meanings:
                    add[layer]((start, -stop, rule))
                continue
            for exact, capital, rest, meanings in self._asked(pattern, hay, end):
                if capital and not upper[start].isupper():
                    continue
                if exact and upper[start : start + len(exact)] != exact:
                    continue
                last = stop
                if rest:
                    more = _compiled(rest).match(hay, end)
                    if more is None:
                        continue
                    last = hay.index(" ", more.end()) - 1
                for layer, rule in meanings:
                    add[layer]((start, -last, rule))
        return found

    def _find_wide(self, text: Folded) -> _Raws:
        """Return the hits by layer in Chinese, where only Latin words have bounds."""
        hay, plain, bare, ascii_ = text.hay, text.plain, self._plain, self._ascii
        found: _Raws = ([], [], [], [])
        add = [layer.append for layer in found]
        for pattern, begin, end in self._find(hay, overlapping=True):
            if ascii_[pattern] and (_is_latin(hay[begin - 1]) or _is_latin(hay[end])):
                continue
            start, stop = begin - 1, end - 1
            if meanings := bare[pattern]:
                for layer, rule in meanings:
                    add[layer]((start, -stop, rule))
                continue
            for exact, capital, rest, meanings in self._asked(pattern, hay, end):
                if (capital and not plain[start].isupper()) or (exact and plain[start : start + len(exact)] != exact):
                    continue
                if rest and _compiled(rest).match(hay, end) is None:
                    continue
                for layer, rule in meanings:
                    add[layer]((start, -stop, rule))
        return found

    def _asked(self, pattern: int, hay: str, end: int) -> tuple[_Check, ...]:
        """Return what must be asked where a literal was found that ends there: of itself, and of it and the next word."""
        checks = self._checks[pattern]
        if pattern in self._more:
            following = hay.index(" ", end) + 1
            checks += self._more[pattern].get(hay[following : following + 1], ())
        return checks

    def _longest(self, hits: list[_Raw], starts: list[int]) -> list[Found]:
        """Return the hits in order without those inside a longer one; masks swallow, and are dropped themselves.

        A mask swallows what is as long as itself, too.
        A longer actor swallows whatever it means (`South China Sea` is not China), other hits only those of their own label.
        The same span may mean two things at once (中欧), but each of them once, by the first of its rules, and nothing when one
        of them is a mask.
        """
        hits.sort()
        kept: list[Found] = []
        reach: dict[int, _Raw] = {}
        labels, masks = self._labels, self._masks
        for hit in hits:
            start, stop, rule = hit
            label = labels[rule]
            last = reach.get(label)
            if last is not None and start < -last[1]:
                if start != last[0] or stop != last[1] or last[2] in masks or self._again(kept, hit):
                    continue
            reach[label] = hit
            if rule not in masks:
                kept.append((start, -stop, rule, bisect_right(starts, start) - 1))
        return kept

    def _again(self, kept: list[Found], hit: _Raw) -> bool:
        """Tell whether what was kept last of the same span says the same."""
        start, stop, rule = hit
        for begin, end, other, _ in reversed(kept):
            if begin < start:
                return False
            if end == -stop and self._means[other] == self._means[rule]:
                return True
        return False

    def _near(self, text: Folded, hits: list[_Raw], starts: list[int]) -> list[Found]:
        """Return the places where both sides of a near rule stand close enough together."""
        sides: dict[int, tuple[list[_Side], list[_Side], list[_Side]]] = {}
        for hit in sorted([(start, -stop, rule) for start, stop, rule in hits]):
            rule = self._rules[hit[2]]
            side = sides.setdefault(rule.place, ([], [], []))[int(rule.value)]
            if not side or side[-1][:2] != hit[:2]:  # a word and its stem are one
                side.append(hit)
        found: list[Found] = []
        for number, (any_, with_, none) in sides.items():
            if any_ and with_:
                spans = _close(text.hay, any_, with_, none, self._nears[number].within, wide=self._wide)
                found += [(start, end, number, bisect_right(starts, start) - 1) for start, end in spans]
        return found


def _applies(scope: str, language: str) -> bool:
    """Tell whether the terms of a file are looked for in a language: its own, its script's, and Latin names everywhere."""
    return scope == language or scope == "latin" or language in SCRIPTS.get(scope, ())


@cache
def _compiled(rest: str) -> re.Pattern[str]:
    """Return the pattern of the words that must follow; few of the many are ever asked for."""
    return re.compile(rest)


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _close(
    hay: str, any_: list[_Side], with_: list[_Side], none: list[_Side], within: int, *, wide: bool
) -> list[Span]:
    """Return the spans in which one of the first and one of the second stand within so many words, no third beside them."""
    found: list[Span] = []
    first = 0
    reach = list(accumulate((end for _, end, _ in none), max))  # how far the first, the first two, … go
    room = within * (2 if wide else 16)
    for start, end, _ in any_:
        while first < len(with_) and with_[first][1] < start - room:
            first += 1
        for other_start, other_end, _ in with_[first : first + 8]:
            if other_start > end + room:
                break
            low, high = min(start, other_start), max(end, other_end)
            if max(start, other_start) < min(end, other_end):
                continue
            between = hay[min(end, other_end) + 1 : max(start, other_start) + 1]
            if not wide and len(between.split()) > within:
                continue
            near = bisect_left(none, (high + room,))
            if near and reach[near - 1] > low - room:
                continue
            found.append((low, high))
            break
    return found
