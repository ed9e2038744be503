"""How is a small linear model written piece by piece, and solved?

For models of a few thousand quantities, built once and solved once: those of a sitting have their own arrays
(relaxation.py), kept from one solve to the next.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from optimizer.clock import Clock
from optimizer.relaxation import Floats, optimal, run


class Linear:
    """A minimisation over variables of at least 0; variables and lines are numbered as they are added."""

    def __init__(self) -> None:
        self.cost: list[Floats] = []
        self.most: list[Floats] = []
        self.whole: list[Any] = []
        self.low: list[Floats] = []
        self.high: list[Floats] = []
        self.terms: list[tuple[Any, Any, Floats]] = []
        self.size = self.lines = 0

    def variables(self, cost: ArrayLike, most: ArrayLike, *, whole: bool = False) -> Any:
        """Add variables with their cost and upper limit, (n,) both or one for all; return their numbers."""
        costs, limits = np.broadcast_arrays(np.atleast_1d(cost), np.atleast_1d(most))
        self.cost.append(costs.astype(np.float64))
        self.most.append(limits.astype(np.float64))
        self.whole.append(np.full(costs.size, whole))
        self.size += costs.size
        return np.arange(self.size - costs.size, self.size)

    def constraints(self, low: ArrayLike, high: ArrayLike) -> Any:
        """Add lines with their limits, (n,) both or one for all; return their numbers."""
        lows, highs = np.broadcast_arrays(np.atleast_1d(low), np.atleast_1d(high))
        self.low.append(lows.astype(np.float64))
        self.high.append(highs.astype(np.float64))
        self.lines += lows.size
        return np.arange(self.lines - lows.size, self.lines)

    def add(self, line: Any, variable: Any, value: ArrayLike) -> None:
        """Add terms: value · variable in a line; the three broadcast, and no pair comes twice."""
        lines, variables, values = np.broadcast_arrays(line, variable, np.asarray(value, dtype=np.float64))
        self.terms.append((lines.ravel(), variables.ravel(), values.ravel()))

    def solved(self) -> tuple[Floats, Floats] | None:
        """Return the values of the variables and the prices of the lines, None where nothing is feasible.

        Where some variables are whole there are no prices: zeros.
        """
        from ortools.math_opt.model_parameters_pb2 import ModelSolveParametersProto
        from ortools.math_opt.model_pb2 import ModelProto
        from ortools.math_opt.parameters_pb2 import SOLVER_TYPE_GLOP, SOLVER_TYPE_GSCIP

        whole = np.concatenate(self.whole)
        line, variable, value = (np.concatenate(each) for each in zip(*self.terms, strict=True))
        order = np.lexsort((variable, line))
        model = ModelProto()
        model.variables.ids.extend(range(self.size))
        model.variables.lower_bounds.extend([0.0] * self.size)
        model.variables.upper_bounds.extend(np.concatenate(self.most).tolist())
        model.variables.integers.extend(whole.tolist())
        model.linear_constraints.ids.extend(range(self.lines))
        model.linear_constraints.lower_bounds.extend(np.concatenate(self.low).tolist())
        model.linear_constraints.upper_bounds.extend(np.concatenate(self.high).tolist())
        model.linear_constraint_matrix.row_ids.extend(line[order].tolist())
        model.linear_constraint_matrix.column_ids.extend(variable[order].tolist())
        model.linear_constraint_matrix.coefficients.extend(value[order].tolist())
        model.objective.linear_coefficients.ids.extend(range(self.size))
        model.objective.linear_coefficients.values.extend(np.concatenate(self.cost).tolist())
        solver = SOLVER_TYPE_GSCIP if whole.any() else SOLVER_TYPE_GLOP
        result = run(model, solver, Clock().parameters(), ModelSolveParametersProto())
        if not result.solutions or not optimal(result):
            return None
        solution = result.solutions[0]
        values = np.array(solution.primal_solution.variable_values.values)
        if whole.any():
            return values, np.zeros(self.lines)
        return values, np.array(solution.dual_solution.dual_values.values)
