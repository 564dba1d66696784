"""What outlets changed after publication: notices in their own words, labels that came and went, pages that are gone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from extractors.model import Reason
from storage import warehouse
from tests.desk import Segment, at, moment, revision

GULL = "https://gull.example/a"
CORRECTED = [
    "Correction: an earlier version named another day.",
    "CORRECTED-Port signs accord",
    "Corrections: two names were wrong.",
    "Clarification (3 March): the sum is in crowns.",
    "An earlier version of this article said three times a week.",
    "This article was amended on 3 March.",
    "Korrektur: In einer früheren Fassung stand drei.",
    "Dieser Artikel wurde korrigiert.",
    "Rectificatif : une première version annonçait trois.",
    "Cet article a été corrigé à 18h.",
    "Исправление: в первой версии заметки говорилось о трёх.",
    "Поправка. ",
    "В первой версии материала говорилось иначе.",
    "更正：本文早前版本误称三次。",
    "本文此前版本有误。",
    "特此更正。",
    "Sprostowanie: podano złą datę.",
    "(Corrected)",
]
UPDATED = [
    "Updated 3 March 2026, 18:40",
    "Updated on 3 March",
    "Updated at 18:40",
    "UPDATE 1-Port signs accord",
    "UPDATE: the lines answered.",
    "Update: 18:40",
    "Updated",
    "Aktualisiert am 3. März 2026, 10:05 Uhr",
    "Aktualisiert vor 3 Stunden",
    "Dieser Beitrag wurde aktualisiert.",
    "Mis à jour le 3 mars 2026 à 10:05",
    "Mise à jour : la préfecture répond.",
    "Cet article a été mis à jour.",
    "Обновлено: 3 марта 2026, 18:40",
    "Обновлено в 18:40",
    "Материал дополнен комментарием порта.",
    "更新时间：2026-03-03 18:40",
    "更新于2026年3月3日",
    "本文已更新。",
    "Editor's note: this story has been expanded.",
    "Updated 5 minutes ago",
]
NEITHER = [
    "Brussels updated its list of 33 firms on Friday.",
    "Updated figures show a rise.",
    "Clarification of the rules is needed.",
    "The correction came late.",
    "He corrected the minister.",
    "Обновление парка идёт медленно.",
    "Корректировка бюджета принята.",
    "Die Korrektur der Prognose fiel klein aus.",
    "Aktualisierung der Liste steht bevor.",
    "Уточнение границ заняло год.",
    "更新设备的费用由企业承担。",
    "公司更正了报告。",
    "Mise à jour des règles attendue.",
    "Correction of the map took 3 years.",
    "Update on talks expected.",
    "Rectification of names was his first demand.",
    "Поправка к закону принята.",
    "Précision et rigueur sont attendues.",
    "EU updates sanctions list",
    "Updated sanctions list names 33 firms",
]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty corpus."""
    with warehouse.connect(tmp_path / "corpus.duckdb") as connected:
        yield connected


@pytest.mark.parametrize(
    ("sentences", "mark"), [(CORRECTED, "corrected"), (UPDATED, "updated"), (NEITHER, None)], ids=str
)
def test_a_notice_is_told_from_a_sentence_that_uses_its_word(
    connection: duckdb.DuckDBPyConnection, sentences: list[str], mark: str | None
) -> None:
    """In the languages of the corpus."""
    told = {s: connection.execute("SELECT notice_in(?)", [s]).fetchall()[0][0] for s in sentences}
    assert told == dict.fromkeys(sentences, mark)


@pytest.mark.parametrize(
    ("title", "words", "mark", "notice"),
    [
        ("A title", "Forty. Correction: it was not fifty.", "corrected", "Correction: it was not fifty."),
        ("A title", "Forty.\nОбновлено: 3 марта 2026, 18:40", "updated", "Обновлено: 3 марта 2026, 18:40"),
        ("A title", "四十。更正：并非五十。\n更新时间：2026-03-03 18:40", "corrected", "更正：并非五十。"),
        ("CORRECTED-A title", "Forty.", "corrected", "CORRECTED-A title"),
        ("A title", "Forty.", None, None),
    ],
)
def test_a_change_says_how_the_outlet_marked_it(
    connection: duckdb.DuckDBPyConnection, title: str, words: str, mark: str | None, notice: str | None
) -> None:
    """With the words; a correction goes before an update, and what is not marked is told as such."""
    Segment("a").capture(GULL, at(1), revision(GULL, "Fifty.", published=at(0))).load(connection)
    Segment("b").capture(GULL, at(2), revision(GULL, words, title=title, published=at(0)), why="revisit").load(
        connection
    )
    rows = connection.execute("SELECT marked, marked_as, notice FROM changes").fetchall()
    assert rows == [(mark is not None, mark, notice)]


def test_a_later_time_in_the_metadata_is_a_mark(connection: duckdb.DuckDBPyConnection) -> None:
    """Only if it is later than the text before was seen, and another than that one had."""
    for number, (hours, modified) in enumerate([(1, 0.5), (3, 0.5), (6, 5.0)]):
        one = revision(GULL, f"Text {number}.", published=at(0))
        one = replace(one, article=replace(one.article, modified=moment(at(modified))))
        Segment(f"s{number}").capture(GULL, at(hours), one, why="revisit").load(connection)
    rows = connection.execute("SELECT number, marked_as, notice FROM changes ORDER BY number").fetchall()
    assert rows == [(2, None, None), (3, "updated", None)]


def test_topics_actors_and_relations_come_and_go_with_the_words(connection: duckdb.DuckDBPyConnection) -> None:
    """What the tagger says differently because of the change."""
    before = revision(GULL, "Before.", topics=("sanctions",), actors=("EU", "CN"), relation="EU-CN")
    after = revision(GULL, "After.", topics=("sanctions", "energy"), actors=("EU", "RU"), relation="EU-RU")
    Segment("a").capture(GULL, at(1), before).load(connection)
    Segment("b").capture(GULL, at(2), after, why="revisit").load(connection)
    rows = connection.execute("SELECT labels_gained, labels_lost FROM changes").fetchall()
    assert rows == [(["EU-RU", "RU", "energy"], ["CN", "EU-CN"])]


def test_a_page_that_is_gone_is_dated_until_it_comes_back(connection: duckdb.DuckDBPyConnection) -> None:
    """The date is that of the first refusal; the text stays; an answer of another kind is no deletion."""
    Segment("a").capture(GULL, at(1), revision(GULL, "What it said.")).load(connection)
    Segment("b").capture(GULL, at(2), why="revisit", reason=Reason.TIMEOUT).load(connection)
    assert connection.execute("FROM deleted_articles").fetchall() == []
    for number in (3, 5):
        Segment(f"c{number}").capture(GULL, at(number), why="revisit", reason=Reason.GONE).load(connection)
    assert connection.execute("SELECT url, gone_at FROM deleted_articles").fetchall() == [(GULL, at(3))]
    assert connection.execute("SELECT text FROM articles").fetchall() == [("What it said.",)]
    Segment("d").capture(GULL, at(7), revision(GULL, "What it said."), why="revisit").load(connection)
    assert connection.execute("FROM deleted_articles").fetchall() == []
    assert connection.execute("SELECT count(*) FROM revisions").fetchall() == [(1,)]
