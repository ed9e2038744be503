"""A commission's sitting, read in a hundred orders: the same persons in the same places."""

from __future__ import annotations

import numpy as np
import pytest
from bench_modules import load
from tiny_problems import permuted, renumbered

from optimizer import Problem, solve
from optimizer.lexicographic import solve_in_stages


def sitting(seed: int) -> Problem:
    """Return the smallest instance of the benchmark: 60 vacancies, 3,000 applicants, two dozen rows."""
    instances = load("instances")
    problem: Problem = instances.instance(instances.SIZES["S"], seed)
    return problem


def who_is_where(problem: Problem, pairs: np.ndarray) -> list[tuple[int, int]]:
    """Return (class, lottery number) of each place filled."""
    lottery = problem.applicant_lottery[problem.pair_applicant[pairs]]
    return sorted(zip(problem.pair_class[pairs].tolist(), lottery.tolist(), strict=True))


def hold(problem: Problem, solver: object, orders: range) -> None:
    assert callable(solver)
    answer = solver(problem)
    expected = who_is_where(problem, answer.pair)
    for order in orders:
        other, _ = renumbered(permuted(problem, order), order)
        again = solver(other)
        assert who_is_where(other, again.pair) == expected, f"order {order}"
        assert (again.objective, again.bound) == (answer.objective, answer.bound), f"order {order}"
        assert np.array_equal(again.prices, answer.prices), f"order {order}"


def test_a_sitting_read_in_another_order_has_the_same_answer() -> None:
    for seed in range(3):
        hold(sitting(seed), solve, range(3))


def test_a_sitting_read_in_another_order_has_the_same_answer_in_stages() -> None:
    hold(sitting(0), solve_in_stages, range(2))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_a_sitting_read_in_a_hundred_orders_has_the_same_answer(seed: int) -> None:
    hold(sitting(seed), solve, range(100))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_sitting_read_in_a_hundred_orders_has_the_same_answer_in_stages(seed: int) -> None:
    hold(sitting(seed), solve_in_stages, range(100))
