"""MSER-5 on series worked by hand, on one with a known transient, on one that still trends."""

from __future__ import annotations

import numpy as np
import pytest

from sim.warm_up import mser


def of_batches(means: list[float]) -> np.ndarray:
    """Return five observations a batch, spread evenly around its mean."""
    return (np.array(means)[:, None] + np.array([-1.0, 0.5, 0, 1.5, -1.0])).ravel()


def test_criterion_and_truncation_worked_by_hand() -> None:
    found = mser(of_batches([9, 1, 0, 1, 0, 1, 0, 1, 0, 1]))
    # d = 0: mean 1.4, squares 7.6² + 5 × 0.4² + 4 × 1.4² = 66.4, over 10²: 0.664.
    # d = 1: five 1, four 0, mean 5/9, squares 20/9, over 9²: 20/729 = 0.027435.
    # d = 2: four of each, squares 2, over 8²: 0.03125. d = 3: 12/7 over 49: 0.034985.
    # d = 4: 1.5 over 36: 0.041667. d = 5: 1.2 over 25: 0.048.
    assert found.criterion == pytest.approx([0.664, 20 / 729, 2 / 64, 12 / 343, 1.5 / 36, 1.2 / 25])
    assert (found.truncated, found.best, found.batches, found.too_short) == (5, 5, 10, False)


def test_nothing_is_truncated_from_a_series_that_begins_where_it_stays() -> None:
    assert mser(of_batches([0, 1] * 10)).truncated == 0
    assert mser(np.full(60, 3.0)).truncated == 0


def test_truncation_at_half_is_admitted_and_just_beyond_is_too_short() -> None:
    # After the jump all are equal, so the criterion is 0 there and at no other place.
    assert mser(of_batches([5.0] * 6 + [2.0] * 6)).truncated == 30
    beyond = mser(of_batches([5.0] * 7 + [2.0] * 5))
    assert (beyond.truncated, beyond.best, beyond.too_short) == (None, 35, True)


def test_incomplete_last_batch_is_left_out() -> None:
    series = of_batches([9, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    longer = np.concatenate([series, [1e6, 1e6]])
    assert mser(longer).truncated == mser(series).truncated == 5


def test_transient_of_an_autoregressive_series_is_found() -> None:
    # X_t = 0.5 X_{t−1} + noise, from 30: the transient halves at each observation, and is under one standard
    # deviation of the series (1.15) after 5 observations, one batch.
    draws, found = np.random.default_rng(4), []
    for _ in range(50):
        series, level = [], 30.0
        for noise in draws.normal(0, 1, 1000):
            level = 0.5 * level + noise
            series.append(level)
        found.append(mser(np.array(series)))
    truncated = [each.truncated for each in found if each.truncated is not None]
    assert len(truncated) >= 48  # the last batches may look calm by luck
    assert min(truncated) >= 5
    assert np.median(truncated) <= 15


def test_slow_transient_is_truncated_where_it_ends() -> None:
    # 20 (1 − t/200) until t = 200, then noise of standard deviation 1 around 0.
    draws = np.random.default_rng(8)
    trend = np.maximum(20 * (1 - np.arange(1000) / 200), 0)
    found = [mser(trend + draws.normal(0, 1, 1000)).truncated for _ in range(30)]
    assert all(each is not None and 170 <= each <= 215 for each in found), found


def test_series_that_still_trends_is_too_short() -> None:
    draws = np.random.default_rng(6)
    for slope in (0.1, -0.1):
        found = mser(slope * np.arange(400) + draws.normal(0, 1, 400))
        assert found.too_short
        assert found.truncated is None


def test_fewer_than_ten_batches_are_too_short_and_fifty_observations_are_not() -> None:
    assert mser(np.ones(49)).too_short
    assert mser(np.ones(0)).too_short
    assert not mser(np.ones(50)).too_short


def test_value_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="série, observation 3 : nan"):
        mser(np.array([1.0, 2, 3, np.nan] * 20))
