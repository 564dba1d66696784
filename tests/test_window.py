"""A window goes back as far as it was not told to forget."""

import io

import pytest

from storage import window
from storage.window import Window


def test_bytes_can_be_read_again_until_they_are_forgotten() -> None:
    seen = Window(io.BytesIO(bytes(range(200))))
    assert seen.read(10) == bytes(range(10))
    assert seen.seek(5) == 5
    assert seen.read(3) == bytes((5, 6, 7))
    seen.forget(8)
    assert (seen.tell(), seen.read(2)) == (8, bytes((8, 9)))
    with pytest.raises(ValueError, match="cannot go back"):
        seen.seek(7)


def test_seeking_ahead_reads_over_what_is_between_and_the_end_is_empty() -> None:
    seen = Window(io.BytesIO(bytes(100_000) + b"end"))
    seen.seek(100_000)
    assert (seen.read(), seen.read(), seen.tell()) == (b"end", b"", 100_003)
    seen.seek(200_000)
    assert seen.read(5) == b""


def test_more_than_can_be_held_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "_MOST", 1000)
    seen = Window(io.BytesIO(bytes(5000)))
    assert sum(len(seen.read(100)) for _ in range(50)) == 5000
    with pytest.raises(ValueError, match="cannot go back"):
        seen.seek(0)
