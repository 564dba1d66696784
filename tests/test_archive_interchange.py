"""Segments open in other people's tools, with every digest right."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastWarc
from warcio.archiveiterator import ArchiveIterator as Warcio

from extractors.model import Exchange, Failed, NotModified, Outcome, Reason
from storage import foreign, warc
from tests.harbour import START, page, write

BODY = page().exchange.body
MOVED = Exchange(url="https://harbour.example/old", at=START, status=301, headers=(("Location", "/news/1"),))


def said() -> list[Outcome]:
    """Return one outcome of each kind."""
    same = replace(page(2).exchange, status=304, body=b"", protocol="HTTP/2")
    gone = replace(page(5).exchange, status=404, body=b"gone")
    return [
        replace(page(1), hops=(MOVED,)),
        NotModified(want=page(2).want, at=START, exchange=same, by="304"),
        NotModified(want=page(3).want, at=START, exchange=page(3).exchange, by="digest"),
        Failed(want=page(4).want, at=START, reason=Reason.DNS, detail="no such host"),
        Failed(want=page(5).want, at=START, reason=Reason.GONE, exchange=gone),
        Failed(want=page(6).want, at=START, reason=Reason.TRUNCATED, exchange=page(6).exchange),
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a segment with them."""
    (segment,) = write(tmp_path, said())
    return segment


KINDS = [
    *("warcinfo", "metadata"),
    *("metadata", "request", "response", "request", "response"),
    *("metadata", "request", "revisit"),
    *("metadata", "request", "revisit"),
    "metadata",
    *("metadata", "request", "response"),
    *("metadata", "request", "response"),
]


def test_warcio_reads_every_record_and_finds_every_digest_right(path: Path) -> None:
    kinds, bodies, ids, concurrent = [], {}, set(), set()
    with path.open("rb") as file:
        for record in Warcio(file, check_digests=True):
            body = record.content_stream().read()
            assert record.digest_checker.passed is not False, record.digest_checker.problems
            kinds.append(record.rec_type)
            ids.add(record.rec_headers["WARC-Record-ID"])
            concurrent.add(record.rec_headers["WARC-Concurrent-To"] or record.rec_headers["WARC-Record-ID"])
            if record.rec_type == "response":
                bodies[record.rec_headers["WARC-Target-URI"]] = (record.http_headers.get_statuscode(), body)
                assert record.digest_checker.passed
    assert kinds == KINDS
    assert len(ids) == len(kinds)
    assert concurrent <= ids
    assert bodies == {
        "https://harbour.example/old": ("301", b""),
        "https://harbour.example/news/1": ("200", BODY),
        "https://harbour.example/news/5": ("404", b"gone"),
        "https://harbour.example/news/6": ("200", BODY),
    }


def test_fastwarc_reads_every_record_and_finds_every_digest_right(path: Path) -> None:
    kinds, blocks, payloads = [], 0, 0
    for record in FastWarc(str(path), parse_http=False):
        kinds.append(str(record.record_type))
        blocks += record.verify_block_digest()
    for record in FastWarc(str(path), parse_http=True):
        payloads += record.is_http and str(record.record_type) == "response" and record.verify_payload_digest()
    assert kinds == KINDS
    assert (blocks, payloads) == (len(KINDS), KINDS.count("response"))


def test_revisits_say_what_they_are_of(path: Path) -> None:
    with path.open("rb") as file:
        revisits = [record.rec_headers for record in Warcio(file) if record.rec_type == "revisit"]
    assert [headers["WARC-Profile"].rpartition("/")[2] for headers in revisits] == [
        "server-not-modified",
        "identical-payload-digest",
    ]
    assert revisits[1]["WARC-Payload-Digest"] == warc.digest(BODY)
    assert [headers["WARC-Refers-To-Target-URI"] for headers in revisits] == [page(2).want.url, page(3).want.url]


def test_what_readers_ask_of_a_record_is_there(path: Path) -> None:
    with path.open("rb") as file:
        found = [(record.rec_type, record.rec_headers) for record in Warcio(file)]
    responses = [headers for kind, headers in found if kind == "response"]
    assert [headers["WARC-Truncated"] for headers in responses] == [None, None, None, "disconnect"]
    assert responses[1]["WARC-IP-Address"] == "192.0.2.7"
    assert responses[1]["WARC-Date"] == "2026-03-04T05:06:08Z"
    protocols = [headers["WARC-Protocol"] for kind, headers in found if kind in ("response", "revisit")]
    assert protocols == ["http/1.1", "http/1.1", "h2", "http/1.1", "http/1.1", "http/1.1"]
    assert found[0][1]["WARC-Filename"] == path.name


def test_a_segment_can_be_read_as_a_file_of_others(path: Path) -> None:
    captures = foreign.read(path, at=datetime(2026, 4, 1, tzinfo=UTC))
    assert [(each.want.url, each.exchange.body) for each in captures] == [
        (page(1).want.url, BODY),
        (page(6).want.url, BODY),
    ]
    assert captures.damages == []
