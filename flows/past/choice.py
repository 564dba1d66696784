"""Which entries of a listing a job wants, and what becomes of the others: each is counted once. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from extractors import dates, period, urls
from extractors.model import Entry, Moment, Purpose, Source, Want
from flows.past import sources
from storage.jobs import Job

_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_SLACK = timedelta(days=1)  # of a day in an address, whose zone nobody knows


class Left(StrEnum):
    """Why an entry is not asked for."""

    KNOWN = "known"  # the corpus has it
    OUTSIDE = "outside"  # surely published at another time
    ELSEWHERE = "elsewhere"  # of a host that is not wanted
    TWICE = "twice"  # named before
    OVER = "over"  # over the job's limit


class Chooser:
    """Takes entries as listings name them, and keeps the pages that are wanted, in order."""

    def __init__(
        self, job: Job, outlets: Mapping[str, Source], hosts: Mapping[str, str], known: Collection[int] = ()
    ) -> None:
        """`outlets` by id, `hosts` to ids, `known` the first 64 bits of the ids of pages that need not be asked for."""
        self._job, self._outlets, self._hosts, self._known = job, outlets, hosts, known
        self._seen: set[int] = set()
        self.wants: list[Want] = []
        self.left: Counter[Left] = Counter()
        self.undated = 0  # wanted although nobody says their date yet

    def take(self, entry: Entry, told: Want) -> bool:
        """Take an entry that the answer to `told` names. Returns whether no listing has named its page before."""
        key = int(urls.key(entry.url)[:16], 16)
        if key in self._seen:
            self.left[Left.TWICE] += 1
            return False
        self._seen.add(key)
        if why := self._refusal(entry, key):
            self.left[why] += 1
        elif self._job.limit and len(self.wants) >= self._job.limit:
            self.left[Left.OVER] += 1
        else:
            self.wants.append(self._want(entry, told))
            self.undated += _date(entry) is None
        return True

    def _refusal(self, entry: Entry, key: int) -> Left | None:
        job = self._job
        host = urls.host(entry.url)
        if job.hosts and not any(host == wanted or host.endswith(f".{wanted}") for wanted in job.hosts):
            return Left.ELSEWHERE
        if is_outside(job, entry):
            return Left.OUTSIDE
        return Left.KNOWN if key in self._known else None

    def _want(self, entry: Entry, told: Want) -> Want:
        job = self._job
        outlet = self._outlets.get(urls.owner(entry.url, self._hosts) or told.source_id or "")
        return Want(
            url=entry.url,
            purpose=Purpose.PAGE,
            source_id=outlet.id if outlet else told.source_id,
            referrer=told.url,
            language=entry.language or (outlet.language if outlet else told.language),
            time_zone=outlet.time_zone if outlet else told.time_zone,
            # The index of an archive says when it came by, and nothing of the article.
            entry=None if job.kind == "wayback" else replace(entry, content=""),
            reason="backfill",
            via=sources.address(job, entry),
            since=job.since,
            until=job.until,
            undated=job.undated,
        )


def is_outside(job: Job, entry: Entry) -> bool:
    """Tell whether an article is surely of another time than the job's, before anybody has read it.

    Its date tells, or the day in its address; or it was last changed, or archived, before the job's time began.
    """
    if entry.published is not None:
        return not period.covers(entry.published, job.since, job.until)
    if (written := _in_path(entry.url)) is not None:
        since, until = job.since and job.since - _SLACK, job.until and job.until + _SLACK
        return not period.covers(written, since, until)
    return bool(job.since and entry.updated and not period.covers(entry.updated, job.since, None))


def _date(entry: Entry) -> Moment | None:
    return entry.published or _in_path(entry.url)


def _in_path(url: str) -> Moment | None:
    found = _DAY_IN_PATH.search(url.partition("?")[0])
    return dates.parse(f"{found[1]}-{found[2]}-{found[3]}") if found else None
