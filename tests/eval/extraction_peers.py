"""What a peer makes of pages: run by its own interpreter, pages as JSON lines in, readings as JSON lines out.

Defaults throughout. Needs nothing of this project: it runs in an environment that has the peer alone.
"""

import json
import sys
import time
from importlib import import_module
from importlib.metadata import version


def trafilatura(body, url):
    """The library at its defaults, with metadata."""
    from trafilatura import bare_extraction

    got = bare_extraction(body, url=url or None, with_metadata=True)
    return {"text": got.text, "title": got.title, "published_at": got.date} if got else {}


def newspaper4k(body, url):
    """One article, parsed from given HTML: nothing is downloaded."""
    from newspaper import Article

    got = Article(url or "https://example.org/", fetch_images=False)
    got.download(input_html=body.decode("utf-8", "replace"))
    got.parse()
    return {
        "text": got.text,
        "title": got.title,
        "published_at": got.publish_date.isoformat() if got.publish_date else "",
    }


def readability(body, url):
    """Its summary as text; it gives no dates."""
    from lxml.html import fromstring
    from readability import Document

    got = Document(body.decode("utf-8", "replace"))
    return {"text": "\n".join(fromstring(got.summary()).itertext()), "title": got.short_title()}


PEERS = {
    "trafilatura": (trafilatura, "trafilatura", "trafilatura"),
    "newspaper4k": (newspaper4k, "newspaper4k", "newspaper"),
    "readability": (readability, "readability-lxml", "readability"),
}


def main():
    """Read all pages, the first twenty twice so that the process is warm."""
    read, package, module = PEERS[sys.argv[1]]
    import_module(module)  # an environment that lacks something is an error, not a figure of nothing
    rows = [json.loads(line) for line in sys.stdin]
    pages = [(row["file"], bytes.fromhex(row["body"]), row["url"]) for row in rows]

    def attempt(body, url):
        try:
            return read(body, url)
        except Exception as error:  # a page that a peer cannot read counts as empty
            print(type(error).__name__, file=sys.stderr)
            return {}

    for _, body, url in pages[:20]:
        attempt(body, url)
    start = time.process_time()
    readings = [(file, attempt(body, url)) for file, body, url in pages]
    pace = len(pages) / (time.process_time() - start)
    print(json.dumps({"version": version(package), "pages_per_second": pace}))
    for file, got in readings:
        print(json.dumps({"file": file, **{key: got.get(key) or "" for key in ("text", "title", "published_at")}}))


if __name__ == "__main__":
    main()
