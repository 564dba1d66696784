"""The taxonomy: what the data files say, checked, in a form that matches fast and can be pickled.

`load` reads `data/actors`, `data/topics`, `data/cues` and the weights, and refuses a bad file with its line and reason.
`fingerprint` is the version without the work, so that a caller can keep a pickled taxonomy under it. The format of the
files is described in `README.md` of this package; finding terms in a text belongs to `matching`, reading a file to `datafile`.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from extractors import weighing
from extractors.datafile import Document, Problem
from extractors.labels import ACTORS, CUE_IDS, CUES, GRADES, KINDS, LANGUAGES, SCRIPTS, TOPICS
from extractors.terms import Term

CODE = "11"  # goes up when the same data would give other tags
DATA = Path(__file__).parent / "data"
_HOLDER = {"office": str, "name": str, "person": str, "from": date, "to": date}  # `to` may be missing
_NEAR_GRADES = tuple(grade for grade in GRADES if grade != "mask")  # a near rule swallows nothing
_REFIT = "restore the file, or remove it and fit the weights anew with `python -m tests.eval.fit`"
Layer = Literal["actor", "topic", "cue", "near"]


class Rule(NamedTuple):
    """A term and what it means: an entity's kind, a topic's grade, a cue, or a side of a near rule.

    A named tuple, as `Term`: there are tens of thousands, and a pickle of these is read four times as fast.
    """

    scope: str  # a language, or a script for all its languages
    term: Term
    layer: Layer
    place: int  # of the entity, topic, cue or near rule in its list
    value: float  # the kind's index, the grade's weight, or the side (0 any, 1 with, 2 none)
    name: str  # for people: file, label and term


def _rank(rule: Rule) -> tuple[bool, float, int, bool]:
    """Return what comes first of two rules for the same words: a mask, the stronger grade, the longer term, a whole word."""
    mask = GRADES["mask"] if rule.layer == "topic" else KINDS.index("mask")
    grade, raw = rule.value if rule.layer == "topic" else 0.0, rule.term.raw
    return rule.value != mask, -grade, -len(raw.replace("*", "")), raw.endswith("*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Any of these within some words of any of those, and none of others between or beside them."""

    topic: int
    within: int
    weight: float
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who held an office, from a day up to another (None: until today)."""

    office: str
    name: str
    person: str  # entity id
    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """Everything the tagger knows, under one version. Picklable."""

    version: str
    entities: tuple[tuple[str, int], ...]  # id and index of the actor
    rules: tuple[Rule, ...]
    nears: tuple[Near, ...]
    holders: dict[str, tuple[Holder, ...]]  # by office
    han: dict[str, str]  # traditional to simplified
    weights: dict[str, dict[str, Any]] = field(default_factory=dict)
    words: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)  # by kind and language


def fingerprint(directory: Path | None = None) -> str:
    """Return the version that `load` would give, at the price of reading the files."""
    root = directory or DATA
    digest = hashlib.sha256(CODE.encode())
    for path in _files(root):
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def load(directory: Path | None = None) -> Taxonomy:
    """Read, check and compile the data files; raise `Problem` for a bad one."""
    root = directory or DATA
    building = _Building()
    for path in _files(root):
        document = Document.read(path, root)
        folder = path.parent.name if path.parent != root else path.stem
        match folder:
            case "actors" if path.stem == "offices":
                building.add_offices(document)
            case "actors":
                building.add_actors(document)
            case "topics":
                building.add_topics(document)
            case "cues":
                building.add_cues(document)
            case "han":
                building.add_han(document)
            case "words":
                building.add_words(document)
            case _:
                building.add_weights(document)
    building.check_offices()
    return Taxonomy(
        version=fingerprint(root),
        entities=tuple((name, ACTORS.index(name.split("/")[0])) for name in building.entities),
        rules=tuple(sorted(building.rules, key=_rank)),
        nears=tuple(building.nears),
        holders={office: tuple(holders) for office, holders in building.holders.items()},
        han=building.han,
        weights=building.weights,
        words=building.words,
    )


def _files(root: Path) -> list[Path]:
    """Return the taxonomy's files in a fixed order: each behind those that it is checked by."""
    inside = [path for folder in ("actors", "topics", "cues") for path in sorted((root / folder).glob("*.toml"))]
    return [
        *(path for path in (root / "han.toml",) if path.exists()),
        *inside,
        *(path for path in (root / "weights.toml", root / "words.toml") if path.exists()),
    ]


