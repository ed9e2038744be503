"""Which names come next, on all lists of a rank together?

The names of one rank are an assignment of their own, solved and verified like the first: every list that goes
on is a class of one place, every applicant who may stand on one more list a candidate once. Lists that it
leaves without a name are matched again, with those who may stand on another list still.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.lexicographic import solve_in_stages
from optimizer.problem import Ints, Problem

_SPARE = 4


def match_rank(problem: Problem, table: Ints, wanted: Ints, allowed: Ints) -> None:
    """Write the last rank of lists that have the ranks before it, name after name until none can be added.

    Parameters
    ----------
    table : (C, slots, ranks) pairs, the last rank empty
    wanted : (C,) names; allowed : (A,) lists
    """
    going = (table[:, :, -2] >= 0) & (wanted >= table.shape[2])[:, None]
    while going.any():
        found = next_names(problem, table, going, allowed)
        table[:, :, -1] = np.where(found >= 0, found, table[:, :, -1])
        if np.all(found < 0):
            return
        going &= found < 0


def next_names(problem: Problem, table: Ints, going: NDArray[np.bool_], allowed: Ints) -> Ints:
    """Return the pair of the next name of lists, (C, slots), -1 where there is none.

    1. Candidates of a list are the applicants of its class who are not on it and may stand on one more list;
       of each list, no more of the best are needed than there are lists, since one of them is always free.
    2. Match them: as many names as can be, then of rank 1's signature, then weight, then lottery.

    Parameters
    ----------
    table : (C, slots, ranks) pairs
    going : (C, slots) the lists that want one more name
    """
    found = np.full(table.shape[:2], -1, dtype=np.int64)
    where = np.argwhere(going)
    left = allowed.copy()
    np.subtract.at(left, problem.pair_applicant[table[table >= 0]], 1)
    pools = _pools(problem, np.unique(where[:, 0]), left)
    spread = int(problem.pair_weight.max(initial=0)) + 1
    pairs, values = [], []
    for c, slot in where.tolist():
        pool = pools[c]
        applicant = problem.pair_applicant[pool]
        listed = problem.pair_applicant[table[c, slot][table[c, slot] >= 0]]
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
