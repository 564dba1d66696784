"""`tripolar extract` and `tripolar tag`: single pages and texts in, JSON lines out, without a corpus."""

import io
import json
import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from flows.cli.app import Config, app, say, settings_of

if TYPE_CHECKING:
    from datetime import datetime

    from extractors.model import Tagging
    from extractors.tagging import Tagger


_STANDARD_INPUT = Path("-")
_MAY_LACK = ("title", "lang", "published_at")


@app.command()
def extract(
    page: Annotated[Path | None, typer.Argument(help="An HTML file, plain or .gz.", show_default=False)] = None,
    url: Annotated[str, typer.Option(help="Where the page is from.")] = "",
    listed: Annotated[
        Path | None,
        typer.Option("--list", help="JSON lines with file (relative to the list) and url.", show_default=False),
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes for --list; 0: one a core.")] = 0,
) -> None:
    """Read pages; print each as a JSON line: file, url, article, title, authors, published_at, date_source, lang, text."""
    from flows import extraction

    if (page is None) == (listed is None):
        raise typer.BadParameter("name one page, or a list with --list")
    if page is not None:
        rows: Iterable[extraction.Row] = [extraction.read(page, str(page), url)]
    else:
        assert listed is not None
        rows = extraction.read_all(listed, workers=workers)
    failed = False
    _any_text_out()
    for row in rows:
        failed |= bool(row.problem)
        if row.problem:
            say(f"{row.file}: {row.problem}")
        print(json.dumps(row.told(), ensure_ascii=False))
    if failed:
        raise typer.Exit(1)


@app.command()
def tag(
    file: Annotated[
        Path | None, typer.Argument(help="JSON lines; standard input for - or without it.", show_default=False)
    ] = None,
    explain: Annotated[bool, typer.Option(help="Show the evidence marked in the text instead of JSON.")] = False,
    config: Config = None,
) -> None:
    """Tag JSON lines (id, title, text, optional lang and published_at): labels, scores, acts, statements, evidence, a line each."""
    from extractors import tagging
    from flows import lexicon

    _any_text_out()
    tagger = tagging.Tagger(lexicon.load(settings_of(config).cache))
    bad = 0
    for number, row in _lines(file):
        if isinstance(row, str):
            bad += 1
            say(f"line {number}: {row}")
            continue
        for doubt in _doubts(row):
            say(f"line {number}: {doubt}")
        told = _tag(row, tagger)
        if explain:
            from flows import explanation

            explanation.show(row, told)
        else:
            print(json.dumps(_told(row.get("id"), told), ensure_ascii=False), flush=False)
    if bad:
        say(f"{bad} lines could not be tagged")
        raise typer.Exit(1)


def _any_text_out() -> None:
    """Write UTF-8 whatever the terminal is said to read, and half a surrogate pair as JSON escapes it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def _lines(file: Path | None) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Return the number of each line with its object, or with what is wrong with it."""
    with _opened(file) as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield number, _read(line)


def _opened(file: Path | None) -> BinaryIO:
    if file and file != _STANDARD_INPUT:
        return file.open("rb")
    if sys.stdin is None:  # closed by whoever started this
        raise typer.BadParameter("there is no standard input; name a file")
    if sys.stdin.isatty():
        say("reading JSON lines from the terminal, until Ctrl-D; name a file to read one")
    return sys.stdin.buffer


def _read(line: bytes) -> dict[str, Any] | str:
    """Return the object of a line, or what is wrong with it."""
    try:
        row = json.loads(line, parse_constant=_number, parse_float=_number)
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    if not isinstance(row, dict):
        return "no JSON object"
    if "text" not in row:
        return "lacks `text`"
    if not isinstance(row["text"], str):
        return "`text` is no text"
    wrong = [name for name in _MAY_LACK if not isinstance(row.get(name), str | None)]
    return f"`{wrong[0]}` is no text" if wrong else row


def _number(said: str) -> float:
    """Return a number that can be written as JSON again; raise `ValueError` for NaN, Infinity and what is as large as that."""
    if math.isfinite(value := float(said)):
        return value
    raise ValueError(f"{said} is no finite number")


def _doubts(row: dict[str, Any]) -> Iterator[str]:
    """Yield what a line says that is of no use; it is tagged all the same."""
    from extractors.labels import LANGUAGES

    if (said := row.get("published_at")) and _moment(said) is None:
        yield f"published_at {said!r} is no date; offices get no holder"
    if (lang := row.get("lang")) and lang.split("-")[0].lower() not in LANGUAGES:
        yield f"lang {lang!r} is none of {', '.join(LANGUAGES)}; the language is guessed instead"


def _tag(row: dict[str, Any], tagger: "Tagger") -> "Tagging":
    from extractors import tagging

    said = row.get("published_at")
    return tagging.tag(
        row.get("title") or "",
        row["text"],
        language=row.get("lang"),
        published_at=_moment(said) if said else None,
        taxonomy=tagger,
    )


def _moment(said: str) -> "datetime | None":
    from extractors import dates

    moment = dates.parse(said)
    return moment.at if moment else None


def _told(identity: object, tagging: "Tagging") -> dict[str, Any]:
    evidence = [
        {"label": label, "part": e.part, "start": e.start, "end": e.end, "quote": e.quote, "rule": e.rule}
        for label, spans in (
            *((tag.label, tag.evidence) for tag in tagging.tags),
            *((relation.label, relation.evidence) for relation in tagging.relations),
        )
        for e in spans
    ]
    return {
        "id": identity,
        "lang": tagging.language,
        "actors": tagging.labels("actor"),
        "relations": sorted({relation.label for relation in tagging.relations}),
        "topics": tagging.labels("topic"),
        "scores": {tag.label: tag.score for tag in tagging.tags} | {r.label: r.score for r in tagging.relations},
        "acts": [
            {"relation": r.label, "event": r.event, "from": r.from_actor, "to": r.to_actor} for r in tagging.relations
        ],
        "statements": [asdict(statement) for statement in tagging.statements],
        "evidence": evidence,
        "version": tagging.version,
    }
