"""The language of a text: its script first, then what its page declares, then statistics.

Pure and fast: most texts are told by script and declaration, the classifier is loaded when both leave a doubt.
What the language means for reading does not belong here.
"""

import re
from functools import cache
from typing import Any

from extractors.labels import SCRIPTS

_SAMPLE = 3_000  # characters looked at
_LETTER = re.compile(r"[^\W\d_]")
_SCRIPTS = {
    "han": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"),
    "kana": re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]"),
    "hangul": re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]"),
    "cyrillic": re.compile(r"[\u0400-\u052f]"),
    "greek": re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]"),
    "arabic": re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]"),
    "hebrew": re.compile(r"[\u0590-\u05ff]"),
    "armenian": re.compile(r"[\u0530-\u058f]"),
    "georgian": re.compile(r"[\u10a0-\u10ff\u2d00-\u2d2f\u1c90-\u1cbf]"),
    "devanagari": re.compile(r"[\u0900-\u097f]"),
    "bengali": re.compile(r"[\u0980-\u09ff]"),
    "tamil": re.compile(r"[\u0b80-\u0bff]"),
    "thai": re.compile(r"[\u0e00-\u0e7f]"),
}
_OWN = {"latin": re.compile(r"[a-zß-öø-ÿ\u0101-\u024f]"), "cyrillic": _SCRIPTS["cyrillic"], "han": _SCRIPTS["han"]}
_GLANCE = 600  # characters in which the script of a declared language must show
_ONLY = {
    "hangul": "ko",
    "greek": "el",
    "hebrew": "he",
    "armenian": "hy",
    "georgian": "ka",
    "thai": "th",
    "bengali": "bn",
    "tamil": "ta",
}
_WRITTEN_IN = {
    "cyrillic": frozenset((
    "ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "uz", "ba", "tt", "cv", "os", "ce", "ab", "av",
)),
    "arabic": frozenset((
    "ar", "fa", "ur", "ps", "ug", "ckb", "sd",
)),
    "devanagari": frozenset((
    "hi", "mr", "ne", "sa",
)),
}  # fmt: skip
# Characters that stand in one of the two ways of writing Chinese only; common enough that any paragraph has some.
_TRADITIONAL = frozenset(
    "國這個們來時說對為會後發過經還進長現從關點開動學員問間頭體見實機將與當無電種軍書東車報話題區業應該產兩爾聯邊權務總統議選黨數網錢門聽讓張華歐"
    "羅斯蘭羅義領導萬億親愛寫讀買賣興際難雙歷歲陽陸靈願飛風馬魚鳥龍齊戰場禦聲飯館郵鐵銀臺灣灣衛術質貿責資費達運違遠遲適鄰醫釋錄鎮"
)
_SIMPLIFIED = frozenset(
    "国这个们来时说对为会后发过经还进长现从关点开动学员问间头体见实机将与当无电种军书东车报话题区业应该产两尔联边权务总统议选党数网钱门听让张华欧"
    "罗兰义领导万亿亲爱写读买卖兴际难双历岁阳陆灵愿飞风马鱼鸟龙齐战场御声饭馆邮铁银湾卫术质贸责资费达运违远迟适邻医释录镇"
)
_BOTH = _TRADITIONAL & _SIMPLIFIED
_ONLY_TRADITIONAL, _ONLY_SIMPLIFIED = _TRADITIONAL - _BOTH, _SIMPLIFIED - _BOTH
_UKRAINIAN, _BELARUSIAN, _SERBIAN, _MACEDONIAN = (frozenset(letters) for letters in ("їєґ", "ў", "ђћ", "ѓќѕ"))
# What the classifier may answer for a text of its length; a rare language wins only where the page names it.
_COMMON = frozenset((
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "sl", "hr", "hu", "ro", "sv", "da", "nb", "no", "nn",
    "fi", "et", "lv", "lt", "tr", "ca", "el", "bg", "ru", "uk", "zh", "ja", "ko", "ar", "fa", "id", "vi", "sq", "bs",
    "sr", "mt", "ga", "lb", "is", "eu", "gl", "ms", "sw", "hi", "he",
))  # fmt: skip
_SAME = {"no": "nb", "nn": "nb", "iw": "he", "in": "id", "sh": "sr", "cmn": "zh", "yue": "zh", "wuu": "zh"}
_MIN_LETTERS = 20
_SHORT = 400  # characters: of a text up to here the classifier's rarer guesses are mostly chance


def detect(text: str, declared: tuple[str, ...] = ()) -> str | None:
    """Return the BCP 47 language of a text, or None where there is too little of it to tell and nobody declares any.

    `declared` are the languages that page, feed and outlet name, the most trusted first; they decide between
    languages of the same script when the text does not contradict. Chinese in traditional characters is `zh-Hant`,
    any other Chinese `zh`.
    """
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    named = tuple(dict.fromkeys(filter(None, map(primary, declared))))
    if letters < _MIN_LETTERS:
        if letters and (script := _script(sample, letters)) in ("han", "kana", "cyrillic", *_ONLY):
            return _by_script(script, sample, named)
        return named[0] if named else None
    script = _script(sample, letters)
    if script is not None:
        return _by_script(script, sample, named)
    return _by_words(sample, tuple(name for name in named if name not in ("zh", "ja", "ko", "ru", "el", "ar", "he")))


