"""The taxonomy: what the data files say, checked, in a form that matches fast and can be pickled.

`load` reads `data/actors`, `data/topics`, `data/cues` and the weights, and refuses a bad file with its line and reason.
`fingerprint` is the version without the work, so that a caller can keep a pickled taxonomy under it. The format of the
files is described in `README.md` of this package; finding terms in a text belongs to `matching`.
"""

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from extractors import terms
from extractors.labels import ACTORS, CUE_IDS, CUES, GRADES, KINDS, LANGUAGES, SCRIPTS, TOPICS
from extractors.terms import Term

CODE = "9"  # goes up when the same data would give other tags
DATA = Path(__file__).parent / "data"

Layer = Literal["actor", "topic", "cue", "near"]


class Problem(ValueError):
    """A data file that cannot be used: which, where and why."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}")
        self.file, self.line, self.reason = file, line, reason

    def __reduce__(self) -> tuple[type["Problem"], tuple[str, int, str]]:
        """Let it cross processes whole."""
        return Problem, (self.file, self.line, self.reason)


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
        document = _Document.read(path, root)
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
                building.words.update(document.content)
            case _:
                building.weights.update(document.content)
    building.check_offices()
    return Taxonomy(
        version=fingerprint(root),
        entities=tuple((name, ACTORS.index(name.split("/")[0])) for name in building.entities),
        rules=tuple(building.rules),
        nears=tuple(building.nears),
        holders={office: tuple(holders) for office, holders in building.holders.items()},
        han=building.han,
        weights=building.weights,
        words=building.words,
    )


def _files(root: Path) -> list[Path]:
    """Return the taxonomy's files in a fixed order."""
    inside = [path for folder in ("actors", "topics", "cues") for path in sorted((root / folder).glob("*.toml"))]
    return inside + [root / name for name in ("han.toml", "weights.toml", "words.toml") if (root / name).exists()]


class _Document:
    """One data file with the way back to its lines."""

    def __init__(self, file: str, lines: list[str], content: dict[str, Any], scope: str) -> None:
        self.file, self.lines, self.content, self.scope = file, lines, content, scope

    @classmethod
    def read(cls, path: Path, root: Path) -> "_Document":
        """Read one file; its name begins with the language or script it is for (`ru.toml`, `latin-companies.toml`)."""
        file = path.relative_to(root).as_posix()
        try:
            source = path.read_text(encoding="utf-8")
            content = tomllib.loads(source)
        except UnicodeDecodeError as error:
            raise Problem(file, 1, f"is not UTF-8 at byte {error.start}") from error
        except tomllib.TOMLDecodeError as error:
            named = re.search(r"at line (\d+)", str(error))
            line = int(named.group(1)) if named else source.count("\n") or 1
            raise Problem(file, line, f"is not TOML: {error}") from error
        document = cls(file, source.splitlines(), content, path.stem.split("-")[0])
        known = document.scope in SCRIPTS or document.scope in LANGUAGES
        if path.parent != root and not known and path.stem != "offices":
            raise document.problem(
                "", f"its name must begin with a script or language: {', '.join((*SCRIPTS, *LANGUAGES))}"
            )
        return document

    def problem(self, clue: str, reason: str) -> Problem:
        """Return the problem with the line where the clue stands first."""
        quoted = (f'"{clue}"', f"[{clue}", clue)
        for form in quoted if clue else ():
            for number, line in enumerate(self.lines, 1):
                if form in line and not line.lstrip().startswith("#"):
                    return Problem(self.file, number, reason)
        return Problem(self.file, 1, reason)

    def strings(self, value: object, clue: str) -> list[str]:
        """Return the value as a list of strings, or refuse it."""
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.problem(clue, f"`{clue}` must be a list of strings")
        return value

    def term(self, raw: str) -> Term:
        """Return the parsed term, or refuse it with its line."""
        try:
            return terms.parse(raw)
        except ValueError as error:
            raise self.problem(raw, f"term {raw!r} {error}") from error


