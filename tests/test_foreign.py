"""WARC files of others give their pages, and whatever is wrong in them is named and costs nothing else."""

import base64
import hashlib
import io
import os
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from fastwarc.warc import ArchiveIterator
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import archive, foreign
from storage.foreign import Skip

NOW = datetime(2026, 3, 4, tzinfo=UTC)
SHARED = Path(__file__).parents[2] / "shared/data/warcs"
PAGE = b"<h1>Harbour</h1><p>" + b"The ferry left on time. " * 20 + b"</p>"

Pack = Callable[[bytes], bytes]


def gzipped(data: bytes) -> bytes:
    """Return data as one gzip member."""
    packer = zlib.compressobj(6, wbits=31)
    return packer.compress(data) + packer.flush()


PACKS: dict[str, Pack] = {"plain": bytes, "gzip": gzipped, "zstd": zstandard.ZstdCompressor().compress}


def record(
    number: int,
    body: bytes = PAGE,
    *,
    kind: str = "response",
    url: str = "",
    date: str = "2026-01-02T03:04:05Z",
    http: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
    more: str = "",
    longer: int = 0,
) -> bytes:
    """Return a WARC record; `longer` is what its length says too much."""
    block = http.encode() + b"\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url or f'https://www.harbour.example/news/{number}'}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\nWARC-Date: {date}\r\n"
        f"Content-Type: application/http;msgtype={kind}\r\n{more}Content-Length: {len(block) + longer}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def read(data: bytes, folder: Path | None = None, **options: object) -> tuple[list[str], foreign.Captures]:
    """Return the last path segments of the pages of a file, which is read as a stream unless a folder is given."""
    source: Path | io.BytesIO = io.BytesIO(data)
    if folder:
        source = folder / "theirs.warc"
        source.write_bytes(data)
    captures = foreign.read(source, at=NOW, **options)  # type: ignore[arg-type]
    return [page.want.url.rpartition("/")[2] for page in captures], captures


# --- What is read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_every_packing_gives_the_pages_as_they_came(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "theirs"
    path.write_bytes(pack(record(1, kind="request")) + pack(record(1, more="WARC-IP-Address: 192.0.2.1\r\n")))
    (page,) = foreign.read(path, at=NOW)
    assert page.at == NOW
    assert page.want.url == page.exchange.url == "https://www.harbour.example/news/1"
    assert (page.want.reason, page.want.referrer) == ("backfill", "theirs")
    assert page.exchange.at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (page.exchange.status, page.exchange.body, page.exchange.ip) == (200, PAGE, "192.0.2.1")
    assert page.exchange.header("content-type") == "text/html"


def test_hosts_filter_with_or_without_www_port_and_user() -> None:
    urls = (
        "https://www.A.example:8443/1",
        "http://u:p@a.example/2",
        "https://b.a.example/3",
        "https://b.example/a.example",
    )
    data = b"".join(record(number, url=url) for number, url in enumerate(urls))
    for given_host in ("a.example", "www.a.example", "A.example"):
        pages, captures = read(data, hosts=[given_host])
        assert pages == ["1", "2"]
        assert captures.skipped == {Skip.HOST: 2}


def test_the_window_of_capture_includes_its_begin_and_excludes_its_end() -> None:
    data = b"".join(record(day, date=f"2026-01-0{day}T00:00:00Z") for day in range(1, 5))
    since, until = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 4, tzinfo=UTC)
    pages, captures = read(data, since=since, until=until)
    assert pages == ["2", "3"]
    assert captures.skipped == {Skip.TIME: 2}


def test_what_is_no_page_is_counted_by_its_reason() -> None:
    data = b"".join(
        (
            record(1, kind="revisit"),
            record(2, url="dns:harbour.example"),
            record(3, http="no message\r\n"),
            record(4, http="HTTP/1.1 404 Not Found\r\n"),
            record(5, b""),
            record(6, b"x" * 5000),
            record(7, kind="metadata"),
        )
    )
    pages, captures = read(data, max_bytes=4000)
    assert pages == []
    assert set(captures.skipped) == set(Skip) - {Skip.HOST, Skip.TIME, Skip.DAMAGED}
    assert captures.damages == []


