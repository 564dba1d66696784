"""How speech is written, by language: quotation marks, the clause behind a verb of saying, what names a speaker without one.

Forms only; who said what belongs to `statements`, `utterances` and `voices`, words for who speaks to `naming`, the verbs of saying to
`data/cues`, and what makes one none to `verbforms`.
"""

import re
from collections.abc import Iterator
from functools import cache

_QUOTES = {  # by the mark that opens them; one that is never closed ends with its paragraph
    "“": r"“(?<![\w.,!?…]“)([^“”\n]{5,1000})(?:[”\n]|$)",
    "„": r"„([^„“”\"\n]{5,1000})(?:[“”\"\n]|$)",
    "«": r"«([^«»\n]{5,1000})(?:[»\n]|$)",
    "»": r"»(?<![\w.,!?…]»)(?=\S)([^«»\n]{5,1000})«",
    "「": r"「([^「」]{5,1000})」",
    "『": r"『([^『』]{5,1000})』",
    '"': r'"(?<!\w")(?=\S)([^"\n]{5,1000})"(?!\w)',
    "‘": r"‘(?<!\w‘)(?=\S)((?:[^‘’\n]|’(?=\w)){5,1000})’",  # which is an apostrophe, too
}
QUOTING = frozenset(_QUOTES)
_INTRODUCED = re.compile(r"[:：]\s*[\"“„«»「『‘]")
# A line that begins with who says it: `Kremlin: …`, an interview's answers.
LABELLED = re.compile(r"^([^\n.!?,;:：，。；“”\"«»„「」]{2,60})[:：]\s*(?=[^\s\"“„«»「『‘])([^\n]{4,})", re.MULTILINE)
# The clause behind a verb of saying, from the end of the verb: reported words begin where the pattern ends.
CLAUSE = {
    "en": re.compile(r"[^.;:,]{0,90}?(?:,[^.;:,“\"]{1,40},\s)??\bthat\s+"),
    "de": re.compile(
        r"[^.;:]{0,60}?,\s+(?:dass|ob)\s+|:\s+(?=[^\"„“«»\s])"
        r"|[^.;:,]{0,60}?,\s+(?=[^.;:]*?\b(?:sei|seien|habe|hätten?|werde|würden?|"
        r"müssten?|müsse|könnten?|könne|solle|wolle|dürfe|gebe|bleibe|gehe|komme|stehe|liege|brauche|wisse|lasse|sehe)\b)"
        r"|[^.;:,]{0,40}?,\s+"
        r"(?!(?:um|ohne|wie|als|wo|nachdem|während|und|dem|den|deren|dessen|was|weil|wenn|(?:der|die|das)\s+[a-zäöü])\b)(?=\w)"
    ),
    "fr": re.compile(
        r"[^.;:,]{0,40}?(?:,[^.;:,«\"]{1,40},\s)??\bqu(?:e\s+|['’])|[^.;:,]{0,20}?\s(?=(?:ne\s+pas\s+)?(?:avoir|être|vouloir|pouvoir)\s)"
    ),
    "ru": re.compile(
        r"[^.;:,]{0,60}?(?:,\s*(?:что|чтобы)|,[^.;:,«\"]{1,50},\s*что)(?:\s+|(?=[А-ЯЁ«\"]))|:\s*(?=[А-ЯЁ])"
    ),
    "zh": re.compile(r"(?:[，：,:]|(?=[\u4e00-\u9fffA-Za-z0-9-]{6}|[\u4e00-\u9fff]{4,5}(?:\s|$)))"),
    "uk": re.compile(r"[^.;:,]{0,60}?,\s+(?:що|щоб)\s+"),
    "bg": re.compile(r"[^.;:,]{0,60}?,?\s+че\s+"),
    "pl": re.compile(r"[^.;:,]{0,60}?,\s+(?:że|iż)\s+"),
    "ro": re.compile(r"[^.;:,]{0,40}?\bcă\s+"),
    "pt": re.compile(r"[^.;:,]{0,40}?\bque\s+"),
    "es": re.compile(r"[^.;:,]{0,40}?\bque\s+"),
    "it": re.compile(r"[^.;:,]{0,40}?\bche\s+"),
}
# English leaves out `that`: a clause with its own verb right behind `said`, or behind the day and whom it was said to. Other verbs
# than those of saying alone have objects that may look like one (`added salted fish`), so theirs needs a verb that is nothing else.
_BEHIND = (
    r"(?:\s(?:on\s)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|reporters|lawmakers|journalists))*,?\s+"
    r"(?=(?:he|she|it|they|we|there|this(?!\s(?:week|month|year|morning)))\b|(?!(?:in|on|at|during|after|before|by|to|as|when|with|from|"
    r"for|of|about|and|or|but|so|such|against|through|via|his|her|their|its|that|late|early|earlier|later|last|again|also|separately|"
    r"recently|repeatedly|publicly|(?:today|yesterday)(?!['’])|reporters|lawmakers|journalists)\b)"
    r"[\w’'$€“\"-]+\s[^.;:,]*?\b(?:would|will|was|were|is|are|has|have|had|could|should|must|can|cannot|may|might|did|does|do{})\b)"
)
BARE = re.compile(_BEHIND.format(r"|needs?|\w+ed|\w+’s|\w+'s"))
BARE_OBJECT = re.compile(_BEHIND.format(""))
# Before `that` but no subject: when, where and whom it was said to.
ASIDE_EN = re.compile(
    r"[^.;:,]{0,60}?\b(?:ago|week|month|year|night|morning|evening|afternoon|day|today|yesterday|earlier|later)\s+that\s+"
)
# Behind whom it is said by, the clause of the commonest verbs may have any verb: `X said the duties remain`.
BARER = re.compile(r"\s(?=(?:the|a|an|its|their|his|her|this|these|most|many|some|no|[A-Z][\w’'.-]+)\s[^;:\n]{15})")
SAID = frozenset(("said", "says", "say", "saying"))
BARE_VERBS = frozenset(
    "said says say saying claimed claims warned warns added adds announced noted insisted argues argued believes believe "
    "predicted stressed confirmed acknowledged suggested conceded complained declared insists thinks feared vowed admitted admits "
    "stated predicts alleged alleges contends contended maintains reckons acknowledges concedes suggests announces".split()
)
# `In his view, words`, of somebody who was named before.
ITS_VIEW = frozenset(
    (
        "по его мнению", "по ее мнению", "по их мнению", "по его словам", "по ее словам", "по их словам", "за його словами",
        "за її словами", "на його думку", "по думите му", "jego zdaniem", "seiner ansicht nach", "ihrer ansicht nach",
        "selon lui", "selon elle", "selon eux", "selon elles", "d'après lui", "d'après elle",
    )
)  # fmt: skip
# `According to X, words`: the words follow the speaker, or stand before in the same sentence.
ACCORDING = ITS_VIEW | frozenset(
    (
        "according to", "laut", "nach angaben", "selon", "d'après", "d’après", "по словам", "по данным", "по утверждению",
        "según", "secondo", "segundo", "de acordo com", "за словами", "за даними", "на думку", "според", "według", "zdaniem",
        "potrivit", "conform", "по мнению", "zufolge", "nach ansicht", "nach einschätzung", "nach meinung", "nach auffassung",
        "по оценке", "по оценкам", "по информации", "по версии", "со слов", "по сообщению", "по сообщениям", "за оцінками",
        "за інформацією", "зі слів", "w ocenie", "w opinii", "по думите на", "по мнението на", "по данни на", "în viziunea",
        "în opinia", "na opinião de", "nach", "demnach",
    )
)  # fmt: skip
BEHIND_WHOM = frozenset(("zufolge",))  # this stands behind who is named
WHOM = re.compile(
    r"(?:\b[Dd]e[mnr]\s|\b[Ee]ine[mnr]\s|\b[Mm]ehreren\s|\b[Ss]einen?\s|\b[Ii]hre[nr]\s)?(?:[a-zäöüß]+e[nrm]\s)?([A-ZÄÖÜ][\w-]*(?:\s[A-ZÄÖÜ][\w-]*)*)\s$"
)
OPENED_DE = re.compile(
    r"(?:[Ee]ine[mr]|[Dd]e[mnr]|[Mm]ehreren|[Ss]eine[nr]|[Ii]hre[nr]|Laut)\s"
)  # begins such a phrase
ACCORDING_TO = ACCORDING - BEHIND_WHOM  # who is named stands behind these
# Behind an aside, what says more of it and not what was said.
TRAILING = re.compile(
    r",\s+(?:who|which|whose|where|adding|citing|wobei|wonach|der|die|das|котор\w+|ссылаясь|qui|dont|lequel|laquelle)\b"
)
# Where the report ends and something else begins.
BREAK = re.compile(
    r",\s+(?:while|whereas|although|though|während|tandis que|alors que|в то время как|mientras|mentre|enquanto)\s+"
    r"|,\s+so\s+(?:d(?:er|ie|as)\s+)?[A-ZÄÖÜ][\w-]*(?:\s[A-ZÄÖÜ][\w-]*)*(?:\s(?:weiter|am\s\w+))?\.?$"  # `…, so Müller.`
)
# A verb of saying that goes on with whose sentence it stands in: `X met Y and said`.
_AND = r"\b(?:and|but|then|also|who|which|und|aber|der|die|et|mais|qui|и|но|а|который|которая|также)"
AND = re.compile(rf"(?:{_AND}|[，,并但][他她]?|(?<=[，。；！？\n])(?:也|还|而且))\s*$")
AND_SO = re.compile(rf"{_AND}\s*$")
GOING_ON = tuple(
    "saying adding declaring noting arguing stressing claiming emphasizing emphasising insisting suggesting acknowledging confirming "
    "explaining contending alleging asserting predicting cautioning vowing reiterating lamenting conceding commenting tweeting "
    "jugeant déclarant affirmant estimant ajoutant soulignant добавив отметив подчеркнув заявив уточнив пояснив напомнив "
    "додавши зазначивши dodając dodając".split()
)
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
IMPERSONAL = frozenset(
    (
        "hieß es",
        "heißt es",
        "говорится",
        "отмечается",
        "утверждается",
        "сообщается",
        "сказано",
        "говорилось",
        "сообщалось",
    )
)
TOLD = frozenset(("told", "tells"))  # behind these stands who was told
_SOURCE_DE = r"(?:[a-zäöüß]+en\s(?:Angaben|Schätzungen|Berichten|Informationen)|\w+(?:angaben|schätzungen|berichten|informationen))\b"
SOURCED = frozenset(("nach", "laut"))  # German words of a source that need it behind them
SOURCES = SOURCED | BEHIND_WHOM | {"demnach"}
SOURCE_DE = re.compile(rf"\s({_SOURCE_DE})")
# What is no verb, but as good as one: `…, so Müller.`, `nach Behördenangaben`, `demnach`, 据海关统计，…, 数据显示，….
_UNSPOKEN = {
    "de": re.compile(
        r"(?<=, )(so)(?=\s+(?:(?:der|die|das|ein|eine)\s+)?[A-ZÄÖÜ])|\b([Dd]emnach)\b"
        rf"|\b([Nn]ach|[Ll]aut)(?=\s{_SOURCE_DE})"
    ),
    "zh": re.compile(
        "据[^，。；\\n]{2,24}?(消息|统计|数据|估算|调查|信息)(?=，)|((?:数据|资料|统计|调查|研究|民调|结果)(?:显示|表明))(?=[，：])"
    ),
}
# Without one of these a text has none of them; to look for a word is faster than for a pattern.
_UNSPOKEN_HAS = {
    "de": (", so ", "emnach", "ngaben", "nformationen", "chätzungen", "erichten"),
    "zh": ("消息，", "统计，", "数据，", "估算，", "调查，", "信息，", "显示，", "表明，", "显示：", "表明："),
}
AS_FIRST = re.compile(r"(?:Как|Як|Jak|Както|Wie|Comme)\s")  # `Как сообщил X, …`: what was said follows the comma
ASTRAY_HAN = re.compile("[（(]|此前|据|当天|当日|同日|随后|之后|目前，")  # what begins so is the paper's again
URGING_HAN = frozenset(
    "呼吁 敦促 警告".split()
)  # behind these the words themselves are the report: 呼吁各方回到谈判桌前
HOLDING_FORTH = frozenset("指出 强调 表示".split())  # what leaders do for a whole paragraph
# Verbs that ask or act: only a clause with its own word for `that`, or a comma in Chinese, is a report.
ACTING = frozenset(
    "呼吁 敦促 批评 指责 谴责 宣布 警告 called accused urged denied nannte kritisierte kritisiert forderte fordert "
    "forderten mahnte mahnt wirft warf warfen accuse dénonce назвал обвинил обвинили призвал призвала призвали".split()
) | {"a accusé", "a dénoncé", "ont accusé", "ont dénoncé"}
# Behind these only a clause with `dass` or `ob` is a report: `warf ihr vor, dass`.
CHARGING = frozenset(
    "wirft warf warfen hofft hoffte verspricht versprach erinnert erinnerte fragt fragte bestätigt".split()
)
# What these report was not said, but denied.
DENYING = frozenset(
    "denied denies deny denying disputed disputes bestritt bestreitet bestritten dementierte dementiert dementierten dementieren nie "
    "nient 否认 驳斥 反驳 质疑 опроверг опровергла опровергли опровергло опровергает отрицает отрицал отрицала отрицают заперечив "
    "заперечує zaprzeczył zaprzecza отрече".split()
) | {"wies zurück", "a nié", "ont nié", "avait nié", "a démenti", "a-t-il nié", "a-t-elle nié"}
NAMING = frozenset("called nannte назвал назвала".split())  # what these report is a name for something
# `Об этом сообщил X`: what was said is the sentence before.
OF_THIS = re.compile(r"\W{0,2}(?:об этом|про це|за това|o tym|das|dies)\b[^.!?]{0,60}$", re.IGNORECASE)
THAT = re.compile(r"(?:о том|про те|o tym),\s+(?:что|що|że)\s+", re.IGNORECASE)  # `О том, что …, сообщил X`
AS = re.compile(r",\s+(?:wie|как|comme|jak|като|як|cum)\s", re.IGNORECASE)  # `…, wie er in dem Interview erzählt`
# German reports in a mood of its own, sentence after sentence: `Die Zölle seien unfair.`
_INDIRECT = re.compile(
    r"\b(?:sei|seien|habe|hätten|müssten|werde|müsse|könne|solle|wolle|dürfe|"
    r"gebe|gehe|komme|stehe|liege|brauche|wisse|lasse|bleibe)\b"
)
# What says who else holds so, or makes nothing reported of `habe`, `werde` and `sei`.
_OTHERWISE = re.compile(
    r"\b(?:ich|gesagt|mitgeteilt|geschrieben|erklärt|gefordert|(?:nach|aus|in) (?:\w+ )?(?:ansicht|meinung|sicht|auffassung|augen)|"
    r"sei (?:dank|es|denn))\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(r"(?:Als|Ob|Dass|Inwieweit)\b")  # begins a clause of something else
_STOPS = '.!?…”“»"'  # what a sentence ends with, and a heading does not


def reports(text: str, start: int, end: int) -> bool:
    """Tell whether a German sentence without a verb of saying reports what somebody said, by the mood of its first clause."""
    comma = text.find(",", start, end)
    mood = _INDIRECT.search(text, start, end if comma < 0 else comma)
    if mood is None or text[end - 1] not in _STOPS:
        return False
    return _OTHERWISE.search(text, start, end) is None and _WHETHER.match(text, start) is None


def unspoken(language: str, text: str) -> re.Pattern[str] | None:
    """Return the pattern of what is as good as a verb of saying, where a text may have any."""
    return _UNSPOKEN[language] if any(map(text.__contains__, _UNSPOKEN_HAS.get(language, ()))) else None


def moody(text: str) -> bool:
    """Tell whether a German text has the mood of reports anywhere."""
    return _INDIRECT.search(text) is not None


def introduced(text: str) -> bool:
    """Tell whether a colon stands before a quotation somewhere, on its line or the line before."""
    return _INTRODUCED.search(text) is not None


def quoted(text: str) -> Iterator[re.Match[str]]:
    """Return what stands in quotation marks, by a pattern of the marks that the text has: one of few is found fast."""
    marks = [mark for mark in _QUOTES if mark in text]
    if "«" in marks and "»" in marks:  # German prints turn these: what comes first opens
        marks.remove(max("«»", key=text.find))
    return _quoted("".join(marks)).finditer(text) if marks else iter(())


@cache
def _quoted(marks: str) -> re.Pattern[str]:
    return re.compile("|".join(_QUOTES[mark] for mark in marks))
