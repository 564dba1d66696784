"""How well articles are read: text F1, title, day of publication, and article or not, per set and language.

python -m tests.eval.extraction [--pages INDEX.jsonl] [--peers] [--half dev|val] [--write PREDICTED.jsonl]

Without `--pages` it takes the captured pages of `../shared/data/pages` where they are, else the pages of our own
writing under `tests/cases/article`. `--peers` adds what others make of the same pages, each in an environment of
its own that is built from the package index under the user's cache folder; it says what was installed. Text:
precision and recall of shared word 4-grams a page, averaged, then F1; a title is right when it is the same but for
signs or the beginning of the other; a date when the day is.
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors import article, language, published
from extractors.model import Article, Unreadable

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "pages" / "index.jsonl"
CASES = ROOT / "tests" / "cases" / "article"
PEERS = {  # what pip is told to install; lxml has its cleaner in a package of its own
    "trafilatura": ("trafilatura==2.3.*", "lxml_html_clean"),
    "newspaper4k": ("newspaper4k", "lxml_html_clean"),
    "readability": ("readability-lxml", "lxml_html_clean"),
}
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page with what a reader should make of it; None is not known."""

    set: str
    file: str
    url: str
    body: bytes
    article: bool
    text: str
    title: str | None
    day: str | None  # YYYY-MM-DD
    content_type: str = "text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader made of a page."""

    article: bool
    text: str = ""
    title: str = ""
    published_at: str = ""


@dataclass(slots=True)
class Score:
    """Counts over the pages of a group."""

    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    title: list[bool] = field(default_factory=list)
    day: list[bool] = field(default_factory=list)
    kind: list[bool] = field(default_factory=list)
    invented: int = 0

    @property
    def f1(self) -> float:
        """F1 of the mean precision and the mean recall."""
        precision, recall = mean(self.precision), mean(self.recall)
        return 2 * precision * recall / max(1e-9, precision + recall)


