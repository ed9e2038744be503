"""Who comes next on each vacancy's list, when the first refuses?

Each rank is an assignment of its own, once the ranks before it are given: matched exactly, or in turn, which
is quicker, exact for each place it fills and not for all together. Rows are not counted again: a candidate of
the first one's signature comes first, which leaves them as they were if the first refuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, MutableSequence, Sequence

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Ints, Problem
from optimizer.ranks import match_rank
from optimizer.solve import Answer

_TOP = 100

Queue = Iterator[int]
"""Pairs in the order in which a list would have them."""


def complete(
    problem: Problem,
    answer: Answer,
    lists_per_class: int | Ints | None = None,
    lists_per_applicant: int | Ints | None = None,
    *,
    matched: bool = False,
) -> Ints:
    """Return each filled vacancy's list, rank 1 from the answer, (C, slots, ranks) pairs, -1 where none.

    1. Rank 1 is the answer, in lottery order within a class.
    2. For rank 2, then 3 …, fill the lists with names that are not on them and on fewer lists than allowed:
       as many as can be, then of rank 1's signature, then of greatest weight, then lowest in the lottery;
       `matched` for all lists of the rank together (each applicant once, then again on lists left without a
       name), else in turn, class after class.
    3. Check the result apart from the pass that made it.

    Parameters
    ----------
    lists_per_class : names wanted on each list, one for all or (C,); None: those of the problem
    lists_per_applicant : lists that an applicant may be on, rank 1 included, one for all or (A,); None: those
        of the problem

    Raises
    ------
    RuntimeError
        when the check finds a fault.
    """
    wanted, allowed = _limits(problem, lists_per_class, lists_per_applicant)
    group = problem.pair_class[answer.pair]
    filled = np.bincount(group, minlength=problem.classes)
    table = np.full((problem.classes, filled.max(initial=0), wanted.max(initial=1)), -1, dtype=np.int64)
    table[group, np.arange(group.size) - np.searchsorted(group, group), 0] = answer.pair
    if matched:
        for rank in range(1, table.shape[2]):
            match_rank(problem, table[:, :, : rank + 1], wanted, allowed)
    else:
        _in_turn(problem, table, wanted, allowed)
    faults = check(problem, answer, table, wanted, allowed)
    if faults:
        raise RuntimeError("listes refusées par la vérification : " + " ; ".join(faults))
    return table


def _limits(
    problem: Problem, lists_per_class: int | Ints | None, lists_per_applicant: int | Ints | None
) -> tuple[Ints, Ints]:
    """Return names wanted a list, (C,), and lists allowed an applicant, (A,)."""
    wanted = problem.class_list if lists_per_class is None else lists_per_class
    allowed = problem.applicant_lists if lists_per_applicant is None else lists_per_applicant
    return (
        np.broadcast_to(np.asarray(1 if wanted is None else wanted, dtype=np.int64), problem.classes),
        np.broadcast_to(np.asarray(2 if allowed is None else allowed, dtype=np.int64), problem.applicants),
    )


def in_turn(
    lists: Sequence[list[int]],
    queues: Sequence[Queue],
    wanted: Sequence[int],
    applicant: Mapping[int, int] | Sequence[int],
    left: MutableMapping[int, int] | MutableSequence[int],
) -> None:
    """Lengthen lists of one pair each, rank by rank, one after another.

    Each takes the first of its queue whose applicant may still be on a list and is not on this one. Whoever
    is passed is passed for good: a place taken never comes free.

    Parameters
    ----------
    applicant : of each pair
    left : lists that each applicant may still be on; counted down
    """
    names = [{applicant[pairs[0]]} for pairs in lists]
    for rank in range(1, max(wanted, default=0)):
        for pairs, on_list, queue, many in zip(lists, names, queues, wanted, strict=True):
            if rank < many:
                for pair in queue:
                    who = applicant[pair]
                    if left[who] > 0 and who not in on_list:
                        pairs.append(pair)
                        on_list.add(who)
                        left[who] -= 1
                        break


def _in_turn(problem: Problem, table: Ints, wanted: Ints, allowed: Ints) -> None:
    """Fill the ranks after the first, one place after another."""
    left = allowed.copy()
    np.subtract.at(left, problem.pair_applicant[table[table >= 0]], 1)
    pairs = np.flatnonzero(problem.lock >= 0)
    by_class = problem.pair_class[pairs]
    if np.any(by_class[1:] < by_class[:-1]):
        sorting = np.argsort(by_class, kind="stable")
        pairs, by_class = pairs[sorting], by_class[sorting]
    starts = by_class.searchsorted(np.arange(problem.classes + 1)).tolist()
    group, slot = np.nonzero((table[:, :, 0] >= 0) & (wanted > 1)[:, None])
    lists = [[first] for first in table[group, slot, 0].tolist()]
    candidates = {c: _Candidates(problem, pairs[starts[c] : starts[c + 1]]) for c in set(group.tolist())}
    queues = [candidates[c].queue(*first) for c, first in zip(group.tolist(), lists, strict=True)]
    in_turn(lists, queues, wanted[group].tolist(), problem.pair_applicant.tolist(), left.tolist())
    for c, s, found in zip(group.tolist(), slot.tolist(), lists, strict=True):
        table[c, s, : len(found)] = found


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

    def queue(self, first: int) -> Queue:
        """Return the pairs of rank 1's signature, then all, each best first."""
        signature = self.problem.applicant_signature[self.problem.pair_applicant]
        top = self.top
        yield from top[signature[top] == signature[first]].tolist()
        if top.size < self.pairs.size:
            if self.top.size < self.pairs.size:  # no other list of the class has come so far
                self.top = self._best_first(self.pairs)
            yield from self.top[signature[self.top] == signature[first]].tolist()
        yield from self.top.tolist()


