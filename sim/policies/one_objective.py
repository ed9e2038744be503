"""How is a sitting's problem solved in one objective: points, less what rows are short of?

Not a policy. Filling a dwelling outweighs the law, the law points, points the lottery; a target so many
points a lease. A gap may be kept: at most a part of the points and targets at stake in the sitting, in which
neither the worth of a place filled nor the legal rows' penalties count.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from optimizer import Answer, Problem, solve
from sim.policies.match_problem import Solved, Stated, stated
from sim.policies.match_rows import Volumes
from sim.policies.sitting import Sitting
from sim.rules.quotas import UNIT, Rows

DEAREST = 2**27
"""A place is not made worth much more than this: the verifier's sums must stay within 64 bits."""


def best(
    sitting: Sitting, rows: Rows, volumes: Volumes | None = None, *, apart: bool = True
) -> Solved | None:
    """Return the answer of greatest worth, None when nobody fits any vacancy.

    1. Solve with a worth of filling that leaves no dwelling empty that could be filled.
    2. Say what the answer may lose to the bound, in parts of what is at stake.

    Where no gap is kept, the search starts from the prices carried: the same answer, sooner. Where one is,
    which of the answers within it is met first depends on where the search starts, and it starts from this
    sitting alone. `apart` as in `stated`.
    """
    asked = stated(sitting, rows, volumes, apart=apart)
    if asked is None:
        return None
    answer = _filled(asked, sitting)
    return Solved(asked, answer, (answer.bound - answer.objective) / (asked.a_point * asked.stake))


def _filled(asked: Stated, sitting: Sitting) -> Answer:
    """Solve with places dear enough that none stays empty that could be filled.

    1. A place is worth first what two legal leases and the range of weights are.
    2. While fewer places are filled than can be, make it worth eight times more and solve again.
    """
    problem, prices = asked.problem, asked.prices(None if sitting.gap else sitting.carry)
    spread = int(problem.pair_weight.max(initial=0)) + 1
    filling = 2 * UNIT * int(problem.row_penalty.max(initial=0)) + spread
    most = None
    while True:
        dear = replace(problem, pair_weight=problem.pair_weight + filling)
        whole = (filling + spread) * problem.classes  # no answer is worth more
        allowed = sitting.gap * asked.a_point * asked.stake
        answer = solve(dear, prices=prices, trusted=True, gap=allowed / whole)
        if answer.fill == problem.classes:
            return answer
        most = _most_filled(problem) if most is None else most
        if answer.fill == most or filling > DEAREST:
            return answer
        filling *= 8


def _most_filled(problem: Problem) -> int:
    """Return how many dwellings can be filled at once, whatever the points."""
    free = np.ones(problem.pairs, dtype=bool)
    if problem.pair_lock is not None:  # a pair that is given leaves its place and its demand to no other
        given = problem.pair_lock == 1
        free &= ~np.isin(problem.pair_class, problem.pair_class[given])
        free &= ~np.isin(problem.pair_applicant, problem.pair_applicant[given])
        free |= given
    cells = (problem.pair_class[free], problem.pair_applicant[free])
    shape = (problem.classes, problem.applicants)
    graph = csr_matrix((np.ones(int(free.sum()), dtype=np.int8), cells), shape=shape)
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())
