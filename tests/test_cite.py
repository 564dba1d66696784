"""Citations: found by what people have at hand, and valid in the formats' own terms."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from storage import cite, warehouse
from storage.cite import Citation
from tests.desk import Segment, at, identity, revision

PAGE = "https://gull.example/a"


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """An article with two texts."""
    with warehouse.connect(tmp_path_factory.mktemp("cite") / "corpus.duckdb") as connected:
        Segment("a").capture(PAGE, at(1), revision(PAGE, "One", published=at(0))).capture(
            PAGE, at(9), revision(PAGE, "Two", title="50% & {more}_", published=at(0))
        ).load(connected)
        yield connected


@pytest.mark.parametrize("wanted", [PAGE, identity(PAGE), identity(PAGE)[:8], identity(PAGE)[:12].upper()])
def test_an_article_is_found_by_what_is_at_hand(connection: duckdb.DuckDBPyConnection, wanted: str) -> None:
    """Address, id, the beginning of an id."""
    assert [found.replace("-", "") for found in cite.find(connection, wanted)] == [identity(PAGE)]


@pytest.mark.parametrize("wanted", ["", "%", "abc", "https://gull.example/b", "'; DROP TABLE article"])
def test_nothing_else_is_taken_for_an_article(connection: duckdb.DuckDBPyConnection, wanted: str) -> None:
    """A pattern is no beginning of an id."""
    assert cite.find(connection, wanted) == []


@pytest.fixture
def citation(connection: duckdb.DuckDBPyConnection) -> Citation:
    """The newest text's facts."""
    return cite.facts(connection, cite.find(connection, PAGE)[0])[0]


def test_every_text_can_be_cited_the_newest_first(connection: duckdb.DuckDBPyConnection) -> None:
    """Each with its own record of the archive."""
    facts = cite.facts(connection, cite.find(connection, PAGE)[0])
    assert [(fact.title, fact.offset) for fact in facts] == [("50% & {more}_", 1000), ("A title", 0)]
    assert all(fact.digest and fact.digest.startswith("sha256:") for fact in facts)


def test_plain_text_names_author_title_outlet_dates_address_and_record(citation: Citation) -> None:
    """In one line."""
    told = cite.text(citation)
    assert told.startswith(
        "A. Writer. “50% & {more}_”. The Gull. 2026-03-02. https://gull.example/a. Captured 2026-03-02T15:00:00Z"
    )
    assert "archived record a@1000, sha256:" in told
    assert "\n" not in told


def test_bibtex_escapes_what_tex_would_obey(citation: Citation) -> None:
    """And keeps an author's name in one piece."""
    told = cite.bibtex(citation)
    assert told.startswith("@online{thegull-")
    assert r"title = {{50\% \& \{more\}\_}}" in told
    assert "author = {{A. Writer}}" in told
    assert told.count("{") - told.count(r"\{") == told.count("}") - told.count(r"\}")


def test_ris_has_a_tag_a_line(citation: Citation) -> None:
    """From TY to ER, ended by CR LF."""
    lines = cite.ris(citation).split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(line[2:6] == "  - " for line in lines[:-1])
    assert "DA  - 2026/03/02" in lines


def test_an_article_without_author_and_date_can_be_cited(citation: Citation) -> None:
    """n.d., and no empty fields."""
    bare = replace(citation, authors=(), published_at=None, language=None)
    assert "n.d." in cite.text(bare)
    assert "author" not in cite.bibtex(bare)
    assert "AU  -" not in cite.ris(bare)
