"""The pages of a job that lie in files, copied into segments of our own, each capture once."""

from collections.abc import Iterator
from dataclasses import replace

from extractors import urls
from extractors.model import Fetched
from flows.collect import Collector
from flows.past import files
from flows.past.choice import Left
from flows.past.memory import key_of
from flows.past.work import Work


def copy(work: Work, collector: Collector) -> None:
    """Copy what the job wants of its files. What an earlier run has copied is passed over."""
    done = 0
    for page in wanted(work):
        done += 1
        if (key_of(page.want), page.exchange.at) not in work.memory.imported:
            _keep(work, collector, page)
        work.note("importing", done=done)
    work.note("importing", done=done, force=True)


def wanted(work: Work) -> Iterator[Fetched]:
    """Yield what the job wants of its files, count what it does not want, and note what is wrong with them."""
    job, left = work.job, work.chooser.left
    taken = 0
    for where in job.where:
        found = files.Found()
        for page in files.pages(job, where, found, fetch=work.settings.fetch):
            work.heed()
            if key_of(page.want) in work.known:
                left[Left.KNOWN] += 1
            elif job.limit and taken >= job.limit:
                left[Left.OVER] += 1
            else:
                taken += 1
                yield page
        for problem in found.problems:
            work.problem(problem)


def _keep(work: Work, collector: Collector, page: Fetched) -> None:
    job = work.job
    outlet = work.outlets.get(urls.owner(page.want.url, work.hosts) or "")
    want = replace(
        page.want,
        source_id=outlet.id if outlet else None,
        language=outlet.language if outlet else None,
        time_zone=outlet.time_zone if outlet else None,
        since=job.since,
        until=job.until,
        undated=job.undated,
    )
    outcome = replace(page, want=want)
    collector.keep(outcome)
    work.memory.learn(outcome)
