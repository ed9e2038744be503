"""How is a sitting's problem solved in one objective: points, less what rows are short of?

Not a policy. Filling a dwelling outweighs the law, the law points, points the lottery; a target so many
points a lease. A gap may be kept: at most a part of the points and targets at stake in the sitting, in which
neither the worth of a place filled nor the legal rows' penalties count.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimizer import Answer, solve
from sim.policies.contenders import Contenders
from sim.policies.match_problem import Solved, Stated, ground_of
from sim.policies.match_rows import Amounts, Volumes
from sim.policies.sitting import Sitting
from sim.rules.quotas import UNIT, Rows
from sim.territory.columns import Ints

DEAREST = 2**27
"""A place is not made worth much more than this: the verifier's sums must stay within 64 bits."""


def best(
    sitting: Sitting, rows: Rows, volumes: Volumes | None = None, *, apart: bool = True
) -> Solved | None:
    """Return the answer of greatest worth, None when nobody fits any vacancy.

    1. Put the foremost of each pool to the solver, with a worth of filling that leaves no dwelling empty that
       could be filled.
    2. Hold its prices against the others. While the bound grows by them beyond what the answer may lose, put
       those who are worth more to the solver too, and solve again.
    3. Say what the answer may lose to the bound, in parts of what is at stake.

    Where no gap is kept, the search starts from the prices carried: the same answer, sooner. Where one is,
    which of the answers within it is met first depends on where the search starts, and it starts from this
    sitting alone. Where rows are not `apart` (see `ground_of`), all pairs are put to the solver.
    """
    ground = ground_of(sitting, rows, volumes, apart=apart)
    if ground is None:
        return None
    whole = ground.a_point * ground.stake
    if not apart:
        asked = ground.stated()
        answer, _ = _filled(asked)
        return Solved(asked, answer, (answer.bound - answer.objective) / whole)
    contenders, allowed = Contenders(ground), int(sitting.gap * whole)
    while True:
        asked = contenders.stated()
        answer, filling = _filled(asked)
        missing = max(0, answer.bound - answer.objective - allowed)
        more, grown = contenders.overlooked(asked, answer, filling, missing, ties=not allowed)
        if grown:
            answer = replace(answer, bound=answer.bound + grown, proved_by=None)
        lost = answer.bound - answer.objective
        if not len(more) or 0 < lost <= allowed:
            everybody = len(contenders.held) == ground.pairs
            if everybody or not _fits_more(asked, answer, ground.start, ground.sitting.pool):
                return Solved(asked, answer, lost / whole)
            more = np.arange(ground.pairs)  # someone left out may fill a place, within what may be lost
        contenders.hold(more)


def _filled(asked: Stated) -> tuple[Answer, int]:
    """Solve with places dear enough that none stays empty that could be filled.

    1. A place is worth first what two legal leases and the range of weights are.
    2. While fewer places are filled than can be, make it worth eight times more and solve again.

    Returns
    -------
    the answer, and what a place is worth in it.
    """
    problem, sitting = asked.problem, asked.ground.sitting
    prices = asked.prices(None if sitting.gap else sitting.carry)
    spread = int(problem.pair_weight.max(initial=0)) + 1
    filling = 2 * UNIT * int(problem.row_penalty.max(initial=0)) + spread
    allowed = sitting.gap * asked.a_point * asked.stake
    who = asked.applicants[problem.pair_applicant]
    start = problem.pair_class.searchsorted(np.arange(problem.classes + 1))
    while True:
        dear = replace(problem, pair_weight=problem.pair_weight + filling)
        whole = (filling + spread) * problem.classes  # no answer is worth more
        answer = solve(dear, prices=prices, trusted=True, gap=allowed / whole)
        if filling > DEAREST or not _fits_more(asked, answer, start, who):
            return answer, filling
        filling *= 8


def _fits_more(asked: Stated, answer: Answer, start: Amounts, who: Ints) -> bool:
    """Tell whether an empty place can be filled when those placed move along; those given stay.

    `who` of class c are the demands from `start[c]` to `start[c + 1]`.
    """
    problem = asked.problem
    if answer.fill == problem.classes:
        return False
    placed = asked.applicants[problem.pair_applicant[answer.pair]].tolist()
    at = dict(zip(placed, problem.pair_class[answer.pair].tolist(), strict=True))
    stays = set(asked.ground.sitting.first_by_law.values())
    seen = set(range(problem.classes)) - set(at.values())
    reached = list(seen)
    while reached:
        place = reached.pop()
        for demand in who[start[place] : start[place + 1]].tolist():
            if demand not in at:
                return True
            if demand not in stays and at[demand] not in seen:
                seen.add(at[demand])
                reached.append(at[demand])
    return False
