"""Where a simulated value stands beside a published one: bands and ranges worked by hand."""

from __future__ import annotations

import math

import pytest

from mixite.validation.judging import judge


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ([9.0, 10.0, 11.0], "inside"),  # mean 10, in 9 to 11
        ([8.9, 9.1], "inside"),  # mean 9.0, a bound of the band belongs to it
        ([4.0, 14.0, 15.0], "inside"),  # mean 11: the range is wider than the band, the mean is in it
        ([6.0, 7.0, 8.0], "outside"),  # 2.5 and 97.5 % quantiles 6.05 and 7.95, under 9
        ([12.0, 13.0], "outside"),
        ([7.0, 8.0, 10.0], "not distinguished"),  # mean 8.33 is out, quantiles 7.05 to 9.9 reach in
        ([12.0], "outside"),  # one replication: the range is a point
        ([], "not measured"),
        ([None, math.nan], "not measured"),
    ],
)
def test_a_figure_of_10_plus_or_minus_1(values: list[float | None], outcome: str) -> None:
    assert judge(10.0, 1.0, values).outcome == outcome


def test_the_range_is_that_of_the_replications_with_a_value() -> None:
    found = judge(10.0, 1.0, [None, *(float(value) for value in range(41))])
    # 0 to 40, one by one: the quantile q stands at 40 q.
    assert (found.replications, found.mean) == (41, 20.0)
    assert (found.low, found.high) == (pytest.approx(1.0), pytest.approx(39.0))
