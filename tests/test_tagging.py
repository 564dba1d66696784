"""The tagger from outside: labels, evidence, offices, and answers to any text there is."""

import itertools
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import taxonomy
from extractors.labels import KINDS
from extractors.model import Tagging
from extractors.tagging import Tagger, tag

CASES = sorted((Path(__file__).parent / "cases" / "tagging").glob("*.json"))
TAGGER = Tagger(taxonomy.load())


def run(title: str, text: str, language: str | None = "en", at: datetime | None = None) -> Tagging:
    """Tag with the shared tagger."""
    return tag(title, text, language=language, published_at=at, taxonomy=TAGGER)


def check(title: str, text: str, found: Tagging) -> None:
    """Hold every span against the text it names."""
    for item in [*(e for t in found.tags for e in t.evidence), *(e for r in found.relations for e in r.evidence)]:
        assert (title if item.part == "title" else text)[item.start : item.end] == item.quote
    for mention in found.mentions:
        assert (title if mention.part == "title" else text)[mention.start : mention.end] == mention.surface
    for said in found.statements:
        assert (title if said.part == "title" else text)[said.start : said.end] == said.words


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases(path: Path) -> None:
    """A case is an article and what must, and must not, be said of it."""
    case = json.loads(path.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(case["date"]).replace(tzinfo=UTC) if "date" in case else None
    found = run(case["title"], case["text"], case["lang"], at)
    check(case["title"], case["text"], found)
    labels = {*found.labels("actor"), *found.labels("topic"), *(r.label for r in found.relations)}
    assert set(case.get("has", ())) <= labels, labels
    assert not set(case.get("lacks", ())) & labels, labels
    for wanted in case.get("mentions", ()):
        assert any(all(getattr(m, k) == v for k, v in wanted.items()) for m in found.mentions), found.mentions
    for wanted in case.get("relations", ()):
        assert any(all(getattr(r, k) == v for k, v in wanted.items()) for r in found.relations), found.relations
    for wanted in case.get("statements", ()):
        assert any(all(getattr(s, k) == v for k, v in wanted.items()) for s in found.statements), found.statements


WORDS = [
    "EU", "China", "Russia", "sanctions", "European Union", "Peking", "Россия", "санкциями", "欧盟", "中欧", "制裁", "普丁",
    "歐盟", "said", "“We agree with China on this”", "«санкции против»", "summit", "Путин", "e\u0301", "Scho\u0308nheit",
    "\u200b", "\u202e", "\ufeff", "\u00ad", "İstanbul", "ß", "\x00", "\n", ". ", "。", "：", "\u2028", "😀", "'", '"', "—",
]  # fmt: skip
MIXED = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=40).map(" ".join)
TIGHT = st.lists(st.one_of(st.sampled_from(WORDS), st.characters()), max_size=40).map("".join)
ANY_LANGUAGE = st.one_of(
    st.sampled_from(["en", "zh", "zh-Hant", "ru", "de-AT", "", "xx", "ZH", None]), st.text(max_size=5)
)


@given(st.one_of(MIXED, TIGHT), st.one_of(MIXED, TIGHT), ANY_LANGUAGE)
@settings(max_examples=300, deadline=None)
def test_any_text_is_answered_and_every_offset_is_true(title: str, text: str, language: str | None) -> None:
    """Mixed scripts, control and direction characters, loose accents, wrong languages."""
    found = run(title, text, language)
    check(title, text, found)
    assert all(0.0 <= t.score <= 1.0 for t in found.tags)


