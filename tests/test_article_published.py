"""Which of the dates of a page is that of its publication."""

from extractors import facts, markup, published
from extractors.model import Unreadable

URL = "https://harbour.example/the-lock-is-repaired"
STORY = (
    "<p>The gate of the lock was repaired by the harbour office, which took all of the day and of the night.</p>" * 3
)


def day(head: str, below: str = "", *, kind: str = "Article") -> str | None:
    """Return the day of a page with this in its head and this under its headline; `LD(a, b)` stands for a node."""
    node = f'<script type="application/ld+json">{{"@type":"{kind}","headline":"The lock is repaired",'
    head = head.replace("LD(", node).replace(")LD", "}</script>")
    page = f"<html><head>{head}</head><body><h1>The lock is repaired</h1>{below}{STORY}</body></html>"
    root = markup.parse(page.encode())
    assert not isinstance(root, Unreadable)
    got = published.choose(root, facts.read(root, URL), url=URL, title="The lock is repaired")
    return published.as_written(got.moment)[:10] if got else None


def test_a_day_that_only_the_words_under_the_headline_name_is_no_rival_to_a_declared_one() -> None:
    """Meta elements that give a day without a time are believed: the page may speak of another day first."""
    assert day('<meta name="publishdate" content="2026-02-13">', "<p>2026-02-10, the office said:</p>") == "2026-02-13"


def test_a_day_stamped_with_the_last_change_gives_way_to_the_one_that_is_shown() -> None:
    """One day for both, or a change before the publication, is what a system writes that knows no better."""
    for changed in ("2026-06-12", "2026-06-10"):
        stamp = f'LD("datePublished":"2026-06-12","dateModified":"{changed}")LD'
        assert day(stamp, "<div>November 2, 2025</div>") == "2025-11-02"


def test_a_page_that_says_twice_when_it_was_published_is_believed_over_the_day_of_a_change() -> None:
    """Shown without a word, the day of a change is not that of publication where node and meta element agree."""
    node = 'LD("datePublished":"2025-01-29T20:00:00Z","dateModified":"2025-08-19T13:00:00Z")LD'
    meta = '<meta property="article:published_time" content="2025-01-29T20:00:00Z">'
    assert day(node, "<div>August 19, 2025</div>") == "2025-08-19"
    assert day(node + meta, "<div>August 19, 2025</div>") == "2025-01-29"


def test_a_day_that_is_declared_and_shown_outvotes_one_that_is_only_declared() -> None:
    """A page that is written anew under its old address keeps the old day in one of its fields."""
    node = 'LD("datePublished":"2024-08-29T10:00:00Z")LD'
    meta = '<meta name="date" content="2025-11-25">'
    assert day(node + meta, '<span class="posted-on">Nov 25, 2025</span>') == "2025-11-25"
    assert day(node + meta) == "2024-08-29"
    both = '<span class="posted-on">Nov 25, 2025</span><span class="posted-on">Aug 29, 2024</span>'
    assert day(node + meta, both) == "2024-08-29"


def test_the_days_of_other_articles_on_the_page_outvote_nothing() -> None:
    """Several marked days belong to several articles."""
    cards = "".join(f'<span itemprop="datePublished">December {n}, 2025</span>' for n in (16, 11, 1))
    assert day('<meta property="article:published_time" content="2024-11-13T06:36:52Z">', cards) == "2024-11-13"


def test_where_node_and_page_speak_of_a_change_only_the_text_is_of_its_day() -> None:
    """No other day is known, and the days of other articles further down are none of this one's."""
    node = 'LD("dateModified":"2026-05-09 11:50:26")LD'
    cards = "".join(f'<div class="card"><span class="post-info">May {n}, 2026</span></div>' for n in (1, 2, 3))
    assert day(node, "<p>Updated on May 9, 2026</p>" + cards) == "2026-05-09"
    assert day(node, "<p>May 4, 2026</p><p>Updated on May 9, 2026</p>") == "2026-05-04"
    assert day(node) is None


def test_a_page_that_was_moved_keeps_the_day_that_it_shows_twice() -> None:
    """Its system stamped publication and change alike; a node that says it is an article is believed."""
    stamp = (
        '<meta property="article:published_time" content="2026-05-09T14:20:08Z">'
        '<meta property="article:modified_time" content="2026-05-09T14:20:08Z">'
    )
    assert day(stamp, '<time datetime="2026-03-01">March 1, 2026</time>') == "2026-03-01"
    assert day(stamp, '<time datetime="2026-03-01">March 1, 2026</time><p>May 9, 2026</p>') == "2026-05-09"
    node = 'LD("datePublished":"2026-05-09T14:20:08Z")LD'
    assert day(node + stamp, '<time datetime="2026-03-01">March 1, 2026</time>') == "2026-05-09"
