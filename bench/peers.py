"""What do general solvers answer to the same match problem?

CP-SAT and HiGHS get the whole model: pairs, capacities, groups, locks and elastic rows. Minimum-cost flow and
the linear assignment know no rows, groups or locks. Nothing here comes from `optimizer` but the problem: the
model is written a second time on purpose, and the worth of an answer is counted again. Each solver is loaded
when it is called, so that its memory is not counted in that of another.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack

from optimizer.problem import NO_HIGH, NO_LOW, Ints, Problem

LARGEST_TABLE = 30_000_000
"""Cells of a table of vacancies × applicants beyond which the linear assignment is not asked."""


@dataclass(frozen=True)
class Found:
    """What a peer answered, `objective` None when nothing; seconds to build its model and to solve it."""

    status: str  # "optimal", "feasible", "nothing" or "too large"
    objective: int | None
    build: float
    solve: float


def without_rows(problem: Problem) -> Problem:
    """Return the same problem with no side row."""
    none, no_label = np.empty(0, dtype=np.int64), np.empty(0, dtype="<U1")
    rows = dict.fromkeys(("row_low", "row_high", "row_penalty", "row_tier"), none)
    coefficients = dict.fromkeys(("coef_row", "coef_signature", "coef_class", "coef_value"), none)
    return replace(problem, row_label=no_label, row_scale=None, **rows, **coefficients)


def worth(problem: Problem, pairs: Ints) -> int:
    """Return Σ weight − Σ penalty · shortfall of an answer."""
    sums = np.asarray(_effects(problem)[pairs].sum(axis=0)).ravel()
    total = int(problem.pair_weight[pairs].sum())
    for reached, low, high, penalty in zip(
        sums.tolist(),
        problem.row_low.tolist(),
        problem.row_high.tolist(),
        problem.row_penalty.tolist(),
        strict=True,
    ):
        short = max(0, 0 if low == NO_LOW else low - reached, 0 if high == NO_HIGH else reached - high)
        total -= penalty * short
    return total


def by_cp_sat(problem: Problem, limit: float | None = None) -> Found:
    """Give the whole model to CP-SAT: one worker, a fixed seed, `limit` seconds of search."""
    from ortools.sat.python import cp_model

    began = time.perf_counter()
    matrix, most = _hard(problem)
    effects = csr_matrix(_effects(problem).T)
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(problem.pairs)]
    for pair, lock in enumerate(problem.lock.tolist()):
        if lock:
            model.add(chosen[pair] == (lock > 0))
    for line in range(matrix.shape[0]):
        inside = [chosen[pair] for pair in matrix.indices[matrix.indptr[line] : matrix.indptr[line + 1]]]
        if most[line] == 1:
            model.add_at_most_one(inside)
        else:
            model.add(cp_model.LinearExpr.sum(inside) <= int(most[line]))
    gains, values = list(chosen), problem.pair_weight.tolist()
    for row in range(problem.rows):
        here = slice(effects.indptr[row], effects.indptr[row + 1])
        parts, by = [chosen[pair] for pair in effects.indices[here]], effects.data[here].tolist()
        low, high = int(problem.row_low[row]), int(problem.row_high[row])
        reach = sum(abs(each) for each in by) + max(abs(each) for each in (low, high, 0) if abs(each) < 2**62)
        short = model.new_int_var(0, reach, "")
        if low != NO_LOW:
            model.add(cp_model.LinearExpr.weighted_sum([*parts, short], [*by, 1]) >= low)
        if high != NO_HIGH:
            model.add(cp_model.LinearExpr.weighted_sum([*parts, short], [*by, -1]) <= high)
        gains.append(short)
        values.append(-int(problem.row_penalty[row]))
    model.maximize(cp_model.LinearExpr.weighted_sum(gains, values))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, 0
    if limit is not None:
        solver.parameters.max_time_in_seconds = limit
    built = time.perf_counter()
    status = solver.solve(model)
    ended = time.perf_counter()
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found("nothing", None, built - began, ended - built)
    pairs = np.array([pair for pair, each in enumerate(chosen) if solver.value(each)], dtype=np.int64)
    word = "optimal" if status == cp_model.OPTIMAL else "feasible"
    return Found(word, worth(problem, pairs), built - began, ended - built)


def by_milp(problem: Problem, limit: float | None = None) -> Found:
    """Give the whole model to HiGHS through scipy.optimize.milp.

    It looks at its clock seldom: on a million pairs, run it in a process that can be ended.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    began = time.perf_counter()
    matrix, most = _hard(problem)
    effects = csr_matrix(_effects(problem).T).astype(np.float64)
    rows, size = problem.rows, problem.pairs
    one = csr_matrix((np.ones(rows), (np.arange(rows), np.arange(rows))), shape=(rows, rows))
    low = np.where(problem.row_low == NO_LOW, -np.inf, problem.row_low.astype(np.float64))
    high = np.where(problem.row_high == NO_HIGH, np.inf, problem.row_high.astype(np.float64))
    lines = [
        hstack([matrix.astype(np.float64), csr_matrix((matrix.shape[0], rows))]),
        hstack([effects, one]),
        hstack([effects, -one]),
    ]
    nothing = np.full(matrix.shape[0], -np.inf)
    limits = LinearConstraint(
        vstack(lines, format="csc"),
        np.concatenate([nothing, low, np.full(rows, -np.inf)]),
        np.concatenate([most.astype(np.float64), np.full(rows, np.inf), high]),
    )
    bounds = Bounds(
        np.concatenate([np.where(problem.lock == 1, 1.0, 0.0), np.zeros(rows)]),
        np.concatenate([np.where(problem.lock == -1, 0.0, 1.0), np.full(rows, np.inf)]),
    )
    options = {"mip_rel_gap": 0.0} | ({} if limit is None else {"time_limit": limit})
    built = time.perf_counter()
    solved = milp(
        -np.concatenate([problem.pair_weight, -problem.row_penalty]).astype(np.float64),
        integrality=np.concatenate([np.ones(size), np.zeros(rows)]),
        bounds=bounds,
        constraints=limits,
        options=options,
    )
    ended = time.perf_counter()
    if solved.x is None:
        return Found("nothing", None, built - began, ended - built)
    word = "optimal" if solved.status == 0 else "feasible"
    return Found(word, worth(problem, np.flatnonzero(solved.x[:size] > 0.5)), built - began, ended - built)


