"""Intervals of shares, against published examples and a second formula."""

from __future__ import annotations

import numpy as np
import pytest

from sim.concerned.wilson import difference, interval


def test_wilson_s_interval_is_where_the_score_test_turns() -> None:
    low, high = (bound[0] for bound in interval(np.array([81.0]), np.array([263.0])))
    # Newcombe 1998 (Statistics in Medicine 17, 857-872), 81 of 263: 0.2553 to 0.3662.
    assert (low, high) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))
    for bound in (low, high):  # (p − π)² = z² π(1 − π) / n
        assert (81 / 263 - bound) ** 2 == pytest.approx(1.959964**2 * bound * (1 - bound) / 263, rel=1e-6)


def test_newcombe_s_interval_of_a_difference() -> None:
    # Newcombe 1998, method 10: 56/70 − 48/80 = 0.2000, 0.0524 to 0.3339.
    low, high = difference(*(np.array([number]) for number in (48.0, 80.0, 56.0, 70.0)))
    assert (low[0], high[0]) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


def test_nobody_housed_has_an_interval_and_no_member_has_none() -> None:
    low, high = interval(np.array([0.0, 0.0]), np.array([10.0, 0.0]))
    assert low[0] == pytest.approx(0)
    assert high[0] == pytest.approx(0.2775, abs=5e-5)  # 0 of 10
    assert np.isnan([low[1], high[1]]).all()
