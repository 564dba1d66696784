"""Rewriting keeps what is to be kept byte for byte, and says where it went."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from extractors.model import Purpose, Record
from storage import archive, avoided, rewrite, verify
from tests.harbour import INFO, outcomes_of, page, write


def records(paths: list[Path]) -> list[Record]:
    """Return the records of segments in order."""
    return [record for path in paths for record in archive.read(path)[1]]


def test_several_segments_of_a_run_become_one(tmp_path: Path) -> None:
    paths = write(tmp_path, [page(number) for number in range(6)], max_bytes=3000)
    assert len(paths) > 1
    before = records(paths)
    result = rewrite.rewrite(paths)
    assert archive.segments(tmp_path) == [paths[0]]
    assert outcomes_of(paths[0]) == [record.outcome for record in before]
    assert verify.check(paths[0]).sound
    assert [(move.segment, move.offset) for move in result.moves] == [(each.segment, each.offset) for each in before]
    for move, record in zip(result.moves, before, strict=True):
        assert archive.at(archive.find(tmp_path, move.new_segment), move.new_offset).outcome == record.outcome


def test_what_is_not_to_be_kept_goes(tmp_path: Path) -> None:
    robots = page(2)
    robots = replace(robots, want=replace(robots.want, purpose=Purpose.ROBOTS))
    (path,) = write(tmp_path, [page(1), robots, page(3)])
    size = path.stat().st_size
    result = rewrite.rewrite([path], lambda record: record.outcome.want.purpose is not Purpose.ROBOTS)
    assert outcomes_of(path) == [page(1), page(3)]
    assert (len(result.moves), result.dropped) == (2, 1)
    assert path.stat().st_size < size


def test_nothing_kept_leaves_nothing(tmp_path: Path) -> None:
    paths = write(tmp_path, [page(1), page(2)], max_bytes=1)
    assert rewrite.rewrite(paths, lambda _: False).moves == ()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_rewriting_that_was_stopped_is_ended_by_the_same_call(tmp_path: Path) -> None:
    """Stopped after the new segment took the place of the first, and before the others went."""
    paths = write(tmp_path, [page(1), page(2), page(3)], max_bytes=1)
    before = [record.outcome for record in records(paths)]
    others = {path: path.read_bytes() for path in paths[1:]}
    rewrite.rewrite(paths)
    for path, data in others.items():
        path.write_bytes(data)
    paths[0].with_name(paths[0].name + ".new").write_bytes(b"rubbish")
    result = rewrite.rewrite(paths)
    assert archive.segments(tmp_path) == paths[:1]
    assert outcomes_of(paths[0]) == before
    assert len({move.new_offset for move in result.moves}) == 3


def test_damaged_outcomes_are_left_out_and_counted(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [page(1), page(2), page(3)])
    middle = records([path])[1]
    data = path.read_bytes()
    place = middle.offset + middle.length - 40
    path.write_bytes(data[:place] + bytes(20) + data[place + 20 :])
    result = rewrite.rewrite([path])
    assert outcomes_of(path) == [page(1), page(3)]
    assert result.damaged > 0


def test_segments_of_several_runs_are_not_mixed(tmp_path: Path) -> None:
    paths = write(tmp_path, [page(1)]) + write(tmp_path, [page(2)], replace(INFO, run_id="r2"))
    with pytest.raises(ValueError, match="several runs"):
        rewrite.rewrite(paths)
    assert archive.segments(tmp_path) == paths


def test_small_neighbours_of_one_run_are_found(tmp_path: Path) -> None:
    one = write(tmp_path, [page(number) for number in range(3)], max_bytes=1)
    big = write(tmp_path, [page(4, os.urandom(9000))])
    two = write(tmp_path, [page(5), page(6)], replace(INFO, run_id="r2"), max_bytes=1)
    alone = write(tmp_path, [page(7)], replace(INFO, run_id="r3"))
    size = one[0].stat().st_size
    assert list(rewrite.compactable(tmp_path, small=2 * size, most=1 << 20)) == [one, two]
    assert list(rewrite.compactable(tmp_path, small=2 * size, most=2 * size + 99)) == [one[:2], two]
    assert list(rewrite.compactable(tmp_path, small=10, most=1 << 20)) == []
    assert archive.segments(tmp_path) == one + big + two + alone


def test_notes_of_what_must_not_be_read_go_with_their_records(tmp_path: Path) -> None:
    """One in the first segment, one in the last; the notes of the segments that went are gone."""
    paths = write(tmp_path, [page(1), page(2), page(3)], max_bytes=1)
    old = records(paths)
    avoided.write(paths[0], {old[0].offset: "kills"})
    avoided.write(paths[2], {old[2].offset: "hangs"})
    rewrite.rewrite(paths)
    now = records(paths[:1])
    assert avoided.read(paths[0]) == {now[0].offset: "kills", now[2].offset: "hangs"}
    assert [
        path for path in tmp_path.rglob(f"*{avoided.SUFFIX}") if path.name[: -len(avoided.SUFFIX)] != paths[0].name
    ] == []


def test_a_note_whose_record_moves_up_names_no_other(tmp_path: Path) -> None:
    """What stood before it goes; and where the record itself goes, so does its note."""
    (path,) = write(tmp_path, [page(1), page(2), page(3)])
    deadly = records([path])[1]
    avoided.write(path, {deadly.offset: "kills"})
    rewrite.rewrite([path], lambda record: record.outcome != page(1))
    assert avoided.read(path) == {records([path])[0].offset: "kills"}
    rewrite.rewrite([path], lambda record: record.outcome != page(2))
    assert outcomes_of(path) == [page(3)]
    assert not list(tmp_path.rglob(f"*{avoided.SUFFIX}"))
    avoided.write(path, {records([path])[0].offset: "kills"})
    rewrite.rewrite([path], lambda _: False)
    assert [left for left in tmp_path.rglob("*") if left.is_file()] == []
