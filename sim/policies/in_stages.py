"""How is a sitting's problem solved in stages, each giving up nothing of those before it?

Not a policy. Relogement and DALO by deadline → fill → legal rows → target rows → points → lottery; each stage
is proved, and no gap is kept. A stage has no price in the next one's coin, so what a target may override is
held pair by pair: nobody is first for a dwelling with over `max_points_forgone` points less than whom the
legal rows alone would put there. In one objective that limit is a lease's, here it is a dwelling's.

The households owed a dwelling may come before fill or after it: whoever can be placed together can be so in
an answer that fills most, by exchanges along alternating paths (Mendelsohn and Dulmage, 1958).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimizer import Answer, Problem
from optimizer.lexicographic import solve_in_stages
from optimizer.problem import NO_LOW
from optimizer.reasons import LITTLE, without
from sim.policies.match_problem import Solved, Stated, stated
from sim.policies.match_rows import Amounts, Volumes
from sim.policies.sitting import NO_DEADLINE, NOBODY, Sitting
from sim.rules.quotas import LEGAL, TARGET, Rows
from sim.territory.columns import Bools


def best(sitting: Sitting, rows: Rows, volumes: Volumes | None = None) -> Solved | None:
    """Return the answer best in each stage in turn, None when nobody fits any vacancy.

    1. Mark the households owed a dwelling that can be placed together; where no legal row bears on the
       sitting none is owed.
    2. Where targets bear on it, forbid the pairs that would override too many points.
    3. Solve in stages; a household marked weighs as several leases of a legal row, and more still as long as
       one of them is not placed.
    """
    legal = rows.tier == LEGAL
    marked = owed_together(sitting) if legal.any() else np.zeros(len(sitting.demand), dtype=bool)
    lead = volumes.lead if volumes else None
    if lead is None and (rows.tier == TARGET).any():
        lawful = best(sitting, rows.select(legal))
        lead = None if lawful is None else lawful.lead(len(sitting))
    leases = 4
    while True:
        asked = stated(sitting, rows, volumes, marked, leases, in_stages=True)
        if asked is None:
            return None
        lock = asked.problem.pair_lock if lead is None else _within_points(asked, lead)
        answer = solve_in_stages(
            replace(asked.problem, pair_lock=lock), prices=asked.prices(sitting.carry), trusted=True
        )
        found = Solved(asked, answer, max(stage.gap or 0.0 for stage in answer.stages), lock)
        placed = found.lead(len(sitting))
        if marked[placed[placed != NOBODY]].sum() == marked.sum() or leases > asked.problem.pairs:
            return found
        leases *= 8


def again(solved: Solved, vacancies: int) -> Callable[[Problem], Answer]:
    """Return what solves the problem of an answer without some of its rows, as the answer was.

    What the targets left may override is held against the legal rows left, as it is in `best`.
    """
    asked, start = solved.asked, solved.answer.start
    locks = {_legal_limits(asked.problem): solved.lock}

    def solver(problem: Problem) -> Answer:
        targets = np.flatnonzero((problem.row_tier == TARGET) & (problem.row_low != NO_LOW)).tolist()
        lock, legal = problem.pair_lock, _legal_limits(problem)
        if targets and legal not in locks:
            lawful = solve_in_stages(without(problem, targets), trusted=True, start=start, **LITTLE)
            locks[legal] = _within_points(asked, replace(solved, answer=lawful).lead(vacancies))
        if targets:
            lock = locks[legal]
        asked_again = replace(problem, pair_lock=lock)
        return solve_in_stages(asked_again, trusted=True, start=start, **LITTLE)

    return solver


def _legal_limits(problem: Problem) -> tuple[int, ...]:
    return tuple(problem.row_low[problem.row_tier == LEGAL].tolist())


def _within_points(asked: Stated, lead: Amounts) -> Amounts:
    """Return -1 for each pair that would override too many points of the first of each list, (V,), else 0."""
    first, problem = lead[asked.fillable], asked.problem
    of_demand = np.zeros(int(asked.applicants[-1]) + 1, dtype=np.int64)
    of_demand[asked.applicants] = asked.weight
    least = np.where(first == NOBODY, 0, of_demand[first] - asked.forgone)
    lock = np.where(asked.weight[problem.pair_applicant] < least[problem.pair_class], -1, 0)
    return lock if problem.pair_lock is None else np.where(problem.pair_lock == 1, 1, lock)


def owed_together(sitting: Sitting) -> Bools:
    """Return which demands owed a dwelling can all be first at once, nearest deadlines first, (N,).

    1. Who is first by law or by a person's choice stays there, and nobody else is placed there.
    2. Read the others by deadline, then in cotation order.
    3. Each takes a vacancy it fits that is free, or moves others along to free one.
    """
    found = np.zeros(len(sitting.demand), dtype=bool)
    owed = sitting.deadline_s != NO_DEADLINE
    if not owed.any():
        return found
    vacancy = np.repeat(np.arange(len(sitting)), np.diff(sitting.pool_start))
    first = {place: who for place, who in sitting.first_by_law.items() if who in sitting.eligible(place)}
    given = np.array(list(first.values()), dtype=np.int64)
    found[given] = owed[given]
    due = np.setdiff1d(np.flatnonzero(owed), given)
    mine = np.isin(sitting.pool, due) & ~np.isin(vacancy, list(first))
    fits: dict[int, list[int]] = {}
    for place, demand in zip(vacancy[mine].tolist(), sitting.pool[mine].tolist(), strict=True):
        fits.setdefault(demand, []).append(place)
    holder: dict[int, int] = {}
    at: dict[int, int] = {}
    for demand in due[np.argsort(sitting.deadline_s[due], kind="stable")].tolist():
        found[demand] = _placed(demand, fits, holder, at)
    return found


def _placed(demand: int, fits: dict[int, list[int]], holder: dict[int, int], at: dict[int, int]) -> bool:
    """Place a demand, moving others along where needed; return whether it could be.

    `holder` is who holds each vacancy, `at` the vacancy that each one holds; both are brought up to date.
    """
    comes: dict[int, int] = {}  # vacancy -> who would come to it
    waiting = deque([demand])
    while waiting:
        mover = waiting.popleft()
        for place in fits.get(mover, ()):
            if place in comes:
                continue
            comes[place] = mover
            if place in holder:
                waiting.append(holder[place])
                continue
            while demand not in at:  # follow the moves back to the one who had no place
                comer = comes[place]
                holder[place], at[comer], place = comer, place, at.get(comer, place)
            return True
    return False
