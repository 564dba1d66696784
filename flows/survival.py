"""A segment read though one of its records ends every process that reads it: that record costs itself, not the segment.

A process of its own reads the segment and says of each record that it begins. When it is ended (by the kernel, for want
of memory, by a crash in a library), raises what it should not, or takes for ever, the record it was at is noted beside
the segment, and another process reads on without it.
"""

import multiprocessing
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from flows import reader, workers
from flows.reader import Read
from storage import avoided
from storage.archive import ArchiveError

PATIENCE = 300.0  # seconds for one record; the slowest that is known takes some ten
MOST = 20  # records of one segment: beyond that it is not they that are to blame
_Met = Read | ArchiveError | tuple[int | None, str]  # the segment, or where reading it ended and why


def read(path: Path, cache_folder: Path, *, patience: float = PATIENCE) -> Read:
    """Return the rows of a segment, records that cannot be read named as damage.

    Raises `ArchiveError` when the segment cannot be opened, `BrokenProcessPool` when processes end without a record to
    blame.
    """
    deadly = avoided.read(path)
    for found in range(MOST + 1):
        met = _attempt(path, cache_folder, deadly, patience)
        if isinstance(met, Read):
            if found:
                with suppress(ArchiveError):  # a read-only archive: known for this time only
                    avoided.write(path, deadly)
            return met
        if isinstance(met, ArchiveError):
            raise met
        offset, why = met
        if offset is None or offset in deadly:
            raise BrokenProcessPool(f"{path.name} could not be read: {why}")
        deadly[offset] = why
    raise BrokenProcessPool(f"over {MOST} records of {path.name} could not be read, the last because {why}")


def _attempt(path: Path, cache_folder: Path, deadly: dict[int, str], patience: float) -> _Met:
    """Let a new process read the segment, and return what came of it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, path, cache_folder, deadly))
    process.start()
    theirs.close()
    try:
        return _listen(ours, process, patience)
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def _listen(pipe: Connection, process: SpawnProcess, patience: float) -> _Met:
    at: int | None = None
    while True:
        if not pipe.poll(patience):
            return at, f"reading took over {patience:g} s"
        try:
            said = pipe.recv()
        except (EOFError, OSError):
            process.join()
            return at, f"reading ended the process (status {process.exitcode})"
        match said:
            case int() | None:
                at = said
            case str():
                return at, said
            case Read() | ArchiveError():
                return said


def _serve(pipe: Connection, path: Path, cache_folder: Path, deadly: dict[int, str]) -> None:
    """Read a segment in this process and say how far it is."""
    workers.follow_parent()
    try:
        pipe.send(reader.read_segment(path, cache_folder, avoid=deadly, told=pipe.send))
    except ArchiveError as error:
        pipe.send(error)
    except Exception as surprise:  # any: it must not keep the rest of the segment out of the corpus
        pipe.send(f"reading raised {type(surprise).__name__}: {' '.join(str(surprise).split())[:200]}")
