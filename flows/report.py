"""What a run did, for people: the same facts on the terminal and as Markdown in the Prefect UI. No SQL here."""

from collections.abc import Iterable, Sequence

from rich.console import Console, Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from extractors import urls
from extractors.model import Purpose
from flows.cycle import Report
from storage.reads import FeedLine


def lines(report: Report) -> list[str]:
    """Return what happened in a few plain sentences."""
    done, loaded, summary = report.collected, report.loaded, report.summary
    asked = done.total(Purpose.FEED) + done.total(Purpose.SITEMAP)
    counts = f"{asked} feeds asked, {done.total(Purpose.PAGE)} pages asked, {len(loaded.segments)} segments loaded"
    told = [f"run {report.run_id}: {counts}"]
    if summary is not None:
        told.append(", ".join(f"{n} {fate}" for fate, n in summary.pages) or "nothing new")
    if done.left:
        told.append(f"{done.left} pages are over this cycle's limit and will be asked for next time")
    if loaded.waiting or (loaded.why and summary is None):
        told.append(f"{len(loaded.waiting)} segments wait to be loaded: {loaded.why}")
    told += [f"damaged: {damage.where} at byte {damage.offset}: {damage.what}" for damage in loaded.damages]
    if summary is not None:
        told.append(summary.coverage)
        told += [f"stories were probably missed between two polls of {urls.redact(url)}" for url in summary.gaps]
    if not done.reached:
        told.append("nothing could be reached: is this machine online? (tripolar doctor tells more)")
    return told


def counts(report: Report) -> dict[str, int]:
    """Return a run in numbers, for the log of machines."""
    done, loaded = report.collected, report.loaded
    return {
        "feeds": done.total(Purpose.FEED) + done.total(Purpose.SITEMAP),
        "pages": done.total(Purpose.PAGE),
        "left": done.left,
        "segments": len(loaded.segments),
        "waiting": len(loaded.waiting),
        "damages": len(loaded.damages),
        "articles": report.summary.articles if report.summary else 0,
        "exit_status": report.exit_status,
    }


def show(report: Report, console: Console) -> None:
    """Print a run to a terminal."""
    for line in lines(report):
        console.print(Text(_printable(line)))
    if report.summary is None:
        return
    if report.summary.feeds:
        console.print(_feeds(report.summary.feeds))
    tables = [
        _counts(title, rows)
        for title, rows in (
            ("relations", report.summary.relations),
            ("topics", report.summary.topics),
            ("languages", report.summary.languages),
        )
        if rows
    ]
    if tables:
        console.print(Group(*tables))


def _feeds(feeds: Sequence[FeedLine]) -> Table:
    table = Table("outlet", "feed", "outcome", "entries", "new", "why", title="feeds", title_justify="left")
    for feed in feeds:
        style = "red" if feed.outcome == "failed" else None
        table.add_row(
            _cell(feed.source_id),
            _cell(urls.redact(feed.url)),
            feed.outcome,
            str(feed.entries),
            str(feed.new),
            _cell(feed.reason),
            style=style,
        )
    return table


def _counts(title: str, rows: Iterable[tuple[str, int]]) -> Table:
    table = Table(title, "new articles", title_justify="left")
    for label, n in rows:
        table.add_row(_cell(label), str(n))
    return table


def markdown(report: Report) -> str:
    """Return a run as Markdown. Text from the network is escaped: the UI renders HTML."""
    parts = [f"- {_plain(line)}" for line in lines(report)]
    if report.summary is not None:
        if report.summary.feeds:
            parts += ["", "| outlet | feed | outcome | entries | new | why |", "|---|---|---|---|---|---|"]
            parts += [_row(feed) for feed in report.summary.feeds]
        for title, rows in (("relation", report.summary.relations), ("topic", report.summary.topics)):
            if rows:
                parts += ["", f"| {title} | new articles |", "|---|---|"]
                parts += [f"| {_plain(label)} | {n} |" for label, n in rows]
    return "\n".join(parts)


def _row(feed: FeedLine) -> str:
    cells = (feed.source_id, urls.redact(feed.url), feed.outcome, str(feed.entries), str(feed.new), feed.reason)
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """Return text that neither Markdown nor HTML takes for anything else."""
    kept = _printable(text)
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "&#124;"), ("`", "&#96;"), ("[", "&#91;")):
        kept = kept.replace(sign, entity)
    return kept


def _cell(text: str) -> str:
    """Return text that a terminal table takes for nothing else."""
    return escape(_printable(text))


def _printable(text: str) -> str:
    """Return text without control characters: what strangers wrote moves no cursor and sets no title."""
    return "".join(c if c.isprintable() else " " for c in text)
