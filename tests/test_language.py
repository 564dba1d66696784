"""Languages are told by script, by declaration and by words, in that order of trust, and without heavy imports."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import language

TEXTS: dict[str, str] = tomllib.loads(
    (Path(__file__).parent / "cases" / "language" / "texts.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("code", TEXTS)
def test_a_text_tells_its_language_by_itself(code: str) -> None:
    """Nothing is declared."""
    assert language.detect(TEXTS[code]) == code


@pytest.mark.parametrize("code", ["zh", "zh-Hant", "ru", "ja", "ko", "el"])
def test_a_script_outweighs_what_a_page_declares(code: str) -> None:
    """Templates declare English on pages in any language."""
    assert language.detect(TEXTS[code], ("en-US",)) == code


def test_the_characters_decide_how_chinese_is_written() -> None:
    """A page for Hong Kong in simplified characters is `zh`, one for the mainland in traditional ones `zh-Hant`."""
    assert language.detect(TEXTS["zh"], ("zh-Hant-HK",)) == "zh"
    assert language.detect(TEXTS["zh-Hant"], ("zh-CN",)) == "zh-Hant"


def test_a_wrong_declaration_does_not_turn_german_into_english() -> None:
    """Words weigh more than a template."""
    assert language.detect(TEXTS["de"] * 2, ("en",)) == "de"


def test_too_little_text_takes_the_declaration() -> None:
    """Five letters say nothing, a locale does."""
    assert language.detect("Hafen", ("de_AT",)) == "de"
    assert language.detect("12:30", ()) is None
    assert language.detect("", ("fr-CA",)) == "fr"
    assert language.detect("港口关闭", ()) == "zh"
    assert language.detect("no id. The EU and China met.") is None


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-GB", "en"),
        ("de_AT", "de"),
        ("zh-Hans-CN", "zh"),
        ("no", "nb"),
        (" fr ", "fr"),
        ("x", None),
        ("english", None),
        ("", None),
    ],
)
def test_tags_and_locales_have_a_primary_language(tag: str, code: str | None) -> None:
    """In the spellings that pages use."""
    assert language.primary(tag) == code


@given(text=st.text(max_size=300), declared=st.lists(st.text(max_size=12), max_size=3))
def test_any_text_has_a_language_or_none(text: str, declared: list[str]) -> None:
    """Nothing raises, and what comes is a tag."""
    code = language.detect(text, tuple(declared))
    assert code is None or code == "zh-Hant" or (code.isalpha() and 2 <= len(code) <= 3)


def test_telling_a_language_loads_no_extractor() -> None:
    """Short commands stay short: neither lxml nor a model is loaded by the import."""
    code = "import sys, extractors.language; print(sorted({'lxml', 'py3langid', 'numpy'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
