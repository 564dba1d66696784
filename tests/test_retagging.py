"""Texts tagged anew: what would change is shown, what is accepted is exchanged, what was known stays known."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from extractors.model import Mention, Revision, Statement
from storage import compare, readings, retagging, rows, warehouse
from storage.retagging import Handed, Spoken, Turn
from tests.desk import Segment, at, contents, revision

PAGE, OTHER = "https://gull.example/a", "https://gull.example/b"
README = Path(__file__).parents[1] / "storage" / "README.md"
LATER = datetime(2026, 4, 1, tzinfo=UTC)


def segments() -> list[Segment]:
    """Two articles, one of them edited."""
    return [
        Segment("a").capture(PAGE, at(1), revision(PAGE, "One text")).capture(OTHER, at(1), revision(OTHER, "A note")),
        Segment("b").capture(PAGE, at(4), revision(PAGE, "Another text", topics=("energy",))),
    ]


def newer(old: Revision, **changes: object) -> Revision:
    """Return a text as the tagger of the next version tags it."""
    tagging = old.tagging
    return replace(old, tagging=replace(tagging, version="t2", **changes))  # type: ignore[arg-type]


def candidates(folder: Path, revisions: list[Revision]) -> None:
    """Leave new tags as a batch."""
    tables = rows.tagged([(each.id, each.tagging) for each in revisions])
    retagging.save(folder, 0, pa.array([each.id for each in revisions]), tables)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A corpus with two articles, open for writing."""
    with warehouse.connect(tmp_path / "corpus.duckdb") as connected:
        for segment in segments():
            segment.load(connected)
        yield connected


def everything() -> list[Revision]:
    """All texts under a version that has lost the topic of one and found another's relation."""
    return [
        newer(revision(PAGE, "One text")),
        newer(revision(PAGE, "Another text", topics=("energy", "sanctions"))),
        newer(revision(OTHER, "A note", topics=())),
    ]


def test_texts_come_in_batches_with_what_the_tagger_needs(connection: duckdb.DuckDBPyConnection) -> None:
    """Every current text once, edited ones too."""
    (batch,) = retagging.texts(connection)
    assert sorted(batch["text"].to_pylist()) == ["A note", "Another text", "One text"]
    assert batch.column_names == ["revision_id", "title", "text", "language", "published_at"]


