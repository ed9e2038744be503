"""Rows and cells of a year's leases, worked by hand on a few groups of dwellings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimizer.nearest import LAW, nearest, shortfall
from sim.objectives.expected import Publics, Stock
from sim.objectives.rows import rows_of, told_of
from sim.rules.quotas import LEGAL, TARGET, Family
from sim.rules.traits import mask

Q1, OTHERS = mask(["first_quartile", "relogement"]), mask(["q2_q4"])
PUBLICS = Publics(
    # Three classes: Q1, Q2-Q4, and neutral households of Q1.
    holds={Q1: np.array([True, False, True]), OTHERS: np.array([False, True, False])},
    neutral=np.array([False, False, True]),
    demand=np.array([1000.0, 1000.0, 0.0]),
    pending=np.full((4, 3), 50),
)


def stock(*leases: float) -> Stock:
    """Return residences of one group each, all leases held by the last réservataire."""
    count = len(leases)
    table = np.zeros((count, 5))
    table[:, -1] = leases
    return Stock(np.arange(count), np.arange(count), np.arange(count), table)


def family(tier: int, percent: int, public: int, member: list[int], **given: int) -> Family:
    labels = tuple(f"à accueillir, R{row}" for row in range(max(member) + 1))
    excluded = mask(["neutral"]) if tier == TARGET else 0
    rule = "cible" if tier == TARGET else "R1"
    return Family(rule, tier, labels, percent, public, excluded, 36, np.array(member), **given)


def test_the_identity_of_strategy_and_law_comes_out_of_targets_by_type_and_r1() -> None:
    # Four types of 100 leases outside QPV, Q2-Q4 floors of 70, 80, 85, 90: Q1 has 75 at most where R1 asks
    # 100 of 400: the identity is short of 25 leases, and so are the targets.
    targets = [
        family(TARGET, percent, OTHERS, [0 if row == kind else -1 for row in range(4)])
        for kind, percent in enumerate((70, 80, 85, 90))
    ]
    families = [family(LEGAL, 25, Q1, [0] * 4), *targets]
    rows = rows_of(families, [False] * 5, stock(*[100.0] * 4), PUBLICS, 3)
    assert rows.floors.need.tolist() == [100, 70, 80, 85, 90]
    found = shortfall(rows.floors)
    assert found.short.sum() == pytest.approx(25)
    told = told_of(families, 1, rows, found, nearest(rows.floors).percent)
    assert [row.objective for row in told] == [LAW, 0, 1, 2, 3]
    assert sum(row.percent - row.proposed for row in told) == 25


def test_neutral_households_are_housed_in_proportion_and_counted_by_law_alone() -> None:
    # 20 neutral households ask in a year, for 100 leases: a fifth of each residence's.
    publics = replace(PUBLICS, demand=np.array([1000.0, 1000.0, 20.0]))
    families = [family(LEGAL, 25, Q1, [0, 0]), family(TARGET, 50, OTHERS, [0, 1])]
    floors = rows_of(families, [False, False], stock(60.0, 40.0), publics, 3).floors
    assert floors.base.tolist() == pytest.approx([100.0, 48.0, 32.0])
    assert floors.given.tolist() == pytest.approx([20.0, 0.0, 0.0])
    assert floors.need.tolist() == pytest.approx([5.0, 24.0, 16.0])
    assert floors.demand.tolist() == [1000.0, 1000.0]  # the neutral have no say


def test_residences_alike_are_one_row_and_share_what_it_misses() -> None:
    # Three residences where only Q2-Q4 can pay, a fourth where both can: the three are alike.
    pending = np.array([[0, 50, 0]] * 3 + [[50, 50, 0]])
    families = [family(LEGAL, 25, Q1, [0] * 4), family(TARGET, 50, Q1, [0, 1, 2, 3])]
    rows = rows_of(
        families, [False, True], stock(10.0, 20.0, 10.0, 60.0), replace(PUBLICS, pending=pending), 3
    )
    assert rows.floors.base.tolist() == [100.0, 40.0, 60.0]
    assert rows.leases.tolist() == [100.0, 10.0, 20.0, 10.0, 60.0]
    assert rows.affordable.tolist() == [60.0, 0.0, 0.0, 0.0, 60.0]
    told = told_of(families, 1, rows, shortfall(rows.floors), nearest(rows.floors).percent)
    assert [row.short for row in told] == pytest.approx([0.0, 5.0, 10.0, 5.0, 0.0])
    assert [row.points for row in told] == pytest.approx([0, 50, 50, 50, 0])
    assert [row.proposed for row in told] == [25, 0, 0, 0, 50]


def test_residences_under_different_rows_of_law_are_not_alike() -> None:
    families = [family(LEGAL, 25, Q1, [0, 1]), family(TARGET, 50, Q1, [0, 1])]
    floors = rows_of(families, [False, True], stock(10.0, 10.0), PUBLICS, 3).floors
    assert floors.base.tolist() == [10.0] * 4


def test_aggregation_changes_no_answer() -> None:
    draws = np.random.default_rng(5)
    for _ in range(20):
        pending = draws.choice([0, 50], (6, 3)) * np.array([1, 1, 0])
        pending[:, 1] = 50
        families = [
            family(LEGAL, 25, Q1, [0] * 6),
            family(TARGET, int(draws.integers(10, 60)), Q1, list(range(6))),
            family(TARGET, int(draws.integers(10, 60)), OTHERS, [0, 0, 0, 1, 1, 1]),
        ]
        leases = stock(*draws.integers(1, 9, 6).astype(float))
        publics = replace(PUBLICS, pending=pending, demand=np.array([float(draws.integers(1, 30)), 99.0, 0]))
        short = [
            shortfall(rows_of(families, [False, merged, False], leases, publics, 3).floors).short.sum()
            for merged in (True, False)
        ]
        assert short[0] == pytest.approx(short[1], abs=1e-6)


def test_the_rows_of_a_reservataire_bear_on_the_leases_it_holds() -> None:
    table = np.array([[4.0, 0, 6.0, 0, 10.0], [0, 0, 5.0, 0, 5.0]])
    held = Stock(np.arange(2), np.arange(2), np.arange(2), table)
    families = [family(LEGAL, 25, Q1, [0, 0], holder=2), family(TARGET, 50, OTHERS, [0, 1])]
    rows = rows_of(families, [False, True], held, PUBLICS, 3)
    assert rows.leases.tolist() == [11.0, 20.0, 10.0]


@pytest.mark.parametrize(
    ("pending", "expected"),
    [
        ([3, 3, 0], [True, True, False]),
        ([2, 9, 0], [False, True, False]),  # two of Q1 make no list of three
        ([2, 0, 9], [True, False, False]),  # fewer than three in all: those there are
        ([1, 1, 0], [True, True, False]),  # neither public holds all: one is enough
        ([0, 0, 9], [False, False, False]),
    ],
)
def test_a_dwelling_is_affordable_to_a_public_where_a_list_of_it_can_be_made(
    pending: list[int], expected: list[bool]
) -> None:
    found = replace(PUBLICS, pending=np.array([pending])).affordable(3)
    assert (found[0] & ~PUBLICS.neutral).tolist() == expected
