"""The public schema: what an analyst asks first, on a small corpus whose answers are known."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from extractors.labels import EVENTS, RELATIONS, TOPICS
from extractors.model import Fate, Mention, Reason, Statement
from storage import warehouse
from tests.desk import Segment, at, entry, identity, revision

README = Path(__file__).parents[1] / "storage" / "README.md"
GULL, LAMP = "https://gull.example/a", "https://lamp.example/b"


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two outlets and a matter of two days: a report, its reprint, an edit, a deletion, a quotation, a failure."""
    words = "Brussels warned Beijing. “We will act,” the spokeswoman said. A summit follows on 24 July 2026."
    said = Statement(
        speaker="the spokeswoman",
        speaker_actor="EU",
        speaker_entity="EU/spokeswoman",
        verb="said",
        words="We will act",
        quoted=True,
        part="text",
        start=26,
        end=37,
        target_actor="CN",
    )
    first = revision(
        GULL,
        words,
        published=at(0),
        bands=(1, 2, 3, 4),
        statements=[said],
        from_actor="EU",
        to_actor="CN",
        event="accuse",
    )
    later = revision(
        GULL,
        "Brussels warned Beijing. A summit follows on 25 July 2026. Correction: an earlier version named another day.",
        title="Another title",
        published=at(0),
        bands=(1, 2, 3, 4),
        topics=("sanctions", "energy"),
        from_actor="EU",
        to_actor="CN",
        event="accuse",
        statements=[said],
    )
    reprint = revision(LAMP, words, source="lamp", published=at(1), bands=(1, 2, 3, 4), from_actor="CN", to_actor="EU", event="reject")  # fmt: skip
    other = revision("https://lamp.example/c", "Грядёт саммит 24 июля 2026 года.", source="lamp", language="ru", published=at(26), relation="CN-RU", topics=("energy",), bands=(7, 7, 7, 7))  # fmt: skip
    with warehouse.connect(tmp_path_factory.mktemp("views") / "corpus.duckdb") as connected:
        Segment("a").poll("gull", at(1), [entry(GULL), entry("https://gull.example/gone")]).poll(
            "lamp", at(1), [entry(LAMP)]
        ).capture(GULL, at(2), first).capture(LAMP, at(2), reprint, source="lamp").capture(
            "https://gull.example/gone", at(2), reason=Reason.GONE
        ).capture("https://gull.example/list", at(2), reading=Fate.LISTING).load(connected)
        Segment("b").poll("gull", at(20), outcome="failed").poll(
            "lamp", at(25), [entry("https://lamp.example/c")]
        ).capture(GULL, at(20), later, why="revisit").capture(
            LAMP, at(26), source="lamp", why="revisit", reason=Reason.GONE
        ).capture("https://lamp.example/c", at(27), other, source="lamp").load(connected)
        yield connected


def ask(connection: duckdb.DuckDBPyConnection, question: str) -> list[tuple[object, ...]]:
    """Return the rows of an answer."""
    return connection.execute(question).fetchall()


def test_articles_are_there_once_with_their_newest_text(connection: duckdb.DuckDBPyConnection) -> None:
    """Three articles; the edited one has its second title and the time at which a feed named it."""
    rows = ask(connection, "SELECT title, dated_at, first_seen_at, state_controlled FROM articles ORDER BY dated_at")
    assert rows == [
        ("Another title", at(0), at(1), False),
        ("A title", at(1), at(1), True),
        ("A title", at(26), at(25), True),
    ]


def test_articles_about_a_relation_and_a_topic_in_a_window(connection: duckdb.DuckDBPyConnection) -> None:
    """Either may be left out, and a window bounds the answer."""
    assert len(ask(connection, "FROM articles_about('EU-CN', 'sanctions')")) == 2
    assert len(ask(connection, "FROM articles_about('EU-CN', since := '2026-03-02 07:00:00+00')")) == 1
    assert len(ask(connection, "FROM articles_about(topic := 'energy')")) == 2
    assert len(ask(connection, "FROM articles_about()")) == 3


