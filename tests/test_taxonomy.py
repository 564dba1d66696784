"""The taxonomy's files: all of them load, and a bad one is refused with file, line and reason."""

import pickle
import re
import shutil
from pathlib import Path

import pytest

from extractors import datafile, labels, taxonomy, terms
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


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A folder of data with a single entity, which is read at once, and with the characters and weights that are shipped."""
    for folder in ("actors", "topics", "cues"):
        (tmp_path / folder).mkdir()
    (tmp_path / "actors" / "en-few.toml").write_text('[EU.commission]\noffice = ["commissioner"]\n', encoding="utf-8")
    for name in ("han.toml", "weights.toml"):
        shutil.copy(taxonomy.DATA / name, tmp_path)
    return tmp_path


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


NEAR = '[[near]]\ntopic = "sanctions"\nany = ["abc"]\nwith = ["abd"]\n'
HOLDER = '[[holder]]\noffice = "EU/commission"\nname = "A B"\nperson = "EU/commission"\nfrom = 2020-01-01\n'
MODEL = '[triangle]\nthreshold = 0.4\nfeatures = ["least"]\n[triangle.weights]\nEU-CN-RU = [-2.4, 0.3]\n'
BAD = [
    ("topics/en.toml", "[sanctions]\nstrong = [\n", 2, "is not TOML"),
    ("topics/en.toml", '[sanctions]\nstrong = ["a*"]\n', 2, "fewer than 3 letters"),
    ("topics/en.toml", '[sanctions]\nstrong = [\n "fine",\n "sanc*ions",\n]\n', 4, "does not end a word"),
    (
        "topics/en.toml",
        '[sanktions]\nstrong = ["sanction"]\n',
        1,
        "no topic 'sanktions'; there are summit-diplomacy, diplomatic-dispute, sanctions,",
    ),
    ("topics/en.toml", NEAR.replace("sanctions", "sanction"), 2, "no topic 'sanction'; there are summit-diplomacy,"),
    ("topics/en.toml", '[sanctions]\nstrong = [\n "fine",\n "a\\tb c",\n]\n', 4, "invisible character U+0009"),
    ("topics/en.toml", '[sanctions]\nstrong = [\n "fine",\n "a\tb c",\n]\n', 4, "invisible character U+0009"),
    ("topics/en.toml", '[sanctions]\nstrong = [\n "fine",\n "abc\\u202Ed",\n]\n', 4, "invisible character U+202E"),
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
    ("actors/offices.toml", '[[holder]]\noffice = "EU/commission"\nname = "A B"\n', 1, "a holder needs `person`"),
    (
        "actors/offices.toml",
        '[[holder]]\noffice = "EU/nowhere"\nname = "A B"\nperson = "EU/x"\nfrom = 2020-01-01\n',
        2,
        "no actor file has an entity",
    ),
    (
        "actors/offices.toml",
        '[[holder]]\noffice = "EU/commission"\nname = "A B"\nperson = "EU/x"\nfrom = 2020-01-01\nto = 2019-01-01\n',
        3,
        "before taking it",
    ),
    ("topics/offices.toml", '[sanctions]\nstrong = ["sanction"]\n', 1, "must begin with a script or language"),
    ("topics/en.toml", '[energy]\nweak = ["sanctions"]\n[[sanctions]]\nstrong = ["abc"]\n', 3, "written [sanctions]"),
    ("topics/en.toml", NEAR.replace("[[near]]", "[near]"), 1, "written [[near]]"),
    ("topics/en.toml", NEAR + NEAR + 'grade = "mask"\n', 9, "no grade 'mask' of near rules"),
    ("topics/en.toml", NEAR + 'grade = ["plain"]\n', 5, "no grade ['plain'] of near rules"),
    ("topics/en.toml", NEAR + "within = true\n", 5, "1 to 40 words"),
    ("topics/en.toml", NEAR + NEAR.replace("abd", "a*"), 8, "fewer than 3 letters"),
    ("topics/en.toml", '[[holder]]\noffice = "EU/commission"\n', 1, "holders belong in actors/offices.toml"),
    ("actors/en.toml", '[[holder]]\noffice = "EU/commission"\n', 1, "holders belong in actors/offices.toml"),
    ("actors/en.toml", '[CN.x]\nname = ["EU"]\n[[EU]]\nname = ["X Y"]\n', 3, "written [EU.<entity>]"),
    ("actors/en.toml", "EU = 3\n", 1, "written [EU.<entity>]"),
    ("actors/en.toml", '[EU]\ngermany = ["Germany"]\n', 2, "written [EU.germany]"),
    ("cues/en.toml", '[[event]]\naccuse = ["accuse"]\n', 1, "written [event]"),
    ("cues/en.toml", 'event = ["x"]\n', 1, "written [event]"),
    ("cues/en.toml", '[event]\naccuse = ["accuse",\n"accuse"]\n', 3, "'accuse' stands twice in `accuse`"),
    ("topics/en.toml", '[energy]\nweak = ["gas"]\nplain = ["oil"]\nstrong = ["gas"]\n', 4, "in `weak` and in `strong`"),
    ("topics/en.toml", '[energy]\nweak = ["gas", "oil", "gas"]\n', 2, "stands twice in `weak`"),
    ("actors/en.toml", '[EU.x]\nname = ["Gas"]\n[EU.y]\nplace = ["Gas"]\n', 4, "says EU in actors/en.toml:2, too"),
    (
        "topics/en.toml",
        '[[near]]\ntopic = "energy"\nany = ["oil"]\nwith = ["gas field",\n"gas-field"]\n',
        5,
        "says energy near in topics/en.toml:4, too",
    ),
    ("topics/en.toml", '[energy]\nweak = ["gas field"]\nmask = ["gas-field"]\n', 3, "in `weak` and in `mask`"),
    (
        "actors/en.toml",
        '[EU.x]\nname = ["Oil"]\n[EU.y]\nname = ["Gas"]\nplace = ["Gas"]\n',
        5,
        "in `name` and in `place`",
    ),
    ("topics/zh.toml", '[sanctions]\nstrong = ["制裁"]\nplain = ["經濟制裁"]\n', 3, "write '经济制裁'"),
    ("topics/en.toml", '[sanctions]\nstrong = ["sanc\u202etion"]\n', 2, "invisible character U+202E"),
    ("topics/en.toml", '[sanctions]\nstrong = ["gele\u0301"]\n', 2, "an accent apart from its letter"),
    (
        "actors/offices.toml",
        HOLDER.replace("2020-01-01", "2020-01-01T00:00:00Z"),
        5,
        "`from` of a holder must be a day",
    ),
    ("actors/offices.toml", HOLDER + HOLDER + "until = 2021-01-01\n", 11, "a holder has no `until`"),
    ("actors/offices.toml", HOLDER + "to = true\n", 6, "`to` of a holder must be a day"),
    ("actors/offices.toml", HOLDER.replace('"A B"', "5"), 3, "`name` of a holder must be a string"),
    (
        "actors/offices.toml",
        HOLDER.replace('person = "EU/commission"', 'person = "EU/lithuannia"'),
        4,
        "'EU/lithuannia'",
    ),
    ("actors/offices.toml", HOLDER + "to = 2022-01-01\n" + HOLDER.replace("0-01", "2-01"), 9, "on the same day"),
    (
        "actors/offices.toml",
        HOLDER.replace("2020-01-01", "2022-01-01") + HOLDER + "to = 2022-01-01\n",
        8,
        "on the same day",
    ),
    ("actors/offices.toml", HOLDER.replace("[[holder]]", "[holder]"), 1, "written [[holder]]"),
    ("actors/offices.toml", HOLDER.replace("[[holder]]", "[[holders]]"), 1, "no table 'holders'"),
    ("weights.toml", "[triangle]\nthreshold = 0.4\n", 1, "needs a number as `threshold`, a list of `features`"),
    ("weights.toml", "triangle = 3\n", 1, "written [triangle]"),
    ("weights.toml", MODEL.replace("0.3", '"0.3"'), 1, "needs 2 numbers for EU-CN-RU"),
    ("weights.toml", MODEL.replace("EU-CN-RU", "EU-CN"), 1, "needs 2 numbers for EU-CN-RU"),
    ("weights.toml", MODEL.replace(", 0.3", ""), 1, "needs 2 numbers for EU-CN-RU"),
    ("weights.toml", MODEL, 5, "ends without [actor], [actor-sentence], [topic]"),
    ("words.toml", '[foo.en]\n"<a" = 0.1\n', 1, "no model 'foo'"),
    ("words.toml", '[actor-sentence.en]\n"<a" = 0.1\n[actor-sentence.xx]\n"<a" = 0.1\n', 3, "no language 'xx'"),
    ("words.toml", '[actor-sentence.de]\n"<a" = 0.1\n[actor-sentence.en]\n"<a" = "0.1"\n', 4, "must weigh a number"),
    ("words.toml", "[actor-sentence]\nen = 1\n", 2, "written [actor-sentence.en]"),
]


@pytest.mark.parametrize(("file", "content", "line", "reason"), BAD, ids=[f"{f}-{r[:18]}" for f, _, _, r in BAD])
def test_a_bad_file_is_refused_with_its_line_and_the_reason(
    few: Path, file: str, content: str, line: int, reason: str
) -> None:
    """An editor who errs is told where."""
    (few / file).write_text(content, encoding="utf-8")
    with pytest.raises(datafile.Problem, match=re.escape(f"{file}:{line}: ")) as caught:
        taxonomy.load(few)
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [("de", "latin-people", True), ("cyrillic-people", "uk", True), ("de", "en", False), ("cyrillic-x", "zh", False)],
)
def test_a_term_says_one_thing_once_in_any_text(few: Path, first: str, second: str, refused: bool) -> None:
    """In files for the same language, or for its script, it would count twice; each other language needs its own."""
    for file in (first, second):
        (few / f"actors/{file}.toml").write_text('[EU.germany]\ncompany = ["Bosch"]\n', encoding="utf-8")
    if not refused:
        assert taxonomy.load(few).rules
        return
    with pytest.raises(
        datafile.Problem, match=rf"{second}\.toml:2: term 'Bosch' says EU in actors/{first}\.toml:2, too"
    ):
        taxonomy.load(few)


def test_a_file_that_is_not_utf_8_is_refused(few: Path) -> None:
    """With its name and the line, not with a traceback."""
    (few / "topics" / "en.toml").write_bytes(b'\xef\xbb\xbf[sanctions]\nstrong = ["caf\xe9"]\n')
    with pytest.raises(datafile.Problem, match=r"topics/en\.toml:2: is not UTF-8 at byte 15 of the line"):
        taxonomy.load(few)


def test_a_byte_order_mark_is_no_part_of_the_file(few: Path) -> None:
    """Some editors write one, and nobody sees it."""
    (few / "topics" / "en.toml").write_text('[sanctions]\nstrong = ["sanction"]\n', encoding="utf-8-sig")
    assert "sanction" in [rule.term.raw for rule in taxonomy.load(few).rules]


def test_holders_may_follow_each_other_from_day_to_day(few: Path) -> None:
    """In any order of the file."""
    (few / "actors" / "offices.toml").write_text(
        HOLDER + HOLDER.replace("2020-01-01", "2018-01-01\nto = 2019-12-31"), encoding="utf-8"
    )
    (holders,) = taxonomy.load(few).holders.values()
    assert [holder.since.year for holder in holders] == [2020, 2018]


def test_a_near_rule_is_named_by_the_line_where_it_stands(few: Path) -> None:
    """So that whoever reads it in the evidence finds it, also where it is written in one line."""
    (few / "topics" / "en-mine.toml").write_text(f"# Mine.\n{NEAR}{NEAR}", encoding="utf-8")
    (few / "topics" / "en-more.toml").write_text(
        'near = [{ topic = "energy", any = ["abc"], with = ["abd"] }]\n', encoding="utf-8"
    )
    assert [near.name for near in taxonomy.load(few).nears] == [
        "topics/en-mine.toml:2 sanctions near",
        "topics/en-mine.toml:6 sanctions near",
        "topics/en-more.toml:1 energy near",
    ]


@pytest.mark.parametrize("raw", ["a", "*", "**", "x* y", " two", "a  b", "ab*c", "*abc", "欧*", "!!", "x" * 90])
def test_terms_that_could_not_work_are_refused(raw: str) -> None:
    """Too short, no letters, a star in the wrong place."""
    with pytest.raises(ValueError, match=r"is|has"):
        terms.parse(raw)
