"""Which pairs of a sitting's pools can matter to how it is matched?

Not a policy. A vacancy has hundreds in its pool, of whom the first few can be first there. The solver is
given these, and the prices it finds are held against all the others: whoever is worth more than the prices is
given to it too, and what it then proves holds over all pairs.
"""

from __future__ import annotations

import numpy as np

from optimizer import Answer
from optimizer.outside import tolls
from optimizer.verify import PRICE_UNIT
from sim.policies.match_problem import NONE_LEFT, Ground, Stated
from sim.policies.match_rows import Amounts

DEEP, A_VACANCY = 48, 0.25
"""So many of each pool are put to the solver at first, and so many more for each vacancy of the sitting."""

MORE = 16
"""So many of a pool join them at a time."""

_ROUNDED = PRICE_UNIT // 8
"""More than prices rounded to the verifier's integers may hide of a pair."""

_TAKEN = 2**61
"""Price of a demand that law gives a place: it may have no other."""


class Contenders:
    """The pairs of a sitting in their order of worth: those put to the solver, and those left out."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        order = ground.merit.argsort()[::-1]
        self.descending = -ground.worth[order]
        standing = np.empty(len(order), dtype=np.int32)
        standing[order] = np.arange(len(order), dtype=np.int32)
        self.standing = standing[ground.sitting.pool]  # (P,) of its demand among all, the best 0
        self.size = np.diff(ground.start)  # (C,)
        self.held, self.rest = self._foremost()

    def _foremost(self) -> tuple[Amounts, Amounts]:
        """Return the best of each pool, with those whom law puts first, and what the next is worth."""
        deep = DEEP + int(A_VACANCY * len(self.size))
        least = np.full(len(self.size), len(self.descending), dtype=np.int32)
        for group in np.flatnonzero(self.size > deep).tolist():
            begin, end = self.ground.start[group : group + 2].tolist()
            least[group] = np.partition(self.standing[begin:end], deep)[deep]
        held = self.standing < np.repeat(least, self.size)
        held[self.ground.given] = True
        rest = np.append(-self.descending, NONE_LEFT)[least]
        return held.nonzero()[0], rest

    def stated(self) -> Stated:
        """Return the problem of those put to the solver."""
        return self.ground.stated(self.held, self.rest)

    def hold(self, pairs: Amounts) -> None:
        """Put further pairs to the solver."""
        self.held = np.union1d(self.held, pairs)

    def overlooked(
        self, asked: Stated, answer: Answer, filling: int, missing: int, *, ties: bool
    ) -> tuple[Amounts, int]:
        """Return the pairs left out that a better answer may hold, and what they add to the bound.

        1. A pair of a class and kind is worth more than its toll when its demand stands before a certain
           place among all: no pair behind the furthest of these places is looked at.
        2. Of those before it, keep who is worth more than the demand's own price too: these improve the mix.
           Where a better answer is `missing` so much, or an equal one is of interest (`ties`), keep those who
           lose no more than that as well: it may hold them.
        3. The bound grows by the most that each of these demands is worth more.

        Parameters
        ----------
        filling : what a place filled was worth beside the weight of its pair
        """
        ground = self.ground
        toll = tolls(asked.problem, answer, ground.saved.shape[1])
        toll -= filling * PRICE_UNIT
        slack = missing * PRICE_UNIT + (_ROUNDED if ties else 0)
        dear = (toll - slack) // PRICE_UNIT - ground.saved.T  # (S, C) worth that does not pay the toll
        reach = self.descending.searchsorted(-dear)
        near = self.standing < np.repeat(reach.max(axis=0).astype(np.int32), self.size)
        near[asked.held] = False
        pair = near.nonzero()[0]
        if not len(pair):
            return pair, 0
        group = ground.start.searchsorted(pair, side="right") - 1
        demand = ground.sitting.pool[pair]
        kind = ground.kind[demand]
        price = np.zeros(len(ground.worth), dtype=np.int64)
        price[asked.applicants] = answer.applicant_price
        price[ground.sitting.pool[ground.given]] = _TAKEN
        gain = (ground.worth[demand] + ground.saved[group, kind]) * PRICE_UNIT - toll[kind, group]
        gain -= price[demand]
        over = gain > -slack
        pair, group, demand, gain = pair[over], group[over], demand[over], gain[over]
        most = np.zeros(len(ground.worth), dtype=np.int64)
        np.maximum.at(most, demand, gain)
        return pair if slack else _foremost(pair, group, gain), -(-int(most.sum()) // PRICE_UNIT)


def _foremost(pair: Amounts, group: Amounts, gain: Amounts) -> Amounts:
    """Return the MORE pairs of each class that gain most."""
    order = np.lexsort((pair, -gain, group))
    pair, group = pair[order], group[order]
    return pair[np.arange(len(group)) - group.searchsorted(group) < MORE]
