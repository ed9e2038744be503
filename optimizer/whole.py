"""What is the best answer in whole pairs, when the best mix is in parts?

A dive from the mix most often finds an answer worth the bound, rounded down. Else branch and bound (SCIP)
over a few pairs: one that loses more to the prices than what a better answer could still gain cannot belong
to it, which is a proof and not a guess. The search stops after a number of nodes, never after a time unless
one is asked for, so that the same input gives the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizer.clock import Clock
from optimizer.columns import TOLERANCE, Priced, class_order, ordered, whole_units
from optimizer.diving import STEPS, dive
from optimizer.problem import Ints
from optimizer.relaxation import Floats, Model, Programme, optimal, run

_NODES, _NODE_PAIRS = 2_000, 2_000_000  # nodes of a search; with many pairs fewer, nodes × pairs at most so
_QUICKLY = 40  # steps of a dive where an answer a little further from the bound does as well
SEARCHED, FEW_SEARCHED = 20_000, 3_000
"""Pairs that a search is given at most: with more it would not end, or not within an answer's reasons."""


@dataclass(frozen=True)
class Whole:
    """The best answer in whole pairs found; `proved` when none is better."""

    pairs: Ints
    proved: bool


def best_whole(
    programme: Programme, priced: Priced, gap: float, clock: Clock, searched_at_most: int = SEARCHED
) -> Whole:
    """Return the best answer in whole pairs; which of several equally good is the business of `equals.py`.

    1. Round the mix: an answer to improve on.
    2. Dive among the pairs of the mix and those that lose least, two a vacancy, for an answer worth the bound
       rounded down, then for a better one than we have; what is within `gap` of the bound is returned.
    3. Search these pairs by branch and bound. The worth of any answer is an integer, so what may be missing
       is the bound, rounded down, less ours; if every pair losing at most what one unit better leaves was
       searched, the answer is the best. If not, search those, unless they are very many: then nothing more
       than the bound is proved.
    """
    most = whole_units(priced.bound)
    found = rounded(programme, priced)
    near = _near(programme, priced)
    for target in (most, worth(programme, found) + 1):
        if most - worth(programme, found) > gap * abs(most):
            dived = dive(programme, near, target, clock, steps=_QUICKLY if gap else STEPS)
            found = found if dived is None else better(programme, found, dived)
    missing = most - worth(programme, found)
    proved = missing <= 0
    if gap and missing <= gap * abs(most):
        return Whole(found, missing <= 0)
    loss = priced.loss(programme)
    searched = near if missing > 0 else found
    while missing > 0 and not clock.over:
        searched = np.union1d(searched, found)
        searched = searched[class_order(programme, searched)]
        answer = search(programme, searched, clock, start=found)
        if answer is None:
            break
        found = better(programme, found, answer.pairs)
        missing = most - worth(programme, found)
        if gap and missing <= gap * abs(most):
            return Whole(found, missing <= 0)
        needed = np.flatnonzero(loss <= priced.bound - worth(programme, found) - 1 + TOLERANCE)
        proved = missing <= 0 or (answer.proved and bool(np.isin(needed, searched).all()))
        if proved or not answer.proved or needed.size > searched_at_most:
            break
        searched = np.union1d(searched, needed)
    return Whole(found, proved)


def _near(programme: Programme, priced: Priced) -> Ints:
    """Return the pairs of the mix and those of the pool that lose least, two a vacancy, in class order."""
    few = min(2 * programme.places, priced.pool.size)
    cheapest = priced.pool[np.argsort(priced.loss(programme, priced.pool), kind="stable")[:few]]
    return ordered(programme, np.union1d(priced.pool[priced.mix.share > 0], cheapest))


