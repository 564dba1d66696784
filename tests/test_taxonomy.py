"""The taxonomy's files: all of them load, and a bad one is refused with file, line and reason."""

import pickle
import re
import shutil
from pathlib import Path

import pytest

from extractors import labels, taxonomy, terms
from extractors.tagging import Tagger, tag

LANGUAGES = ("en", "de", "fr", "ru", "zh", "pl", "bg", "uk", "ro", "pt")


@pytest.fixture(scope="module")
def known() -> taxonomy.Taxonomy:
    """The taxonomy that is shipped."""
    return taxonomy.load()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data to spoil."""
    return Path(shutil.copytree(taxonomy.DATA, tmp_path / "data"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_every_topic_and_cue(known: taxonomy.Taxonomy, language: str) -> None:
    """The same news can only get the same tags where the vocabulary is as rich."""
    topics = {
        rule.place for rule in known.rules if rule.scope == language and rule.layer == "topic" and rule.value >= 1.5
    }
    assert {labels.TOPICS[i] for i in topics} == set(labels.TOPICS)
    cues = {labels.CUE_IDS[rule.place] for rule in known.rules if rule.scope == language and rule.layer == "cue"}
    assert cues >= {f"event.{event}" for event in labels.EVENTS} - {"event.concede"} | {"speech.say", "pair.CN-RU"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_every_actor_and_member_state(known: taxonomy.Taxonomy, language: str) -> None:
    """Twenty-seven governments, by name, whatever the language."""
    named = {known.entities[r.place][0] for r in known.rules if r.scope == language and r.layer == "actor"}
    assert {name.split("/")[0] for name in named} == set(labels.ACTORS)
    countries = {name for name in named if name.startswith("EU/")} & {
        f"EU/{country}"
        for country in (
            "austria belgium bulgaria croatia cyprus czechia denmark estonia finland france germany greece hungary ireland "
            "italy latvia lithuania luxembourg malta netherlands poland portugal romania slovakia slovenia spain sweden"
        ).split()
    }
    assert len(countries) == 27


def test_a_taxonomy_survives_pickling_and_tags_the_same(known: taxonomy.Taxonomy) -> None:
    """So that a compiled one can be kept on disk."""
    again: taxonomy.Taxonomy = pickle.loads(pickle.dumps(known))
    arguments = ("EU and China hold summit", "The EU and China held a summit in Beijing.")
    first, second = (tag(*arguments, language="en", published_at=None, taxonomy=Tagger(k)) for k in (known, again))
    assert first == second


def test_the_fingerprint_is_the_version_and_changes_with_the_data(data: Path) -> None:
    """The key under which a compiled taxonomy is kept."""
    before = taxonomy.fingerprint(data)
    assert taxonomy.load(data).version == before == taxonomy.fingerprint()
    path = data / "topics" / "en.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a note\n", encoding="utf-8")
    assert taxonomy.fingerprint(data) != before


BAD = [
    ("topics/en.toml", "[sanctions]\nstrong = [\n", 2, "is not TOML"),
    ("topics/en.toml", '[sanctions]\nstrong = ["a*"]\n', 2, "fewer than 3 letters"),
    ("topics/en.toml", '[sanctions]\nstrong = [\n "fine",\n "sanc*ions",\n]\n', 4, "does not end a word"),
    ("topics/en.toml", '[sanktions]\nstrong = ["sanction"]\n', 1, "no topic 'sanktions'"),
    ("topics/en.toml", '[sanctions]\nvery = ["sanction"]\n', 2, "no grade 'very'"),
    ("topics/en.toml", '[sanctions]\nstrong = "sanction"\n', 2, "must be a list"),
    ("topics/en.toml", '[sanctions]\nstrong = [" sanction"]\n', 2, "stray spaces"),
    ("topics/klingon.toml", '[sanctions]\nstrong = ["sanction"]\n', 1, "must begin with a script or language"),
    ("topics/zh.toml", '[sanctions]\nstrong = ["制裁*"]\n', 2, "Chinese terms match anywhere"),
    ("topics/en.toml", '[[near]]\ntopic = "sanctions"\nany = ["a b"]\n', 2, "needs `with`"),
    (
        "topics/en.toml",
        '[[near]]\ntopic = "sanctions"\nany = ["abc"]\nwith = ["abd"]\nwithin = 99\n',
        5,
        "1 to 40 words",
    ),
    (
        "topics/en.toml",
        '[[near]]\ntopic = "sanctions"\nany = ["abc"]\nwith = ["abd"]\nnot = ["x"]\n',
        5,
        "has no `not`",
    ),
    ("actors/en.toml", '[XX.thing]\nname = ["Thing"]\n', 1, "no actor 'XX'"),
    ("actors/en.toml", '[EU.thing]\nnames = ["Thing"]\n', 2, "no kind 'names'"),
    ("cues/en.toml", '[event]\nshout = ["shout"]\n', 2, "no cue 'shout'"),
    ("actors/offices.toml", '[[holder]]\noffice = "EU/commission"\nname = "A B"\n', 3, "a holder needs"),
    (
        "actors/offices.toml",
        '[[holder]]\noffice = "EU/nowhere"\nname = "A B"\nperson = "EU/x"\nfrom = 2020-01-01\n',
        3,
        "no actor file has an entity",
    ),
    (
        "actors/offices.toml",
        '[[holder]]\noffice = "EU/commission"\nname = "A B"\nperson = "EU/x"\nfrom = 2020-01-01\nto = 2019-01-01\n',
        3,
        "before taking it",
    ),
]


@pytest.mark.parametrize(("file", "content", "line", "reason"), BAD, ids=[f"{f}-{r[:18]}" for f, _, _, r in BAD])
def test_a_bad_file_is_refused_with_its_line_and_the_reason(
    data: Path, file: str, content: str, line: int, reason: str
) -> None:
    """An editor who errs is told where."""
    (data / file).write_text(content, encoding="utf-8")
    with pytest.raises(taxonomy.Problem, match=re.escape(f"{file}:{line}: ")) as caught:
        taxonomy.load(data)
    assert reason in caught.value.reason


def test_a_file_that_is_not_utf_8_is_refused(data: Path) -> None:
    """With its name, not with a traceback."""
    (data / "topics" / "en.toml").write_bytes(b'[sanctions]\nstrong = ["caf\xe9"]\n')
    with pytest.raises(taxonomy.Problem, match=r"topics/en\.toml:1: is not UTF-8"):
        taxonomy.load(data)


@pytest.mark.parametrize("raw", ["a", "*", "**", "x* y", " two", "a  b", "ab*c", "*abc", "欧*", "!!", "x" * 90])
def test_terms_that_could_not_work_are_refused(raw: str) -> None:
    """Too short, no letters, a star in the wrong place."""
    with pytest.raises(ValueError, match=r"is|has"):
        terms.parse(raw)
