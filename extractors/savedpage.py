"""Where a saved HTML page is from, by what browsers and outlets write into it. The page itself is read by `article`."""

import re
from html import unescape

from extractors import urls

_HEAD = 200_000  # bytes that are looked at
_SAVED = re.compile(rb"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)", re.IGNORECASE)
_SINGLE_FILE = re.compile(rb"Page saved with SingleFile\s+url:\s*(https?://\S+)", re.IGNORECASE)
_TAG = re.compile(rb"<(?:link|meta|base)\b[^<>]{0,4000}>", re.IGNORECASE)
_CANONICAL = re.compile(rb"\brel\s*=\s*[\"']?canonical\b", re.IGNORECASE)
_OPEN_GRAPH = re.compile(rb"\b(?:property|name)\s*=\s*[\"']?og:url\b", re.IGNORECASE)
_VALUE = re.compile(rb"\b(?:href|content)\s*=\s*(?:\"([^\"]+)\"|'([^']+)'|([^\s>]+))", re.IGNORECASE)


def address(body: bytes) -> str:
    """Return the URL that a saved page names as its own, or an empty string.

    The browser's note of where it was saved from comes first, then `rel=canonical`, then `og:url`.
    """
    head = body[:_HEAD]
    found: list[bytes] = [match[1] for pattern in (_SAVED, _SINGLE_FILE) if (match := pattern.search(head))]
    tags = _TAG.findall(head)
    for kind in (_CANONICAL, _OPEN_GRAPH):
        values = (_VALUE.search(tag) for tag in tags if kind.search(tag))
        found += [value[1] or value[2] or value[3] for value in values if value]
    texts = (unescape(each.decode("utf-8", "replace")).strip() for each in found)
    return next((text for text in texts if urls.is_valid(text)), "")
