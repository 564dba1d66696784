"""Content codings: what servers send, what they mislabel, and what attackers send."""

import gzip
import tracemalloc
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import wire
from extractors.model import Reason

TEXT = "<html>Новости, 新闻, nouvelles</html>".encode() * 50
LIMIT = 1_000_000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "": bytes,
    "identity": bytes,
}


@pytest.mark.parametrize("coding", PACKERS)
def test_each_coding_is_undone(coding: str) -> None:
    assert wire.unfold(PACKERS[coding](TEXT), coding, limit=LIMIT) == wire.Unfolded(body=TEXT)


def test_deflate_without_its_header_is_undone() -> None:
    assert wire.unfold(raw_deflate(TEXT), "deflate", limit=LIMIT).body == TEXT


def test_zstd_streams_that_do_not_say_their_length_are_undone() -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    assert wire.unfold(packer.compress(TEXT) + packer.flush(), "zstd", limit=LIMIT).body == TEXT


def test_stacked_codings_are_undone_last_one_first() -> None:
    body = zstandard.compress(brotli.compress(gzip.compress(TEXT)))
    assert wire.unfold(body, "gzip, br , ZSTD", limit=LIMIT).body == TEXT


def test_a_gzip_file_without_a_label_is_undone_as_sitemaps_come() -> None:
    assert wire.unfold(gzip.compress(TEXT), None, limit=LIMIT).body == TEXT


def test_gzip_members_one_after_another_are_all_read_and_padding_is_passed_over() -> None:
    body = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 512
    assert wire.unfold(body, "gzip", limit=LIMIT) == wire.Unfolded(body=b"one two")


@pytest.mark.parametrize("label", ["gzip", "br", "deflate", "zstd", "utf-8", "gzip, br", "none", "compress"])
def test_text_with_a_label_that_it_does_not_bear_out_stays_as_it_came(label: str) -> None:
    assert wire.unfold(TEXT, label, limit=LIMIT) == wire.Unfolded(body=TEXT)


@pytest.mark.parametrize("label", ["br", "deflate", "zstd", "utf-8", ""])
def test_gzip_under_a_wrong_label_is_undone_as_gzip(label: str) -> None:
    assert wire.unfold(gzip.compress(TEXT), label, limit=LIMIT).body == TEXT


def test_an_unknown_coding_of_packed_bytes_is_named() -> None:
    unfolded = wire.unfold(bytes(range(256)), "dcb", limit=LIMIT)
    assert unfolded.problem is Reason.PROTOCOL
    assert "dcb" in unfolded.detail


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_stream_that_ends_early_gives_what_came_and_says_so(coding: str) -> None:
    original = b"".join(b"%d:%d\n" % (n, n * n * 7919 % 10007) for n in range(60_000))
    packed = PACKERS[coding](original)
    unfolded = wire.unfold(packed[: len(packed) * 3 // 4], coding, limit=LIMIT * 10)
    assert unfolded.problem is Reason.TRUNCATED
    assert original.startswith(unfolded.body)
    assert len(unfolded.body) > len(original) // 4


def test_a_damaged_stream_gives_what_came_before_the_damage() -> None:
    original = b"".join(b"%d:%d\n" % (n, n * n * 7919 % 10007) for n in range(60_000))
    packed = bytearray(gzip.compress(original))
    packed[len(packed) // 2 : len(packed) // 2 + 64] = b"\xff" * 64
    unfolded = wire.unfold(bytes(packed), "gzip", limit=LIMIT)
    assert unfolded.problem in (Reason.PROTOCOL, Reason.TRUNCATED)
    assert unfolded.body[:1000] == original[:1000]


def zeros(size: int) -> bytes:
    return b"\0" * size


BOMBS = {
    "gzip": (gzip.compress(zeros(100_000_000)), "gzip"),
    "deflate": (zlib.compress(zeros(100_000_000), 9), "deflate"),
    "br": (brotli.compress(zeros(100_000_000), quality=5), "br"),
    "zstd": (zstandard.compress(zeros(100_000_000), 19), "zstd"),
    "gzip in gzip": (gzip.compress(gzip.compress(zeros(100_000_000))), "gzip, gzip"),
    "gzip in br, unlabelled": (brotli.compress(gzip.compress(zeros(100_000_000))), "br"),
    "tiny members": (gzip.compress(b"") * 200_000, "gzip"),
    "tiny frames": (zstandard.compress(b"") * 200_000, "zstd"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_stops_early_in_bounded_memory(name: str) -> None:
    body, label = BOMBS[name]
    tracemalloc.start()
    try:
        unfolded = wire.unfold(body, label, limit=LIMIT)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert unfolded.problem in (Reason.BOMB, Reason.PROTOCOL)
    assert len(unfolded.body) <= LIMIT
    assert peak < 80_000_000 + 2 * len(body)


def test_codings_on_codings_without_end_are_a_bomb() -> None:
    body = TEXT
    for _ in range(10):
        body = gzip.compress(body)
    assert wire.unfold(body, "gzip", limit=LIMIT).problem is Reason.BOMB


def test_a_plain_body_over_the_limit_is_too_large() -> None:
    assert wire.unfold(zeros(LIMIT + 1), None, limit=LIMIT).problem is Reason.TOO_LARGE


@settings(deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br", "", "x"]))
def test_no_bytes_raise_and_none_exceed_the_limit(body: bytes, label: str) -> None:
    for data in (body, wire._GZIP + body, wire._ZSTD + body):
        unfolded = wire.unfold(data, label, limit=5_000)
        assert len(unfolded.body) <= 5_000


@settings(deadline=None)
@given(st.sampled_from(["gzip", "deflate", "br", "zstd"]), st.data())
def test_no_damage_to_a_coded_body_raises(coding: str, data: st.DataObject) -> None:
    packed = bytearray(PACKERS[coding](TEXT))
    for _ in range(data.draw(st.integers(1, 5))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    assert len(wire.unfold(bytes(packed), coding, limit=LIMIT).body) <= LIMIT
