"""Wilson's interval of a share, against published examples and the score test it inverts."""

from __future__ import annotations

import numpy as np
import pytest

from sim.shares import wilson


def test_wilson_s_interval_is_that_of_the_score_test() -> None:
    # Bounds are where |share − p| = z √(p (1 − p)/n): 4 of 10, z = 1.959964.
    low, high = wilson(np.array([4.0, 0.0, 10.0, 0.0]), np.array([10.0, 10.0, 10.0, 0.0]), 0.95)
    for bound in (low[0], high[0]):
        assert abs(0.4 - bound) == pytest.approx(1.959964 * np.sqrt(bound * (1 - bound) / 10), rel=1e-6)
    # Never seen in 10: [0, z²/(10 + z²)].
    assert low[1] == pytest.approx(0, abs=1e-12)
    assert high[1] == pytest.approx(1.959964**2 / (10 + 1.959964**2), rel=1e-6)
    assert low[2] == pytest.approx(1 - high[1])
    assert high[2] == pytest.approx(1)
    assert np.isnan([low[3], high[3]]).all()


def test_a_published_example() -> None:
    low, high = (bound[0] for bound in wilson(np.array([81.0]), np.array([263.0]), 0.95))
    # Newcombe 1998 (Statistics in Medicine 17, 857-872), 81 of 263: 0.2553 to 0.3662.
    assert (low, high) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))


def test_the_interval_is_at_the_level_asked_for() -> None:
    # 15 of 20 at 90 %, z = 1.644854: middle (0.75 + 2.705543/40) / (1 + 2.705543/20) = 0.817639/1.135277 =
    # 0.720211; half 1.644854/1.135277 × √(0.1875/20 + 2.705543/1600) = 1.448857 × √0.011065965 = 0.152413.
    low, high = (bound[0] for bound in wilson(np.array([15.0]), np.array([20.0]), 0.90))
    assert (low, high) == (pytest.approx(0.567798, abs=2e-6), pytest.approx(0.872624, abs=2e-6))


def test_an_interval_stays_within_zero_and_one() -> None:
    low, high = wilson(np.array([0.0, 3.0]), np.array([3.0, 3.0]), 0.999)
    assert 0 <= low[0] < 1e-12
    assert 1 - 1e-12 < high[1] <= 1