class _Building:
    """What has been read so far."""

    def __init__(self) -> None:
        self.entities: dict[str, int] = {}
        self.rules: list[Rule] = []
        self.nears: list[Near] = []
        self.holders: dict[str, list[Holder]] = {}
        self.han: dict[str, str] = {}
        self.simpler: dict[int, str] = {}  # the same, for `str.translate`
        self.weights: dict[str, dict[str, Any]] = {}
        self.words: dict[str, dict[str, dict[str, float]]] = {}
        self.named: list[tuple[Document, int, str]] = []  # entities that holders name, from which line on
        self.said: dict[tuple[object, ...], list[tuple[Document, int, str]]] = {}  # tables with a term, by what it says

    def add_actors(self, document: Document) -> None:
        """Take `[ACTOR.entity]` tables with a list of terms per kind."""
        for actor, entities in document.content.items():
            if actor not in ACTORS:
                raise document.key_problem(actor, f"no actor {actor!r}; there are {', '.join(ACTORS)}")
            for entity, kinds in document.table(entities, actor, f"{actor}.<entity>").items():
                index = self.entities.setdefault(f"{actor}/{entity}", len(self.entities))
                line = document.key_line(f"{actor}.{entity}")
                for kind, raws in document.table(kinds, entity, f"{actor}.{entity}").items():
                    if kind not in KINDS:
                        raise document.key_problem(kind, f"no kind {kind!r}; there are {', '.join(KINDS)}", line)
                    listed = document.strings(raws, kind, line)
                    self._add(document, "actor", index, KINDS.index(kind), listed, f"{actor}/{entity}", line)
                document.refuse_twice(kinds, line)

    def add_topics(self, document: Document) -> None:
        """Take `[topic]` tables with a list of terms per grade, and `[[near]]` rules."""
        for line, near in document.rows("near"):
            self._add_near(document, line, near)
        for topic, grades in document.content.items():
            if topic == "near":
                continue
            if topic not in TOPICS:
                raise document.key_problem(topic, f"no topic {topic!r}; there are {', '.join(TOPICS)}")
            line = document.key_line(topic)
            for grade, raws in document.table(grades, topic, topic).items():
                if grade not in GRADES:
                    raise document.key_problem(grade, f"no grade {grade!r}; there are {', '.join(GRADES)}", line)
                listed = document.strings(raws, grade, line)
                self._add(document, "topic", TOPICS.index(topic), GRADES[grade], listed, topic, line)
            document.refuse_twice(grades, line)

    def _add_near(self, document: Document, line: int, near: dict[str, Any]) -> None:
        """Take one rule: topic, any, with, within words, none, grade."""
        if unknown := set(near) - {"topic", "any", "with", "within", "none", "grade"}:
            raise document.key_problem(min(unknown), f"a near rule has no `{min(unknown)}`", line)
        topic, within, grade = near.get("topic"), near.get("within", 6), near.get("grade", "plain")
        if topic not in TOPICS:
            raise document.problem(str(topic), f"no topic {topic!r}; there are {', '.join(TOPICS)}", line)
        if type(within) is not int or not 0 < within <= 40:  # `true` is an int, too
            raise document.key_problem("within", "`within` must be 1 to 40 words", line)
        if grade not in _NEAR_GRADES:
            reason = f"no grade {grade!r} of near rules; there are {', '.join(_NEAR_GRADES)}"
            raise document.key_problem("grade", reason, line)
        index = len(self.nears)
        self.nears.append(
            Near(
                topic=TOPICS.index(topic),
                within=within,
                weight=GRADES[grade],
                name=f"{document.file}:{line} {topic} near",
            )
        )
        for side, key in enumerate(("any", "with", "none")):
            raws = document.strings(near.get(key, []), key, line)
            if not raws and key != "none":
                raise document.problem(str(topic), f"a near rule needs `{key}`", line)
            self._add(document, "near", index, side, raws, f"{topic} near", line)

    def add_cues(self, document: Document) -> None:
        """Take `[event]`, `[domain]`, `[pair]`, `[speech]` and `[frame]` tables with lists of terms."""
        for group, names in document.content.items():
            if group not in CUES:
                raise document.key_problem(group, f"no cue group {group!r}; there are {', '.join(CUES)}")
            line = document.key_line(group)
            for name, raws in document.table(names, group, group).items():
                if name not in CUES[group]:
                    reason = f"no cue {name!r} in {group}; there are {', '.join(CUES[group])}"
                    raise document.key_problem(name, reason, line)
                cue, listed = f"{group}.{name}", document.strings(raws, name, line)
                self._add(document, "cue", CUE_IDS.index(cue), 0, listed, cue, line)
                document.refuse_twice({name: listed}, document.key_line(name, line))

    def add_offices(self, document: Document) -> None:
        """Take `[[holder]]` tables: office, name, person, from, to."""
        for key in document.content:
            if key != "holder":
                raise document.key_problem(key, f"no table {key!r} of offices; there is [[holder]]")
        for line, row in document.rows("holder"):
            self._add_holder(document, line, row)

    def _add_holder(self, document: Document, line: int, row: dict[str, Any]) -> None:
        """Take one holder, who must leave before the next one of the office comes."""
        for key in row:
            if key not in _HOLDER:
                raise document.key_problem(key, f"a holder has no `{key}`; there are {', '.join(_HOLDER)}", line)
        for key, kind in _HOLDER.items():
            if key in row and (type(row[key]) is not kind or not row[key]):  # a day with a time is a `date`, too
                wanted = "a day as 2024-12-01" if kind is date else "a string"
                raise document.key_problem(key, f"`{key}` of a holder must be {wanted}", line)
            if key not in row and key != "to":
                raise Problem(document.file, line, f"a holder needs `{key}`")
        holder = Holder(
            office=row["office"], name=row["name"], person=row["person"], since=row["from"], until=row.get("to")
        )
        if holder.until is not None and holder.until < holder.since:
            raise document.problem(holder.name, f"{holder.name} leaves office before taking it", line)
        for other in self.holders.get(holder.office, ()):
            if holder.since <= (other.until or date.max) and other.since <= (holder.until or date.max):
                reason = (
                    f"{holder.name} and {other.name} hold {holder.office} on the same day; `to` is the last in office"
                )
                raise document.problem(holder.name, reason, line)
        self.holders.setdefault(holder.office, []).append(holder)
        self.named += [(document, line, holder.office), (document, line, holder.person)]

    def check_offices(self) -> None:
        """Refuse offices and persons that no file has terms for."""
        for document, line, entity in self.named:
            if entity not in self.entities:
                raise document.problem(entity, f"no actor file has an entity {entity!r}", line)

    def add_weights(self, document: Document) -> None:
        """Take the tables of the models, one a kind of label."""
        for kind, value in document.content.items():
            table = document.table(value, kind, kind)
            try:
                weighing.check(kind, table)
            except ValueError as error:
                raise document.key_problem(kind, f"[{kind}] {error}; {_REFIT}") from error
        if lacking := [kind for kind in weighing.LABELS if kind not in document.content]:
            reason = f"ends without {', '.join(f'[{kind}]' for kind in lacking)}; {_REFIT}"
            raise Problem(document.file, len(document.lines) or 1, reason)
        self.weights = document.content

    def add_words(self, document: Document) -> None:
        """Take the weights of words by kind of model and language."""
        for kind, languages in document.content.items():
            if self.weights and kind not in self.weights:  # without any, they are being fitted anew
                raise document.key_problem(kind, f"no model {kind!r} in weights.toml")
            for language, words in document.table(languages, kind, f"{kind}.<language>").items():
                form = f"{kind}.{language}"
                if language not in LANGUAGES:
                    raise document.key_problem(form, f"no language {language!r}; there are {', '.join(LANGUAGES)}")
                for word, weight in document.table(words, language, form).items():
                    if not weighing.is_number(weight):
                        raise document.problem(word, f"{word!r} must weigh a number", document.key_line(form))
        self.words = document.content

    def add_han(self, document: Document) -> None:
        """Take the character pairs."""
        both = ("".join(document.strings(document.content.get(key), key)) for key in ("traditional", "simplified"))
        traditional, simplified = both
        if len(traditional) != len(simplified):
            raise document.problem("simplified", "the two lists differ in length")
        self.han = dict(zip(traditional, simplified, strict=True))
        self.simpler = str.maketrans(self.han)

    def _add(
        self, document: Document, layer: Layer, index: int, value: float, raws: list[str], label: str, start: int
    ) -> None:
        """Add a rule for each term of a list that stands from a line on."""
        for raw in raws:
            name = f"{document.file} {label}: {raw}"
            term = document.term(raw, start)
            # Texts are made simplified before they are searched, so that it could never match.
            if term.bare and (simple := raw.translate(self.simpler)) != raw:
                raise document.problem(raw, f"term {raw!r} is in traditional characters; write {simple!r}", start)
            self._refuse_again(document, layer, index, value, term, label, start)
            self.rules.append(
                Rule(scope=document.scope, term=term, layer=layer, place=index, value=float(value), name=name)
            )

    def _refuse_again(
        self, document: Document, layer: Layer, index: int, value: float, term: Term, label: str, start: int
    ) -> None:
        """Refuse a term that says what it says elsewhere for the same texts; twice in a table is refused with that table."""
        what = label.partition("/")[0] if layer == "actor" else label  # an actor is one, by whichever entity
        said = self.said.setdefault((what, *((index, value) if layer == "near" else ()), *term[1:]), [])
        for other, line, raw in said:
            if _meet(other.scope, document.scope) and (layer == "near" or (other, line) != (document, start)):
                reason = f"term {term.raw!r} says {what} in {other.file}:{other.line(raw, line)}, too; keep one"
                raise document.problem(term.raw, reason, start)
        said.append((document, start, term.raw))


def _meet(one: str, other: str) -> bool:
    """Tell whether terms of two scopes are looked for in the same text."""
    return one == other or "latin" in (one, other) or one in SCRIPTS.get(other, ()) or other in SCRIPTS.get(one, ())
