"""How fast the documented questions are on a corpus that `corpus.py` made: `python -m tests.bench.questions FILE`.

Each is asked six times; the median of the last five counts. A segment of a thousand articles is added at the end.
Prints a line a question and exits with 1 when one is over its bar.
"""

import argparse
import sys
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from storage import loading, warehouse
from tests.bench.newsworld import DAILY, END, World

BAR = 0.3  # seconds a question
SEGMENT_BAR = 5.0  # seconds for a segment of a thousand articles
MONTH = f"{END - timedelta(days=30):%Y-%m-%d}"
WEEK = f"{END - timedelta(days=7):%Y-%m-%d}"
NOW = f"{END:%Y-%m-%d}"

QUESTIONS = {
    "about a relation and a topic": f"SELECT day, language, source, title FROM articles_about('EU-CN', 'critical-raw-materials', since := '{MONTH}')",
    "the same with texts": f"FROM articles_about('EU-CN', 'critical-raw-materials', since := '{MONTH}')",
    "daily counts": f"SELECT day, relation, country, sum(articles) FROM relations_daily WHERE day >= DATE '{MONTH}' GROUP BY ALL",
    "rising topics": f"FROM rising_topics('{NOW}')",
    "state and independent": f"FROM state_against_independent('sanctions', since := '{MONTH}')",
    "who accuses whom": f"FROM who_to_whom('accuse', since := '{MONTH}')",
    "first reports": f"FROM first_reports('EU-CN', 'taiwan', since := '{MONTH}')",
    "changes": f"FROM changes_between('{WEEK}', '{NOW}')",
    "deletions": "SELECT source, title, gone_at FROM deleted_articles ORDER BY gone_at DESC LIMIT 50",
    "quotations": f"FROM quotations('EU/person12', since := '{MONTH}')",
    "days to come": f"FROM days_to_come('{WEEK}', '{NOW}')",
    "coverage": f"FROM coverage_between('{MONTH}', '{NOW}')",
    "feed health": "FROM feed_health",
    "stories": "SELECT title, articles, origin FROM stories ORDER BY articles DESC LIMIT 20",
    "as known": f"SELECT source, title FROM as_known_at('{MONTH}') WHERE dated_at > TIMESTAMPTZ '{MONTH}' - INTERVAL '7 days'",
    "evidence": f"SELECT article_id, quote FROM evidence WHERE label = 'taiwan' AND dated_at >= '{WEEK}'",
    "newest": "SELECT source, title, dated_at FROM articles ORDER BY dated_at DESC LIMIT 20",
    "languages": "SELECT language, count(*) FROM articles GROUP BY ALL",
}  # fmt: skip


def ask(path: Path) -> list[tuple[str, float, int]]:
    """Return name, median seconds and rows of each question."""
    told = []
    with warehouse.connect(path, read_only=True) as connection:
        connection.execute("SET threads = 2")
        for name, question in QUESTIONS.items():
            took = []
            for _ in range(6):
                before = time.perf_counter()
                rows = connection.execute(question).to_arrow_table().num_rows
                took.append(time.perf_counter() - before)
            told.append((name, median(took[1:]), rows))
    return told


def add(path: Path, seed: int) -> float:
    """Return the seconds that one more segment takes, with opening and closing the file."""
    with warehouse.connect(path) as connection:
        row = connection.execute("SELECT count(*) FROM segment").fetchone()
        assert row is not None
        days = int(row[0])
    part = World(seed, articles=(days + 1) * DAILY).segment(days)
    before = time.perf_counter()
    with warehouse.connect(path) as connection:
        loading.commit(connection, part.info, part.facts, part.tables)
    return time.perf_counter() - before


def main() -> None:
    """Read the command line, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    slow = False
    for name, seconds, rows in ask(given.file):
        slow |= seconds > BAR
        print(f"{seconds * 1000:7.0f} ms  {rows:7d} rows  {name}{'  OVER THE BAR' if seconds > BAR else ''}")
    seconds = add(given.file, given.seed)
    print(f"{seconds * 1000:7.0f} ms                a segment of {DAILY} articles more")
    sys.exit(1 if slow or seconds > SEGMENT_BAR else 0)


if __name__ == "__main__":
    main()
