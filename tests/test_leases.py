"""Host turns between processes: one at a time, whoever dies, whatever the file says."""

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.leases import Lease, Leases, Marks


def taken(leases: Leases, host: str = "news.example") -> Lease:
    lease = leases.acquire(host)
    assert lease is not None
    return lease


def test_a_host_is_leased_to_one_at_a_time_and_others_are_free(tmp_path: Path) -> None:
    """Two users of one directory stand for two processes: the lock is the file's, not the object's."""
    one, other = Leases(tmp_path), Leases(tmp_path)
    lease = taken(one)
    assert other.acquire("news.example") is None
    taken(other, "else.example").release()
    lease.release()
    taken(other).release()


def test_marks_are_read_by_the_next(tmp_path: Path) -> None:
    """To the millisecond."""
    lease = taken(Leases(tmp_path))
    assert lease.read() == Marks()
    lease.write(Marks(next_at=1782745661.125, rest_until=1782749999.5))
    lease.release()
    lease = taken(Leases(tmp_path))
    assert lease.read() == Marks(next_at=1782745661.125, rest_until=1782749999.5)
    lease.release()


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"soon later", b"12", b"1782745661.1", b"x" * 10_000])
def test_a_damaged_file_says_nothing_and_is_mended(tmp_path: Path, content: bytes) -> None:
    """A torn write, a full disk, somebody's editor."""
    taken(Leases(tmp_path)).release()
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    lease = taken(Leases(tmp_path))
    assert lease.read() == Marks()
    lease.write(Marks(next_at=5.0, rest_until=6.0))
    assert lease.read() == Marks(next_at=5.0, rest_until=6.0)
    lease.release()


@pytest.mark.parametrize("host", ["../../etc/passwd", "a" * 5000, "новости.рф", "x\x00y", "", "."])
def test_no_name_of_a_host_leads_out_of_the_directory(tmp_path: Path, host: str) -> None:
    """It comes from the network."""
    directory = tmp_path / "hosts"
    lease = taken(Leases(directory), host)
    lease.write(Marks(next_at=1.0))
    lease.release()
    assert [path.parent for path in tmp_path.rglob("*.host")] == [directory]


def test_a_directory_that_cannot_be_used_is_done_without(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Said once, and no error."""
    (tmp_path / "file").write_text("")
    leases = Leases(tmp_path / "file")
    assert not leases.usable
    assert leases.acquire("news.example") is None
    assert len(caplog.records) == 1


HOLDER = """
import sys, time
from pathlib import Path
from flows.leases import Leases, Marks
lease = Leases(Path(sys.argv[1])).acquire("news.example")
lease.write(Marks(next_at=99.0))
print("held", flush=True)
time.sleep(60)
"""


def test_a_process_that_is_killed_lets_go_and_leaves_its_marks(tmp_path: Path) -> None:
    """The kernel releases the lock; the pause that was begun is kept."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        leases = Leases(tmp_path)
        assert leases.acquire("news.example") is None
        process.send_signal(signal.SIGKILL)
    lease = taken(leases)
    assert lease.read() == Marks(next_at=99.0)
    lease.release()


def test_a_forked_worker_does_not_keep_a_lease(tmp_path: Path) -> None:
    """Extraction runs in worker processes that may have been forked while a host was being asked."""
    leases = Leases(tmp_path)
    lease = taken(leases)
    reading, writing = os.pipe()
    child = multiprocessing.get_context("fork").Process(target=os.read, args=(reading, 1))
    child.start()
    try:
        lease.release()
        taken(leases).release()
    finally:
        os.write(writing, b"x")
        child.join(10)
        os.close(reading)
        os.close(writing)
