"""Pages and lists that lie in files: WARC files of others, by path or URL, folders of saved HTML, lists of URLs.

They become outcomes like those of the network, and go into segments of our own, so that the archive needs nobody else's
files. How a WARC file is read is in `storage.foreign`.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from extractors import intake, savedpage, urllist, wire
from extractors.model import Exchange, Fetched, Listing, Purpose, Want
from flows.manners import FetchSettings
from flows.past import remote
from storage import foreign
from storage.jobs import Job
from storage.window import Stream

WARCS = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")
PAGES = (".html", ".htm", ".xhtml", ".html.gz", ".htm.gz")
_LARGEST = 50_000_000  # bytes of a saved page
_LARGEST_LIST = 500_000_000  # bytes of a list, unpacked
_ZIP = b"PK\x03\x04"


@dataclass(slots=True, kw_only=True)
class Found:
    """What reading files met besides pages."""

    problems: list[str] = field(default_factory=list)
    skipped: int = 0  # records or files without a page that is wanted
    read: int = 0  # bytes


def pages(job: Job, where: str, found: Found, *, fetch: FetchSettings) -> Iterator[Fetched]:
    """Yield the pages of a file, a folder or a URL, in order, and note what is wrong. `fetch` is for URLs."""
    if job.kind == "pages":
        yield from _saved(Path(where), found)
        return
    if is_remote(where):
        try:
            with remote.stream(where, fetch) as stream:
                yield from _records(job, stream, where, found)
        except remote.RemoteError as error:
            found.problems.append(f"{where}: {error}")
        return
    path = Path(where)
    for file in _inside(path, WARCS) if path.is_dir() else [path]:
        yield from _records(job, file, file.name, found)


def is_remote(where: str) -> bool:
    """Tell whether a place is a URL rather than a path."""
    return where.startswith(("http://", "https://"))


def read_list(want: Want) -> Listing:
    """Return the list of URLs in a local file, plain, gzip or zip, that the `file:` URL of a want names."""
    path = Path(unquote(urlsplit(want.url).path))
    try:
        body = path.read_bytes()
    except OSError as error:
        return Listing(format="", problem=f"it cannot be read: {error.strerror}")
    return _list(body, want)


def listing(outcome: Fetched) -> Listing:
    """Return what a fetched listing says, also when it comes as a zip file, as those of GDELT do."""
    if outcome.exchange.body.startswith(_ZIP):
        return _list(outcome.exchange.body, outcome.want)
    return intake.parse_listing(outcome)


def _list(body: bytes, want: Want) -> Listing:
    if body.startswith(_ZIP):
        try:
            with zipfile.ZipFile(io.BytesIO(body)) as packed, packed.open(packed.infolist()[0]) as file:
                body = file.read(_LARGEST_LIST)
        except (zipfile.BadZipFile, zlib.error, IndexError, NotImplementedError, RuntimeError, EOFError) as error:
            return Listing(format="", problem=f"a zip file that cannot be opened: {error}")
    else:
        body = wire.unfold(body, None, limit=_LARGEST_LIST).body
    return urllist.parse(body, url=want.url, language=want.language, time_zone=want.time_zone)


def _inside(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.name.lower().endswith(suffixes) and path.is_file())


def _records(job: Job, source: Path | Stream, name: str, found: Found) -> Iterator[Fetched]:
    # A page captured before the job's time cannot have been published in it; one captured later may have been.
    captures = foreign.read(source, at=_now(), name=name, hosts=job.hosts or None, since=job.since)
    try:
        yield from captures
    finally:
        found.problems += [f"{each.where} at byte {each.offset}: {each.what}" for each in captures.damages]
        found.skipped += captures.skipped.total()
        found.read += captures.position


def _saved(folder: Path, found: Found) -> Iterator[Fetched]:
    files = [folder] if folder.is_file() else _inside(folder, PAGES)
    if not files:
        found.problems.append(f"{folder}: no saved pages ({', '.join(PAGES[:3])})")
    for path in files:
        try:
            if path.stat().st_size > _LARGEST:
                found.problems.append(f"{path}: larger than {_LARGEST:,} bytes")
                continue
            body = path.read_bytes()
            saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError as error:
            found.problems.append(f"{path}: {error.strerror}")
            continue
        url = savedpage.address(wire.unfold(body, None, limit=_LARGEST).body)
        if not url:
            found.problems.append(f"{path}: it does not say where it is from")
            found.skipped += 1
            continue
        want = Want(url=url, purpose=Purpose.PAGE, referrer=f"file:{path.name}", reason="backfill")
        exchange = Exchange(url=url, at=saved, status=200, headers=(("Content-Type", "text/html"),), body=body)
        yield Fetched(want=want, at=_now(), exchange=exchange)


def _now() -> datetime:
    return datetime.now(UTC)
