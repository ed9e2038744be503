"""What is the best mix of a few pairs, in parts allowed, and what does each vacancy and row cost?

A programme is one stage of a match; GLOP solves it over a pool of its pairs, again and again as the pool
grows, each time from the last basis. Choosing the pool is the business of `columns.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.clock import Clock
from optimizer.problem import Ints

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Narrow = NDArray[np.int32]

FREE, AT_LOWER, AT_UPPER, FIXED, BASIC = 1, 2, 3, 4, 5
"""How a basis holds a variable or a constraint, in MathOpt's numbers."""

_ITERATIONS = 20
"""Steps of the simplex for each column and line, at most: where many answers are equal it may go round.

What takes more is left unsolved; most problems take less than three.
"""

_MAXIMISED = 1e-6
"""How far from its lower or upper limit a share counts as a part of a pair."""


@dataclass(frozen=True)
class Programme:
    """Maximise Σ value · x − Σ penalty · shortfall; pairs are sorted by class.

    Applicants are named by their lottery number, so that nothing depends on how the caller numbered them. A
    cell is a (signature, class); a row's effect depends on the cell only. Groups are hard rows.
    """

    applicant: Narrow  # (E,) lottery numbers
    group: Narrow  # (E,) the class of each pair, ascending
    cell: Narrow  # (E,)
    value: NDArray[Any]  # (E,) whole numbers, but in a part of a larger programme
    must: Bools  # (A,) applicants who have to be placed
    capacity_low: Floats  # (C,)
    capacity: Floats  # (C,)
    effects: Any  # csr matrix (cells, R)
    row_low: Floats  # (R,) -inf where none
    row_high: Floats  # (R,) +inf where none
    row_penalty: Floats  # (R,) +inf: the row is hard

    @cached_property
    def start(self) -> Ints:
        """Where the pairs of each class begin, and the end of the last, (C+1,)."""
        return np.searchsorted(self.group, np.arange(self.capacity.size + 1))

    @cached_property
    def sizes(self) -> Ints:
        """How many pairs each class has, (C,)."""
        return np.diff(self.start)

    @cached_property
    def places(self) -> int:
        """How many pairs can be chosen at most: no class fills more places than it has pairs."""
        return int(np.minimum(self.capacity, self.sizes).sum())

    def counted(self, cells: Ints | Narrow) -> tuple[Ints, Ints, Floats]:
        """Return what rows count of pairs of some cells, in their order: (which pair, row, coefficient)."""
        begin = self.effects.indptr[cells]
        many = self.effects.indptr[cells + 1] - begin
        at = np.arange(many.sum()) + np.repeat(begin - many.cumsum() + many, many)
        return np.repeat(np.arange(cells.size), many), self.effects.indices[at], self.effects.data[at]

    def sums(self, pairs: Ints) -> Floats:
        """Return what each row counts of pairs, (R,)."""
        _, row, value = self.counted(self.cell[pairs])
        sums = np.bincount(row, weights=value, minlength=self.row_low.size)
        return sums.astype(np.float64, copy=False)

    def toll(self, class_price: Floats, row_price: Floats) -> Floats:
        """Return what class and rows take from a pair of each cell, (cells,)."""
        lines = self.effects.shape[0] // max(self.capacity.size, 1)
        taken: Floats = np.tile(class_price, lines)
        if row_price.size:
            taken = taken + self.effects @ row_price
        return taken


@dataclass(frozen=True)
class Mix:
    """The best mix of a pool: shares of its pairs, and the prices."""

    share: Floats  # (pool,)
    objective: float
    class_price: Floats  # (C,)
    row_price: Floats  # (R,) > 0 on the ceiling, < 0 on the floor

    @property
    def in_parts(self) -> bool:
        """Whether some pairs are chosen in part."""
        return bool(np.any(np.minimum(self.share, 1 - self.share) > _MAXIMISED))