@pytest.mark.parametrize(
    "filling", ["The EU and China met. ", "欧盟和中国会谈。", "e\u0301 ", "\u202e", "EU\n", '"', ". "]
)
def test_five_megabytes_are_answered(filling: str) -> None:
    """Only the beginning of such a text is read, and offsets hold there."""
    text = filling * (5_000_000 // len(filling))
    check("", text, run("", text, None))


@pytest.mark.parametrize(
    ("language", "title", "filling"),
    [
        ("en", "EU and China talk", "European Union and China agree, "),
        ("zh", "欧盟批评中国", "欧盟批评中国"),
        ("de", "EU und China", "die EU sagte, China "),
        ("de", "EU und China", "die EU und China teilte "),
        ("en", "EU warns China", "EU warns China, "),
        ("en", "EU and China talk", "“EU said ” China "),
    ],
)
def test_a_sentence_without_an_end_is_answered(language: str, title: str, filling: str) -> None:
    """Thousands of names in one sentence: each is weighed with what stands near, not with all others."""
    text = filling * (200_000 // len(filling))
    found = run(title, text, language)
    check(title, text, found)
    assert {mention.actor for mention in found.mentions} == {"EU", "CN"}


def test_evidence_stands_where_the_label_is_reported() -> None:
    """Not where an actor is named first."""
    title = "Prices rise again"
    text = (
        "A fair in China draws visitors, and a museum in Russia has reopened. Bread is dearer than a year ago. "
        "The European Union imposed sanctions on the Russian oil firm Rosneft on Monday. "
        "Moscow said that it would retaliate against the European Union for the sanctions."
    )
    found = run(title, text)
    act = text.index("The European Union imposed")
    for label in ("RU", "sanctions"):
        (spans,) = (item.evidence for item in found.tags if item.label == label)
        assert spans
        assert all(span.start >= act for span in spans), spans
    (relation,) = found.relations
    assert relation.evidence[0].start >= act


def test_a_blank_title_is_none() -> None:
    """What stands first counts as the title then."""
    text = "Russia cuts gas supplies to Europe.\nChina said nothing."
    assert [item.label for item in run(" \u200b", text).tags] == [item.label for item in run("", text).tags] != []


def test_an_empty_article_has_no_tags() -> None:
    """Nothing in, nothing out."""
    found = run("", "")
    assert (found.tags, found.relations, found.mentions, found.statements) == ((), (), (), ())


@pytest.mark.parametrize(
    ("language", "body"),
    [
        (None, "欧盟对俄罗斯实施新一轮制裁。欧盟委员会说，制裁针对俄罗斯石油出口。"),
        ("xx", "Евросоюз ввёл новые санкции против России. Еврокомиссия сообщила о запрете экспорта нефти из России."),
        (
            "",
            "Die Europäische Union hat neue Sanktionen gegen Russland beschlossen. Russland kritisierte die EU dafür.",
        ),
    ],
)
def test_a_missing_language_is_found_out(language: str | None, body: str) -> None:
    """By script first, then by words."""
    found = run("", body, language)
    assert {"EU", "RU"} <= set(found.labels("actor"))
    assert "sanctions" in found.labels("topic")


@pytest.mark.parametrize(
    ("language", "read", "body"),
    [
        ("ru", "en", "The European Union adopted new sanctions against Russia. Moscow condemned the sanctions of the EU."),
        ("zh", "ru", "Евросоюз ввёл новые санкции против России. Москва осудила санкции ЕС."),
        ("en", "ru", "Евросоюз ввёл новые санкции против России. Москва осудила санкции ЕС."),
        ("de", "zh", "欧盟对俄罗斯实施新一轮制裁。欧盟委员会说，制裁针对俄罗斯石油出口。"),
        ("zh", "en", "EU sanctions Russia"),
        ("en", "en", "EU SANCTIONS RUSSIA AGAIN, AND RUSSIA CONDEMNS THE SANCTIONS OF THE EU"),
        ("zh-Hant", "zh-Hant", "NATO：歐盟對俄羅斯實施新一輪制裁。歐盟委員會說，制裁針對俄羅斯。"),
        ("uk", "uk", "2025"),
    ],
)  # fmt: skip
def test_a_text_that_has_nothing_of_the_declared_script_decides_itself(language: str, read: str, body: str) -> None:
    """Capitals alone, or no letter at all, contradict nobody."""
    found = run("", body, language)
    assert found.language == read
    assert body == "2025" or {"EU", "RU"} <= {mention.actor for mention in found.mentions}


def test_a_short_text_is_in_no_language_that_hardly_anybody_writes() -> None:
    """A classifier takes a few English words for Gikuyu; their own words are known as English ones only."""
    assert run("", "no id. The EU and China met.", None).language == "en"


def test_loose_accents_and_invisible_characters_hide_nothing() -> None:
    """Evidence still quotes the text as it was given."""
    text = "L'Union europe\u0301enne et la Rus\u00adsie : l'Union europe\u0301enne sanctionne la Rus\u200bsie, sanctions adopte\u0301es."
    found = run("", text, "fr")
    check("", text, found)
    assert {"EU", "RU"} <= {m.actor for m in found.mentions}
    assert any(m.surface == "Rus\u00adsie" for m in found.mentions)


def test_every_tag_says_why() -> None:
    """Evidence names its rule: file, label and term."""
    found = run("EU imposes sanctions on Russian oil", "The EU imposed sanctions on Russian oil exports on Monday.")
    assert found.tags
    for item in found.tags:
        assert item.evidence
        assert all(e.quote and e.rule for e in item.evidence)
    assert all(relation.evidence for relation in found.relations)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2012-05-01", "Catherine Ashton"),
        ("2023-05-01", "Josep Borrell"),
        ("2025-05-01", "Kaja Kallas"),
        ("1999-01-01", ""),
    ],
)
def test_an_office_means_who_held_it_on_the_day(day: str, name: str) -> None:
    """`EU foreign policy chief` is another person in 2023 and in 2025."""
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    found = run("", "The EU foreign policy chief met the Chinese foreign minister in Brussels.", at=at)
    assert [m.resolved for m in found.mentions if m.entity == "EU/high-representative"] == [name]


