"""For which rows does a name of fewer points come before another on the same list?

Read in the answer, in whole numbers: the rows that would be shorter were the better scored one in its place,
in the first stage that loses by it. So the row is named even where prices, of which several prove one answer,
point at none. Left out on purpose: who was on no list (reasons.py), and a first name that law or a person put
there, which no row explains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.exchanges import Exchanges
from sim.policies.match_problem import Solved
from sim.policies.match_rows import Amounts


@dataclass(frozen=True)
class Overtaking:
    """What put a name before better scored ones, by (class, place in its list).

    Attributes
    ----------
    before : labels of the rows for which a name of fewer points comes before this one
    for_first : by class, those for which its first comes before the best scored of its pool who is placed
        nowhere
    """

    before: dict[tuple[int, int], tuple[str, ...]]
    for_first: dict[int, tuple[str, ...]]


def overtaking(solved: Solved, lists: Amounts) -> Overtaking:
    """Return which rows put a name before a better scored one.

    1. Compare each name with the first before it on its list that has fewer points, each in the place of the
       list's first.
    2. Where no row would be shorter, a name that comes before from the second rank on does so because it is
       of the first's public: name the rows that this public serves better.
    3. Compare the first with the best scored of its pool who is placed nowhere.

    Parameters
    ----------
    lists : (C, list_length) pairs of the problem, -1 where none
    """
    problem, answer = solved.asked.problem, solved.answer
    points = solved.asked.ground.sitting.points[solved.asked.applicants][problem.pair_applicant]
    placed = np.zeros(problem.applicants, dtype=bool)
    placed[problem.pair_applicant[answer.pair]] = True
    free = (problem.lock == 0) & ~placed[problem.pair_applicant]
    exchanges = Exchanges(problem, answer)
    before: dict[tuple[int, int], tuple[str, ...]] = {}
    for group, names in enumerate(lists.tolist()):
        for place, pair in enumerate(names):
            ahead = [one for one in names[:place] if problem.lock[one] == 0 and points[one] < points[pair]]
            if pair >= 0 and ahead and free[pair]:
                before[group, place] = _labels(exchanges, pair, ahead[0], names[0])
    for_first = {}
    for group in np.flatnonzero(lists[:, 0] >= 0).tolist():
        first = int(lists[group, 0])
        begin, end = np.searchsorted(problem.pair_class, [group, group + 1]).tolist()
        mine = np.flatnonzero(free[begin:end] & (points[begin:end] > points[first])) + begin
        if mine.size and problem.lock[first] == 0:
            best = int(mine[points[mine].argmax()])
            for_first[group] = _labels(exchanges, best, first, first)
    return Overtaking(before, for_first)


def _labels(exchanges: Exchanges, pair: int, other: int, first: int) -> tuple[str, ...]:
    """Return the rows for which another comes before a pair, from the one most at stake."""
    rows = exchanges.shortest(pair, other, first)
    if not rows and other != first:
        rows = exchanges.serves_less(pair, other)
    return tuple(str(exchanges.problem.row_label[row]) for row in rows)
