"""The archive taken care of: which outcomes may go, what goes and stays, and the tables that follow their records.

How segments are written anew is in `rewrite`. What was answered with a page or a feed is never thrown away here: the
corpus could not be made again without it. Only what brought nothing may go.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from extractors.model import Failed, NotModified, Purpose, Record
from storage import archive, avoided, disk, moving, rebuilding, rewrite, verify, warehouse
from storage.moving import Move, Moving
from storage.rewrite import Rewritten


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may go: outcomes of before a time that brought nothing."""

    before: datetime
    failed: bool = True  # time-outs, 404s and their kind
    unchanged: bool = True  # 304, or the same payload again
    robots: bool = True  # robots files

    def keeps(self, record: Record) -> bool:
        """Tell whether an outcome stays."""
        return self.kind(record) is None

    def kind(self, record: Record) -> str | None:
        """Return what an outcome is that may go, or None for one that stays."""
        outcome = record.outcome
        if outcome.at >= self.before:
            return None
        if outcome.want.purpose is Purpose.ROBOTS:
            return "robots" if self.robots else None
        if isinstance(outcome, Failed):
            return "failed" if self.failed else None
        return "unchanged" if isinstance(outcome, NotModified) and self.unchanged else None


@dataclass(slots=True, kw_only=True)
class Pruning:
    """What a policy takes away, by kind: outcomes and bytes."""

    outcomes: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    segments: int = 0  # that are written anew
    damaged: list[str] = field(default_factory=list)  # segments that are left alone because of damage


def weigh(folder: Path, policy: Policy) -> tuple[Pruning, list[Path]]:
    """Return what a policy would take away, and from which segments. Segments with damage are left alone."""
    weighed, paths = Pruning(), []
    for path in archive.segments(folder):
        _, records = archive.read(path)
        kinds = [(policy.kind(record), record.length) for record in records]
        if all(kind for kind, _ in kinds):
            kinds = kinds[1:]  # the first stays, and with it what the run says of itself and of its outlets
        going = [(kind, length) for kind, length in kinds if kind]
        if records.damages:
            weighed.damaged.append(path.name)
            continue
        if not going:
            continue
        paths.append(path)
        weighed.segments += 1
        for kind, length in going:
            weighed.outcomes[kind] += 1
            weighed.bytes[kind] += length
    return weighed, paths


def prune(paths: Iterable[Path], policy: Policy) -> Iterator[tuple[list[Path], Rewritten]]:
    """Write segments anew without what may go, one at a time, and yield each with what became of its outcomes."""
    for path in paths:
        yield [path], rewrite.rewrite([path], _keeper(path, policy))


def _keeper(path: Path, policy: Policy) -> Callable[[Record], bool]:
    """Return which outcomes of a segment stay: what the policy keeps, or the first where it keeps none."""
    _, records = archive.read(path)
    first = next(records)
    if policy.keeps(first) or any(policy.keeps(record) for record in records):
        return policy.keeps
    return lambda record: record.offset == first.offset


def compactable(folder: Path, *, small: int, most: int) -> tuple[list[list[Path]], list[str]]:
    """Return which small neighbours of a run could become one segment, and the names of those that damage keeps out."""
    groups: list[list[Path]] = []
    damaged: list[str] = []
    for paths in rewrite.compactable(folder, small=small, most=most):
        sound = [path for path in paths if verify.check(path).sound]
        damaged += [path.name for path in paths if path not in sound]
        if len(sound) > 1:
            groups.append(sound)
    return groups, damaged


def compact(groups: Iterable[list[Path]]) -> Iterator[tuple[list[Path], Rewritten]]:
    """Make one segment of each group, and yield the group with what became of it."""
    for paths in groups:
        yield paths, rewrite.rewrite(paths)


