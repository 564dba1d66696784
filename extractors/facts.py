"""What a page says of itself in its head: meta elements, links, JSON-LD, headings, all of it raw.

One walk over the tree. Which of several values is right is decided elsewhere (`titles`, `bylines`, `published`),
where the text is in `body`.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree

from extractors import jsonld

# Names of meta elements that hold the day of publication, most trusted first.
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published",
    "datepublished", "parsely-pub-date", "sailthru.date", "dcterms.issued", "dc.date.issued", "dcterms.created",
    "dc.date.created", "publication_date", "publish-date", "publish_date", "publishdate", "pubdate", "pub_date",
    "published_at", "published-date", "citation_publication_date", "citation_online_date",
    "cxenseparse:recs:publishtime", "vr:published_time", "bt:pubdate", "article.published",
    "article:publicationdate", "datecreated", "article_date_original", "originalpublicationdate", "displaydate",
    "ptime", "apub:time", "dcsext.articlefirstpublished", "weibo: article:create_at", "weibo:article:create_at",
    "rnews:datepublished", "publicationdate", "mediator_published_time", "dc.date", "dcterms.date", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:modified_time", "og:updated_time", "datemodified", "dcterms.modified",
    "last-modified", "lastmod", "dc.date.modified", "article:updated", "weibo: article:update_at",
)  # fmt: skip
_AUTHORS = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
    "cxenseparse:author", "citation_author", "article:author_name", "content-author",
)  # fmt: skip
_LANGUAGES = ("content-language", "language", "dc.language", "dcterms.language", "inlanguage", "og:locale")
_TITLES = ("og:title", "twitter:title", "parsely-title", "dc.title", "headline", "articletitle", "title")
_DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description")
_SITES = ("og:site_name", "application-name", "al:ios:app_name", "twitter:site")
_KINDS = ("og:type", "parsely-type", "article:content_tier", "isaccessibleforfree", "robots")
_WANTED = frozenset(
    (*_PUBLISHED, *_MODIFIED, *_AUTHORS, *_LANGUAGES, *_TITLES, *_DESCRIPTIONS, *_SITES, *_KINDS, "og:url")
)
# Names that nobody listed but that can mean nothing else.
_PUBLISHED_LIKE = re.compile(
    r"(?:^|[-_.:])publish(?:ed|ing)?(?:[-_.:]?(?:date|time|on|at))?$|(?:date|time)[-_.:]?published$|publication[-_.:]?(?:date|time)$"
)
_MAX_ELEMENTS = 3_000
_MAX_VALUE = 2_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the head of one page says, as written; each tuple has the most trusted value first."""

    linked: jsonld.Linked
    titles: tuple[str, ...] = ()  # og:title and its like
    headings: tuple[str, ...] = ()  # every h1, in order
    document_title: str = ""
    descriptions: tuple[str, ...] = ()
    site: str = ""
    authors: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    kind: str = ""  # og:type, lower case
    tier: str = ""  # free, metered or locked
    languages: tuple[str, ...] = ()
    canonical: str | None = None


def read(root: etree._Element, url: str) -> Facts:
    """Return the facts of a page that was asked for at `url`."""
    meta: defaultdict[str, list[str]] = defaultdict(list)
    scripts: list[str] = []
    headings: list[str] = []
    document_title, canonical = "", None
    for count, element in enumerate(root.iter("meta", "link", "script", "title", "h1")):
        if count > _MAX_ELEMENTS:
            break
        tag = element.tag
        if tag == "meta":
            _read_meta(element, meta)
        elif tag == "script":
            if "ld+json" in (element.get("type") or "") and element.text:
                scripts.append(element.text)
        elif tag == "link":
            if canonical is None and (element.get("rel") or "").lower() == "canonical":
                canonical = element.get("href")
        elif tag == "h1":
            headings.append(squeeze("".join(element.itertext()))[:_MAX_VALUE])
        elif not document_title:
            document_title = squeeze(element.text or "")[:_MAX_VALUE]

    def values(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(value for name in names for value in meta.get(name, ()))

    linked = jsonld.read(scripts, url)
    return Facts(
        linked=linked,
        titles=values(_TITLES),
        headings=tuple(heading for heading in headings if heading),
        document_title=document_title,
        descriptions=tuple(filter(None, (linked.description, *values(_DESCRIPTIONS)))),
        site=next(iter(values(("og:site_name", "application-name"))), "") or linked.site,
        authors=values(_AUTHORS),
        published=values(_PUBLISHED),
        modified=values(_MODIFIED),
        kind=next(iter(values(("og:type",))), "").lower(),
        tier=next(iter(values(("article:content_tier",))), "").lower(),
        languages=tuple(filter(None, (root.get("lang"), root.get("xml:lang"), linked.language, *values(_LANGUAGES)))),
        canonical=_resolve(url, canonical or next(iter(values(("og:url",))), None)),
    )


def _read_meta(element: etree._Element, meta: defaultdict[str, list[str]]) -> None:
    content = element.get("content")
    if not content:
        return
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        name = element.get(attribute)
        if not name:
            continue
        name = name.strip().lower()
        if name not in _WANTED and _PUBLISHED_LIKE.search(name):
            name = "published_at"
        if name in _WANTED:
            value = squeeze(content[:_MAX_VALUE])
            if value:
                meta[name].append(value)
        return


def squeeze(text: str) -> str:
    """Return text on one line, with single spaces."""
    return " ".join(text.split())


def _resolve(url: str, canonical: str | None) -> str | None:
    """Return the canonical address where it is one of the same site, or None.

    A page of another host, or the front page named by every page of a site, is a mistake of the template.
    """
    if not canonical or len(canonical) > 2_000:
        return None
    try:
        target = urljoin(url, canonical.strip())
        here, there = urlsplit(url), urlsplit(target)
    except ValueError:
        return None
    if there.scheme not in ("http", "https") or not there.hostname:
        return None
    if _site(here.hostname or "") != _site(there.hostname) or (there.path in ("", "/") and here.path not in ("", "/")):
        return None
    return target


def _site(host: str) -> str:
    """Return the host without what stands before its name: `www.`, `m.`, `amp.`."""
    return re.sub(r"^(?:www\d?|m|mobile|amp|edition)\.", "", host.lower())
