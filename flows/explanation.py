"""Why an article has its labels, for a reader: the text with the evidence marked, then label by label what speaks for it.

On a terminal the marks are colours; without colours, in a file or a pipe they are brackets with the label, one within the other where
labels share words. What was found is not judged here.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from extractors.model import Evidence, Relation, Statement, Tagging

_STYLES = {"actor": "bold cyan", "topic": "bold green", "relation": "underline"}
_QUOTE = 100  # characters of a quotation in the list
_INDENT = "    "  # of what belongs to the line above

Span = tuple[str, str, Evidence]  # kind, label, evidence


def show(row: dict[str, Any], tagging: Tagging) -> None:
    """Print one article with its labels marked in the text, and each span that supports one with its rule."""
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    coloured = console.color_system is not None and not console.no_color
    spans: list[Span] = [("relation", r.label, e) for r in tagging.relations for e in r.evidence]
    spans += [(tag.kind, tag.label, e) for tag in tagging.tags for e in tag.evidence]
    console.print(
        Text(f"{short(str(row.get('id', '')))}  [{tagging.language}]  taxonomy {tagging.version}", style="bold")
    )
    for kind, labels in (
        ("actor", tagging.labels("actor")),
        ("relation", sorted({r.label for r in tagging.relations})),
        ("topic", tagging.labels("topic")),
    ):
        console.print(Text(f"{kind}s: {', '.join(labels) or 'none'}", style=_STYLES[kind]))
    title = row.get("title")
    console.print()
    for part, text in (("title", title if isinstance(title, str) else ""), ("text", row["text"])):
        if text:
            here = [span for span in spans if span[2].part == part]
            console.print(_coloured(text, here) if coloured else Text(_bracketed(text, here)))
    console.print()
    for tag in tagging.tags:
        _reasons(console, tag.kind, f"{tag.label}  {tag.score:.2f}", tag.evidence)
    for relation in tagging.relations:
        _reasons(console, "relation", _told(relation), relation.evidence)
    for m in tagging.mentions:
        if m.resolved:
            was = f"office {m.part} {m.start}-{m.end}  “{short(m.surface)}” was {m.resolved}  ({m.entity})"
            console.print(_hung(console, was))
    for statement in tagging.statements:
        console.print(_hung(console, _said(statement)))
    console.print()


def _reasons(console: Console, kind: str, head: str, evidence: Iterable[Evidence]) -> None:
    """Print a label with its probability, and a line for each span: where it stands, the words, the rule and its file."""
    console.print(Text(f"{kind} {head}", style=_STYLES[kind]))
    for e in evidence:
        line = f"{e.part} {e.start}-{e.end}  “{short(e.quote)}”  by {e.rule}"
        console.print(Text(_INDENT) + _hung(console, line))


def _hung(console: Console, line: str) -> Text:
    """Return a line as wide as the console, what does not fit indented beneath it."""
    if console.soft_wrap:
        return Text(line)
    return Text("\n" + _INDENT).join(Text(line).wrap(console, max(console.width - len(_INDENT), 1)))


def _told(relation: Relation) -> str:
    """Return a relation with its act and who acts toward whom, where that is known."""
    direction = f"  {relation.from_actor} → {relation.to_actor}" if relation.from_actor else ""
    return f"{relation.label}  {relation.score:.2f}  {relation.event or 'no act named'}{direction}"


def _said(statement: Statement) -> str:
    """Return who said what."""
    who = f"{short(statement.speaker)} ({statement.speaker_actor or 'no known actor'})"
    words = f"“{short(statement.words)}”" if statement.quoted else short(statement.words)
    about = f"  about {statement.target_actor}" if statement.target_actor else ""
    return (
        f"statement {statement.part} {statement.start}-{statement.end}  {who} {short(statement.verb)}: {words}{about}"
    )


def short(text: str) -> str:
    """Return the text as one line of at most a hundred characters that can do nothing to a terminal."""
    line = " ".join(_plain(text).split())
    return line if len(line) <= _QUOTE else line[: _QUOTE - 1] + "…"


def _plain(text: str) -> str:
    """Return the text as long as it was, without what moves a terminal's cursor or turns its direction."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def _coloured(text: str, spans: list[Span]) -> Text:
    marked = Text(_plain(text))
    for kind, _, e in spans:
        marked.stylize(_STYLES[kind], e.start, e.end)
    return marked


def _bracketed(text: str, spans: list[Span]) -> str:
    """Return the text with `[words|LABEL, LABEL]`, marks within marks; one that reaches over the end of another is cut there."""
    begun = defaultdict(list)
    for (start, end), names in _marks(spans).items():
        begun[start].append((end, ", ".join(names)))
    edges = sorted({*begun, *(end for marks in begun.values() for end, _ in marks)})
    plain, out, last = _plain(text), [], 0
    inside: list[tuple[int, str]] = []  # the marks around what comes next, the innermost last
    for at in edges:
        out.append(plain[last:at])
        depth = next((n for n, (end, _) in enumerate(inside) if end == at), len(inside))
        shut = inside[depth:]
        out += [f"|{names}]" for _, names in reversed(shut)]
        new = sorted([*(mark for mark in shut if mark[0] > at), *begun[at]], reverse=True)
        out.append("[" * len(new))
        inside, last = inside[:depth] + new, at
    return "".join(out) + plain[last:]


def _marks(spans: list[Span]) -> dict[tuple[int, int], list[str]]:
    """Return what to mark with which labels: spans of one label that overlap are one; sentences of relations have none."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for kind, label, e in sorted(spans, key=lambda span: span[2].start):
        if kind == "relation":
            continue
        start, end = e.start, e.end
        if places[label] and start < places[label][-1][1]:
            start, before = places[label].pop()
            end = max(end, before)
        places[label].append((start, end))
    labels = defaultdict(list)
    for label in sorted(places):
        for place in places[label]:
            labels[place].append(label)
    return labels