@dataclass(frozen=True)
class Basis:
    """How a solve ended: the standing of each pair of its pool, of what rows are short of, of constraints."""

    pool: NDArray[np.int8]
    slack: NDArray[np.int8]  # (2R,)
    line: NDArray[np.int8]  # (C + R,)
    held: Ints  # applicants, by lottery number, whose constraint is not slack
    held_line: NDArray[np.int8]


class Relaxation:
    """A programme solved over one pool after another, each time from the basis of the last.

    A pair that joins the pool stands at zero, an applicant who comes to have a constraint holds it slack: the
    last basis stays feasible, and few steps lead from it to the next.
    """

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.warm = False
        self.dual = False  # whether the dual simplex serves better: pairs are given or forbidden
        columns = programme.applicant.size + 2 * programme.row_low.size
        lines = programme.capacity.size + programme.row_low.size + programme.must.size
        self.column_status = np.full(columns, AT_LOWER, dtype=np.int8)
        self.line_status = np.full(lines, BASIC, dtype=np.int8)
        self.kept: Model | None = None  # of the pool whose pairs are given or forbidden

    def basis(self, pool: Ints) -> Basis:
        """Return how the last solve ended."""
        fixed = self.programme.capacity.size + self.programme.row_low.size
        applicants = self.line_status[fixed:]
        held = np.flatnonzero(applicants != BASIC)
        slack = self.column_status[self.programme.applicant.size :]
        return Basis(self.column_status[pool], slack, self.line_status[:fixed], held, applicants[held])

    def resume(self, pool: Ints, last: Basis) -> None:
        """Start from how a solve of a problem alike ended, if it has the same shape."""
        pairs, fixed = self.programme.applicant.size, last.line.size
        same = (pool.size, self.column_status.size - pairs) == (last.pool.size, last.slack.size)
        if same and fixed == self.programme.capacity.size + self.programme.row_low.size:
            self.column_status[pool] = last.pool
            self.column_status[pairs:] = last.slack
            self.line_status[:fixed] = last.line
            self.line_status[fixed:][last.held] = last.held_line
            self.warm = True

    def begin(self, chosen: Ints) -> None:
        """Start from whole pairs, at most one an applicant: full classes are held by them.

        What a soft row is short of by these pairs stands on the basis; hard rows and duties have no say.
        """
        programme = self.programme
        classes, rows, pairs = programme.capacity.size, programme.row_low.size, programme.applicant.size
        full = np.bincount(programme.group[chosen], minlength=classes) >= programme.capacity
        full &= programme.capacity > 0
        self.column_status[chosen] = AT_UPPER
        self.line_status[:classes][full] = AT_UPPER
        one, of_class = np.unique(programme.group[chosen], return_index=True)  # a pair for each full class
        self.column_status[chosen[of_class[full[one]]]] = BASIC
        sums = programme.sums(chosen)
        for limit, missed, first in (
            (AT_LOWER, sums < programme.row_low, pairs),
            (AT_UPPER, sums > programme.row_high, pairs + rows),
        ):
            self.column_status[first : first + rows][missed] = BASIC
            self.line_status[classes : classes + rows][missed] = limit
        self.warm = True

    def mix(
        self, pool: Ints, clock: Clock, least: Floats | None = None, most: Floats | None = None
    ) -> Mix | None:
        """Solve the pool in parts; None when it has no feasible mix, or the time is up.

        A pair with `least` 1 is given, one with `most` 0 forbidden, (pool,).
        """
        tight = self.line_status[self.programme.capacity.size + self.programme.row_low.size :] != BASIC
        if least is None or most is None:
            model = Model(self.programme, pool, tight)
        else:  # the same pool is solved again and again
            if self.kept is None or not self.kept.holds(pool, tight):
                self.kept = Model(self.programme, pool, tight)
            model = self.kept
            model.least[: pool.size], model.most[: pool.size] = least, most
        solved = model.parts(self, clock)
        if solved is None and self.warm and least is None and not clock.over:  # a basis that led nowhere
            self.warm = False
            solved = model.parts(self, clock)
        if solved is None:
            return None
        primal, dual, basis = solved.primal_solution, solved.dual_solution, solved.basis
        self.column_status[model.columns] = basis.variable_status.values[:]
        self.line_status[:] = BASIC
        self.line_status[model.lines] = basis.constraint_status.values[:]
        self.warm = True
        share = np.array(primal.variable_values.values[: pool.size])
        price = np.array(dual.dual_values.values[:])
        classes, rows = self.programme.capacity.size, self.programme.row_low.size
        objective = float(primal.objective_value)
        return Mix(share, objective, price[:classes], price[classes : classes + rows])


