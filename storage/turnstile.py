"""Fairness between those who read the corpus and the one who writes, by two lock files beside it.

Readers hold `waiting` until they are in. A writer first lets in who waits (for `COURTESY` at most), then closes the
turnstile, so that no new reader comes between, and opens the file when the last one is out. Without it, readers that
follow each other closely would never let a writer in, nor a writer with many segments the readers.

It is only politeness: DuckDB's own lock on the corpus is what keeps it safe, and where no lock file can be made,
everything works without.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PATIENCE = 0.5  # seconds that a reader stands before a closed turnstile; a long reading must not hold up all others
COURTESY = 0.2  # seconds that a writer lets readers in before it goes itself
_PAUSE = 0.005


@contextmanager
def closed(path: Path) -> Iterator[None]:
    """Let in who waits for the corpus at `path`, then keep new readers outside until the block ends."""
    with _locked(path, "waiting", exclusive=True, patience=COURTESY):
        pass
    with _locked(path, "turn", exclusive=True, patience=COURTESY):
        yield


@contextmanager
def entering(path: Path) -> Iterator[None]:
    """Wait while a writer holds the turnstile, `PATIENCE` at most, and say so until the block ends."""
    with _locked(path, "waiting", exclusive=False, patience=0):
        with _locked(path, "turn", exclusive=False, patience=PATIENCE):
            pass
        yield


@contextmanager
def held(path: Path, name: str) -> Iterator[bool]:
    """Hold a lock of that name beside the corpus at `path` until the block or the process ends; give False where another has it."""
    with _locked(path, name, exclusive=True, patience=COURTESY) as alone:
        yield alone


def is_held(path: Path, name: str) -> bool:
    """Return whether another holds the lock of that name. No file is made for asking."""
    try:
        file = path.with_name(f".{path.name}.{name}").open("rb")
    except OSError:
        return False
    with file:
        return not _take(file, exclusive=False, patience=0)


@contextmanager
def _locked(path: Path, name: str, *, exclusive: bool, patience: float) -> Iterator[bool]:
    """Hold a lock until the block ends, as far as it can be had; give False where another has it."""
    file, alone = None, True
    with suppress(OSError):
        file = path.with_name(f".{path.name}.{name}").open("ab")
    try:
        if file is not None:
            alone = _take(file, exclusive=exclusive, patience=patience)
        yield alone
    finally:
        if file is not None:
            file.close()  # which lets go of the lock


def _take(file: BinaryIO, *, exclusive: bool, patience: float) -> bool:
    if fcntl is None:
        return True
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:  # held by another, or a file system without locks
            if time.monotonic() >= deadline:
                return False
            time.sleep(_PAUSE)
        else:
            return True