def test_the_difference_names_what_each_label_wins_and_loses(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Counted by article, by its latest text, with titles as examples."""
    candidates(tmp_path / "new", everything())
    retagging.attach(connection, tmp_path / "new")
    found = {(c.kind, c.label): (c.before, c.won, c.lost) for c in retagging.differences(connection)}
    assert found == {("topic", "sanctions"): (1, 1, 1)}
    (change,) = retagging.differences(connection)
    assert change.examples_won == ("A title",)


def test_an_act_that_turns_round_is_shown(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The relation stays, and yet its readers would be told something else. One that goes is no turn: it is lost."""
    before = revision(OTHER, "Another note", relation="EU-CN", event="accuse", from_actor="EU", to_actor="CN")
    Segment("c").capture(OTHER, at(6), before).load(connection)
    (told,) = before.tagging.relations
    turned = replace(told, event="sanction", from_actor="CN", to_actor="EU")
    candidates(tmp_path / "new", [newer(before, relations=(turned,)), everything()[1]])
    retagging.attach(connection, tmp_path / "new")
    assert retagging.turns(connection) == [
        Turn(
            relation="EU-CN",
            kept=2,
            acts=1,
            directions=1,
            examples=(("accuse EU → CN", "sanction CN → EU", "A title"),),
        )
    ]
    candidates(tmp_path / "none", [newer(before, relations=())])
    retagging.attach(connection, tmp_path / "none")
    assert [(c.kind, c.label, c.lost) for c in retagging.differences(connection)] == [("relation", "EU-CN", 1)]
    assert retagging.turns(connection) == []


def test_offices_that_get_another_holder_are_shown(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Mentions of the latest texts, by office and holders; one that comes or goes has no other holder."""
    office = Mention(actor="EU", entity="EU/council", part="text", start=0, end=2, surface="Go", resolved="Michel")
    both = (office, replace(office, start=3, end=5), replace(office, entity="EU/commission", resolved="Juncker"))
    text = revision(OTHER, "Go go Go")
    before = replace(text, tagging=replace(text.tagging, mentions=both))
    Segment("c").capture(OTHER, at(6), before).load(connection)
    after = tuple(replace(each, resolved="Costa" if each.entity == "EU/council" else "") for each in both)
    candidates(tmp_path / "new", [newer(before, mentions=(*after, replace(office, start=6, end=8)))])
    retagging.attach(connection, tmp_path / "new")
    assert retagging.handed(connection) == Handed(
        mentions=3,
        changes=2,
        examples=(("EU/commission", "Juncker", None, 1), ("EU/council", "Michel", "Costa", 1)),
    )
    assert len(retagging.handed(connection, examples=1).examples) == 1


def test_statements_that_come_go_or_are_told_otherwise_are_shown(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """They are the same when they begin at the same place; each is one line of who says what of whom."""
    one = Statement(speaker="Li", speaker_actor="CN", verb="said", words="Go", quoted=True, part="text", start=0, end=2)
    two, three = (replace(one, speaker="Kallas", speaker_actor=None, start=start, end=start + 2) for start in (3, 6))
    before = revision(OTHER, "Go Go Go", statements=[one, two])
    Segment("c").capture(OTHER, at(6), before).load(connection)
    about = replace(one, target_actor="EU", topic="energy", quoted=False)
    candidates(tmp_path / "new", [newer(before, statements=(about, three))])
    retagging.attach(connection, tmp_path / "new")
    assert retagging.spoken(connection) == Spoken(
        before=2,
        won=1,
        lost=1,
        changed=1,
        examples_won=("Kallas said: “Go”",),
        examples_lost=("Kallas said: “Go”",),
        examples_changed=(("Li (CN) said: “Go”", "Li (CN) said of EU on energy: Go"),),
    )


def test_accepted_tags_replace_the_old_which_stay_as_they_were(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Current rows are of the new version only; closed ones are those of before, up to the moment of acceptance."""
    before = contents(connection)
    candidates(tmp_path / "new", everything())
    retagging.attach(connection, tmp_path / "new")
    assert retagging.accept(connection, tmp_path / "archive", at=LATER, version="t2") == 3
    current = connection.execute("SELECT DISTINCT taxonomy_version FROM tag WHERE known_to IS NULL").fetchall()
    assert current == [("t2",)]
    for table in readings.TOLD:
        old = connection.execute(f"SELECT * REPLACE (NULL AS known_to) FROM {table} WHERE known_to = ?", [LATER])
        assert sorted(old.fetchall(), key=repr) == before[table]
    assert contents(connection)["revision"] == before["revision"]


def test_acts_of_two_versions_are_compared_by_their_times(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """As the README for analysts shows it: views have one version only."""
    before = revision(OTHER, "Another note", event="accuse", from_actor="EU", to_actor="CN")
    Segment("c").capture(OTHER, at(6), before).load(connection)
    (told,) = before.tagging.relations
    turned = replace(told, event="sanction", from_actor="CN", to_actor="EU")
    candidates(tmp_path / "new", [newer(before, relations=(turned,))])
    retagging.attach(connection, tmp_path / "new")
    accepted = datetime.now(UTC)
    retagging.accept(connection, tmp_path / "archive", at=accepted, version="t2")
    (question,) = re.findall(r"compares two versions.*?\n\n((?:    .*\n)+)", README.read_text(encoding="utf-8"))
    asked = question.replace("2026-12-01 09:30:00+00", f"{accepted - timedelta(seconds=1):%Y-%m-%d %H:%M:%S.%f}+00")
    rows = connection.execute(asked).fetchall()
    assert [row[1:] for row in rows] == [("EU-CN", "accuse", "EU", "CN", "sanction", "CN", "EU")]


def test_what_does_not_change_is_left_alone(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The same version of the same texts supersedes nothing."""
    before = contents(connection)
    candidates(tmp_path / "new", [revision(OTHER, "A note")])
    retagging.attach(connection, tmp_path / "new")
    assert retagging.accept(connection, tmp_path / "archive", at=LATER, version="t1") == 0
    assert {**contents(connection), "acceptance": []} == {**before, "acceptance": []}


def test_an_error_while_accepting_changes_nothing(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the corpus nor the archive."""
    before = contents(connection)
    candidates(tmp_path / "new", everything())
    retagging.attach(connection, tmp_path / "new")

    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(readings, "renew", refuse)
    with pytest.raises(OSError):
        retagging.accept(connection, tmp_path / "archive", at=LATER, version="t2")
    assert contents(connection) == before
    assert readings.accepted(tmp_path / "archive") == []
    assert not [path for path in (tmp_path / "archive").rglob("*") if path.is_file()]


def test_a_corpus_made_anew_knows_what_was_superseded_when(tmp_path: Path) -> None:
    """Live: load, accept, load on. Anew: load all with the new tagger, then put back what was accepted."""
    live, anew = tmp_path / "live.duckdb", tmp_path / "anew.duckdb"
    with warehouse.connect(live) as connection:
        for segment in segments():
            segment.load(connection)
        candidates(tmp_path / "new", everything())
        retagging.attach(connection, tmp_path / "new")
        retagging.accept(connection, tmp_path / "archive", at=LATER, version="t2")
        third = newer(revision(OTHER, "A longer note"))
        Segment("c").capture(OTHER, at(9), third).load(connection)
    one, another, note = everything()
    with warehouse.connect(anew) as connection:
        Segment("c").capture(OTHER, at(9), newer(revision(OTHER, "A longer note"))).load(connection)
        Segment("b").capture(PAGE, at(4), another).load(connection)
        Segment("a").capture(PAGE, at(1), one).capture(OTHER, at(1), note).load(connection)
        assert readings.replay(connection, tmp_path / "archive") == 1
    assert [str(found) + str(found.examples) for found in compare.compare(live, anew)] == []
