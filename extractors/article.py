"""One page read: its article, or what it is instead.

This file only puts the readings together; each has its own: `markup` (bytes to tree), `facts` (what the head
says), `titles`, `bylines`, `published` (with `shown`), `body` (the text), `second` (the text where that is in doubt),
`pagekind` (article, list or wall), `language`.
"""

from lxml import etree

from extractors import body as bodies
from extractors import bylines, facts, language, markup, pagekind, published, second, titles
from extractors.model import Article, DateSource, Entry, Fate, Unreadable


def read(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    entry: Entry | None = None,
    language: str | None = None,
    time_zone: str | None = None,
) -> Article | Unreadable:
    """Return the article in a page, or what the page is and why it holds none.

    `body` is the entity with its content coding undone, `content_type` the header's value, `entry` what the feed
    said of it, `language` and `time_zone` are the outlet's (BCP 47, IANA). Pure: the same arguments give the same
    answer. Never raises on any bytes.
    """
    root = markup.parse(body, content_type)
    if isinstance(root, Unreadable):
        return root
    return _read(root, url, entry, language, time_zone)


def _read(
    root: etree._Element, url: str, entry: Entry | None, declared: str | None, time_zone: str | None
) -> Article | Unreadable:
    said = facts.read(root, url)
    title = titles.choose(said, url, entry)
    names = tuple(filter(None, (*said.languages, entry.language if entry else None, declared)))
    when = published.choose(
        root, said, url=url, title=title, entry=entry, language=names[0] if names else None, time_zone=time_zone
    )
    authors = bylines.choose(root, said, entry)
    names_of_it = (title, *said.headings[:1])
    text, page = bodies.read(root, names_of_it, said.descriptions, said.linked.body)
    seen = pagekind.Evidence(
        url=url,
        facts=said,
        page=page,
        title=title,
        text=text,
        dated=when is not None and when.source in (DateSource.JSON_LD, DateSource.META),
        fed=entry is not None and entry.date_source == DateSource.FEED,
    )
    if not page.blocks:
        return Unreadable(fate=Fate.EMPTY, detail="no text at all", title=title)
    if wall := pagekind.name_wall(seen):
        return Unreadable(fate=Fate.CHALLENGE, detail=wall, title=title)
    if pagekind.is_listing(seen):
        return Unreadable(fate=Fate.LISTING, title=title)
    if not text:
        return Unreadable(fate=Fate.NO_TEXT, detail="no running text", title=title)
    text = second.read(root, text, page, titles=names_of_it, descriptions=said.descriptions)
    return Article(
        url=said.canonical or url,
        title=title,
        text=text,
        authors=authors,
        language=language.detect(text, names),
        published=when.moment if when else None,
        date_source=when.source if when else None,
        modified=published.modified(said, names[0] if names else None, time_zone),
        paywalled=None if said.linked.free is None else not said.linked.free,
    )
