"""Which pairs does the best mix need, out of all that exist?

1. Start from a pool: the best few pairs of each class, or the pool of an answer to a problem alike.
2. Find the best mix of the pool and its prices.
3. Price every pair with them; a pair worth more than its applicant's price would improve the mix.
4. Add the best such pairs of each class and go back to 2; when there is none, the mix is optimal over all
   pairs.

Any prices bound what an answer can be worth; the least bound met on the way is kept, with its prices, and
pairs are priced half-way between these and the mix's: prices of a poor pool swing, and call in too many. The
pool is always in (class, lottery) order, so nothing depends on how the caller ordered the pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.clock import Clock
from optimizer.problem import Ints
from optimizer.relaxation import AT_LOWER, Floats, Mix, Programme, Relaxation

TOLERANCE = 1e-5
"""Smallest improvement that counts; values are whole, so prices are simple fractions."""

_WANTED = 10  # pairs of a class in the first pool, for each of its places
_ENTERING = 8  # pairs of a class that may enter in a round, beside its capacity
_CONSIDERED = 20_000
_INERTIA = 0.5  # part of the way to the best prices known at which pairs are priced
_NEAR = 1e-4  # so near the bound, as a part of it, pairs are priced at the mix's own prices
_ONE_KEY = 2**62  # class, value and lottery number sorted as one integer
_SORTED = 100_000  # so many pairs are sorted at once; of more, each class finds its best
_LARGE = 30_000  # pairs of a pool that may grow without losing any
_A_PLACE = 6  # … or so many a vacancy


@dataclass(frozen=True)
class Prices:
    """Prices of classes and rows, what they make of each applicant, and what they prove.

    `bound` is what no answer can be worth more than, whatever the prices, by weak duality.
    """

    class_price: Floats  # (C,)
    row_price: Floats  # (R,)
    toll: Floats  # (cells,)
    applicant_price: Floats  # (A,) by lottery number: the best pair, net of tolls
    bound: float

    def loss(self, programme: Programme, pairs: Ints | slice = slice(None)) -> Floats:
        """Return what pairs lose to the prices: an answer that holds a pair is worth at most bound − loss."""
        margin = programme.value[pairs] - self.toll[programme.cell[pairs]]
        lost: Floats = self.applicant_price[programme.applicant[pairs]] - margin
        return lost


@dataclass(frozen=True)
class Priced:
    """The best mix found, and the prices of the least bound proved over all pairs of a programme.

    `optimal` when no pair is left that would improve the mix; the prices then are the mix's.
    """

    mix: Mix
    pool: Ints
    prices: Prices
    rounds: int
    optimal: bool

    @property
    def bound(self) -> float:
        """What no answer can be worth more than."""
        return self.prices.bound

    @property
    def chosen(self) -> Ints | None:
        """The pairs chosen, None when the mix has parts of pairs."""
        return None if self.mix.in_parts else self.pool[self.mix.share > 0.5]

    def loss(self, programme: Programme, pairs: Ints | slice = slice(None)) -> Floats:
        """Return what pairs lose to the prices: an answer that holds a pair is worth at most bound − loss."""
        return self.prices.loss(programme, pairs)


def price_out(
    programme: Programme,
    pool: Ints,
    *,
    gap: float = 0.0,
    exact: bool = True,
    any_whole: bool = False,
    clock: Clock | None = None,
    relaxation: Relaxation | None = None,
    known: Prices | None = None,
) -> Priced | None:
    """Return the best mix over all pairs, starting from a pool; None when the pool has no mix.

    Parameters
    ----------
    gap : stop when the mix is within this part of the bound
    exact : go on until no pair improves the mix; otherwise stop once the bound cannot get a whole unit lower
    any_whole : stop at the first mix in whole pairs, optimal or not
    clock : stop when the time is up
    relaxation : the solver of this programme, where it has solved pools before
    known : prices to start from
    """
    clock = clock or Clock()
    solver = relaxation or Relaxation(programme)
    pool, best, last = ordered(programme, pool), known, None
    rounds, reached = 0, -np.inf
    while True:
        mix = solver.mix(pool, clock)
        if mix is None:
            return last
        rounds += 1
        toll = programme.toll(mix.class_price, mix.row_price)
        pooled = _applicant_price(programme, pool, toll)
        far = best is not None and best.bound - mix.objective > _NEAR * abs(mix.objective)
        for share in (_INERTIA, 0.0) if far else (0.0,):  # where nothing enters half-way, something may there
            tried, entering, gain = _priced(programme, mix, toll, pooled, best, share)
            if best is None or tried.bound < best.bound or not (entering.size or share):
                best = tried
            if entering.size:
                break
        assert best is not None
        optimal = not entering.size
        last = Priced(mix, pool, best, rounds, optimal)
        close = best.bound - mix.objective <= gap * abs(best.bound)
        settled = whole_units(best.bound) <= mix.objective + TOLERANCE
        if optimal or (gap and close) or (not exact and settled) or clock.over:
            return last
        if any_whole and not mix.in_parts:
            return last
        improved = mix.objective > reached + TOLERANCE  # else a purge could go round in circles
        kept = _kept(programme, solver, pool, toll, pooled) if improved else pool
        reached = max(reached, mix.objective)
        pool = ordered(programme, np.concatenate([kept, _best(programme, entering, gain)]))


def whole_units(bound: float) -> float:
    """Return the most a whole answer can be worth under a bound; large sums are not exact to the digit."""
    return float(np.floor(bound + tolerance(bound)))


def tolerance(bound: float) -> float:
    """Return how far a sum as large as a bound may be from what it stands for."""
    return max(TOLERANCE, 2e-15 * abs(bound))


def prices(programme: Programme, class_price: Floats, row_price: Floats) -> Prices:
    """Return what given prices make of every applicant, and prove."""
    toll = programme.toll(class_price, row_price)
    full = np.where(programme.must, -np.inf, 0.0)
    np.maximum.at(full, programme.applicant, programme.value - toll[programme.cell])
    bound = _bound(programme, class_price, row_price, full)
    return Prices(class_price, row_price, toll, full, bound)


def _applicant_price(programme: Programme, pool: Ints, toll: Floats) -> Floats:
    """Return what each applicant's best pair of the pool is worth, net of tolls, (A,)."""
    price = np.where(programme.must, -np.inf, 0.0)
    margin = programme.value[pool] - toll[programme.cell[pool]]
    np.maximum.at(price, programme.applicant[pool], margin)
    return price