def search(programme: Programme, pool: Ints, clock: Clock, *, start: Ints) -> Whole | None:
    """Return the best whole answer of a pool that the search came to, None when it came to none.

    `start` is an answer to begin with.
    """
    model = Model(programme, pool)
    nodes = min(_NODES, max(1, _NODE_PAIRS // max(1, pool.size)))
    return branch(model, model.gains, [], clock.parameters(nodes), start=start)


def branch(
    model: Model, gains: Floats, floors: Sequence[tuple[Floats, float]], parameters: Any, *, start: Ints
) -> Whole | None:
    """Return the whole answer of greatest gain, (columns,), that branch and bound came to, None if to none.

    Parameters
    ----------
    floors : other gains, (columns,), and what they must reach
    parameters : the solver's
    start : an answer to begin with
    """
    from ortools.math_opt.model_parameters_pb2 import ModelSolveParametersProto
    from ortools.math_opt.parameters_pb2 import SOLVER_TYPE_GSCIP

    size = model.pool.size
    hints = ModelSolveParametersProto()
    hint = hints.solution_hints.add().variable_values
    hint.ids.extend(range(size))
    hint.values.extend(np.isin(model.pool, start).astype(float).tolist())
    result = run(model.proto(gains, floors, integral=size), SOLVER_TYPE_GSCIP, parameters, hints)
    if not result.solutions or not result.solutions[0].HasField("primal_solution"):
        return None
    values = np.array(result.solutions[0].primal_solution.variable_values.values)
    return Whole(model.pool[values[:size] > 0.5], optimal(result))


def reduced_costs(
    model: Model, gains: Floats, floors: Sequence[tuple[Floats, float]], clock: Clock
) -> tuple[float, Floats] | None:
    """Return what a model in parts reaches and what a unit more of each column adds, None if nothing does."""
    from ortools.math_opt.model_parameters_pb2 import ModelSolveParametersProto
    from ortools.math_opt.parameters_pb2 import SOLVER_TYPE_GLOP

    nothing = ModelSolveParametersProto()
    result = run(model.proto(gains, floors), SOLVER_TYPE_GLOP, clock.parameters(), nothing)
    if not result.solutions or not optimal(result):
        return None
    solution = result.solutions[0]
    reached = float(solution.primal_solution.objective_value)
    return reached, np.array(solution.dual_solution.reduced_costs.values)


def rounded(programme: Programme, priced: Priced) -> Ints:
    """Return an answer made of the mix: largest parts first, then the pairs of the pool that lose least.

    Where hard rows are, a pair that would break a ceiling of theirs is passed; a floor is left to the search.
    """
    pool, share = priced.pool, priced.mix.share
    loss = priced.loss(programme, pool)
    worth_it = (share > 0) | (programme.value[pool] - priced.prices.toll[programme.cell[pool]] > 0)
    order = np.lexsort((programme.applicant[pool], loss, -share))
    hard = ~np.isfinite(programme.row_penalty)
    room, above = programme.capacity.copy(), programme.row_high.copy()
    placed = np.zeros(programme.must.size, dtype=bool)
    taken = []
    for pair in pool[order[worth_it[order]]].tolist():
        applicant, group = programme.applicant[pair], programme.group[pair]
        if room[group] < 1 or placed[applicant]:
            continue
        if hard.any():
            counts = programme.effects[programme.cell[pair]].toarray().ravel()
            if np.any(hard & (counts > above)):
                continue
            above = above - np.where(np.isfinite(above), counts, 0.0)
        placed[applicant] = True
        room[group] -= 1
        taken.append(pair)
    return np.array(taken, dtype=np.int64)


def better(programme: Programme, first: Ints, second: Ints) -> Ints:
    """Return the answer worth more, the first at the same worth."""
    return second if worth(programme, second) > worth(programme, first) else first


def worth(programme: Programme, chosen: Ints) -> float:
    """Return Σ value − Σ penalty · shortfall of whole pairs; minus infinity where a hard row is broken."""
    if not programme.row_low.size:
        return float(programme.value[chosen].sum())
    sums = programme.sums(chosen)
    shortfall = np.maximum(0, np.maximum(programme.row_low - sums, sums - programme.row_high))
    short = shortfall > 0
    return float(programme.value[chosen].sum()) - float(programme.row_penalty[short] @ shortfall[short])


def fullest(programme: Programme) -> Ints:
    """Return, per pair, what it adds to fill first and to a low sum of lottery numbers second, (E,)."""
    size = programme.must.size
    places = min(size, programme.places)
    value: Ints = places * size + 1 - programme.applicant.astype(np.int64)
    return value
