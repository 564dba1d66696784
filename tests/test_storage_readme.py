"""The README for analysts is true: its questions are asked of the demo's corpus, its names exist, its notebook runs."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import storage
from flows import config, cycle, registry
from flows.demo.newsroom import serve
from flows.fetcher import FetchSettings
from storage import query, warehouse

README = (Path(storage.__file__).parent / "README.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```", README, re.DOTALL)
EMPTY = {"deleted_articles", "quotations"}  # the demo deletes nothing; quotations depend on the tagger


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's corpus, made without Prefect: both editions of the newsroom."""
    folder = tmp_path_factory.mktemp("demo")
    settings = replace(
        config.Settings(data=folder, revisit=False, workers=1),
        fetch=FetchSettings(allow=("127.0.0.1",), delay=0.0),
    )
    for edition in (1, 2):
        with serve(edition=edition, base_port=9301) as newsroom:
            outlets = registry.Registry(sources=newsroom.sources(), feeds=newsroom.feeds())
            cycle.run(settings, outlets, all_due=True)
    return settings.corpus


def test_there_are_ten_questions_and_one_on_coverage() -> None:
    """As many as promised."""
    assert len(QUESTIONS) == 11


@pytest.mark.parametrize("question", QUESTIONS, ids=[re.sub(r"\W+", " ", question)[:40] for question in QUESTIONS])
def test_a_question_of_the_readme_is_answered(corpus: Path, question: str) -> None:
    """With rows, where the demo has any."""
    with query.ask(corpus, question, timeout=60) as reader:
        table = reader.read_all()
    assert table.num_rows or any(name in question for name in EMPTY)
    shown = README.partition(question)[2].split("\n\n")[1].splitlines()
    assert [name.strip() for name in shown[0].strip("|").split("|")] == table.schema.names


def test_the_notebook_of_the_readme_runs(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is written there, in the folder of the corpus."""
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(corpus.parent)
    names: dict[str, object] = {}
    exec(code, names)
    assert len(names["frame"]) > 0  # type: ignore[arg-type]
    assert names["languages"]["articles"].sum() > 30  # type: ignore[index]


def test_every_view_and_macro_is_named(corpus: Path) -> None:
    """What is public is documented."""
    with warehouse.connect(corpus, read_only=True) as connection:
        names = connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal UNION "
            "SELECT function_name FROM duckdb_functions() WHERE NOT internal AND database_name = current_database()"
        ).fetchall()
    missing = [name for (name,) in names if not re.search(rf"`[^`]*\b{name}\b[^`]*`", README)]
    assert missing == []
    assert len(names) > 25
