"""Who said what: where the words begin and end, who is meant, and what is no statement at all."""

import pytest

from extractors import taxonomy
from extractors.model import Statement
from extractors.tagging import Tagger, tag

TAGGER = Tagger(taxonomy.load())


def said(text: str, language: str = "en") -> tuple[Statement, ...]:
    """Return the statements of a text."""
    return tag("Title", text, language=language, published_at=None, taxonomy=TAGGER).statements


SPOKEN = [  # language, text, and of each statement: a part of the speaker, actor, quoted, words
    # A second quotation, and one that is never closed, go on with who spoke.
    ("en", "“We will not wait,” the EU foreign policy chief said. “Europe has to act. The time is short", [
        ("foreign policy chief", "EU", True, "We will not wait,"), ("foreign policy chief", "EU", True, "Europe has to act. The time is short")]),
    # A pronoun is who spoke before, or who is named in the sentence before, and never the place of the press conference.
    ("en", "The Russian foreign minister travelled on. “Brussels does not listen,” he said at a news conference in Beijing.", [
        ("Russian foreign minister", "RU", True, "Brussels does not listen,")]),
    ("ru", "Министр иностранных дел России прибыл в Китай. «Брюссель не слушает», — заявил он на пресс-конференции в Пекине.", [
        ("инистр иностранных дел", "RU", True, "Брюссель не слушает")]),
    ("de", "Der russische Außenminister reiste weiter. „Brüssel hört nicht zu“, sagte er auf einer Pressekonferenz in Peking.", [
        ("russische Außenminister", "RU", True, "Brüssel hört nicht zu")]),
    ("fr", "Le président français a défendu les sanctions. « Nous irons plus loin », a-t-il déclaré à Pékin.", [
        ("président français", "EU", True, "Nous irons plus loin")]),
    # `They` are not the one who spoke last.
    ("en", "“It was a good day,” the US president said. The leaders of Germany and France left. They said they had agreed on nothing.", [
        ("US president", "US", True, "It was a good day,"), ("Germany", "EU", False, "they had agreed on nothing.")]),
    # A verb behind `and` goes on with who its sentence began with.
    ("en", "The Chinese foreign minister pointed to Germany as an example and said trade with it had doubled.", [
        ("Chinese foreign minister", "CN", False, "trade with it had doubled.")]),
    ("en", "The Kremlin recalled its envoy to Paris, saying that talks were pointless.", [
        ("Kremlin", "RU", False, "talks were pointless.")]),
    # An aside does not speak.
    ("en", "Hungary's prime minister, who met the Russian president on Friday, said that Hungary would not send arms.", [
        ("Hungary's prime minister", "EU", False, "Hungary would not send arms.")]),
    # A surname alone, after the full name.
    ("en", "Wopke Hoekstra was in Beijing. Hoekstra said that the EU aims to be climate neutral by 2050.", [
        ("Hoekstra", "EU", False, "the EU aims to be climate neutral by 2050.")]),
    # What only ends a word is no `to`, and no character of a university denies what it says.
    ("en", "Italian defence minister Guido Crosetto said that Europe must spend more on defence.", [
        ("Guido Crosetto", "EU", False, "Europe must spend more on defence.")]),
    # Two pieces in marks are not one quotation.
    ("zh", "欧盟发言人表示，“去风险”不是“脱钩”", [("欧盟发言人", "EU", False, "“去风险”不是“脱钩”")]),
    # German verbs end far from where they begin, and its mood goes on reporting, until it is another's or nobody's.
    ("de", "„Wir prüfen die Vorschläge“, teilte das Auswärtige Amt am Montag in Berlin mit. Die Zölle seien nicht vom Tisch. Er glaube es nicht.", [
        ("Auswärtige Amt", "EU", True, "Wir prüfen die Vorschläge"), ("Auswärtige Amt", "EU", False, "Die Zölle seien nicht vom Tisch.")]),
    ("de", "Das chinesische Handelsministerium kündigte in Peking an, dass es antworten werde. Die EU müsse nachgeben. Japan hatte gesagt, es sei dagegen.", [
        ("chinesische Handelsministerium", "CN", False, "es antworten werde."),
        ("chinesische Handelsministerium", "CN", False, "Die EU müsse nachgeben.")]),
    # Somebody without a name, somebody unknown.
    ("en", "“The numbers are worse than we feared,” a European Commission official said.", [
        ("official", "EU", True, "The numbers are worse than we feared,")]),
    ("en", "The mood in Brussels has changed, experts said on Monday.", [
        ("experts", None, False, "The mood in Brussels has changed")]),
    ("ru", "Поставки газа в Евросоюз сократились вдвое. Об этом заявил аналитик Иван Примеров.", [
        ("Иван Примеров", None, False, "Поставки газа в Евросоюз сократились вдвое.")]),
    # Words in quotation marks inside a report belong to it.
    ("en", "The European Commission said the duties were “a matter of fairness” toward European workers.", [
        ("European Commission", "EU", False, "the duties were “a matter of fairness” toward European workers.")]),
    ("zh", "俄罗斯外交部发言人表示，针对北约增兵，俄方“将采取适当措施”。", [
        ("俄罗斯外交部发言人", "RU", False, "针对北约增兵，俄方“将采取适当措施”。")]),
    # The dateline is no part of what was said, the aside between commas is who speaks.
    ("en", "MOSCOW, Sept 2 (Example) – Russia and China have signed a memorandum on a pipeline, the head of Gazprom, Jan Roe, told agencies.", [
        ("Gazprom", "RU", False, "Russia and China have signed a memorandum on a pipeline")]),
    ("de", "„Wir lehnen das ab“, teilte das Auswärtige Amt mit und forderte Gespräche.", [
        ("Auswärtige Amt", "EU", True, "Wir lehnen das ab")]),
    ("en", "The party had help; according to the European Commission, large sums had come from Moscow.", [
        ("European Commission", "EU", False, "large sums had come from Moscow.")]),
    ("de", "»Die Preise werden steigen, daran führt kein Weg vorbei«, sagte die EU-Außenbeauftragte.", [
        ("EU-Außenbeauftragte", "EU", True, "Die Preise werden steigen, daran führt kein Weg vorbei")]),
    ("zh-Hant", "歐盟外交部門發言人指出：「中國應停止支持俄羅斯。」", [("歐盟", "EU", True, "中國應停止支持俄羅斯。")]),
    ("zh", "“我们不会让步，”中国外交部发言人强调。", [("中国外交部发言人", "CN", True, "我们不会让步，")]),
    # Whom no list knows, and who is nobody but `he`: the words that stand beside the verb.
    ("en", "Dairy farmers warn that the duties will cost them the market.", [
        ("Dairy farmers", None, False, "the duties will cost them the market.")]),
    ("de", "Die Preise bleiben hoch, sagte ein Händler aus Leipzig.", [("ein Händler", None, False, "Die Preise bleiben hoch")]),
    ("ru", "«Зерна в этом году больше», — говорят фермеры.", [("фермеры", None, True, "Зерна в этом году больше")]),
    ("zh", "“今年的订单少了一半。”工厂厂长陈例在车间里说。", [("工厂厂长陈例", None, True, "今年的订单少了一半。")]),
    ("zh", "据《示例时报》3月2日报道，欧盟将调查电动车补贴。", [("《示例时报》", None, False, "欧盟将调查电动车补贴。")]),
    ("en", "“There is no gas left in the pipe,” he said.", [("he", None, True, "There is no gas left in the pipe,")]),
    # A verb of one character, and two halves of one sentence.
    ("zh-Hant", "歐盟發言人指，關稅並不公平；談判仍會繼續。", [("歐盟發言人", "EU", False, "關稅並不公平；談判仍會繼續。")]),
    # No verb at all, or one before the comma.
    ("de", "„Die Zölle schaden beiden Seiten“, so der EU-Handelskommissar.", [
        ("EU-Handelskommissar", "EU", True, "Die Zölle schaden beiden Seiten")]),
    ("ru", "Как сообщили в МИД России, переговоры пройдут в Пекине.", [("МИД России", "RU", False, "переговоры пройдут в Пекине.")]),
    ("en", "The Kremlin spokesman was blunt: “The pipeline will be built without Brussels.”", [
        ("Kremlin spokesman", "RU", True, "The pipeline will be built without Brussels.")]),
    # German says in its mood alone that somebody said so: who spoke, or who is named before.
    ("de", "Das russische Außenministerium sagte die Reise ab. Der Ton aus Berlin sei nicht hinnehmbar.", [
        ("russische Außenministerium", "RU", False, "Der Ton aus Berlin sei nicht hinnehmbar.")]),
    ("de", "Der EU-Ratspräsident machte klar, dass die Sanktionen bleiben.", [("EU-Ratspräsident", "EU", False, "die Sanktionen bleiben.")]),
    # British marks, and a question that its verb stands apart from.
    ("en", "‘We don’t want a trade war with China,’ the EU trade commissioner said.", [
        ("EU trade commissioner", "EU", True, "We don’t want a trade war with China,")]),
    ("en", "“Who will pay for the pipeline in the end?” The EU energy commissioner said.", [
        ("EU energy commissioner", "EU", True, "Who will pay for the pipeline in the end?")]),
    # `His view` is that of who was named before; a paper says what nobody does.
    ("de", "Der EU-Ratspräsident zeigte sich enttäuscht. Der Handel wird seiner Ansicht nach noch lange leiden.", [
        ("EU-Ratspräsident", "EU", False, "Der Handel wird seiner Ansicht nach noch lange leiden.")]),
    ("de", "„Der Zoll bleibt vorerst bestehen“, heißt es in einem Papier vom Montag.", [
        ("Papier", None, True, "Der Zoll bleibt vorerst bestehen")]),
    # Where and when something is said is nobody, nor is the statement it stands in.
    ("en", "During a briefing in Paris the French minister said that talks would go on.", [
        ("French minister", "EU", False, "talks would go on.")]),
    ("zh", "拜登在声明中表示，他支持乌克兰。", [("拜登", "US", False, "他支持乌克兰。")]),
    ("zh", "报告指出，欧盟经济增长放缓。", [("报告", None, False, "欧盟经济增长放缓。")]),
    ("zh", "此外，示例研究所所长陈例昨日表示，贸易会恢复。", [("示例研究所所长陈例", None, False, "贸易会恢复。")]),
    ("ru", "«Переговоры продолжаются», — говорится в совместном заявлении.", [
        ("совместном заявлении", None, True, "Переговоры продолжаются")]),
    # The commonest verbs take any clause, and one that stands behind its comma any length of who says so.
    ("en", "The Kremlin said the old pipeline rests on the seabed.", [("Kremlin", "RU", False, "the old pipeline rests on the seabed.")]),
    ("de", ("Es seien weitere Gespräche geplant, sagte ein Sprecher des Gesundheitsministeriums in Nordrhein-Westfalen am späten Abend einer "
        "Nachrichtenagentur auf eine Anfrage vom Vortag."), [("Sprecher", None, False, "Es seien weitere Gespräche geplant")]),
    ("en", "The Kremlin recalled its envoy on Friday, saying the talks lead nowhere.", [("Kremlin", "RU", False, "the talks lead nowhere.")]),
    ("de", "Das russische Außenministerium warf der EU vor, dass sie die Gespräche blockiere.", [
        ("russische Außenministerium", "RU", False, "sie die Gespräche blockiere.")]),
    # A verb of another's sentence is not taken along.
    ("de", "„Der Zoll bleibt“, sagte die EU-Ratspräsidentin. Der russische Außenminister zeigte sich verärgert. Man lasse sich nicht drohen.", [
        ("EU-Ratspräsident", "EU", True, "Der Zoll bleibt"), ("russische Außenminister", "RU", False, "Man lasse sich nicht drohen.")]),
    # A colon ends its paragraph.
    ("en", "The European Commission said:\n“The duties on electric cars stay where they are.”", [
        ("European Commission", "EU", True, "The duties on electric cars stay where they are.")]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "wanted"), SPOKEN, ids=[text[:40] for _, text, _ in SPOKEN])
