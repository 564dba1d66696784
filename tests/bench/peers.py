"""What people would use instead, on the same bytes and cores: `python -m tests.bench.peers [FOLDER] [NAME …]`.

Each peer has an environment of its own, made from the package index under the user's cache folder. Peers read files;
ours is the same pages through a whole cycle, fetched, archived, tagged and committed, except for feeds, where it is the
reading alone. CPU seconds count as well as the clock, since machines are noisy.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from extractors import feed
from tests.bench import environments, gauges, press, wire
from tests.bench.press import Press

INSTALLED = {  # what pip is told to install; lxml has its cleaner in a package of its own, and fundus
    # imports a name that later versions of curl_cffi do not have
    "trafilatura": ("trafilatura==2.3.*", "lxml_html_clean"),
    "trafilatura-cli": ("trafilatura==2.3.*", "lxml_html_clean"),
    "news-please": ("news-please", "lxml_html_clean"),
    "newspaper4k": ("newspaper4k", "lxml_html_clean"),
    "fundus": ("fundus", "curl_cffi<0.14"),
    "feedparser": ("feedparser==6.*",),
}
DOES = {
    "trafilatura": "text and metadata; keeps nothing",
    "trafilatura-cli": "text and metadata, a JSON file a page",
    "news-please": "text and metadata by several extractors that vote; keeps nothing",
    "newspaper4k": "text, metadata, images; keeps nothing",
    "fundus": "text in paragraphs and metadata by parsers for each outlet; only outlets that it knows; keeps nothing",
    "feedparser": "entries of feeds; own dates, no sitemaps, no JSON Feed; keeps nothing",
}
_OURS = "polls, fetches, archives, text and metadata, language, tags, relations, stories, rows in DuckDB, plan"


def ask(name: str, folder: Path) -> str:
    """Let a peer read a folder, and return a line about it."""
    python = environments.python_of(name.removesuffix("-cli"), *INSTALLED[name])
    command = [str(python), str(Path(__file__).with_name("rivals.py")), name, str(folder)]
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds, after = time.perf_counter() - began, os.times()
    if done.returncode:
        return f"{name}: not reported, because it failed: {done.stderr.strip().splitlines()[-1]}"
    told = json.loads(done.stdout.splitlines()[-1])
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return _line(f"{name} {told['version']}", told["given"], told["got"], seconds, spent, DOES[name])


def _line(name: str, given: int, got: int, seconds: float, spent: float, does: str) -> str:
    pace = f"{given / seconds:.0f}/s, {spent / max(1, given) * 1000:.1f} ms of CPU each"
    return f"{name}: {got} of {given}, {pace}; {does}"


def write(folder: Path, pages: Path, press_: Press) -> None:
    """Write the pages as files, with their first addresses, which some peers go by."""
    rows = [json.loads(line) for line in (pages / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    (folder / "pages").mkdir()
    told = []
    for number, page in enumerate(press.pages(pages, least=press_.pages, base=press_.base)):
        name = f"pages/{number}.html"
        (folder / name).write_bytes(page.body)
        told.append(json.dumps({"file": name, "url": rows[number % len(rows)]["url"] or "https://example.org/"}))
    (folder / "index.jsonl").write_text("\n".join(told), encoding="utf-8")


def write_feeds(folder: Path, feeds: Path) -> list[bytes]:
    """Write feed documents as files, and return them."""
    (folder / "feeds").mkdir()
    bodies = [
        path.read_bytes() for path in sorted(feeds.rglob("*")) if path.suffix in (".xml", ".rss", ".atom", ".rdf")
    ]
    for number, body in enumerate(bodies):
        (folder / "feeds" / f"{number}.xml").write_bytes(body)
    rows = (json.dumps({"file": f"feeds/{n}.xml", "url": "https://example.org/"}) for n in range(len(bodies)))
    (folder / "index.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return bodies


def read_feeds(bodies: list[bytes]) -> int:
    """Read feeds by one core, and return how many have entries."""
    return sum(bool(feed.parse(body, url="https://example.org/").entries) for body in bodies)


def main() -> None:
    """Print a line for each."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*", help="of peers; all without any")
    asked.add_argument("--folder", type=Path, default=press.PAGES)
    asked.add_argument("--pages", type=int, default=700, help="at least as many")
    given = asked.parse_args()
    names = given.names or list(INSTALLED)
    with press.serving(given.folder, least=given.pages, base=wire.BASE) as press_:
        with tempfile.TemporaryDirectory() as data:
            cost = gauges.measure(wire.whole, Path(data), press_.registry, press_.pages, press_.articles)
        if cost.result.problems:
            raise SystemExit(f"not reported, because: {'; '.join(cost.result.problems)}")
        print(_line("tripolar", press_.pages, cost.result.articles, cost.seconds, cost.cpu, _OURS))
        for name in (name for name in names if name != "feedparser"):
            with tempfile.TemporaryDirectory() as folder:
                write(Path(folder), given.folder, press_)
                print(ask(name, Path(folder)), flush=True)
    feeds = given.folder.parent / "feeds"
    if "feedparser" in names and feeds.exists():
        with tempfile.TemporaryDirectory() as folder:
            bodies = write_feeds(Path(folder), feeds)
            cost = gauges.measure(read_feeds, bodies)
            print(
                _line(
                    "tripolar, one core",
                    len(bodies),
                    cost.result,
                    cost.seconds,
                    cost.cpu,
                    "entries with dates, zones, languages",
                )
            )
            print(ask("feedparser", Path(folder)))


if __name__ == "__main__":
    main()
