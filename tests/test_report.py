"""What a run tells of itself is text, whatever strangers wrote into their feeds."""

import io
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from flows import report
from flows.collect import Collected
from flows.cycle import Report
from flows.load import Loaded
from storage.archive import Damage
from storage.reads import FeedLine, RunSummary

EVIL = "<script>alert(1)</script> | [x](javascript:alert(1)) ![x](http://x) `code`\n# head\n\x1b[31m\u202e &lt;"


def told(text: str) -> Report:
    """Return a report every text of which came from a stranger."""
    feed = FeedLine(source_id=text, url=f"http://x/{text}", outcome="failed", reason=text, entries=1, new=1)
    summary = RunSummary(
        run_id="r",
        feeds=(feed,),
        pages=((text, 1),),
        relations=((text, 1),),
        topics=((text, 1),),
        languages=((text, 1),),
        coverage=text,
        gaps=(text,),
    )
    damages = [Damage(where="segment", offset=1, what=text)]
    loaded = Loaded(damages=damages, why=text, waiting=["a"])
    return Report(
        run_id="r", started_at=datetime(2026, 7, 1, tzinfo=UTC), collected=Collected(), loaded=loaded, summary=summary
    )


def test_an_artifact_holds_no_markup_of_strangers() -> None:
    """Prefect's UI renders Markdown with HTML in it: no tag, link, image, code, table cell or line of theirs is left."""
    written = report.markdown(told(EVIL))
    assert "<" not in written
    assert "[" not in written
    assert "`" not in written
    assert "\x1b" not in written
    assert not [line for line in written.splitlines() if line.startswith("#")]
    rows = [line for line in written.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {7, 3}


def test_a_terminal_gets_no_escapes_and_no_markup_of_strangers() -> None:
    """Neither control sequences nor rich's own markup."""
    shown = io.StringIO()
    report.show(told("\x1b]0;owned\x07[bold red]x[/] [/unbalanced]"), Console(file=shown, width=300))
    assert "[bold red]" in shown.getvalue()
    assert "\x1b]0" not in shown.getvalue()


@given(st.text(max_size=60))
def test_no_text_breaks_a_report(text: str) -> None:
    """Nothing raises."""
    report.markdown(told(text))
    report.show(told(text), Console(file=io.StringIO(), width=120))