def test_who_said_what(language: str, text: str, wanted: list[tuple[str, str | None, bool, str]]) -> None:
    """Speaker, side and words, quoted or reported."""
    found = said(text, language)
    assert [(s.speaker_actor, s.quoted, s.words) for s in found] == [(actor, q, words) for _, actor, q, words in wanted]
    for one, (name, *_) in zip(found, wanted, strict=True):
        assert name in one.speaker


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Hungary did not say that China was a threat."),
        ("en", "Nobody in Paris wished to say aloud that the two powers could be parted."),
        ("en", "China placed rare earths under licence on 4 April, two days after the United States had announced new tariffs."),
        ("en", "The Commission president called for “a level playing field in China” at the summit."),
        ("zh", "欧洲议会议长发表演说，成为首位访问台湾的议长。"),
        ("de", "Die Macht in Moskau stellt keiner in Frage, die Lage ist klar. Der Kreml gibt nicht nach, die Preise nehmen weiter zu."),
        ("de", "Das Schiff aus China befand sich auf dem Weg nach Kiew. Trump hofft auf Frieden, der Kreml dagegen nicht so sehr."),
        ("de", "Als seien die Zölle nicht genug, stiegen in China die Preise. Der russische Außenminister reiste ab. Ob das klug sei, zeige sich bald."),
        ("pl", "Wszystko wskazuje na to, że Chiny podniosą cła."),
        ("en", "If all goes according to plan, the first gas will flow from Russia in May. If you believe that, buy China."),
        ("ru", "Ему обещали, что газ из России подешевеет. Всё указывает на то, что цена вырастет. По данным 2024 года, газ дорожает."),
        ("zh", "欧盟官员的表态，令外界感到惊讶。如果认为，贸易会恢复。"),
        ("fr", "Il a salué la Chine avec ces mots pour l'Union européenne : « Nous irons plus loin ensemble »"),
        ("ru", "Посол обратился к президенту России: «Переговоры продолжаются уже два года»"),
        ("zh", "中国外交部发言人介绍了双方会谈的主要情况。欧盟股市指数下跌，如果说有赢家，那就是美国。"),
        ("de", "Die Volksrepublik wurde in Brüssel stark kritisiert. Der Verkehr nahm zu."),
        ("de", "„Wir“, so China. Sie seien da. Die USA befürchten, dass Russland angreifen werde. Nach Ansicht der EU sei das falsch. Gott sei Dank."),
        ("de", "Die Bundesregierung fügte sich dem Urteil. Peking teilte den Markt unter seinen Firmen auf. Das sei so."),
    ],
)  # fmt: skip
def test_what_nobody_said(language: str, text: str) -> None:
    """A verb of saying alone makes no statement: denied, in an object's place, inside a word, or with a mere term in marks."""
    assert said(text, language) == ()


def test_a_leader_holds_forth_to_the_end_of_the_paragraph() -> None:
    """What Chinese readouts report under one verb is one statement; where somebody else speaks, it ends before."""
    (one,) = said("中国外交部发言人指出，两国友谊源远流长。双方应当深化合作。", "zh")
    assert one.words == "两国友谊源远流长。双方应当深化合作。"
    found = said("中国外交部发言人指出，两国友谊源远流长。德国总理说，贸易应当公平。", "zh")
    assert [each.words for each in found] == ["两国友谊源远流长。", "贸易应当公平。"]


def test_a_dateline_is_no_words_of_a_text_without_a_title() -> None:
    """Either."""
    text = "BRUSSELS (Example) - The European Union will raise its tariffs on Chinese cars, a German minister said on Monday."
    (one,) = tag("", text, language="en", published_at=None, taxonomy=TAGGER).statements
    assert one.words == "The European Union will raise its tariffs on Chinese cars"
