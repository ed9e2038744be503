"""Slopes of the first quartile: the same residences from the start to the end, and a paired difference."""

import numpy as np
import pytest

from mixite.report import slopes
from mixite.report.pictured import Lived


def lived(poor: list[list[list[int]]], kind: list[int]) -> Lived:
    """Return residences of ten households, `poor` by replication, year and residence."""
    counts = np.array(poor)
    ten = np.full(counts.shape, 10)
    codes = np.broadcast_to(kind, counts.shape)
    later = np.zeros((*counts.shape[:2], 1, 4), int)
    return Lived(np.array([2026, 2028]), codes, ten, ten, counts, np.zeros(len(counts), int), later)


def test_shares_by_type_at_the_start() -> None:
    run = lived([[[1, 3, 5, 9], [2, 3, 7, 9]]], kind=[0, 0, 2, -1])
    start, end = slopes.shares(run, run.kind[:, 0], 4)
    # Type 0: (1 + 3) / 20 then (2 + 3) / 20; type 2: 5 / 10 then 7 / 10; the last has no type.
    np.testing.assert_array_equal(start, [[0.2, np.nan, 0.5, np.nan]])
    np.testing.assert_array_equal(end, [[0.25, np.nan, 0.7, np.nan]])


def test_difference_at_the_end_is_paired() -> None:
    shares = np.array([[0.2], [0.3], [0.4], [0.5], [0.6], [0.7]])
    ends = {"a": shares, "b": shares + 0.1}
    (row,) = slopes.differences(ends, ("a", "b"))
    # Every replication differs by 0.1: the interval is a point although the shares spread.
    assert row["difference"] == pytest.approx(0.1)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((0.1, 0.1))


def test_interval_of_the_difference_by_hand() -> None:
    ends = {"a": np.array([[0.2], [0.2]]), "b": np.array([[0.2], [0.4]])}
    (row,) = slopes.differences(ends, ("a", "b"))
    # Differences 0 and 0.2: mean 0.1, standard error 0.1, t(1) at 97.5 % = 12.706.
    assert row["ci_high"] == pytest.approx(0.1 + 0.1 * 12.7062, rel=1e-4)


def test_an_unknown_group_has_no_difference() -> None:
    ends = {name: np.array([[np.nan, 0.2], [np.nan, 0.3]]) for name in "ab"}
    first, second = slopes.differences(ends, ("a", "b"))
    assert first == {} or first["difference"] != first["difference"]
    assert second["difference"] == 0
