"""How speech is written, by language: quotation marks, the clause behind a verb of saying, words for those who speak.

Forms only; who said what belongs to `statements`, `utterances`, `speakers` and `voices`, the verbs of saying to `data/cues`.
"""

import re
from collections.abc import Iterator
from functools import cache

from extractors.text import Span

_QUOTES = {  # by the mark that opens them; one that is never closed ends with its paragraph
    "“": r"“(?<![\w.,!?…]“)([^“”\n]{5,1000})(?:[”\n]|$)",
    "„": r"„([^„“”\"\n]{5,1000})(?:[“”\"\n]|$)",
    "«": r"«([^«»\n]{5,1000})(?:[»\n]|$)",
    "»": r"»(?<![\w.,!?…]»)(?=\S)([^«»\n]{5,1000})«",
    "「": r"「([^「」]{5,1000})」",
    "『": r"『([^『』]{5,1000})』",
    '"': r'"(?<!\w")(?=\S)([^"\n]{5,1000})"(?!\w)',
}
# The clause behind a verb of saying, from the end of the verb: reported words begin where the pattern ends.
CLAUSE = {
    "en": re.compile(r"[^.;:,]{0,90}?\bthat\s+"),
    "de": re.compile(
        r"[^.;:]{0,60}?,\s+(?:dass|ob)\s+|:\s+(?=[^\"„“«»\s])"
        r"|[^.;:,]{0,60}?,\s+(?=[^.;:]*?\b(?:sei|seien|habe|hätten?|werde|würden?|"
        r"müssten?|müsse|könnten?|könne|solle|wolle|dürfe|gebe|bleibe|gehe|komme|stehe|liege|brauche|wisse|lasse|sehe)\b)"
        r"|[^.;:,]{0,40}?,\s+(?!(?:um|ohne|wie|als|wo|nachdem|während|und|der|die|das|dem|den|deren|dessen|was|weil|wenn)\b)(?=\w)"
    ),
    "fr": re.compile(
        r"[^.;:,]{0,40}?\bqu(?:e\s+|['’])|[^.;:,]{0,20}?\s(?=(?:ne\s+pas\s+)?(?:avoir|être|vouloir|pouvoir)\s)"
    ),
    "ru": re.compile(r"[^.;:,]{0,60}?,\s+(?:что|чтобы)\s+|:\s*(?=[А-ЯЁ])"),
    "zh": re.compile(r"(?:[，：,:]|(?=[\u4e00-\u9fff]{6}))"),
    "uk": re.compile(r"[^.;:,]{0,60}?,\s+(?:що|щоб)\s+"),
    "bg": re.compile(r"[^.;:,]{0,60}?,?\s+че\s+"),
    "pl": re.compile(r"[^.;:,]{0,60}?,\s+(?:że|iż)\s+"),
    "ro": re.compile(r"[^.;:,]{0,40}?\bcă\s+"),
    "pt": re.compile(r"[^.;:,]{0,40}?\bque\s+"),
    "es": re.compile(r"[^.;:,]{0,40}?\bque\s+"),
    "it": re.compile(r"[^.;:,]{0,40}?\bche\s+"),
}
# English leaves out `that`: a clause with its own verb right behind `said`, or behind the day and whom it was said to.
BARE = re.compile(
    r"(?:\s(?:on\s)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|reporters|lawmakers|journalists))*,?\s+"
    r"(?=(?:he|she|it|they|we|there|this)\b|(?!(?:in|on|at|during|after|before|by|to|as|when|with|from|"
    r"for|of|about|and|or|but|so|such|against|"
    r"through|via|his|her|their|its)\b)[\w’'$€“\"-]+\s[^.;:,]*?\b(?:would|will|was|were|is|are|has|have|"
    r"had|could|should|must|can|cannot|may|"
    r"might|did|does|do|needs?|\w+ed|\w+’s|\w+'s)\b)"
)
BARE_VERBS = frozenset(
    "said says say saying claimed claims warned warns added adds announced noted insisted argues argued believes believe "
    "predicted stressed confirmed acknowledged suggested conceded".split()
)
# `According to X, words`: the words follow the speaker, or stand before in the same sentence.
ACCORDING = frozenset(
    (
        "according to", "laut", "nach angaben", "selon", "d'après", "d’après", "по словам", "по данным", "по утверждению",
        "según", "secondo", "segundo", "de acordo com", "за словами", "за даними", "на думку", "според", "według", "zdaniem",
        "potrivit", "conform", "по мнению", "zufolge", "по его мнению", "по ее мнению", "по их мнению", "по его словам",
        "по ее словам", "по их словам", "за його словами", "за її словами", "на його думку", "по думите му", "jego zdaniem",
        "seiner ansicht nach", "ihrer ansicht nach", "selon lui", "selon elle", "d'après lui", "d'après elle",
    )
)  # fmt: skip
ACCORDING_TO = ACCORDING - {"zufolge"}  # who is named stands behind these
# Capitalised words that are no name: pronouns and articles at the start of a sentence, nouns that lead to one (`unter Berufung auf`).
NOBODY = frozenset(
    "об про за о he she it they we i you its his her their our my one this that these those the a an but and on il "
    "elle ils elles nous je ce cette le la les un une berufung verweis bezug blick vorfeld rande beginn hinblick anschluss "
    "er sie es wir ich man das der die den dem ein eine он она они мы я это ты вы el ella lo los las ele ela eles".split()
)
# Who spoke before speaks on.
SAME = re.compile(
    r"\b(?:he|she|they|it|er|sie|es|il|elle|ils|elles|lui|он|она|они|его|ее|её|их|él|ella|ele|ela|lei|він|"
    r"вона|вони|той|тя|те)\b|[他她]|该[部人国]"
    r"|\b(?:the|this|that|le|la|l['’]|der|die|das)\s?(?:(?:foreign|prime|defen[cs]e|commerce|vice)\s)?"
    r"(?P<noun>ministry|minister|spokes\w+|officials?|diplomat|statement|president|report|agency|ambassador|leader|envoy|chancellor|"
    r"senator|lawmaker|general|document|source|embassy|diplomate|ministre|présidente?|ministère|"
    r"responsable|chancelier|chef de l['’]état|"
    r"\w*minister(?:in|ium)?|politiker(?:in)?|\w*sprecher(?:in)?|kanzler(?:in)?|präsident(?:in)?|"
    r"behörde)\b(?!\s+(?:du|de|des|of|for|in|der|von)\b|\s+d['’])"
    r"|\b(?P<other>политик|дипломат|министр|ведомство|чиновник)\b(?!\s+[А-ЯЁа-яё]+)",
    re.IGNORECASE,
)
AGAIN = frozenset(  # the words that any of these begins with, but in Chinese
    "he she they it er sie es il elle ils elles lui он она они его ее её их él ella ele ela lei він вона вони той тя те "
    "the this that le la l der die das политик дипломат министр ведомство чиновник".split()
)
WORD = re.compile(r"[^\W\d_]+")
MANY = frozenset("they ils elles они вони".split())
# Behind these stands where somebody is, not whom he speaks for.
PLACED = re.compile(
    r"\b(?:in|at|on|to|with|from|by|and|en|à|au|dans|avec|et|в|во|на|с|и|im|am|mit|bei|und|about|over|sur|о|об|über)\b",
    re.IGNORECASE,
)
SEATED = frozenset(("in", "à", "в", "во", "у"))
ENVOY = re.compile(r"ambassad|embass|envoy|botschaft|посо?л|attach", re.IGNORECASE)
PLACED_HAN = re.compile("[，、的在对向]")
BOUNDS_HAN = "，。、：；述引据"  # what a noun for who speaks does not reach over
HOST = "驻对在向"  # behind these stands who is spoken to, or where
POSSESSIVE = ("'s", "’s", "s'", "s’")
ASIDE = {",": ",", ")": "(", "）": "（"}  # what ends an aside, and what opens it
CONJUNCTIONS = frozenset("and but that und et que и что но pour für for".split())
THEIR = re.compile(r"\b(?:its|his|her|their|sein\w*|ihre?\w*|son|sa|leur|его|ее|её|их)\s*$", re.IGNORECASE)
# Where the report ends and something else begins.
BREAK = re.compile(
    r",\s+(?:while|whereas|although|though|während|tandis que|alors que|в то время как|mientras|mentre|enquanto)\s+"
    r"|,\s+so\s+(?:d(?:er|ie|as)\s+)?[A-ZÄÖÜ][\w-]*(?:\s[A-ZÄÖÜ][\w-]*)*(?:\s(?:weiter|am\s\w+))?\.?$"  # `…, so Müller.`
)
# A verb of saying that goes on with whose sentence it stands in: `X met Y and said`.
AND = re.compile(
    r"(?:\b(?:and|but|then|also|who|which|und|aber|der|die|et|mais|qui|и|но|а|который|которая|также)|[，,并但也还而且])\s*$"
)
GOING_ON = (
    "saying",
    "adding",
    "declaring",
    "noting",
    "arguing",
    "stressing",
    "claiming",
    "jugeant",
    "déclarant",
    "affirmant",
    "estimant",
    "ajoutant",
    "soulignant",
)
# Nouns for speakers that no list can name; the noun phrase before or behind the verb is the speaker.
SOMEONE = {
    "en": re.compile(
        r"\b(?:spokes(?:man|woman|person|people)|officials?|sources?|experts?|analysts?|diplomats?|observers?|watchers|critics|"
        r"researchers?|scientists|economists?|lawmakers?|politicians?|activists?|residents?|authorities|police|prosecutors?|traders|"
        r"leaders|ministers?|ministry|president|agency|reports?|media|statement|document|company|opponents|supporters|commentators?|"
        r"one of (?:the|his|her|their) \w+|strategists?|historians?|protesters|witnesses|organi[sz]ers|"
        r"lawyers?|investigators|insiders?|people|members?)\b"
    ),
    "de": re.compile(
        r"\b(?:[\w-]*[Bb]eamt(?:er|e|en)|\w*[Ss]precher(?:in|s)?|\w*[Ee]xpert(?:e|en|in|innen)|"
        r"\w*[Ff]orscher(?:in)?|\w*[Aa]nalyst(?:en|in)?|\w*[Mm]inister(?:in)?|"
        r"Behörden?|\w*[Vv]eranstalter|Kritiker|Beobachter|Diplomaten?|\w*[Pp]olitiker(?:in)?|Insider|\w*[Vv]erbände?|Polizei|Medien|Bericht|Studie|Zeitung|Sender|"
        r"\w*[Mm]inisterium|\w*[Rr]egierung|\w*[Pp]räsident(?:in)?|\w*[Cc]hef(?:in)?|\w*[Kk]reisen|Quellen)\b"
    ),
    "fr": re.compile(
        r"\b(?:experts?|analystes?|observateurs?|sources?|responsables?|porte-parole|diplomates?|ministres?|présidente?|chercheurs?|"
        r"chercheuse|spécialistes?|politologues?|syndicaliste|économistes?|médias|autorités|ministère|gouvernement|communiqué)\b"
    ),
    "ru": re.compile(
        r"\b(?:эксперт\w*|аналитик\w*|источник\w*|собеседник\w*|политолог\w*|чиновник\w*|представител\w+|дипломат\w*|депутат\w*|"
        r"министр\w*|глава|власт\w+|агентств\w+|издани\w+|газет\w+|СМИ|наблюдател\w+|специалист\w*|"
        r"экономист\w*|парламентари\w+|ведомств\w+)\b"
    ),
    "zh": re.compile(
        r"(?:[\u4e00-\u9fff]{0,8}?(?:专家|学者|分析人士|分析师|消息人士|人士|官员|媒体|发言人|负责人|专员|外交部|国防部|商务部|政府|当局|部长|总统|总理|"
        r"专栏作家|评论员|教授|研究员|主席|委员会|机构|委员))"
    ),
}  # fmt: skip
# Chinese papers shorten states to a character.
SHORT = {
    "俄": "RU",
    "乌": "UA",
    "美": "US",
    "中": "CN",
    "德": "EU",
    "法": "EU",
    "欧": "EU",
    "波": "EU",
    "英": "UK",
    "台": "TW",
}
# Before a verb, by not more than two words: nothing was said or done.
NEGATIVE = frozenset(
    "not never nobody no none nicht niemand nie kein keine keiner ne не никто ніхто nu não non refused declined".split()
)
_NEGATED = ("n'", "n’", "没", "没有", "未", "不", "不愿", "拒绝")
_IN_WORD = {"说": "演小传学听", "称": "名职简俗堪"}  # what these end other words with: 演说, 名称
_NOT_ENDED = ("n't", "n’t")
# Between what was said and its verb: the verb belongs to a clause of its own.
SUBORDINATE = re.compile(
    r"^,\s+(?:and|but|und|aber|et|mais|и|но|а)\b|\b(?:after|before|since|because|when|while|although|though|which|who|whom|if|until|where|nachdem|weil|wenn|während|obwohl|bevor|après|"
    r"parce|lorsque|quand|qui|avant|pendant|после|когда|поскольку|потому|если|хотя|котор\w+|до того)\b",
    re.IGNORECASE,
)
# Behind an English verb of saying that ends its sentence stand a day, a place, whom it was said to, but no object.
ENDING = re.compile(
    r"\s*(?:$|[.,;:—–!?\"”’)-]|(?:in|on|at|during|after|before|as|when|while|by|from|via|through|with|of|about|following|ahead|late|early|earlier|"
    r"this|last|today|yesterday|again|separately|recently|reporters|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b)",
    re.IGNORECASE,
)
TOLD = frozenset(("told", "tells"))  # behind these stands who was told
HOLDING_FORTH = frozenset("指出 强调 表示".split())  # what leaders do for a whole paragraph
# Verbs that ask or act: only a clause with its own word for `that`, or a comma in Chinese, is a report.
ACTING = frozenset(
    "呼吁 敦促 批评 指责 谴责 宣布 警告 called accused urged denied nannte kritisierte kritisiert forderte fordert "
    "forderten mahnte mahnt accuse dénonce назвал обвинил обвинили призвал призвала призвали".split()
) | {"a accusé", "a dénoncé", "ont accusé", "ont dénoncé"}
NAMING = frozenset("called nannte назвал назвала".split())  # what these report is a name for something
# `Об этом сообщил X`: what was said is the sentence before.
OF_THIS = re.compile(r"\W{0,2}(?:об этом|про це|за това|o tym|das|dies)\b[^.!?]{0,60}$", re.IGNORECASE)
THAT = re.compile(r"(?:о том|про те|o tym),\s+(?:что|що|że)\s+", re.IGNORECASE)  # `О том, что …, сообщил X`
AS = re.compile(r",\s+(?:wie|как|comme|jak|като|як|cum)\s", re.IGNORECASE)  # `…, wie er in dem Interview erzählt`
# What may stand between such a noun and the name of a state, before the name and behind it.
OF = re.compile(r"^\s(?:(?:de|du|des|der|von|del|della|di)\s(?:la\s|l['’])?|d['’])?$")
OWN = re.compile(r"^(?:['’]s?)?\s(?:[\w-]+\s){0,2}$")
# Nouns for those who speak for a state, near its adjective: `Chinese official`, `ministère russe`.
ROLE = {
    "en": re.compile(
        r"\b(?:spokes(?:man|woman|person)|officials?|ministry|minister|government|diplomats?|ambassador|envoy|embassy|authorities|"
        r"regulators?|president|premier|leaders?|lawmakers?|negotiators?|state media|parliament|military|army|"
        r"partners|senators?|sources?)\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?:\w*(?:[Ss]precher(?:in|s)?|[Mm]inister(?:in|s)?|[Mm]inisterium(?:s)?|[Bb]otschaft(?:er|erin|"
        r"ers)?|[Dd]iplomat(?:in|en)?|"
        r"[Rr]egierung|[Bb]ehörden?|[Bb]eamten?r?|[Pp]räsident(?:in|en)?|[Pp]arlament|Führung|Militär))\b"
    ),
    "fr": re.compile(
        r"\b(?:porte-parole|responsables?|ministère|ministres?|gouvernement|diplomates?|diplomatie|"
        r"ambassadeur|ambassadrice|ambassade|"
        r"autorités|présidence|président|présidente|conseillers?|parlement|armée|négociateurs?|sources?)\b",
        re.IGNORECASE,
    ),
    "ru": re.compile(
        r"\b(?:представител\w+|чиновник\w*|министр\w*|министерств\w+|правительств\w+|дипломат\w*|посол|посла|посольств\w+|власт\w+|"
        r"президент\w*|премьер\w*|пресс-секретар\w+|парламент\w*|военн\w+|глав[аы])\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"官员|发言人|政府|当局|官方|外长|部长|总统|总理|大使|议员|媒体|军方|学者|外交官"),
    "es": re.compile(r"\b(?:portavoz|ministerio|ministr[oa]|gobierno|embajador\w*|embajada|funcionari\w+)\b", re.IGNORECASE),
    "it": re.compile(r"\b(?:portavoce|ministero|ministr[oa]|governo|ambasciator\w+|ambasciata|funzionari\w*)\b", re.IGNORECASE),
}  # fmt: skip
# German reports in a mood of its own, sentence after sentence: `Die Zölle seien unfair.`
_INDIRECT = re.compile(
    r"\b(?:sei|seien|habe|hätten|müssten|werde|müsse|könne|solle|wolle|dürfe|"
    r"gebe|gehe|komme|stehe|liege|brauche|wisse|lasse|bleibe)\b"
)
# What says who else holds so, or makes nothing reported of `habe`, `werde` and `sei`.
_OTHERWISE = re.compile(
    r"\b(?:ich|gesagt|mitgeteilt|geschrieben|erklärt|gefordert|(?:nach|aus|in) (?:\w+ )?(?:ansicht|meinung|sicht|auffassung|augen)|"
    r"sei (?:dank|es))\b",
    re.IGNORECASE,
)
_APART = 200  # characters between such a verb and what ends its clause
# German verbs of saying that say so only with what ends their clause: `teilte das Ministerium am Montag mit`.
_PARTED = {
    verb: re.compile(rf"\b{end}\b(?=\W*(?:$|[,.;:–!?(]|(?:dass|und)\b))")
    for end, verbs in {
        "mit": ("teilte", "teilten"),
        "an": ("kündigte", "kündigten"),
        "ein": ("räumte", "räumten"),
        "hinzu": ("fügte", "fügten"),
        "(?:fest|klar)": ("stellte", "stellten"),
        "(?:darauf hin|zurück)": ("wies", "wiesen"),
        "bekannt": ("gab", "gaben"),
        "hervor": ("hob", "hoben"),
    }.items()
    for verb in verbs
}
_STOPS = '.!?…”“»"'  # what a sentence ends with, and a heading does not
_NEAR = 28  # characters before a verb in which it may be negated
_CAPITAL = "[A-ZÀ-ÞА-ЯЁІЇЄ]"
_WORD = rf"{_CAPITAL}(?:\.(?:{_CAPITAL}\.){{0,3}}|[\w'’-]*)"  # the capital stands first, to be found fast
NAME = re.compile(rf"{_WORD}(?:\s+(?:(?:de|van|von|der|den|di|la|bin|al|della)\s+)?{_WORD}){{0,5}}")


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


def unsaid(text: str, verb: int) -> bool:
    """Tell whether a verb of saying is negated, only wished for (`asked China to say`), or the end of another word."""
    before = text[max(0, verb - 4) : verb]
    if before.endswith("to ") and not before[:-3].isalnum():
        return True
    return denied(text, verb) or (before[-1:] != "" and before[-1:] in _IN_WORD.get(text[verb : verb + 1], ""))


def reports(text: str, start: int, end: int) -> bool:
    """Tell whether a German sentence without a verb of saying reports what somebody said, by the mood of its first clause."""
    comma = text.find(",", start, end)
    mood = _INDIRECT.search(text, start, end if comma < 0 else comma)
    return mood is not None and text[end - 1] in _STOPS and _OTHERWISE.search(text, start, end) is None


def unfinished(text: str, verb: Span, stop: int) -> bool:
    """Tell whether a verb lacks the word further on that makes it one of saying."""
    end = _PARTED.get(text[verb[0] : verb[1]].lower())
    return end is not None and end.search(text, verb[1], min(stop, verb[1] + _APART)) is None


def quoted(text: str) -> Iterator[re.Match[str]]:
    """Return what stands in quotation marks, by a pattern of the marks that the text has: one of few is found fast."""
    marks = [mark for mark in _QUOTES if mark in text]
    if "«" in marks and "»" in marks:  # German prints turn these: what comes first opens
        marks.remove(max("«»", key=text.find))
    return _quoted("".join(marks)).finditer(text) if marks else iter(())


@cache
def _quoted(marks: str) -> re.Pattern[str]:
    return re.compile("|".join(_QUOTES[mark] for mark in marks))