def follow(connection: duckdb.DuckDBPyConnection, folder: Path, paths: Iterable[Path], rewritten: Rewritten) -> None:
    """Let the tables follow segments that were written anew, in one transaction.

    Rows of outcomes that went go, too. Closed rows (`known_to`) keep saying where their text was. Segments that are not
    loaded are passed over.
    """
    names = sorted(path.name for path in paths)
    _follow(connection, folder, names, rewritten.moves)
    if rewritten.moves:
        moving.forget(archive.find(folder, rewritten.moves[0].new_segment))


def settle(folder: Path, connection: duckdb.DuckDBPyConnection | None) -> None:
    """End what a crash in pruning or compacting has left: segments that are in another one go, and the tables follow.

    The corpus must be open for writing, so that nobody is at it meanwhile; None where there is no corpus.
    """
    for begun in moving.noted(folder):
        if begun.into.exists() and rebuilding.digest(begun.into) == begun.digest:
            for path in (path for path in archive.segments(folder) if path.name in begun.segments):
                if path.name != begun.into.name:
                    with disk.explained("the segment is in another one and cannot be removed", path):
                        path.unlink()
                    avoided.write(path, {})
            if connection is not None and not _has_followed(connection, begun):
                _follow(connection, folder, list(begun.segments), begun.moves)
        moving.forget(begun.into)  # or it had not begun: the segments are as they were


def _has_followed(connection: duckdb.DuckDBPyConnection, begun: Moving) -> bool:
    row = connection.execute("SELECT digest FROM segment WHERE segment = ?", [begun.into.name]).fetchone()
    return row is not None and row[0] == begun.digest


def _follow(connection: duckdb.DuckDBPyConnection, folder: Path, names: list[str], moved: Iterable[Move]) -> None:
    moved = tuple(moved)
    moves = pa.Table.from_pylist(
        [
            {"segment": m.segment, "offset": m.offset, "new_segment": m.new_segment, "new_offset": m.new_offset}
            for m in moved
        ],
        schema=pa.schema(
            [("segment", pa.string()), ("offset", pa.int64()), ("new_segment", pa.string()), ("new_offset", pa.int64())]
        ),
    )
    connection.register("moves", moves)
    try:
        with warehouse.transaction(connection):
            for table in ("capture", "poll"):
                connection.execute(
                    f"DELETE FROM {table} WHERE list_contains(?, segment) "
                    f'AND NOT EXISTS (FROM moves AS m WHERE m.segment = {table}.segment AND m."offset" = {table}."offset")',
                    [names],
                )
            for table in ("capture", "poll", "revision", "article"):
                current = "AND t.known_to IS NULL" if table == "revision" else ""
                connection.execute(
                    f'UPDATE {table} AS t SET segment = m.new_segment, "offset" = m.new_offset FROM moves AS m '
                    f'WHERE t.segment = m.segment AND t."offset" = m."offset" {current}'
                )
            _describe(connection, folder, names, moved)
    finally:
        connection.unregister("moves")


def _describe(connection: duckdb.DuckDBPyConnection, folder: Path, names: list[str], moved: tuple[Move, ...]) -> None:
    """Make the rows of the segments say what their files are now."""
    known = connection.execute(
        "SELECT any_value(run_id), min(opened_at) FROM segment WHERE list_contains(?, segment)", [names]
    ).fetchone()
    connection.execute("DELETE FROM segment WHERE list_contains(?, segment)", [names])
    arrived = connection.execute(
        "SELECT max(arrived_at) FROM arrival WHERE list_contains(?, segment)", [names]
    ).fetchone()
    connection.execute("DELETE FROM arrival WHERE list_contains(?, segment)", [names])
    if not known or known[0] is None or not moved:
        return
    path = archive.find(folder, moved[0].new_segment)
    outcomes = len({(move.new_segment, move.new_offset) for move in moved})
    connection.execute(
        "INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            path.name,
            known[0],
            path.stat().st_size,
            rebuilding.digest(path),
            outcomes,
            len(avoided.read(path)),
            known[1],
        ],
    )
    if arrived and arrived[0]:
        connection.execute("INSERT INTO arrival VALUES (?, ?)", [path.name, arrived[0]])
