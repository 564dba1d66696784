"""Who said what: where the words begin and end, who is meant, and what is no statement at all."""

import pytest

from extractors import taxonomy, verbforms
from extractors.labels import LANGUAGES
from extractors.model import Statement
from extractors.reading import SAY
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
    # A Chinese call is its own report; figures and messages are said by whose they are.
    ("zh", "法国总统呼吁各方回到谈判桌前。", [("法国总统", "EU", False, "各方回到谈判桌前。")]),
    ("zh", "据欧盟委员会发布的消息，会谈已经结束。德国政府公布的数据显示，出口下降。", [
        ("欧盟委员会", "EU", False, "会谈已经结束。"), ("德国政府", "EU", False, "出口下降。")]),
    # A name goes with its office, a place with its state; foreign media speak for no state, two headlines are two.
    ("zh", "此前，示例大学校长陈例再次表示，贸易会恢复。", [("示例大学校长陈例", None, False, "贸易会恢复。")]),
    ("zh", "乌军方3日称，已经击退进攻。", [("乌军方", "UA", False, "已经击退进攻。")]),
    ("zh", "法国媒体报道，罢工已经结束。", [("法国媒体", None, False, "罢工已经结束。")]),
    ("zh", "也门官员在社交媒体上说，港口已经开放。", [("也门官员", None, False, "港口已经开放。")]),
    ("zh", "俄称已控制该镇 乌称击退进攻", [("俄", "RU", False, "已控制该镇"), ("乌", "UA", False, "击退进攻")]),
    # A headline that begins with who says it, and an interview.
    ("en", "Kremlin spokesman: Talks will go on\nThe weather was fine in Moscow.", [("Kremlin spokesman", "RU", False, "Talks will go on")]),
    ("zh", "中国外交部发言人：中方坚决反对加征关税", [("中国外交部发言人", "CN", False, "中方坚决反对加征关税")]),
    ("de", ("Anna Muster: Der Hafen hat nach dem Verbot der Kohle aus Russland ein Drittel seines Umschlags verloren.\nUnd nun?\n"
        "Anna Muster: Nun bauen wir um, und das dauert noch wenigstens drei bis vier Jahre, wenn alles gut geht."), [
        ("Anna Muster", None, False, "Der Hafen hat nach dem Verbot der Kohle aus Russland ein Drittel seines Umschlags verloren."),
        ("Anna Muster", None, False, "Nun bauen wir um, und das dauert noch wenigstens drei bis vier Jahre, wenn alles gut geht.")]),
    # Named in the middle of what he says, before `zufolge`, or as nothing but what he gives.
    ("de", "In Deutschland lebten laut dem Statistischen Bundesamt im vergangenen Jahr mehr als drei Millionen Geflüchtete.", [
        ("Statistischen Bundesamt", "EU", False,
         "In Deutschland lebten laut dem Statistischen Bundesamt im vergangenen Jahr mehr als drei Millionen Geflüchtete.")]),
    ("de", "Einem Bericht des Kreml zufolge sank die Ausfuhr von Gas deutlich.", [("Kreml", "RU", False, "sank die Ausfuhr von Gas deutlich.")]),
    ("de", "Die Drohnen beschädigten nach ukrainischen Angaben mehrere Lager in der Region Saratow und einen Hafen.", [
        ("ukrainischen Angaben", "UA", False,
         "Die Drohnen beschädigten nach ukrainischen Angaben mehrere Lager in der Region Saratow und einen Hafen.")]),
    ("de", "„Der Zoll bleibt“, sagte der EU-Handelskommissar. Die Ausfuhr ist demnach um ein Drittel gesunken.", [
        ("EU-Handelskommissar", "EU", True, "Der Zoll bleibt"),
        ("EU-Handelskommissar", "EU", False, "Die Ausfuhr ist demnach um ein Drittel gesunken.")]),
    ("fr", "Le salaire des agents, selon une note de la Commission européenne, a baissé de deux pour cent en un an.", [
        ("Commission européenne", "EU", False, "a baissé de deux pour cent en un an.")]),
    # What follows `according to` has its clause, and the quotation behind it is another.
    ("ru", "По словам представителя Кремля, договор уже согласован. «Подписать его можно уже завтра», — добавил он.", [
        ("представителя Кремля", "RU", False, "договор уже согласован."), ("представителя Кремля", "RU", True, "Подписать его можно уже завтра")]),
    ("ru", "По мнению Еврокомиссии, «долгий путь» к миру только начинается и потребует терпения.", [
        ("Еврокомиссии", "EU", False, "«долгий путь» к миру только начинается и потребует терпения.")]),
    ("en", "According to the harbour office of Exampleton, the ship left for China on Friday.", [
        ("harbour office", None, False, "the ship left for China on Friday.")]),
    # Whom somebody speaks for his own words say; he is known by his surname from then on.
    ("de", "Die französische Staatsanwaltschaft teilte mit, der Frachter sei beschlagnahmt.", [
        ("französische Staatsanwaltschaft", "EU", False, "der Frachter sei beschlagnahmt.")]),
    ("de", "Die Bundesnetzagentur erklärte, die Speicher seien voll.", [("Bundesnetzagentur", "EU", False, "die Speicher seien voll.")]),
    ("en", "The French prosecutor Jean Exemple said that the ship was seized. Exemple said that it would stay there.", [
        ("Exemple", "EU", False, "the ship was seized."), ("Exemple", "EU", False, "it would stay there.")]),
    ("ru", "Испанское издание пишет, что порт закрыт для судов из России.", [
        ("издание", None, False, "порт закрыт для судов из России.")]),
    # A statement is who issued it, an economist who was named before.
    ("en", "The European Commission met on Friday. The statement said that the duties would stay.", [
        ("European Commission", "EU", False, "the duties would stay.")]),
    ("ru", "Посол США прибыл в Кишинев. По словам дипломата, помощь Украине продолжится.", [
        ("Посол США", "US", False, "помощь Украине продолжится.")]),
    # Two verbs with a clause each, one with an aside, one further from its subject, one that only may be a verb.
    ("en", "The Kremlin said the plan was “a step in the right direction” but insisted that the fighting would go on.", [
        ("Kremlin", "RU", False, "the plan was “a step in the right direction”"), ("Kremlin", "RU", False, "the fighting would go on.")]),
    ("fr", "Le Kremlin a déclaré à un confrère, de la radio publique, que les livraisons reprendraient.", [
        ("Kremlin", "RU", False, "les livraisons reprendraient.")]),
    ("ru", "Фермеры уже в который раз заявляют,что зерна в России много.", [("Фермеры", None, False, "зерна в России много.")]),
    # English without `that`, though one follows further on; what is added is said by the same.
    ("en", "The Kremlin said Russia rejected demands that Ukraine join NATO.", [
        ("Kremlin", "RU", False, "Russia rejected demands that Ukraine join NATO.")]),
    ("en", "The Kremlin said three weeks ago that talks would go on.", [("Kremlin", "RU", False, "talks would go on.")]),
    ("en", "“Russia will pay for this attack,” the German foreign minister said, adding that Berlin would propose new sanctions.", [
        ("German foreign minister", "EU", True, "Russia will pay for this attack,"),
        ("German foreign minister", "EU", False, "Berlin would propose new sanctions.")]),
    ("ru", "«Россия заплатит за это», — заявила глава МИД Германии, добавив, что Берлин предложит новые санкции.", [
        ("глава МИД Германии", "EU", True, "Россия заплатит за это"), ("глава МИД Германии", "EU", False, "Берлин предложит новые санкции.")]),
    # A ministry's seat, and one that was named before.
    ("de", "„Wir antworten darauf“, sagte eine Sprecherin des Außenministeriums in Peking.", [
        ("Außenministeriums in Peking", "CN", True, "Wir antworten darauf")]),
    ("en", "China's Ministry of Commerce published a list. “We will answer in kind,” a ministry spokesperson said.", [
        ("Ministry of Commerce", "CN", True, "We will answer in kind,")]),
    ("ru", "Переговоры отложены на неделю, сообщил дипломатический источник в Брюсселе.", [
        ("дипломатический источник в Брюсселе", "EU", False, "Переговоры отложены на неделю")]),
    # No ministry is a she, the fisherman of the sentence before is; all that `according to` stands before is who says it.
    ("en", "It was a Russian drone, says the defence ministry in Tallinn. For Anna Muster, who fishes off the coast, little changes. “We fish as before,” she said.", [
        ("defence ministry in Tallinn", "EU", False, "It was a Russian drone"), ("Anna Muster", None, True, "We fish as before,")]),
    ("ru", "По сообщению пресс-службы Тихоокеанского флота России, учения продлятся неделю.", [
        ("пресс-службы Тихоокеанского флота России", "RU", False, "учения продлятся неделю.")]),
    ("en", "The European Union met China. The Commission said that talks would go on.", [
        ("Commission", "EU", False, "talks would go on.")]),
    ("zh", "中国外交部发言人举行记者会。发言人表示，会谈将继续。", [("中国外交部发言人", "CN", False, "会谈将继续。")]),
    ("zh", "俄罗斯外交部发言人在会见后对俄媒体说，协议已经达成。", [("俄罗斯外交部发言人", "RU", False, "协议已经达成。")]),
    # Polish `to` is no English one; a mood alone, without any verb of saying.
    ("pl", "Jak to powiedział rzecznik Kremla, Rosja nie chce wojny z Polską.", [("Kremla", "RU", False, "Rosja nie chce wojny z Polską.")]),
    ("de", "Der russische Außenminister reiste ab. Die Zölle seien unfair.", [("russische Außenminister", "RU", False, "Die Zölle seien unfair.")]),
    ("en", "The Kremlin said:\n“No way.”", [("Kremlin", "RU", True, "No way.")]),
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
        # What is denied, a noun, a passive, what somebody is charged with, what stands before a colon without saying it.
        ("de", "Ein Sprecher der EU-Kommission wies den Vorwurf zurück, Brüssel plane einen Handelskrieg gegen China."),
        ("en", "Beijing rejected claims by the European Commission that China supplies weapons to Russia. Beijing denied that it had helped."),
        ("en", "Firms in China are said to have helped Russian customers to pay for goods that are under embargo."),
        ("fr", "Pékin a rejeté les accusations selon lesquelles la Chine livre des armes à la Russie. La note précise que la Chine paie."),
        ("zh", "中国外交部发言人否认中方向俄罗斯提供武器的说法。"),
        ("ru", "МИД Китая опроверг сообщения о том, что Пекин поставляет оружие России."),
        ("de", "Die Dienste schreiben den Angriff auf den Kreml der Ukraine zu. Das Schreiben, das China erhielt, blieb ohne Antwort."),
        ("en", "Talks with the Kremlin: the pipeline and its price\nThe weather in Moscow was fine."),
        ("en", "A cook from China added salted fish and smoked trout to the pot."),
    ],
)  # fmt: skip
def test_what_nobody_said(language: str, text: str) -> None:
    """A verb of saying alone makes no statement: denied, in an object's place, inside a word, or with a mere term in marks."""
    assert said(text, language) == ()


