"""A second reading of a page's text, by trafilatura, where our own is in doubt; and which of the two is taken.

Our own reading (`body`) is the more exact one on most pages, and several times as fast. Where it goes wrong it mostly
shows: a few words where an article should be, a place that holds little of what the page has to read. Only then is
trafilatura asked. The figures behind the limits are those of `make eval-extraction`.
"""

import logging
import re
from enum import StrEnum

from lxml import etree, html

from extractors import blocks, boilerplate
from extractors.blocks import Page

_MAX_ELEMENTS = 12_000
_MAX_DEPTH = 120  # levels of elements; trafilatura recurses
_MAX_MARKUP = 3_000_000  # characters
_MAX_TEXT = 1_000_000  # characters
_FEW = 250  # characters, Chinese, Japanese and Korean ones counted twice; no article is that short
_MUCH = 400  # characters of running text that a page must have before a share of it says anything
_LITTLE = 0.35  # share of the page's running text
_SPREAD = 0.7  # share of the worth of all blocks that the best element holds
_UNSAID = 0.6  # share of the characters of all blocks
_KEY = re.compile(r"\W+")


class Doubt(StrEnum):
    """Why a text may not be the article of its page."""

    FEW_WORDS = "few words"
    LITTLE_OF_PAGE = "little of what the page has to read"
    SPREAD = "the page's text is spread over several places"
    LEDE_ELSEWHERE = "not the text that the head describes"


def read(
    root: etree._Element, text: str, page: Page, *, titles: tuple[str, ...] = (), descriptions: tuple[str, ...] = ()
) -> str:
    """Return the text of the article: our own reading, or the second one where ours is doubtful and that is better.

    `text` and `page` are what `body.read` made of the tree; `titles` and `descriptions` what the head says. The tree
    is left as it is. Never raises on any tree.
    """
    doubts = doubt(text, page, descriptions)
    if not doubts:
        return text
    other = _read(root, titles)
    return other if _is_better(other, text, doubts, descriptions) else text


def doubt(text: str, page: Page, descriptions: tuple[str, ...] = ()) -> frozenset[Doubt]:
    """Return why the text read from a page may not be its article; nothing where all is well."""
    worth = sum(block.worth for block in page.blocks if block.worth > 0)
    shown = sum(len(block.text) for block in page.blocks)
    found = {
        Doubt.FEW_WORDS: len(text) < _FEW and blocks.width(text) < _FEW,
        Doubt.LITTLE_OF_PAGE: page.prose > _MUCH and len(text) < _LITTLE * page.prose,
        Doubt.SPREAD: page.worth < _SPREAD * worth,
        Doubt.LEDE_ELSEWHERE: len(text) < _UNSAID * shown and not mentions(text, descriptions),
    }
    return frozenset(reason for reason, holds in found.items() if holds)


def mentions(text: str, descriptions: tuple[str, ...]) -> bool:
    """Tell whether a text has the words of one of the descriptions; True where there is none to go by."""
    keys = [key[:40] for key in map(_squash, descriptions) if len(key) > 30]
    return not keys or any(key in _squash(text) for key in keys)


def _is_better(other: str, text: str, doubts: frozenset[Doubt], descriptions: tuple[str, ...]) -> bool:
    """Tell whether the second reading is to be taken, given why the first is doubtful."""
    if not other or (mentions(text, descriptions) and not mentions(other, descriptions)):
        return False
    whole = _squash(other)
    ratio = len(whole) / max(1, len(_squash(text)))
    if Doubt.FEW_WORDS in doubts:
        return 1.3 < ratio < 16  # beyond it is the page with all its menus
    if Doubt.LITTLE_OF_PAGE in doubts and ratio > 1.2:
        return True
    if Doubt.SPREAD in doubts and 0.5 < ratio < 2:
        return True  # more is several articles, or the whole page
    if Doubt.LEDE_ELSEWHERE in doubts and ratio > 0.8:
        lines = text.split("\n")
        return sum(len(line) for line in lines if _squash(line)[:60] in whole) < 0.3 * len(text)
    return False


def _read(root: etree._Element, titles: tuple[str, ...]) -> str:
    """Return trafilatura's reading without the headline, a paragraph a line; empty where it has none or the tree is
    beyond its limits.
    """
    if not _is_within_limits(root):
        return ""
    from trafilatura import bare_extraction  # takes a second, and most pages do without

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns of every page that it finds no text in
    try:
        markup = etree.tostring(root, encoding="unicode", method="html")
        if len(markup) > _MAX_MARKUP:
            return ""
        got = bare_extraction(
            html.document_fromstring(markup), fast=True, include_comments=False, with_metadata=False, deduplicate=False
        )
    except Exception:  # whatever a library raises over a hostile tree: then there is no second reading
        return ""
    written = "" if got is None or isinstance(got, dict) else got.text or ""
    keys = frozenset(filter(None, map(_squash, titles)))
    lines = map(blocks.clean, written[:_MAX_TEXT].split("\n"))
    kept = [line for line in lines if line and not (len(line) < 320 and boilerplate.LINE.match(line))]
    return "\n".join(kept[1:] if kept and _squash(kept[0]) in keys else kept)


def _is_within_limits(root: etree._Element) -> bool:
    """Tell a tree of a size and depth that pages made for people have."""
    depth = 0
    for count, (event, _) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > _MAX_DEPTH or count > 2 * _MAX_ELEMENTS:
            return False
    return True


def _squash(text: str) -> str:
    return _KEY.sub("", text.lower())
