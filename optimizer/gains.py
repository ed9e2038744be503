"""What exactly would one unit less on a row bring?

A price of the mix is exact where it is the only one; elsewhere it is an upper limit of the gain. A row that
is shown to somebody is worth solving again.
"""

from __future__ import annotations

from dataclasses import replace

from optimizer.problem import NO_HIGH, NO_LOW, Problem
from optimizer.solve import Answer, solve


def gain_if_relaxed(problem: Problem, answer: Answer, row: int) -> int:
    """Return the gain of the objective when a row's floor is one lower and its ceiling one higher."""
    low, high = problem.row_low.copy(), problem.row_high.copy()
    if low[row] != NO_LOW:
        low[row] -= 1
    if high[row] != NO_HIGH:
        high[row] += 1
    relaxed = solve(replace(problem, row_low=low, row_high=high), trusted=True)
    return relaxed.objective - answer.objective
