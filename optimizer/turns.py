"""How is a problem answered that is too large for one linear program?

Part after part, each solved against what its applicants could have elsewhere at the prices of the day. Turn
after turn the bound comes down; the answer is put together in the end from parts between which the applicants
are dealt by where they fare best. Wide rows keep the prices that roughly balance them: asking a part for a
quantity of its own would set that quantity in stone.
"""

from __future__ import annotations

import numpy as np

from optimizer.balance import balanced
from optimizer.clock import Clock
from optimizer.columns import Priced, Prices, first_pool, price_out, prices
from optimizer.pieces import Cut, Piece, cut, piece
from optimizer.problem import Ints
from optimizer.relaxation import Mix, Programme
from optimizer.whole import Whole, best_whole

BEYOND = 30_000
"""More vacancies than this are answered in turns."""

_PLACES = 2_000  # a part
_CYCLES = 2
_GAP = 1e-4  # of a part's mix
_WHOLE_GAP = 5e-4  # of a part's whole answer
_PASSES = 2
_EXACT = 1e-6


def in_turns(programme: Programme, clock: Clock) -> tuple[Whole, Priced]:
    """Return an answer and the prices of the least bound found.

    1. Find prices that roughly balance.
    2. In each cycle, take the parts in turn: price each over all its pairs, worth what they bring beyond the
       applicant's best pair elsewhere, net of what wide rows take.
    3. Find the best whole answer of each part, applicants dealt between them, where wide rows ask what the
       other parts leave to be done.
    """
    whole = cut(programme, max(2, programme.places // _PLACES))
    turns = _Turns(programme, whole, balanced(programme, clock))
    for _ in range(_CYCLES):
        turns.cycle(clock)
    chosen = turns.answer(clock)
    classes, rows = programme.capacity.size, programme.row_low.size
    mix = Mix(np.ones(chosen.size), 0.0, np.zeros(classes), np.zeros(rows))
    return Whole(chosen, False), Priced(mix, chosen, turns.best, _CYCLES, False)


class _Turns:
    """The prices of the day, the best so far, and what each part holds of the wide rows."""

    def __init__(self, programme: Programme, whole: Cut, start: Prices) -> None:
        self.programme, self.whole, self.best = programme, whole, start
        self.class_price, self.row_price = start.class_price.copy(), start.row_price.copy()
        self.part = whole.part_of[programme.group]
        self.held = np.zeros((whole.parts, programme.row_low.size))
        wide_price = np.where(whole.wide, start.row_price, 0.0)
        self.value = programme.value - (programme.effects @ wide_price)[programme.cell]

    def cycle(self, clock: Clock) -> None:
        """Price every part once."""
        for part in range(self.whole.parts):
            if clock.over:
                return
            one = self._against_others(part)
            row_price = np.where(self.whole.wide, 0.0, self.row_price)[one.rows]
            known = prices(one.programme, self.class_price[one.classes], row_price)
            pool = first_pool(one.programme, known.toll, few=3)
            priced = price_out(one.programme, pool, exact=False, gap=_GAP, known=known, clock=clock)
            if priced is None:
                continue
            narrow = ~self.whole.wide[one.rows]
            self.class_price[one.classes] = priced.prices.class_price
            self.row_price[one.rows[narrow]] = priced.prices.row_price[narrow]
            effects = one.programme.effects[one.programme.cell[priced.pool]]
            self.held[part, one.rows] = np.where(narrow, 0.0, priced.mix.share @ effects)
        found = prices(self.programme, self.class_price, self.row_price)
        self.best = found if found.bound < self.best.bound else self.best

    def answer(self, clock: Clock) -> Ints:
        """Return the whole answers of the parts, together.

        At first an applicant whom the prices place goes to the part of his best pair, the others to all; then
        each part is answered once more with all whom no other part has placed.
        """
        loss = self.best.loss(self.programme)
        kept_for = np.full(self.programme.must.size, -1, dtype=np.int64)
        placed = np.flatnonzero(
            (loss <= _EXACT) & (self.best.applicant_price > _EXACT)[self.programme.applicant]
        )
        kept_for[self.programme.applicant[placed]] = self.part[placed]
        chosen = [np.empty(0, dtype=np.int64) for _ in range(self.whole.parts)]
        for _ in range(_PASSES):
            for part in range(self.whole.parts):
                free = (kept_for == part) | (kept_for < 0)
                mine = np.flatnonzero((self.part == part) & free[self.programme.applicant])
                found = self._answer_of(part, mine, clock)
                if found is not None:
                    kept_for[kept_for == part] = -1
                    kept_for[self.programme.applicant[found]] = part
                    chosen[part] = found
        return np.concatenate(chosen)

    def _answer_of(self, part: int, pairs: Ints, clock: Clock) -> Ints | None:
        """Return the best whole answer of a part, from some of its pairs; None when the time is up."""
        others = self.held.sum(axis=0) - self.held[part]
        low, high = self.programme.row_low - others, self.programme.row_high - others
        one = piece(self.programme, self.whole, part, pairs, low, high)
        known = prices(one.programme, self.best.class_price[one.classes], self.best.row_price[one.rows])
        pool = first_pool(one.programme, known.toll, few=3)
        priced = price_out(one.programme, pool, exact=False, gap=_GAP, known=known, clock=clock)
        if priced is None:
            return None
        found = best_whole(one.programme, priced, _WHOLE_GAP, clock).pairs
        counted = np.asarray(one.programme.effects[one.programme.cell[found]].sum(axis=0)).ravel()
        self.held[part, one.rows] = np.where(self.whole.wide[one.rows], counted, 0.0)
        return one.pairs[found]

    def _against_others(self, part: int) -> Piece:
        """Return a part whose pairs are worth what they bring beyond the applicant's best one elsewhere."""
        programme, narrow = self.programme, ~self.whole.wide
        toll = programme.toll(self.class_price, np.where(narrow, self.row_price, 0.0))
        margin = self.value - toll[programme.cell]
        elsewhere = np.zeros(programme.must.size)
        others = self.part != part
        np.maximum.at(elsewhere, programme.applicant[others], margin[others])
        pairs = np.flatnonzero(~others)
        value = self.value[pairs] - elsewhere[programme.applicant[pairs]]
        kept = value > 0
        low = np.where(narrow, programme.row_low, -np.inf)
        high = np.where(narrow, programme.row_high, np.inf)
        return piece(programme, self.whole, part, pairs[kept], low, high, value[kept])
