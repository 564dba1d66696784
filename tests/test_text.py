"""Sentences and words of plain text, in every script, in linear time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import text

SENTENCES = [
    ("en", "Mr. Smith met Dr. Li at 3 p.m. in Brussels. Then U.S. forces left.", 2),
    ("en", 'He left early. "We wait." She stayed!', 3),
    ("de", "Am 24. Februar begann der Krieg. Das sagte u.a. der Minister.", 2),
    ("fr", "M. Dupont a parlé. Le texte fait env. 200 pages.", 2),
    ("ru", "Это стоит 5 млн. рублей. Он родился в 1980 г. в Москве.", 2),
    ("pl", "Spotkał się m.in. z ministrem. Potem wyjechał.", 2),
    ("zh", "中方表示欢迎。欧方呢？“很好！”他说。", 4),
    ("zh-Hant", "歐盟通過制裁；俄方回應。", 2),
    ("bg", "Цените растат.Таванът важи от юни.В Киев мълчат.", 3),
    ("en", "The U.S.Army uses Node.js v.2 here.", 1),
    ("en", "A line without a stop\nAnother line", 2),
    ("en", "", 0),
    ("en", " \n\t ", 0),
]


@pytest.mark.parametrize(("language", "body", "count"), SENTENCES)
def test_sentences_end_at_stops_and_lines_but_not_after_abbreviations(language: str, body: str, count: int) -> None:
    """Initials, abbreviations, ordinals and decimals go on; Chinese stops need no space."""
    assert len(text.sentences(body, language)) == count, [body[a:b] for a, b in text.sentences(body, language)]


@given(st.text(max_size=400), st.sampled_from(["en", "de", "ru", "zh", "xx", "", None]))
def test_sentences_are_ordered_disjoint_and_bare_of_space(body: str, language: str | None) -> None:
    """What lies between the sentences is space, so nothing is lost."""
    end = 0
    for start, stop in text.sentences(body, language):
        assert end <= start < stop
        assert body[end:start].strip() == ""
        assert body[start:stop] == body[start:stop].strip()
        end = stop
    assert body[end:].strip() == ""


@pytest.mark.parametrize("unit", [".", " ", "\n", '."', "“", "a-", "。", "Dr. "])
def test_long_monotonous_text_is_read_in_one_go(unit: str) -> None:
    """Runs that a careless pattern would try again from every place."""
    body = unit * (1_000_000 // len(unit))
    assert text.sentences(body, "en") is not None
    assert text.count_words(body) >= 0


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("The EU's anti-dumping duties", 4),
        ("Китай и ЕС", 3),
        ("欧盟通过制裁", 6),
        ("欧盟 EU 2024", 4),
        ("", 0),
        ("– … !", 0),
    ],
)
def test_words_are_runs_of_letters_and_single_chinese_characters(body: str, count: int) -> None:
    """A Chinese character counts as a word; joined words count as one."""
    assert text.count_words(body) == count
