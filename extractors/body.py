"""The text of an article: which blocks of a page are its own, from the first paragraph to the last.

How a page is cut and weighed does not belong here (`blocks`), nor whether it is an article at all (`pagekind`).
"""

import re

from lxml import etree

from extractors import blocks, boilerplate, second
from extractors.blocks import HEADINGS, Block, Page

_MARKUP = re.compile(r"<[a-zA-Z/][^<>]{0,300}>")
_KEY = re.compile(r"\W+")
_MAX_TEXT = 1_000_000  # characters; longer than any article
_SHORT = 400  # characters; an article with less may have been cut too much
_MAX_LINE = 320  # characters of a line that can be told by its words


def read(
    root: etree._Element, titles: tuple[str, ...] = (), descriptions: tuple[str, ...] = (), declared: str = ""
) -> tuple[str, Page]:
    """Return the text of the article in a page, a paragraph a line, and the page's blocks.

    `titles`, `descriptions` and `declared` are what the page's head says of headline, lede and text
    (`articleBody`): they tell what belongs to the text among the blocks. A declared text is only taken itself
    where the page shows none.
    """
    page = blocks.cut(root)
    text = _choose(page, titles, descriptions, declared)
    if len(text) < _SHORT or (len(text) < 2 * _SHORT and not second.mentions(text, descriptions)):
        lenient = blocks.cut(root, strict=False)
        more = _choose(lenient, titles, descriptions, declared)
        said = (
            second.mentions(more, descriptions)
            and not second.mentions(text, descriptions)
            and len(more) < 3 * max(300, len(text))
        )
        if said or (len(text) < _SHORT and len(more) > 1.5 * len(text)):
            text, page = more, lenient
    if len(declared) > max(200, 2 * len(text)):
        lines = [
            line for part in re.split(r"\s*\n\s*|</p>", declared) if (line := blocks.clean(_MARKUP.sub(" ", part)))
        ]
        return "\n".join(lines), page
    return text, page


def _choose(page: Page, titles: tuple[str, ...], descriptions: tuple[str, ...], declared: str) -> str:
    """Return the text of the article among the blocks of a page."""
    chosen = page.blocks[slice(*_range(page))]
    chosen = _after_title(chosen, titles)
    home = _home(chosen)
    chosen = _until_ending(chosen, home)
    chosen = [block for block in chosen if not _is_noise(block)]
    chosen = _trim(chosen, home)
    found = _declared(page, declared)
    if _length(found) > 0.6 * _length(chosen):
        chosen = found
    if _length(chosen) > _SHORT:
        chosen = [*_lede(page, chosen, descriptions), *chosen]
    return "\n".join(_distinct(chosen))


def _length(chosen: list[Block]) -> int:
    return sum(len(block.text) for block in chosen)


def _declared(page: Page, declared: str) -> list[Block]:
    """Return the blocks that the declared text repeats, with what stands between them, where it has nearly all of
    them.
    """
    whole = _squash(_MARKUP.sub("", declared))
    if len(whole) < 500:
        return []
    known = [bool(len(block.text) > 40 and _squash(block.text)[:60] in whole) for block in page.blocks]
    if sum(len(block.text) for block, own in zip(page.blocks, known, strict=True) if own) < 0.9 * len(whole):
        return []
    first, last = known.index(True), len(known) - 1 - known[::-1].index(True)
    return [
        block
        for block, own in zip(page.blocks[first : last + 1], known[first : last + 1], strict=True)
        if own or (not _is_noise(block) and (block.worth <= 60 or block.tag in HEADINGS) and block.share < 0.5)
    ]


def _range(page: Page) -> tuple[int, int]:
    """Return the blocks of the best element, or of the first article in it where several follow each other."""
    inside = [
        span for span in page.articles if page.start <= span[0] and span[1] <= page.end and span[2] > 0.2 * page.worth
    ]
    outer = [
        span
        for span in inside
        if not any(other != span and other[0] <= span[0] and span[1] <= other[1] for other in inside)
    ]
    if len(outer) > 1:
        return outer[0][0], outer[0][1]
    return page.start, page.end


