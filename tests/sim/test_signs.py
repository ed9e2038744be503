"""Which headlines keep their sign under the three weights, on comparisons written by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.signs import CHANGES, KEPT, UNTOLD, WEIGHTS, signs

NAMES = ("indicator", "group", "year", "policy_a", "policy_b")


def table(**read: tuple[float, bool]) -> pd.DataFrame:
    """Return a comparison: indicator to (difference, distinguished), the interval half a unit wide."""
    return pd.DataFrame(
        [
            dict(zip(NAMES, (name, "all", 0, "cotation_only", "cotation_matched"), strict=True))
            | {"difference": value, "ci_low": value - 0.25, "ci_high": value + 0.25, "distinguished": told}
            for name, (value, told) in read.items()
        ]
    )


def verdict(points: tuple[float, bool], rank: tuple[float, bool], log: tuple[float, bool]) -> str:
    tables = {name: table(wait=each) for name, each in zip(WEIGHTS, (points, rank, log), strict=True)}
    return str(signs(tables["points"], tables)["sign"].iloc[0])


def test_the_weights_are_those_of_the_scenario() -> None:
    assert WEIGHTS == ("points", "rank", "log")


@pytest.mark.parametrize(
    ("under", "expected"),
    [
        (((1, True), (2, True), (0.5, True)), KEPT),
        (((-1, True), (-2, True), (-0.5, True)), KEPT),
        (((1, True), (-2, True), (0.5, True)), CHANGES),
        (((1, True), (-2, True), (0.1, False)), CHANGES),  # two opposite signs, both told, are enough
        (((1, True), (2, True), (0.1, False)), UNTOLD),
        (((1, True), (2, True), (-0.1, False)), UNTOLD),  # a sign that is not told from zero is no sign
        (((0.1, False), (-0.1, False), (0, False)), UNTOLD),
        (((1, True), (2, True), (float("nan"), False)), UNTOLD),
        (((0, False), (0, False), (0, False)), UNTOLD),
    ],
)
def test_a_sign_is_kept_when_it_is_told_and_the_same_three_times(
    under: tuple[tuple[float, bool], ...], expected: str
) -> None:
    assert verdict(*under) == expected


def test_each_weight_has_its_difference_and_interval() -> None:
    tables = {
        "points": table(wait=(1, True), share=(2, True)),
        "rank": table(share=(3, True), wait=(4, True)),  # in another order
        "log": table(wait=(5, True)),  # without a row
    }
    found = signs(tables["points"], tables)
    assert found["indicator"].tolist() == ["wait", "share"]
    assert found["difference_rank"].tolist() == [4, 3]
    assert found["ci_low_rank"].tolist() == [3.75, 2.75]
    assert found["distinguished_log"].tolist() == [True, False]
    assert found["sign"].tolist() == [KEPT, UNTOLD]


def test_no_headline_has_no_sign() -> None:
    nothing = table(wait=(1, True)).iloc[:0]
    assert signs(nothing, {"points": nothing, "rank": nothing, "log": nothing}).empty
