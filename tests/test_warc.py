"""Records are packed as WARC readers expect them and found again behind damage."""

import io
import random
import zlib
from datetime import UTC, datetime

import pytest

from storage import warc
from storage.warc import Damage, Part

AT = datetime(2026, 3, 4, 5, 6, 7, 89000, tzinfo=UTC)


def member(number: int = 1, block: bytes = b"ferry", level: int = warc.PACKED, **fields: str) -> bytes:
    """Return one packed record."""
    return warc.pack(
        "metadata",
        identity=f"urn:test:{number}",
        at=AT,
        fields=tuple((name.replace("_", "-"), value) for name, value in fields.items()),
        block=block,
        level=level,
    )


def read(data: bytes) -> list[Part | Damage]:
    """Return what a file says."""
    return list(warc.parts(io.BytesIO(data), "ours"))


@pytest.mark.parametrize("level", [warc.STORED, warc.PACKED])
def test_a_record_is_one_gzip_member_of_warc_1_1(level: int) -> None:
    data = member(level=level)
    assert zlib.decompress(data, wbits=31) == (
        b"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:test:1>\r\nWARC-Date: 2026-03-04T05:06:07.089000Z\r\n"
        b"WARC-Block-Digest: sha256:%s\r\nContent-Length: 5\r\n\r\nferry\r\n\r\n"
        % warc.digest(b"ferry").removeprefix("sha256:").encode()
    )
    (part,) = read(data)
    assert isinstance(part, Part)
    assert (part.kind, part.block, part.offset, part.length) == ("metadata", b"ferry", 0, len(data))
    assert part.field("warc-record-id") == "<urn:test:1>"
    assert part.field("nothing") is None


def test_a_header_stays_on_its_line_whatever_it_holds() -> None:
    (part,) = read(member(WARC_Target_URI="https://harbour.example/\r\nWARC-Type: response\0渡\ud800"))
    assert isinstance(part, Part)
    assert part.kind == "metadata"
    assert part.field("WARC-Target-URI") == "https://harbour.example/%0D%0AWARC-Type: response%00渡%3F"


def test_records_follow_each_other_by_offset_and_length() -> None:
    members = [member(number, bytes(number * 40_000)) for number in range(5)]
    found = read(b"".join(members))
    assert all(isinstance(part, Part) for part in found)
    lengths = [part.length for part in found if isinstance(part, Part)]
    assert lengths == [len(each) for each in members]
    assert [part.offset for part in found] == [sum(lengths[:number]) for number in range(5)]


def test_reading_begins_where_it_is_told() -> None:
    first, second = member(1), member(2)
    (part,) = warc.parts(io.BytesIO(first + second), "ours", start=len(first))
    assert part.offset == len(first)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"rubbish " * 9000,
        b"\x1f\x8b\x08" * 50,
        zlib.compress(b"no record", wbits=31),
        member(9)[:-3],
        member(9)[:-8] + bytes(4) + member(9)[-4:],
    ],
    ids=["nothing", "rubbish", "false marks", "no record", "short", "wrong sum"],
)
def test_reading_goes_on_behind_what_is_broken(broken: bytes) -> None:
    found = read(member(1) + broken + member(2))
    assert [part.field("WARC-Record-ID") for part in found if isinstance(part, Part)] == [
        "<urn:test:1>",
        "<urn:test:2>",
    ]
    damages = [part for part in found if isinstance(part, Damage)]
    assert len(damages) == (1 if broken else 0)
    assert all(damage.where == "ours" and damage.offset == len(member(1)) for damage in damages)


def test_a_length_that_is_wrong_is_a_damage() -> None:
    plain = zlib.decompress(member(), wbits=31).replace(b"Content-Length: 5", b"Content-Length: 6")
    (damage,) = read(zlib.compress(plain, wbits=31))
    assert isinstance(damage, Damage)
    assert "length" in damage.what


def test_no_byte_that_flips_raises_or_gives_another_block() -> None:
    data, chance = member(1, b"ferry" * 100) + member(2, b"ferry" * 100), random.Random(1)
    for _ in range(500):
        place = chance.randrange(len(data))
        found = read(data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :])
        assert {part.block for part in found if isinstance(part, Part)} <= {b"ferry" * 100}
        assert found
