"""The text of an article: which blocks of a page are its own, from the first paragraph to the last.

How a page is cut and weighed does not belong here (`blocks`), nor whether it is an article at all (`pagekind`).
"""

import re

from lxml import etree

from extractors import blocks, boilerplate
from extractors.blocks import HEADINGS, Block, Page

_KEY = re.compile(r"\W+")
_MAX_LINE = 320  # characters of a line that can be told by its words


def read(root: etree._Element, title: str = "") -> tuple[str, Page]:
    """Return the text of the article in a page, a paragraph a line, and the page's blocks."""
    page = blocks.cut(root)
    chosen = page.blocks[page.start : page.end]
    chosen = _after_title(chosen, title)
    chosen = _until_ending(chosen)
    chosen = [block for block in chosen if not _is_noise(block)]
    chosen = _trim(chosen)
    return "\n".join(_distinct(chosen)), page


def _after_title(chosen: list[Block], title: str) -> list[Block]:
    """Return what comes after the headline, where it stands before the text."""
    key = _squash(title)
    worth = 0.0
    total = sum(max(0.0, block.worth) for block in chosen)
    for number, block in enumerate(chosen):
        own = _squash(block.text)
        if own and (own == key or (block.tag == "h1" and len(own) > 10 and (own in key or key in own))):
            return chosen[number + 1 :] if worth < 0.25 * total else [*chosen[:number], *chosen[number + 1 :]]
        worth += max(0.0, block.worth)
        if worth > 0.5 * total:
            break
    return chosen


def _until_ending(chosen: list[Block]) -> list[Block]:
    """Return what comes before the line that ends an article, where little comes after it."""
    total = sum(max(0.0, block.worth) for block in chosen)
    worth = 0.0
    for number, block in enumerate(chosen):
        if len(block.text) <= 90 and worth > 0.6 * total and boilerplate.ENDING.match(block.text):
            return chosen[:number]
        worth += max(0.0, block.worth)
    return chosen


def _is_noise(block: Block) -> bool:
    """Tell a line that is no part of an article wherever it stands."""
    text = block.text
    if block.card:
        return True
    if len(text) <= _MAX_LINE and boilerplate.LINE.match(text):
        return True
    if block.share > 0.85 and len(text) < 200 and block.tag != "li":
        return True
    return bool(boilerplate.CONSENT.search(text)) and len(text) < 800


def _trim(chosen: list[Block]) -> list[Block]:
    """Return the blocks without the scraps before the first and after the last paragraph."""
    first = next((number for number, block in enumerate(chosen) if block.worth > 0), None)
    if first is None:
        return chosen
    last = max(number for number, block in enumerate(chosen) if block.worth > 0)
    while first > 0 and chosen[first - 1].tag in HEADINGS and chosen[first - 1].tag != "h1":
        first -= 1
    while last + 1 < len(chosen) and chosen[last + 1].tag in ("td", "th", "li", "dd") and chosen[last + 1].share < 0.5:
        last += 1
    return chosen[first : last + 1]


def _distinct(chosen: list[Block]) -> list[str]:
    """Return the texts without long ones that come again."""
    seen: set[str] = set()
    lines: list[str] = []
    for block in chosen:
        if len(block.text) > 60:
            if block.text in seen:
                continue
            seen.add(block.text)
        lines.append(block.text)
    return lines


def _squash(text: str) -> str:
    return _KEY.sub("", text.lower())
