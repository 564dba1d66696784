"""The memory of a worker that reads page after page: `python -m tests.bench.endurance [FOLDER] [--pages 5000]`.

One process reads segments of captured pages, each page changed from round to round, until it has read as many, and sends
each segment's tables away as a worker does. A run that reads fewer articles than it should is not reported.
"""

import argparse
import gzip
import pickle
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extractors.model import Entry, Exchange, Fetched, Purpose, Want
from flows import lexicon, reader
from storage import archive
from storage.archive import Info
from tests.bench import gauges, press

BAR = 400  # megabytes
AT = datetime(2026, 3, 4, 6, tzinfo=UTC)
_BASE = 21000
_EACH = 1000  # pages between two looks


def keep(folder: Path, pages: Path, least: int) -> tuple[int, int]:
    """Write pages into segments as large as those of a run. Returns how many there are, and how many are articles."""
    count = articles = 0
    with archive.Writer(folder, Info(run_id="bench", run_kind="ingest", started_at=AT), max_bytes=8_000_000) as writer:
        for page in press.pages(pages, least=least, base=_BASE):
            url = f"{press.origin(_BASE, page.outlet)[:-1]}{page.path}"
            at = AT + timedelta(seconds=count)
            want = Want(url=url, purpose=Purpose.PAGE, reason="new", entry=Entry(url=url, title=page.title))
            headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
            exchange = Exchange(url=url, at=at, status=200, headers=headers, body=gzip.compress(page.body, 1))
            writer.append(Fetched(want=want, at=at, exchange=exchange))
            count, articles = count + 1, articles + page.article
    return count, articles


def read(folder: Path, cache: Path) -> tuple[int, int, list[tuple[int, int]]]:
    """Read every segment. Returns pages, articles, and resident megabytes by pages read."""
    pages = articles = 0
    marks: list[tuple[int, int]] = []
    for path in archive.segments(folder):
        tables = reader.read_segment(path, cache).tables
        pickle.dumps(tables, protocol=pickle.HIGHEST_PROTOCOL)
        pages, articles = pages + len(tables.capture), articles + len(tables.revision)
        if pages // _EACH > len(marks):
            status = Path("/proc/self/status").read_text(encoding="ascii")
            marks.append((pages, int(status.split("VmRSS:")[1].split()[0]) // 1000))
    return pages, articles, marks


def main() -> int:
    """Measure. Returns 1 when the bar is missed, 2 when the run cannot be reported."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, nargs="?", default=press.PAGES)
    asked.add_argument("--pages", type=int, default=5000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        count, articles = keep(Path(name) / "archive", given.folder, given.pages)
        lexicon.load(Path(name) / "cache")  # as a loader does before it starts workers
        cost = gauges.measure(read, Path(name) / "archive", Path(name) / "cache")
    pages, got, marks = cost.result
    if pages != count or got < 0.9 * articles:
        print(f"not reported, because {pages} of {count} pages and {got} of {articles} articles were read")
        return 2
    for seen, now in marks:
        print(f"after {seen:,} pages {now} MB")
    print(
        f"{pages:,} pages, {pages / cost.cpu:.0f} pages for each second of CPU, at most {cost.parent:.0f} MB (bar: {BAR})"
    )
    return int(cost.parent > BAR)


if __name__ == "__main__":
    raise SystemExit(main())
