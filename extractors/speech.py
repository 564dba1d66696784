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
    "‘": r"‘(?<!\w‘)(?=\S)((?:[^‘’\n]|’(?=\w)){5,1000})’",  # which is an apostrophe, too
}
_INTRODUCED = re.compile(r"[:：]\s*[\"“„«»「『‘]")
# The clause behind a verb of saying, from the end of the verb: reported words begin where the pattern ends.
CLAUSE = {
    "en": re.compile(r"[^.;:,]{0,90}?\bthat\s+"),
    "de": re.compile(
        r"[^.;:]{0,60}?,\s+(?:dass|ob)\s+|:\s+(?=[^\"„“«»\s])"
        r"|[^.;:,]{0,60}?,\s+(?=[^.;:]*?\b(?:sei|seien|habe|hätten?|werde|würden?|"
        r"müssten?|müsse|könnten?|könne|solle|wolle|dürfe|gebe|bleibe|gehe|komme|stehe|liege|brauche|wisse|lasse|sehe)\b)"
        r"|[^.;:,]{0,40}?,\s+"
        r"(?!(?:um|ohne|wie|als|wo|nachdem|während|und|dem|den|deren|dessen|was|weil|wenn|(?:der|die|das)\s+[a-zäöü])\b)(?=\w)"
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
# Behind whom it is said by, the clause of the commonest verbs may have any verb: `X said the duties remain`.
BARER = re.compile(r"\s(?=(?:the|a|an|its|their|his|her|this|these|most|many|some|no|[A-Z][\w’'.-]+)\s[^;:\n]{15})")
SAID = frozenset(("said", "says", "say", "saying"))
BARE_VERBS = frozenset(
    "said says say saying claimed claims warned warns added adds announced noted insisted argues argued believes believe "
    "predicted stressed confirmed acknowledged suggested conceded complained declared insists thinks feared vowed admitted admits "
    "stated predicts alleged alleges contends contended maintains reckons acknowledges concedes suggests warns announces".split()
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
        "în opinia", "na opinião de",
    )
)  # fmt: skip
ACCORDING_TO = ACCORDING - {"zufolge"}  # who is named stands behind these
# Capitalised words that are no name: pronouns and articles at the start of a sentence, nouns that lead to one (`unter Berufung auf`).
NOBODY = frozenset(
    "if when mais ему всё както es ранее позже также однако сегодня вчера later earlier meanwhile however today yesterday "
    "previously später zuvor gleichzeitig außerdem zudem dabei daher deshalb gestern heute laut как як jak както wie comme as "
    "в во на у unter gerade am beim im об про за о he she it they we i you its his her their our my one this that these those "
    "the a an but and on il elle ils elles nous je ce cette le la les un une berufung verweis bezug blick vorfeld rande "
    "beginn hinblick anschluss er sie es wir ich man das der die den dem ein eine он она они мы я это ты вы el ella lo los "
    "las ele ela eles".split()
)
JOINING = frozenset(
    "that as как что а и но та що jak że că que comme qu wie dass".split()
)  # what a clause may begin with
HAVING = frozenset(
    "has have had is was were mit an ein".split()
)  # what may stand between a noun and its verb, or behind both
ARTICLES = frozenset(
    "der die das ein eine einige mehrere viele manche sein seine ihr ihre dessen deren diese dieser".split()
)
# Words that are not part of a noun for somebody: what stands alone beside a verb with one of these is something else.
IDLE = {
    language: frozenset(words.split())
    for language, words in {
        "en": "if when now simply plan procedure beliefs i’d i'd had has have reporters journalists and but or as if when while "
        "to for in on at by with from it there this that which who what not also then later earlier",
        "de": "zu zum zur in im am an bei beim gegenüber nach vor auf mit für über unter aus und",
        "fr": "genre une et mais ou comme si quand que qui ce cela il elle on y en à pour dans sur avec ne pas aussi",
        "ru": "ему всё все плану журналистам репортерам и а но или как если когда что это который также тоже ранее позже затем "
        "уже не ни в во на с со к по о об за для при из у от",
        "uk": "журналістам і й та або як якщо коли що хто це також раніше пізніше потім вже у з із до про б тепер в на за не",
        "pl": "dziennikarzom który która które którzy również niego niej i a ale lub jak jeśli kiedy że to też wcześniej później "
        "potem już w z na do dla o po przy nie",
        "bg": "който която които нея както като и а но когато че това още защото него също по-рано по-късно вече към в на с от за не",
        "ro": "vor veni și dar sau cum dacă când că care acest asta pe cu pentru din nu mai putem ne lor acestora",
        "pt": "ainda jornalistas lugar disse recomendações e mas como se quando que isto isso também já não em na no com para",
        "es": "y pero como si cuando que esto también ya no en con para por",
        "it": "e ma come se quando che questo anche già non in con per",
    }.items()
}
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
# A capitalised phrase that begins so says where or when.
LEADS = re.compile(
    r"(?:In|At|On|During|After|Before|Since|Amid|Despite|From|With|By|Nach|Vor|Aus|Von|Laut|Während|Seit|Bei|Am|Im|Zum|Zur|Mit|Auf|Après|Dans|Depuis|"
    r"Lors|En|После|До|При|Во|В|На|Перед|Из|От|С)\s"
)
SEATED = frozenset(("in", "à", "в", "во", "у"))
ENVOY = re.compile(r"ambassad|embass|envoy|botschaft|посо?л|attach", re.IGNORECASE)
# What may stand between who speaks and a Chinese verb.
ASIDE_HAN = re.compile(
    "(?:还|也|又|曾|不断|普遍|则|均|都|并|就|再|亦|更|续|当时|进一步|再次|首次|近日|日前|当天|昨日|昨天|今日|今天|早前|随后|接着|继续|一再|多次|明确|同时|一边.{1,8}一边"
    "|在.{1,14}[上中时后]|(?:向|对|接受|针对|就).{1,14}|于?[0-9]{1,2}月?[0-9]{0,2}日?|周[一二三四五六日天]|[上本下]?[周月]初?)+$"
)
# What begins so is nobody who says something.
NOBODY_HAN = re.compile(
    "(?:如果|假如|比如|例如|虽然|作为|曾经?|所有|换句话|老实|退一步|一般|总的|俗话|肯定|你|我|即使|只要|因为|亦有|更是|甚至|可以|不能|可能|至于|关于)"
)
PLACED_HAN = re.compile("[，、的在对向]")
BOUNDS_HAN = "，。、：；述引据"  # what a noun for who speaks does not reach over
LEADING_HAN = re.compile(
    "(?:但是?|而且?|又|也|都|就|不过|并且?|同时|此外|其中|另外|然而|因此|所以|当时|目前|无论是|有|按|据|根据|正如|连|与|和|对|向|被|让|令)+"
)
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
GOING_ON = tuple(
    "saying adding declaring noting arguing stressing claiming emphasizing emphasising insisting suggesting acknowledging confirming "
    "explaining contending alleging asserting predicting cautioning vowing reiterating lamenting conceding commenting tweeting "
    "jugeant déclarant affirmant estimant ajoutant soulignant".split()
)
# Nouns for speakers that no list can name; the noun phrase before or behind the verb is the speaker.
_SOMEONE = {
    "en": re.compile(
        r"\b(?:spokes(?:man|woman|person|people)|officials?|sources?|experts?|analysts?|diplomats?|observers?|watchers|critics|"
        r"researchers?|scientists|economists?|lawmakers?|politicians?|activists?|residents?|authorities|police|prosecutors?|traders|"
        r"leaders|ministers?|ministry|president|agency|reports?|media|statement|document|company|opponents|supporters|commentators?|"
        r"one of (?:the|his|her|their) \w+|strategists?|historians?|protesters|witnesses|organi[sz]ers|"
        r"lawyers?|investigators|insiders?|people|members?)\b"
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
        r"|(?<![\u4e00-\u9fff])(?:该|这[份篇])?(?:联合)?(?:声明|公报|社论|报告|文章)|《[^《》，。\n]{1,24}》(?=[^，。《》\n]{0,14}$)"
    ),
}  # fmt: skip
# The same in German, where nouns are capitals and grow at their front: what they end with.
_SOMEONE_DE = tuple(
    "beamter beamte beamten sprecher sprecherin sprechers experte experten expertin expertinnen forscher forscherin analyst "
    "analysten analystin minister ministerin behörde behörden veranstalter kritiker beobachter diplomat diplomaten politiker "
    "politikerin insider verband verbände polizei medien bericht studie zeitung sender ministerium regierung präsident "
    "präsidentin chef chefin kreisen quellen".split()
)
_CAPITALISED = re.compile(r"[A-ZÄÖÜ][\w-]+")
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
# Chinese verbs of one character, and what before and behind them makes another word of them: 演说, 名称, 指数.
_IN_WORD = {
    "说": ("演小传学听来据解游评", "法明服唱谎破辞"),
    "称": ("名职简俗堪据统通别昵敬尊", "为号呼职霸谓"),
    "指": (
        "手食恒股所是戒拇屈弹互纳剑暗专泛代被的",
        "出导挥数标责定控望向令示引纹甲头点战明认教环摘着尖日南派名斥使手",
    ),
}
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
# Who stands behind one of these before a colon is not who says what follows.
LED_TO = re.compile(
    r"\b(?:with|to|of|about|for|against|critics|mit|an|über|für|begrüßte|von|avec|à|pour|contre|de|с|со|о|об|для|к|из|"
    r"на тему|до|за|про|підтримку|para|com|do|da|o|cu|pentru|despre|z|dla|o)\s(?:\w+\s)?$",
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
SAID_IN = {
    "de": re.compile(r"\b(?:[Ii]m|(?:[Ii]n|[Aa]us)(?:\s(?:de|eine|ihre|seine|diese)[mr])?)\s([A-ZÄÖÜ][\w-]+)"),
    "ru": re.compile(
        r"\b[Вв]о?\s((?:[\w-]+\s)?(?:заявлени|сообщени|материал|обзор|пресс-релиз|релиз|публикаци|стать|доклад|отчет|документ|коммюнике"
        r"|резолюци|план|письм|соглашени|текст|постановлени|решени|исследовани|обращени|декларации)\w*(?:\s[A-ZА-ЯЁ][\w.-]*)?)"
    ),
}
TOLD = frozenset(("told", "tells"))  # behind these stands who was told
# `…, so Müller.`: no verb, but as good as one.
SO = re.compile(r"(?<=, )so(?=\s+(?:(?:der|die|das|ein|eine)\s+)?[A-ZÄÖÜ])")
AS_FIRST = re.compile(r"(?:Как|Як|Jak|Както|Wie|Comme)\s")  # `Как сообщил X, …`: what was said follows the comma
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
_POINTING = re.compile(r"(?:указыва\w+|вказу\w+)\sна\s|wskazuj\w+\sna\s|befand\ssich\b", re.IGNORECASE)
_NOUNS_HAN = frozenset("表态 指控 通报 质疑 估计".split())  # which are verbs elsewhere
# What says who else holds so, or makes nothing reported of `habe`, `werde` and `sei`.
_OTHERWISE = re.compile(
    r"\b(?:ich|gesagt|mitgeteilt|geschrieben|erklärt|gefordert|(?:nach|aus|in) (?:\w+ )?(?:ansicht|meinung|sicht|auffassung|augen)|"
    r"sei (?:dank|es|denn))\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(r"(?:Als|Ob|Dass|Inwieweit)\b")  # begins a clause of something else
_APART = 200  # characters between such a verb and what ends its clause
# German verbs of saying that say so only with what ends their clause: `teilte das Ministerium am Montag mit`.
_PARTED = {
    verb: re.compile(rf"\b{end}\b(?=\W*(?:$|[,.;:–!?(]|(?:dass|und)\b))")
    for end, verbs in {
        "mit": ("teilte", "teilten", "teilt"),
        "an": ("kündigte", "kündigten", "kündigt"),
        "ein": ("räumte", "räumten", "räumt"),
        "hinzu": ("fügte", "fügten", "fügt"),
        "(?:fest|klar)": ("stellte", "stellten", "stellt"),
        "(?:klar|deutlich)": ("machte", "machten", "macht"),
        "(?:darauf hin|zurück)": ("wies", "wiesen", "weist"),
        "(?:bekannt|zu bedenken)": ("gab", "gaben", "gibt"),
        "hervor": ("hob", "hoben", "hebt"),
        "vor": ("warf", "warfen", "wirft"),
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
    """Tell whether a verb of saying is negated, only wished for (`asked China to say`), a noun, or what a thing does."""
    if _POINTING.match(text, verb) or (
        text[verb : verb + 2] in _NOUNS_HAN and text[max(0, verb - 1) : verb] in tuple("的项对")
    ):
        return True
    before = text[max(0, verb - 4) : verb]
    if before.endswith("to ") and not before[:-3].isalnum():
        return True
    return denied(text, verb)


def someone(language: str, text: str, start: int, end: int) -> list[Span]:
    """Return where nouns for speakers stand that no list can name."""
    if language == "de":
        return [
            match.span() for match in _CAPITALISED.finditer(text, start, end) if match[0].lower().endswith(_SOMEONE_DE)
        ]
    pattern = _SOMEONE.get(language)
    return [match.span() for match in pattern.finditer(text, start, end)] if pattern else []


def reports(text: str, start: int, end: int) -> bool:
    """Tell whether a German sentence without a verb of saying reports what somebody said, by the mood of its first clause."""
    comma = text.find(",", start, end)
    mood = _INDIRECT.search(text, start, end if comma < 0 else comma)
    if mood is None or text[end - 1] not in _STOPS:
        return False
    return _OTHERWISE.search(text, start, end) is None and _WHETHER.match(text, start) is None


def unfinished(text: str, verb: Span, stop: int) -> bool:
    """Tell whether a verb lacks the word further on that makes it one of saying."""
    end = _PARTED.get(text[verb[0] : verb[1]].lower())
    if end is None:
        return False
    if not text[verb[0]].islower() and text[verb[0] : verb[1]] == "Macht":
        return True  # power
    comma = text.find(",", verb[1], stop)
    return end.search(text, verb[1], min(stop if comma < 0 else comma + 1, verb[1] + _APART)) is None


def inside(text: str, verb: int) -> bool:
    """Tell whether a Chinese verb of one character is but a part of another word, in simplified characters."""
    before, behind = _IN_WORD.get(text[verb : verb + 1], ("", ""))
    return text[verb + 1 : verb + 2] in tuple(behind) or text[max(0, verb - 1) : verb] in tuple(before)


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
