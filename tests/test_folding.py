"""Text made comparable: one case, one way of writing, words apart by spaces; by code page or step by step, the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.folding import Folder

_LANGUAGES = ("en", "pl", "ru")
_CHARS = "".join(
    bytes((byte,)).decode(page, "ignore") for page in ("cp1250", "cp1251", "cp1252") for byte in range(256)
)


@given(st.text(st.sampled_from(_CHARS)), st.sampled_from(_LANGUAGES))
def test_a_code_page_folds_as_any_text_is_folded(text: str, language: str) -> None:
    """Whatever of the three pages a text is made of."""
    folder = Folder(language, {})
    assert folder._fold(text) == folder.fold_any(text)


_PIECES = st.lists(
    st.sampled_from(["сказалАнатолий", "и\u0306", "\u200b", "пишетReuters", " ", "е\u0308вСША", "x"])
).map("".join)


@given(st.text() | _PIECES, st.sampled_from(_LANGUAGES))
def test_offsets_lead_back_to_the_text(text: str, language: str) -> None:
    """The plain form is as long as the folded one, and each of its characters stands, composed or not, at its origin."""
    folded = Folder(language, {}).fold(text)
    assert len(folded.hay) == len(folded.plain) + 2
    for place, char in enumerate(folded.plain):
        start, end = folded.origin(place, place + 1)
        assert 0 <= start < end <= len(text)
        assert folded.offsets is not None or text[start:end] == char
        assert folded.place(start) == place or char == " "  # a space put in goes by the word behind it


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Politiqué", "Politiqué"),
        ("Politiquȩ́s", "Politiqués"),
        ("ИнтерРАО й", "ИнтерРАО й"),
        ("сказалАндрий", "сказал Андрий"),
    ],
)
def test_a_span_ends_with_the_accents_of_its_last_letter(text: str, plain: str) -> None:
    """Whether they stand apart from it or not."""
    folded = Folder("ru", {}).fold(text)
    assert folded.plain == plain
    assert folded.origin(0, len(plain)) == (0, len(text))


@pytest.mark.parametrize(
    ("language", "text", "hay"),
    [
        ("en", "The EU’s “de-risking”_plan", " the eu s  de risking  plan "),
        ("ru", "Ещё раз: ЕС—КНР", " еще раз  ес кнр "),
        (
            "ru",
            "сказалАнатолий, пишетReuters, УкраиныДмитро, вСША",
            " сказал анатолий  пишет reuters  украины дмитро  в сша ",
        ),
        ("ru", "CNNзаявила, экcперты", " cnn заявила  экcперты "),  # a Latin letter in a Russian word
        (
            "ru",
            "ДеСантис, ИнтерРАО, кВт, YouTube, НАТОвский, МИДа",
            " десантис  интеррао  квт  youtube  натовский  мида ",
        ),
        ("ro", "Şedinţa UE", " ședința ue "),
        ("en", "sanc\u00adtions", " sanctions "),
        ("pl", "Państwa „członkowskie”", " państwa  członkowskie  "),
        ("pl", "Şedinţa", " ședința "),  # the page has what it is folded from, but not what to
        ("en", "ﬁne İstanbul \ud800", " ﬁne İstanbul   "),
    ],
)
def test_case_punctuation_and_ways_of_writing_are_folded(language: str, text: str, hay: str) -> None:
    """Soft hyphens go, letters that are typed either way become one."""
    assert Folder(language, {}).fold(text).hay == hay


def test_traditional_characters_become_simplified_ones() -> None:
    """Only those that are known."""
    assert Folder("zh", {"歐": "欧", "盟": "盟"}).fold("歐盟，EU").hay == " 欧盟 eu "
