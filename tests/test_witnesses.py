"""Sentences as witnesses: what stands in each, and what they say for a label."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import relations, scenes, taxonomy, weighing, witnesses
from extractors.reading import Reading
from extractors.tagging import Tagger

TITLE = "EU and China hold talks"
BODY = "The European Union and China met in Brussels. Russia cut gas supplies.\n\nThe weather was mild."


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    """The tagger as shipped."""
    return Tagger(taxonomy.load())


@pytest.fixture(scope="module")
def read(tagger: Tagger) -> Reading:
    """A short article of three sentences."""
    return tagger.read(TITLE, BODY, "en")


def test_only_sentences_that_say_something_are_scenes(read: Reading) -> None:
    """The one about the weather names nobody and no topic."""
    assert sorted(scenes.scenes(read)) == [0, 1, 2]


def test_a_scene_knows_where_it_stands_and_who_is_in_it(read: Reading) -> None:
    """Its features have the places that `FEATURES` names."""
    title = scenes.scenes(read)[0].items
    assert title[scenes.PLACE["scene-title"]] == 1.0
    assert title[scenes.PLACE["scene-actors"]] == 2.0
    assert scenes.PLACE["scene-RU"] not in title


def test_what_stands_first_in_a_text_without_a_title_counts_as_one(tagger: Tagger) -> None:
    """Posts begin with their headline, at times behind a sign; it is quoted from the text, where it stands."""
    text = "❗️\nRussia cuts gas supplies.\nChina said nothing. The weather was mild."
    read = tagger.read("", text, "en")
    assert [bool(side.title) for side in read.sides[:3]] == [False, False, True]
    assert [read.sentence(m[0]) for m in read.mentions] == [0, 1]
    part, start, end = read.locate(*read.mentions[0][:2])
    assert (part, text[start:end]) == ("text", "Russia")
    assert len(tagger.read("", "❗️", "en").spans) == len(tagger.read("", "", "en").spans) == 1


def test_features_are_as_many_as_their_names(read: Reading) -> None:
    """A witness's own features follow those of its scene."""
    seen = scenes.scenes(read)
    for kind, of in witnesses.OF.items():
        for those in of(read, seen).values():
            assert all(len(one.own) == len(witnesses.FEATURES[kind]) for one in those), kind


def test_a_pair_is_witnessed_by_a_sentence_with_both_or_by_two_neighbours(read: Reading) -> None:
    """EU and China stand together twice; China's and Russia's sentences are neighbours."""
    found = witnesses.pairs(read, scenes.scenes(read))
    assert [one.sentence for one in found["EU-CN"]] == [0, 1]
    assert [(one.sentence, one.own[0]) for one in found["CN-RU"]] == [(1, 1.0)]


def test_two_neighbours_together_say_what_either_says(read: Reading) -> None:
    """Of each feature the greater value counts; mentions, cues and weights of both."""
    seen = scenes.scenes(read)
    both = scenes.together(seen[1], seen[2])
    assert both.number == 1
    assert both.actors.keys() == seen[1].actors.keys() | seen[2].actors.keys()
    assert both.cues == seen[1].cues + seen[2].cues
    assert both.acts == seen[1].acts + seen[2].acts
    assert both.items == {
        place: max(seen[1].items.get(place, 0.0), seen[2].items.get(place, 0.0))
        for place in seen[1].items | seen[2].items
    }
    assert sum(both.weights.values()) == pytest.approx(sum(seen[1].weights.values()) + sum(seen[2].weights.values()))


@given(st.lists(st.integers(0, 60), min_size=1, unique=True), st.lists(st.integers(0, 60), min_size=1, unique=True))
def test_the_nearest_two_mentions_are_found_without_trying_all(ones: list[int], others: list[int]) -> None:
    """As trying all would find them, where mentions do not overlap."""
    first, second = (
        [(4 * at + shift, 4 * at + shift + 2, 0, 0) for at in sorted(those)]
        for those, shift in ((ones, 0), (others, 2))
    )
    found = witnesses._nearest(first, second)
    assert witnesses._gap(*found) == min(witnesses._gap(one, other) for one in first for other in second)


def test_only_the_pairs_asked_for_are_looked_at(read: Reading) -> None:
    """Others are left out."""
    assert set(witnesses.pairs(read, scenes.scenes(read), among=["EU-CN"])) == {"EU-CN"}


def test_a_sentence_of_dealing_says_more_than_two_that_name_one_each(tagger: Tagger, read: Reading) -> None:
    """The weights as shipped know it."""
    found = witnesses.pairs(read, scenes.scenes(read))
    said = witnesses.probabilities(tagger.models["relation-sentence"], found, "en")
    assert max(said["EU-CN"])[0] > max(said["CN-RU"])[0]


def test_words_beside_a_mention_count_in_their_language_alone(read: Reading) -> None:
    """What a word is worth is added to the log odds of the sentences that have it."""
    found = {"EU-CN": witnesses.pairs(read, scenes.scenes(read))["EU-CN"][:1]}
    weights = {"EU-CN": (0.0,) * (1 + len(witnesses.NAMES["relation"]))}
    words = {"en": {"|and": 2.0, "|hold": -9.0}}
    model = weighing.Model(features=witnesses.NAMES["relation"], weights=weights, threshold=0.5, words=words)
    assert witnesses.probabilities(model, found, "en") == {"EU-CN": [(weighing.probability(2.0), 0)]}
    assert witnesses.probabilities(model, found, "de") == {"EU-CN": [(0.5, 0)]}


@pytest.mark.parametrize(
    ("said", "together"),
    [
        ({}, 0.0),
        ({"EU-CN": [(0.9, 3)]}, 0.0),
        ({"EU-CN": [(0.9, 3), (0.2, 8)], "CN-RU": [(0.7, 4)]}, 0.7),  # neighbours
        ({"EU-CN": [(0.9, 3), (0.2, 8)], "CN-RU": [(0.7, 9)]}, 0.2),  # far from the sentence that counts
        ({"EU-CN": [(0.4, 1)], "EU-RU": [(0.8, 1)], "CN-RU": [(0.6, 1)]}, 0.6),
    ],
)
def test_two_pairs_dealt_with_in_one_place_are_one_matter(
    said: dict[str, list[tuple[float, int]]], together: float
) -> None:
    """A demand to one side about its dealings with the other."""
    assert relations.met(said) == together
