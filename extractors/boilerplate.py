"""What the markup and the words of a page look like where they are no part of its article, as compiled patterns.

The knowledge is in `data/boilerplate.toml`, whose header is its rule book. How much of a page may be left out on
the word of a class is decided where the patterns are used (`blocks`, `body`).
"""

import re
import tomllib
from importlib.resources import files

_DATA = tomllib.loads(files("extractors").joinpath("data/boilerplate.toml").read_text(encoding="utf-8"))
_CLASSES, _LINES = _DATA["classes"], _DATA["lines"]


def _any(entries: list[str]) -> str:
    return f"(?:{'|'.join(entries)})"


# One class or id: up to four words before the one that tells, anything hyphenated after it. Group `hard` or `soft`
# says which.
TOKENS = re.compile(
    rf"(?:^|[\s_])(?:[a-z0-9]+[-_]{{1,2}}){{0,4}}(?:(?P<hard>{_any(_CLASSES['hard'])})|(?P<soft>{_any(_CLASSES['soft'])}))"
    rf"(?:[-_]{{1,2}}[a-z0-9-]*)?(?=$|[\s_])|(?:^|\s){_any(_CLASSES['exact'])}(?=$|\s)"
)
# Classes and ids of what is the text, whatever else they say; parts of it (`article-body__sign-in`) are not.
CONTENT = re.compile(
    r"(?:^|[\s_-])(?:(?:article|entry|post|story|page|main|single|news|blog|theme-post)[-_]{0,2}(?:content|body|text|copy)|"
    r"articlebody|field-body|field-name-(?:\w+-)*body|content-?body|body-?(?:text|copy|content)|rich-?text)"
    r"(?=$|\s|[-_]+(?:wrapper|wrap|container|inner|outer|main|area|block|section|text|column|\w*\d\w*|full|default|regular)?"
    r"(?:$|[\s_-]))"
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

# Short lines after which an article is over.
ENDING = re.compile(rf"^\W*{_any(_LINES['ending'])}\W*$", re.IGNORECASE)
# Short lines that are no part of an article wherever they stand.
LINE = re.compile(
    rf"^\W*(?:{_any(_LINES['noise'])}|{_any(_LINES['networks'])}(?:\W+{_any(_LINES['networks'])})*|"
    rf"{_any(_LINES['pointers'])}\s*[:：>»|].{{0,250}}|{_any(_LINES['credits'])}s?\s*(?:by|:|：|/|©).{{0,100}}|"
    rf"{_any(_LINES['stamps'])}\b.{{0,80}})\W*$",
    re.IGNORECASE,
)
# Sentences of consent boxes, anywhere in a paragraph.
CONSENT = re.compile(_any(_LINES["consent"]), re.IGNORECASE)
