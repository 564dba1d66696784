"""XML from the open web made safe and whole: the right characters, no document type, no entities but characters.

For feeds, sitemaps and OPML. What the elements mean does not belong here; pages are read by `markup`.
Without a document type there is nothing to expand and nothing external to ask for, so no parser behind can be made to.
"""

import codecs
import io
import re
from collections.abc import Iterator
from html.entities import html5

from lxml import etree

MAX_BYTES = 32 << 20  # by its protocol a sitemap may have 50 MB; those with 50,000 addresses have 10
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""")
_PARAMETER = re.compile(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDER = {  # what is declared, and what is meant by it (WHATWG Encoding)
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-1": "windows-1252",
    "iso8859-1": "windows-1252",
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "win-1251": "windows-1251",
    "cp-1251": "windows-1251",
    "unicode": "utf-8",
    "utf8": "utf-8",
}
_NO_ENCODINGS = frozenset({"idna", "punycode", "unicode_escape", "raw-unicode-escape", "unicode-escape", "utf-7"})
_SEVEN_BIT = ("iso-2022", "iso2022", "hz")  # plain ASCII on the wire, so that they look like UTF-8
_REGIONAL = {
    "zh": "gb18030",
    "ru": "windows-1251",
    "uk": "windows-1251",
    "be": "windows-1251",
    "bg": "windows-1251",
    "mk": "windows-1251",
    "pl": "windows-1250",
    "cs": "windows-1250",
    "sk": "windows-1250",
    "hu": "windows-1250",
    "ro": "windows-1250",
    "el": "windows-1253",
    "tr": "windows-1254",
    "ja": "cp932",
    "ko": "cp949",
}
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#(\d{1,9}|[xX][0-9a-fA-F]{1,8})|([A-Za-z][A-Za-z0-9]{1,31}));")
_BARE = re.compile(r"&(?!#?\w{1,32};)")
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PROLOG = 10_000  # declarations, comments and pieces of rubbish before the first element
_TYPES = 3  # document types: there is one, and to look for the end of each costs the whole text
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]{0,2000}(?:\[(?:[^\]]|\](?!\s{0,40}>))*+\]\s{0,40})?>", re.IGNORECASE)
_BARREN = 10_000  # elements between two that are asked for
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*(?::[\w.-]+)?)")
_PROLOG_SKIPS = (("<?", "?>"), ("<!--", "-->"), ("<![CDATA[", "]]>"))


def decode(body: bytes, content_type: str | None = None, language: str | None = None) -> str:
    """Return the text of a document, in the encoding that its bytes prove, or they declare, or its language suggests.

    What the header and the declaration say is often wrong, but bytes that decode as UTF-8 and are not ASCII are UTF-8.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) if mark == codecs.BOM_UTF8 else 0 :].decode(encoding, "replace")
    if body[:4] in (b"<\0?\0", b"<\0r\0", b"<\0f\0"):
        return body.decode("utf-16-le", "replace")
    if body[:4] in (b"\0<\0?", b"\0<\0r", b"\0<\0f"):
        return body.decode("utf-16-be", "replace")
    names = _named(body, content_type)
    try:
        if not (names and names[0].startswith(_SEVEN_BIT)):
            return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    whole = sum(char > "\x7f" for char in text) - damaged
    if whole > damaged * 20:
        return text  # UTF-8 with a few bad bytes, or cut within a character
    other = next((name for name in names if name != "utf-8"), None)
    if other is None and "utf-8" in names and whole >= damaged:
        return text
    return body.decode(other or _REGIONAL.get((language or "").lower().split("-")[0], "windows-1252"), "replace")


def _named(body: bytes, content_type: str | None) -> list[str]:
    """Return the known encodings that the document and the header declare, as they are meant."""
    declared = [match[1].decode("ascii")] if (match := _DECLARED.match(body[:1_000])) else []
    declared += [parameter[1]] if (parameter := _PARAMETER.search(content_type or "")) else []
    known = []
    for name in declared:
        wider = _WIDER.get(name.lower(), name.lower())
        try:
            "a".encode(wider)
            codec = codecs.lookup(wider).name
        except (LookupError, ValueError):  # no such encoding, or none of text
            continue
        if codec not in _NO_ENCODINGS and not codec.startswith(("utf-16", "utf-32")):
            known.append(wider)
    return known


def clean(text: str) -> str:
    """Return a document from its first element on, with legal characters and named entities as characters."""
    at = _root_start(text)
    text = text[at:] if at else text
    if _ILLEGAL.search(text):
        text = _ILLEGAL.sub("", text)
    if "&" not in text:
        return text
    text = _REFERENCE.sub(_character, text)
    return _escaped(text) if _BARE.search(text) else text


def _escaped(text: str) -> str:
    """Return a document whose lone ampersands are references, but for those in CDATA sections, where they are right."""
    parts, at = [], 0
    while at < len(text):
        start = text.find("<![CDATA[", at)
        start = start if start >= 0 else len(text)
        parts.append(_BARE.sub("&amp;", text[at:start]))
        end = text.find("]]>", start)
        at = end if end >= 0 else len(text)
        parts.append(text[start:at])
    return "".join(parts)


def root(text: str) -> str:
    """Return the name of the first element in lower case and without prefix, or an empty string when there is none."""
    match = _ROOT.match(text, _root_start(text))
    return match[1].rpartition(":")[2].lower() if match else ""


def _root_start(text: str) -> int:
    """Return where the first element begins, after declarations, comments and rubbish; 0 when there is none."""
    at, types = text.find("<"), 0
    for _ in range(_PROLOG):
        if at < 0:
            break
        if _ROOT.match(text, at):
            return at
        end = at
        if text[at : at + 9].upper() == "<!DOCTYPE":
            types += 1
            match = _DOCTYPE.match(text, at) if types <= _TYPES else None
            end = match.end() if match else at
        elif closer := next((close for start, close in _PROLOG_SKIPS if text.startswith(start, at)), None):
            end = text.find(closer, at)
            if end < 0:
                break
        at = text.find("<", max(end, at + 1))
    return 0


def _character(match: re.Match[str]) -> str:
    """Return a reference as XML without a document type can have it."""
    digits, name = match.groups()
    if name is not None:
        return match[0] if name in _OWN else html5.get(name + ";", match[0])
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    legal = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return match[0] if legal else ""


def elements(text: str, names: frozenset[str]) -> Iterator[etree._Element]:
    """Yield, as they end, the elements of a clean document whose local names are in `names`, and forget them after.

    Damage ends the iteration or is passed over (libxml2's recovery); nothing is expanded, loaded or deeper than 256.
    """
    events = etree.iterparse(
        io.BytesIO(text.encode("utf-8", "replace")),
        events=("end",),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        encoding="utf-8",
    )
    barren = 0
    try:
        for _, element in events:
            parent = element.getparent()
            if local(element) in names:
                barren = 0
                yield element
            elif parent is None or parent.getparent() is not None:
                barren += 1
                if barren > _BARREN:
                    return
                continue
            element.clear()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError:
        return  # nothing in it that can be recovered


def tree(text: str) -> etree._Element | None:
    """Return a clean document as a tree, as far as libxml2 can recover it, or None when there is nothing."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, encoding="utf-8"
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def without_controls(text: str) -> str:
    """Return text without the characters that XML forbids."""
    return _ILLEGAL.sub("", text)


def local(element: etree._Element) -> str:
    """Return an element's name in lower case and without namespace."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""
