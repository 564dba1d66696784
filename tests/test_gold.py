"""A gold file with a fault is refused with file, line and reason, before anything is counted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.eval import gold, scoring, tags

ROOT = Path(__file__).parent.parent
GOOD = {"id": "a", "lang": "en", "title": "T", "text": "B.", "actors": ["EU"], "relations": [], "topics": ["energy"]}


def line(**changes: object) -> str:
    """Return a good line with changes."""
    return json.dumps(GOOD | changes)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("no json", ":1: not JSON"),
        ("[1]", ":1: no JSON object"),
        (line() + "\n\n" + line(), ":3: a second article 'a'"),
        (line(actors=["XX"]), "'XX' is none of the actors: EU, CN"),
        (line(actors="EU"), "needs a list as `actors`"),
        (line(optional={"relations": ["EU"]}), "optional: 'EU' is none of the relations"),
        (line(optional={"topic": ["energy"]}), "optional: 'topic' is none of actors, relations, topics"),
        (line(title=None), "needs a text as `title`"),
        (line(story=["a"]), "needs a text as `story`"),
        (line(date="yesterday"), "`date` is no day"),
        (line(date=0), "`date` is no day"),
        (json.dumps({k: v for k, v in GOOD.items() if k != "topics"}), "needs a list as `topics`"),
        ("", "no articles"),
        (b"\x1f\x8b\x08", "cannot be read"),
    ],
)
def test_faults_are_refused(tmp_path: Path, content: str | bytes, reason: str) -> None:
    """File, line and reason."""
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(gold.GoldError) as caught:
        gold.read([path])
    assert reason in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A folder, too."""
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(gold.GoldError, match="cannot be read"):
            gold.read([path])


def test_a_text_may_have_what_ends_lines_elsewhere(tmp_path: Path) -> None:
    """JSON lets U+2028 stand as it is; a line of the file ends at a newline."""
    path = tmp_path / "gold.jsonl"
    row = GOOD | {"text": "B.\u2028\x85C."}
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    assert gold.read([path]) == {"a": row}


def test_make_hands_on_any_name_of_a_file(tmp_path: Path) -> None:
    """With blanks and quotation marks, from its command line; the scorer ends it with what is wrong."""
    name = f"{tmp_path}/my \"own\" 'gold'.jsonl"
    built = ["-o", ".venv/.ready", f"BIN={Path(sys.executable).parent}"]
    done = subprocess.run(
        ["make", "eval", *built, f"GOLD={name}"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert f"{name}: cannot be read" in done.stderr


def test_misses_are_counted_as_the_scorer_does() -> None:
    """A label that is wanted and optional at once is never found there."""
    row = GOOD | {"optional": {"actors": ["EU"]}}
    found = {"a": {"actors": ["EU"], "relations": [], "topics": ["energy"]}}
    assert scoring.score({"a": row}, found)["actors"]["micro"]["r"] == 0
    assert tags.misses({"a": row}, found) == ["a  -EU  T"]


def test_misses_can_do_nothing_to_a_terminal() -> None:
    """Ids and titles are somebody else's."""
    row = GOOD | {"title": "\x1b[2J\nT\ud800"}
    (line,) = tags.misses({"\x1b[31ma": row}, {"\x1b[31ma": {"actors": [], "relations": [], "topics": ["energy"]}})
    assert line == "[31ma  -EU  [2J T"


def test_misses_name_what_is_wrong() -> None:
    """What is missed, what is too much, and nothing of what is optional."""
    row = GOOD | {"optional": {"topics": ["technology"]}}
    found = {"a": {"actors": ["CN"], "relations": [], "topics": ["energy", "technology"]}}
    assert tags.misses({"a": row}, found) == ["a  -EU +CN  T"]
    assert tags.misses({"a": row}, {"a": {"actors": ["EU"], "relations": [], "topics": ["energy"]}}) == []
