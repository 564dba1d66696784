"""What a verb of saying, or of an act, must not be: denied, wished for, a noun, or but a part of a word or of a verb.

Forms only, by language; the verbs themselves stand in `data/cues`.
"""

import re

from extractors.text import Span

# Before a verb, by not more than two words: nothing was said or done.
NEGATIVE = frozenset(
    "not never nobody no none nicht niemand nie kein keine keiner ne не никто ніхто nu não non refused declined".split()
)
_NEGATED = ("n'", "n’", "没", "没有", "未", "不", "不愿", "拒绝")
# Chinese verbs of one character, and what before and behind them makes another word of them: 演说, 名称, 指数.
_IN_WORD = {
    "说": ("演小传学听来据解游评该", "法明服唱谎破辞"),
    "称": ("名职简俗堪据统通别昵敬尊", "为号呼职霸谓"),
    "指": (
        "手食恒股所是戒拇屈弹互纳剑暗专泛代被的",
        "出导挥数标责定控望向令示引纹甲头点战明认教环摘着尖日南派名斥使手",
    ),
}
_NOT_ENDED = ("n't", "n’t")
_POINTING = re.compile(r"(?:указыва\w+|вказу\w+)\sна\s|wskazuj\w+\sna\s|befand\ssich\b", re.IGNORECASE)
_NOUNS_FR = re.compile(r"(?:note|juge|analyse|constate|clame|annonce)\b")  # a verb, unless an article stands before it
_ARTICLE_FR = re.compile(r"(?:\b(?:une?|la|le|cette|ce|sa|son|leur|du)\s|l['’])$", re.IGNORECASE)
_NOUNS_HAN = frozenset("表态 指控 通报 质疑 估计".split())  # which are verbs elsewhere
_APART = 200  # characters between such a verb and what ends its clause
# German verbs of saying that say so only with what ends their clause: `teilte das Ministerium am Montag mit`.
PARTED = {
    verb: re.compile(rf"\b{end}\b(?=\W*(?:$|[,.;:–!?(]|(?:dass|und)\b))")
    for end, verbs in {
        "mit": ("teilte", "teilten", "teilt"),
        "an": ("kündigte", "kündigten", "kündigt"),
        "ein": ("räumte", "räumten", "räumt"),
        "hinzu": ("fügte", "fügten", "fügt"),
        "(?:fest|klar)": ("stellte", "stellten", "stellt"),
        "(?:klar|deutlich)": ("machte", "machten", "macht"),
        "darauf hin": ("wies", "wiesen", "weist"),
        "(?:bekannt|zu bedenken)": ("gab", "gaben", "gibt"),
        "hervor": ("hob", "hoben", "hebt"),
        "vor": ("warf", "warfen", "wirft"),
    }.items()
    for verb in verbs
}
_NOUNS_EN = frozenset("claims reports claim report notes comments".split())
_OF_NOUN = re.compile(
    r"(?:\w(?:ed|ing)|\b(?:the|these|those|such|of|by|amid|with|on|about|from|after|despite|following|some|any|no|media|news|false|denies|rejects|"
    r"dismisses|its|his|her|their|made))\s$"
)
_BEING = ("is ", "are ", "was ", "were ", "be ", "been ", "being ")
_ATTRIBUTING = re.compile(r"[^,.;:!?]{1,90}\szu\b(?=\W*(?:$|[,.;:]))")  # `schreiben den Angriff Russland zu`
_NEAR = 28  # characters before a verb in which it may be negated


def denied(text: str, verb: int) -> bool:
    """Tell whether a verb that begins at a place is negated."""
    before = text[max(0, verb - _NEAR) : verb]
    if before[-1:] != " ":
        return before.endswith(_NEGATED)
    for word in reversed(before.lower().split()[-3:]):
        if word in NEGATIVE or word.endswith(_NOT_ENDED):
            return True
        if not word[-1].isalnum():
            return False
    return False


def noun_de(text: str, verb: int) -> bool:
    """Tell whether what may be a German verb is a noun: it has a capital and begins no sentence."""
    before = text[max(0, verb - 3) : verb].rstrip(" ")[-1:]
    return text[verb].isupper() and (before.isalnum() or before == ",")


def _other(text: str, verb: Span) -> bool:
    """Tell whether what may be a verb of saying is a noun (`rejected claims that`), or its passive (`is said to have`)."""
    said = text[verb[0] : verb[1]].lower()
    if said in _NOUNS_EN and _OF_NOUN.search(text[max(0, verb[0] - _NEAR) : verb[0]].lower()) is not None:
        return True
    if text.startswith(" to ", verb[1]) and text[max(0, verb[0] - _NEAR) : verb[0]].lower().endswith(_BEING):
        return True
    if said.startswith("schr") and _ATTRIBUTING.match(text, verb[1]):
        return True
    return text.startswith((" lequel", " laquelle", " lesquel"), verb[1])


def unsaid(text: str, span: Span, language: str) -> bool:
    """Tell whether a verb of saying is negated, only wished for (`asked China to say`), a noun, or what a thing does."""
    verb = span[0]
    if _other(text, span):
        return True
    if _POINTING.match(text, verb) or (
        text[verb : verb + 2] in _NOUNS_HAN and text[max(0, verb - 1) : verb] in tuple("的项对")
    ):
        return True
    if _NOUNS_FR.match(text, verb) and _ARTICLE_FR.search(text, max(0, verb - 6), verb):
        return True
    before = text[max(0, verb - 4) : verb]
    if language == "en" and before.endswith("to ") and not before[:-3].isalnum():
        return True
    return denied(text, verb)


def unfinished(text: str, verb: Span, stop: int) -> bool:
    """Tell whether a verb lacks the word further on that makes it one of saying."""
    end = PARTED.get(text[verb[0] : verb[1]].lower())
    if end is None:
        return False
    if text[verb[0] : verb[1]] == "Macht":
        return True  # power
    comma = text.find(",", verb[1], stop)
    return end.search(text, verb[1], min(stop if comma < 0 else comma + 1, verb[1] + _APART)) is None


def inside(text: str, verb: int) -> bool:
    """Tell whether a Chinese verb of one character is but a part of another word, in simplified characters."""
    before, behind = _IN_WORD.get(text[verb : verb + 1], ("", ""))
    return text[verb + 1 : verb + 2] in tuple(behind) or text[max(0, verb - 1) : verb] in tuple(before)
