"""What the disk refuses is said so that somebody can act, and one file has one writer."""

import errno
import os
from pathlib import Path

import pytest

from storage import disk


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (errno.ENOSPC, "Free space"),
        (errno.EDQUOT, "Free space"),
        (errno.EROFS, "Make it writable"),
        (errno.EACCES, "Make it writable"),
        (errno.ENOENT, "Restore it"),
        (errno.ENOTDIR, "Name a folder"),
        (errno.EIO, "Check the disk"),
    ],
)
def test_an_error_says_what_where_and_what_to_do(code: int, remedy: str) -> None:
    with pytest.raises(disk.ArchiveError) as caught, disk.explained("the segment cannot be written", Path("a/b")):
        raise OSError(code, os.strerror(code))
    assert str(caught.value).startswith(f"the segment cannot be written ({os.strerror(code)}): a/b. {remedy}")
    assert caught.value.where == Path("a/b")


def test_one_file_has_one_writer_until_it_is_finished(tmp_path: Path) -> None:
    path = tmp_path / "segment.open"
    file = disk.create(path)
    assert file is not None
    with file:
        assert disk.create(path) is None
        with path.open("rb") as other:
            assert not disk.lock(other, path)
        assert disk.finish(file, path) == tmp_path / "segment"
    assert disk.create(path) is None
    assert [each.name for each in tmp_path.iterdir()] == ["segment"]


def test_a_lock_of_a_file_that_was_replaced_or_removed_is_none(tmp_path: Path) -> None:
    path = tmp_path / "segment.open"
    path.write_bytes(b"")
    with path.open("rb") as file:
        path.unlink()
        assert not disk.lock(file, path)
        path.write_bytes(b"")
        assert not disk.lock(file, path)
