"""Backfill jobs on disk: what was asked for, how far it is, whether it should pause, and who works on it.

A folder a job, `<data>/backfill/<id>/`. What was fetched is not noted here: the segments of the job say that, so a
job that is stopped at any moment goes on where it was. A progress file that is lost costs nothing.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb

from storage import archive, codec
from storage.archive import Info
from storage.disk import ArchiveError

Kind = Literal["sitemap", "wayback", "paged", "urls", "warc", "pages"]
_JOB, _PROGRESS, _PAUSE, _LOCK = "job.json", "progress.json", "pause", "lock"
_PREFIX = "backfill-"  # of the ids of its runs: they are in the names of segments


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a backfill is asked to bring. The same job has the same id."""

    kind: Kind
    where: tuple[str, ...]  # URLs, hosts or paths, by its kind
    since: datetime | None = None  # of publication
    until: datetime | None = None  # exclusive
    hosts: tuple[str, ...] = ()  # only pages of these, without `www.`; empty: of any
    undated: bool = False  # take articles without a date, too
    limit: int = 0  # pages at most; 0: all
    again: int = 0  # goes up to ask anew for what a job that is done has asked for
    archive: str = "https://web.archive.org"  # of `wayback`


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is, as its process last said."""

    phase: Literal["planning", "fetching", "importing", "paused", "stopped", "done"]
    at: datetime
    started_at: datetime
    done: int = 0  # pages that have an outcome, in all runs
    total: int = 0
    known: int = 0  # pages left out because the corpus has them
    outside: int = 0  # pages left out because they are surely of another time
    undated: int = 0  # pages that are wanted although nobody says their date yet
    elsewhere: int = 0  # pages of other hosts
    over: int = 0  # pages over the limit
    left: int = 0  # pages that failed and may be tried again later
    listings: int = 0  # sitemaps, index pages, feeds and lists that were read
    problems: tuple[str, ...] = ()  # of listings and files, the first of them
    seconds_left: float | None = None  # as measured


def identity(job: Job) -> str:
    """Return the id of a job: ten hexadecimal digits."""
    return hashlib.sha256(codec.dump(job)).hexdigest()[:10]


def run_id(job: Job, nonce: str) -> str:
    """Return an id for a run of a job, by which its segments are found."""
    return f"{_PREFIX}{identity(job)}-{nonce}"


def segments(folder: Path, job: Job) -> list[Path]:
    """Return the finished segments that the runs of a job have written into an archive."""
    mark = f"-{_PREFIX}{identity(job)}-"
    return [path for path in archive.segments(folder) if mark in path.name]


def belongs(info: Info, job: Job) -> bool:
    """Tell whether a run was one of the job's."""
    return info.run_id.startswith(f"{_PREFIX}{identity(job)}-")


def save(root: Path, job: Job) -> Path:
    """Keep a job and return its folder."""
    folder = root / identity(job)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / _JOB).exists():
        _write(folder / _JOB, codec.dump(job))
    return folder


def read(folder: Path) -> Job:
    """Return the job of a folder. Raises `ArchiveError` when it is lost."""
    try:
        return codec.load(Job, (folder / _JOB).read_bytes())
    except FileNotFoundError:
        raise ArchiveError(
            "there is no backfill job of that id", folder, "`tripolar backfill --status` lists those there are."
        ) from None
    except (OSError, ValueError) as error:
        raise ArchiveError(
            f"the backfill job cannot be read ({error})", folder, "`tripolar backfill --status` lists those there are."
        ) from error


def listed(root: Path) -> list[Path]:
    """Return the folders of all jobs, the newest first."""
    return sorted((path.parent for path in root.glob(f"*/{_JOB}")), key=lambda path: -path.stat().st_mtime)


def note(folder: Path, progress: Progress) -> None:
    """Leave how far the job is."""
    _write(folder / _PROGRESS, codec.dump(progress))


def progress(folder: Path) -> Progress | None:
    """Return how far a job is, or None when nobody has said."""
    try:
        return codec.load(Progress, (folder / _PROGRESS).read_bytes())
    except (OSError, ValueError):
        return None


def pause(folder: Path) -> None:
    """Ask whoever works on a job to stop after the page in flight."""
    (folder / _PAUSE).touch()


def unpause(folder: Path) -> None:
    """Let a job go on."""
    (folder / _PAUSE).unlink(missing_ok=True)


def paused(folder: Path) -> bool:
    """Tell whether a job should pause."""
    return (folder / _PAUSE).exists()


@contextmanager
def hold(folder: Path) -> Iterator[bool]:
    """Take a job for this process. Gives False when another works on it. A process that dies lets go of it."""
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)


def captured(connection: duckdb.DuckDBPyConnection, job: Job) -> frozenset[int]:
    """Return the pages that the corpus has, and not from this job: the first 64 bits of their `url_id`."""
    rows = connection.execute(
        """
        SELECT DISTINCT ('0x' || left(replace(url_id::VARCHAR, '-', ''), 16))::UBIGINT AS key FROM capture
        WHERE outcome <> 'failed' AND reading NOT IN ('outside', 'undated') AND NOT contains(segment, ?)
        """,
        [f"-{_PREFIX}{identity(job)}-"],
    ).fetchall()
    return frozenset(key for (key,) in rows)


def fates(connection: duckdb.DuckDBPyConnection, job: Job) -> list[tuple[str, int]]:
    """Return what became of the job's pages as far as they are loaded, and how many articles have no date."""
    return connection.execute(
        """
        SELECT fate || CASE WHEN fate IN ('new article', 'revision') AND published_at IS NULL THEN ', undated' ELSE ''
            END AS what, count(*) AS n
        FROM fates LEFT JOIN (SELECT revision_id, published_at FROM revision WHERE known_to IS NULL) USING (revision_id)
        WHERE contains(segment, ?) GROUP BY what ORDER BY n DESC, what
        """,
        [f"-{_PREFIX}{identity(job)}-"],
    ).fetchall()


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)