def test_a_resource_record_is_a_page_without_http() -> None:
    block = record(1, kind="resource", http="").replace(b"application/http;msgtype=resource", b"text/html")
    captures = foreign.read(io.BytesIO(block), at=NOW)
    (page,) = captures
    assert page.exchange.body == b"\r\n" + PAGE
    assert page.exchange.headers == (("Content-Type", "text/html"),)


def test_reading_can_be_taken_up_at_the_offset_of_a_page(tmp_path: Path) -> None:
    path = tmp_path / "theirs.warc.gz"
    path.write_bytes(b"".join(gzipped(record(number)) for number in range(5)))
    captures = foreign.read(path, at=NOW)
    seen = [next(captures).want.url for _ in range(3)]
    captures.close()
    again = [page.want.url for page in foreign.read(path, at=NOW, start=captures.offset)]
    assert again[0] == seen[-1]
    assert len(again) == 3


# --- HTTP in a bad state ---------------------------------------------------------------------------------------------

CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        (b"5\r\nferry\r\n6;x=y\r\n left \r\n0\r\n\r\n", b"ferry left "),
        (b"5\nferry\n0\n\n", b"ferry"),
        (b"0005\r\nferry\r\n0\r\nTrailer: x\r\n\r\n", b"ferry"),
        (b"<p>not chunked</p>", b"<p>not chunked</p>"),
        (b"5\r\nferry\r\nFF\r\n cut", b"ferry cut"),
        (b"5\r\nferry\r\nzz\r\nrest", b"ferry\r\nzz\r\nrest"),
        (b"FFFFFFFF\r\nall there is", b"all there is"),
    ],
)
def test_chunking_is_undone_as_far_as_it_goes(sent: bytes, body: bytes) -> None:
    (page,) = foreign.read(io.BytesIO(record(1, sent, http=CHUNKED)), at=NOW)
    assert page.exchange.body == body


@pytest.mark.parametrize(
    "http",
    [
        "HTTP/1.1 200\r\nX-Seen: yes\r\n",
        "HTTP/1.0 200 OK\r\nX-Seen:yes\r\n",
        "HTTP/1.1 200 OK\nX-Seen: yes\n",
        "HTTP/1.1 200 OK\r\nX-Folded: a\r\n\tb\r\nno header\r\nX-Seen : yes\r\n",
    ],
)
def test_headers_in_odd_shapes_are_read(http: str) -> None:
    end = "\n" if "\r" not in http else ""
    data = record(1, http=http + end)
    (page,) = foreign.read(io.BytesIO(data), at=NOW)
    assert page.exchange.header("x-seen") == "yes"
    assert page.exchange.body.strip() == PAGE


def test_a_coding_that_the_crawler_undid_is_not_claimed_any_more() -> None:
    http = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    plain, packed = foreign.read(io.BytesIO(record(1, http=http) + record(2, gzipped(PAGE), http=http)), at=NOW)
    assert plain.exchange.header("content-encoding") is None
    assert packed.exchange.header("content-encoding") == "gzip"


# --- Digests ---------------------------------------------------------------------------------------------------------


def base32(name: str, data: bytes) -> str:
    """Return a digest as most crawlers write it."""
    return f"{name}:{base64.b32encode(hashlib.new(name, data).digest()).decode()}"


