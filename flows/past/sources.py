"""Where URLs of the past come from: what to ask first, and what an answer says to ask next. Pure: nothing is fetched.

Sitemap trees, the index of a web archive, feeds with older pages, lists of URLs. Files of others (WARC, saved pages)
need no asking: they are in `files`. Which of the entries are wanted is decided in `choice`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from extractors import memento, urls
from extractors.model import Entry, Listing, Purpose, Want
from storage.jobs import Job

MAX_LISTINGS = 50_000  # of one job: more is a trap
MAX_DEPTH = 8  # of sitemap indexes in sitemap indexes, and their kind; pages that follow on one another do not count
ROWS = 5_000  # of one page of an archive's index
LATER = timedelta(days=30)  # after its day an article is looked for in an archive
GUESSES = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")  # where robots files name no sitemap

_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/.]?(0[1-9]|1[0-2])(?!\d)")
_PURPOSE = {"sitemap": Purpose.SITEMAP, "wayback": Purpose.LISTING, "paged": Purpose.FEED, "urls": Purpose.LISTING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A listing to ask for, and how deep it is below where the job began."""

    want: Want
    depth: int = 0


def begin(job: Job, where: str, *, sitemaps: Iterable[str] = (), told: Want | None = None) -> list[Step]:
    """Return what to ask first for one place of a job. `sitemaps` are those that its robots file names.

    `told` has what is known of the outlet: source, language, time zone.
    """
    if job.kind == "wayback":
        return [_step(job, index(job, where), told)]
    if job.kind == "sitemap" and is_site(where):
        base = where if "://" in where else f"https://{where}"
        named = [url for url in sitemaps if urls.is_valid(url)]
        return [_step(job, url, told) for url in named or [urls.join(base, guess) for guess in GUESSES]]
    return [_step(job, where, told)]


def is_site(where: str) -> bool:
    """Tell whether a place is a whole site, and not a document of it."""
    return urlsplit(where if "://" in where else f"https://{where}").path in ("", "/")


def index(job: Job, where: str) -> str:
    """Return the request to the index of an archive (CDX): pages that it has of a host, a prefix or one URL.

    The first capture of each page that answered 200. An article is looked for from the first day of the job until
    `LATER` after its last.
    """
    pattern = where.removesuffix("*")
    kind = "prefix" if where.endswith("*") else "domain" if is_site(where) else "exact"
    parts = urlsplit(pattern if "://" in pattern else f"http://{pattern}")
    asked = (
        parts.netloc if kind == "domain" else f"{parts.netloc}{parts.path}{'?' + parts.query if parts.query else ''}"
    )
    query = [
        ("url", asked),
        ("matchType", kind),
        ("output", "json"),
        ("fl", "urlkey,timestamp,original,mimetype,statuscode,digest"),
        ("filter", "statuscode:200"),
        ("filter", "mimetype:text/html"),
        ("collapse", "urlkey"),
        *([("from", f"{job.since:%Y%m%d}")] if job.since else []),
        *([("to", f"{job.until + LATER:%Y%m%d}")] if job.until else []),
        ("limit", str(ROWS)),
        ("showResumeKey", "true"),
    ]
    return f"{job.archive.rstrip('/')}/cdx/search/cdx?{urlencode(query)}"


def follow(job: Job, step: Step, listing: Listing, *, fresh: int) -> list[Step]:
    """Return what to ask after a listing was read. `fresh` counts its entries that no listing before had."""
    if job.kind == "urls":
        return []
    more = [entry for entry in listing.more if job.kind != "sitemap" or _may_hold(job, entry)]
    depth = step.depth + (1 if job.kind == "sitemap" else 0)
    if depth > MAX_DEPTH:
        return []
    if more or job.kind != "paged":
        return [_step(job, entry.url, step.want, depth) for entry in more]
    if not fresh or _all_before(job, listing.entries):
        return []
    return [_step(job, next_page(step.want.url), step.want, depth)]


def next_page(url: str) -> str:
    """Return the address of the next older page of a feed, as WordPress has it: `?paged=2`, then 3."""
    parts = urlsplit(url)
    given = parse_qsl(parts.query, keep_blank_values=True)
    number = next((int(value) for name, value in given if name == "paged" and value.isdigit()), 1)
    query = urlencode([*((name, value) for name, value in given if name != "paged"), ("paged", str(number + 1))])
    return parts._replace(query=query, fragment="").geturl()


def _step(job: Job, url: str, told: Want | None, depth: int = 0) -> Step:
    want = Want(
        url=url,
        purpose=_PURPOSE[job.kind],
        source_id=told.source_id if told else None,
        language=told.language if told else None,
        time_zone=told.time_zone if told else None,
        referrer=told.url if told else "",
        reason="backfill",
    )
    return Step(want=want, depth=depth)


def _may_hold(job: Job, entry: Entry) -> bool:
    """Tell whether a sitemap may name pages of the job's time, by its last change and by the month in its name."""
    if job.since and entry.updated and entry.updated.at + timedelta(days=1) < job.since:
        return False
    months = {(int(year), int(month)) for year, month in _MONTH.findall(urlsplit(entry.url).path)}
    if len(months) != 1:
        return True
    year, month = months.pop()
    first = datetime(year, month, 1, tzinfo=UTC)
    # A month of slack on either side: outlets cut their sitemaps by the time of a change, or by their own zone.
    return not (
        (job.since and first + timedelta(days=62) < job.since) or (job.until and first - timedelta(days=31) > job.until)
    )


def _all_before(job: Job, entries: tuple[Entry, ...]) -> bool:
    """Tell whether a page of a feed, newest first, is older than the job's time: then so are those behind it."""
    dates = [entry.published.at for entry in entries if entry.published]
    return bool(job.since and dates and len(dates) == len(entries) and max(dates) + timedelta(days=1) < job.since)


def address(job: Job, entry: Entry) -> str:
    """Return where the page of an entry is asked for when that is not its own address."""
    return memento.address(f"{job.archive.rstrip('/')}/web", entry.guid, entry.url) if job.kind == "wayback" else ""
