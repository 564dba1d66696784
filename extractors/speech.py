"""How speech is written, by language: quotation marks, the clause behind a verb of saying, nouns for those who speak.

Forms only; who said what belongs to `statements`, the verbs of saying to `data/cues`.
"""

import re
from collections.abc import Iterator
from functools import cache

_QUOTES = {  # by the mark that opens them
    "“": r"“(?<![\w.,!?…]“)([^“”]{5,1000})”",
    "„": r"„([^„“”\"]{5,1000})[“”\"]",
    "«": r"«([^«»]{5,1000})»",
    "「": r"「([^「」]{5,1000})」",
    "『": r"『([^『』]{5,1000})』",
    '"': r'"(?<!\w")(?=\S)([^"\n]{5,1000})"(?!\w)',
}
CLAUSE = {
    "en": re.compile(r"[^.;:,]{0,30}?\bthat\s+"),
    "de": re.compile(
        r"[^.;:]{0,40}?,\s+(?:dass|ob)\s+|:\s+(?=[^\"„“\s])|[^.;:,]{0,40}?,\s+(?=[^.;:]*?\b(?:sei|seien|habe|hätten?|werde|würden?|"
        r"müsse|könne|solle|wolle|dürfe|gebe|bleibe|gehe|komme|stehe|liege|brauche|wisse|lasse|sehe)\b)"
    ),
    "fr": re.compile(r"[^.;:,]{0,30}?\bqu(?:e\s+|['’])"),
    "ru": re.compile(r"[^.;:,]{0,40}?,\s+(?:что|чтобы)\s+"),
    "zh": re.compile(r"(?:[，：,:]|(?=[\u4e00-\u9fff]{6}))"),
    "uk": re.compile(r"[^.;:,]{0,40}?,\s+(?:що|щоб)\s+"),
    "bg": re.compile(r"[^.;:,]{0,40}?,?\s+че\s+"),
    "pl": re.compile(r"[^.;:,]{0,40}?,\s+(?:że|iż)\s+"),
    "ro": re.compile(r"[^.;:,]{0,30}?\bcă\s+"),
    "pt": re.compile(r"[^.;:,]{0,30}?\bque\s+"),
    "es": re.compile(r"[^.;:,]{0,30}?\bque\s+"),
    "it": re.compile(r"[^.;:,]{0,30}?\bche\s+"),
}
# English leaves out `that`: a clause with its own verb right behind `said`.
BARE = re.compile(
    r"\s+(?=(?:the|it|its|he|she|they|there|this|these|those|a|an|no|both|any|all|[A-Z][\w’'-]+)\s[^.;:]*?"
    r"\b(?:would|will|was|were|is|are|has|have|had|could|should|must|can|did|does|\w+ed)\b)"
)
BARE_VERBS = frozenset(("said", "says", "say", "claimed", "warned", "added"))
# `According to X, words`: the words follow the speaker, or stand before in the same sentence.
ACCORDING = frozenset(
    (
        "according to", "laut", "nach angaben", "selon", "d'après", "d’après", "по словам", "по данным", "по утверждению",
        "según", "secondo", "segundo", "de acordo com",
    )
)  # fmt: skip
NOBODY = frozenset(  # capitalised words that are no name: pronouns and articles at the start of a sentence
    "he she it they we i you one this that these those the a an but and on il elle ils elles nous je ce cette le la les un une "
    "er sie es wir ich man das der die den dem ein eine он она они мы я это ты вы el ella lo los las ele ela eles".split()
)
# Who spoke before speaks on.
SAME = re.compile(
    r"\b(?:he|she|they|it|the (?:ministry|minister|spokes\w+|official|diplomat|statement|president)|er|sie|il|elle|ils|он|она|"
    r"они|él|ella|ele|ela|lui|lei)\b|[他她]",
    re.IGNORECASE,
)
# Where the report ends and something else begins.
BREAK = re.compile(
    r",\s+(?:while|whereas|während|tandis que|alors que|в то время как|mientras|mentre|enquanto)\s+"
    r"|,?\s+(?:and|und|et|и)\s+(?=(?:claimed|added|warned|stressed|fügte|warnte|a ajouté|добавил)\b)"
)
# Chinese verbs that ask or act: what follows them without a comma is no report.
ASKING = frozenset("呼吁 敦促 批评 指责 谴责 宣布 警告".split())
# What may stand between such a noun and the name of a state, before the name and behind it.
OF = re.compile(r"^\s(?:(?:de|du|des|der|von|del|della|di)\s(?:la\s|l['’])?|d['’])?$")
OWN = re.compile(r"^(?:['’]s?)?\s(?:[\w-]+\s){0,2}$")
# Nouns for those who speak for a state, near its adjective: `Chinese official`, `ministère russe`.
ROLE = {
    "en": re.compile(
        r"\b(?:spokes(?:man|woman|person)|officials?|ministry|minister|government|diplomats?|ambassador|envoy|embassy|authorities|"
        r"regulators?|president|premier|leaders?|lawmakers?|negotiators?|state media|parliament|military|army)\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?:\w*(?:[Ss]precher(?:in|s)?|[Mm]inister(?:in|s)?|[Mm]inisterium(?:s)?|[Bb]otschaft(?:er|erin|ers)?|[Dd]iplomat(?:in|en)?|"
        r"[Rr]egierung|[Bb]ehörden?|[Bb]eamten?r?|[Pp]räsident(?:in|en)?|[Pp]arlament|Führung|Militär))\b"
    ),
    "fr": re.compile(
        r"\b(?:porte-parole|responsables?|ministère|ministres?|gouvernement|diplomates?|diplomatie|ambassadeur|ambassadrice|ambassade|"
        r"autorités|présidence|président|présidente|conseillers?|parlement|armée|négociateurs?)\b",
        re.IGNORECASE,
    ),
    "ru": re.compile(
        r"\b(?:представител\w+|чиновник\w*|министр\w*|министерств\w+|правительств\w+|дипломат\w*|посол|посла|посольств\w+|власт\w+|"
        r"президент\w*|премьер\w*|пресс-секретар\w+|парламент\w*|военн\w+)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(r"\b(?:portavoz|ministerio|ministr[oa]|gobierno|embajador\w*|embajada|funcionari\w+)\b", re.IGNORECASE),
    "it": re.compile(r"\b(?:portavoce|ministero|ministr[oa]|governo|ambasciator\w+|ambasciata|funzionari\w*)\b", re.IGNORECASE),
}  # fmt: skip
_CAPITAL = "[A-ZÀ-ÞА-ЯЁІЇЄ]"
_WORD = rf"{_CAPITAL}(?:\.(?:{_CAPITAL}\.){{0,3}}|[\w'’-]*)"  # the capital stands first, to be found fast
NAME = re.compile(rf"{_WORD}(?:\s+(?:(?:de|van|von|der|den|di|la|bin|al)\s+)?{_WORD}){{0,4}}")


def quoted(text: str) -> Iterator[re.Match[str]]:
    """Return what stands in quotation marks, by a pattern of the marks that the text has: one of few is found fast."""
    marks = "".join([mark for mark in _QUOTES if mark in text])
    return _quoted(marks).finditer(text) if marks else iter(())


@cache
def _quoted(marks: str) -> re.Pattern[str]:
    return re.compile("|".join(_QUOTES[mark] for mark in marks))