@pytest.mark.parametrize(
    ("claim", "sound"),
    [
        (base32("sha1", PAGE), True),
        (base32("sha1", PAGE).lower(), True),
        (base32("sha256", PAGE).rstrip("="), True),
        (f"SHA-256:{hashlib.sha256(PAGE).hexdigest()}", True),
        (f"md5:{hashlib.md5(PAGE, usedforsecurity=False).hexdigest()}", True),
        ("crc:1234", True),
        ("nonsense", True),
        (base32("sha1", PAGE + b"!"), False),
        (f"sha256:{hashlib.sha256(b'!').hexdigest()}", False),
    ],
)
def test_a_wrong_digest_is_named_and_skipped_and_an_unknown_one_is_no_reason(claim: str, sound: bool) -> None:
    pages, captures = read(record(1, more=f"WARC-Payload-Digest: {claim}\r\n") + record(2))
    assert pages == (["1", "2"] if sound else ["2"])
    assert [damage.what for damage in captures.damages] == ([] if sound else ["the payload digest is wrong"])


def test_a_payload_digest_may_be_with_or_without_chunking() -> None:
    sent = b"5\r\nferry\r\n0\r\n\r\n"
    for payload in (sent, b"ferry"):
        claim = f"WARC-Payload-Digest: {base32('sha1', payload)}\r\n"
        assert read(record(1, sent, http=CHUNKED, more=claim))[0] == ["1"]


# --- Files in a bad state --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [False, True], ids=["file", "stream"])
@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
@pytest.mark.parametrize("longer", [-30, 30, 200, 700, 10**6, 10**17])
def test_a_wrong_length_costs_the_record_that_has_it(pack: Pack, longer: int, stream: bool, tmp_path: Path) -> None:
    data = b"".join(pack(record(number, longer=longer if number == 2 else 0)) for number in range(1, 5))
    pages, captures = read(data, None if stream else tmp_path)
    assert pages == ["1", "3", "4"]
    assert [damage.where for damage in captures.damages] == ["stream" if stream else "theirs.warc"]


@pytest.mark.parametrize("stream", [False, True], ids=["file", "stream"])
@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_rubbish_between_records_is_named_and_passed_over(pack: Pack, stream: bool, tmp_path: Path) -> None:
    sound = f"HTTP/1.1 200 OK\r\nContent-Length: {len(PAGE)}\r\n"
    packed = [pack(record(number, http=sound)) for number in (1, 2)]
    pages, captures = read(packed[0] + b"\0rubbish\r\n" * 9 + packed[1], None if stream else tmp_path)
    assert pages == ["1", "2"]
    assert len(captures.damages) == 1


@pytest.mark.parametrize("stream", [False, True], ids=["file", "stream"])
@pytest.mark.parametrize("pack", [gzipped, PACKS["zstd"]], ids=["gzip", "zstd"])
def test_a_damaged_member_is_named_where_it_stands_and_passed_over(pack: Pack, stream: bool, tmp_path: Path) -> None:
    packed = [pack(record(number, os.urandom(500))) for number in range(1, 6)]
    for broken in (1, 3):
        packed[broken] = packed[broken][:100] + bytes(40) + packed[broken][140:]
    pages, captures = read(b"".join(packed), None if stream else tmp_path)
    assert pages == ["1", "3", "5"]
    assert len(captures.damages) == captures.skipped[Skip.DAMAGED] == 2


@pytest.mark.parametrize("stream", [False, True], ids=["file", "stream"])
@pytest.mark.parametrize("broken", [0, 1, 3])
def test_a_frame_with_a_wrong_checksum_does_not_end_the_reading(broken: int, stream: bool, tmp_path: Path) -> None:
    pack = zstandard.ZstdCompressor(write_checksum=True).compress
    frames = [pack(record(number)) for number in range(1, 6)]
    frames[broken] = frames[broken][:-4] + b"\0\0\0\0"
    pages, captures = read(b"".join(frames), None if stream else tmp_path)
    assert {"1", "2", "3", "4", "5"} - set(pages) <= {str(broken + 1)}
    assert len(captures.damages) == 1


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_file_that_ends_inside_a_record_gives_those_before(pack: Pack) -> None:
    data = pack(record(1)) + pack(record(2))[:-60]
    pages, captures = read(data)
    assert pages == ["1"]
    assert len(captures.damages) == 1


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"<html>no archive</html>", "no WARC file"),
        (gzipped(b"no archive"), "no WARC file"),
        (b"filedesc://x.arc 0.0.0.0 2026 text/plain 77\n", "ARC file"),
        (gzipped(b"filedesc://x.arc 0.0.0.0 2026 text/plain 77\n"), "ARC file"),
        (record(1, date="yesterday"), "no date"),
    ],
)
def test_what_cannot_be_read_at_all_is_one_damage_that_says_why(data: bytes, what: str) -> None:
    pages, captures = read(data)
    assert pages == []
    assert [what in damage.what for damage in captures.damages] == [True]


