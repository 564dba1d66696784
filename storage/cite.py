"""One article as a citation: plain text, BibTeX, RIS. With the archived record and its digest, so that a reader can check the words.

The facts come from the macro `cite`; which article is meant may be said by id, by the beginning of an id, or by address.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a citation says of one text of an article. Times are UTC."""

    article_id: str
    outlet: str
    title: str
    authors: tuple[str, ...]
    published_at: datetime | None
    modified_at: datetime | None
    language: str | None
    url: str
    captured_at: datetime
    segment: str  # of the archive, and where in it
    offset: int
    digest: str | None  # of the page as it came over the wire


_FIND = """
SELECT DISTINCT article_id::VARCHAR FROM article
WHERE url = $wanted OR replace(article_id::VARCHAR, '-', '') LIKE $prefix ORDER BY 1 LIMIT 6
"""
_FACTS = """
SELECT article_id::VARCHAR, outlet, title, authors, published_at, modified_at, language, url, captured_at, segment, "offset", digest
FROM cite($article) ORDER BY latest DESC, captured_at DESC
"""


def find(connection: duckdb.DuckDBPyConnection, wanted: str) -> list[str]:
    """Return the ids of the articles that are meant by an id, the first eight or more digits of one, or an address."""
    digits = wanted.replace("-", "").lower()
    prefix = digits + "%" if re.fullmatch("[0-9a-f]{8,32}", digits) else ""
    rows = connection.execute(_FIND, {"wanted": wanted, "prefix": prefix}).fetchall()
    return [str(article) for (article,) in rows]


def facts(connection: duckdb.DuckDBPyConnection, article_id: str) -> list[Citation]:
    """Return what is to be cited of each text of an article, the newest first."""
    return [
        Citation(
            article_id=identity,
            outlet=outlet or "",
            title=_line(title),
            authors=tuple(_line(author) for author in authors or ()),
            published_at=_utc(published),
            modified_at=_utc(modified),
            language=language,
            url=url,
            captured_at=captured.astimezone(UTC),
            segment=segment,
            offset=offset,
            digest=digest,
        )
        for identity, outlet, title, authors, published, modified, language, url, captured, segment, offset, digest in (
            connection.execute(_FACTS, {"article": article_id}).fetchall()
        )
    ]


def _utc(time: datetime | None) -> datetime | None:
    return time.astimezone(UTC) if time else None


def _line(text: str | None) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())


def text(c: Citation) -> str:
    """Return one line for a footnote."""
    who = ", ".join(c.authors)
    parts = [who, f"“{c.title}”", c.outlet, c.published_at.date().isoformat() if c.published_at else "n.d.", c.url]
    return (
        ". ".join(part for part in parts if part)
        + f". Captured {_stamp(c.captured_at)}, archived record {c.segment}@{c.offset}"
        + (f", {c.digest}" if c.digest else "")
        + "."
    )


def _stamp(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def _record(c: Citation) -> str:
    return f"captured {_stamp(c.captured_at)}, archived record {c.segment}@{c.offset}" + (
        f", {c.digest}" if c.digest else ""
    )


_SPECIAL = re.compile(r"[\\{}$&#%_^~]")
_ESCAPES = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}


def _tex(value: str) -> str:
    return _SPECIAL.sub(lambda sign: _ESCAPES.get(sign[0], "\\" + sign[0]), value)


def bibtex(c: Citation) -> str:
    """Return an entry for BibLaTeX and BibTeX (`@online`; classic styles read it as `@misc`)."""
    fields = {
        "author": " and ".join(f"{{{_tex(author)}}}" for author in c.authors),
        "title": f"{{{_tex(c.title)}}}",
        "organization": _tex(c.outlet),
        "date": c.published_at.date().isoformat() if c.published_at else "",
        "year": str(c.published_at.year) if c.published_at else "",
        "url": c.url.replace("{", "%7B").replace("}", "%7D"),
        "urldate": c.captured_at.date().isoformat(),
        "langid": c.language or "",
        "note": _tex(_record(c)),
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@online{{{re.sub('[^a-z0-9]', '', c.outlet.lower()) or 'article'}-{c.article_id[:8]},\n{body}\n}}"


def ris(c: Citation) -> str:
    """Return an RIS record (type NEWS), lines ended by CR LF as the format asks."""
    rows = [("TY", "NEWS"), ("TI", c.title), *(("AU", author) for author in c.authors), ("T2", c.outlet)]
    if c.published_at:
        rows += [("PY", f"{c.published_at:%Y}"), ("DA", f"{c.published_at:%Y/%m/%d}")]
    rows += [
        ("UR", c.url),
        ("Y2", f"{c.captured_at:%Y/%m/%d}"),
        ("LA", c.language or ""),
        ("N1", _record(c)),
        ("ER", ""),
    ]
    return "\r\n".join(f"{tag}  - {value}" for tag, value in rows if value or tag == "ER") + "\r\n"
