"""Which rows would an answer leave shorter, were another applicant first in a class?

Read in whole numbers in the answer itself, where prices may point at no row: several prices prove the same
answer, and one that names nothing is as valid. Nothing is solved and nobody else is moved: what an answer
sought anew would be is for `reasons.py`.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from optimizer.problem import NO_LOW, Ints, Problem, lines
from optimizer.solve import Answer


class Exchanges:
    """What an answer adds to each row, and what each pair would."""

    def __init__(self, problem: Problem, answer: Answer) -> None:
        self.problem = problem
        known = np.unique(problem.coef_signature)
        self.line = lines(known, problem.applicant_signature)
        cell = lines(known, problem.coef_signature) * problem.classes + problem.coef_class
        shape = ((known.size + 1) * problem.classes, problem.rows)
        self.adds = csr_matrix((problem.coef_value, (cell, problem.coef_row)), shape=shape, dtype=np.int64)
        self.sums = np.asarray(self.adds[self._cell(answer.pair)].sum(axis=0)).ravel()

    def dearest(self, pair: Ints, other: Ints) -> Ints:
        """Return the row that each pair would leave shortest in place of the other, -1 where none; (N,)."""
        if not self.problem.coef_row.size or not pair.size:
            return np.full(pair.size, -1, dtype=np.int64)
        cells = self._cell(pair) * self.adds.shape[0] + self._cell(other)
        _, one, where = np.unique(cells, return_index=True, return_inverse=True)  # alike to every row
        shorter = self.shorter(pair[one], other[one])
        most = shorter.max(axis=1).toarray().ravel()
        row: Ints = np.where(most > 0, np.asarray(shorter.argmax(axis=1)).ravel(), -1)[where]
        return row

    def shortest(self, pair: int, other: int, held: int | None = None) -> list[int]:
        """Return the rows that a pair would leave shorter in place of the other, the shortest first."""
        has = np.array([other if held is None else held])
        by = self.shorter(np.array([pair]), np.array([other]), has).toarray().ravel()
        order = np.argsort(-by, kind="stable")[: int((by > 0).sum())]
        return [int(row) for row in order]

    def serves_less(self, pair: int, other: int) -> list[int]:
        """Return the rows with a floor to which a pair adds less than another of its class, ascending."""
        add, more = (self.adds[self._cell(np.array([one]))].toarray().ravel() for one in (pair, other))
        return [int(row) for row in np.flatnonzero((add < more) & (self.problem.row_low != NO_LOW))]

    def shorter(self, pair: Ints, other: Ints, held: Ints | None = None) -> csr_matrix:
        """Return by how much each row would be shorter, in its units, in the first tier that loses; (N, R).

        1. Take out whom the answer has in the class, and put the other there; then the pair in its place.
        2. Sum by tier how much further from their limits the rows would be.
        3. Keep the rows that are further, in the first tier whose sum is: what comes after gave nothing up.

        Parameters
        ----------
        pair, other : (N,) pairs of the same class, compared with each other in it
        held : (N,) the pairs of the answer there; absent: the others
        """
        problem, here = self.problem, self._cell(other)
        base = self.adds[here] - self.adds[here if held is None else self._cell(held)]
        change = coo_matrix(self.adds[self._cell(pair)] - self.adds[here])
        if not change.nnz:
            return csr_matrix(change.shape)
        row, start = change.col, self.sums[change.col]
        start = start + np.asarray(base.tocsr()[change.row, row]).ravel()
        loss = (self._short(row, start + change.data) - self._short(row, start)) / problem.scale[row]
        tiers = problem.row_tier[row]
        of_tier = np.zeros((pair.size, int(problem.row_tier.max(initial=0)) + 1))
        np.add.at(of_tier, (change.row, tiers), loss)
        loses = of_tier > 1 / (2 * int(problem.scale.max(initial=1)) ** 2)  # more than rounding
        kept = (loss > 0) & loses[change.row, tiers] & (loses.argmax(axis=1)[change.row] == tiers)
        return csr_matrix((loss[kept], (change.row[kept], row[kept])), shape=change.shape)

    def _short(self, row: Ints, sums: Ints) -> Ints:
        """Return how far sums are from the limits of their rows."""
        low, high = self.problem.row_low[row], self.problem.row_high[row]
        under, over = low - np.minimum(sums, low), np.maximum(sums, high) - high  # no limit is beyond any sum
        short: Ints = under + over
        return short

    def _cell(self, pair: Ints) -> Ints:
        problem = self.problem
        cell: Ints = self.line[problem.pair_applicant[pair]] * problem.classes + problem.pair_class[pair]
        return cell
