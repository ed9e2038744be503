"""Who comes next on each vacancy's list, when the first refuses?

A greedy pass, rank after rank and class after class, in the order of the classes: exact for each place it
fills, not for all together; a minimum-cost flow could leave fewer lists short. Rows are not counted again:
a candidate of the first one's signature comes first, which leaves them as they were if the first refuses.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Ints, Problem
from optimizer.solve import Answer

_TOP = 100


def complete(
    problem: Problem,
    answer: Answer,
    lists_per_class: int | Ints,
    lists_per_applicant: int | Ints = 2,
) -> Ints:
    """Return each filled vacancy's list, rank 1 from the answer, (C, slots, ranks) pairs, -1 where none.

    1. Rank 1 is the answer, in lottery order within a class.
    2. For rank 2, then 3 …: for each class, for each of its filled vacancies, take the applicant of
       rank 1's signature, else any, of greatest weight, then lowest lottery, who is not on this list and
       on fewer lists than allowed.
    3. Check the result apart from the pass that made it.

    Parameters
    ----------
    lists_per_class : names wanted on each list, one for all or (C,)
    lists_per_applicant : lists that an applicant may be on, rank 1 included, one for all or (A,)

    Raises
    ------
    RuntimeError
        when the check finds a fault.
    """
    wanted = np.broadcast_to(np.asarray(lists_per_class, dtype=np.int64), problem.classes)
    allowed = np.broadcast_to(np.asarray(lists_per_applicant, dtype=np.int64), problem.applicants)
    group = problem.pair_class[answer.pair]
    filled = np.bincount(group, minlength=problem.classes)
    table = np.full((problem.classes, filled.max(initial=0), wanted.max(initial=1)), -1, dtype=np.int64)
    table[group, np.arange(group.size) - np.searchsorted(group, group), 0] = answer.pair
    left = allowed.copy()
    np.subtract.at(left, problem.pair_applicant[answer.pair], 1)

    by_class, order = problem.pair_class, None
    if np.any(by_class[1:] < by_class[:-1]):
        order = np.argsort(by_class, kind="stable")
        by_class = by_class[order]
    starts = np.searchsorted(by_class, np.arange(problem.classes + 1)).tolist()
    short = np.flatnonzero((filled > 0) & (wanted > 1)).tolist()
    candidates = {}
    for c in short:
        inside = np.arange(starts[c], starts[c + 1])
        candidates[c] = _Candidates(problem, inside if order is None else order[inside])
    for rank in range(1, table.shape[2]):
        for c in short:
            if rank < wanted[c]:
                for slot in range(filled[c]):
                    table[c, slot, rank] = candidates[c].next(table[c, slot, :rank], left)
    faults = check(problem, answer, table, wanted, allowed)
    if faults:
        raise RuntimeError("listes refusées par la vérification : " + " ; ".join(faults))
    return table


class _Candidates:
    """The pairs of one class, best first: greatest weight, then lowest lottery; `top` is looked at first."""

    def __init__(self, problem: Problem, pairs: Ints) -> None:
        self.problem, self.pairs, self.top = problem, pairs, pairs
        if pairs.size > _TOP:
            weight = problem.pair_weight[pairs]
            self.top = pairs[weight >= np.partition(weight, pairs.size - _TOP)[pairs.size - _TOP]]
        self.top = self._best_first(self.top)

    def _best_first(self, pairs: Ints) -> Ints:
        lottery = self.problem.applicant_lottery[self.problem.pair_applicant[pairs]]
        ordered: Ints = pairs[np.lexsort((lottery, -self.problem.pair_weight[pairs]))]
        return ordered

    def next(self, before: Ints, left: Ints) -> int:
        """Return the best pair for a list that has `before`, and count it; -1 when there is none."""
        best = self._best(self.top, before, left, same_only=self.pairs.size > self.top.size)
        if best < 0 and self.pairs.size > self.top.size:
            self.top = self.pairs = self._best_first(self.pairs)
            best = self._best(self.top, before, left)
        if best >= 0:
            left[self.problem.pair_applicant[best]] -= 1
        return best

    def _best(self, among: Ints, before: Ints, left: Ints, same_only: bool = False) -> int:
        """Return the first free pair of rank 1's signature, else (unless `same_only`) the first free."""
        listed = self.problem.pair_applicant[before[before >= 0]]
        applicant = self.problem.pair_applicant[among]
        free = left[applicant] > 0
        for other in listed:
            free &= applicant != other
        same = free & (
            self.problem.applicant_signature[applicant] == self.problem.applicant_signature[listed[0]]
        )
        for found in (same,) if same_only else (same, free):
            place = int(found.argmax())
            if found[place]:
                return int(among[place])
        return -1


def check(
    problem: Problem,
    answer: Answer,
    table: NDArray[np.int64],
    lists_per_class: int | Ints,
    lists_per_applicant: int | Ints = 2,
) -> tuple[str, ...]:
    """Return, in French, every way in which lists break the rules of `complete`, none if they hold."""
    faults = []
    classes, slots, _ = table.shape
    group, slot, rank = np.nonzero(table >= 0)
    pair = table[group, slot, rank]
    if np.any(pair >= problem.pairs):
        return ("une liste contient une paire absente du problème",)
    applicant = problem.pair_applicant[pair]
    strange = problem.pair_class[pair] != group
    faults += [
        f"liste ({c}, {s}) : paire d'une autre classe"
        for c, s in zip(group[strange], slot[strange], strict=True)
    ]
    if not np.array_equal(np.sort(table[:, :, 0][table[:, :, 0] >= 0]), np.sort(answer.pair)):
        faults.append("les rangs 1 ne sont pas la réponse")
    gaps = (table[:, :, 1:] >= 0) & (table[:, :, :-1] < 0)
    faults += [f"liste ({c}, {s}) : un rang vide précède un rang occupé" for c, s, _ in np.argwhere(gaps)]
    wanted = np.broadcast_to(np.asarray(lists_per_class), classes)
    beyond = rank >= np.maximum(wanted, 1)[group]
    faults += [f"liste ({c}, {s}) : trop de noms" for c, s in zip(group[beyond], slot[beyond], strict=True)]
    on_list = (group * slots + slot) * problem.applicants + applicant
    if np.unique(on_list).size < on_list.size:
        faults.append("un candidat figure deux fois sur la même liste")
    times = np.bincount(applicant, minlength=problem.applicants)
    most = np.maximum(np.broadcast_to(np.asarray(lists_per_applicant), problem.applicants), 1)
    faults += [
        f"candidat {a} sur {times[a]} listes, attendu au plus {most[a]}" for a in np.flatnonzero(times > most)
    ]
    return tuple(faults)
