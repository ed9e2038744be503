"""What exactly would one unit less on a row bring, and one unit more cost?

A price of the mix is exact where it is the only one; elsewhere it lies anywhere between the two. A row that
is shown to somebody is worth solving again.
"""

from __future__ import annotations

from dataclasses import replace

from optimizer.problem import NO_HIGH, NO_LOW, Ints, Problem
from optimizer.solve import Answer, solve


def gain_if_relaxed(problem: Problem, answer: Answer, row: int) -> int:
    """Return the gain of the objective when a row's floor is one lower and its ceiling one higher."""
    low, high = problem.row_low.copy(), problem.row_high.copy()
    if low[row] != NO_LOW:
        low[row] -= 1
    if high[row] != NO_HIGH:
        high[row] += 1
    return _objective(problem, answer, low, high) - answer.objective


def loss_if_tightened(problem: Problem, answer: Answer, row: int) -> int:
    """Return the loss of the objective when a row asks one unit more.

    The limit that the price presses on moves, the floor up or the ceiling down; both, where neither does. A
    window too narrow for it moves along.
    """
    low, high = problem.row_low.copy(), problem.row_high.copy()
    has_floor, has_ceiling = low[row] != NO_LOW, high[row] != NO_HIGH
    price = answer.row_price[row]
    if has_floor and price <= 0:
        low[row] += 1
        high[row] = max(low[row], high[row])
    if has_ceiling and (price > 0 or (price == 0 and high[row] > low[row])):
        high[row] -= 1
        low[row] = min(low[row], high[row])
    return answer.objective - _objective(problem, answer, low, high)


def price_interval(problem: Problem, answer: Answer, row: int) -> tuple[int, int]:
    """Return between what whole amounts the price of a row lies: what a unit less brings, a unit more costs.

    Where prices prove the answer, any price that does lies less than 1 outside of them.
    """
    return gain_if_relaxed(problem, answer, row), loss_if_tightened(problem, answer, row)


def _objective(problem: Problem, answer: Answer, low: Ints, high: Ints) -> int:
    moved = replace(problem, row_low=low, row_high=high)
    return solve(moved, trusted=True, start=answer.start, lottery=False).objective
