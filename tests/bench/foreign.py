"""How fast another's WARC file is filtered to one host: `python -m tests.bench.foreign [FILE] [--size 1000] [--host H]`.

Without FILE, one of so many MB is made in a temporary folder: pages that compress as real ones do, a gzip member a record,
of hosts that nobody asks for. The same file is read by bare FastWARC, which parses every record's headers and looks at
nothing else. Both are measured in turns, in the time of one core, so that other work on the machine does not count.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from fastwarc.warc import ArchiveIterator

from storage import foreign
from tests.past.writing import story

FLOOR, RATIO, MEMORY = 100.0, 1.3, 500.0  # MB a second, times bare FastWARC, MB of this process
_VARIETY = 2000  # records that are unlike each other; then they come again under other addresses


def make(path: Path, size: int) -> None:
    """Write a WARC file of so many bytes."""
    dice = random.Random(7)
    at = 0
    with path.open("wb", buffering=1 << 20) as file:
        packed = [_record(number, dice) for number in range(_VARIETY)]
        while at < size:
            file.writelines(packed)
            at = file.tell()


def _record(number: int, dice: random.Random) -> bytes:
    """Return one record: an article among the scripts and addresses that pages are full of."""
    filler = "".join(
        f'<a href="/{dice.getrandbits(64):x}" data-id="{dice.getrandbits(128):x}">more</a>' for _ in range(300)
    )
    body = story(number).page().replace(b"</body>", filler.encode() + b"</body>")
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://www.quay{number % 97}.example/{number}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    packer = zlib.compressobj(6, wbits=31)
    return packer.compress(head.encode() + block + b"\r\n\r\n") + packer.flush()


def bare(path: Path) -> int:
    """Read a file with FastWARC alone, and return its records."""
    return sum(
        record.headers.get("WARC-Target-URI") is not None for record in ArchiveIterator(str(path), parse_http=False)
    )


def filtered(path: Path, host: str) -> int:
    """Filter a file to a host, and return its pages."""
    return sum(1 for _ in foreign.read(path, at=datetime.now(UTC), hosts=[host]))


def measure(path: Path, host: str, rounds: int) -> bool:
    """Print the figures, and return whether they are within the bars."""
    size = path.stat().st_size / 1e6
    theirs = ours = float("inf")
    for _ in range(rounds):
        theirs = min(theirs, _seconds(lambda: bare(path)))
        ours = min(ours, _seconds(lambda: filtered(path, host)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"{size:,.0f} MB, filtered to {host}: {size / ours:.0f} MB a second and core (bar: {FLOOR:.0f}), or")
    print(f"bare FastWARC {size / theirs:.0f} MB a second: {ours / theirs:.2f} times its time (bar: {RATIO})")
    print(f"largest memory of the process {memory:.0f} MB (bar: {MEMORY:.0f})")
    return (size / ours >= FLOOR or ours / theirs <= RATIO) and memory < MEMORY


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> int:
    """Measure a file, and return 1 when a bar is missed."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("file", type=Path, nargs="?")
    asked.add_argument("--size", type=int, default=1000, help="MB of the file that is made")
    asked.add_argument("--host", default="elsewhere.example")
    asked.add_argument("--rounds", type=int, default=2)
    given = asked.parse_args()
    if given.file:
        return not measure(given.file, given.host, given.rounds)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "others.warc.gz"
        make(path, given.size * 1_000_000)
        # In a process of its own, so that making it does not count as memory of reading it.
        command = [sys.executable, "-m", "tests.bench.foreign", str(path), "--host", given.host]
        return subprocess.run([*command, "--rounds", str(given.rounds)], check=False, env=os.environ).returncode


if __name__ == "__main__":
    raise SystemExit(main())
