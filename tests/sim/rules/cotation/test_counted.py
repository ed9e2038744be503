"""Which points of a line count, and what each family carries, worked by hand."""

import numpy as np
import pytest

from sim.rules.cotation import Grid, lines
from sim.rules.cotation.counted import counted, family_shares

GRID = Grid.model_validate(
    {
        "id": "counted",
        "status": "synthetic",
        "complete": True,
        "groups": [{"id": "m", "rule": "max"}, {"id": "s", "rule": "sum", "cap": 15}],
        "criteria": [
            {
                "id": "a",
                "family": "housing",
                "group": "m",
                "points": 40,
                "when": {"attr": "owner", "op": "eq", "value": True},
            },
            {
                "id": "b",
                "family": "household",
                "group": "m",
                "points": 30,
                "when": {"attr": "wide", "op": "eq", "value": True},
            },
            {
                "id": "c",
                "family": "territory",
                "group": "s",
                "points": 10,
                "when": {"attr": "works_in_epci", "op": "eq", "value": True},
            },
            {
                "id": "d",
                "family": "territory",
                "group": "s",
                "points": 20,
                "when": {"attr": "lives_in_epci", "op": "eq", "value": True},
            },
            {
                "id": "e",
                "family": "behaviour",
                "points": -5,
                "when": {"attr": "mobility", "op": "eq", "value": True},
            },
        ],
    }
)
FACTS = {
    "owner": np.array([1, 0], np.int8),
    "wide": np.array([1, 1], np.int8),
    "works_in_epci": np.array([1, 0], np.int8),
    "lives_in_epci": np.array([1, 0], np.int8),
    "mobility": np.array([0, 1], np.int8),
}


def test_the_best_of_a_group_counts_alone_and_a_capped_sum_is_cut_in_proportion() -> None:
    found = {name: points.tolist() for name, points in counted(GRID, lines(GRID, FACTS, 2)).items()}
    # First demand: 40 over 30; 10 + 20 = 30 cut to 15, that is by half. Second: 30 alone, -5.
    assert found == {"a": [40, 0], "b": [0, 30], "c": [5, 0], "d": [10, 0], "e": [0, -5]}


def test_shares_of_points_and_of_the_order_by_family() -> None:
    shares = {one.family: one for one in family_shares(GRID, FACTS, 2)}
    # Given: 40 + 30 + 15 = 85. Totals 55 and 25: variance 225; a family's covariance with the total is
    # (first - second) / 2 × 15: housing 20 × 15, household -15 × 15, territory 7.5 × 15, refusals 2.5 × 15.
    assert shares["housing"].given == pytest.approx(40 / 85)
    assert shares["territory"].given == pytest.approx(15 / 85)
    assert shares["behaviour"].taken == 1.0
    assert {name: round(one.order, 6) for name, one in shares.items()} == {
        "housing": round(300 / 225, 6),
        "household": -1.0,
        "territory": 0.5,
        "behaviour": round(37.5 / 225, 6),
    }


def test_shares_of_nobody_are_zero() -> None:
    nobody = {name: values[:0] for name, values in FACTS.items()}
    assert {(one.given, one.order) for one in family_shares(GRID, nobody, 0)} == {(0.0, 0.0)}
