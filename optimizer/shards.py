"""Which pairs and prices to start from, when there are many?

The problem is cut in parts alike, applicants dealt out by lottery number, and each part solved by itself:
what the parts find is a start for the whole, and proves nothing.
"""

from __future__ import annotations

import numpy as np

from optimizer.clock import Clock
from optimizer.columns import Prices, first_pool, price_out, prices
from optimizer.pieces import cut, piece
from optimizer.problem import Ints
from optimizer.relaxation import Floats, Programme

PLACES, PARTS = 400, 8
"""At least so many vacancies a part, at most so many parts."""

_GAP = 2e-4
_NEAR = 3  # pairs a place, beside those of the mix, that go from a part into the whole


def parts_of(programme: Programme) -> int:
    """Return in how many parts a programme is cut to start from; 1: it is not."""
    return max(1, min(PARTS, programme.places // PLACES))


def start_from_parts(programme: Programme, parts: int, clock: Clock) -> tuple[Ints, Prices]:
    """Return the pairs that the mixes of the parts use or that lose least to their prices, and these.

    1. Cut the classes in parts with about as many places each, and deal the applicants out.
    2. Price each part, wide rows with its share of their limits; note its prices of classes and narrow rows,
       and its share of each wide row's price.
    3. With all these prices, keep of each class the pairs that lose least in the whole.
    """
    whole = cut(programme, parts)
    class_price, row_price = np.zeros(programme.capacity.size), np.zeros(programme.row_low.size)
    used = []
    for part in range(parts):
        if clock.over:
            break
        share = np.where(whole.wide, whole.share[part], 1.0)
        mine = (whole.part_of[programme.group] == part) & (programme.applicant % parts == part)
        low, high = programme.row_low * share, programme.row_high * share
        one = piece(programme, whole, part, np.flatnonzero(mine), low, high)
        priced = price_out(one.programme, first_pool(one.programme), gap=_GAP, exact=False, clock=clock)
        if priced is None:
            continue
        used.append(one.pairs[priced.pool[priced.mix.share > 0]])
        class_price[one.classes] = priced.prices.class_price
        row_price[one.rows] += share[one.rows] * priced.prices.row_price
    known = prices(programme, class_price, row_price)
    return np.unique(np.concatenate([*used, _cheapest(programme, known.loss(programme))])), known


def _cheapest(programme: Programme, loss: Floats) -> Ints:
    """Return, of each class, the pairs of least loss, a few a place."""
    kept = []
    start = programme.start
    wanted = (_NEAR * np.minimum(programme.capacity, np.diff(start))).astype(np.int64)
    for begin, end, many in zip(start[:-1].tolist(), start[1:].tolist(), wanted.tolist(), strict=True):
        if many >= end - begin:
            kept.append(np.arange(begin, end))
        elif many:
            kept.append(begin + np.argpartition(loss[begin:end], many - 1)[:many])
    return np.concatenate(kept) if kept else np.empty(0, dtype=np.int64)
