"""Robots files kept between runs, so that a run every quarter of an hour does not ask a thousand hosts for the same
file.

One small file an origin: a line of JSON that says when and where it was fetched and whether there was one, then the
file's own bytes. What cannot be read or written is as good as not kept. How long a file is good for is decided in
`robots`; only what was answered is kept here, never a failure.
"""

import contextlib
import hashlib
import json
import os
from datetime import datetime
from pathlib import Path

from flows import robots
from flows.robots import Robots


class Shelf:
    """The robots files of one data directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def read(self, origin: str, *, agent: str, now: datetime) -> Robots | None:
        """Return what an origin allowed when it was last asked, if that was within the time for which it is good."""
        try:
            head, _, body = self._path(origin).read_bytes().partition(b"\n")
            told = json.loads(head)
            at = datetime.fromisoformat(told["at"])
            if told["origin"] != origin or not at <= now < at + robots.FRESH:
                return None
            return (
                robots.found(at, body, agent=agent, base=str(told["base"])) if told["found"] else robots.none(at, agent)
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError):  # not there, or damaged
            return None

    def keep(self, origin: str, known: Robots, *, body: bytes | None, base: str) -> None:
        """Keep what an origin said: its file, fetched from `base`, or None where it has none."""
        told = {"origin": origin, "at": known.at.isoformat(), "base": base, "found": body is not None}
        path = self._path(origin)
        part = path.with_suffix(f".{os.getpid()}.part")
        with contextlib.suppress(OSError):
            part.write_bytes(json.dumps(told).encode() + b"\n" + (body or b"")[: robots.LIMIT])
            part.replace(path)  # whole or not at all, whoever else writes

    def _path(self, origin: str) -> Path:
        return self._directory / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.robots"
