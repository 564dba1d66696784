"""A newsroom in fast time through the real cycle: nothing lost, nothing doubled, edits seen, holes named, memory flat.

`SOAK_DAYS`, `SOAK_FEEDS` and `SOAK_MINUTES` (between two cycles) make it larger. `python -m tests.soak` is the same with
figures, and bounded in time.
"""

import os
from datetime import timedelta

import pytest

from tests.soak import course, rivals
from tests.soak.course import Soaked
from tests.soak.press import Press

DAYS = float(os.environ.get("SOAK_DAYS", "2"))
FEEDS = int(os.environ.get("SOAK_FEEDS", "12"))
STEP = timedelta(minutes=float(os.environ.get("SOAK_MINUTES", "60")))


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> Soaked:
    """All cycles."""
    return course.run(tmp_path_factory.mktemp("soak"), feeds=FEEDS, days=DAYS, step=STEP)


def test_every_article_published_long_enough_is_there_exactly_once(soaked: Soaked) -> None:
    """But for those that an outage or a deletion took before anybody could see them."""
    articles = course.articles(soaked)
    assert articles.expected > 20
    assert articles.lost == set()
    assert articles.doubled == 0
    assert articles.unknown == set()


def test_every_edit_that_a_revisit_came_after_is_a_revision(soaked: Soaked) -> None:
    """By the plan of revisits, from the first capture on."""
    made, seen = course.edits(soaked)
    assert made > 0
    assert seen == made


def test_holes_are_named_where_they_were_and_nowhere_else(soaked: Soaked) -> None:
    """Feeds whose whole window went by unseen are told as having gaps."""
    must, named, may = course.holes(soaked)
    assert must <= named
    assert named <= may


def test_memory_and_open_files_stay_flat(soaked: Soaked) -> None:
    """Over the second half; within 5 % once a soak is longer than the nine days of revisits and has one heap."""
    grown, files = course.growth(soaked)
    assert grown <= (0.05 if DAYS > 18 and os.environ.get("MALLOC_ARENA_MAX") == "1" else 0.25)
    assert files <= 2


def test_the_archive_verifies(soaked: Soaked) -> None:
    """Every segment of every cycle."""
    assert course.unsound(soaked) == []


def test_our_rule_costs_less_or_sees_sooner_than_those_of_others() -> None:
    """On the same newsroom: no rule of others has both fewer questions for a story and less delay, and none misses fewer."""
    feeds, tick = Press(60, 10.0).feeds, timedelta(minutes=5)
    ours = rivals.simulate(feeds, 10.0, None, tick)
    others = {
        rule.__name__: rivals.simulate(feeds, 10.0, rule, tick)
        for rule in (rivals.miniflux_round_robin, rivals.miniflux_entry_frequency, rivals.media_cloud)
    }
    print("ours", ours, others)
    for name, score in others.items():
        assert not (score.per_story < ours.per_story and score.hours_late < ours.hours_late), (name, score, ours)
        assert ours.missed <= score.missed, (name, score, ours)
