"""What is the best mix of a few pairs, whole or in parts, and what does each vacancy and row cost?

A programme is one stage of a match; it is solved over a pool of its pairs by GLOP (parts allowed, with
prices) or SCIP (whole pairs). Choosing the pool is the business of `columns.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from optimizer.problem import Ints

Floats = NDArray[np.float64]

# The matrix is small integers and the values are whole: scaling would only blur the tolerance, which
# must tell apart two lottery numbers. Without presolve GLOP is 2 to 5 times faster on these pools.
_GLOP = "use_preprocessing:false use_scaling:false cost_scaling:NO_COST_SCALING"

# On pools of a few hundred pairs, presolving takes longer than it saves.
_SCIP = "presolving/maxrounds = 0"


@dataclass(frozen=True)
class Programme:
    """Maximise Σ value · x − Σ penalty · shortfall; pairs are sorted by class.

    A cell is a (signature, class); a row's effect depends on the cell only.
    """

    applicant: Ints  # (E,)
    group: Ints  # (E,) the class of each pair, ascending
    cell: Ints  # (E,)
    value: Ints  # (E,)
    lottery: Ints  # (E,) the applicant's lottery number
    must: NDArray[np.bool_]  # (A,) applicants who have to be placed
    capacity_low: Floats  # (C,)
    capacity: Floats  # (C,)
    effects: Any  # csr matrix (cells, R)
    row_low: Floats  # (R,) -inf where none
    row_high: Floats  # (R,) +inf where none
    row_penalty: Floats  # (R,) +inf: the row is hard


@dataclass(frozen=True)
class Mix:
    """The best mix of a pool: shares of its pairs and, from GLOP, the prices."""

    share: Floats  # (pool,)
    objective: float
    class_price: Floats  # (C,)
    row_price: Floats  # (R,) > 0 on the ceiling, < 0 on the floor


def mix(programme: Programme, pool: Ints) -> Mix | None:
    """Solve the pool in parts with GLOP; None when the pool has no feasible mix."""
    model = _Model(programme, pool)
    solved = model.solve("GLOP", _GLOP, model.gains)
    if solved is None:
        return None
    price = -np.asarray(solved.dual_values(), dtype=np.float64)
    classes, rows = programme.capacity.size, programme.row_low.size
    share = np.asarray(solved.variable_values(), dtype=np.float64)[: pool.size]
    return Mix(share, -solved.objective_value(), price[:classes], price[classes : classes + rows])


def whole(programme: Programme, pool: Ints, preference: Ints | None = None, floor: int = 0) -> Ints | None:
    """Solve the pool in whole pairs with SCIP and return the pairs chosen.

    With a `preference` (pool,), maximise it among the answers worth at least `floor`.
    """
    model = _Model(programme, pool)
    gains = model.gains
    if preference is not None:
        model.demand(gains, floor)
        gains = np.concatenate([preference.astype(np.float64), np.zeros(gains.size - pool.size)])
    solved = model.solve("SCIP", _SCIP, gains, integral=pool.size)
    if solved is None:
        return None
    return pool[np.asarray(solved.variable_values())[: pool.size] > 0.5]


class _Model:
    """The arrays of a linear model: constraints are classes, rows, then applicants."""

    def __init__(self, programme: Programme, pool: Ints) -> None:
        classes, rows, size = programme.capacity.size, programme.row_low.size, pool.size
        applicant = programme.applicant[pool]
        times = np.bincount(applicant, minlength=programme.must.size)
        # An applicant with one pair in the pool and no duty is held by that pair's upper bound.
        bound = np.flatnonzero((times > 1) | (programme.must & (times > 0)))
        line = np.full(programme.must.size, -1, dtype=np.int64)
        line[bound] = classes + rows + np.arange(bound.size)
        held = np.flatnonzero(line[applicant] >= 0)
        effects = programme.effects[programme.cell[pool]].tocoo()
        soft = np.isfinite(programme.row_penalty)
        up = np.flatnonzero(soft & np.isfinite(programme.row_low))
        down = np.flatnonzero(soft & np.isfinite(programme.row_high))
        slack = size + np.arange(up.size + down.size)
        self.line = np.concatenate([programme.group[pool], line[applicant[held]], classes + effects.col])
        self.line = np.concatenate([self.line, classes + up, classes + down])
        self.column = np.concatenate([np.arange(size), held, effects.row, slack])
        self.coefficient = np.concatenate(
            [np.ones(size + held.size), effects.data, np.ones(up.size), -np.ones(down.size)]
        )
        penalty = programme.row_penalty
        self.gains = np.concatenate([programme.value[pool].astype(np.float64), -penalty[up], -penalty[down]])
        self.most = np.concatenate([np.ones(size), np.full(slack.size, np.inf)])
        self.low = np.concatenate(
            [programme.capacity_low, programme.row_low, np.where(programme.must[bound], 1.0, 0.0)]
        )
        self.high = np.concatenate([programme.capacity, programme.row_high, np.ones(bound.size)])

    def demand(self, gains: Floats, floor: int) -> None:
        """Add the constraint that an answer is worth at least `floor`."""
        self.line = np.concatenate([self.line, np.full(gains.size, self.low.size)])
        self.column = np.concatenate([self.column, np.arange(gains.size)])
        self.coefficient = np.concatenate([self.coefficient, gains])
        self.low = np.append(self.low, float(floor))
        self.high = np.append(self.high, np.inf)

    def solve(self, name: str, parameters: str, gains: Floats, integral: int = 0) -> Any:
        # Here and not above: a policy that matches nothing is played without the solver.
        from ortools.linear_solver.python import model_builder_helper as linear

        shape = (self.low.size, gains.size)
        matrix = csr_matrix((self.coefficient, (self.line, self.column)), shape=shape)
        model: Any = linear.ModelBuilderHelper()
        model.fill_model_from_sparse_data(
            np.zeros(gains.size), self.most, -gains, self.low, self.high, matrix
        )
        for column in range(integral):
            model.set_var_integrality(column, True)
        solver = linear.ModelSolverHelper(name)
        if parameters:
            solver.set_solver_specific_parameters(parameters)
        solver.solve(model)
        return solver if solver.status() == linear.SolveStatus.OPTIMAL else None