def _home(chosen: list[Block]) -> int | None:
    """Return the element that holds most of the running text, or None where it is spread over many."""
    worth: dict[int, float] = {}
    for block in chosen:
        if block.worth > 0:
            worth[block.home] = worth.get(block.home, 0.0) + block.worth
    best = max(worth, key=lambda home: worth[home], default=None)
    return best if best is not None and worth[best] > 0.5 * sum(worth.values()) else None


def _lede(page: Page, chosen: list[Block], descriptions: tuple[str, ...]) -> list[Block]:
    """Return the paragraph over the text that the head repeats as the page's description, where it is not in the
    text.
    """
    keys = tuple(key[:60] for key in map(_squash, descriptions) if len(key) > 30)
    if not keys or not chosen or any(_squash(block.text[:200]).startswith(keys) for block in chosen[:4]):
        return []
    start = next((number for number, block in enumerate(page.blocks) if block is chosen[0]), 0)
    for block in page.blocks[max(0, start - 40) : start]:
        if block.share < 0.5 and not block.card and _squash(block.text[:200]).startswith(keys):
            return [block]
    return []


def _after_title(chosen: list[Block], titles: tuple[str, ...]) -> list[Block]:
    """Return what comes after the headline, where it stands before the text; elsewhere all but the headline."""
    keys = frozenset(filter(None, map(_squash, titles)))
    worth = 0.0
    total = sum(max(0.0, block.worth) for block in chosen)
    for number, block in enumerate(chosen):
        own = _squash(block.text)
        if own in keys or (block.tag == "h1" and len(own) > 10 and any(own in key or key in own for key in keys)):
            return chosen[number + 1 :] if worth < 0.25 * total else [*chosen[:number], *chosen[number + 1 :]]
        worth += max(0.0, block.worth)
        if worth > 0.5 * total:
            break
    return chosen


def _until_ending(chosen: list[Block], home: int | None) -> list[Block]:
    """Return what comes before the line that ends an article, where nothing of its text comes after it."""
    total = sum(max(0.0, block.worth) for block in chosen)
    last = max((number for number, block in enumerate(chosen) if block.home == home and block.worth > 0), default=-1)
    worth = 0.0
    for number, block in enumerate(chosen):
        enough = worth > (0.6 if home is not None else 0.88) * total
        if enough and number > last and len(block.text) <= 90 and boilerplate.ENDING.match(block.text):
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
    if block.share > 0.85 and 35 <= len(text) < 200 and block.tag == "li":
        return True
    if block.share > 0.85 and len(text) < 200 and block.tag != "li" and block.tag not in HEADINGS:
        return True
    return len(text) < 800 and (bool(boilerplate.CONSENT.search(text)) or text.lower().count("cookie") > 2)


def _trim(chosen: list[Block], home: int | None) -> list[Block]:
    """Return the blocks without the scraps before the first and after the last paragraph; those beside paragraphs
    are none.
    """
    good = [
        number for number, block in enumerate(chosen) if block.worth > 0 or (block.home == home and block.share < 0.5)
    ]
    if not good:
        return chosen
    first, last = good[0], good[-1]
    while first > 0 and chosen[first - 1].tag in HEADINGS and chosen[first - 1].tag != "h1":
        first -= 1
    while last + 1 < len(chosen) and chosen[last + 1].tag in ("td", "th", "li", "dd") and chosen[last + 1].share < 0.5:
        last += 1
    while last > first and chosen[last].tag in HEADINGS:
        last -= 1
    return chosen[first : last + 1]


def _distinct(chosen: list[Block]) -> list[str]:
    """Return the texts without long ones that come again."""
    seen: set[str] = set()
    lines: list[str] = []
    room = _MAX_TEXT
    for block in chosen:
        room -= len(block.text) + 1
        if room < 0:
            break
        if len(block.text) > 60:
            if block.text in seen:
                continue
            seen.add(block.text)
        lines.append(block.text)
    return lines


def _squash(text: str) -> str:
    return _KEY.sub("", text.lower())