class Model:
    """The arrays of a linear model: constraints are classes, rows, then applicants with a choice to make.

    Its coefficients stand line by line, in `line`, `column`, `coefficient`. Between two solves the limits of
    its columns alone may change, `least` and `most`.
    """

    def __init__(self, programme: Programme, pool: Ints, tight: Bools | None = None) -> None:
        classes, rows, size = programme.capacity.size, programme.row_low.size, pool.size
        pairs = programme.applicant.size
        applicant = programme.applicant[pool]
        times = np.bincount(applicant, minlength=programme.must.size)
        # An applicant with one pair in the pool and no duty is held by that pair's upper limit; a constraint
        # that the last basis holds tight stays.
        self.bounded = (times > 1) | (programme.must & (times > 0))
        bound = np.flatnonzero(self.bounded if tight is None else self.bounded | tight)
        line = np.full(programme.must.size, -1, dtype=np.int64)
        line[bound] = classes + rows + np.arange(bound.size)
        held = np.flatnonzero(line[applicant] >= 0)
        pair, row, value = programme.counted(programme.cell[pool])
        soft = np.isfinite(programme.row_penalty)
        up = np.flatnonzero(soft & np.isfinite(programme.row_low))
        down = np.flatnonzero(soft & np.isfinite(programme.row_high))
        slack = size + np.arange(up.size + down.size)
        self.pool, self.bound = pool, bound
        self.columns = np.concatenate([pool, pairs + up, pairs + rows + down])
        self.lines = np.concatenate([np.arange(classes + rows), classes + rows + bound])
        line_of = [programme.group[pool].astype(np.int64), line[applicant[held]], classes + row]
        line_of += [classes + up, classes + down]
        column_of = [np.arange(size), held, pair, slack]
        data = [np.ones(size + held.size), value, np.ones(up.size), -np.ones(down.size)]
        line_of_each, column_of_each = np.concatenate(line_of), np.concatenate(column_of)
        order = (line_of_each * self.columns.size + column_of_each).argsort()
        self.line, self.column = line_of_each[order], column_of_each[order]
        self.coefficient = np.concatenate(data)[order]
        self.up, self.down = up, down
        self.gains = self.over(programme.value[pool], programme.row_penalty)
        self.least = np.zeros(self.columns.size)
        self.most = np.concatenate([np.ones(size), np.full(slack.size, np.inf)])
        lowest = np.where(programme.capacity_low > 0, programme.capacity_low, -np.inf)
        duty = np.where(programme.must[bound], 1.0, -np.inf)
        self.low = np.concatenate([lowest, programme.row_low, duty])
        self.high = np.concatenate([programme.capacity, programme.row_high, np.ones(bound.size)])

    def over(self, gain: Ints | Floats, penalty: Floats) -> Floats:
        """Return what pairs bring, (pool,), less what a unit short of each row costs, (R,), by column."""
        brought: Floats = gain.astype(np.float64)
        return np.concatenate([brought, -penalty[self.up], -penalty[self.down]])

    def holds(self, pool: Ints, tight: Bools) -> bool:
        """Tell whether this is the model of a pool under a basis."""
        return pool is self.pool and np.array_equal(np.flatnonzero(self.bounded | tight), self.bound)

    @cached_property
    def in_parts(self) -> Any:
        """The model as MathOpt reads it, parts of pairs allowed; a solve sets the limits of its columns."""
        return self.proto(self.gains)

    def proto(self, gains: Floats, floors: Sequence[tuple[Floats, float]] = (), integral: int = 0) -> Any:
        """Return the model as MathOpt reads it; each floor is what other gains, (columns,), must reach."""
        from ortools.math_opt.model_pb2 import ModelProto

        size, lines = self.columns.size, self.lines.size
        model = ModelProto()
        model.variables.ids.extend(range(size))
        model.variables.lower_bounds.extend(self.least.tolist())
        model.variables.upper_bounds.extend(self.most.tolist())
        model.variables.integers.extend([True] * integral + [False] * (size - integral))
        constraints, matrix = model.linear_constraints, model.linear_constraint_matrix
        constraints.ids.extend(range(lines + len(floors)))
        constraints.lower_bounds.extend(self.low.tolist() + [floor for _, floor in floors])
        constraints.upper_bounds.extend(self.high.tolist() + [np.inf] * len(floors))
        matrix.row_ids.extend(self.line.tolist())
        matrix.column_ids.extend(self.column.tolist())
        matrix.coefficients.extend(self.coefficient.tolist())
        for line, (other, _) in enumerate(floors, lines):
            matrix.row_ids.extend([line] * size)
            matrix.column_ids.extend(range(size))
            matrix.coefficients.extend(other.tolist())
        model.objective.maximize = True
        model.objective.linear_coefficients.ids.extend(range(size))
        model.objective.linear_coefficients.values.extend(gains.tolist())
        return model

    def parts(self, last: Relaxation, clock: Clock) -> Any:
        """Return GLOP's solution, None where there is none."""
        from ortools.math_opt.model_parameters_pb2 import ModelSolveParametersProto
        from ortools.math_opt.parameters_pb2 import SOLVER_TYPE_GLOP
        from pybind11_abseil.status import StatusNotOk  # it comes with ortools

        hints = ModelSolveParametersProto()
        standing = last.column_status[self.columns], last.line_status[self.lines]
        if last.warm and sum(np.count_nonzero(each == BASIC) for each in standing) == self.lines.size:
            variables = hints.initial_basis.variable_status
            constraints = hints.initial_basis.constraint_status
            variables.ids.extend(range(self.columns.size))
            variables.values.extend(standing[0].tolist())
            constraints.ids.extend(range(self.lines.size))
            constraints.values.extend(standing[1].tolist())
        parameters = clock.parameters()
        # The matrix is small integers and the values are whole: scaling would only blur the tolerance, which
        # must tell apart two lottery numbers; a basis only serves without preprocessing.
        parameters.glop.use_preprocessing = False
        parameters.glop.use_scaling = False
        parameters.glop.cost_scaling = 0
        parameters.glop.use_dual_simplex = last.dual
        parameters.iteration_limit = _ITERATIONS * (self.columns.size + self.lines.size)
        model = self.in_parts
        model.variables.lower_bounds[:] = self.least.tolist()
        model.variables.upper_bounds[:] = self.most.tolist()
        try:
            result = run(model, SOLVER_TYPE_GLOP, parameters, hints)
        except StatusNotOk:  # GLOP may give up on the basis of a problem with other limits
            if not hints.initial_basis.variable_status.ids:
                raise
            result = run(model, SOLVER_TYPE_GLOP, parameters, ModelSolveParametersProto())
        if not result.solutions or not optimal(result):
            return None
        return result.solutions[0]


def run(model: Any, solver: Any, parameters: Any, hints: Any) -> Any:
    """Solve a model in this process."""
    # Here and not above: a policy that matches nothing is played without the solver.
    from ortools.math_opt.callback_pb2 import CallbackRegistrationProto
    from ortools.math_opt.core.python import solver as core
    from ortools.math_opt.parameters_pb2 import SolverInitializerProto

    nothing = CallbackRegistrationProto()
    return core.solve(model, solver, SolverInitializerProto(), parameters, hints, None, nothing, None, None)


def optimal(result: Any) -> bool:
    """Tell whether a result is proved by its solver."""
    from ortools.math_opt.result_pb2 import TERMINATION_REASON_OPTIMAL

    return bool(result.termination.reason == TERMINATION_REASON_OPTIMAL)
