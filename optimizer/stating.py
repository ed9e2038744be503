"""How is a problem stated for the solver, and what it finds said in the problem's own numbers?

Pairs that are locked or forbidden are settled here: the solver sees the free pairs only, with what is left of
capacities and rows. Applicants go by their lottery number; groups of classes become hard rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack

from optimizer.problem import NO_HIGH, NO_LOW, Ints, Problem, lines
from optimizer.relaxation import Narrow, Programme


@dataclass(frozen=True)
class Stated:
    """A programme, the pair of the problem behind each of its pairs, and the pairs already given.

    `place` is None where the programme has the problem's pairs, as they stand.
    """

    programme: Programme
    place: Ints | None  # (free pairs,)
    given: Ints  # locked pairs

    def pairs(self, chosen: Ints) -> Ints:
        """Return chosen pairs of the programme as pairs of the problem, without the given ones."""
        return chosen if self.place is None else self.place[chosen]

    def of_pairs(self, value: Ints) -> Ints:
        """Return what belongs to each pair of the problem, by pair of the programme."""
        return value if self.place is None else value[self.place]

    def positions(self, pairs: Ints, size: int) -> Ints:
        """Return where pairs of the problem stand in the programme; those it has not are left out."""
        if self.place is None:
            return pairs
        where = np.full(size, -1, dtype=np.int64)
        where[self.place] = np.arange(self.place.size)
        found = where[pairs]
        return found[found >= 0]


def state(problem: Problem) -> Stated:
    """State a problem: free pairs by class, what is left of capacities and rows, groups as hard rows."""
    given, place = _free(problem)
    seen: slice | Ints = slice(None) if place is None else place
    applicant, group = problem.pair_applicant[seen], problem.pair_class[seen]
    known = np.unique(problem.coef_signature)
    line = lines(known, problem.applicant_signature)
    coef_cell = (np.searchsorted(known, problem.coef_signature) + 1) * problem.classes + problem.coef_class
    effects = _effects(problem, coef_cell, (known.size + 1) * problem.classes)
    low = np.where(problem.row_low == NO_LOW, -np.inf, problem.row_low)
    high = np.where(problem.row_high == NO_HIGH, np.inf, problem.row_high)
    penalty = problem.row_penalty.astype(np.float64)
    if problem.groups:
        inside = np.flatnonzero(problem.group >= 0)
        cells = (np.arange(known.size + 1)[:, None] * problem.classes + inside).ravel()
        grouped = (np.ones(cells.size), (cells, np.tile(problem.group[inside], known.size + 1)))
        effects = hstack([effects, csr_matrix(grouped, shape=(effects.shape[0], problem.groups))], "csr")
        low = np.concatenate([low, np.full(problem.groups, -np.inf)])
        high = np.concatenate([high, problem.group_capacity.astype(np.float64)])
        penalty = np.concatenate([penalty, np.full(problem.groups, np.inf)])
    capacity = problem.class_capacity.astype(np.float64)
    if given.size:
        where = problem.pair_class[given]
        spent = line[problem.pair_applicant[given]] * problem.classes + where
        counted = np.asarray(effects[spent].sum(axis=0)).ravel()
        low, high = low - counted, high - counted
        capacity = capacity - np.bincount(where, minlength=problem.classes)
    narrow_line = line.astype(np.int32)
    programme = Programme(
        applicant=problem.applicant_lottery.astype(np.int32)[applicant],
        group=group.astype(np.int32),
        cell=narrow_line[applicant] * np.int32(problem.classes) + group.astype(np.int32),
        value=problem.pair_weight[seen],
        must=np.zeros(problem.applicants, dtype=bool),
        capacity_low=np.zeros(problem.classes),
        capacity=capacity,
        effects=effects,
        row_low=low,
        row_high=high,
        row_penalty=penalty,
    )
    return Stated(programme, place, given)


def _effects(problem: Problem, coef_cell: Ints, cells: int) -> Any:
    """Return what a pair of each cell adds to each row, a csr matrix (cells, R); no two coefficients meet."""
    order = np.lexsort((problem.coef_row, coef_cell))
    start = np.zeros(cells + 1, dtype=np.int32)
    np.bincount(coef_cell, minlength=cells).cumsum(out=start[1:])
    value, row = problem.coef_value[order].astype(np.float64), problem.coef_row[order].astype(np.int32)
    return csr_matrix((value, row, start), shape=(cells, problem.rows))


def _free(problem: Problem) -> tuple[Ints, Ints | None]:
    """Return the locked pairs, and the free ones in class order, None when these are all, as they stand."""
    given = np.empty(0, dtype=np.int64)
    place: Ints | None = None
    if problem.pair_lock is not None:
        given = np.flatnonzero(problem.pair_lock == 1)
        held = np.zeros(problem.applicants, dtype=bool)
        held[problem.pair_applicant[given]] = True
        place = np.flatnonzero((problem.pair_lock == 0) & ~held[problem.pair_applicant])
    group: Ints | Narrow = problem.pair_class if place is None else problem.pair_class[place]
    if np.any(group[1:] < group[:-1]):
        order = np.argsort(group, kind="stable")
        place = order if place is None else place[order]
    return given, place