VALUES = {  # of the arguments, by their documented names
    "relation": "'EU-CN'", "topic": "'sanctions'", "event": "'accuse'", "since": "'2026-03-01'", "until": "'2026-03-08'",
    "moment": "TIMESTAMPTZ '2026-03-02 10:00:00+00'", "person": "'Spokes'", "wanted": f"'{identity(GULL)}'", "name": "'energy'",
    "words": "'A summit follows on 24 July 2026.'", "word": "'July'", "line": "'Correction: an earlier version'",
    "session": "'none'", "statement": "'SELECT 1'",
}  # fmt: skip
TOLD = re.findall(r"`(\w+)\((\w[\w, ]*)\)`", README.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "arguments"), TOLD, ids=[name for name, _ in TOLD])
def test_functions_take_the_arguments_that_the_readme_names(
    connection: duckdb.DuckDBPyConnection, name: str, arguments: str
) -> None:
    """All by name, in any order, as well as by place in the order in which they stand there."""
    values = {argument: VALUES[argument] for argument in arguments.split(", ")}
    if name.startswith("known_"):
        values["name"] = VALUES[name.removeprefix("known_")]
    (kind,) = connection.execute(
        "SELECT DISTINCT function_type FROM duckdb_functions() WHERE function_name = ?", [name]
    ).fetchone() or ("",)
    ways = "FROM {}({})" if kind == "table_macro" else "SELECT {}({})"
    by_place = sorted(ask(connection, ways.format(name, ", ".join(values.values()))), key=repr)
    named = [f"{argument} := {value}" for argument, value in reversed(values.items())]
    assert sorted(ask(connection, ways.format(name, ", ".join(named))), key=repr) == by_place
    assert by_place


def test_every_function_is_told_with_all_its_arguments(connection: duckdb.DuckDBPyConnection) -> None:
    """Those of the README are those that there are."""
    rows = ask(
        connection,
        "SELECT function_name, parameters FROM duckdb_functions() WHERE function_type LIKE '%macro' AND NOT internal",
    )
    assert {name: arguments.split(", ") for name, arguments in TOLD} == dict(rows)


@pytest.mark.parametrize(
    ("question", "count"),
    [("articles_about(relation := 'CN-RU', topic := 'energy')", 1), ("articles_about(topic := 'sanctions')", 2),
     ("first_reports(relation := 'CN-RU')", 1), ("first_reports(topic := 'sanctions')", 2),
     ("first_reports(topic := 'taiwan')", 0), ("state_against_independent(topic := 'energy')", 2),
     ("who_to_whom(event := 'reject')", 1), ("who_to_whom(event := 'threaten')", 0),
     ("days_to_come('2026-03-01', '2026-04-01', relation := 'CN-RU')", 1)],
)  # fmt: skip
def test_an_argument_chooses_even_where_a_column_has_its_name(
    connection: duckdb.DuckDBPyConnection, question: str, count: int
) -> None:
    """A column that equals itself would choose everything."""
    assert len(ask(connection, f"FROM {question}")) == count


@pytest.mark.parametrize(("kind", "names"), [("relation", RELATIONS), ("topic", TOPICS), ("event", EVENTS)])
def test_a_misspelt_label_is_refused(
    connection: duckdb.DuckDBPyConnection, kind: str, names: tuple[str, ...] | list[str]
) -> None:
    """An empty answer would be taken for one; the label guide's names are known."""
    assert ask(connection, f"SELECT known_{kind}(NULL)") == [(None,)]
    for name in names:
        assert ask(connection, f"SELECT known_{kind}('{name}')") == [(name,)]
    with pytest.raises(duckdb.InvalidInputException, match=f"no {kind} EU-CH; known are {names[0]}"):
        ask(connection, f"SELECT known_{kind}('EU-CH')")


@pytest.mark.parametrize(
    "question",
    ["articles_about('EU-CH')", "articles_about(topic := 'sanction')", "who_to_whom('acuse')", "first_reports('EU')",
     "state_against_independent('war')", "days_to_come('2026-01-01', '2026-02-01', relation := 'x')"],
)  # fmt: skip
def test_questions_refuse_what_is_misspelt(connection: duckdb.DuckDBPyConnection, question: str) -> None:
    """Whichever argument it is."""
    with pytest.raises(duckdb.InvalidInputException, match="known are"):
        ask(connection, f"FROM {question}")