@pytest.mark.parametrize(
    ("language", "text", "day", "entity", "name"),
    [
        ("en", "The German chancellor spoke.", "2021-11-15", "EU/germany-chancellor", "Angela Merkel"),
        ("en", "Germany's chancellor spoke.", "2022-01-15", "EU/germany-chancellor", "Olaf Scholz"),
        ("de", "Die Bundeskanzlerin sprach in Brüssel.", "2021-11-15", "EU/germany-chancellor", "Angela Merkel"),
        ("de", "Der deutsche Kanzler sprach in Brüssel.", "2025-05-05", "EU/germany-chancellor", "Olaf Scholz"),
        ("fr", "Le chancelier allemand a parlé.", "2025-05-06", "EU/germany-chancellor", "Friedrich Merz"),
        ("ru", "Об этом сообщил канцлер Германии.", "2022-01-15", "EU/germany-chancellor", "Olaf Scholz"),
        ("zh", "德国总理在柏林表示欢迎。", "2025-06-01", "EU/germany-chancellor", "Friedrich Merz"),
        ("de", "Österreichs Bundeskanzler reiste ab.", "2023-05-01", "EU/austria-chancellor", "Karl Nehammer"),
        ("en", "The U.S. Secretary of State left.", "2023-05-01", "US/secretary-of-state", "Antony Blinken"),
        ("ru", "Министр обороны России прибыл в Пекин.", "2024-06-01", "RU/defence", "Andrei Belousov"),
        ("zh", "俄罗斯外长抵达北京。", "2024-06-01", "RU/foreign", "Sergey Lavrov"),
        ("fr", "La ministre allemande des Affaires étrangères est arrivée.", "2023-05-01", "EU/germany-foreign", "Annalena Baerbock"),
        ("en", "The president of the European Commission left.", "2025-05-01", "EU/commission", "Ursula von der Leyen"),
        ("en", "The president of the European Council left.", "2025-05-01", "EU/council", "António Costa"),
        ("en", "The president of the United States left.", "2025-05-01", "US/president", "Donald Trump"),
        ("en", "The chancellor of the exchequer left.", "2025-05-01", "UK/exchequer", "Rachel Reeves"),
        ("en", "The EU's high representative for foreign affairs left.", "2025-05-01", "EU/high-representative", "Kaja Kallas"),
        ("en", "The high representative of the Union left.", "2025-05-01", "EU/high-representative", "Kaja Kallas"),
        ("en", "The EU trade commissioner left.", "2024-12-15", "EU/trade-commissioner", "Maroš Šefčovič"),
        ("de", "Der EU-Handelskommissar reiste ab.", "2020-09-15", "EU/trade-commissioner", ""),
        ("es", "El alto representante de la UE viajó a Pekín.", "2023-05-01", "EU/high-representative", "Josep Borrell"),
        ("it", "Il cancelliere tedesco ha parlato.", "2024-05-01", "EU/germany-chancellor", "Olaf Scholz"),
        ("en", "The former German chancellor spoke.", "2022-01-15", "EU/germany-chancellor", ""),
        ("ru", "Экс-президент США выступил.", "2022-01-15", "US/president", ""),
        ("zh", "前德国总理在柏林表示欢迎。", "2022-06-01", "EU/germany-chancellor", ""),
    ],
)  # fmt: skip
def test_offices_of_states_change_hands_to_the_day(language: str, text: str, day: str, entity: str, name: str) -> None:
    """The same words mean whoever held the office then; nobody after a gap, and nobody for a former holder."""
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    found = run("", text, language, at)
    assert [m.resolved for m in found.mentions if m.entity == entity] == [name], found.mentions


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("俄罗斯开发北方海航道。", ["俄罗斯"]), ("红海航运中断。", []), ("上海航空飞往巴黎。", ["上海", "巴黎"]), ("路上汽车很多。", []),
        ("北京东城区举行会议。", ["北京"]), ("湖北汽车工业。", ["湖北"]), ("上合组织银联体开会。", []), ("引发联想。", []),
        ("海航宣布破产。", ["海航"]), ("京东和联想公布财报。", ["京东", "联想"]), ("上汽与一汽合作。", ["上汽", "一汽"]),
    ],
)  # fmt: skip
def test_no_company_is_found_inside_longer_words(text: str, surfaces: list[str]) -> None:
    """Names of two characters stand in many; the places beside them are still found."""
    assert [mention.surface for mention in run("", text, "zh").mentions] == surfaces


def test_no_office_has_two_holders_on_a_day() -> None:
    """Terms of office follow one another."""
    for holders in TAGGER.known.holders.values():
        for one, other in itertools.pairwise(sorted(holders, key=lambda h: h.since)):
            assert one.until is not None and one.until < other.since, (one, other)


def test_an_office_is_found_once() -> None:
    """No two files give the same words to two entities; else a mention counts twice and may name the wrong holder."""
    for rule in TAGGER.known.rules:
        if rule.layer == "actor" and KINDS[int(rule.value)] == "office":
            scope = {"latin": "en", "cyrillic": "ru", "han": "zh"}.get(rule.scope, rule.scope)
            found = run("", rule.term.raw.replace("*", ""), scope).mentions
            assert len({(m.start, m.end) for m in found}) == len(found), rule.name


def test_the_case_of_a_language_tag_changes_nothing() -> None:
    """`EN` is English, with all that was learnt of English words."""
    tagger = Tagger(taxonomy.load())
    small, large = (
        tagger.weigh(tagger.read("EU and China meet", "Russia was told of it.", tag)) for tag in ("en", "EN")
    )
    assert (small.actors, small.relations) == (large.actors, large.relations)
