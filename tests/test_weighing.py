"""Log odds and probabilities."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.weighing import odds, probability


@given(st.floats(0.0, 1.0))
def test_log_odds_stay_within_bounds(p: float) -> None:
    """Nothing is surer than 99 in a hundred; in between they are turned back by `probability`."""
    assert abs(odds(p)) <= log(99) + 1e-9
    assert probability(odds(p)) == pytest.approx(min(0.99, max(0.01, p)))


@given(st.floats(-1e6, 1e6))
def test_a_probability_is_one(total: float) -> None:
    """However large the log odds are."""
    assert 0.0 <= probability(total) <= 1.0
