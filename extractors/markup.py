"""From the bytes of a page to one parsed tree: what it is, in which character set, and within which limits.

Content coding is already undone. Everything that can be wrong with bytes ends here as an `Unreadable`; what the
markup *says* does not belong here (`facts`, `body`).
"""

import codecs
import re

from lxml import etree

from extractors.model import Fate, Unreadable

MAX_BYTES = 16 * 1024 * 1024  # pages are a hundred times smaller; beyond it nobody writes, only machines
_MAX_DETECT = 20_000  # bytes looked at when nobody says the character set

# One tag after the other by the tokenizer's rules, each with a bounded number of pieces: the tree builder's time
# grows with the square of the attributes of one tag. Possessive, so that a page is walked once.
_ATTRIBUTES = rb"""(?: =\s*+(?:"[^"]*+"|'[^']*+'|) | [^>=\s/]++ | [\s/]++ ){0,4000}+>"""
_TAGS = re.compile(
    rb"""(?: [^<]++
        | <(?:script|style)(?=[\s>/]) """
    + _ATTRIBUTES
    + rb""" (?: [^<]++ | <(?!/(?:script|style)) )*+
        | <[a-z] """
    + _ATTRIBUTES
    + rb"""
        | <(?![a-z])
    )*+""",
    re.VERBOSE | re.IGNORECASE,
)
_UNFINISHED = 65_536  # bytes of a last tag that never closes, which are too few to hurt
_META_CHARSET = re.compile(rb"""<meta\b[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.:-]{2,40})""")
_PARAMETER = re.compile(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
_MARKUP = re.compile(
    rb"<(?:!doctype|html|head|body|meta|title|div|p|article|table|span|h[1-6]|br|a|script|center|font)\b", re.IGNORECASE
)
_FEED = re.compile(  # each comment ends at its first end, and is not tried with a later one: there may be hundreds
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?><!--.{0,2000}?-->\s*|<\?.{0,500}?\?>\s*)*+<(?:rss|feed|rdf:RDF|urlset|sitemapindex|svg)\b",
    re.DOTALL,
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"RIFF", "media"),
    (b"PK\x03\x04", "a ZIP file or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)
_CODED = ((b"\x1f\x8b\x08", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))
_HTML_TYPES = (
    "text/html",
    "application/xhtml",
    "text/plain",
    "application/xml",
    "text/xml",
    "application/octet-stream",
    "unknown/",
)

# What browsers read under a label: the larger set that its users really write (WHATWG Encoding Standard).
_READ_AS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "gb-2312": "gb18030",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso8859-1": "cp1252", "iso-8859-9": "cp1254", "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949", "utf8": "utf-8", "unicode": "utf-8", "utf-16": "utf-8", "x-user-defined": "cp1252",
}  # fmt: skip


def parse(body: bytes, content_type: str | None = None) -> etree._Element | Unreadable:
    """Return the root of a page's tree, comments and processing instructions left out, or why there is none.

    `content_type` is the header's value, parameters and all. Never raises on any bytes.
    """
    if not body.strip(b" \t\r\n\x00"):
        return Unreadable(fate=Fate.EMPTY, detail="no bytes")
    if len(body) <= MAX_BYTES:
        body = _unwide(body)
    if (other := _name_other(body, content_type)) is not None:
        return other
    if len(body) > MAX_BYTES:
        return Unreadable(fate=Fate.UNREADABLE, detail=f"{len(body)} bytes, more than {MAX_BYTES}")
    body = _encode(body, content_type)
    end = _TAGS.match(body)
    if end is not None and len(body) - end.end() > _UNFINISHED:
        return Unreadable(fate=Fate.UNREADABLE, detail="a tag with thousands of attributes")
    root = build(body)
    if root is None:
        return Unreadable(fate=Fate.EMPTY, detail="no elements")
    return root


