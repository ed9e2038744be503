"""The type of a residence, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from sim.rules.peuplement import Ruler, fix

# Eight residences of ten households. First quartile: 0, 1, … 7, in all 28 of 80: 35 %. Below 40 % of PLUS:
# the same counts. Without shrinkage the score is (share − 0.35) / spread, the spread being
# √mean((k/10 − 0.35)²) = √(((0.35² + 0.25² + 0.15² + 0.05²) × 2) / 8) = √0.0525.
TEN = np.full(8, 10)
POOR = np.arange(8)
SPREAD = np.sqrt(0.0525)
HALVES = np.array([0.5, 0.5])


def two(first: ArrayLike, second: ArrayLike) -> np.ndarray:
    return np.column_stack([first, second]).astype(float)


def fixed(households: ArrayLike, first: ArrayLike, second: ArrayLike, shrinkage: float = 0.0) -> Ruler:
    n = np.asarray(households)
    return fix(two(first, second), two(n, n), n, HALVES, shrinkage)


def types(ruler: Ruler, households: ArrayLike, first: ArrayLike, second: ArrayLike) -> list[int]:
    return ruler.types(ruler.score(two(first, second), two(households, households))).tolist()


def test_each_type_holds_a_quarter_of_the_households() -> None:
    ruler = fixed(TEN, POOR, POOR)
    assert ruler.mean == pytest.approx([0.35, 0.35])
    assert ruler.spread == pytest.approx([SPREAD, SPREAD])
    assert ruler.score(two(POOR, POOR), two(TEN, TEN)) == pytest.approx((POOR / 10 - 0.35) / SPREAD)
    assert types(ruler, TEN, POOR, POOR) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_the_score_is_the_weighted_mean_of_the_shares() -> None:
    # The second share runs the other way: with equal weights the two z-scores cancel, with 3 and 1 half of
    # the first one is left: (3 z − z) / 4.
    x, n = two(POOR, POOR[::-1]), two(TEN, TEN)
    assert fix(x, n, TEN, HALVES, 0.0).score(x, n) == pytest.approx(np.zeros(8))
    heavier = fix(x, n, TEN, np.array([3.0, 1.0]), 0.0)
    assert heavier.score(x, n) == pytest.approx((POOR / 10 - 0.35) / SPREAD / 2)


def test_an_indicator_observed_nowhere_weighs_nothing() -> None:
    x, n = two(POOR, 0 * POOR), two(TEN, 0 * TEN)
    ruler = fix(x, n, TEN, HALVES, 10.0)
    assert ruler.weights.tolist() == [1.0, 0.0]
    alone = fix(x[:, :1], n[:, :1], TEN, np.array([1.0]), 10.0)
    assert ruler.score(x, n).tolist() == alone.score(x[:, :1], n[:, :1]).tolist()


def test_a_quarter_is_of_households_not_of_residences() -> None:
    # 40, then seven of 10: the first alone holds 40 of 110 households, more than a quarter.
    households = np.array([40, 10, 10, 10, 10, 10, 10, 10])
    # Reached: 40, 50, 60, 70, 80, 90, 100, 110 of 110; quarters at 27.5, 55, 82.5.
    assert types(fixed(households, POOR, POOR), households, POOR, POOR) == [0, 1, 1, 2, 2, 2, 3, 3]


def test_a_small_residence_is_drawn_towards_the_epci() -> None:
    ruler = fixed(TEN, POOR, POOR, shrinkage=10.0)
    # 1 household of 1: (1 + 10 × 0.35) / (1 + 10) = 0.409, hardly above the EPCI's 0.35;
    # 100 of 100: (100 + 3.5) / 110 = 0.941.
    small, large = ruler.score(two([1, 100], [1, 100]), two([1, 100], [1, 100]))
    assert (small * ruler.spread[0] + 0.35, large * ruler.spread[0] + 0.35) == pytest.approx(
        (4.5 / 11, 103.5 / 110)
    )


@pytest.mark.parametrize("shrinkage", [0.0, 10.0])
def test_an_empty_residence_scores_as_the_epci(shrinkage: float) -> None:
    households, poor = np.append(TEN, 0), np.append(POOR, 0)
    ruler = fixed(households, poor, poor, shrinkage)
    assert ruler.score(two(poor, poor), two(households, households))[-1] == pytest.approx(0)


def test_a_ruler_stays_when_residences_change() -> None:
    poorer = np.minimum(POOR + 2, 10)
    # Each residence takes the place of the one two further: one type up, the last stays.
    assert types(fixed(TEN, POOR, POOR), TEN, poorer, poorer) == [1, 1, 2, 2, 3, 3, 3, 3]


@given(st.permutations(range(8)), st.floats(0, 30))
def test_the_order_of_residences_changes_no_type(order: list[int], shrinkage: float) -> None:
    households = np.array([12, 30, 7, 45, 22, 9, 61, 18])
    poor, poorest = np.array([5, 3, 6, 9, 11, 0, 20, 8]), np.array([6, 5, 6, 12, 13, 1, 31, 7])
    kinds = types(fixed(households, poor, poorest, shrinkage), households, poor, poorest)
    again = [column[order] for column in (households, poor, poorest)]
    assert types(fixed(*again, shrinkage), *again) == [kinds[place] for place in order]
