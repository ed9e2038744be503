"""Holm's correction for the number of differences read."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sim.multiplicity import holm

NAN = float("nan")


@pytest.mark.parametrize(
    ("p_values", "adjusted"),
    [
        # Ordered .005, .01, .03, .04: × 4, 3, 2, 1 = .02, .03, .06, .04; the last is raised to .06.
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
        ([0.04], [0.04]),
        ([0.5, 0.6], [1, 1]),  # 2 × .5 = 1, then .6 is raised to 1
        ([0.7, 0.9, 0.8], [1, 1, 1]),  # never above 1
        ([0.02, NAN, 0.03], [0.04, NAN, 0.04]),  # what is not tested does not count
        ([0.02, 0.02], [0.04, 0.04]),
        ([0, 0.03], [0, 0.03]),
        ([NAN], [NAN]),
        ([], []),
    ],
)
def test_adjusted_p_values_worked_by_hand(p_values: list[float], adjusted: list[float]) -> None:
    assert holm(np.array(p_values)) == pytest.approx(np.array(adjusted), nan_ok=True)


def closed_testing(p_values: np.ndarray, level: float) -> list[bool]:
    """Tell which hypotheses closed testing rejects: all intersections it belongs to, each by Bonferroni."""
    rows = range(len(p_values))
    subsets = [subset for size in range(1, len(p_values) + 1) for subset in combinations(rows, size)]
    rejected = {subset: min(p_values[list(subset)]) <= level / len(subset) for subset in subsets}
    return [all(told for subset, told in rejected.items() if row in subset) for row in rows]


def test_decisions_are_those_of_closed_testing_by_brute_force() -> None:
    draws, decisions = np.random.default_rng(2), []
    for case in range(600):
        p_values = draws.uniform(0, 1, 1 + case % 6) ** 4  # many small ones
        if case % 3 == 0:
            p_values = np.round(p_values, 2)  # some equal
        found = (holm(p_values) <= 0.05).tolist()
        assert found == closed_testing(p_values, 0.05), p_values
        decisions += found
    assert 300 < sum(decisions) < len(decisions) - 300  # both decisions are common


def test_no_false_difference_in_95_families_of_100_when_none_is_true() -> None:
    draws = np.random.default_rng(3)
    families = draws.uniform(0, 1, (4000, 13))
    wrong = np.mean([(holm(family) <= 0.05).any() for family in families])
    # Independent rows: 1 − (1 − .05/13)^13 = .0488 exactly; 4 standard errors of .0034.
    assert wrong == pytest.approx(0.0488, abs=0.0137)
    assert np.mean((families <= 0.05).any(axis=1)) > 0.4  # read alone, half the families would hold one


@pytest.mark.parametrize("wrong", [-0.1, 1.2])
def test_value_that_is_no_probability_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="valeurs p hors de 0-1"):
        holm(np.array([0.5, wrong]))
