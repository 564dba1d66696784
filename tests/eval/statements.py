"""How right are statements, and who acts toward whom: against paragraphs of our own in five languages.

Gold lines have `id`, `lang`, `title`, `text`, `statements` (speaker, actor, verb, quoted, words, target) and `relations` (label, from,
to, and the kinds of act that are right). A statement is found when its words and the gold words share more than half of what
both cover; what else it says is then compared. Relations are compared where the tagger gives the label; one that it misses is
wrong in direction and act. Labels themselves are the matter of `tags`.
"""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from extractors.model import Relation, Statement
from extractors.tagging import Tagger, tag

GOLD = Path(__file__).parents[1] / "gold" / "statements.jsonl"
_FIELDS = ("speaker", "actor", "verb", "quoted", "target")

Counts = dict[str, Counter[str]]  # by language and "all"


def read(path: Path = GOLD) -> list[dict[str, Any]]:
    """Return the gold paragraphs."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def score(rows: list[dict[str, Any]], tagger: Tagger, misses: list[str] | None = None) -> Counts:
    """Return counts by language; `misses` takes a line for whatever differs."""
    counts: Counts = defaultdict(Counter)
    for row in rows:
        found = tag(row["title"], row["text"], language=row["lang"], published_at=None, taxonomy=tagger)
        one = _statements(row, [s for s in found.statements if s.part == "text"], misses)
        one += _relations(row, {relation.label: relation for relation in found.relations}, misses)
        for name in (row["lang"], "all"):
            counts[name] += one
    return counts


def _statements(row: dict[str, Any], found: list[Statement], misses: list[str] | None) -> Counter[str]:
    """Count the statements of one paragraph."""
    count = Counter(given=len(found), wanted=len(row["statements"]))
    left = list(found)
    for want in row["statements"]:
        start = row["text"].index(want["words"])
        best = max(left, key=lambda s: _share(s.start, s.end, start, start + len(want["words"])), default=None)
        if best is None or _share(best.start, best.end, start, start + len(want["words"])) <= 0.5:
            _note(misses, row, "missed", want["words"])
            continue
        left.remove(best)
        count["right"] += 1
        for name in _FIELDS:
            same = _same(name, want[name], best)
            count[name] += same
            if not same:
                _note(misses, row, name, f"{want[name]} | {best}")
    for extra in left:
        _note(misses, row, "extra", str(extra))
    return count


def _share(start: int, end: int, other_start: int, other_end: int) -> float:
    """Return what two spans share of what they cover together."""
    both = min(end, other_end) - max(start, other_start)
    return max(0, both) / (max(end, other_end) - min(start, other_start))


def _same(name: str, want: Any, got: Statement) -> bool:
    """Tell whether one field is right; of a name, either may be the longer one."""
    if name == "speaker":
        return want in got.speaker or got.speaker in want
    if name == "verb":
        return want in got.verb or got.verb in want
    return bool(want == {"actor": got.speaker_actor, "target": got.target_actor, "quoted": got.quoted}[name])


def _relations(row: dict[str, Any], found: dict[str, Relation], misses: list[str] | None) -> Counter[str]:
    """Count the relations of one paragraph."""
    count = Counter(relations=len(row["relations"]))
    for want in row["relations"]:
        got = found.get(want["label"])
        if got is None:
            _note(misses, row, "relation missed", want["label"])
            continue
        count["related"] += 1
        directed = (got.from_actor, got.to_actor) == (want["from"], want["to"])
        count["direction"] += directed
        count["event"] += got.event in want["event"]
        if not directed or got.event not in want["event"]:
            _note(misses, row, "relation", f"{want} | {got.from_actor} {got.to_actor} {got.event}")
    return count


def _note(misses: list[str] | None, row: dict[str, Any], what: str, more: str) -> None:
    if misses is not None:
        misses.append(f"{row['id']} {what}: {more}")


def figures(counts: Counts) -> dict[str, float]:
    """Return the figures that floors are kept for, over all languages."""
    c = counts["all"]
    out = {"statement F1": 2 * c["right"] / (c["given"] + c["wanted"])}
    out |= {f"statement {name}": c[name] / c["right"] if c["right"] else 0.0 for name in _FIELDS}
    return out | {f"relation {name}": c[name] / c["relations"] for name in ("direction", "event")}


def show(counts: Counts) -> None:
    """Print all counts."""
    print("\nstatements and directions, on paragraphs of our own:")
    for name, c in sorted(counts.items()):
        f1 = 2 * c["right"] / (c["given"] + c["wanted"])
        fields = "  ".join(f"{field} {c[field]}/{c['right']}" for field in _FIELDS)
        print(f"  {name:4s} found {c['right']}/{c['wanted']}, extra {c['given'] - c['right']}, F1 {f1:.2f}  {fields}")
        print(f"       relations: direction {c['direction']}/{c['relations']}  act {c['event']}/{c['relations']}")
