"""When two readings of a page are the same text: what is hashed, and the ids that follow from it.

What changes without anybody having edited the article (counters, clocks, pointers to other articles) is described in
`data/volatile.toml`. How a difference is shown is a question of SQL, see the macro `changes_between` of storage.
"""

import hashlib
import re
import tomllib
import unicodedata
from importlib.resources import files

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_QUOTES = str.maketrans("‘’‚‛“”„‟«»‹›–—−", "''''\"\"\"\"\"\"''---")
_LONGEST = 160  # characters of a line that may be volatile: the data's rule book promises that sentences are safe
_NUMBER = r"\d[\d.,' ]{0,12}\s?(?:[kKmM]|тыс\.?|млн\.?|万|萬|千|mil|tys\.?)?\+?"
_DATA = tomllib.loads(files("extractors").joinpath("data/volatile.toml").read_text(encoding="utf-8"))


def _compiled() -> re.Pattern[str]:
    entries = (unicodedata.normalize("NFKC", entry) for group in _DATA.values() for entry in group)
    patterns = "|".join(re.sub(r"\bN\b", lambda _: f"(?:{_NUMBER})", entry) for entry in entries)
    one = rf"\W*(?:{patterns})\W*"
    return re.compile(rf"{one}(?:[|·•/,;-]{one}){{0,3}}", re.IGNORECASE)


_VOLATILE = _compiled()


def normal(text: str) -> str:
    """Return what matters of a text: no layout, no volatile lines, no invisible characters, one kind of quotation marks.

    A text in which every line is volatile is kept: then nothing tells it from others but these.
    """
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)
    lines = [" ".join(line.split()) for line in visible.splitlines()]
    kept = [line for line in lines if line and not (len(line) <= _LONGEST and _VOLATILE.fullmatch(line))]
    return " ".join(kept or filter(None, lines))


def text_hash(title: str, text: str) -> str:
    """Return the hash, 32 hexadecimal digits, that two readings share when an editor would call them the same."""
    return _hash(normal(title), normal(text))


def key(article_id: str, text_hash: str) -> str:
    """Return the id of that text of that article, 32 hexadecimal digits."""
    return _hash(article_id, text_hash)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
