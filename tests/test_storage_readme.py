"""The README for analysts is true: its questions are asked of the demo's corpus, its names exist, its notebook runs."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import storage
from extractors.labels import EVENTS
from flows import config, cycle, registry
from flows.demo.newsroom import serve
from flows.manners import FetchSettings
from storage import warehouse
from tests.readme_answers import answer

README = (Path(storage.__file__).parent / "README.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```", README, re.DOTALL)
# What these say follows from pages and polls alone. The others rest on what the tagger makes of texts, which changes with its weights: of them
# the columns must stand, and rows must come where the README shows some.
SETTLED = ("changes_between", "deleted_articles", "days_to_come", "coverage")


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


def test_there_are_eleven_questions_and_one_on_coverage() -> None:
    """As many as promised."""
    assert len(QUESTIONS) == 12


@pytest.mark.parametrize("question", QUESTIONS, ids=[re.sub(r"\W+", " ", question)[:40] for question in QUESTIONS])
def test_a_question_of_the_readme_is_answered(corpus: Path, question: str) -> None:
    """As it is shown there: to the letter where nothing but pages and polls decides, else by its columns and with rows."""
    shown = README.partition(f"```sql\n{question}```\n\n")[2]
    answered = answer(corpus, question)
    if any(name in question for name in SETTLED):
        assert shown.startswith(answered)
    else:
        assert shown.splitlines()[:2] == answered.splitlines()[:2]
        assert ("(no rows)" in answered) == shown.split("\n\n")[1].startswith("(no rows)")


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


def test_every_act_is_explained() -> None:
    """In one line, in the order of the label guide."""
    assert re.findall(r"^\| `([a-z]+)` \| to ", README, re.MULTILINE) == EVENTS
