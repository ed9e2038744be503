"""Which of the answers equal in every stage is the one that the lottery names, proved in whole pairs?

The one that fills most, then has the lowest sum of lottery numbers, then the smallest numbers read class by
class, an empty place counting as a number above all. `ties.py` comes near it by prices and exchanges; here
each stage reached is a line of a small program, and branch and bound (SCIP) settles what is left, a stage
after another. What it is too long to settle, by counts of pairs and nodes and never by time, is said to be
left: who is where then depends on where the search began, not on how the caller numbered anybody.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.clock import Clock
from optimizer.problem import Ints
from optimizer.relaxation import Bools, Floats, Model, Programme
from optimizer.whole import branch, reduced_costs

SETTLED, SUM = "settled", "sum"
"""How far equal answers were told apart: to the last number, or to the sum of numbers only."""

WORK, LITTLE_WORK = 50_000, 2_000
"""Pairs given to the searches, all together: for an answer that is given, for one to compare it with."""

_SEARCHED = 5_000  # pairs that one search is given at most: with more, a node alone takes seconds
_NODES, _FEW_NODES = 200, 20  # of a search for a stage, for some of the smallest numbers
_ENCODED = 24  # bits: so many sequences are told apart by one objective
_EXACT = 1e-9  # of how much a line may be missed, as a part of its limit


@dataclass(frozen=True, eq=False)
class Held:
    """What a stage raises, in whole numbers: Σ gain · x − Σ penalty · shortfall."""

    gain: Ints  # (E,)
    penalty: Floats  # (R,) 0 where the stage does not count the row

    def of(self, programme: Programme, pairs: Ints) -> int:
        """Return what whole pairs reach."""
        sums = programme.sums(pairs)
        short = np.maximum(0, np.maximum(programme.row_low - sums, sums - programme.row_high))
        counted = self.penalty > 0
        return int(self.gain[pairs].sum()) - round(float(self.penalty[counted] @ short[counted]))


def settled(
    programme: Programme,
    pool: Ints,
    chosen: Ints,
    stages: Sequence[Held],
    clock: Clock,
    *,
    by_prices: bool,
    work: int = WORK,
) -> tuple[Ints, str | None]:
    """Return the answer that the lottery names among equal ones, and how far that is proved.

    1. Unless prices have proved so much: raise the last of several stages, the others held, since these
       numbers are small and those of one objective for all of them are not exact to the unit for a solver in
       floats; then fill; then lower the sum of lottery numbers.
    2. Read the pairs by class, then lottery number, and find the smallest numbers a block at a time: digits
       of one number, a place or a pair each, as many as are told apart exactly. A block that is proved stays
       as it is, and what it excludes leaves the pool.

    Parameters
    ----------
    pool : the pairs of every answer as good; chosen : an answer as good
    stages : what equal answers have in common, the first before all
    by_prices : prices prove that the sum of lottery numbers is the lowest of all answers as good
    work : pairs given to the searches, all together; what is foreseen to need more is not begun

    Returns
    -------
    the pairs; SETTLED, SUM, or None where not even the sum is proved.
    """
    pool = np.union1d(pool[programme.capacity[programme.group[pool]] > 0], chosen)
    pool = pool[np.lexsort((programme.applicant[pool], programme.group[pool]))]
    equals = _Equals(programme, pool, np.isin(pool, chosen), stages, clock)
    if not by_prices:
        work -= 2 * pool.size
        if work < 0 or pool.size > _SEARCHED or not equals.lowest_sum():
            return pool[equals.inside], None
    few = int(equals.open.sum()) <= _SEARCHED and equals.work <= work
    finished = few and equals.smallest_numbers()
    return pool[equals.inside], SETTLED if finished else SUM


class _Equals:
    """An answer, and the pairs that may still take the place of its own; pairs are named by their place."""

    def __init__(
        self, programme: Programme, pool: Ints, inside: Bools, stages: Sequence[Held], clock: Clock
    ) -> None:
        """Keep the pairs of a pool, in (class, lottery) order, those `inside` being the answer's."""
        self.programme = replace(
            programme,
            applicant=programme.applicant[pool],
            group=programme.group[pool],
            cell=programme.cell[pool],
            value=programme.value[pool],
        )
        self.clock, self.inside = clock, inside
        self.given: Bools = np.zeros(pool.size, dtype=bool)  # the answer has it, and will
        self.open: Bools = np.ones(pool.size, dtype=bool)  # the answer may have it
        self.stages = [Held(stage.gain[pool], stage.penalty) for stage in stages]
        self.fill = self._counting(np.ones(pool.size, dtype=np.int64))
        self.luck = self._counting(-self.programme.applicant.astype(np.int64))
        self.held: list[Held] = []  # stages that no answer may fall back from
        # Whether all equal answers fill as many places: the first of several stages says it.
        self.full = len(stages) > 1 or int(inside.sum()) == self.programme.places

    @property
    def work(self) -> float:
        """How many pairs the searches for the smallest numbers are about to be given: half of them leave."""
        bits = sum(math.log2(digit.size + 1) for digit in self._each_digit())
        return math.ceil(bits / _ENCODED) * int(self.open.sum()) / 2

    def lowest_sum(self) -> bool:
        """Raise what is not proved, then lower the sum of lottery numbers; tell whether all is proved."""
        *self.held, last = self.stages
        if self.held and not self._raise(last):
            return False
        self.held = self.stages
        if not self.full and not self._raise(self.fill):
            return False
        self.full = True
        if not self._raise(self.luck):
            return False
        self._leave_out_the_unlucky()
        return True

    def smallest_numbers(self) -> bool:
        """Find the smallest numbers class by class; tell whether that could be finished."""
        self.held, self.full = [*self.stages, self.luck], True
        while digits := self._digits():
            gain, unit = np.zeros(self.inside.size, dtype=np.int64), 1
            for digit in reversed(digits):
                gain[digit] = unit * np.arange(digit.size, 0, -1)
                unit *= digit.size + 1
            if not self._raise(self._counting(gain), _FEW_NODES):
                return False
            self._decide(np.concatenate(digits))
        return True

    def _digits(self) -> list[Ints]:
        """Return the next digits to settle, each the pairs that raise it, the most first; none at the end.

        A class of one place is a digit, each pair of a larger one is another. A first digit that is already
        as high as it can be is decided as it stands.
        """
        digits: list[Ints] = []
        bits = 0.0
        for digit in self._each_digit():
            digit = digit[self.open[digit]]  # what a digit decided excludes is closed
            if not digits and (not digit.size or self.inside[digit[0]]):
                self._decide(digit)
                continue
            bits += math.log2(digit.size + 1)
            if digits and bits > _ENCODED:
                break
            if digit.size:
                digits.append(digit)
        return digits

    def _each_digit(self) -> Iterator[Ints]:
        """Yield the pairs not decided yet, digit by digit."""
        left = np.flatnonzero(self.open & ~self.given)
        group = self.programme.group[left]
        for pairs in np.split(left, np.flatnonzero(np.diff(group)) + 1):
            if pairs.size and self.programme.capacity[self.programme.group[pairs[0]]] == 1:
                yield pairs
            else:
                yield from pairs.reshape(-1, 1)

    def _decide(self, pairs: Ints) -> None:
        """Keep pairs as the answer has them, and leave out what that excludes."""
        kept = pairs[self.inside[pairs]]
        self.given[kept] = True
        self.open[pairs] = self.inside[pairs]
        placed = np.isin(self.programme.applicant, self.programme.applicant[kept])
        self.open &= self.inside | ~placed

    def _leave_out_the_unlucky(self) -> None:
        """Close the pairs that no answer as low in the lottery holds, by their reduced costs (GLOP)."""
        pool, ours = np.flatnonzero(self.open), np.flatnonzero(self.inside)
        model, floors = self._model(pool, ours)
        gains, reached = self._line(model, self.luck, ours)
        bound = reduced_costs(model, gains, floors, self.clock)
        if bound is not None:
            most, lost = bound
            self.open[pool] = (most + lost[: pool.size] > reached - 0.5) | self.inside[pool]

    def _model(self, pool: Ints, ours: Ints) -> tuple[Model, list[tuple[Floats, float]]]:
        """Return the model of some pairs, and what answers to it must reach."""
        model = Model(self.programme, pool)
        model.least[: pool.size] = self.given[pool]
        floors = [self._line(model, held, ours) for held in self.held]
        if self.full:
            as_many = model.over(np.ones(pool.size), self.fill.penalty)
            floors += [(as_many, float(ours.size)), (-as_many, -float(ours.size))]
        return model, floors

    def _raise(self, stage: Held, nodes: int = _NODES) -> bool:
        """Find the answer best in a stage, of those that reach what is held; tell whether it is proved."""
        from ortools.math_opt.parameters_pb2 import EMPHASIS_LOW, EMPHASIS_OFF

        if self.clock.over:
            return False
        pool, ours = np.flatnonzero(self.open), np.flatnonzero(self.inside)
        model, floors = self._model(pool, ours)
        parameters = self.clock.parameters(nodes)
        parameters.heuristics = parameters.cuts = EMPHASIS_OFF
        parameters.presolve = EMPHASIS_LOW
        parameters.gscip.real_params["numerics/feastol"] = _EXACT
        found = branch(model, self._line(model, stage, ours)[0], floors, parameters, start=ours)
        if found is None or any(
            held.of(self.programme, found.pairs) < held.of(self.programme, ours)
            for held in (*self.held, stage)
        ):
            return False
        self.inside = np.isin(np.arange(self.inside.size), found.pairs)
        return found.proved

    def _line(self, model: Model, stage: Held, ours: Ints) -> tuple[Floats, float]:
        """Return a stage's gains by column, and what ours reaches.

        Where every equal answer fills as much as ours, they are counted from their mean: a small number is
        left to reach, which a solver in floats holds to the unit.
        """
        mean = round(float(stage.gain[ours].mean())) if self.full and ours.size else 0
        reached = stage.of(self.programme, ours) - mean * ours.size
        return model.over(stage.gain[model.pool] - mean, stage.penalty), float(reached)

    def _counting(self, gain: Ints) -> Held:
        """Return a stage in which rows do not count."""
        return Held(gain, np.zeros(self.programme.row_low.size))
