"""Host turns between processes: a small file a host, locked while it is asked.

A backfill beside a scheduled run must not ask a host at twice the polite rate. The lock is the kernel's (`flock`), so a
process that dies lets go of it, and the times are written before the question is asked, so that even then the host
keeps its pause. A directory that cannot be written costs the agreement between processes, never a fetch. Nothing here
waits or decides: see `turns`.
"""

import contextlib
import fcntl
import hashlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path

_LOG = logging.getLogger(__name__)
_SIZE = 512  # bytes of one file that are ever read


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What processes tell one another of a host. Seconds since 1970."""

    next_at: float = 0.0  # not to be asked before
    rest_until: float = 0.0  # has asked to be left alone until

    def merged(self, other: "Marks") -> "Marks":
        """Return the later of each mark."""
        return Marks(next_at=max(self.next_at, other.next_at), rest_until=max(self.rest_until, other.rest_until))


class Lease:
    """The right to ask a host, until it is released."""

    def __init__(self, descriptor: int, host: str) -> None:
        self._descriptor = descriptor
        self._host = host

    def read(self) -> Marks:
        """Return the marks of the host; none when the file is new or damaged."""
        try:
            next_at, rest_until, *_ = os.pread(self._descriptor, _SIZE, 0).split()
            return Marks(next_at=float(next_at), rest_until=float(rest_until))
        except (OSError, ValueError):
            return Marks()

    def write(self, marks: Marks) -> None:
        """Set the marks. A torn write reads as damaged, which is as good as none."""
        line = f"{marks.next_at:017.3f} {marks.rest_until:017.3f} {self._host[:200]}\n".encode()
        with contextlib.suppress(OSError):  # disk full: the pause between processes is lost, nothing else
            os.pwrite(self._descriptor, line, 0)

    def release(self) -> None:
        """Let the next process ask."""
        with contextlib.suppress(OSError):
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)  # said aloud: a forked worker may hold the descriptor, too
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


class Leases:
    """The lock files of one data directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._usable = True
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._give_up(error)

    @property
    def usable(self) -> bool:
        """Return False once the directory has failed; hosts are then agreed on within this process only."""
        return self._usable

    def acquire(self, host: str) -> Lease | None:
        """Return the lease of a host, or None while another process holds it or the directory is unusable."""
        # The host comes from the network: its hash names the file.
        path = self._directory / f"{hashlib.sha256(host.encode()).hexdigest()[:32]}.host"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            self._give_up(error)
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except OSError as error:  # a file system without locks
            os.close(descriptor)
            self._give_up(error)
            return None
        return Lease(descriptor, host)

    def _give_up(self, error: OSError) -> None:
        if self._usable:
            _LOG.warning("hosts are not shared with other processes: %s: %s", self._directory, error.strerror)
        self._usable = False
