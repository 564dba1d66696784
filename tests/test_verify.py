"""Checking a segment finds every byte that is not what was written, and says how much is whole."""

import zlib
from pathlib import Path

import pytest

from storage import archive, verify
from tests.harbour import page, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a segment of three pages."""
    (segment,) = write(tmp_path, [page(1), page(2), page(3)])
    return segment


def test_a_segment_as_it_was_written_is_sound(path: Path) -> None:
    report = verify.check(path)
    assert report.sound
    assert (report.segment, report.run_id, report.outcomes) == (path.name, "r1", 3)
    assert report.bytes == path.stat().st_size


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"The ferry left", b"The ferry sank", "the block digest of a response is wrong"),
        (b"Accept: */*", b"Accept: x/y", "the block digest of a request is wrong"),
        (b"WARC-Payload-Digest: sha256:", b"WARC-Payload-Digest: sha255:", "the payload digest of a response is wrong"),
    ],
)
def test_an_edit_that_leaves_the_file_readable_is_found(path: Path, old: bytes, new: bytes, what: str) -> None:
    """A new gzip sum hides it from every reader that does not look at digests."""
    records = list(archive.read(path)[1])
    data = path.read_bytes()
    begin, end = records[1].offset, records[2].offset
    rest, plain = data[begin:end], []
    while rest:
        member = zlib.decompressobj(wbits=31)
        plain.append(member.decompress(rest).replace(old, new))
        rest = member.unused_data
    edited = b"".join(zlib.compress(each, wbits=31) for each in plain)
    path.write_bytes(data[:begin] + edited + data[end:])
    assert len(list(archive.read(path)[1])) == 3
    report = verify.check(path)
    assert [damage.what for damage in report.damages] == [what]
    assert report.outcomes == 2


def test_a_flipped_byte_is_found_or_changes_nothing_that_is_read(path: Path) -> None:
    """Nobody looks at some bits of gzip: a member's time and system, and the padding behind its data."""
    data, records = path.read_bytes(), list(archive.read(path)[1])
    unseen = 0
    for place in range(0, len(data), 3):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :])
        if verify.check(path).sound:
            unseen += 1
            assert list(archive.read(path)[1]) == records
    assert unseen < len(data) / 3 * 0.03


def test_a_cut_file_says_what_is_whole(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])
    report = verify.check(path)
    assert report.outcomes == 2
    assert not report.sound


def test_what_is_no_segment_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no archive")
    with pytest.raises(archive.ArchiveError):
        verify.check(path)