def test_evidence_is_the_words_of_the_text(connection: duckdb.DuckDBPyConnection) -> None:
    """Offsets and quotes agree, in any script."""
    rows = ask(connection, "SELECT DISTINCT quote FROM evidence ORDER BY quote")
    assert rows == [("Brussels",), ("Грядёт",)]


def test_daily_counts_are_by_relation_and_country(connection: duckdb.DuckDBPyConnection) -> None:
    """Reprints are two articles and one story."""
    rows = ask(
        connection, "SELECT day::VARCHAR, relation, country, articles, stories FROM relations_daily ORDER BY ALL"
    )
    assert rows == [
        ("2026-03-02", "EU-CN", "CN", 1, 1),
        ("2026-03-02", "EU-CN", "DE", 1, 1),
        ("2026-03-03", "CN-RU", "CN", 1, 1),
    ]


def test_a_topic_rises_when_there_is_more_of_it_than_before(connection: duckdb.DuckDBPyConnection) -> None:
    """Stories are counted, not reprints."""
    rows = ask(connection, "SELECT topic, last_7_days, days_28_before FROM rising_topics('2026-03-08')")
    assert rows == [("energy", 2, 0), ("sanctions", 1, 0)]


def test_state_controlled_outlets_stand_beside_independent_ones(connection: duckdb.DuckDBPyConnection) -> None:
    """Share of output and the kind of acts reported."""
    rows = ask(connection, "SELECT state_controlled, articles, share_of_output, conflict FROM state_against_independent('sanctions')")  # fmt: skip
    assert rows == [(False, 1, 1.0, 1), (True, 1, 0.5, 1)]


def test_who_accuses_whom_with_the_words(connection: duckdb.DuckDBPyConnection) -> None:
    """Direction comes from relations, words from statements about the other side."""
    rows = ask(connection, "SELECT from_actor, to_actor, articles, last_words FROM who_to_whom('accuse')")
    assert rows == [("EU", "CN", 1, "We will act")]
    assert ask(connection, "SELECT from_actor, to_actor FROM who_to_whom('reject')") == [("CN", "EU")]


def test_the_first_outlet_on_a_matter_is_named(connection: duckdb.DuckDBPyConnection) -> None:
    """Each outlet's first article, and how long after the very first."""
    rows = ask(connection, "SELECT source, hours_after FROM first_reports('EU-CN')")
    assert rows == [("The Gull", 0.0), ("Lamp Agency", 1.0)]


