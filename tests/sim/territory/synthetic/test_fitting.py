"""Tables fitted to margins: cases worked by hand, and what must hold of any rounding."""

import numpy as np
import pytest

from sim.chance import Chance
from sim.territory.synthetic.fitting import LARGEST, Margin, fit, integerise, largest_remainder


def test_two_by_two_by_two_table_is_the_product_of_its_margins_without_association():
    # Seed of ones, margins (30, 70), (40, 60), (50, 50): cell (0, 0, 0) = 100 × 0.3 × 0.4 × 0.5 = 6,
    # cell (1, 1, 1) = 100 × 0.7 × 0.6 × 0.5 = 21, cell (0, 1, 0) = 100 × 0.3 × 0.6 × 0.5 = 9.
    margins = [Margin((axis,), np.array(t)) for axis, t in enumerate([(30, 70), (40, 60), (50, 50)])]
    fitted = fit(np.ones((2, 2, 2)), margins)
    assert fitted[0, 0, 0] == pytest.approx(6)
    assert fitted[1, 1, 1] == pytest.approx(21)
    assert fitted[0, 1, 0] == pytest.approx(9)


def test_fit_keeps_odds_ratios_and_structural_zeros():
    # Layer 0 of the seed has odds ratio 4 × 1 / (1 × 1) = 4 and margins 3, 3 × 3, 3: the table
    # (2, 1 / 1, 2) has them. Layer 1 has a zero at (0, 1) and margins 2, 3 × 4, 1: (2, 0 / 2, 1).
    seed = np.array([[[4.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [1.0, 1.0]]])
    rows, columns = np.array([[3, 3], [2, 3]]), np.array([[3, 3], [4, 1]])
    fitted = fit(seed, [Margin((0, 1), rows), Margin((0, 2), columns)], tolerance=1e-9)
    assert fitted == pytest.approx(np.array([[[2, 1], [1, 2]], [[2, 0], [2, 1]]]), abs=1e-6)


def test_largest_remainder_by_hand():
    # Floors 1, 2, 0, 3 make 6; 8 are wanted: one more to 0.9 and to 0.6 (not to 0.4 nor to 0.1).
    counts = largest_remainder(np.array([1.4, 2.6, 0.9, 3.1]), 8, np.zeros(4))
    assert counts.tolist() == [1, 3, 1, 3]


def test_equal_remainders_are_settled_by_the_ties():
    assert largest_remainder(np.array([0.5, 0.5]), 1, np.array([0.7, 0.2])).tolist() == [0, 1]


def test_rounded_table_meets_every_margin_within_one_unit_and_the_total():
    chance = Chance(7)
    values = chance.exponential("test", np.arange(3000, dtype=np.uint64)).reshape(30, 10, 10)
    values[:, 0, 0] = 0.0
    margins = []
    for axes in ((1, 2), (0, 1), (0, 2)):
        sums = values.sum(axis=tuple(a for a in range(3) if a not in axes))
        margins.append(Margin(axes, largest_remainder(sums.ravel(), 3000, np.arange(sums.size * 1.0))))
    scaled = values * 3000 / values.sum()
    targets = []
    for margin in margins:
        sums = scaled.sum(axis=tuple(a for a in range(3) if a not in margin.axes))
        counts = largest_remainder(sums.ravel(), 3000, np.arange(sums.size * 1.0)).reshape(sums.shape)
        targets.append(Margin(margin.axes, counts))
    rounded = integerise(scaled, targets, chance, "test/rounding")
    assert rounded.sum() == 3000
    assert (rounded[:, 0, 0] == 0).all()
    assert (rounded.sum(axis=0) == targets[0].totals).all()
    assert np.abs(rounded.sum(axis=2) - targets[1].totals).max() <= 1
    assert np.abs(rounded.sum(axis=1) - targets[2].totals).max() <= 1


def test_too_large_a_table_is_refused():
    with pytest.raises(ValueError, match=r"200001 cases : au plus 200000"):
        fit(np.ones(LARGEST + 1), [Margin((0,), np.ones(LARGEST + 1))])


def test_margins_of_different_totals_are_refused():
    with pytest.raises(ValueError, match="totaux différents"):
        fit(np.ones((2, 2)), [Margin((0,), np.array([1, 1])), Margin((1,), np.array([1, 2]))])


def test_a_structural_zero_that_forbids_a_margin_is_named():
    with pytest.raises(ValueError, match="cases nulles"):
        fit(np.array([[0.0, 0.0], [1.0, 1.0]]), [Margin((0,), np.array([1, 1]))])


def test_incompatible_margins_are_refused():
    # The diagonal only is allowed: row and column margins would have to be equal.
    margins = [Margin((0,), np.array([1, 3])), Margin((1,), np.array([2, 2]))]
    with pytest.raises(ValueError, match="incompatibles"):
        fit(np.eye(2), margins, rounds=50)