def contradicted(text: str, code: str) -> bool:
    """Tell whether a text has letters, but none of the script that this language of the taxonomy is written in.

    Only its beginning is looked at, and in most texts the first lower-case letter settles it.
    """
    own = next(script for script, codes in SCRIPTS.items() if code in codes)
    if _OWN[own].search(text, 0, _GLANCE):
        return False
    sample = text[:_GLANCE]
    return _OWN["latin"].search(sample) is not None or _script(sample, len(_LETTER.findall(sample))) is not None


def primary(tag: str) -> str | None:
    """Return the primary language of a BCP 47 tag or of a locale such as `de_AT`, or None where it is none."""
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$|[,;])", tag)
    if match is None:
        return None
    code = match[1].lower()
    return _SAME.get(code, code)


def _script(sample: str, letters: int) -> str | None:
    """Return the script of most letters, or None for Latin and what is not told apart."""
    best, most = None, 0
    for name, pattern in _SCRIPTS.items():
        count = len(pattern.findall(sample))
        if name == "kana" and count * 12 > letters:
            return "kana"
        if count > most:
            best, most = name, count
    weight = 3 if best in ("han", "hangul") else 2  # a Chinese character says more than a letter
    return best if most * weight > letters else None


def _by_script(script: str, sample: str, named: tuple[str, ...]) -> str:
    if script in ("han", "kana"):
        if script == "kana" or ("ja" in named[:1] and _SCRIPTS["kana"].search(sample)):
            return "ja"
        return _chinese(sample)
    if script in _ONLY:
        return _ONLY[script]
    if script == "cyrillic":
        letters = frozenset(sample.lower())
        for own, code in ((_BELARUSIAN, "be"), (_UKRAINIAN, "uk"), (_SERBIAN, "sr"), (_MACEDONIAN, "mk")):
            if own & letters and (own is not _BELARUSIAN or "и" not in letters):
                share = sum(sample.lower().count(letter) for letter in own)
                if share * 400 > len(sample) or code in named:
                    return code
    candidates = _WRITTEN_IN.get(script, frozenset())
    for name in named:
        if name in candidates and (name != "ru" or script != "cyrillic" or _has_russian(sample)):
            return name
    if script == "cyrillic":
        if _has_russian(sample):
            return "ru"
        guess = _classify(sample)
        return guess if guess in candidates else "bg"
    guess = _classify(sample)
    return guess if guess in candidates else {"arabic": "ar", "devanagari": "hi"}[script]


def _has_russian(sample: str) -> bool:
    """Tell Russian and Belarusian, which write ы, from the other languages in Cyrillic."""
    return sample.lower().count("ы") * 400 > len(sample) or len(sample) < 100


def _chinese(sample: str) -> str:
    traditional = sum(char in _ONLY_TRADITIONAL for char in sample)
    simplified = sum(char in _ONLY_SIMPLIFIED for char in sample)
    return "zh-Hant" if traditional > simplified else "zh"


def _by_words(sample: str, named: tuple[str, ...]) -> str | None:
    """Return the language of a text in Latin letters."""
    stop = _by_stop_words(sample)
    if stop is not None and (not named or stop == named[0]):
        return stop
    guess = _classify(sample)
    if not named:
        return guess if guess in _COMMON or len(sample) > _SHORT else None
    if guess in named or (stop is not None and stop == guess):
        return guess
    return guess if guess in _COMMON and len(sample) > _SHORT else named[0]


_STOP_WORDS = {
    "en": "the of and to in that is was for on with as at by from it are be has said",
    "de": "der die und das den von zu mit ist des im für auf nicht ein eine dem sich auch hat",
    "fr": "le la les des et en du une est que dans pour qui pas sur au avec ce par plus",
    "es": "el la los las de que y en del una por con para se su al como más es no",
    "it": "il di che la e per un in del della non sono con una nel gli alla dei anche si",
    "pt": "o a os as de que e do da em um uma para com não no na por mais dos",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er ook om bij naar",
    "pl": "w i na się z do nie jest to że o jak po od za przez dla są tym oraz",
}
_SETS = {code: frozenset(words.split()) for code, words in _STOP_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")


def _by_stop_words(sample: str) -> str | None:
    """Return the language whose commonest words fill the text, where one is far ahead of the rest."""
    words = _WORD.findall(sample.lower())
    if len(words) < 40:
        return None
    counts = sorted(((sum(word in known for word in words), code) for code, known in _SETS.items()), reverse=True)
    (best, code), (second, _) = counts[0], counts[1]
    return code if best * 6 > len(words) and best > 2 * second else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)


def _classify(sample: str) -> str:
    code, _ = _identifier().classify(sample)
    return _SAME.get(str(code), str(code))
