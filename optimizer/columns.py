"""Which pairs does the best mix need, out of all that exist?

1. Start from a pool: the best few pairs of each class, and the best of each (signature, class).
2. Find the best mix of the pool and its prices.
3. Price every pair with them; a pair worth more than its applicant's price would improve the mix.
4. Add the best such pairs of each class and go back to 2; when there is none, the mix is optimal over all
   pairs.

The pool is always in (class, lottery) order, so nothing depends on how the caller ordered the pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Ints
from optimizer.relaxation import Floats, Mix, Programme, mix

TOLERANCE = 1e-5
"""Smallest improvement that counts; values are whole, so prices are simple fractions."""

_WANTED = 20  # pairs of a class in the first pool, beside its capacity
_FIRST_POOL = 16_000  # … fewer when there are many classes
_ENTERING = 8  # pairs of a class that may enter in a round, beside its capacity
_CONSIDERED = 20_000


@dataclass(frozen=True)
class Priced:
    """An optimal mix over all pairs of a programme."""

    mix: Mix
    pool: Ints
    margin: Floats  # (E,) value net of class and row prices
    applicant_price: Floats  # (A,)
    rounds: int

    @property
    def chosen(self) -> Ints | None:
        """The pairs chosen, None when the mix has parts of pairs."""
        share = self.mix.share
        if np.any(np.minimum(share, 1 - share) > 1e-6):
            return None
        return self.pool[share > 0.5]


def price_out(programme: Programme, pool: Ints, *, any_whole: bool = False) -> Priced | None:
    """Return the optimal mix over all pairs, starting from a pool; None when the pool has no mix.

    With `any_whole`, stop at the first mix in whole pairs, optimal or not.
    """
    pool = _ordered(programme, pool)
    rounds = 0
    while True:
        rounds += 1
        best = mix(programme, pool)
        if best is None:
            return None
        margin = programme.value - best.class_price[programme.group]
        if best.row_price.size:
            margin -= (programme.effects @ best.row_price)[programme.cell]
        price = np.where(programme.must, -np.inf, 0.0)
        np.maximum.at(price, programme.applicant[pool], margin[pool])
        gain = margin - price[programme.applicant]
        entering = np.flatnonzero(gain > TOLERANCE)
        priced = Priced(best, pool, margin, price, rounds)
        if not entering.size or (any_whole and priced.chosen is not None):
            return priced
        pool = _ordered(programme, np.concatenate([pool, _best(programme, entering, gain[entering])]))


def first_pool(programme: Programme, toll: Ints, few: int = _WANTED) -> Ints:
    """Return the best few pairs per class, and per cell when rows exist, by value net of a toll per cell."""
    size = programme.must.size
    net = programme.value - toll[programme.cell] if toll.any() else programme.value
    key = net * size + (size - 1 - programme.lottery)
    starts = np.searchsorted(programme.group, np.arange(programme.capacity.size + 1))
    wanted = min(few, max(2, _FIRST_POOL // max(1, programme.capacity.size)))
    kept = []
    for start, end, capacity in zip(
        starts[:-1], starts[1:], programme.capacity.astype(np.int64), strict=True
    ):
        cut = end - start - wanted - capacity
        if cut <= 0:
            kept.append(np.arange(start, end))
        else:
            kept.append(start + np.argpartition(key[start:end], cut)[cut:])
    if programme.row_low.size:
        best = np.full(programme.effects.shape[0], np.iinfo(np.int64).min)
        np.maximum.at(best, programme.cell, key)
        kept.append(np.flatnonzero(best[programme.cell] == key))
    return np.concatenate(kept) if kept else np.empty(0, dtype=np.int64)


def _best(programme: Programme, entering: Ints, gain: Floats) -> Ints:
    if entering.size > _CONSIDERED:
        least = np.partition(gain, -_CONSIDERED)[-_CONSIDERED]
        entering, gain = entering[gain >= least], gain[gain >= least]
    group = programme.group[entering]
    order = np.lexsort((programme.lottery[entering], -gain, group))
    entering, group = entering[order], group[order]
    place = np.arange(group.size) - np.searchsorted(group, group)
    return entering[place < programme.capacity[group] + _ENTERING]


def class_order(programme: Programme, pairs: Ints) -> Ints:
    """Return the order of pairs by class, then lottery number: nothing of how the caller numbered them."""
    order: Ints = np.lexsort((programme.lottery[pairs], programme.group[pairs]))
    return order


def _ordered(programme: Programme, pool: Ints) -> Ints:
    pool = np.unique(pool)
    return pool[class_order(programme, pool)]
