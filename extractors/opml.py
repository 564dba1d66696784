"""OPML subscription lists (opml.org 1.0 to 2.0), read and written: how feeds travel between readers.

Whether a feed answers, and where it is kept, does not belong here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from extractors import feedtext, urls, xmltext

MAX_FEEDS = 20_000
_BYTES = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of a list: its address, and under which headings it stands, outermost first."""

    url: str
    title: str = ""
    home: str = ""
    language: str | None = None
    folders: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """A list that was read. `problem` is one line when it is damaged or is none; what could be read is kept."""

    title: str = ""
    outlines: tuple[Outline, ...] = ()
    problem: str = ""


def read(body: bytes) -> Subscriptions:
    """Read a list whatever its state: each address once, nested headings kept, nothing expanded or loaded."""
    text = xmltext.decode(body[:_BYTES])
    root = xmltext.root(text)
    if root not in ("opml", "outline", "body"):
        return Subscriptions(problem=f"no OPML: its first element is {root[:40]!r}" if root else "no OPML: no elements")
    tree = xmltext.tree(xmltext.clean(text))
    if tree is None:
        return Subscriptions(problem="no OPML: nothing could be read")
    found: dict[str, Outline] = {}
    lost = 0
    for element in tree.iter():
        if xmltext.local(element) != "outline":
            continue
        attributes = {str(name).rpartition("}")[2].lower(): str(value) for name, value in element.attrib.items()}
        raw = attributes.get("xmlurl") or (
            attributes.get("url", "") if attributes.get("type", "").lower() == "rss" else ""
        )
        if not raw:
            continue
        address = urls.join("", raw.replace("feed://", "http://", 1) if raw.startswith("feed://") else raw)
        if not address:
            lost += 1
        elif address not in found and len(found) < MAX_FEEDS:
            found[address] = _outline(address, attributes, element)
    title = next((element.text or "" for element in tree.iter() if xmltext.local(element) == "title"), "")
    problem = f"{lost:,} outlines without an address" if lost else ""
    return Subscriptions(title=feedtext.plain(title, limit=300), outlines=tuple(found.values()), problem=problem)


def _outline(address: str, attributes: dict[str, str], element: etree._Element) -> Outline:
    folders = [_label(parent) for parent in element.iterancestors() if xmltext.local(parent) == "outline"]
    return Outline(
        url=address,
        title=feedtext.plain(attributes.get("title") or attributes.get("text") or "", limit=300),
        home=urls.join("", attributes.get("htmlurl", "")),
        language=feedtext.language(attributes.get("language", "")),
        folders=tuple(label for label in reversed(folders) if label),
        note=feedtext.plain(attributes.get("description", ""), limit=1_000),
    )


def _label(element: etree._Element) -> str:
    return feedtext.plain(element.get("text") or element.get("title") or "", limit=300)


def write(title: str, outlines: Iterable[Outline]) -> bytes:
    """Return a list as OPML 2.0 in UTF-8, feeds under their headings. Addresses go out without credentials."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _legal(title)
    top = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): top}
    for outline in outlines:
        parent = top
        for depth in range(1, len(outline.folders) + 1):
            path = outline.folders[:depth]
            if path not in folders:
                folders[path] = etree.SubElement(parent, "outline", text=_legal(path[-1]))
            parent = folders[path]
        address = urls.redact(outline.url)
        label = _legal(outline.title or address)
        element = etree.SubElement(parent, "outline", type="rss", text=label, title=label, xmlUrl=_legal(address))
        for name, value in (("htmlUrl", outline.home), ("language", outline.language), ("description", outline.note)):
            if value:
                element.set(name, _legal(value))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _legal(text: str) -> str:
    return xmltext.without_controls(text)
