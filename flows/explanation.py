"""The evidence of tags, marked in the text for a reader on a terminal."""

from typing import Any

from rich.console import Console
from rich.text import Text

from extractors.model import Evidence, Tagging

_STYLES = {"actor": "bold cyan", "topic": "bold green", "relation": "underline"}


def show(row: dict[str, Any], tagging: Tagging) -> None:
    """Print one article with its labels, and each span that supports one in the colour of its kind."""
    console = Console(highlight=False)
    spans = [("relation", r.label, e) for r in tagging.relations for e in r.evidence]
    spans += [(tag.kind, tag.label, e) for tag in tagging.tags for e in tag.evidence]
    console.print(Text(f"{row.get('id', '')}  [{tagging.language}]  taxonomy {tagging.version}", style="bold"))
    for kind, labels in (
        ("actor", tagging.labels("actor")),
        ("relation", sorted({r.label for r in tagging.relations})),
        ("topic", tagging.labels("topic")),
    ):
        console.print(Text(f"{kind}s: {', '.join(labels) or 'none'}", style=_STYLES[kind]))
    title = row.get("title")
    for part, text in (("title", title if isinstance(title, str) else ""), ("text", row["text"])):
        if text:
            console.print(_marked(text, [(kind, e) for kind, _, e in spans if e.part == part]))
    for kind, label, e in spans:
        console.print(
            Text(
                f"  {label:28s} {e.rule:40s} {e.part} {e.start}-{e.end}  {' '.join(e.quote.split())[:120]}",
                style=_STYLES[kind],
            )
        )
    console.print()


def _marked(text: str, spans: list[tuple[str, Evidence]]) -> Text:
    marked = Text("".join(c if c.isprintable() or c == "\n" else " " for c in text))
    for kind, e in spans:
        marked.stylize(_STYLES[kind], e.start, e.end)
    return marked
