"""What one side does to the other, and who acts toward whom, in sentences that say so plainly."""

import pytest

from extractors import acts, statements, taxonomy
from extractors.labels import EVENTS
from extractors.relations import SIDES
from extractors.tagging import Tagger

TAGGER = Tagger(taxonomy.load())


def told(text: str, pair: str, language: str = "en") -> tuple[str | None, tuple[str | None, str | None]]:
    """Return act and direction of a sentence."""
    reading = TAGGER.read("", text, language)
    passage = acts.passage(reading, SIDES[pair], [0])
    event, each = acts.event(TAGGER.models["event"], passage)
    return event, acts.direction(TAGGER.models["direction"], passage, each, statements.find(reading, {}))


@pytest.mark.parametrize(
    ("language", "pair", "text", "event", "way"),
    [
        ("en", "EU-CN", "The Czech government accused China of hacking.", "accuse", ("EU", "CN")),
        ("en", "EU-RU", "Several Russian banks were sanctioned by the European Union.", "sanction", ("EU", "RU")),
        ("en", "CN-RU", "China and Russia signed a treaty.", "agree", (None, None)),
        ("de", "EU-RU", "Finnland hat zwei russische Diplomaten ausgewiesen.", "coerce", ("EU", "RU")),
        ("fr", "EU-CN", "La Chine a convoqué l'ambassadeur de Lituanie.", "protest", ("CN", "EU")),
        ("ru", "EU-RU", "Россия пригрозила Эстонии.", "threaten", ("RU", "EU")),
        ("zh", "EU-CN", "中国敦促欧盟取消关税。", "demand", ("CN", "EU")),
        ("zh", "EU-RU", "欧盟二十七国联名谴责俄罗斯。", "accuse", ("EU", "RU")),
    ],
)
def test_a_plain_sentence(language: str, pair: str, text: str, event: str, way: tuple[str | None, str | None]) -> None:
    """Active and passive, one side or both."""
    assert told(text, pair, language) == (event, way)


@pytest.mark.parametrize(
    "text", ["The European Union has no plans to sanction China.", "The European Union did not sanction China."]
)
def test_what_is_denied_is_no_act(text: str) -> None:
    """The word stands there, the act does not."""
    passage = acts.passage(TAGGER.read("", text, "en"), SIDES["EU-CN"], [0])
    assert "sanction" not in {EVENTS[event] for _, _, event, _ in passage.acts}


def test_features_have_names() -> None:
    """As many values as names, for each kind and each way."""
    passage = acts.passage(TAGGER.read("", "China warned Germany.", "en"), SIDES["EU-CN"], [0])
    assert {len(values) for values in acts.event_features(passage)} == {len(acts.EVENT)}
    assert {len(values) for values in acts.direction_features(passage, [0.0] * len(EVENTS), ())} == {
        len(acts.DIRECTION)
    }
