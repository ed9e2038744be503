"""Which names come next, on all lists of a rank together?

The names of one rank are an assignment of their own, solved and verified like the first: every list that goes
on is a class of one place, every applicant who may stand on one more list a candidate once.
"""

from __future__ import annotations

import numpy as np

from optimizer.lexicographic import solve_in_stages
from optimizer.problem import Ints, Problem

_SPARE = 4


def next_rank(problem: Problem, table: Ints, wanted: Ints, allowed: Ints) -> Ints:
    """Return the pair of each list's next name, (C, slots), -1 where the list ends.

    1. Take the lists that want one more name and have not ended.
    2. Candidates of a list are the applicants of its class who are not on it and may stand on one more list;
       of each list, no more of the best are needed than there are lists, since one of them is always free.
    3. Match them: as many names as can be, then of rank 1's signature, then weight, then lottery.

    Parameters
    ----------
    table : (C, slots, ranks so far) pairs
    """
    found = np.full(table.shape[:2], -1, dtype=np.int64)
    going = (table[:, :, -1] >= 0) & (wanted > table.shape[2])[:, None]
    where = np.argwhere(going)
    if not where.size:
        return found
    left = allowed.copy()
    np.subtract.at(left, problem.pair_applicant[table[table >= 0]], 1)
    pools = _pools(problem, np.unique(where[:, 0]), left)
    spread = int(problem.pair_weight.max(initial=0)) + 1
    pairs, values = [], []
    for c, slot in where.tolist():
        pool = pools[c]
        applicant = problem.pair_applicant[pool]
        listed = problem.pair_applicant[table[c, slot]]
        kept = ~np.isin(applicant, listed)
        pool, applicant = pool[kept], applicant[kept]
        kinds = problem.applicant_signature
        value = problem.pair_weight[pool] + spread * (kinds[applicant] == kinds[listed[0]])
        best = np.lexsort((problem.applicant_lottery[applicant], -value))[: len(where) + _SPARE]
        pairs.append(pool[best])
        values.append(value[best])
    places = np.repeat(np.arange(len(where)), [len(each) for each in pairs])
    pair = np.concatenate(pairs)
    rank = Problem(
        pair_applicant=problem.pair_applicant[pair],
        pair_class=places,
        pair_weight=np.concatenate(values),
        class_capacity=np.ones(len(where), dtype=np.int64),
        applicant_signature=np.zeros(problem.applicants, dtype=np.int64),
        applicant_lottery=problem.applicant_lottery,
    )
    chosen = solve_in_stages(rank, trusted=True).pair
    found[tuple(where[places[chosen]].T)] = pair[chosen]
    return found


def _pools(problem: Problem, classes: Ints, left: Ints) -> dict[int, Ints]:
    """Return the pairs of some classes whose applicants may stand on one more list."""
    inside = np.zeros(problem.classes, dtype=bool)
    inside[classes] = True
    usable = inside[problem.pair_class] & (left > 0)[problem.pair_applicant] & (problem.lock >= 0)
    pairs = np.flatnonzero(usable)
    pairs = pairs[np.argsort(problem.pair_class[pairs], kind="stable")]
    start = np.searchsorted(problem.pair_class[pairs], np.append(classes, problem.classes))
    return {
        c: pairs[begin:end]
        for c, begin, end in zip(classes.tolist(), start[:-1].tolist(), start[1:].tolist(), strict=True)
    }