def by_flow(problem: Problem, limit: float | None = None) -> Found:
    """Solve without rows, groups or locks as a minimum-cost flow; it has no clock, `limit` is not read."""
    from ortools.graph.python import min_cost_flow

    began = time.perf_counter()
    classes, applicants = problem.classes, problem.applicants
    sink = classes + applicants
    flow = min_cost_flow.SimpleMinCostFlow()
    applicant = classes + problem.pair_applicant
    flow.add_arcs_with_capacity_and_unit_cost(
        problem.pair_class, applicant, np.ones(problem.pairs, dtype=np.int64), -problem.pair_weight
    )
    people, places = np.arange(classes, sink), np.arange(classes)
    flow.add_arcs_with_capacity_and_unit_cost(
        people,
        np.full(applicants, sink),
        np.ones(applicants, dtype=np.int64),
        np.zeros(applicants, dtype=np.int64),
    )
    flow.add_arcs_with_capacity_and_unit_cost(  # a vacancy that stays empty
        places, np.full(classes, sink), problem.class_capacity, np.zeros(classes, dtype=np.int64)
    )
    total = int(problem.class_capacity.sum())
    flow.set_nodes_supplies(np.append(places, sink), np.append(problem.class_capacity, -total))
    built = time.perf_counter()
    status = flow.solve()
    ended = time.perf_counter()
    if status != flow.OPTIMAL:
        return Found("nothing", None, built - began, ended - built)
    return Found("optimal", -int(flow.optimal_cost()), built - began, ended - built)


def by_assignment(problem: Problem, limit: float | None = None) -> Found:
    """Solve without rows, groups or locks over a table of vacancies × applicants; `limit` is not read."""
    from scipy.optimize import linear_sum_assignment

    began = time.perf_counter()
    first = np.concatenate([[0], np.cumsum(problem.class_capacity)])
    if first[-1] * problem.applicants > LARGEST_TABLE:
        return Found("too large", None, 0.0, 0.0)
    table = np.zeros((int(first[-1]), problem.applicants))
    for place in range(int(problem.class_capacity.max(initial=0))):
        here = problem.class_capacity[problem.pair_class] > place
        table[first[problem.pair_class[here]] + place, problem.pair_applicant[here]] = problem.pair_weight[
            here
        ]
    built = time.perf_counter()
    at = linear_sum_assignment(table, maximize=True)
    ended = time.perf_counter()
    return Found("optimal", round(table[at].sum()), built - began, ended - built)


PEERS: dict[str, Callable[[Problem, float | None], Found]] = {
    "CP-SAT": by_cp_sat,
    "scipy.milp": by_milp,
    "min-cost flow": by_flow,
    "linear assignment": by_assignment,
}
KNOW_ROWS = ("CP-SAT", "scipy.milp")


def _hard(problem: Problem) -> tuple[csr_matrix, Ints]:
    """Return the matrix (lines, E) and the limit of each line: applicants, classes, then groups."""
    every = np.arange(problem.pairs)
    group = problem.group[problem.pair_class]
    held = np.flatnonzero(group >= 0)
    line = np.concatenate(
        [
            problem.pair_applicant,
            problem.applicants + problem.pair_class,
            problem.applicants + problem.classes + group[held],
        ]
    )
    shape = (problem.applicants + problem.classes + problem.groups, problem.pairs)
    column = np.concatenate([every, every, held])
    most = [np.ones(problem.applicants, dtype=np.int64), problem.class_capacity, problem.group_capacity]
    return csr_matrix((np.ones(line.size, dtype=np.int64), (line, column)), shape=shape), np.concatenate(most)


def _effects(problem: Problem) -> csr_matrix:
    """Return what each pair adds to each row, (E, R)."""
    kinds, kind = np.unique(problem.applicant_signature, return_inverse=True)
    read = np.isin(problem.coef_signature, kinds)  # a coefficient of a signature nobody has changes nothing
    cell = np.searchsorted(kinds, problem.coef_signature[read]) * problem.classes + problem.coef_class[read]
    shape = (max(1, kinds.size) * problem.classes, problem.rows)
    table = csr_matrix((problem.coef_value[read], (cell, problem.coef_row[read])), shape=shape)
    return table[kind[problem.pair_applicant] * problem.classes + problem.pair_class]
