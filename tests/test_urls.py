"""URLs: one page has one form and one id, and no secret is shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import urls

CANONICAL = {
    "HTTP://WWW.Example.COM:80/a/../b/./c": "http://www.example.com/b/c",
    "https://example.com:443": "https://example.com/",
    "https://example.com:8443/": "https://example.com:8443/",
    "https://example.com./a": "https://example.com/a",
    "https://user:secret@example.com/a": "https://example.com/a",
    " https://example.com/a\n": "https://example.com/a",
    "https://exam\nple.com/a\tb": "https://example.com/ab",
    "https://example.com/a#top": "https://example.com/a",
    "https://example.com/#!/news/1": "https://example.com/#!/news/1",
    "https://example.com/read.php?tid=123": "https://example.com/read.php?tid=123",
    "https://example.com/a?utm_source=rss&id=7&UTM_medium=x&fbclid=1": "https://example.com/a?id=7",
    "https://example.com/a?from=rss": "https://example.com/a",
    "https://example.com/a?from=2026": "https://example.com/a?from=2026",
    "https://example.com/a?": "https://example.com/a",
    "https://example.com/a?&&b=1&": "https://example.com/a?b=1",
    "https://example.com/a;jsessionid=0A1B?x=1": "https://example.com/a?x=1",
    "https://example.com/a?PHPSESSID=0a1b": "https://example.com/a",
    "https://example.com/%7euser/%e4%b8%ad": "https://example.com/~user/%E4%B8%AD",
    "https://example.com/中 国": "https://example.com/%E4%B8%AD%20%E5%9B%BD",
    "https://example.com/100%": "https://example.com/100%25",
    "https://example.com/a%2Fb": "https://example.com/a%2Fb",
    "https://example.com\\a\\b": "https://example.com/a/b",
    "https://новости.рф/а": "https://xn--b1amnebsh.xn--p1ai/%D0%B0",
    "https://BÜCHER.example/": "https://xn--bcher-kva.example/",
    "https://example.com/a?q=%D6%D0": "https://example.com/a?q=%D6%D0",
    "https://www.google.com/url?rct=j&url=https://example.com/a%3Futm_source%3Dx&ct=ga": "https://example.com/a",
    "https://[2001:DB8::1]:443/a": "https://[2001:db8::1]/a",
    "mailto:someone@example.com": "mailto:someone@example.com",
    "https://": "https://",
    "": "",
}


@pytest.mark.parametrize(("url", "expected"), CANONICAL.items())
def test_a_url_has_one_canonical_form(url: str, expected: str) -> None:
    assert urls.canonical(url) == expected
    assert urls.canonical(expected) == expected


PIECES = st.lists(
    st.sampled_from(
        [
            "a",
            "B",
            "/",
            "/../",
            "/./",
            "?",
            "&",
            "=",
            "#",
            "%",
            "%41",
            "%2e",
            "%c3",
            "é",
            "中",
            " ",
            ":",
            "@",
            "\\",
            ";sid=1",
            "utm_a=1",
            "url=",
            ".",
            "https://www.google.com/url?q=",
            "https%3A%2F%2Fexample.com",
            "#!",
            ":80",
            "[",
            "]",
            "\ud800",
            "ß",
            "。",
            "//",
        ]
    ),
    max_size=14,
).map("".join)


@settings(deadline=None)
@given(
    st.sampled_from(["http://example.com/", "https://", "HTTPS://Example.com", "https://www.google.com/url?url=", ""]),
    PIECES,
)
def test_the_canonical_form_of_a_canonical_form_is_itself(start: str, rest: str) -> None:
    form = urls.canonical(start + rest)
    assert urls.canonical(form) == form
    assert urls.key(form) == urls.key(start + rest)


@settings(deadline=None)
@given(st.text(max_size=100))
def test_no_text_raises(text: str) -> None:
    for url in (text, "http://" + text, "http://example.com/" + text):
        assert len(urls.key(url)) == 32
        assert urls.join(url, text) == "" or urls.is_valid(urls.join(url, text))
        assert not urls.host(url).startswith("www.") or urls.host(url) == ""
        assert isinstance(urls.redact(url), str)


def test_the_same_page_has_one_id_whatever_scheme_or_www_it_is_named_with() -> None:
    same = [
        "http://www.example.com/a",
        "https://example.com/a",
        "https://www.example.com/a?utm_source=rss#x",
        "HTTPS://EXAMPLE.com:443/a",
    ]
    assert len({urls.key(url) for url in same}) == 1
    assert urls.key("https://example.com/b") != urls.key("https://example.com/a")
    assert urls.key("https://example.com/read.php?tid=1") != urls.key("https://example.com/read.php?tid=2")


@pytest.mark.parametrize(
    ("base", "href", "expected"),
    [
        ("https://example.com/feed/", "../a", "https://example.com/a"),
        ("https://example.com/feed", "//other.example/a", "https://other.example/a"),
        ("https://example.com/feed", " /a\n", "https://example.com/a"),
        ("https://example.com/feed", "?p=1", "https://example.com/feed?p=1"),
        ("https://example.com/feed", "", ""),
        ("https://example.com/feed", "javascript:alert(1)", ""),
        ("https://example.com/feed", "file:///etc/passwd", ""),
        ("https://example.com/feed", "tag:example.com,2026:1", ""),
        ("https://example.com/feed", "http://[::1", ""),
        ("https://example.com/feed", "https:///nohost", ""),
        ("", "https://example.com/a", "https://example.com/a"),
        ("", "/a", ""),
    ],
)
def test_a_link_becomes_an_absolute_web_address_or_none(base: str, href: str, expected: str) -> None:
    assert urls.join(base, href) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.Example.com:8080/a", "example.com"),
        ("http://новости.рф/", "xn--b1amnebsh.xn--p1ai"),
        ("https://[::1]:80/", "[::1]"),
        ("ftp://example.com/", ""),
        ("nonsense", ""),
        ("http://a..b/", ""),
        ("http://exa mple.com/", ""),
        ("http://example.com:99999/", ""),
    ],
)
def test_the_host_is_lower_case_and_without_www(url: str, expected: str) -> None:
    assert urls.host(url) == expected
    assert urls.is_valid(url) is bool(expected)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://me:pass@example.com/feed", "https://example.com/feed"),
        ("https://me@example.com/feed", "https://example.com/feed"),
        ("https://example.com/feed?token=abc&page=2", "https://example.com/feed?token=***&page=2"),
        (
            "https://example.com/?access_token=abc&API_KEY=def&X-Amz-Signature=1",
            "https://example.com/?access_token=***&API_KEY=***&X-Amz-Signature=***",
        ),
        ("https://example.com/?key=abc#token=def", "https://example.com/?key=***#token=***"),
        ("cannot reach https://a:b@example.com/x?sid=1 today", "cannot reach https://example.com/x?sid=*** today"),
        ("https://example.com/read.php?tid=123", "https://example.com/read.php?tid=123"),
        ("https://a:b@c@example.com/", "https://example.com/"),
        ("https://example.com/@someone/post", "https://example.com/@someone/post"),
    ],
)
def test_what_is_shown_has_no_credentials_and_no_secrets(url: str, expected: str) -> None:
    assert urls.redact(url) == expected


def test_a_hostile_url_costs_no_more_than_its_length() -> None:
    for url in (
        "http://" + "@" * 200_000,
        "http://a/" + "../" * 2_500,
        "http://a/?" + "&" * 8_000,
        "http://" + "a." * 4_000,
        "?a" * 100_000,
    ):
        urls.canonical(url)
        urls.redact(url)
        assert len(urls.key(url)) == 32
