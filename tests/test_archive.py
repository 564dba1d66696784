"""The archive gives back what was put in, whatever stops the writer and whatever happens to the file."""

import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.model import (
    Entry,
    Exchange,
    Failed,
    Fetched,
    Moment,
    NotModified,
    Outcome,
    Precision,
    Purpose,
    Reason,
    Record,
    Validators,
    Want,
)
from storage import archive
from tests.harbour import INFO, START, kept, outcomes_of, page, write

# --- Any outcome -----------------------------------------------------------------------------------------------------

texts = st.text(max_size=30)
lines = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20)
times = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
headers = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(["Content-Length", "transfer-encoding", "ETag", ""]), lines, texts), lines | texts
    ),
    max_size=4,
).map(tuple)
exchanges = st.builds(
    Exchange,
    url=st.one_of(texts, st.just("https://harbour.example/a?b=c")),
    at=times,
    status=st.integers(100, 999),
    request_headers=headers,
    headers=headers,
    body=st.binary(max_size=200),
    method=st.sampled_from(["GET", "HEAD"]),
    protocol=st.sampled_from(["HTTP/1.0", "HTTP/1.1", "HTTP/2"]) | texts,
    ip=st.none() | st.just("2001:db8::1"),
    elapsed_ms=st.integers(0, 10**6),
)
moments = st.builds(Moment, at=times, precision=st.sampled_from(Precision), raw=texts)
entries = st.builds(
    Entry, url=texts, title=texts, authors=st.lists(texts, max_size=3).map(tuple), published=st.none() | moments
)
wants = st.builds(
    Want,
    url=texts,
    purpose=st.sampled_from(Purpose),
    source_id=st.none() | texts,
    entry=st.none() | entries,
    validators=st.builds(Validators, etag=st.none() | texts, digest=st.none() | texts),
)
hops = st.lists(exchanges, max_size=2).map(tuple)
outcomes = st.one_of(
    st.builds(Fetched, want=wants, at=times, exchange=exchanges, hops=hops),
    st.builds(NotModified, want=wants, at=times, exchange=exchanges, by=st.sampled_from(["304", "digest"]), hops=hops),
    st.builds(
        Failed,
        want=wants,
        at=times,
        reason=st.sampled_from(Reason),
        detail=texts,
        exchange=st.none() | exchanges,
        hops=hops,
        retry_after=st.none() | st.floats(0, 1e6),
    ),
)