def mean(values: Iterable[float]) -> float:
    """Return the mean, 0 of nothing."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def captured(index: Path) -> Iterator[Page]:
    """Yield the pages that an index lists, with the gold beside them."""
    with index.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            day = re.match(r"\d{4}-\d{2}-\d{2}", row.get("date") or "")
            yield Page(
                set=row["set"],
                file=row["file"],
                url=row.get("url") or "",
                body=gzip.decompress((index.parent / row["file"]).read_bytes()),
                article=row["article"],
                text=row.get("text") or "",
                title=row.get("title"),
                day=day[0] if day else None,
            )


def own() -> Iterator[Page]:
    """Yield the pages of our own writing."""
    for path in sorted(CASES.glob("*.html")):
        row = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
        yield Page(
            set="own",
            file=path.name,
            url=row["url"],
            body=path.read_bytes(),
            article=row["kind"] == "article",
            text=row.get("text", ""),
            title=row.get("title"),
            day=row["published"][:10] if "published" in row else None,
            content_type=row.get("content_type", "text/html"),
        )


def read(page: Page) -> Reading:
    """Read a page as the loader would, without help from a feed."""
    got: Article | Unreadable = article.read(page.body, url=page.url, content_type=page.content_type)
    if isinstance(got, Unreadable):
        return Reading(article=False, title=got.title)
    when = published.as_written(got.published) if got.published else ""
    return Reading(article=True, text=got.text, title=got.title, published_at=when)


def grams(text: str) -> Counter[tuple[str, ...]]:
    """Count the word 4-grams of a text; Chinese, Japanese and Korean characters are words."""
    words = _WORD.findall(text.lower())
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3))) if words else Counter()


def overlap(wanted: str, got: str) -> tuple[float, float]:
    """Return precision and recall of a text against the wanted one."""
    want, have = grams(wanted), grams(got)
    if not want and not have:
        return 1.0, 1.0
    shared = (want & have).total()
    return shared / max(1, have.total()), shared / max(1, want.total())


def same_title(wanted: str, got: str) -> bool:
    """Tell whether a title is the wanted one but for signs, or either begins with the other."""
    want, have = (re.sub(r"\W+", "", title.lower()) for title in (wanted, got))
    return bool(have) and (want == have or (len(have) > 10 and (want.startswith(have) or have.startswith(want))))


def score(pages: Iterable[Page], readings: Mapping[str, Reading]) -> dict[str, Score]:
    """Return the scores of each set and, under `set/language`, of each language in it."""
    scores: defaultdict[str, Score] = defaultdict(Score)
    for page in pages:
        got = readings.get(page.file, Reading(article=False))
        spoken = language.detect(page.text) or "?"
        for one in (scores[page.set], scores[f"{page.set}/{spoken}"]) if page.text else (scores[page.set],):
            one.kind.append(got.article == page.article)
            if not page.article:
                continue
            precision, recall = overlap(page.text, got.text)
            one.precision.append(precision)
            one.recall.append(recall)
            if page.title:
                one.title.append(same_title(page.title, got.title))
            if page.day:
                one.day.append(got.published_at[:10] == page.day)
            elif got.published_at[4:10] == "-01-01":
                one.invented += 1
    return dict(scores)


def table(scores: Mapping[str, Score], least: int = 1) -> str:
    """Return scores as lines, leaving out languages with fewer than `least` pages."""
    lines = [f"{'':24s} pages    P     R    F1   title    day   kind  invented"]
    for name in sorted(scores):
        one = scores[name]
        if not one.precision or ("/" in name and len(one.precision) < least):
            continue
        shares = "".join(f"  {mean(hits):.3f}" if hits else "      -" for hits in (one.title, one.day, one.kind))
        lines.append(
            f"{name:24s} {len(one.precision):5d} {mean(one.precision):.3f} {mean(one.recall):.3f} {one.f1:.3f}"
            f"{shares}  {one.invented}"
        )
    return "\n".join(lines)


def measure(pages: list[Page]) -> tuple[dict[str, Reading], float]:
    """Read all pages, warm, and return the readings and the pages per second of CPU."""
    for page in pages[:20]:
        read(page)
    start = time.process_time()
    readings = {page.file: read(page) for page in pages}
    return readings, len(pages) / max(1e-9, time.process_time() - start)


def ask_peer(name: str, pages: list[Page]) -> tuple[dict[str, Reading], float]:
    """Have a peer read the pages in its own environment, which is built when it is not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tripolar" / "peers" / name
    python = cache / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(cache)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PEERS[name]], check=True)
    script = Path(__file__).with_name("extraction_peers.py")
    rows = "\n".join(json.dumps({"file": page.file, "url": page.url, "body": page.body.hex()}) for page in pages)
    done = subprocess.run([str(python), str(script), name], input=rows, capture_output=True, text=True, check=True)
    head, *lines = done.stdout.splitlines()
    facts: dict[str, Any] = json.loads(head)
    print(f"{name} {facts['version']}", file=sys.stderr)
    readings = {}
    for row in map(json.loads, lines):
        file = row.pop("file")
        readings[file] = Reading(article=bool(row["text"]), **row)
    return readings, facts["pages_per_second"]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=Path, default=SHARED if SHARED.exists() else None)
    parser.add_argument("--half", choices=("dev", "val"), help="every page whose name falls into that half")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--write", type=Path, help="write what was read, a JSON line a page")
    given = parser.parse_args()
    pages = list(captured(given.pages) if given.pages else own())
    if given.half:
        halves = {page.file: int(hashlib.sha256(page.file.encode()).hexdigest(), 16) % 2 for page in pages}
        pages = [page for page in pages if halves[page.file] == (given.half == "dev")]
    readings, pace = measure(pages)
    print(f"Tripolar, {pace:.0f} pages a second of one core\n{table(score(pages, readings), least=5)}")
    if given.write:
        rows = (
            {"file": file, **{name: getattr(got, name) for name in Reading.__slots__}} for file, got in readings.items()
        )
        given.write.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    for name in PEERS if given.peers else ():
        readings, other = ask_peer(name, pages)
        print(f"\n{name}, {other:.0f} pages a second, {pace / other:.1f} times fewer")
        print(table(score(pages, readings), least=5))


if __name__ == "__main__":
    main()