def test_a_leader_holds_forth_to_the_end_of_the_paragraph() -> None:
    """What Chinese readouts report under one verb is one statement; where somebody else speaks, or the paper, it ends before."""
    (one,) = said("中国外交部发言人指出，两国友谊源远流长。双方应当深化合作。", "zh")
    assert one.words == "两国友谊源远流长。双方应当深化合作。"
    (alone,) = said("中国外交部发言人指出，两国友谊源远流长。此前，双方举行了会谈。", "zh")
    assert alone.words == "两国友谊源远流长。"
    found = said("中国外交部发言人指出，两国友谊源远流长。德国总理说，贸易应当公平。", "zh")
    assert [each.words for each in found] == ["两国友谊源远流长。", "贸易应当公平。"]


def test_a_text_may_end_with_any_verb_of_saying() -> None:
    """In every language, behind a side and alone: nothing is said."""
    rules = [
        rule for rule in TAGGER.known.rules if rule.layer == "cue" and rule.place == SAY and rule.scope in LANGUAGES
    ]
    verbs = {(rule.term.raw, rule.scope) for rule in rules}
    assert {language for _, language in verbs} == set(LANGUAGES)
    spoken = {
        (verb, language): said(f"中国外交部{verb}" if language == "zh" else f"Gazprom {verb}", language)
        for verb, language in verbs
    }
    alone = {(verb, language): said(verb, language) for verb, language in verbs}
    assert [key for found in (spoken, alone) for key, statements in found.items() if statements] == []


def test_german_verbs_in_two_parts_are_verbs_of_saying() -> None:
    """Each stands among the cues by its first part, or it would never be asked for its other one."""
    cues = {
        rule.term.raw for rule in TAGGER.known.rules if rule.layer == "cue" and rule.place == SAY and rule.scope == "de"
    }
    assert verbforms.PARTED.keys() <= cues


def test_what_stands_before_a_chinese_verb_may_be_read_in_many_ways() -> None:
    """Were each of them tried, this would take minutes, and twice as long with one more character."""
    (one,) = said("天气很好。天" + "就" * 26 + "石" * 15 + "表示，这个问题会得到解决。", "zh")
    assert one.words == "这个问题会得到解决。"


def test_a_dateline_is_no_words_of_a_text_without_a_title() -> None:
    """Either."""
    text = "BRUSSELS (Example) - The European Union will raise its tariffs on Chinese cars, a German minister said on Monday."
    (one,) = tag("", text, language="en", published_at=None, taxonomy=TAGGER).statements
    assert one.words == "The European Union will raise its tariffs on Chinese cars"
