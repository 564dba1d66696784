"""The compiled taxonomy on disk: what is read back is what was compiled, and a file that is not whole costs only time."""

import pickle
from pathlib import Path

import pytest

from extractors import taxonomy
from flows import lexicon


def test_what_was_compiled_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules are kept as columns; nothing of them is lost, and nothing compiled again."""
    compiled = lexicon.load(tmp_path)
    monkeypatch.setattr(taxonomy, "load", lambda: pytest.fail("compiled again"))
    assert lexicon.load(tmp_path) == compiled


@pytest.mark.parametrize("damage", ["", "no pickle", "half", "another thing"])
def test_a_file_that_is_not_whole_is_made_anew(tmp_path: Path, damage: str) -> None:
    """A process may have been killed, a disk full, a version another."""
    compiled = lexicon.load(tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes({"half": whole[: len(whole) // 2], "another thing": pickle.dumps([])}.get(damage, damage.encode()))
    assert lexicon.load(tmp_path) == compiled
    assert path.stat().st_size == len(whole)
