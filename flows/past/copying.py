"""The pages of a job that lie in files, copied into segments of our own, each capture once."""

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
    job, left = work.job, work.chooser.left
    found = files.Found()
    done = 0
    for where in job.where:
        for page in files.pages(job, where, found, agent=work.settings.fetch.user_agent):
            work.heed()
            key = key_of(page.want)
            if key in work.known:
                left[Left.KNOWN] += 1
            elif job.limit and done >= job.limit:
                left[Left.OVER] += 1
            else:
                done += 1
                if (key, page.exchange.at) not in work.memory.imported:
                    _keep(work, collector, page)
            work.note("importing", done=done)
    for problem in found.problems:
        work.problem(problem)
    work.note("importing", done=done, force=True)


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
