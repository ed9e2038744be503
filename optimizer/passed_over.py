"""Who has more points than somebody placed in a class, and is not placed there?

Read in the answer and in its prices, in all classes at once; nothing is solved. What prices say of such an
applicant is a candidate; whether it is the reason is for `reasons.py` to confirm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from optimizer.exchanges import Exchanges
from optimizer.problem import Ints, Problem, lines
from optimizer.solve import Answer


@dataclass(frozen=True)
class PassedOver:
    """Applicants above the last one placed in a class and not presented there; by class, best first.

    Attributes
    ----------
    pair, last : (N,) int64, the applicant's pair; the pair of fewest points placed in its class
    kind : (N,) "outbid", "lock", "lists"; else what prices say, "unconfirmed" or "unexplained"
    row : (N,) int64, the row that took most from him, else the one he would leave shortest in the place of
        the last one placed; -1 when there is none
    """

    pair: Ints
    last: Ints
    kind: NDArray[np.str_]
    row: Ints


def passed_over(
    problem: Problem,
    answer: Answer,
    points: Ints | None = None,
    lists: Ints | None = None,
    lists_per_applicant: int | Ints | None = None,
) -> PassedOver:
    """Find who was passed over, in all classes, and which row the prices point at.

    1. The last one placed in a class is the one of fewest points, but for those given by a lock.
    2. Keep the pairs of more points, neither placed in the class nor on one of its lists.
    3. Tell apart those placed elsewhere, forbidden, or on as many lists as allowed.
    4. A row took from an applicant its price times what his signature adds to it more than the last one's
       does, in integers; name the one that took most. Where prices point at none, which several valid ones
       may, name the row that would be shortest were he in the last one's place.

    Parameters
    ----------
    points : (E,) int64, what applicants are compared by; absent: the weights
    lists : (C, slots, ranks) pairs, of `lists.complete`; absent: nobody is listed
    lists_per_applicant : lists that one may be on, one for all or (A,); absent: the problem's, else 2
    """
    points = problem.pair_weight if points is None else points
    last = last_placed(problem, answer, points)
    least = np.full(problem.classes, np.iinfo(np.int64).max)
    least[last >= 0] = points[last[last >= 0]]
    above = points > least[problem.pair_class]
    above[answer.pair] = False
    listed = answer.pair[:0] if lists is None else lists[lists >= 0]
    above[listed] = False
    pair = np.flatnonzero(above)
    applicant, group = problem.pair_applicant[pair], problem.pair_class[pair]
    order = np.lexsort((problem.applicant_lottery[applicant], -points[pair], group))
    pair, applicant, group = pair[order], applicant[order], group[order]

    placed = np.zeros(problem.applicants, dtype=bool)
    placed[problem.pair_applicant[answer.pair]] = True
    times = np.bincount(problem.pair_applicant[listed], minlength=problem.applicants)
    full = (times >= allowed(problem, lists_per_applicant)) & (lists is not None)
    row = Tolls(problem, answer).dearest(pair, last[group])
    silent = np.flatnonzero((row < 0) & ~placed[applicant] & (problem.lock[pair] == 0))
    row[silent] = Exchanges(problem, answer).dearest(pair[silent], last[group[silent]])
    facts = [placed[applicant], problem.lock[pair] < 0, full[applicant], row >= 0]
    kind = np.select(facts, ["outbid", "lock", "lists", "unconfirmed"], "unexplained")
    return PassedOver(pair, last[group], kind, row)


def allowed(problem: Problem, lists_per_applicant: int | Ints | None) -> int | Ints:
    """Return how many lists one may be on: as told, else as the problem says, else 2."""
    if lists_per_applicant is not None:
        return lists_per_applicant
    return 2 if problem.applicant_lists is None else problem.applicant_lists


def last_placed(problem: Problem, answer: Answer, points: Ints) -> Ints:
    """Return the pair of fewest points placed in each class, then last in the lottery; -1 where nobody is."""
    free = answer.pair[problem.lock[answer.pair] == 0]
    lottery = problem.applicant_lottery[problem.pair_applicant[free]]
    last = np.full(problem.classes, -1, dtype=np.int64)
    worst_last = free[np.lexsort((lottery, -points[free]))]
    last[problem.pair_class[worst_last]] = worst_last
    return last


class Tolls:
    """What the prices of an answer take from a pair, row by row, in 1/PRICE_UNIT of weight."""

    def __init__(self, problem: Problem, answer: Answer) -> None:
        self.problem = problem
        priced = np.flatnonzero(answer.row_price[problem.coef_row])
        row, signature = problem.coef_row[priced], problem.coef_signature[priced]
        known = np.unique(signature)
        self.line = lines(known, problem.applicant_signature)
        toll = problem.coef_value[priced] * answer.row_price[row]
        cell = lines(known, signature) * problem.classes + problem.coef_class[priced]
        self.cells = (known.size + 1) * problem.classes
        self.toll = csr_matrix((toll, (cell, row)), shape=(self.cells, problem.rows), dtype=np.int64)

    def dearest(self, pair: Ints, other: Ints) -> Ints:
        """Return, per pair, the row that took most more from it than from the other; -1 when none did."""
        if not self.toll.nnz or not pair.size:
            return np.full(pair.size, -1, dtype=np.int64)
        cells = self._cell(pair) * self.cells + self._cell(other)
        both, where = np.unique(cells, return_inverse=True)
        more = self.toll[both // self.cells] - self.toll[both % self.cells]
        most = more.max(axis=1).toarray().ravel()
        row: Ints = np.where(most > 0, np.asarray(more.argmax(axis=1)).ravel(), -1)[where]
        return row

    def taking(self, pair: int, other: int) -> list[int]:
        """Return the rows that took more from a pair than from the other, the one that took most first."""
        more = (self.toll[self._cell(pair)] - self.toll[self._cell(other)]).toarray().ravel()
        order = np.argsort(-more, kind="stable")[: int((more > 0).sum())]
        return [int(row) for row in order]

    def _cell(self, pair: Ints | int) -> Ints:
        problem = self.problem
        cell: Ints = self.line[problem.pair_applicant[pair]] * problem.classes + problem.pair_class[pair]
        return cell


@dataclass(frozen=True)
class Envy:
    """Pairs (a not placed, b placed in c) with weight(a, c) > weight(b, c), in all and of one signature."""

    total: int
    same_signature: int


def envy(problem: Problem, answer: Answer) -> Envy:
    """Count who is passed over for whom, by weight.

    Within a signature it is 0 in any best answer, whatever the rows: putting a in b's place would change no
    row and gain weight. Nobody is counted for a pair that a lock forbids or gives.
    """
    free = answer.pair[problem.lock[answer.pair] == 0]
    placed = np.zeros(problem.applicants, dtype=bool)
    placed[problem.pair_applicant[answer.pair]] = True
    waiting = np.flatnonzero(~placed[problem.pair_applicant] & (problem.lock == 0))
    known, signature = np.unique(problem.applicant_signature, return_inverse=True)
    same = problem.pair_class * known.size + signature[problem.pair_applicant]
    return Envy(_below(problem, problem.pair_class, waiting, free), _below(problem, same, waiting, free))


def _below(problem: Problem, key: Ints, pairs: Ints, others: Ints) -> int:
    """Return how many (pair, other) of the same key there are in which the other weighs less."""
    steps = int(problem.pair_weight.max(initial=0)) + 1
    weighed = np.sort(key[others] * steps + problem.pair_weight[others])
    start = np.searchsorted(weighed, key[pairs] * steps)
    end = np.searchsorted(weighed, key[pairs] * steps + problem.pair_weight[pairs])
    return int((end - start).sum())
