"""What is passed on of what sentences say."""

import pytest

from extractors import hearing

SAID: hearing.Said = {"EU": [(0.9, 0), (0.2, 7)], "RU": [(0.6, 7)], "US": [(0.95, 7)]}


def test_what_sentences_say_is_pooled() -> None:
    """Best, second, sum, at least one; the lead by itself, early ones the more, the mean."""
    found = dict(zip(hearing.POOLED, hearing.pool([(0.2, 1), (0.5, 9), (0.5, 4)]), strict=True))
    assert found["sentence-best"] == found["sentence-second"] == 0.0
    assert found["sentence-any"] == pytest.approx(0.8)
    assert found["sentence-lead"] == pytest.approx(-1.386, abs=0.001)
    assert found["sentence-mean"] == pytest.approx(0.3)
    late = dict(zip(hearing.POOLED, hearing.pool([(0.2, 11), (0.5, 19), (0.5, 14)]), strict=True))
    assert late["sentence-early"] < found["sentence-early"]
    assert late["sentence-lead"] == hearing.NOTHING[hearing.POOLED.index("sentence-lead")]
    assert len(hearing.NOTHING) == len(hearing.POOLED)


def test_each_sentence_says_something_of_those_it_touches() -> None:
    """And nothing of others."""
    assert hearing.by_sentence(SAID) == {0: {"EU": 0.9}, 7: {"EU": 0.2, "RU": 0.6, "US": 0.95}}


def test_a_topic_hears_who_acts_in_its_sentence() -> None:
    """The surest of the triangle and Ukraine, of all, and each."""
    found = dict(zip(hearing.TOPIC, hearing.topic(hearing.by_sentence(SAID)[7]), strict=True))
    assert found["heard-power"] == pytest.approx(0.405, abs=0.001)
    assert found["heard-best"] == pytest.approx(2.944, abs=0.001)
    assert (found["heard-RU"], found["heard-US"], found["heard-CN"]) == (0.6, 0.95, 0.0)


def test_a_pair_hears_how_its_sides_do_in_one_sentence_or_two() -> None:
    """The best of both sentences for each, and who else is there."""
    topics = {7: {"energy": 0.5, "taiwan": 0.9}}
    found = dict(zip(hearing.PAIR, hearing.pair(0, 2, (0, 7), hearing.by_sentence(SAID), topics), strict=True))
    assert found["heard-both"] == pytest.approx(0.54)
    assert found["heard-linking"] == 0.0
    assert (found["heard-third"], found["heard-US"]) == (0.0, 0.95)
    alone = hearing.pair(0, 1, (3,), {}, {})
    assert len(alone) == len(hearing.PAIR)
    assert max(alone) == 0.0
