"""What stands beside a mention, as keys of words."""

import pytest

from extractors import beside, scenes, taxonomy
from extractors.reading import Reading
from extractors.tagging import Tagger


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    """The tagger as shipped."""
    return Tagger(taxonomy.load())


def _around(read: Reading, actor: int, sentence: int) -> set[str]:
    return set(beside.around(read, scenes.scenes(read)[sentence].actors[actor]))


def test_words_on_both_sides_are_cut_to_their_stems(tagger: Tagger) -> None:
    """Three on each side, without marks, and the mention itself."""
    read = tagger.read("", "Yesterday the envoys flew to China, negotiating for long hours.", "en")
    assert _around(read, 1, 0) == {"<envoy", "<flew", "<to", ">negot", ">for", ">long", "=china"}


def test_a_mention_has_no_neighbours_beyond_its_sentence(tagger: Tagger) -> None:
    """The words of the sentence before and behind belong to others."""
    read = tagger.read("", "They all left early. China stayed. Nobody else did that.", "en")
    assert _around(read, 1, 1) == {">staye", "=china"}


def test_chinese_has_characters_for_words(tagger: Tagger) -> None:
    """Simplified and traditional ones are the same."""
    simplified, traditional = (
        _around(tagger.read("", text, language), 1, 0)
        for text, language in (("外长说中国将加强合作。", "zh"), ("外長說中國將加強合作。", "zh-Hant"))
    )
    assert simplified == {"<外", "<长", "<说", ">将", ">加", ">强", "=中国"}
    assert traditional == simplified


def test_between_two_sides_stands_what_joins_them(tagger: Tagger) -> None:
    """Whichever is named first."""
    read = tagger.read("", "On Monday Russia threatened the EU again.", "en")
    actors = scenes.scenes(read)[0].actors
    keys = beside.between(read, actors[0][0], actors[2][0])
    assert keys == beside.between(read, actors[2][0], actors[0][0])
    assert set(keys) == {"<on", "<monda", "=russia", "|threa", "|the", "=eu", ">again"}


def test_one_span_may_be_both_sides(tagger: Tagger) -> None:
    """The trains between China and Europe: nothing stands between, and the mention is one key."""
    read = tagger.read("", "本月中欧班列开行。", "zh")
    actors = scenes.scenes(read)[0].actors
    assert set(beside.between(read, actors[0][0], actors[1][0])) == {"<本", "<月", ">开", ">行", "=中欧班列"}


def test_a_word_that_the_reach_cuts_is_none(tagger: Tagger) -> None:
    """Its tail is no stem."""
    read = tagger.read("", "Sie sprachen über Internationalisierungsbestrebungen Wirtschaftsbeziehungen China", "de")
    assert _around(read, 1, 0) == {"<wirts", "=china"}


def test_every_term_that_was_learnt_is_in_the_taxonomy(tagger: Tagger) -> None:
    """One that is spelt anew has no weight until the next fit."""
    known = {rule.term.raw for rule in tagger.known.rules}
    learnt = {key.partition("=")[2] for words in tagger.known.words["topic-sentence"].values() for key in words}
    assert len(learnt) > 1000
    assert learnt <= known


def test_a_topic_has_its_terms(tagger: Tagger) -> None:
    """Once each, however often they stand there; a near rule has none."""
    read = tagger.read("", "New sanctions follow old sanctions.", "en")
    found = scenes.scenes(read)[0].topics
    keys = [key for topic, terms in found.items() for key in beside.terms(read, taxonomy.TOPICS[topic], terms)]
    assert len(keys) == len(set(keys))
    assert any(key.startswith("sanctions=sanction") for key in keys)
    assert not beside.terms(read, "sanctions", [(-1, 3.0)])
