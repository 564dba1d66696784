"""When two readings of a page are the same text: what is hashed, and the ids that follow from it."""

import hashlib
import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_QUOTES = str.maketrans("‘’‚‛“”„‟«»‹›–—−", "''''\"\"\"\"\"\"''---")


def normal(text: str) -> str:
    """Return what matters of a text: no layout, no invisible characters, one kind of quotation marks and dashes."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)
    return " ".join(visible.split())


def text_hash(title: str, text: str) -> str:
    """Return the hash, 32 hexadecimal digits, that two readings share when an editor would call them the same."""
    return _hash(normal(title), normal(text))


def key(article_id: str, text_hash: str) -> str:
    """Return the id of that text of that article, 32 hexadecimal digits."""
    return _hash(article_id, text_hash)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
