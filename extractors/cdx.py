"""Answers of the Wayback Machine's CDX server, plain and JSON: which pages an archive has, and how to ask for the rest.

How the server is asked does not belong here. Format: the wayback-cdx-server's own description (fields, `output=json`,
`resumeKey`).
"""

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from extractors import dates, urls
from extractors.model import DateSource, Entry, Listing, Moment

MAX_ROWS = 150_000  # the server's own most
_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_RESUME = "resumeKey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One capture of one URL. What the index does not say is empty."""

    url: str
    timestamp: str  # YYYYMMDDhhmmss, as the archive's addresses have it
    at: Moment
    mime: str = ""
    status: str = ""
    digest: str = ""  # SHA-1 of the payload in base32


@dataclass(frozen=True, slots=True, kw_only=True)
class Captures:
    """An answer: its captures, where to go on, and how many lines were no captures."""

    captures: tuple[Capture, ...]
    resume_key: str = ""
    skipped: int = 0


def read(text: str, *, fields: tuple[str, ...] = _FIELDS) -> Captures:
    """Read an answer. `fields` are the columns of a plain one, as its `fl` asked; a JSON answer names its own."""
    rows = (
        _json_rows(text) if text.lstrip().startswith("[") else [line.split() for line in text.split("\n", MAX_ROWS * 2)]
    )
    captures: list[Capture] = []
    skipped, resume, blank = 0, "", False
    for row in rows[: MAX_ROWS * 2]:
        if "original" in row or "timestamp" in row:
            fields = tuple(row)  # the header of a JSON answer
        elif not row:
            blank = True
        elif blank and len(row) == 1:
            resume, blank = row[0], False
        elif capture := _capture(dict(zip(fields, row, strict=False)), whole=len(row) == len(fields)):
            captures.append(capture)
        else:
            skipped += 1
    return Captures(captures=tuple(captures), resume_key=resume, skipped=skipped)


def listing(text: str, *, url: str) -> Listing | None:
    """Read the answer to the request `url` as a listing, or return None when it is none.

    An entry's `url` is the page's own address and its `guid` the timestamp of the capture, which is no date of
    publication. `more` has the request that goes on after a resume key.
    """
    asked = urlsplit(url)
    given = dict(parse_qsl(asked.query, keep_blank_values=True))
    fields = tuple(given.get("fl", "").split(",")) if given.get("fl") else _FIELDS
    if "/cdx" not in asked.path.lower():
        return None
    answer = read(text, fields=fields)
    if not answer.captures and not answer.resume_key and text.strip() not in ("", "[]"):
        return None
    more: tuple[Entry, ...] = ()
    if answer.resume_key:
        # As pairs: a request has several filters.
        pairs = [pair for pair in parse_qsl(asked.query, keep_blank_values=True) if pair[0] != _RESUME]
        query = urlencode([*pairs, (_RESUME, answer.resume_key)])
        more = (Entry(url=asked._replace(query=query).geturl(), title="next"),)
    entries = tuple(
        Entry(url=capture.url, guid=capture.timestamp, date_source=DateSource.LIST) for capture in answer.captures
    )
    problem = f"{answer.skipped:,} lines that are no captures" if answer.skipped else ""
    return Listing(format="cdx", entries=entries, more=more, problem=problem)


def _json_rows(text: str) -> list[list[str]]:
    """Return the rows of a JSON answer; one that is cut keeps its whole lines, for the server writes a row a line."""
    try:
        loaded = json.loads(text) if text.count("[") <= MAX_ROWS * 2 and "[[[" not in text else []
    except (ValueError, RecursionError):
        loaded = [_json_row(line) for line in text.split("\n", MAX_ROWS * 2)]
    if not isinstance(loaded, list):
        return []
    return [[value if isinstance(value, str) else "" for value in row] for row in loaded if isinstance(row, list)]


def _json_row(line: str) -> object:
    bare = line.strip().strip(",")
    bare = bare[1:] if bare.startswith("[[") else bare
    try:
        return json.loads(bare) if bare.startswith("[") and bare.endswith("]") and bare.count("[") == 1 else None
    except (ValueError, RecursionError):
        return None


def _capture(row: dict[str, str], *, whole: bool) -> Capture | None:
    """Return a row as a capture, or None when columns are missing or say nothing that can be asked for."""
    timestamp, original = row.get("timestamp", ""), row.get("original", "")
    if not whole or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) == 14):
        return None
    at = dates.parse(timestamp)
    if at is None or not urls.is_valid(original):
        return None
    mime, status, digest = row.get("mimetype", ""), row.get("statuscode", ""), row.get("digest", "")
    return Capture(url=original, timestamp=timestamp, at=at, mime=mime, status=status, digest=digest)
