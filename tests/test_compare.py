"""Two corpora are the same when every row of every table is; otherwise the difference has a name."""

from pathlib import Path

import pytest

from storage import compare, warehouse
from tests.desk import Segment, at, corpus, entry, revision

PAGE = "https://gull.example/a"


def segments() -> list[Segment]:
    """Two small segments: a page, and the page edited."""
    return [
        Segment("a")
        .poll("gull", at(1), [entry(PAGE)])
        .capture(PAGE, at(2), revision(PAGE, "One text", published=at(0))),
        Segment("b").capture(PAGE, at(4), revision(PAGE, "Another text", published=at(0))),
    ]


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """The same corpus twice, loaded in different orders."""
    one, other = tmp_path / "one.duckdb", tmp_path / "other.duckdb"
    corpus(one, segments())
    corpus(other, reversed(segments()))
    return one, other


def change(path: Path, sql: str) -> None:
    """Tamper with a corpus."""
    with warehouse.connect(path) as connection:
        connection.execute(sql)


def test_the_same_corpus_in_another_order_has_no_difference(pair: tuple[Path, Path]) -> None:
    """Neither the order of rows nor the time of migrations counts."""
    assert compare.compare(*pair) == ()


def test_a_changed_value_is_named_with_its_table_and_column(pair: tuple[Path, Path]) -> None:
    """One title: one row gone, one row new, and the column that tells them apart."""
    change(pair[1], "UPDATE revision SET title = 'Forged' WHERE text = 'One text'")
    (found,) = compare.compare(*pair)
    assert (found.table, found.only, found.columns) == ("revision", (1, 1), ("title",))
    assert any("Forged" in example for example in found.examples if example.startswith("+"))
    assert "revision" in str(found)
    assert "title" in str(found)


def test_a_row_that_is_there_twice_is_a_difference(pair: tuple[Path, Path]) -> None:
    """Rows are counted, not only looked for."""
    change(pair[1], "INSERT INTO capture FROM capture LIMIT 1")
    (found,) = compare.compare(*pair)
    assert (found.table, found.rows, found.only) == ("capture", (2, 3), (0, 1))


def test_lists_structs_and_maps_are_compared_too(pair: tuple[Path, Path]) -> None:
    """Evidence is a list of structs, settings a map."""
    change(pair[1], "UPDATE tag SET evidence = []")
    change(pair[1], "UPDATE run SET settings = MAP {'delay': '9'}")
    assert {(found.table, found.columns) for found in compare.compare(*pair)} == {
        ("tag", ("evidence",)),
        ("run", ("settings",)),
    }


def test_columns_that_may_differ_are_left_out(pair: tuple[Path, Path]) -> None:
    """A caller can say so by table and column."""
    change(pair[1], "UPDATE revision SET extractor_version = '2'")
    assert compare.compare(*pair, ignore={"revision": ("extractor_version",)}) == ()


def test_a_table_of_one_corpus_only_is_named(pair: tuple[Path, Path]) -> None:
    """As after a migration that the other has not had."""
    change(pair[1], "CREATE TABLE extra (a INTEGER)")
    (found,) = compare.compare(*pair)
    assert str(found) == "extra: is in one corpus only"


def test_a_missing_corpus_is_said(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    """Nothing is created by looking."""
    with pytest.raises(warehouse.WarehouseError):
        compare.compare(tmp_path / "none.duckdb", pair[0])
    with pytest.raises(warehouse.WarehouseError):
        compare.compare(pair[0], tmp_path / "none.duckdb")
    assert not (tmp_path / "none.duckdb").exists()