def check(
    problem: Problem,
    answer: Answer,
    table: NDArray[np.int64],
    lists_per_class: int | Ints | None = None,
    lists_per_applicant: int | Ints | None = None,
) -> tuple[str, ...]:
    """Return, in French, every way in which lists break the rules of `complete`, none if they hold."""
    faults = []
    slots = table.shape[1]
    group, slot, rank = np.nonzero(table >= 0)
    pair = table[group, slot, rank]
    if np.any(pair >= problem.pairs):
        return ("une liste contient une paire absente du problème",)
    applicant = problem.pair_applicant[pair]
    strange = problem.pair_class[pair] != group
    if strange.any():
        where = zip(group[strange], slot[strange], strict=True)
        return tuple(f"liste ({c}, {s}) : paire d'une autre classe" for c, s in where)
    if not np.array_equal(np.sort(table[:, :, 0][table[:, :, 0] >= 0]), np.sort(answer.pair)):
        faults.append("les rangs 1 ne sont pas la réponse")
    gaps = (table[:, :, 1:] >= 0) & (table[:, :, :-1] < 0)
    faults += [f"liste ({c}, {s}) : un rang vide précède un rang occupé" for c, s, _ in np.argwhere(gaps)]
    wanted, allowed = _limits(problem, lists_per_class, lists_per_applicant)
    faults += [
        f"liste ({c}, {s}) : paire interdite"
        for c, s, p in zip(group, slot, pair, strict=True)
        if problem.pair_lock is not None and problem.pair_lock[p] < 0
    ]
    beyond = rank >= np.maximum(wanted, 1)[group]
    faults += [f"liste ({c}, {s}) : trop de noms" for c, s in zip(group[beyond], slot[beyond], strict=True)]
    on_list = (group * slots + slot) * problem.applicants + applicant
    if np.unique(on_list).size < on_list.size:
        faults.append("un candidat figure deux fois sur la même liste")
    times = np.bincount(applicant, minlength=problem.applicants)
    most = np.maximum(allowed, 1)
    faults += [
        f"candidat {a} sur {times[a]} listes, attendu au plus {most[a]}" for a in np.flatnonzero(times > most)
    ]
    return tuple(faults)
