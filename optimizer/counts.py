"""Can some rows be met, as far as they can tell applicants and classes apart?

Two signatures are of a kind when the rows count them alike everywhere; two classes, when the rows count every
signature alike in both and they are of one group. How many of a kind go to classes of a kind is an integer
program of few unknowns. Who may go where is kept only as limits of these counts: what counts cannot do, no
answer can; what they can do, an answer mostly can too, and `placed` looks for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, hstack, vstack

from optimizer.problem import NO_HIGH, NO_LOW, Ints, Problem, lines

TOLERANCE = 1e-6
"""Sums of whole counts and coefficients are whole: less than this is nothing."""

_NODES = 5_000  # of a search, after which it is given up
_LARGE = 50_000_000  # applicants × kinds of classes
_GIVEN_UP, _IMPOSSIBLE = 1, 2  # as scipy says it


@dataclass(frozen=True)
class Found:
    """Counts, (V,), or None; `proved` when it is certain that there are none, or none better."""

    counts: Ints | None
    proved: bool


@dataclass(frozen=True)
class Kinds:
    """Which applicants and which classes the rows of a problem do not tell apart.

    Attributes
    ----------
    applicant, group : (A,), (C,) int64, the kind of each applicant and of each class
    row, of_applicants, of_classes, value : (K',) int64, one coefficient a row and pair of kinds
    """

    applicant: Ints
    group: Ints
    row: Ints
    of_applicants: Ints
    of_classes: Ints
    value: Ints

    @property
    def classes(self) -> int:
        return int(self.group.max(initial=-1)) + 1

    @classmethod
    def of_problem(cls, problem: Problem) -> Kinds:
        known = np.unique(problem.coef_signature)
        line = lines(known, problem.coef_signature)
        row, place, value = problem.coef_row, problem.coef_class, problem.coef_value
        alike = _alike(known.size + 1, line, (row, place, value))
        first = np.isin(line, np.unique(alike, return_index=True)[1])  # one signature of each kind
        row, mine, place, value = row[first], alike[line[first]], place[first], value[first]
        same = _alike(problem.classes, place, (row, mine, value))
        same = np.unique(same * (problem.groups + 1) + problem.group + 1, return_inverse=True)[1]
        once = np.isin(place, np.unique(same, return_index=True)[1])  # one class of each kind
        return cls(
            alike[lines(known, problem.applicant_signature)],
            same,
            row[once],
            mine[once],
            same[place[once]],
            value[once],
        )


class Counts:
    """The counts of a problem: V cells, each a kind of applicants × a kind of classes.

    It has free pairs, and none of an applicant who is given one.
    """

    def __init__(self, problem: Problem, spent: Ints) -> None:
        """Bring together the cells and what limits their counts.

        Parameters
        ----------
        spent : (R,) int64, what the pairs given add to each row
        """
        self.problem, self.kinds = problem, Kinds.of_problem(problem)
        self.pair = np.flatnonzero(problem.lock == 0)
        self.applicant, self.group = problem.pair_applicant[self.pair], problem.pair_class[self.pair]
        given = problem.pair_class[problem.lock == 1]
        self.room = problem.class_capacity - np.bincount(given, minlength=problem.classes)
        of_pair = self.kinds.applicant[self.applicant] * self.kinds.classes + self.kinds.group[self.group]
        cells = np.flatnonzero(np.bincount(of_pair))
        number = np.full(int(cells[-1]) + 1, -1, dtype=np.int64)
        number[cells] = np.arange(cells.size)
        self.cell = number[of_pair]
        self.most = np.minimum(self._seats()[cells], self._people())
        self.floors = np.flatnonzero(problem.row_low != NO_LOW)
        self.ceilings = np.flatnonzero(problem.row_high != NO_HIGH)
        self._limit(cells, number, spent, given)

    def _limit(self, cells: Ints, number: Ints, spent: Ints, given: Ints) -> None:
        """Write matrix · counts ≤ bound: floors, ceilings, places of a kind of classes, people, groups."""
        problem, kinds, floors, ceilings = self.problem, self.kinds, self.floors, self.ceilings
        of_applicants, of_classes = cells // kinds.classes, cells % kinds.classes
        coef_cell = kinds.of_applicants * kinds.classes + kinds.of_classes
        real = np.flatnonzero(np.isin(coef_cell, cells))
        effects = _sums(problem.rows, kinds.row[real], number[coef_cell[real]], cells.size, kinds.value[real])
        asking = np.zeros(problem.applicants, dtype=bool)
        asking[self.applicant] = True
        people = np.bincount(kinds.applicant[asking])
        group = problem.group[np.unique(kinds.group, return_index=True)[1]][of_classes]
        grouped, every = np.flatnonzero(group >= 0), np.arange(cells.size)
        held = np.bincount(problem.group[given] + 1, minlength=problem.groups + 1)[1:]
        blocks = [
            (-effects[floors], spent[floors] - problem.row_low[floors]),
            (effects[ceilings], problem.row_high[ceilings] - spent[ceilings]),
            (_sums(kinds.classes, of_classes, every, cells.size), np.bincount(kinds.group, self.room)),
            (_sums(people.size, of_applicants, every, cells.size), people),
            (_sums(problem.groups, group[grouped], grouped, cells.size), problem.group_capacity - held),
        ]
        self.matrix = vstack([matrix for matrix, _ in blocks], format="csr")
        self.bound = np.concatenate([bound for _, bound in blocks]).astype(np.float64)

    def in_parts(self) -> Ints:
        """Return the rows that prices prove impossible together, none when parts of counts meet them all."""
        limits = self.floors.size + self.ceilings.size
        found = linprog(
            np.append(np.zeros(self.most.size), np.ones(limits)),
            A_ub=hstack([self.matrix, _slack(np.arange(limits), self.bound.size)], format="csr"),
            b_ub=self.bound,
            bounds=np.column_stack(
                [np.zeros(self.most.size + limits), np.append(self.most, np.full(limits, np.inf))]
            ),
            method="highs",
        )
        if found.status or found.fun <= TOLERANCE:
            return self.floors[:0]
        pressed = np.abs(found.ineqlin.marginals[:limits]) > TOLERANCE
        return np.unique(np.concatenate([self.floors, self.ceilings])[pressed])

    def whole(self, row: int | None = None) -> Found:
        """Return counts that meet all rows; with a row, all others, and leave that one least short."""
        limit = np.flatnonzero(np.concatenate([self.floors, self.ceilings]) == (-1 if row is None else row))
        cells = self.most.size
        found = milp(
            np.append(np.zeros(cells), np.ones(limit.size)),
            integrality=np.append(np.ones(cells), np.zeros(limit.size)),
            bounds=Bounds(0, np.append(self.most, np.full(limit.size, np.inf))),
            constraints=LinearConstraint(
                hstack([self.matrix, _slack(limit, self.bound.size)], format="csr"), -np.inf, self.bound
            ),
            options={"node_limit": _NODES, "mip_rel_gap": 0.0},
        )
        if found.x is None:
            return Found(None, found.status == _IMPOSSIBLE)
        return Found(np.rint(found.x[:cells]).astype(np.int64), found.status != _GIVEN_UP)

    def placed(self, counts: Ints) -> Ints | None:
        """Return pairs that make up counts, None when this simple search finds none.

        Cells in turn, those with fewest applicants to spare first; in a cell, applicants with few other pairs
        first, to the first class that has room.
        """
        size = self.problem.applicants
        pairs_of = np.bincount(self.applicant, minlength=size)
        asked = np.flatnonzero(counts)
        inside = np.flatnonzero((counts > 0)[self.cell])
        who = self.applicant[inside]
        few_first = pairs_of[who] * size + self.problem.applicant_lottery[who]
        few_first += self.cell[inside] * (size * (int(pairs_of.max()) + 1))
        order = inside[np.argsort(few_first, kind="stable")]
        start = np.searchsorted(self.cell[order], np.arange(counts.size + 1))
        room, taken = self.room.copy(), np.zeros(size, dtype=bool)
        chosen: list[int] = []
        for cell in asked[np.argsort(self.most[asked] / counts[asked], kind="stable")].tolist():
            inside = order[start[cell] : start[cell + 1]]
            inside = inside[~taken[self.applicant[inside]] & (room[self.group[inside]] > 0)]
            left = int(counts[cell])
            for at in inside.tolist():
                if left and not taken[self.applicant[at]] and room[self.group[at]]:
                    taken[self.applicant[at]] = True
                    room[self.group[at]] -= 1
                    chosen.append(at)
                    left -= 1
            if left:
                return None
        return self.pair[chosen]

    def _seats(self) -> Ints:
        """Return, per kind of applicants × kind of classes, the places that one of the former may have."""
        classes, mine = self.room.size, self.kinds.applicant
        size = int(mine.max()) + 1
        people = np.bincount(mine[self.applicant] * classes + self.group, minlength=size * classes)
        seats = np.minimum(people.reshape(size, classes), self.room)
        found = np.zeros((self.kinds.classes, size), dtype=np.int64)
        np.add.at(found, self.kinds.group, seats.T)
        return found.T.ravel()

    def _people(self) -> Ints:
        """Return how many applicants have a pair in each cell, (V,), or how many pairs where that is long."""
        size = self.problem.applicants * self.kinds.classes
        if self.kinds.classes == self.room.size or size > _LARGE:
            return np.bincount(self.cell)
        at = self.applicant * self.kinds.classes + self.kinds.group[self.group]
        last = np.zeros(size, dtype=np.int64)
        last[at] = np.arange(at.size)  # the last pair of an applicant in a cell stands for all
        return np.bincount(self.cell[last[at] == np.arange(at.size)])


def _alike(size: int, member: Ints, columns: tuple[Ints, ...]) -> Ints:
    """Return, for each of `size` members, a number that those with the same lines of columns share."""
    order = np.lexsort((*columns, member))
    table = np.column_stack([column[order] for column in columns])
    start = np.searchsorted(member[order], np.arange(size + 1)).tolist()
    seen: dict[bytes, int] = {}
    return np.array([seen.setdefault(table[a:b].tobytes(), len(seen)) for a, b in pairwise(start)])


def _sums(rows: int, row: Ints, column: Ints, columns: int, value: Ints | None = None) -> csr_matrix:
    ones = np.ones(row.size) if value is None else value.astype(np.float64)
    return csr_matrix((ones, (row, column)), shape=(rows, columns))


def _slack(row: Ints, rows: int) -> csr_matrix:
    return csr_matrix((-np.ones(row.size), (row, np.arange(row.size))), shape=(rows, row.size))
