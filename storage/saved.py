"""Saved queries: `.sql` files with front matter, and their answers as Atom (RFC 4287) and JSON Feed 1.1.

    -- title: EU and China on rare earths
    -- schedule: 1h
    -- key: url
    -- feed: atom, json
    -- alert: webhook https://hooks.example/x, mail desk@example.org, file alerts.jsonl

Only `title` is needed. `schedule` is a number with m, h or d. `key` names the columns by which a row is known again,
all of them without it. When queries run and how alerts are sent is decided in flows.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

from storage import export, query
from storage.query import QueryError

LIMIT = 500  # rows of an answer that are kept: feeds and messages are for reading
_LINE = re.compile(r"--\s*(\w+)\s*:\s*(.*?)\s*$")
_PAUSE = re.compile(r"(\d+)\s*([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_KNOWN = ("title", "schedule", "key", "feed", "alert")
_TIMES = ("dated_at", "published_at", "changed_at", "gone_at", "first_at", "last_at", "day", "named_day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where an alert goes."""

    kind: Literal["webhook", "mail", "file"]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A query of a file."""

    name: str
    title: str
    sql: str
    pause: timedelta
    key: tuple[str, ...]
    feeds: tuple[str, ...]  # atom, json
    alerts: tuple[Target, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of an answer, with the id by which it is known again."""

    id: str
    values: dict[str, Any]


def read(path: Path) -> Saved:
    """Return the query of a file. Raises `QueryError` that names file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"{path} is not UTF-8: {error.reason}") from error
    said: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.fullmatch(line)
        if found is None:
            if line.strip() and not line.startswith("--"):
                break
            continue
        if found[1] not in _KNOWN:
            raise QueryError(f"{path}:{number}: unknown {found[1]!r}; known are {', '.join(_KNOWN)}")
        said[found[1]] = found[2]
    if not said.get("title"):
        raise QueryError(f"{path}:1: no title: begin the file with `-- title: …`")
    return Saved(
        name=path.stem,
        title=said["title"],
        sql=text,
        pause=_pause(path, said.get("schedule", "1h")),
        key=_listed(said.get("key", "")),
        feeds=tuple(_one_of(path, "feed", form, ("atom", "json")) for form in _listed(said.get("feed", ""))),
        alerts=tuple(_target(path, one) for one in _listed(said.get("alert", ""))),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _one_of(path: Path, name: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise QueryError(f"{path}: {name} {value!r} is none of {', '.join(known)}")
    return value


def _pause(path: Path, text: str) -> timedelta:
    found = _PAUSE.fullmatch(text)
    if found is None:
        raise QueryError(f"{path}: schedule {text!r} is no time such as 15m, 6h or 1d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _target(path: Path, text: str) -> Target:
    kind, _, address = text.partition(" ")
    address = address.strip()
    if kind == "webhook" and re.match("https?://", address):
        return Target(kind="webhook", address=address)
    if kind == "mail" and re.fullmatch(r"[^\s@,;<>]+@[^\s@,;<>]+", address):
        return Target(kind="mail", address=address)
    if kind == "file" and address:
        return Target(kind="file", address=address)
    raise QueryError(f"{path}: alert {text!r} is neither `webhook https://…`, `mail name@host` nor `file path`")


def rows(corpus: Path, saved: Saved, *, timeout: float | None = 60.0) -> list[Row]:
    """Ask a saved query and return its rows, `LIMIT` at most. Raises `QueryError`."""
    found: list[Row] = []
    with query.ask(corpus, saved.sql, timeout=timeout) as reader:
        unknown = [name for name in saved.key if name not in reader.schema.names]
        if unknown:
            raise QueryError(f"{saved.name}.sql: the key {', '.join(unknown)} is no column of the answer")
        for batch in reader:
            for values in batch.to_pylist():
                found.append(Row(id=_identity(saved, values), values=values))
                if len(found) == LIMIT:
                    return found
    return found


def _identity(saved: Saved, values: dict[str, Any]) -> str:
    kept = {name: values[name] for name in saved.key or values}
    told = json.dumps(kept, ensure_ascii=False, default=str, sort_keys=True)
    return hashlib.sha256(f"{saved.name}\0{told}".encode("utf-8", "replace")).hexdigest()[:32]


def line(row: Row) -> str:
    """Return a row's headline: its title, or its first text."""
    values = row.values
    for name in ("title", *values):
        if isinstance(values.get(name), str) and values[name].strip() and name != "url":
            return " ".join(export.plain(values[name]).split())[:300]
    return ", ".join(f"{name} {export.cell(value)}" for name, value in values.items())[:300]


def link(row: Row) -> str:
    """Return a row's address, where it has one that a browser may follow."""
    url = row.values.get("url")
    return url if isinstance(url, str) and re.match("https?://", url) else ""


def summary(row: Row) -> str:
    """Return a row's other columns, a line each, in plain text."""
    told = (
        f"{name}: {' '.join(export.cell(value).split())[:1000]}"
        for name, value in row.values.items()
        if name not in ("title", "url", "text") and value is not None
    )
    return "\n".join(told)


def _moment(row: Row, now: datetime) -> str:
    for name in _TIMES:
        value = row.values.get(name)
        if isinstance(value, datetime):
            return value.astimezone(now.tzinfo).isoformat(timespec="seconds")
        if isinstance(value, date):
            return f"{value.isoformat()}T00:00:00+00:00"
    return now.isoformat(timespec="seconds")


def atom(saved: Saved, found: Sequence[Row], now: datetime) -> str:
    """Return an Atom document. Every text is plain and escaped."""
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>urn:tripolar:{escape(saved.name)}</id><title>{_xml(saved.title)}</title>",
        f"<updated>{now.isoformat(timespec='seconds')}</updated><author><name>Tripolar</name></author>",
    ]
    for row in found:
        address = f"<link href={quoteattr(_bare(link(row)))}/>" if link(row) else ""
        parts.append(
            f"<entry><id>urn:tripolar:{row.id}</id><title>{_xml(line(row))}</title>{address}"
            f"<updated>{_moment(row, now)}</updated><summary>{_xml(summary(row))}</summary></entry>"
        )
    return "\n".join([*parts, "</feed>", ""])


def _xml(text: str) -> str:
    return escape(_bare(text))


def _bare(text: str) -> str:
    """Return text without what no XML document can hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "�", text)


def json_feed(saved: Saved, found: Sequence[Row], now: datetime) -> str:
    """Return a JSON Feed 1.1 document."""
    items = [
        {
            "id": row.id,
            "title": line(row),
            "content_text": summary(row),
            "date_modified": _moment(row, now),
            **({"url": link(row)} if link(row) else {}),
        }
        for row in found
    ]
    document = {"version": "https://jsonfeed.org/version/1.1", "title": saved.title, "items": items}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