@given(said=st.lists(outcomes, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_outcome_reads_back_as_it_was_written(
    said: list[Outcome], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Hostile headers, other protocols and odd URLs included."""
    (path,) = write(tmp_path_factory.mktemp("archive"), said)
    assert outcomes_of(path) == [kept(outcome) for outcome in said]


# --- Segments --------------------------------------------------------------------------------------------------------


def test_a_segment_begins_with_the_facts_of_its_run(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [page()])
    info, _ = archive.read(path)
    assert info == INFO
    assert path == tmp_path / "2026/03/20260304T050607Z-r1-0001.warc.gz"


def test_the_same_outcomes_give_the_same_bytes(tmp_path: Path) -> None:
    (one,), (two,) = write(tmp_path / "a", [page(1), page(2)]), write(tmp_path / "b", [page(1), page(2)])
    assert one.read_bytes() == two.read_bytes()


def test_nothing_appended_leaves_no_file(tmp_path: Path) -> None:
    assert write(tmp_path / "archive", []) == []
    assert not (tmp_path / "archive").exists()


def test_a_full_segment_is_handed_over_at_once_and_the_next_one_begun(tmp_path: Path) -> None:
    paths = write(tmp_path, [page(number, os.urandom(3000)) for number in range(4)], max_bytes=7000)
    assert [path.name[-12:-8] for path in paths] == ["0001", "0002"]
    assert [len(outcomes_of(path)) for path in paths] == [2, 2]
    assert archive.segments(tmp_path) == paths
    assert [archive.read(path)[0].seq for path in paths] == [1, 2]


def test_an_old_segment_is_handed_over_though_it_is_small(tmp_path: Path) -> None:
    with archive.Writer(tmp_path, INFO, max_age=timedelta(seconds=10)) as writer:
        assert writer.append(page(1)) is None
        assert writer.append(page(10)) is None
        assert writer.append(page(11)) == tmp_path / "2026/03/20260304T050607Z-r1-0001.warc.gz"
        assert (writer.bytes, writer.opened_at) == (0, None)


def test_a_run_that_goes_on_never_writes_over_its_earlier_segments(tmp_path: Path) -> None:
    first, second = write(tmp_path, [page(1)]), write(tmp_path, [page(2)])
    assert [path.name[-12:-8] for path in first + second] == ["0001", "0002"]
    assert outcomes_of(first[0]) == [page(1)]


def test_a_run_id_that_is_no_file_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="run id"):
        archive.Writer(tmp_path, replace(INFO, run_id="../r"))


def test_an_outcome_is_found_again_by_its_offset(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [page(1), page(2), page(3)])
    records = list(archive.read(path)[1])
    assert [archive.at(path, record.offset) for record in records] == records
    assert archive.find(tmp_path, records[0].segment) == path
    assert records[-1].offset + records[-1].length == path.stat().st_size


def test_an_offset_without_an_outcome_is_an_error_that_says_so(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [page(1), page(2)])
    for offset in (0, 5, path.stat().st_size):
        with pytest.raises(archive.ArchiveError, match="no outcome at byte"):
            archive.at(path, offset)


def test_an_unknown_segment_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(archive.ArchiveError, match=r"no segment nothing\.warc\.gz"):
        archive.find(tmp_path, "nothing.warc.gz")


# --- Damage ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(tmp_path: Path) -> tuple[Path, list[Record]]:
    """Return a segment of three pages and its records."""
    (path,) = write(tmp_path, [page(1), page(2), page(3)])
    return path, list(archive.read(path)[1])


def test_a_damaged_outcome_is_named_and_the_rest_is_kept(three: tuple[Path, list[Record]]) -> None:
    path, records = three
    data = bytearray(path.read_bytes())
    middle = records[1].offset + records[1].length // 2
    data[middle : middle + 20] = bytes(20)
    path.write_bytes(data)
    _, found = archive.read(path)
    assert [record.outcome for record in found] == [page(1), page(3)]
    assert found.damages
    assert all(records[1].offset <= damage.offset < records[2].offset for damage in found.damages)


def test_a_lost_beginning_leaves_the_outcomes_and_what_the_name_tells(three: tuple[Path, list[Record]]) -> None:
    path, records = three
    path.write_bytes(path.read_bytes()[records[1].offset - 30 :])
    info, found = archive.read(path)
    assert info == archive.Info(run_id="r1", run_kind="", started_at=START)
    assert [record.outcome for record in found] == [page(2), page(3)]
    assert found.damages


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_anywhere_gives_every_outcome_before_the_cut(three: tuple[Path, list[Record]], share: float) -> None:
    path, records = three
    size = int(path.stat().st_size * share)
    os.truncate(path, size)
    _, found = archive.read(path)
    whole = [record for record in records if record.offset + record.length <= size]
    assert list(found) == whole


def test_any_single_flipped_byte_costs_at_most_one_outcome(three: tuple[Path, list[Record]]) -> None:
    path, records = three
    good = path.read_bytes()
    for place in range(0, len(good), 7):
        path.write_bytes(good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :])
        found = [record.outcome for record in archive.read(path)[1]]
        hit = [record.outcome for record in records if record.offset <= place < record.offset + record.length]
        assert [record.outcome for record in records if record.outcome not in hit or record.outcome in found] == found
        assert len(found) >= 2


def test_a_file_that_is_no_segment_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no archive")
    with pytest.raises(archive.ArchiveError, match="no segment of Tripolar"):
        archive.read(path)


def test_a_missing_segment_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(archive.ArchiveError, match="Restore it"):
        archive.read(tmp_path / "20260304T050607Z-r1-0001.warc.gz")


# --- Stopped runs ----------------------------------------------------------------------------------------------------


def stopped(folder: Path, data: Callable[[bytes], bytes] = lambda data: data) -> Path:
    """Return an unfinished segment of two pages, as a run leaves it that was killed; `data` says what the disk kept."""
    (path,) = write(folder, [page(1), page(2)])
    orphan = path.rename(path.with_name(path.name + ".open"))
    orphan.write_bytes(data(orphan.read_bytes()))
    return orphan


def test_a_stopped_segment_is_cut_to_its_last_whole_outcome_and_finished(tmp_path: Path) -> None:
    orphan = stopped(tmp_path, lambda data: data[:-50])
    (saved,) = archive.salvage(tmp_path)
    assert outcomes_of(saved) == [page(1)]
    assert not orphan.exists()
    assert archive.segments(tmp_path) == [saved]
    assert archive.salvage(tmp_path) == []


@pytest.mark.parametrize("size", [0, 10, 400])
def test_a_stopped_segment_without_an_outcome_is_removed(tmp_path: Path, size: int) -> None:
    orphan = stopped(tmp_path, lambda data: data[:size])
    assert archive.salvage(tmp_path) == []
    assert not orphan.exists()


def test_a_stopped_segment_can_be_cut_at_every_byte(tmp_path: Path) -> None:
    orphan = stopped(tmp_path)
    whole = orphan.read_bytes()
    info, records = archive.read(orphan)
    ends = [record.offset + record.length for record in records]
    for size in range(0, len(whole) + 1, 11):
        orphan.write_bytes(whole[:size])
        saved = archive.salvage(tmp_path)
        expected = sum(end <= size for end in ends)
        assert sum(len(outcomes_of(path)) for path in saved) == expected
        assert all(archive.read(path)[0] == info for path in saved)
        for path in saved:
            path.unlink()


def test_the_segment_of_a_running_writer_is_left_alone(tmp_path: Path) -> None:
    writer = archive.Writer(tmp_path, INFO)
    writer.append(page(1))
    assert archive.salvage(tmp_path) == []
    writer.append(page(2))
    path = writer.close()
    assert path is not None
    assert outcomes_of(path) == [page(1), page(2)]


def test_a_killed_process_loses_nothing_that_was_appended(tmp_path: Path) -> None:
    """SIGKILL, so that nothing of Python runs; the lock goes with the process."""
    code = (
        "import os, signal, sys; from pathlib import Path; sys.path.insert(0, 'tests'); import harbour as t\n"
        "writer = t.archive.Writer(Path(sys.argv[1]), t.INFO)\n"
        "writer.append(t.page(1)); writer.append(t.page(2)); os.kill(os.getpid(), signal.SIGKILL)"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=root, check=False, timeout=60)
    assert done.returncode == -9
    assert [outcomes_of(path) for path in archive.salvage(tmp_path)] == [[page(1), page(2)]]


# --- Disks -----------------------------------------------------------------------------------------------------------


def on_a_small_disk(tmp_path: Path, steps: str) -> list[str]:
    """Run steps in a process of its own none of whose files may grow beyond `limit(bytes)`, as on a full disk.

    In this process the limit would hold for the log of the tests as well. Returns the lines that the steps printed.
    """
    code = (
        "import os, resource, signal, sys; from pathlib import Path\n"
        "from storage import archive; from tests.harbour import INFO, outcomes_of, page\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "limit = lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))\n"
        "folder = Path(sys.argv[1]); writer = archive.Writer(folder, INFO)\n"
        "def refused(*pages):\n"
        "    for one in pages:\n"
        "        try:\n"
        "            writer.append(one)\n"
        "        except archive.ArchiveError as error:\n"
        "            print(f'refused|{error.what}|{error.where.name}|{error.remedy}')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + steps, str(tmp_path)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_full_disk_is_a_clear_error_and_what_was_appended_before_is_whole(tmp_path: Path) -> None:
    """And what comes after it, once something fits again."""
    (told,) = on_a_small_disk(
        tmp_path,
        "limit(4000); writer.append(page(1)); refused(page(2, os.urandom(4000))); writer.append(page(3)); writer.close()",
    )
    _, what, where, remedy = told.split("|")
    assert re.search(r"cannot be written .*File too large", what)
    assert where.endswith(".open")
    assert remedy.startswith("Free space")
    assert [outcomes_of(path) for path in archive.segments(tmp_path)] == [[page(1), page(3)]]


@pytest.mark.parametrize("size", [10, 1200], ids=["not even the facts", "the facts alone"])
def test_a_disk_that_was_full_from_the_start_leaves_no_empty_segment(tmp_path: Path, size: int) -> None:
    """Neither finished nor open."""
    told = on_a_small_disk(tmp_path, f"limit({size}); refused(page(1), page(2)); print(writer.close())")
    assert [line.partition("|")[0] for line in told] == ["refused", "refused", "None"]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_disk_that_has_space_again_gets_a_whole_segment(tmp_path: Path) -> None:
    """The writer goes on by itself."""
    told = on_a_small_disk(
        tmp_path, "limit(10); refused(page(1)); limit(100_000); writer.append(page(2)); writer.close()"
    )
    assert len(told) == 1
    (path,) = archive.segments(tmp_path)
    assert outcomes_of(path) == [page(2)]
    assert archive.read(path)[0] == INFO


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    writer = archive.Writer(tmp_path / "file", INFO)
    with pytest.raises(archive.ArchiveError, match="Name a folder, not a file") as caught:
        writer.append(page(1))
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOTDIR
    assert writer.close() is None
