"""A gold file with a fault is refused with file, line and reason, before anything is counted."""

import json
from pathlib import Path

import pytest

from tests.eval import gold, tags

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
        (line(title=None), "needs a text as `title`"),
        (line(date="yesterday"), "`date` is no day"),
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


def test_misses_name_what_is_wrong() -> None:
    """What is missed, what is too much, and nothing of what is optional."""
    row = GOOD | {"optional": {"topics": ["technology"]}}
    found = {"a": {"actors": ["CN"], "relations": [], "topics": ["energy", "technology"]}}
    assert tags.misses({"a": row}, found) == ["a  -EU +CN  T"]
    assert tags.misses({"a": row}, {"a": {"actors": ["EU"], "relations": [], "topics": ["energy"]}}) == []
