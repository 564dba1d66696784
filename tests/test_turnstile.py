"""Readers beside a writer: nobody waits long, nothing is lost."""

import json
import subprocess
import sys
import time
from pathlib import Path
from subprocess import Popen

import pytest

from storage import turnstile, warehouse
from tests.desk import Segment, at, entry, revision

SEGMENTS = 100
READER = """
import json, sys, time
from pathlib import Path
from storage import query
longest, answers, last = 0.0, 0, 0
print("ready", flush=True)
while not Path(sys.argv[2]).exists():
    before = time.monotonic()
    with query.ask(Path(sys.argv[1]), "SELECT count(*) FROM articles JOIN article_relations USING (article_id)") as reader:
        count = reader.read_all().column(0)[0].as_py()
    longest = max(longest, time.monotonic() - before)
    assert count >= last, (count, last)
    answers, last = answers + 1, count
print(json.dumps([longest, answers, last]))
"""


def test_readers_in_a_loop_neither_starve_nor_are_starved(tmp_path: Path) -> None:
    """Four readers without a pause beside a hundred segments of a hundred feeds: each answer is of a whole number of
    segments, every segment gets in, and all of it ends in time that is counted in seconds."""
    corpus, done = tmp_path / "corpus.duckdb", tmp_path / "done"
    with warehouse.connect(corpus):
        pass
    readers = [
        Popen([sys.executable, "-c", READER, str(corpus), str(done)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        longest = 0.0
        for number in range(SEGMENTS):
            pages = [f"https://gull.example/{number}/{n}" for n in range(10)]
            segment = Segment(f"s{number:03d}").poll("gull", at(number), [entry(page) for page in pages])
            for page in pages:
                segment.capture(page, at(number + 0.5), revision(page, f"Words of {page}"))
            before = time.monotonic()
            with warehouse.connect(corpus, wait=30) as connection:
                longest = max(longest, time.monotonic() - before)
                assert segment.load(connection)
        done.touch()
        told = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    finally:
        done.touch()
        for reader in readers:
            reader.kill()
            reader.wait()
            if reader.stdout is not None:
                reader.stdout.close()
    print(f"longest wait of the writer {longest:.2f} s, of readers {max(row[0] for row in told):.2f} s, {sum(row[1] for row in told)} answers")  # fmt: skip
    assert longest < 10
    assert all(row[0] < 10 for row in told)  # the bar is a second; a busy machine is given more
    assert all(row[1] > 5 for row in told)
    with warehouse.connect(corpus, read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (10 * SEGMENTS,)
        assert connection.execute("SELECT count(DISTINCT segment) FROM segment").fetchone() == (SEGMENTS,)
        assert connection.execute("SELECT count(*) FROM poll").fetchone() == (SEGMENTS,)


def test_a_reader_does_not_stand_before_a_closed_turnstile_for_ever(tmp_path: Path) -> None:
    """A writer that has to wait for a long reading must not hold up all others."""
    path = tmp_path / "corpus.duckdb"
    with turnstile.closed(path), turnstile.entering(path):
        pass
    with turnstile.entering(path), turnstile.closed(path):
        pass


def test_a_folder_that_takes_no_lock_file_is_no_hindrance(tmp_path: Path) -> None:
    """Politeness is left out where it cannot be had."""
    path = tmp_path / "missing" / "corpus.duckdb"
    with turnstile.closed(path), turnstile.entering(path):
        pass


def test_an_error_inside_goes_out_as_it_is(tmp_path: Path) -> None:
    """The turnstile opens again, and swallows nothing."""
    path = tmp_path / "corpus.duckdb"
    with pytest.raises(OSError, match="mine"), turnstile.closed(path):
        raise OSError("mine")
    with turnstile.closed(path):
        pass
