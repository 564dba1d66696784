"""Words for those who speak, by language: nouns, names, pronouns, and what stands around them without being a part of them.

Forms only; who is named beside a verb belongs to `speakers`, who of them says it to `voices`.
"""

import re

from extractors.text import Span

# Capitalised words that are no name: pronouns and articles at the start of a sentence, nouns that lead to one (`unter Berufung auf`).
NOBODY = frozenset(
    "освен mimo genau if when mais ему всё както es ранее позже также однако сегодня вчера later earlier meanwhile however today "
    "yesterday previously später zuvor gleichzeitig außerdem zudem dabei daher deshalb gestern heute laut как як jak wie comme as "
    "в во на у unter gerade am beim im об про за о he she it they we i you its his her their our my one this that these those "
    "the a an but and on il elle ils elles nous je ce cette le la les un une berufung verweis bezug blick vorfeld rande "
    "beginn hinblick anschluss er sie wir ich man das der die den dem ein eine он она они мы я это ты вы el ella lo los "
    "las ele ela eles".split()
)
STRAIGHT = frozenset("en fr es it pt ro".split())  # languages in which who speaks seldom stands behind the verb
THEMSELVES = ("seinen eigenen ", "ihren eigenen ", "собственн")  # `nach seinen eigenen Worten`
JOINING = frozenset(
    "that as как что а и но та що jak że că que comme qu wie dass".split()
)  # what a clause may begin with
HAVING = frozenset(
    "has have had is was were mit an ein".split()
)  # what may stand between a noun and its verb, or behind both
ARTICLES = frozenset(
    "der die das ein eine einige mehrere viele manche sein seine ihr ihre dessen deren diese dieser".split()
)
AUXILIARY = frozenset(  # what stands behind who speaks and before his verb, further on
    "has have had is was were hat haben hatte hatten habe hätte hätten ist sind war waren wird werden sei seien liegen liegt "
    "a ont avait".split()
)
# Words that are not part of a noun for somebody: what stands alone beside a verb with one of these is something else.
IDLE = {
    language: frozenset(words.split())
    for language, words in {
        "en": "if when now simply plan procedure beliefs i’d i'd had has have reporters journalists and but or as while "
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
    r"senator|lawmaker|general|document|source|embassy|economist|analyst|researcher|professor|politician|billionaire|mayor|governor|"
    r"diplomate|ministre|présidente?|ministère|responsable|chancelier|chef de l['’]état|chercheur|chercheuse|économiste|analyste|"
    r"politologue|[\w-]*minister(?:in|ium)?|[\w-]*politiker(?:in)?|[\w-]*sprecher(?:in)?|kanzler(?:in)?|[\w-]*präsident(?:in)?|"
    r"[\w-]*(?:experte|expertin|ökonom|historiker|forscher|analyst)(?:in)?|behörde)\b(?!\s+(?:du|de|des|of|for|in|der|von)\b|\s+d['’])"
    r"|\ba\s(?P<of>ministry|commission|embassy|government)\sspokes\w+"
    r"|\b(?P<other>(?:политик|дипломат|министр|чиновник|генерал|политолог|эксперт|аналитик|экономист|депутат|спикер|парламентари)(?:а|й|я|ом|ем)?"
    r"|ведомств[оа])\b(?!\s+\w)",
    re.IGNORECASE,
)
AGAIN = (
    frozenset(  # the words that any of these begins with, but in Chinese
        "he she they it er sie es il elle ils elles lui он она они его ее её их él ella ele ela lei він вона вони той тя те "
        "a the this that le la l der die das".split()
    )
    | frozenset(
        noun + end
        for noun in "политик дипломат министр чиновник генерал политолог эксперт аналитик экономист депутат спикер "
        "парламентари".split()
        for end in ("", "а", "й", "я", "ом", "ем")
    )
    | {"ведомство", "ведомства"}
)
WORD = re.compile(r"[^\W\d_]+")
ONE = frozenset(("he", "she"))  # of these a ministry or a state is neither
# In the phrase of one who may be called so.
SOMEBODY = re.compile(
    r"spokes(?:m|w|p)|official|minister\b|diplomat|ambassador|president|chancellor|leader|expert|analyst|economist|professor|head\b|chief",
    re.IGNORECASE,
)
MANY = frozenset("they ils elles они вони".split())
# Behind these stands where somebody is, not whom he speaks for.
PLACED = re.compile(
    r"\b(?:in|at|on|to|with|from|by|and|en|à|au|dans|avec|et|в|во|на|с|и|im|am|mit|bei|und|about|over|sur|о|об|über)\b",
    re.IGNORECASE,
)
# A capitalised phrase that begins so says where or when.
LEADS = re.compile(
    r"(?:In|At|On|During|After|Before|Since|Amid|Despite|From|With|By|Nach|Vor|Aus|Von|Laut|Während|Seit|Bei|Am|Im|Zum|Zur|Mit|Auf|Après|Dans|Depuis|"
    r"Lors|En|После|До|При|Во|В|На|Перед|Из|От|С|Gegenüber|Wegen|Trotz|Neben|Zwischen|Für|Über|Unter)\s"
)
SEATED = frozenset(("in", "à", "в", "во", "у"))
SEAT = re.compile(r"(?:minist\w*|министерств\w*|[Rr]egierung|government|gouvernement|[Kk]anzleramt\w*)\s(?:in|à|в)\s$")
ENVOY = re.compile(r"ambassad|embass|envoy|botschaft|посо?л|attach", re.IGNORECASE)
# What may stand between who speaks and a Chinese verb; several may, but to look for them one by one takes no time on any text.
_ASIDE_HAN = re.compile(
    "(?:还|也|又|曾|此前|纷纷|相继|分别|发文|评论|回应|的话|的文章|不断|普遍|则|均|都|并|就|再|亦|更|续|当时|进一步|再次|首次|近日|日前|当天|昨日|昨天|今日|今天"
    "|早前|随后|接着|继续|一再|多次|明确|同时|一边.{1,8}一边|在.{1,14}[上中时后]|(?:举行|会谈|会见|访问).{0,8}[时后]|(?:向|对|接受|针对|就).{1,14}"
    "|于?[0-9]{1,2}月?[0-9]{0,2}日?[早晚夜]?[上间]?|最新|(?:发布|公布)的|(?:周|星期)[一二三四五六日天](?:发表)?|[上本下]?[周月]初?)$"
)
# What begins so is nobody who says something.
NOBODY_HAN = re.compile(
    "(?:接受|对(?!外)|向|如果|假如|比如|例如|虽然|作为|曾经?|所有|换句话|老实|退一步|一般|总的|俗话|肯定|你|我|即使|只要|因为|亦有|更是|甚至|可以|不能|可能|至于|关于)"
)
PLACED_HAN = re.compile("[，、的在对向]")
LEADING_HAN = re.compile(
    "(?:但是?|而且?|又|也(?!门)|都(?!柏林)|就(?!业)|不过|并且?|同时|此外|其中|另外|然而|因此|所以|当时|目前|无论是|有(?!关|些|人)|按|据|根据|正如|连"
    "|与|和(?!平)|对(?!外)|向|被|让|令|当地时间|日前|近日|今天|昨天|当天|(?:[0-9]{1,2}月)?[0-9]{1,2}日(?:[上下]午|晚间?|早间?)?)+"
)
HOST = "驻对在向"  # behind these stands who is spoken to, or where
# Who issued a paper is named before it, and says what it says.
PAPER = re.compile(
    r"(?:(?:the|a|that|its|le|la|un|une|der|die|das|eine?)\s)?(?:statement|communiqué|déclaration|Erklärung|Mitteilung)"
    r"|(?:该|这份)?(?:声明|报告)",
    re.IGNORECASE,
)
# Who reports for others speaks for no side: `Spanish newspaper`.
REPORTING = re.compile(
    r"издани|газет|журнал|агентств|СМИ\b|пресс[аыеу]\b|[Zz]eitung|[Mm]edien|[Mm]agazin|[Ss]ender|[Pp]resse\b|\bjourna(?:l|ux)\b|médias?\b"
    r"|newspaper|\bmedia\b|\boutlets?\b|\bTV\b|broadcaster|magazine|tabloid|\bdaily\b|\bnews\b"
)
TOWARD_HAN = ("对", "向")  # what begins so is spoken to
LED = re.compile(
    r"\s*(?:(?:the|an?|une?|la|les?|der|die|das|eine?[nr]?)\s|l['’])?", re.IGNORECASE
)  # an article is no part of a name
POSSESSIVE = ("'s", "’s", "s'", "s’")
ASIDE = {",": ",", ")": "(", "）": "（"}  # what ends an aside, and what opens it
CONJUNCTIONS = frozenset(
    "and but that when if as und dass wenn als et que quand si comme и что но когда если про о об для pour für for".split()
)
THEIR = re.compile(r"\b(?:its|his|her|their|sein\w*|ihre?\w*|son|sa|leur|его|ее|её|их)\s*$", re.IGNORECASE)
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
        r"\b(?:эксперт\w*|аналитик\w*|источник\w*|собеседник\w*|политолог\w*|чиновник\w*|представител\w+|дипломат(?:а|у|ом|е|ы|ов|ам|ами|ах)?|депутат\w*|"
        r"министр\w*|глава|власт\w+|агентств\w+|издани\w+|газет\w+|СМИ|наблюдател\w+|специалист\w*|"
        r"экономист\w*|парламентари\w+|ведомств\w+)\b"
    ),
    "zh": re.compile(
        r"(?:(?:专家|学者|分析人士|分析师|消息人士|人士|官员|(?<!社交)媒体|发言人|负责人|专员|外交部|国防部|商务部|"
        r"政府|当局|部长|总统|总理|专栏作家|评论员|教授|研究员|主席|委员会|机构|委员|外长|防长|财长|首相|国务卿|领导人|校长|院长|会长|所长|董事长|(?<![不并能以])代表|议员|书记|主任|秘书长|司长|局长|市长|州长|大使|将军)+(?![了着性作]))"
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
OF_GERMANY = re.compile(
    r"\b(?:Kommissions|Bundes|Altbundes|Landes|Unions|SPD|CDU|CSU|FDP|AfD|BSW|Grünen-|Linken-|Ampel)"
)  # in names of its offices and parties, or of the Union
BARE_HAN = re.compile("该?(?:新闻)?(?:发言人|负责人|部长|外长|总统|总理|主席|大使)")
# The Commission of the Union, where an article speaks of it.
COMMISSION = re.compile(r"(?:(?:[Tt]he|[Dd]ie|[Dd]er|[Ll]a) )?(?:Commission|Kommission)")
SHORT_OF = "方军防常驻媒"  # what goes on from such a character, so that it means the state
# Chinese media speak for nobody but themselves, unless they are the state's.
MEDIA_HAN = re.compile("(?!中|官)[^，]*媒体?(?:人士)?$")
# Who stands behind one of these before a colon is not who says what follows.
LED_TO = re.compile(
    r"\b(?:with|to|of|about|for|against|critics|mit|an|über|für|begrüßte|von|avec|à|pour|contre|de|с|со|о|об|для|к|из|"
    r"на тему|до|за|про|підтримку|para|com|do|da|o|cu|pentru|despre|z|dla|o)\s(?:\w+\s)?$",
    re.IGNORECASE,
)
SAID_IN = {
    "de": re.compile(r"\b(?:[Ii]m|(?:[Ii]n|[Aa]us)(?:\s(?:de|eine|ihre|seine|diese)[mr])?)\s([A-ZÄÖÜ][\w-]+)"),
    "ru": re.compile(
        r"\b[Вв]о?\s((?:[\w-]+\s)?(?:заявлени|сообщени|материал|обзор|пресс-релиз|релиз|публикаци|стать|доклад|отчет|документ|коммюнике"
        r"|резолюци|план|письм|соглашени|текст|постановлени|решени|исследовани|обращени|декларации)\w*(?:\s[A-ZА-ЯЁ][\w.-]*)?)"
    ),
}
# What may stand between such a noun and the name of a state, before the name and behind it.
OF = re.compile(r"^\s(?:(?:de|du|des|der|von|del|della|di)\s(?:la\s|l['’])?|d['’])?$")
OWN = re.compile(r"^(?:['’]s?)?\s(?:[\w-]+\s){0,2}$")
# Nouns for those who speak for a state, near its adjective: `Chinese official`, `ministère russe`.
ROLE = {
    "en": re.compile(
        r"\b(?:spokes(?:man|woman|person)|officials?|ministry|ministers?|governments?|diplomats?|ambassadors?|envoys?|embassy|authorities|"
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
_CAPITAL = "[A-ZÀ-ÞА-ЯЁІЇЄ]"
_WORD = rf"{_CAPITAL}(?:\.(?:{_CAPITAL}\.){{0,3}}|[\w'’-]*)"  # the capital stands first, to be found fast
NAME = re.compile(rf"{_WORD}(?:\s+(?:(?:de|van|von|der|den|di|la|bin|al|della)\s+)?{_WORD}){{0,5}}")
FULL = re.compile(rf"{_WORD}(?:\s{_WORD}){{1,2}}")  # name and surname
PERSON = re.compile(
    rf"(?:^|[.,;(]\s|\b[a-z]+\s)(?:(?:For|But|And|To|In|As|With|Like)\s)?({_WORD}\s{_WORD})(?=[\s,.;)])"
)  # in running English


def aside_han(text: str, start: int, end: int) -> int:
    """Return where what stands between who speaks and a Chinese verb at `end` begins; `end` where there is nothing."""
    while (aside := _ASIDE_HAN.search(text, start, end)) is not None:
        end = aside.start()
    return end


def someone(language: str, text: str, start: int, end: int) -> list[Span]:
    """Return where nouns for speakers stand that no list can name."""
    if language == "de":
        return [
            match.span() for match in _CAPITALISED.finditer(text, start, end) if match[0].lower().endswith(_SOMEONE_DE)
        ]
    pattern = _SOMEONE.get(language)
    return [match.span() for match in pattern.finditer(text, start, end)] if pattern else []
