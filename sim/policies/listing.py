"""Who comes after the first on each list of a joint matching?

Not a policy: what the jointly matched policies share. The rule is that of `optimizer.lists`: rank by rank,
the first's public before others, then the greatest weight, then the lottery. A pool is read as far as the
lists need.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from optimizer.lists import Queue, in_turn
from sim.policies.match_problem import NONE_LEFT, Ground, Solved
from sim.policies.match_rows import Amounts
from sim.policies.sitting import NOBODY


def listed(solved: Solved) -> Amounts:
    """Return the lists of an answer as positions of the sitting, (C, list_length), NOBODY where none.

    1. The first are those of the answer.
    2. Read for each list the first's public among the pairs put to the solver, then in its whole pool, then
       everybody in its pool; the best first each time.
    3. Fill rank by rank, each demand on `max_lists` lists at most.
    """
    asked, ground = solved.asked, solved.asked.ground
    pair, sitting = solved.answer.pair, ground.sitting
    problem = asked.problem
    group = problem.pair_class[pair]
    lists = [[demand] for demand in asked.applicants[problem.pair_applicant[pair]].tolist()]
    left: defaultdict[int, int] = defaultdict(lambda: sitting.max_lists)
    for (demand,) in lists:
        left[demand] -= 1
    queues = _queues(solved, group)
    in_turn(lists, queues, [sitting.list_length] * len(lists), range(len(sitting.demand)), left)
    table = np.full((len(ground.fillable), sitting.list_length), NOBODY, dtype=np.int64)
    for place, demands in zip(group.tolist(), lists, strict=True):
        table[place, : len(demands)] = demands
    return table


def _queues(solved: Solved, group: Amounts) -> list[Queue]:
    """Return in which order each list reads the demands of its pool."""
    asked, problem, ground = solved.asked, solved.asked.problem, solved.asked.ground
    public = np.full(problem.classes, -1)
    public[group] = problem.applicant_signature[problem.pair_applicant[solved.answer.pair]]
    demand, of_class = asked.applicants[problem.pair_applicant], problem.pair_class
    alike = (ground.kind[demand] == public[of_class]) & (ground.worth[demand] > asked.rest[of_class])
    demand, of_class = demand[alike], of_class[alike]
    order = np.lexsort((-ground.merit[demand], of_class))
    demands = demand[order].tolist()
    start = of_class[order].searchsorted(np.arange(problem.classes + 1)).tolist()
    whole = (asked.rest == NONE_LEFT).tolist()
    return [
        _queue(ground, one, demands[start[one] : start[one + 1]], int(public[one]), whole=whole[one])
        for one in group.tolist()
    ]


def _queue(ground: Ground, group: int, alike: list[int], public: int, *, whole: bool) -> Queue:
    """Yield the demands of a class; `alike` are those of the public before any left out, all when `whole`."""
    yield from alike
    pool = ground.sitting.pool[slice(*ground.start[group : group + 2])]
    kind = ground.kind[pool]
    if not whole:
        mine = pool[kind == public]
        yield from mine[ground.merit[mine].argsort()[::-1]].tolist()
    merit = ground.merit[pool] + ground.saved[group, kind] * ground.a_saving
    yield from pool[merit.argsort()[::-1]].tolist()
