"""A page cut into blocks of text in one walk, each with what it is worth to an article around it.

Running text adds, links and scraps subtract; the element whose blocks add up to most is where the article stands.
What cannot be part of one by its markup (navigation, shares, related pages, comments) is not walked into. Which
blocks are the article is decided in `body`; the patterns are in `boilerplate`.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from lxml import etree

from extractors import boilerplate

_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "math", "q", "ruby", "rb", "rt", "rp", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr", "nobr", "o:p",
))  # fmt: skip
_DROPPED = frozenset((
    "script", "style", "noscript", "svg", "iframe", "template", "select", "option", "textarea", "object", "embed",
    "video", "audio", "canvas", "map", "input", "head", "link", "meta", "figcaption", "picture", "img", "applet",
    "frameset", "datalist", "amp-ad", "amp-embed", "amp-social-share", "track", "source",
))  # fmt: skip
_GUARDED = frozenset(
    ("nav", "footer", "aside", "menu", "dialog", "figure", "form")
)  # dropped unless the page stands in them
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CELLS = frozenset(("td", "th", "dd", "dt", "li", "caption"))
_PARAGRAPHS = frozenset(("p", "li", "blockquote", "pre", "dd", "dt", *HEADINGS))
_NESTING = frozenset(("ul", "ol", "dl", "blockquote", "li"))
_WHOLE = frozenset(("html", "body", "main"))
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000\u2028\u2029\x85]+")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffc\x00-\x08\x0e-\x1f\x7f]")
_SENTENCE = re.compile(r"[.!?…。！？:：;；”\"»)」』]\s*$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MAX_NAME = 400  # characters of class and id that are read
_MAX_STREAMED = 300  # pieces of a streamed page
_FEW_PROSE = 400  # characters in paragraphs; pages with less put their text elsewhere
_CARD_BLOCKS = 6  # a teaser has no more
_CARD_TEXT = 500  # characters


@dataclass(slots=True)
class Block:
    """A piece of text between two ends of block elements."""

    text: str
    linked: int  # characters of it inside links
    tag: str  # of the innermost block element around it
    worth: float
    home: int = 0  # the element that holds the paragraph: paragraphs of one text share it
    card: bool = False  # in a teaser: a linked heading with a few lines

    @property
    def share(self) -> float:
        """The share of the text that is linked."""
        return self.linked / len(self.text)


@dataclass(slots=True)
class Page:
    """The blocks of a page in order, and the range of those in the element that is worth most."""

    blocks: list[Block] = field(default_factory=list)
    start: int = 0
    end: int = 0
    worth: float = 0.0
    cards: int = 0  # how many teasers the page has
    prose: int = 0  # characters of running text in paragraphs, whatever stands around them
    articles: list[tuple[int, int, float]] = field(default_factory=list)  # ranges of article elements and their worth


def cut(root: etree._Element, *, strict: bool = True) -> Page:
    """Return the blocks of a page. Scripts and styles are taken out of the tree.

    Not `strict` leaves out nothing on the word of its class or id.
    """
    body = root.find("body")
    top = body if body is not None else root
    etree.strip_elements(top, "script", "style", "noscript", "svg", with_tail=False)
    _place_streamed(top)
    full = _mass(top)
    prose = full > _FEW_PROSE
    walk = _Walk(strict=strict, prose=prose, full=full if prose else max(1, len("".join(top.itertext()))))
    walk.page.prose = full
    return walk.walk(top)


def _place_streamed(top: etree._Element) -> None:
    """Put the pieces that a server streamed after the page, hidden, where their placeholders stand (`S:1` to `B:1`)."""
    places = [element for element in top.iter("template") if (element.get("id") or "").startswith("B:")][:_MAX_STREAMED]
    if not places:
        return
    pieces = {name: element for element in top.iter("div") if (name := element.get("id") or "").startswith("S:")}
    for place in places:
        piece = pieces.get("S:" + place.get("id", "")[2:])
        parent = place.getparent()
        if piece is None or parent is None or piece in place.iterancestors():
            continue
        piece.attrib.pop("hidden", None)
        place.addprevious(piece)


@dataclass(slots=True)
class _Walk:
    strict: bool
    prose: bool  # whether the page writes its running text in paragraphs
    full: int  # characters of running text on the page, of any text where it has no paragraphs
    page: Page = field(default_factory=Page)
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    total: float = 0.0
    judged: dict[str, float] = field(default_factory=dict)
    stack: list[tuple[str, int, float, int]] = field(default_factory=list)  # tag, first block, worth before it, number
    number: int = 0

    def walk(self, top: etree._Element) -> Page:
        links = 0
        skipped: etree._Element | None = None
        context = etree.iterwalk(top, events=("start", "end"))
        for event, element in context:
            tag = element.tag
            if event == "start":
                if tag in _DROPPED or (tag not in _WHOLE and self._is_boilerplate(element, tag)):
                    context.skip_subtree()
                    skipped = element
                    continue
                if tag == "a":
                    links += 1
                elif tag not in _INLINE:
                    self._open(tag)
                if element.text:
                    self._add(element.text, links)
                continue
            if element is skipped:
                skipped = None
                if tag not in _INLINE:
                    self._flush()
            elif tag == "a":
                links -= 1
            elif tag not in _INLINE and tag != "br":
                self._flush()
                self._close(*self.stack.pop())
            if element.tail and element is not top:
                self._add(element.tail, links)
        return self.page

    def _open(self, tag: str) -> None:
        """End the block before an element that begins a new one."""
        self._flush()
        if tag != "br":
            self.number += 1
            self.stack.append((tag, len(self.page.blocks), self.total, self.number))

    def _close(self, tag: str, first: int, before: float, _: int) -> None:
        """Take stock of an element that ends: is it a teaser, is it the best so far?"""
        page = self.page
        blocks = page.blocks
        if 1 < len(blocks) - first <= _CARD_BLOCKS and _is_card(blocks[first:]):
            self.total = before - 30.0
            page.cards += not blocks[first].card
            for block in blocks[first:]:
                block.card = True
        worth = self.total - before
        if tag == "article" and worth > 0:
            page.articles.append((first, len(blocks), worth))
        if worth > page.worth:
            page.worth, page.start, page.end = worth, first, len(blocks)

    def _add(self, text: str, links: int) -> None:
        self.parts.append(text)
        if links:
            self.linked += len(text.strip())

    def _flush(self) -> None:
        """Make a block of the text since the last one."""
        if not self.parts:
            return
        text = clean("".join(self.parts))
        linked, self.linked = self.linked, 0
        self.parts.clear()
        if text:
            tag, home = self._place()
            worth = _weigh(text, linked, tag)
            self.page.blocks.append(Block(text, linked, tag, worth, home))
            self.total += worth

    def _place(self) -> tuple[str, int]:
        """Return the tag that says most of the current place, and the number of the element that holds the
        paragraph.
        """
        if not self.stack:
            return "body", 0
        tag, _, _, number = self.stack[-1]
        if tag in _PARAGRAPHS and len(self.stack) > 1:
            outer, _, _, number = self.stack[-2]
            if outer in _CELLS and tag not in HEADINGS:
                tag = outer
            if outer in _NESTING and len(self.stack) > 2:
                number = self.stack[-3][3]
        return tag, number

    def _is_boilerplate(self, element: etree._Element, tag: str) -> bool:
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        limit = self.judged.get(name)
        if limit is None:
            limit = self.judged[name] = _judge(name) if self.strict else 0.0
        if tag in _GUARDED:
            limit = max(limit, 0.5)
            if tag == "figure" and element.find(".//table") is not None:
                return False
        if not limit:
            style = element.get("style")
            if (
                not (style and boilerplate.HIDDEN.search(style))
                and element.get("aria-hidden") != "true"
                and element.get("hidden") is None
            ):
                return False
            limit = 0.2
        if limit > 0.3 and next(element.iter("h1", "main"), None) is not None and tag != "nav":
            return False
        return (_mass(element) if self.prose else len("".join(element.itertext()))) <= limit * self.full


def _judge(name: str) -> float:
    """Return what share of a page an element of that class and id may hold and still be thought no part of its
    text; 0: it is.
    """
    name = _CAMEL.sub("-", name[:_MAX_NAME]).lower()
    if len(name) < 3 or boilerplate.CONTENT.search(name):
        return 0.0
    match = boilerplate.TOKENS.search(name)
    if match is None:
        return 0.0
    return 0.5 if match["hard"] else 0.25


def _mass(element: etree._Element) -> int:
    """Return how many characters of running text an element has."""
    return sum(
        length for p in element.iter("p", "blockquote", "pre") if (length := len("".join(p.itertext()).strip())) > 60
    )


def clean(text: str) -> str:
    """Return text on one line, composed, without what cannot be seen."""
    text = _SPACES.sub(" ", text).strip()
    if not text.isascii():
        text = unicodedata.normalize("NFC", _UNSEEN.sub("", text)).strip()
    elif not text.isprintable():
        text = _UNSEEN.sub("", text).strip()
    return text


def width(text: str) -> int:
    """Return the length of a text with each Chinese, Japanese or Korean character counted twice."""
    return len(text) if text.isascii() else len(text) + len(_CJK.findall(text))


def _weigh(text: str, linked: int, tag: str) -> float:
    """Return how much a block speaks for an article around it."""
    length = width(text)
    share = linked / len(text)
    if tag in HEADINGS:
        return 0.0 if share < 0.5 else -20.0
    if share > 0.5:
        return -min(40.0, 10 + length / 4)
    free = length * (1 - share)
    if free >= 80 and (_SENTENCE.search(text) or free >= 200):
        return free if tag not in _CELLS else free * 0.7
    if _SENTENCE.search(text) and free > 25:
        return free * 0.5
    if tag in _CELLS:
        return 0.0
    return -10.0 if length < 25 else 0.0


def _is_card(blocks: list[Block]) -> bool:
    """Tell a teaser: a heading that is a link, with no more than a few lines beside it."""
    heading = next((block for block in blocks[:3] if block.tag in HEADINGS), None)
    return heading is not None and heading.share > 0.8 and sum(len(block.text) for block in blocks) < _CARD_TEXT
