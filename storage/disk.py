"""Files of the archive on their disk: locked while they are written, finished in one step.

What the disk refuses is said so that somebody can act. Nothing here knows what is in a file.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import IO, BinaryIO

OPEN = ".open"  # the last suffix of a file that is being written

_FULL = "Free space or name another archive; what was kept until now is whole."
_CLOSED = "Make it writable for this user, or name another archive."
_REMEDIES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _CLOSED,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.ENOENT: "Restore it from a copy of the archive, or name another archive.",
    errno.ENOTDIR: "Name a folder, not a file, as the archive.",
}


class ArchiveError(Exception):
    """The archive cannot be used. The message says what, where and what to do."""

    def __init__(self, what: str, where: Path, remedy: str) -> None:
        """Say what is wrong, with which file or folder, and what somebody should do."""
        super().__init__(f"{what}: {where}. {remedy}")
        self.what, self.where, self.remedy = what, where, remedy

    def __reduce__(self) -> tuple[type["ArchiveError"], tuple[str, Path, str]]:
        """Let it cross processes whole."""
        return ArchiveError, (self.what, self.where, self.remedy)


@contextmanager
def explained(what: str, where: Path) -> Iterator[None]:
    """Turn what the system says into an `ArchiveError`."""
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, "Check the disk and the settings of the archive.")
        raise ArchiveError(f"{what} ({error.strerror or error})", where, remedy) from error


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file to read. Raises `ArchiveError`."""
    with explained("the file cannot be read", path), path.open("rb") as file:
        yield file


def create(path: Path) -> FileIO | None:
    """Return a new file, locked as long as it is open, or None when one of that name is there or was finished."""
    if path.with_name(path.name.removesuffix(OPEN)).exists():
        return None
    try:
        file = path.open("xb", buffering=0)
    except FileExistsError:
        return None
    if lock(file, path):
        return file
    file.close()  # somebody took it for an orphan in the moment before the lock
    return None


def lock(file: IO[bytes], path: Path) -> bool:
    """Lock a file for as long as it is open. False when somebody else has it, or it is no longer at that path."""
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except (BlockingIOError, FileNotFoundError):
        return False


def finish(file: FileIO, path: Path) -> Path:
    """Give a file that was being written its name. A crash leaves either the one or the other."""
    final = path.with_name(path.name.removesuffix(OPEN))
    os.fsync(file.fileno())
    path.rename(final)
    sync(path.parent)
    return final


def sync(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
