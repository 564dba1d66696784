"""XML made safe: encodings, prologs and characters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import xmltext

WORDS = {
    "ru": ("Новости дня о торговле", "windows-1251"),
    "zh": ("新闻联播节目", "gb18030"),
    "pl": ("Zażółć gęślą jaźń", "windows-1250"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_is_known_by_its_bytes(encoding: str) -> None:
    assert xmltext.decode("<?xml version='1.0'?><a>é新</a>".encode(encoding), "text/xml; charset=koi8-r").endswith(
        "<a>é新</a>"
    )


@pytest.mark.parametrize(
    "encoding",
    ["koi8-r", "windows-1251", "iso-8859-5", "gb2312", "big5", "euc-kr", "shift_jis", "iso-2022-jp", "windows-1252"],
)
def test_a_declared_encoding_is_believed_where_the_bytes_allow_it(encoding: str) -> None:
    text = {"gb": "新闻", "bi": "新聞", "eu": "뉴스", "sh": "ニュース", "is": "ニュース", "wi": "Новости"}.get(
        encoding[:2], "Новости"
    )
    text = {"iso-8859-5": "Новости", "windows-1252": "naïveté"}.get(encoding, text)
    body = f"<?xml version='1.0' encoding='{encoding}'?><a>{text}</a>".encode(encoding)
    assert xmltext.decode(body).endswith(f"<a>{text}</a>")


@pytest.mark.parametrize("language", WORDS)
def test_where_nobody_says_the_language_decides(language: str) -> None:
    text, encoding = WORDS[language]
    assert xmltext.decode(f"<a>{text}</a>".encode(encoding), None, language) == f"<a>{text}</a>"


def test_utf8_with_one_bad_byte_or_cut_within_a_character_stays_utf8() -> None:
    body = ("Новости дня " * 20).encode()
    assert xmltext.decode(body + b"\xff", "text/xml; charset=windows-1251").startswith("Новости дня")
    assert xmltext.decode(body[:-2], None).startswith("Новости дня")


def test_an_encoding_that_is_no_text_or_does_not_exist_is_passed_over() -> None:
    for name in ("hex", "zlib", "rot13", "x-no-such", "idna", "undefined"):
        assert "a" in xmltext.decode(f"<?xml version='1.0' encoding='{name}'?><a>é</a>".encode("latin-1"))


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<rss>", "rss"),
        ("\ufeff <?xml version='1.0'?>\n<!-- <feed> --><!DOCTYPE rss [<!ENTITY a '<x>'>] ><rdf:RDF>", "rdf"),
        ("<!DOCTYPE html><html>", "html"),
        ("no markup", ""),
        ("", ""),
        ("<!-- never closed <rss>", ""),
        ("1 < 2 <a>", "a"),
    ],
)
def test_the_root_is_the_first_element_after_all_that_is_none(text: str, root: str) -> None:
    assert xmltext.root(text) == root


def test_a_clean_document_has_no_type_no_controls_and_no_named_entities() -> None:
    text = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'y'>]><a>\0&nbsp;&amp;&#0;&#x41;&#xFFFF;&x;&lt;</a>"
    assert xmltext.clean(text) == "<a>\u00a0&amp;&#x41;&x;&lt;</a>"


def test_elements_are_yielded_as_they_end_and_damage_does_not_raise() -> None:
    text = "<r><u><l>1</l></u><x/><u><l>2</l></u></r><u>"
    assert [element[0].text for element in xmltext.elements(text, frozenset({"u"}))] == ["1", "2"]
    assert list(xmltext.elements("", frozenset({"u"}))) == []


@settings(deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([None, "text/xml; charset=utf-7", "text/xml; charset=gbk", "x; charset=utf-16"]),
)
def test_no_bytes_raise(body: bytes, content_type: str | None) -> None:
    text = xmltext.clean(xmltext.decode(b"<?xml version='1.0' encoding='" + body, content_type))
    xmltext.root(text)
    xmltext.tree(text)
    list(xmltext.elements(text, frozenset({"a"})))
