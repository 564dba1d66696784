"""How far a job is and what it would do, in words for people. No decisions."""

from datetime import timedelta

from flows.past.running import Forecast
from storage.jobs import Job, Progress

_LEFT = {
    "known": "in the corpus already",
    "outside": "of another time",
    "elsewhere": "of other hosts",
    "twice": "named twice",
    "over": "over the limit",
}


def title(job: Job) -> str:
    """Return a job in one line."""
    days = " ".join(
        [
            *([f"from {job.since:%Y-%m-%d}"] if job.since else []),
            *([f"to {job.until - timedelta(days=1):%Y-%m-%d}"] if job.until else []),
        ]
    )
    places = ", ".join(job.where[:3]) + (f" and {len(job.where) - 3} more" if len(job.where) > 3 else "")
    return " ".join(filter(None, (job.kind, places, days)))


def lines(job: Job, identity: str, progress: Progress | None) -> list[str]:
    """Return how far a job is in a few plain sentences."""
    if progress is None:
        return [f"job {identity}: {title(job)}: not begun"]
    told = [f"job {identity}: {title(job)}: {progress.phase}, {progress.done:,} of {progress.total:,} pages"]
    if progress.phase == "fetching" and progress.seconds_left is not None:
        told.append(f"about {duration(progress.seconds_left)} left, at the rate measured so far")
    counts = (
        (progress.listings, "listings read"),
        (progress.known, _LEFT["known"]),
        (progress.outside, _LEFT["outside"]),
        (progress.undated, "wanted although their date is not known before they are read"),
        (progress.elsewhere, _LEFT["elsewhere"]),
        (progress.over, _LEFT["over"]),
        (progress.left, "failed and may be tried again: run the same command later"),
    )
    if any(count for count, _ in counts):
        told.append("; ".join(f"{count:,} {what}" for count, what in counts if count))
    return told + [f"note: {problem}" for problem in progress.problems]


def forecast(job: Job, would: Forecast) -> list[str]:
    """Return what a job would do."""
    found = f"{title(job)}: {would.pages:,} pages of {len(would.hosts)} hosts"
    if job.kind in ("warc", "pages"):
        told = [f"{found} would be copied", "nobody is asked for them"]
    else:
        told = [
            f"{found}, named by {would.listings:,} listings",
            f"at the polite rate this takes about {duration(would.seconds)}",
        ]
    told.append(f"{would.undated:,} pages whose date is not known before they are read")
    told += [f"{count:,} {_LEFT[why]}" for why, count in would.left]
    told += [f"  {count:>8,}  {host}" for host, count in would.hosts[:10]]
    return told + [f"note: {problem}" for problem in would.problems]


def duration(seconds: float) -> str:
    """Return a length of time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours" if seconds < 172_800 else f"{seconds / 86400:.1f} days"
