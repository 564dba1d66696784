"""Lists of URLs that somebody gives: one a line, tables with a header, and the tables of GDELT.

Dates in a list are the list's word (`DateSource.LIST`). Where a list comes from does not belong here.
GDELT formats: event codebook 1.0 and 2.0, Global Knowledge Graph 1.0 and 2.1, mentions table.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice

from extractors import dates, feedtext, urls, xmltext
from extractors.model import DateSource, Entry, Listing

MAX_ROWS = 500_000
_ADDRESS = frozenset(
    {"url", "urls", "link", "loc", "address", "href", "permalink", "original", "source_url", "story_url", "stories_url"}
)
_DATE = frozenset(
    {
        "date",
        "published",
        "published_at",
        "publish_date",
        "pubdate",
        "publication_date",
        "time",
        "datetime",
        "published_date",
        "date_published",
    }
)
_TITLE = frozenset({"title", "headline", "name"})
_LANGUAGE = frozenset({"language", "lang"})
_SEPARATORS = ("\t", ";", ",")
_PAGE_TITLE = re.compile(r"<PAGE_TITLE>([^<]{1,1000})</PAGE_TITLE>")
_UDIV = "<UDIV>"
# Columns of GDELT tables without a header: how many there are → where the date and the address stand, and a name.
_GDELT = {
    58: (56, 57, "gdelt-events"),
    61: (59, 60, "gdelt-events"),
    16: (2, 5, "gdelt-mentions"),
    27: (1, 4, "gdelt-gkg"),
}


def parse(
    body: bytes,
    *,
    url: str = "",
    content_type: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
) -> Listing:
    """Read a list of URLs whose content coding is undone. `url` is where it came from, if anywhere. Nothing raises."""
    text = xmltext.decode(body, content_type, language)
    listing = read(text, url=url, language=language, time_zone=time_zone)
    return listing if listing is not None else Listing(format="", problem="no list of URLs")


def read(text: str, *, url: str, language: str | None = None, time_zone: str | None = None) -> Listing | None:
    """Read a list from its text, or return None when it is none."""
    text = text.lstrip("\ufeff")
    first = text[:100_000].lstrip().partition("\n")[0].strip()
    if not first or "\0" in first:
        return None
    if (table := _GDELT.get(first.count("\t") + 1)) and "http" in first:
        return _gather(table[2], _gdelt(text, table[0], table[1]))
    if first.startswith("DATE\t") and "SOURCEURLS" in (columns := first.split("\t")):
        return _gather("gdelt-gkg1", _knowledge_graph(text, columns.index("SOURCEURLS")))
    header = next((names for separator in _SEPARATORS if (names := _header(first, separator))), None)
    if header is not None:
        return _gather("table", _table(text, *header, language=language, time_zone=time_zone))
    rows = (_plain(line) for line in _lines(text) if not line.startswith("#"))
    sample = list(islice(rows, 200))
    if sample.count(None) * 2 > len(sample):
        return None  # a text with an address in it is no list
    return _gather("urls", chain(sample, rows))


def _lines(text: str) -> Iterator[str]:
    """Yield the lines that hold something, as they are needed."""
    return (line.strip("\r\n") for line in io.StringIO(text, newline="\n") if line.strip())


def _gather(format_: str, rows: Iterable[Entry | None]) -> Listing:
    """Return each address once, and how many rows had none."""
    found: dict[str, Entry] = {}
    lost = 0
    cut = False
    for number, row in enumerate(rows):
        if number >= MAX_ROWS:
            cut = True
            break
        if row is None:
            lost += 1
        else:
            found.setdefault(row.url, row)
    notes = [f"{lost:,} rows without an address"] if lost else []
    notes += [f"more than {MAX_ROWS:,} rows"] if cut else []
    return Listing(format=format_, entries=tuple(found.values()), problem="; ".join(notes))


def _row(
    address: str, *, raw: str = "", title: str = "", tag: str = "", language: str | None = None, zone: str | None = None
) -> Entry | None:
    """Return one row of a list, or None when its address cannot be asked for."""
    address = urls.join("", address)
    if not address:
        return None
    return Entry(
        url=address,
        title=feedtext.plain(title),
        published=dates.parse(raw, time_zone=zone, language=feedtext.language(tag) or language),
        published_raw=raw,
        language=feedtext.language(tag),
        date_source=DateSource.LIST,
    )


def _plain(line: str) -> Entry | None:
    words = line.split(None, 1)
    return _row(words[0].strip("<>\"',"))


def _header(first: str, separator: str) -> tuple[str, dict[str, int]] | None:
    """Return the separator of a table and where its columns stand, or None when the line is no such header."""
    if separator not in first and first.lower() not in _ADDRESS:
        return None
    places: dict[str, int] = {}
    for place, cell in enumerate(first.split(separator)[:200]):
        name = cell.strip().strip('"').strip().lower().replace(" ", "_")
        for column, names in (("address", _ADDRESS), ("date", _DATE), ("title", _TITLE), ("language", _LANGUAGE)):
            if name in names:
                places.setdefault(column, place)
    return (separator, places) if "address" in places else None


def _table(
    text: str, separator: str, places: dict[str, int], *, language: str | None, time_zone: str | None
) -> Iterator[Entry | None]:
    """Yield the rows of a table with a header."""
    reader = csv.reader(_lines(text), delimiter=separator)
    with suppress(csv.Error):  # of a header, too
        next(reader, None)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:  # a field without end
            yield None
            continue
        if cells is None:
            return
        raw, title, tag = (_cell(cells, places.get(name)) for name in ("date", "title", "language"))
        yield _row(_cell(cells, places["address"]), raw=raw, title=title, tag=tag, language=language, zone=time_zone)


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _gdelt(text: str, date: int, address: int) -> Iterator[Entry | None]:
    """Yield the rows of a GDELT table without a header. Its dates are when GDELT saw the page."""
    for line in _lines(text):
        cells = line.split("\t")
        title = match[1] if len(cells) == 27 and (match := _PAGE_TITLE.search(cells[26])) else ""
        yield _row(_cell(cells, address), raw=_cell(cells, date), title=title)


def _knowledge_graph(text: str, place: int) -> Iterator[Entry | None]:
    """Yield the sources of a GDELT knowledge graph of version 1: a row has many, and the day."""
    rows = _lines(text)
    next(rows)
    for line in rows:
        cells = line.split("\t")
        for address in _cell(cells, place).split(_UDIV):
            yield _row(address, raw=cells[0])
