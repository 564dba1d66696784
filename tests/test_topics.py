"""Which topics are asked for, and what is counted of each."""

import pytest

from extractors import topics
from extractors.topics import Subject


def subject(*terms: tuple[int, int, float]) -> Subject:
    """Return a topic with terms: rule, sentence and weight."""
    made = Subject()
    for rule, sentence, weight in terms:
        made.add(rule, sentence, weight)
    return made


@pytest.mark.parametrize(
    ("found", "is_asked"),
    [
        (subject((1, 4, 1.5)), False),
        (subject((1, 4, 1.5), (2, 5, 1.5)), False),
        (subject((1, 4, 1.5), (2, 5, 1.5), (3, 5, 1.5)), True),
        (subject((1, 4, 1.5), (1, 5, 1.5), (1, 6, 1.5)), False),  # a term counts less each time it comes again
        (subject((1, 0, 1.5)), True),  # the title
        (subject((1, 0, 0.5), (2, 1, 0.5)), False),  # weak ones here and there
        (subject((1, 0, 0.5), (2, 0, 0.5)), True),  # two of them in the title
        (subject((1, 4, 3.0)), True),  # a strong one
        (Subject(acts=[3]), True),
        (Subject(nears=[(0, 9, 2, 1)], sentences={1: 0.5}), True),
    ],
)
def test_a_topic_of_a_term_or_two_is_not_asked_for(found: Subject, is_asked: bool) -> None:
    """Unless it stands in the title, is strong, or is more than a term."""
    assert topics.asked({7: found}) == ({7} if is_asked else set())
