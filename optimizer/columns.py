"""Which pairs does the best mix need, out of all that exist?

1. Start from a pool: the best few pairs of each class, or the pool of an answer to a problem alike.
2. Find the best mix of the pool and its prices.
3. Price every pair with them; a pair worth more than its applicant's price would improve the mix.
4. Add the best such pairs of each class and go back to 2; when there is none, the mix is optimal over all
   pairs.

Any prices bound what an answer can be worth; the least bound met on the way is kept, with its prices. The
pool is always in (class, lottery) order, so nothing depends on how the caller ordered the pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.clock import Clock
from optimizer.problem import Ints
from optimizer.relaxation import Floats, Mix, Programme, Relaxation

TOLERANCE = 1e-5
"""Smallest improvement that counts; values are whole, so prices are simple fractions."""

_WANTED = 10  # pairs of a class in the first pool, for each of its places
_ENTERING = 8  # pairs of a class that may enter in a round, beside its capacity
_CONSIDERED = 20_000


@dataclass(frozen=True)
class Priced:
    """The best mix found and the least bound proved, over all pairs of a programme.

    `optimal` when no pair is left that would improve the mix; its prices then are the bound's.
    """

    mix: Mix
    pool: Ints
    bound: float
    class_price: Floats  # (C,)
    row_price: Floats  # (R,)
    applicant_price: Floats  # (A,) by lottery number
    toll: Floats  # (cells,) of these prices
    rounds: int
    optimal: bool

    @property
    def chosen(self) -> Ints | None:
        """The pairs chosen, None when the mix has parts of pairs."""
        return None if self.mix.in_parts else self.pool[self.mix.share > 0.5]

    def loss(self, programme: Programme, pairs: Ints | slice = slice(None)) -> Floats:
        """Return what pairs lose to the prices: an answer that holds a pair is worth at most bound − loss."""
        margin = programme.value[pairs] - self.toll[programme.cell[pairs]]
        lost: Floats = self.applicant_price[programme.applicant[pairs]] - margin
        return lost


def price_out(
    programme: Programme,
    pool: Ints,
    *,
    gap: float = 0.0,
    exact: bool = True,
    any_whole: bool = False,
    clock: Clock | None = None,
    relaxation: Relaxation | None = None,
) -> Priced | None:
    """Return the best mix over all pairs, starting from a pool; None when the pool has no mix.

    Parameters
    ----------
    gap : stop when the mix is within this part of the bound
    exact : go on until no pair improves the mix; otherwise stop once the bound cannot get a whole unit lower
    any_whole : stop at the first mix in whole pairs, optimal or not
    clock : stop when the time is up
    relaxation : the solver of this programme, where it has solved pools before
    """
    clock = clock or Clock()
    solver = relaxation or Relaxation(programme)
    pool = ordered(programme, pool)
    best: Priced | None = None
    rounds = 0
    while True:
        rounds += 1
        mix = solver.mix(pool, clock)
        if mix is None:
            return best
        toll = programme.toll(mix.class_price, mix.row_price)
        margin = programme.value - toll[programme.cell]
        price = np.where(programme.must, -np.inf, 0.0)
        np.maximum.at(price, programme.applicant[pool], margin[pool])
        margin -= price[programme.applicant]
        entering = np.flatnonzero(margin > TOLERANCE)
        gain = margin[entering]
        del margin
        full = price.copy()
        np.maximum.at(full, programme.applicant[entering], gain + price[programme.applicant[entering]])
        bound = _bound(programme, mix, full)
        priced = Priced(
            mix, pool, bound, mix.class_price, mix.row_price, full, toll, rounds, not entering.size
        )
        best = priced if best is None or priced.optimal else _better(best, priced)
        close = best.bound - mix.objective <= gap * abs(best.bound)
        settled = np.floor(best.bound + TOLERANCE) <= mix.objective + TOLERANCE
        if not entering.size or (gap and close) or (not exact and settled) or clock.over:
            return best
        if any_whole and not mix.in_parts:
            return best
        pool = ordered(programme, np.concatenate([pool, _best(programme, entering, gain)]))


def _bound(programme: Programme, mix: Mix, applicant_price: Floats) -> float:
    """Return what no answer can be worth more than, by weak duality."""
    price = mix.row_price
    limit = np.where(price > 0, programme.row_high, np.where(price < 0, programme.row_low, 0.0))
    rows = float((limit * price)[price != 0].sum())
    owed = applicant_price[np.isfinite(applicant_price)]
    return float(owed.sum()) + float(programme.capacity @ mix.class_price) + rows


def _better(best: Priced, priced: Priced) -> Priced:
    """Return the newer mix with the lower of the two bounds."""
    if priced.bound <= best.bound:
        return priced
    kept = (best.bound, best.class_price, best.row_price, best.applicant_price, best.toll)
    return Priced(priced.mix, priced.pool, *kept, priced.rounds, False)


def first_pool(programme: Programme, toll: Floats | None = None, few: int = _WANTED) -> Ints:
    """Return the best few pairs of each class for each of its places, net of a toll per cell."""
    net = programme.value if toll is None else programme.value - toll[programme.cell]
    kept = []
    start = programme.start
    wanted = few * programme.capacity.astype(np.int64)
    for begin, end, many in zip(start[:-1].tolist(), start[1:].tolist(), wanted.tolist(), strict=True):
        cut = end - begin - many
        if cut <= 0:
            kept.append(np.arange(begin, end))
        elif many:
            inside = net[begin:end]
            least = np.partition(inside, cut)[cut]
            above, equal = np.flatnonzero(inside > least), np.flatnonzero(inside == least)
            left = many - above.size
            if equal.size > left:  # among equals, the lowest in the lottery
                lottery = programme.applicant[begin + equal]
                equal = equal[np.argpartition(lottery, left - 1)[:left]]
            kept += [begin + above, begin + equal]
    return np.concatenate(kept) if kept else np.empty(0, dtype=np.int64)


def _best(programme: Programme, entering: Ints, gain: Floats) -> Ints:
    if entering.size > _CONSIDERED:
        least = np.partition(gain, -_CONSIDERED)[-_CONSIDERED]
        entering, gain = entering[gain >= least], gain[gain >= least]
    group = programme.group[entering]
    order = np.lexsort((programme.applicant[entering], -gain, group))
    entering, group = entering[order], group[order]
    place = np.arange(group.size) - np.searchsorted(group, group)
    return entering[place < programme.capacity[group] + _ENTERING]


def class_order(programme: Programme, pairs: Ints) -> Ints:
    """Return the order of pairs by class, then lottery number: nothing of how the caller numbered them."""
    order: Ints = np.lexsort((programme.applicant[pairs], programme.group[pairs]))
    return order


def ordered(programme: Programme, pool: Ints) -> Ints:
    """Return a pool without repetition, by class, then lottery number."""
    pool = np.unique(pool)
    return pool[class_order(programme, pool)]