def build(body: bytes) -> etree._Element | None:
    """Return the tree of UTF-8 markup, or None where there is nothing in it."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root: etree._Element | None = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError):
        return None
    return root


def _name_other(body: bytes, content_type: str | None) -> Unreadable | None:
    """Tell what the bytes are when they are no HTML."""
    for magic, name in _CODED:
        if body.startswith(magic):
            return Unreadable(fate=Fate.UNREADABLE, detail=f"still {name}-coded")
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return Unreadable(fate=Fate.NOT_HTML, detail=name)
    declared = (content_type or "").split(";")[0].strip().lower()
    start = body[:4096]
    if declared and not declared.startswith(_HTML_TYPES) and not _MARKUP.search(start):
        return Unreadable(fate=Fate.NOT_HTML, detail=declared)
    if declared.startswith(("image/", "video/", "audio/", "application/pdf")):
        return Unreadable(fate=Fate.NOT_HTML, detail=declared)
    if _FEED.match(start):
        return Unreadable(fate=Fate.NOT_HTML, detail="a feed, sitemap or drawing")
    if not _MARKUP.search(start) and not _MARKUP.search(body):
        text = not any(byte < 9 or 13 < byte < 32 for byte in start.replace(b"\x00", b""))
        return Unreadable(fate=Fate.NOT_HTML, detail="no markup" if text else "binary data")
    return None


def _encode(body: bytes, content_type: str | None) -> bytes:
    """Return the page as UTF-8 without NUL, whatever it came in."""
    body = body.removeprefix(codecs.BOM_UTF8).replace(b"\x00", b"")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode(body, _declared(body, content_type), error.start).encode("utf-8", "replace")
    return body


def _unwide(body: bytes) -> bytes:
    """Return a page in UTF-16, with a mark or with every second byte NUL, as UTF-8; any other as it is."""
    head = body[:2000]
    name = ""
    if body.startswith(codecs.BOM_UTF16_LE) or head[1::2].count(0) * 3 > len(head):
        name = "utf-16-le"
    elif body.startswith(codecs.BOM_UTF16_BE) or head[0::2].count(0) * 3 > len(head):
        name = "utf-16-be"
    return body.decode(name, "replace").removeprefix("\ufeff").encode("utf-8", "replace") if name else body


def _declared(body: bytes, content_type: str | None) -> str | None:
    """Return the codec that header or page names, the header first, or None."""
    header = _PARAMETER.search(content_type or "")
    names = [header[1]] if header else []
    names += [
        found[1].decode("ascii", "replace")
        for found in (_META_CHARSET.search(body[:8192]), _XML_CHARSET.match(body))
        if found
    ]
    for name in names:
        name = _READ_AS.get(name.lower(), name.lower())
        try:
            info = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        if info._is_text_encoding and info.name not in (
            "utf-16",
            "utf-32",
            "utf-7",
            "idna",
            "punycode",
            "unicode_escape",
            "raw_unicode_escape",
        ):
            return info.name
    return None


def _decode(body: bytes, declared: str | None, first_bad: int) -> str:
    """Return the text of bytes that are no clean UTF-8."""
    if declared and declared != "utf-8":
        text = body.decode(declared, "replace")
        if text.count("\ufffd") * 200 <= len(text):
            return text
    lenient = body.decode("utf-8", "replace")
    high = len(body) - len(body.translate(None, bytes(range(128, 256))))
    if lenient.count("\ufffd") * 20 < high:  # UTF-8 with a few damaged places, such as a cut character
        return lenient
    return body.decode(_detect(body, first_bad), "replace")


def _detect(body: bytes, first_bad: int) -> str:
    """Guess the codec of bytes that nobody names, from the piece where they stop being ASCII."""
    start = max(0, first_bad - 200)
    piece = body[start : start + _MAX_DETECT]
    try:
        text = piece[: piece.rfind(b"<")].decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    han = sum("\u4e00" <= char <= "\u9fff" for char in text)
    if han and han * 1.2 > sum(char > "\x7f" for char in text) - sum(
        "\u3000" <= char <= "\u303f" or char >= "\uff00" for char in text
    ):
        return "gb18030"
    from charset_normalizer import from_bytes  # heavy, and rarely needed

    best = from_bytes(piece).best()
    return best.encoding if best is not None else "cp1252"
