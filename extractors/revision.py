"""When two readings of a page are the same text: what is hashed, and the ids that follow from it.

What changes without anybody having edited the article (counters, clocks, pointers to other articles) is described in
`data/volatile.toml`. How a difference is shown is a question of SQL, see the macro `changes_between` of storage.
"""

import hashlib
import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_QUOTES = str.maketrans("‘’‚‛“”„‟«»‹›–—−", "''''\"\"\"\"\"\"''---")
_LONGEST = 160  # characters of a line that may be volatile: the data's rule book promises that sentences are safe
_NUMBER = r"\d[\d.,' ]{0,12}\s?(?:[kKmM]|тыс\.?|млн\.?|万|萬|千|mil|tys\.?)?\+?"
_WEEKDAY = r"(?:\w{2,10}\.?,? )?"
_DAY = "|".join(
    (
        _WEEKDAY + r"\d{1,2}(?:\.|st|nd|rd|th|er)? \w{3,10}\.?,? \d{4}(?: г\.?| года)?",
        _WEEKDAY + r"\w{3,10}\.? \d{1,2},? \d{4}",
        _WEEKDAY + r"\d{1,2}[./]\d{1,2}[./]\d{2,4}",
        r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?",
    )
)
_TIME = r"\d{1,2}[:.h]\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?(?: (?:uhr|gmt|utc|bst|ces?t|e[sd]?t|мск))?"
_STANDS_FOR = {"N": _NUMBER, "DAY": _DAY, "TIME": _TIME}
_DATA = tomllib.loads(files("extractors").joinpath("data/volatile.toml").read_text(encoding="utf-8"))


@cache
def _volatile_line() -> re.Pattern[str]:
    """Return the pattern of volatile lines: compiled when the first text comes, for it takes a tenth of a second."""
    group = {name: "|".join(_pattern(entry) for entry in entries) for name, entries in _DATA.items()}
    counters = group.pop("counters")  # the only ones that stand beside each other with nothing between
    return re.compile(
        rf"\W*(?:(?:{counters})(?:\W*(?:{counters})){{0,3}}|{'|'.join(group.values())})\W*", re.IGNORECASE
    )


def _pattern(entry: str) -> str:
    folded = unicodedata.normalize("NFKC", entry)
    return re.sub(r"\b(?:N|DAY|TIME)\b", lambda word: f"(?:{_STANDS_FOR[word[0]]})", folded)


_CUT = re.compile("[|·•/,;-]")
_CUTS = 8  # in a line: with more it is no stamp, and each costs time


def _volatile(line: str) -> bool:
    """Say whether a line is a stamp, a counter or a pointer, or a few of them with signs between."""
    if len(line) > _LONGEST:
        return False
    pattern = _volatile_line()
    cuts = [cut.end() for cut in _CUT.finditer(line)]
    reached = [0]
    for end in [*(cuts if len(cuts) <= _CUTS else ()), len(line)]:
        if any(pattern.fullmatch(line, start, end) for start in reached):
            reached.append(end)
    return reached[-1] == len(line)


def normal(text: str) -> str:
    """Return what matters of a text: no layout, no volatile lines, no invisible characters, one kind of quotation marks.

    A text in which every line is volatile is kept: then nothing tells it from others but these.
    """
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)
    lines = [" ".join(line.split()) for line in visible.splitlines()]
    kept = [line for line in lines if line and not _volatile(line)]
    return " ".join(kept or filter(None, lines))


def text_hash(title: str, text: str) -> str:
    """Return the hash, 32 hexadecimal digits, that two readings share when an editor would call them the same."""
    return _hash(normal(title), normal(text))


def key(article_id: str, text_hash: str) -> str:
    """Return the id of that text of that article, 32 hexadecimal digits."""
    return _hash(article_id, text_hash)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