def _priced(
    programme: Programme, mix: Mix, toll: Floats, pooled: Floats, best: Prices | None, share: float
) -> tuple[Prices, Ints, Floats]:
    """Price all pairs on the way from the mix's prices to the best ones, `share` of that way.

    Returns
    -------
    these prices, the pairs that would improve the mix, by how much.
    """
    class_price, row_price = mix.class_price, mix.row_price
    if best is not None and share:
        class_price = share * best.class_price + (1 - share) * class_price
        row_price = share * best.row_price + (1 - share) * row_price
        toll = share * best.toll + (1 - share) * toll
        pooled = share * best.applicant_price + (1 - share) * pooled
    margin = programme.value - toll[programme.cell]
    full = np.where(programme.must, -np.inf, 0.0)
    np.maximum.at(full, programme.applicant, margin)
    margin -= pooled[programme.applicant]
    entering = np.flatnonzero(margin > TOLERANCE)
    bound = _bound(programme, class_price, row_price, full)
    return Prices(class_price, row_price, toll, full, bound), entering, margin[entering]


def _bound(programme: Programme, class_price: Floats, row_price: Floats, applicant_price: Floats) -> float:
    limit = np.where(row_price > 0, programme.row_high, np.where(row_price < 0, programme.row_low, 0.0))
    rows = float((limit * row_price)[row_price != 0].sum())
    owed = applicant_price[np.isfinite(applicant_price)]
    return float(owed.sum()) + float(programme.capacity @ class_price) + rows


def _kept(programme: Programme, solver: Relaxation, pool: Ints, toll: Floats, pooled: Floats) -> Ints:
    """Return the pool, without the pairs that lose most to the mix's prices where it has grown too large."""
    most = max(_LARGE, _A_PLACE * programme.places)
    if pool.size <= most:
        return pool
    loss = pooled[programme.applicant[pool]] - (programme.value[pool] - toll[programme.cell[pool]])
    standing = solver.column_status[pool] != AT_LOWER  # the mix stands on these
    loss[standing] = -np.inf
    left = max(most // 2, int(standing.sum()))
    return pool[np.argpartition(loss, left - 1)[:left]] if left < pool.size else pool


def first_pool(programme: Programme, toll: Floats | None = None, few: int = _WANTED) -> Ints:
    """Return the best few pairs of each class for each of its places, net of a toll per cell.

    Among equals, the lowest in the lottery.
    """
    net = programme.value if toll is None else programme.value - toll[programme.cell]
    wanted = few * programme.capacity.astype(np.int64)
    if programme.applicant.size <= _SORTED:
        order = best_first(programme, net)
        return order[
            np.arange(order.size) - np.repeat(programme.start[:-1], programme.sizes) < wanted[programme.group]
        ]
    kept = []
    start = programme.start
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


def best_first(programme: Programme, net: Floats | Ints) -> Ints:
    """Return the pairs by class, the greatest net value first, then the lowest in the lottery."""
    group, applicant = programme.group, programme.applicant
    top, people = int(net.max(initial=0)), programme.must.size
    span = top - int(net.min(initial=0)) + 1
    if net.dtype == np.int64 and programme.capacity.size * span * people < _ONE_KEY:
        return ((group * np.int64(span) + (top - net)) * people + applicant).argsort()
    order: Ints = np.lexsort((applicant, -net, group))
    return order


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
    pool = pool[class_order(programme, pool)]
    new = np.ones(pool.size, dtype=bool)
    new[1:] = pool[1:] != pool[:-1]  # no two pairs have the same class and applicant
    return pool[new]
