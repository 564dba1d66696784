"""Writes the newsroom's HTML pages: an outlet's templates filled with its articles.

`templates/<outlet>/article.html` is the page with its chrome, `inset.html` (when there) the box that the outlet sets
into its articles after the second paragraph. Templates are `string.Template`; every value is escaped here.
"""

import json
from collections.abc import Sequence
from functools import cache
from html import escape
from string import Template

from flows.demo.content import HERE, Outlet, Piece

RELATED = 4  # links to other articles on a page


def article(outlet: Outlet, piece: Piece, others: Sequence[Piece], base: str) -> str:
    """Return an article's page. `others` are the outlet's articles, for the links; `base` its site."""
    url = base + path_of(outlet, piece)
    values = _frame(outlet, base) | {
        "title": escape(piece.title),
        "author": escape(piece.author),
        "credit": escape(piece.credit),
        "summary": escape(piece.summary),
        "caption": escape(piece.caption),
        "section": escape(outlet.sections[piece.section]),
        "section_url": f"{base}/{piece.section}/",
        "url": escape(url),
        "number": str(piece.number),
        "date": escape(outlet.print_date(piece.published)),
        "updated": escape(outlet.print_date(piece.modified or piece.published)),
        "iso": piece.published.isoformat(),
        "modified_iso": (piece.modified or piece.published).isoformat(),
        "related": _links(outlet, [p for p in _after(piece, others) if not p.forbidden][:RELATED], base),
        "jsonld": _json_ld(outlet, piece, url),
    }
    values["body"] = _body(outlet, piece, values)
    return _template(f"{outlet.id}/article.html").substitute(values)


def listing(outlet: Outlet, title: str, pieces: Sequence[Piece], base: str) -> str:
    """Return a front page or section page: links and summaries, no article."""
    items = "\n".join(
        f'<li><h2><a href="{base}{escape(path_of(outlet, p))}">{escape(p.title)}</a></h2>'
        f"<p>{escape(outlet.print_date(p.published))}</p></li>"
        for p in pieces
        if not p.forbidden
    )
    return _template("listing.html").substitute(_frame(outlet, base), title=escape(title), items=items)


def missing(outlet: Outlet, base: str) -> str:
    """Return the page that says that there is no page."""
    return _template("missing.html").substitute(_frame(outlet, base))


def path_of(outlet: Outlet, piece: Piece) -> str:
    """Return the path (and query) at which an article's page stands."""
    local = piece.published.astimezone(outlet.zone)
    return piece.path or outlet.article_path.format(t=local, p=piece)


def _frame(outlet: Outlet, base: str) -> dict[str, str]:
    sections = "".join(f'<li><a href="{base}/{key}/">{escape(name)}</a></li>' for key, name in outlet.sections.items())
    return {
        "lang": outlet.language,
        "charset": outlet.page_charset,
        "name": escape(outlet.name),
        "domain": outlet.domain,
        "base": base,
        "feed": base + outlet.feed_path,
        "navigation": sections,
    }


def _body(outlet: Outlet, piece: Piece, values: dict[str, str]) -> str:
    blocks = [outlet.paragraph.format(escape(paragraph, quote=False)) for paragraph in piece.paragraphs]
    inset = HERE.joinpath("templates", outlet.id, "inset.html")
    if inset.is_file():
        blocks.insert(2, _template(f"{outlet.id}/inset.html").substitute(values).rstrip())
    return "\n".join(blocks)


def _links(outlet: Outlet, pieces: Sequence[Piece], base: str) -> str:
    return "\n".join(f'<li><a href="{base}{escape(path_of(outlet, p))}">{escape(p.title)}</a></li>' for p in pieces)


def _after(piece: Piece, others: Sequence[Piece]) -> list[Piece]:
    """Return the other articles, beginning after this one and going round."""
    at = next(i for i, other in enumerate(others) if other.slug == piece.slug)
    return [*others[at + 1 :], *others[:at]]


def _json_ld(outlet: Outlet, piece: Piece, url: str) -> str:
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "description": piece.summary,
        "inLanguage": piece.language,
        "datePublished": piece.published.isoformat(),
        "dateModified": (piece.modified or piece.published).isoformat(),
        "author": [{"@type": "Person", "name": piece.author}],
        "publisher": {"@type": "Organization", "name": outlet.name},
        "mainEntityOfPage": url,
        "isAccessibleForFree": True,
    }
    return json.dumps(facts, ensure_ascii=False).replace("</", "<\\/")


@cache
def _template(name: str) -> Template:
    return Template(HERE.joinpath("templates", *name.split("/")).read_text("utf-8"))