def test_a_change_shows_sentences_headline_labels_and_whether_it_was_marked(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """What was added and removed is readable as it stands."""
    ((number, before, after, added, removed, marked, gained, lost),) = ask(
        connection,
        "SELECT number, title_before, title, added, removed, marked, labels_gained, labels_lost FROM changes",
    )
    assert (number, before, after, marked) == (2, "A title", "Another title", True)
    assert added == ["A summit follows on 25 July 2026.", "Correction: an earlier version named another day."]
    assert removed == ["“We will act,” the spokeswoman said.", "A summit follows on 24 July 2026."]
    assert (gained, lost) == (["energy"], [])


def test_what_an_outlet_deleted_is_dated_and_its_text_stays(connection: duckdb.DuckDBPyConnection) -> None:
    """A page that was there and is gone; one that never was is no deletion."""
    assert ask(connection, "SELECT url, gone_at, last_seen_at FROM deleted_articles") == [(LAMP, at(26), at(2))]
    assert ask(connection, f"SELECT text IS NOT NULL FROM articles WHERE url = '{LAMP}'") == [(True,)]


def test_quotations_are_found_by_id_and_by_name(connection: duckdb.DuckDBPyConnection) -> None:
    """By the taxonomy's id, or by a part of the name as written."""
    assert len(ask(connection, "FROM quotations('EU/spokeswoman')")) == 1
    assert ask(connection, "SELECT words FROM quotations('Spokes')") == [("We will act",)]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """One article: an office speaks that is named twice, its institution of the same id, and a person whom the text spells its own way."""
    said = Statement(speaker="", speaker_actor=None, verb="said", words="Go", quoted=True, part="text", start=0, end=2)
    office = Mention(actor="EU", entity="EU/commission", part="text", start=0, end=2, surface="Commission president", resolved="Ursula von der Leyen")  # fmt: skip
    text = revision(
        GULL,
        "Go go",
        statements=[
            replace(said, speaker="the Commission president", speaker_entity="EU/commission"),
            replace(said, speaker="the Commission", speaker_entity="EU/commission", start=3),
            replace(said, speaker="Владимир Путин", speaker_entity="RU/putin", start=4),
        ],
    )
    told = replace(text.tagging, mentions=(office, replace(office, start=3, end=5)))  # fmt: skip
    with warehouse.connect(tmp_path_factory.mktemp("held") / "corpus.duckdb") as connected:
        Segment("a").capture(GULL, at(2), replace(text, tagging=told)).load(connected)
        yield connected


@pytest.mark.parametrize(
    ("person", "speakers"),
    [("Leyen", ["the Commission president"]), ("commission", ["the Commission president", "the Commission"]),
     ("EU/commission", ["the Commission president", "the Commission"]), ("EU/leyen", []),
     ("Putin", ["Владимир Путин"]), ("ПУТИН", ["Владимир Путин"]), ("utin", [])],
)  # fmt: skip
def test_quotations_are_found_by_who_held_the_office_and_however_a_name_is_spelt(
    held: duckdb.DuckDBPyConnection, person: str, speakers: list[str]
) -> None:
    """Each once. What an institution says is not said by who leads it, even where both have one id."""
    assert [
        speaker for (speaker,) in held.execute("SELECT speaker FROM quotations(?)", [person]).fetchall()
    ] == speakers


def test_days_to_come_are_read_in_several_languages(connection: duckdb.DuckDBPyConnection) -> None:
    """Only days after the article's own."""
    rows = ask(connection, "SELECT named_day::VARCHAR, language FROM days_to_come('2026-03-01', '2026-04-01')")
    assert sorted(rows) == [("2026-07-24", "en"), ("2026-07-24", "ru"), ("2026-07-25", "en")]


@pytest.mark.parametrize(
    "words",
    ["on 24 July 2026", "am 24. Juli 2026", "le 24 juillet 2026", "24 июля 2026 года", "2026年7月24日", "24.07.2026",
     "2026-07-24", "July 24, 2026", "24 lipca 2026", "24 de julio de 2026", "24 липня 2026", "24 юли 2026"],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written(connection: duckdb.DuckDBPyConnection, words: str) -> None:
    """Every form gives the same day."""
    days = connection.execute("SELECT days_named(?)::VARCHAR[]", [f"It happens {words}, they say."]).fetchall()
    assert days == [(["2026-07-24"],)]


def test_the_corpus_is_shown_as_it_was_known(connection: duckdb.DuckDBPyConnection) -> None:
    """Before the edit the first title, before the first capture nothing."""
    assert ask(connection, f"SELECT title FROM as_known_at('2026-03-02 10:00:00+00') WHERE url = '{GULL}'") == [("A title",)]  # fmt: skip
    assert ask(connection, f"SELECT title FROM as_known_at('2026-03-05') WHERE url = '{GULL}'") == [("Another title",)]
    assert ask(connection, "FROM as_known_at('2026-03-02 07:00:00+00')") == []
    labels = ask(connection, "SELECT label FROM tags_known_at('2026-03-02 10:00:00+00') WHERE kind = 'topic'")
    assert labels == [("sanctions",), ("sanctions",)]


def test_a_story_has_an_origin(connection: duckdb.DuckDBPyConnection) -> None:
    """The outlet that came out first."""
    assert ask(connection, "SELECT articles, outlets, origin FROM stories") == [(2, 2, "The Gull")]


def test_every_capture_has_one_fate(connection: duckdb.DuckDBPyConnection) -> None:
    """All that was asked for is counted, once."""
    fates = dict(ask(connection, "SELECT fate, count(*) FROM fates GROUP BY ALL"))
    assert fates == {"new article": 3, "revision": 1, "failed: gone": 2, "no article: listing": 1}


def test_a_citation_names_record_and_digest(connection: duckdb.DuckDBPyConnection) -> None:
    """One row a text, newest first."""
    rows = ask(connection, f"SELECT segment, latest, citation FROM cite('{identity(LAMP)}')")
    assert len(rows) == 1
    assert "Lamp Agency. 2026-03-02. https://lamp.example/b. Captured 2026-03-02T08:00:00Z, record a@" in str(
        rows[0][2]
    )
