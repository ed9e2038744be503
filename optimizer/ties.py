"""Which of several equally good answers is given, where prices say it?

The one that fills most, then has the lowest sum of lottery numbers: prices prove it at any size where the
best mix is whole. Exchanges inside a signature then come near the smallest numbers read vacancy by vacancy,
an empty place counting as a number above all; `equals.py` goes on from there, and proves it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from optimizer.clock import Clock
from optimizer.columns import TOLERANCE, Priced, first_pool, price_out
from optimizer.problem import Ints
from optimizer.relaxation import Programme
from optimizer.whole import fullest

_SMALL = 8_000  # so few pairs equally good go into the pool at once
_FEW = 4
_NOBODY = np.iinfo(np.int64).max


def lowest_in_lottery(programme: Programme, priced: Priced, clock: Clock) -> tuple[Ints, Ints] | None:
    """Return the fullest answer as good as the best mix, then the lowest in the lottery; None if in parts.

    With it come the pairs of all answers that are equal in all that.

    1. Keep the answers as good; among them find the best mix for fill, then lottery.
    2. If it has parts of pairs, keep the answers as good as that, and find the best mix for a low lottery
       number in a low class: it seldom has parts, since few pairs are worth the same.
    """
    face, kept = _equally_good(programme, priced, fullest(programme))
    start = np.arange(kept.size)
    if kept.size > _SMALL:
        start = np.union1d(_used(kept, priced), first_pool(face, few=_FEW))
    second = price_out(face, start, clock=clock)
    if second is None or not second.optimal:
        return None
    last, again = _equally_good(face, second, face.group.astype(np.int64) * face.applicant)
    if second.chosen is not None:
        return kept[second.chosen], kept[again]
    third = price_out(last, _used(again, second), any_whole=True, clock=clock)
    return None if third is None or third.chosen is None else (kept[again[third.chosen]], kept[again])


def _used(kept: Ints, priced: Priced) -> Ints:
    """Return, among the pairs kept, those of the mix."""
    return np.flatnonzero(np.isin(kept, priced.pool[priced.mix.share > 0]))


def _equally_good(programme: Programme, priced: Priced, value: Ints) -> tuple[Programme, Ints]:
    """Return the programme of the answers as good as the best mix, with a new value, and its pairs.

    A pair stays when it is worth exactly its applicant's price; an applicant or a class with a price is
    placed or full; a row with a price is held at its limit, beyond it where the price is the penalty.
    """
    kept = np.flatnonzero(priced.loss(programme) <= TOLERANCE)
    price, penalty = priced.mix.row_price, programme.row_penalty
    free = penalty <= TOLERANCE
    low = np.where(price > TOLERANCE, programme.row_high, programme.row_low)
    low = np.where(free | (price <= TOLERANCE - penalty), -np.inf, low)
    high = np.where(price < -TOLERANCE, programme.row_low, programme.row_high)
    high = np.where(free | (price >= penalty - TOLERANCE), np.inf, high)
    face = replace(
        programme,
        applicant=programme.applicant[kept],
        group=programme.group[kept],
        cell=programme.cell[kept],
        value=value[kept],
        must=programme.must | (priced.prices.applicant_price > TOLERANCE),
        capacity_low=np.where(priced.mix.class_price > TOLERANCE, programme.capacity, programme.capacity_low),
        row_low=low,
        row_high=high,
        row_penalty=np.full(penalty.size, np.inf),
    )
    return face, kept


def settle(programme: Programme, priced: Priced, chosen: Ints) -> Ints:
    """Exchange applicants of one signature until each vacancy has the lowest lottery number it can.

    1. Read the vacancies in class order; an empty place counts as a number above all.
    2. For each, try the applicants placed further on with a lower number than its own, lowest first.
    3. Such an applicant may come when a chain of exchanges leads from this class to his own: someone here
       goes to a class where someone goes to a class … where he was. Every pair of the chain is worth
       exactly its price, so the answer stays as good, as full and as low in the lottery.
    """
    exact = priced.loss(programme) <= TOLERANCE
    moving = chosen[exact[chosen]]
    places = _Places(programme, priced, chosen, moving, exact)
    for group in sorted(places.open):
        while places.open[group]:
            first = min(places.open[group], key=places.lottery.__getitem__)
            places.open[group].discard(places.improve(group, first))
    return np.concatenate([chosen[~exact[chosen]], places.pairs()])


def _in_hard_rows(programme: Programme) -> NDArray[np.bool_]:
    """Return which classes a hard row counts, (C,)."""
    counted = programme.effects[:, np.flatnonzero(np.isinf(programme.row_penalty))].tocoo().row
    inside = np.zeros(programme.capacity.size, dtype=bool)
    inside[counted % max(programme.capacity.size, 1)] = True
    return inside


class _Places:
    """Who is where while exchanges go on; a place left empty is held by nobody in particular."""

    def __init__(
        self, programme: Programme, priced: Priced, chosen: Ints, moving: Ints, exact: NDArray[np.bool_]
    ) -> None:
        classes = programme.capacity.size
        owner = np.full(programme.must.size, -1, dtype=np.int64)
        owner[programme.applicant[moving]] = np.arange(moving.size)
        usable = np.flatnonzero(exact & (owner[programme.applicant] >= 0))
        who, group = owner[programme.applicant[usable]].tolist(), programme.group[usable].tolist()
        self.pair = dict(zip(zip(who, group, strict=True), usable.tolist(), strict=True))
        self.lottery: list[int] = programme.applicant[moving].tolist()
        self.line: list[int] = (programme.cell[moving] // classes).tolist()
        self.at: list[int] = programme.group[moving].tolist()
        self.may = [0] * moving.size  # a bit per class
        for one, where in self.pair:
            self.may[one] |= 1 << where
        self.placed = moving.size
        unused = programme.capacity - np.bincount(programme.group[chosen], minlength=classes)
        loose = priced.mix.class_price <= TOLERANCE  # may stay empty without loss
        loose &= ~_in_hard_rows(programme)
        spare = np.where(loose, np.minimum(unused, moving.size), 0).astype(np.int64)
        anywhere = sum(1 << group for group in np.flatnonzero(loose).tolist())
        for empty in np.repeat(np.arange(classes), spare).tolist():
            self.lottery.append(_NOBODY)
            self.line.append(0)
            self.at.append(empty)
            self.may.append(anywhere)
        self.open: dict[int, set[int]] = {}
        for one, where in enumerate(self.at):
            self.open.setdefault(where, set()).add(one)

    def improve(self, group: int, first: int) -> int:
        """Bring the lowest number that can come in place of `first`; return who now holds the place."""
        bit = 1 << group
        better = [
            one
            for where, ones in self.open.items()
            if where > group
            for one in ones
            if self.may[one] & bit and self.lottery[one] < self.lottery[first]
        ]
        chains: dict[int, dict[int, int]] = {}
        for one in sorted(better, key=self.lottery.__getitem__):
            line = self.line[one]
            if line not in chains:
                chains[line] = self._chains(group, line)
            if self.at[one] in chains[line]:
                self._follow(chains[line], group, one)
                return one
        return first

    def _chains(self, start: int, line: int) -> dict[int, int]:
        """Return, per class that a chain from `start` reaches, who would come to it."""
        comes: dict[int, int] = {}
        seen, frontier = 1 << start, [start]
        while frontier:
            where = frontier.pop(0)
            for one in sorted(self.open.get(where, ())):
                if self.line[one] != line:
                    continue
                new = self.may[one] & ~seen
                seen |= new
                while new:
                    reached = (new & -new).bit_length() - 1
                    new &= new - 1
                    comes[reached] = one
                    frontier.append(reached)
        return comes

    def _follow(self, comes: dict[int, int], group: int, one: int) -> None:
        moves, where = [(one, group)], self.at[one]
        while where != group:
            moves.append((comes[where], where))
            where = self.at[comes[where]]
        for mover, target in moves:
            self.open[self.at[mover]].discard(mover)
            self.at[mover] = target
        for mover, target in moves:
            self.open[target].add(mover)

    def pairs(self) -> Ints:
        return np.array([self.pair[one, self.at[one]] for one in range(self.placed)], dtype=np.int64)
