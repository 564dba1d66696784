"""What the automaton finds in folded text: words, stems, more words behind them, the longest of what overlaps."""

from pathlib import Path

import pytest

from extractors import taxonomy
from extractors.matching import Matcher

TOPICS = """
[sanctions]
strong = ["sanction*", "europ* sanction*", "u.s. list", "ban"]
mask = ["sanction dance"]

[energy]
plain = ["windmill*", "gaslight"]
mask = ["windmills", "gaslight*"]

[technology]
weak = ["windmills"]

[taiwan]
weak = ["strait*"]
strong = ["straits"]
plain = ["strai*"]
"""
ACTORS = """
[EU.germany]
people = ["Berliner*"]

[EU.berlin]
name = ["Berliners"]

[US.berlin]
name = ["Berliners"]
"""


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    """The matcher of a few terms."""
    root: Path = tmp_path_factory.mktemp("data")
    for folder in ("actors", "cues", "topics"):
        (root / folder).mkdir()
    (root / "topics" / "en.toml").write_text(TOPICS, encoding="utf-8")
    (root / "actors" / "en.toml").write_text(ACTORS, encoding="utf-8")
    return Matcher(taxonomy.load(root), "en")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("New sanctions, at last", ["sanctions"]),
        ("European sanctions bite", ["European sanctions"]),  # the stem by itself is inside it
        ("European — sanctions", ["sanctions"]),  # more than a space apart
        ("Europe and sanctions", ["sanctions"]),  # another word, by its first letter
        ("Europe says so", []),  # the first letter, and not the word
        ("Europe", []),  # nothing behind it at all
        ("The U.S. list grows", ["U.S. list"]),
        ("A sanction dance", []),  # swallowed
        ("gaslight", []),  # by a mask as long as itself, too
        ("windmills, windmill", ["windmills", "windmill"]),  # but what another topic means is its own
        ("bans and a ban", ["ban"]),  # a whole word
    ],
)
def test_terms_are_found_as_they_are_written(matcher: Matcher, text: str, found: list[str]) -> None:
    """Each with the sentence it stands in."""
    folded = matcher.fold(text)
    hits = matcher.find(folded, [0]).topics
    assert [folded.plain[start:end] for start, end, _, _ in hits] == found
    assert {sentence for *_, sentence in hits} <= {0}


def test_a_hit_knows_its_sentence(matcher: Matcher) -> None:
    """By where the sentences start."""
    text = "A ban. New sanctions. A ban."
    hits = matcher.find(matcher.fold(text), [0, 7, 22]).topics
    assert [sentence for *_, sentence in hits] == [0, 1, 2]


def test_a_span_says_a_thing_once(matcher: Matcher) -> None:
    """A word and its stems: of a topic the strongest counts, of an actor the longest; two actors may go by one name."""
    hits = matcher.find(matcher.fold("Berliners see the straits"), [0])
    rules = matcher._rules
    assert [(rules[rule].term.raw, rules[rule].value) for _, _, rule, _ in hits.topics] == [("straits", 3.0)]
    assert sorted(rules[rule].name.split(" ", 1)[1] for _, _, rule, _ in hits.actors) == [
        "EU/berlin: Berliners",
        "US/berlin: Berliners",
    ]


def test_a_chinese_term_may_end_with_a_sign_that_folding_drops(tmp_path: Path) -> None:
    """It is compared with the text as it stands."""
    for folder in ("actors", "cues", "topics"):
        (tmp_path / folder).mkdir()
    (tmp_path / "topics" / "zh.toml").write_text('[energy]\nstrong = ["OPEC+"]\n', encoding="utf-8")
    matcher = Matcher(taxonomy.load(tmp_path), "zh")
    for text, found in (("石油输出国组织OPEC+增产", ["OPEC+"]), ("石油输出国组织OPEC增产", [])):
        hits = matcher.find(matcher.fold(text), [0]).topics
        assert [text[start : start + 5] for start, _, _, _ in hits] == found


def test_near_rules_are_told_of_what_is_not_to_stand_beside_them(tmp_path: Path) -> None:
    """Also among so many that looking at each for each would take minutes."""
    for folder in ("actors", "cues", "topics"):
        (tmp_path / folder).mkdir()
    rule = '[[near]]\ntopic = "sanctions"\nany = ["call*"]\nwith = ["meeting*"]\nwithin = 2\nnone = ["concert*"]\n'
    (tmp_path / "topics" / "en.toml").write_text(rule, encoding="utf-8")
    matcher = Matcher(taxonomy.load(tmp_path), "en")
    apart = "concert " * 20_000 + "and " * 20
    found = {
        "calls meeting": 1,
        "concert calls meeting": 0,
        "calls meeting concert": 0,
        apart + "calls meeting " * 20_000: 20_000,
        "concert calls meeting " * 20_000: 0,
    }
    for text, count in found.items():
        assert len(matcher.find(matcher.fold(text), [0]).nears) == count
