"""What a peer makes of a folder of files on all cores: run by the peer's own interpreter, `rivals.py NAME FOLDER`.

Prints one JSON line: version, how many files it was given, and from how many it got something. Defaults throughout, but nothing is fetched. Needs
nothing of this project: it runs in an environment that has the peer alone.
"""

import json
import logging
import os
import subprocess
import sys
from functools import cache
from importlib import import_module
from importlib.metadata import version
from multiprocessing import Pool
from pathlib import Path
from urllib.parse import urlsplit


def trafilatura(body, url):
    """The floor: the library at its defaults, with metadata."""
    from trafilatura import bare_extraction

    got = bare_extraction(body, url=url, with_metadata=True)
    return bool(got and got.text)


def news_please(body, url):
    """One article from given HTML. Its images would be fetched from their sites otherwise."""
    from newsplease import NewsPlease

    return bool(NewsPlease.from_html(body.decode("utf-8", "replace"), url=url, fetch_images=False).maintext)


def newspaper4k(body, url):
    """One article from given HTML."""
    from newspaper import Article

    got = Article(url, fetch_images=False)
    got.download(input_html=body.decode("utf-8", "replace"))
    got.parse()
    return bool(got.text)


def fundus(body, url):
    """The parser that is written for the outlet; None where there is none."""
    from datetime import UTC, datetime

    publisher = _publishers().get(urlsplit(url).netloc.removeprefix("www."))
    if publisher is None:
        return None
    got = publisher.parser(datetime.now(UTC).date()).parse(body.decode("utf-8", "replace"), "suppress")
    return bool(got.get("body"))


@cache
def _publishers():
    from fundus import PublisherCollection

    return {urlsplit(each.domain).netloc.removeprefix("www."): each for each in PublisherCollection}


def feedparser(body, url):
    """A feed with something to fetch: entries without an address count on neither side."""
    import feedparser as library

    return any(entry.get("link") for entry in library.parse(body).entries)


PEERS = {
    "trafilatura": (trafilatura, "trafilatura"),
    "news-please": (news_please, "newsplease"),
    "newspaper4k": (newspaper4k, "newspaper"),
    "fundus": (fundus, "fundus"),
    "feedparser": (feedparser, "feedparser"),
}


def attempt(task):
    """Read one file, by the name of the peer. One that it cannot read counts as nothing got."""
    name, path, url = task
    logging.disable(logging.ERROR)
    try:
        return PEERS[name][0](Path(path).read_bytes(), url)
    except Exception:
        return False


def command_line(folder, count):
    """The command line of trafilatura, which keeps what it got as files."""
    program = str(Path(sys.executable).with_name("trafilatura"))
    out = folder / "out"
    flags = [
        "--input-dir",
        "pages",
        "--output-dir",
        "out",
        "--json",
        "--with-metadata",
        "--parallel",
        str(os.cpu_count()),
    ]
    subprocess.run([program, *flags], cwd=folder, check=True, stdout=sys.stderr)
    print(json.dumps({"version": version("trafilatura"), "given": count, "got": sum(1 for _ in out.rglob("*.json"))}))


def main():
    """Read all files."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    rows = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    if name == "trafilatura-cli":
        command_line(folder, len(rows))
        return
    import_module(PEERS[name][1])  # an environment that lacks something is an error, not a figure of nothing
    tasks = [(name, str(folder / row["file"]), row["url"]) for row in rows]
    with Pool() as pool:
        got = [found for found in pool.map(attempt, tasks, chunksize=16) if found is not None]
    print(json.dumps({"version": version(name), "given": len(got), "got": sum(got)}))


if __name__ == "__main__":
    main()