def test_a_missing_file_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(archive.ArchiveError, match=r"theirs\.warc"):
        next(foreign.read(tmp_path / "theirs.warc", at=NOW))


def test_a_stream_that_fails_is_not_taken_for_a_damaged_file() -> None:
    class Failing:
        def __init__(self) -> None:
            self.given = [record(1), record(2)[:90]]

        def read(self, _size: int = -1, /) -> bytes:
            if self.given:
                return self.given.pop(0)
            raise ConnectionResetError(104, "the other side went away")

    with pytest.raises(ConnectionResetError):
        list(foreign.read(Failing(), at=NOW))


@given(
    pack=st.sampled_from(list(PACKS.values())),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=60), st.integers(0, 300)), max_size=4),
)
@settings(max_examples=150, deadline=None)
def test_no_damage_whatever_raises_or_invents_a_page(pack: Pack, cuts: list[tuple[float, bytes, int]]) -> None:
    data = b"".join(pack(record(number, more=digest_of(PAGE))) for number in range(6))
    for place, put, out in cuts:
        at = int(place * len(data))
        data = data[:at] + put + data[at + out :]
    captures = foreign.read(io.BytesIO(data), at=NOW)
    assert {page.exchange.body for page in captures} <= {PAGE}


def digest_of(body: bytes) -> str:
    """Return the header line that proves a body."""
    return f"WARC-Payload-Digest: {base32('sha1', body)}\r\n"


# --- Files of others -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared WARC files are not here")
def test_nothing_in_the_shared_files_raises_and_streams_give_what_files_give() -> None:
    paths = [path for path in sorted(SHARED.rglob("*")) if path.is_file()]
    pages = 0
    for path in paths:
        from_file, from_stream = foreign.read(path, at=NOW), foreign.read(io.BytesIO(path.read_bytes()), at=NOW)
        found = list(from_file)
        assert [page.exchange for page in found] == [page.exchange for page in from_stream]
        assert from_file.skipped == from_stream.skipped
        pages += len(found)
    assert len(paths) > 50
    assert pages >= 94


@pytest.mark.skipif(
    "TRIPOLAR_BENCH" not in os.environ, reason="measures for half a minute: set TRIPOLAR_BENCH to run it"
)
def test_filtering_keeps_pace_with_the_fastest_reader(tmp_path: Path) -> None:
    """Nothing matches in a large file of pages: within 1.3 times bare FastWARC, or 100 MB of packed input a second."""
    path = tmp_path / "theirs.warc.gz"
    members = [gzipped(record(number, base64.b64encode(os.urandom(9000)) * 3)) for number in range(500)]
    with path.open("wb") as file:
        while file.tell() < 300 << 20:
            file.writelines(members)

    def bare() -> None:
        for each in ArchiveIterator(str(path), parse_http=False):
            assert each.headers.get("WARC-Target-URI") is not None

    def seconds(work: Callable[[], object]) -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    ours = min(seconds(lambda: list(foreign.read(path, at=NOW, hosts=["elsewhere.example"]))) for _ in range(2))
    theirs = min(seconds(bare) for _ in range(2))
    print(f"{path.stat().st_size / 1e6 / ours:.0f} MB/s, bare FastWARC {path.stat().st_size / 1e6 / theirs:.0f} MB/s")
    assert ours < 1.3 * theirs or path.stat().st_size / 1e6 / ours > 100
