"""Why an article has its labels, for a reader: the text with the evidence marked, then label by label what speaks for it.

On a terminal the marks are colours; without colours, in a file or a pipe they are brackets with the label. What was found is not
judged here.
"""

import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from extractors.model import Evidence, Relation, Statement, Tagging

_STYLES = {"actor": "bold cyan", "topic": "bold green", "relation": "underline"}
_QUOTE = 100  # characters of a quotation in the list

Span = tuple[str, str, Evidence]  # kind, label, evidence


def show(row: dict[str, Any], tagging: Tagging) -> None:
    """Print one article with its labels marked in the text, and each span that supports one with its rule."""
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    coloured = console.is_terminal and not console.no_color
    spans: list[Span] = [("relation", r.label, e) for r in tagging.relations for e in r.evidence]
    spans += [(tag.kind, tag.label, e) for tag in tagging.tags for e in tag.evidence]
    console.print(
        Text(f"{_short(str(row.get('id', '')))}  [{tagging.language}]  taxonomy {tagging.version}", style="bold")
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
            console.print(
                Text(f"office {m.part} {m.start}-{m.end}  “{_short(m.surface)}” was {m.resolved}  ({m.entity})")
            )
    for statement in tagging.statements:
        console.print(Text(_said(statement)))
    console.print()


def _reasons(console: Console, kind: str, head: str, evidence: Iterable[Evidence]) -> None:
    """Print a label with its probability, and a line for each span: where it stands, the words, the rule and its file."""
    console.print(Text(f"{kind} {head}", style=_STYLES[kind]))
    for e in evidence:
        line = Text(f"{e.part} {e.start}-{e.end}  “{_short(e.quote)}”  by {e.rule}")
        console.print(Padding(line, (0, 0, 0, 4)) if console.is_terminal else Text("    ") + line)


def _told(relation: Relation) -> str:
    """Return a relation with its act and who acts toward whom, where that is known."""
    direction = f"  {relation.from_actor} → {relation.to_actor}" if relation.from_actor else ""
    return f"{relation.label}  {relation.score:.2f}  {relation.event or 'no act named'}{direction}"


def _said(statement: Statement) -> str:
    """Return who said what."""
    who = f"{_short(statement.speaker)} ({statement.speaker_actor or 'no known actor'})"
    words = f"“{_short(statement.words)}”" if statement.quoted else _short(statement.words)
    about = f"  about {statement.target_actor}" if statement.target_actor else ""
    return (
        f"statement {statement.part} {statement.start}-{statement.end}  {who} {_short(statement.verb)}: {words}{about}"
    )


def _short(text: str) -> str:
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
    """Return the text with `[words|LABEL, LABEL]`; spans that overlap share their marks, sentences of relations have none."""
    groups: list[tuple[int, int, list[str]]] = []
    for kind, label, e in sorted(spans, key=lambda span: (span[2].start, -span[2].end)):
        if kind == "relation":
            continue
        if groups and e.start < groups[-1][1]:
            start, end, labels = groups[-1]
            groups[-1] = start, max(end, e.end), labels if label in labels else [*labels, label]
        else:
            groups.append((e.start, e.end, [label]))
    plain, out, last = _plain(text), [], 0
    for start, end, labels in groups:
        out.append(f"{plain[last:start]}[{plain[start:end]}|{', '.join(labels)}]")
        last = end
    return "".join(out) + plain[last:]