class _Building:
    """What has been read so far."""

    def __init__(self) -> None:
        self.entities: dict[str, int] = {}
        self.rules: list[Rule] = []
        self.nears: list[Near] = []
        self.holders: dict[str, list[Holder]] = {}
        self.han: dict[str, str] = {}
        self.weights: dict[str, dict[str, Any]] = {}
        self.words: dict[str, dict[str, dict[str, float]]] = {}
        self.offices: _Document | None = None

    def add_actors(self, document: _Document) -> None:
        """Take `[ACTOR.entity]` tables with a list of terms per kind."""
        for actor, entities in document.content.items():
            if actor not in ACTORS:
                raise document.problem(actor, f"no actor {actor!r}; there are {', '.join(ACTORS)}")
            for entity, kinds in entities.items():
                if not isinstance(kinds, dict):
                    raise document.problem(entity, f"`{entity}` must stand in a table [{actor}.<entity>]")
                index = self.entities.setdefault(f"{actor}/{entity}", len(self.entities))
                for kind, raws in kinds.items():
                    if kind not in KINDS:
                        raise document.problem(kind, f"no kind {kind!r}; there are {', '.join(KINDS)}")
                    self._add(
                        document, "actor", index, KINDS.index(kind), document.strings(raws, kind), f"{actor}/{entity}"
                    )

    def add_topics(self, document: _Document) -> None:
        """Take `[topic]` tables with a list of terms per grade, and `[[near]]` rules."""
        for topic, grades in document.content.items():
            if topic == "near":
                for near in grades:
                    self._add_near(document, near)
                continue
            if topic not in TOPICS:
                raise document.problem(topic, f"no topic {topic!r} in the label guide")
            for grade, raws in grades.items():
                if grade not in GRADES:
                    raise document.problem(grade, f"no grade {grade!r}; there are {', '.join(GRADES)}")
                self._add(document, "topic", TOPICS.index(topic), GRADES[grade], document.strings(raws, grade), topic)

    def _add_near(self, document: _Document, near: dict[str, Any]) -> None:
        """Take one rule: topic, any, with, within words, none, grade."""
        if unknown := set(near) - {"topic", "any", "with", "within", "none", "grade"}:
            raise document.problem(min(unknown), f"a near rule has no `{min(unknown)}`")
        topic, within, grade = near.get("topic"), near.get("within", 6), near.get("grade", "plain")
        if topic not in TOPICS:
            raise document.problem(str(topic), f"no topic {topic!r} in the label guide")
        if not isinstance(within, int) or not 0 < within <= 40:
            raise document.problem("within", "`within` must be 1 to 40 words")
        if grade not in GRADES:
            raise document.problem(str(grade), f"no grade {grade!r}; there are {', '.join(GRADES)}")
        index = len(self.nears)
        self.nears.append(
            Near(
                topic=TOPICS.index(topic),
                within=within,
                weight=GRADES[grade],
                name=f"topics/{document.scope} {topic} near",
            )
        )
        for side, key in enumerate(("any", "with", "none")):
            raws = document.strings(near.get(key, []), key)
            if not raws and key != "none":
                raise document.problem(str(topic), f"a near rule needs `{key}`")
            self._add(document, "near", index, side, raws, f"{topic} near")

    def add_cues(self, document: _Document) -> None:
        """Take `[event]`, `[domain]`, `[pair]`, `[speech]` and `[frame]` tables with lists of terms."""
        for group, names in document.content.items():
            if group not in CUES:
                raise document.problem(group, f"no cue group {group!r}; there are {', '.join(CUES)}")
            for name, raws in names.items():
                if name not in CUES[group]:
                    raise document.problem(name, f"no cue {name!r} in {group}; there are {', '.join(CUES[group])}")
                cue = f"{group}.{name}"
                self._add(document, "cue", CUE_IDS.index(cue), 0, document.strings(raws, name), cue)

    def add_offices(self, document: _Document) -> None:
        """Take `[[holder]]` tables: office, name, person, from, to."""
        self.offices = document
        for row in document.content.get("holder", []):
            name = row.get("name")
            wrong = {"office", "name", "person", "from"} - set(row)
            since, until = row.get("from"), row.get("to")
            if wrong or not isinstance(since, date) or not (until is None or isinstance(until, date)):
                raise document.problem(
                    str(name), "a holder needs office, name, person, from (and to) with dates as 2024-12-01"
                )
            if until is not None and until < since:
                raise document.problem(str(name), f"{name} leaves office before taking it")
            holder = Holder(office=row["office"], name=row["name"], person=row["person"], since=since, until=until)
            self.holders.setdefault(holder.office, []).append(holder)

    def check_offices(self) -> None:
        """Refuse holders of offices that no file has terms for."""
        for office, holders in self.holders.items():
            if office not in self.entities and self.offices is not None:
                raise self.offices.problem(holders[0].name, f"no actor file has an entity {office!r}")

    def add_han(self, document: _Document) -> None:
        """Take the character pairs."""
        both = ("".join(document.strings(document.content.get(key), key)) for key in ("traditional", "simplified"))
        traditional, simplified = both
        if len(traditional) != len(simplified):
            raise document.problem("simplified", "the two lists differ in length")
        self.han = dict(zip(traditional, simplified, strict=True))

    def _add(self, document: _Document, layer: Layer, index: int, value: float, raws: list[str], label: str) -> None:
        """Add a rule for each term."""
        for raw in raws:
            name = f"{document.file} {label}: {raw}"
            term = document.term(raw)
            self.rules.append(
                Rule(scope=document.scope, term=term, layer=layer, place=index, value=float(value), name=name)
            )
