"""Sitemaps: urlset, index, news and plain text (sitemaps.org 0.9, Google's news extension), read into a listing.

Images and videos are passed over. Which child sitemaps are fetched, and whether they lead in circles, does not belong
here.
"""

from lxml import etree

from extractors import dates, urls, xmltext
from extractors.model import DateSource, Entry, Listing

MAX_ENTRIES = 50_000  # by the protocol
_ROWS = frozenset({"url", "sitemap"})


def parse(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
) -> Listing:
    """Read a sitemap whose content coding is undone. `problem` counts the rows whose address cannot be asked for."""
    text = xmltext.decode(body[: xmltext.MAX_BYTES], content_type, language)
    listing = read(text, url=url, language=language, time_zone=time_zone)
    return listing if listing is not None else Listing(format="", problem="no sitemap")


def read(text: str, *, url: str, language: str | None = None, time_zone: str | None = None) -> Listing | None:
    """Read a sitemap from its text, or return None when it is none."""
    root = xmltext.root(text)
    if root in ("urlset", "sitemapindex"):
        return _xml(xmltext.clean(text), root=root, url=url, language=language, time_zone=time_zone)
    lines = text.lstrip("\ufeff").split("\n", MAX_ENTRIES + 1)
    if root or not urls.is_valid(lines[0]):
        return None
    return _listing(
        "sitemap-text", [_plain(line, url) for line in lines[:MAX_ENTRIES] if line.strip()], len(lines) > MAX_ENTRIES
    )


def _plain(line: str, base: str) -> Entry | None:
    address = urls.join(base, line)
    return Entry(url=address, date_source=DateSource.SITEMAP) if address else None


def _xml(text: str, *, root: str, url: str, language: str | None, time_zone: str | None) -> Listing:
    rows: list[Entry | None] = []
    format_ = "sitemap" if root == "urlset" else "sitemapindex"
    cut = False
    for element in xmltext.elements(text, _ROWS):
        if len(rows) >= MAX_ENTRIES:
            cut = True
            break
        fields = _fields(element)
        if "publication_date" in fields:
            format_ = "news-sitemap"
        rows.append(_entry(fields, url=url, language=language, time_zone=time_zone))
    return _listing(format_, rows, cut)


def _listing(format_: str, rows: list[Entry | None], cut: bool) -> Listing:
    """Return the rows that have an address, each address once, as entries or, in an index, as what to fetch next."""
    found: dict[str, Entry] = {}
    for row in rows:
        if row is not None:
            found.setdefault(row.url, row)
    entries = tuple(found.values())
    lost = rows.count(None)
    notes = [f"{lost:,} entries without an address"] if lost else []
    notes += [f"more than {MAX_ENTRIES:,} entries"] if cut else []
    problem = "; ".join(notes)
    if format_ == "sitemapindex":
        return Listing(format=format_, more=entries, problem=problem)
    return Listing(format=format_, entries=entries, problem=problem)


def _fields(element: etree._Element) -> dict[str, str]:
    """Return the text of a row's fields by local name, the first of each; those of images and videos are left out."""
    fields: dict[str, str] = {}
    for child in element:
        name = xmltext.local(child)
        if name == "news":
            for part in child.iter():
                if len(part) == 0 and isinstance(part.tag, str):
                    fields.setdefault(xmltext.local(part), _text(part))
        elif name in ("loc", "lastmod"):
            fields.setdefault(name, _text(child))
    return fields


def _text(element: etree._Element) -> str:
    return " ".join((element.text or "").split())


def _entry(fields: dict[str, str], *, url: str, language: str | None, time_zone: str | None) -> Entry | None:
    address = urls.join(url, fields.get("loc", ""))
    if not address:
        return None
    raw = fields.get("publication_date", "")
    tag = fields.get("language", "")
    return Entry(
        url=address,
        title=fields.get("title", ""),
        published=dates.parse(raw, time_zone=time_zone, language=language),
        published_raw=raw,
        updated=dates.parse(fields.get("lastmod", ""), time_zone=time_zone, language=language),
        language=tag if 2 <= len(tag) <= 11 else None,
        categories=tuple(word for part in fields.get("keywords", "").split(",")[:50] if (word := part.strip())),
        date_source=DateSource.SITEMAP,
    )
