"""Can floors on what is given to publics be met together, and if not, which are the nearest that can?

What there is to give stands in cells (alike in everything that a row reads), those who take it in classes.
A row asks that so many of the units of its cells go to the classes of its public; some rows are law and are
never lowered, the others belong to objectives. Expected volumes, not whole units: a linear programme, small
beside a match problem. Nothing here is random, and every answer is checked again without the solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.linear import Linear
from optimizer.relaxation import Bools, Floats

Ints = NDArray[np.int64]

HUNDRED = 100
TOLERANCE = 1e-6
"""Units below which a row is not short."""

_HAIR = 1e-7
"""Units by which a limit found by one stage is loosened in the next, less than a row may be short of."""

_CLEARLY = 1e-4
"""Hundredths by which a cut is passed that the solver's tolerance did not tell."""

LAW = -1
"""The objective of a row of law."""


@dataclass(frozen=True)
class Floors:
    """C cells, K classes, R rows; volumes of a year in one unit.

    Row r asks of the cells named with it (`row`, `cell`) that the classes of `public` take at least
    base · percent / 100 − given. What is in a cell may also stand in M parts, alike but for their rows: a row
    of `part_row`, `part` asks the same of these parts, always for `part_public`.

    Attributes
    ----------
    supply : (C,) units there are in each cell
    demand : (K,) most that each class takes
    open : (C, K) bool, whether a class can take what is in a cell
    row, cell : (N,) the cells of each row, each pair once
    public : (R, K) bool
    base : (R,) units of which the floor is a share
    given : (R,) units that go to the public whatever happens
    percent : (R,) whole hundredths
    objective : (R,) objective of each row, LAW where it is one of law
    part_cell, part_supply : (M,) cell of each part, and its units
    part_row, part : the parts of each row on parts, each pair once
    part_public : (K,) bool, the public of every row on parts
    """

    supply: Floats
    demand: Floats
    open: Bools
    row: Ints
    cell: Ints
    public: Bools
    base: Floats
    given: Floats
    percent: Ints
    objective: Ints
    part_cell: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    part_supply: Floats = field(default_factory=lambda: np.zeros(0))
    part_row: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    part: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    part_public: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @property
    def need(self) -> Floats:
        """Units each row asks for, (R,)."""
        return np.maximum(self.base * self.percent / HUNDRED - self.given, 0.0)

    @property
    def law(self) -> Bools:
        """Which rows are law, (R,)."""
        law: Bools = self.objective == LAW
        return law

    @cached_property
    def ceiling(self) -> Floats:
        """Most units each row could have of its own cells, whatever other rows ask, (R,)."""
        reach = (self.open[self.cell] & self.public[self.row]).any(axis=1)
        most = _summed(self.row, reach * self.supply[self.cell], self.base.size)
        if self.part.size:
            held = self.open[self.part_cell[self.part]][:, self.part_public].any(axis=1)
            most += _summed(self.part_row, held * self.part_supply[self.part], self.base.size)
        return most

    @cached_property
    def least_law(self) -> float:
        """The least units missing over the rows of law, objectives left out."""
        programme = _Programme(self, cost=self.law)
        return float(programme.solve()[0][programme.short][self.law].sum())

    @cached_property
    def pairs(self) -> tuple[Ints, Ints]:
        """Cell and class of each quantity to choose: open, and counted by a row."""
        counted = np.zeros(self.open.shape, dtype=bool)
        np.logical_or.at(counted, self.cell, self.public[self.row])
        if self.part.size:
            counted[self.part_cell] |= self.part_public
        cell, group = np.nonzero(self.open & counted)
        return cell, group

    def counts(self, taken: Floats, held: Floats) -> Floats:
        """Return what each row counts of quantities taken, and of those parts give their public, (R,)."""
        table = np.zeros(self.open.shape)
        table[self.pairs] = taken
        each = (table[self.cell] * self.public[self.row]).sum(axis=1)
        parts = _summed(self.part_row, held[self.part], self.base.size)
        return _summed(self.row, each, self.base.size) + parts


@dataclass(frozen=True)
class Short:
    """How far from its floor each row stays at best: law first, then the least over all, then evenly.

    Attributes
    ----------
    short : (R,) units missing
    price : (R,) units missing in all that one unit less asked by the row would spare: > 0 in a conflict
    class_price : (K,) the same of one more that a class could take
    """

    short: Floats
    price: Floats
    class_price: Floats

    @property
    def met(self) -> Bools:
        """Which rows are met, (R,)."""
        return self.short <= TOLERANCE


@dataclass(frozen=True)
class Nearest:
    """Floors that can be met together and with the law, as near as can be to those asked.

    Attributes
    ----------
    percent : (R,) whole hundredths; 0 where nothing can be asked
    alone : (R,) rows that could not have their floor even alone: at what their own cells allow, or lower
    """

    percent: Ints
    alone: Bools


def shortfall(floors: Floors) -> Short:
    """Return how far each row stays from its floor at best.

    1. Law: the least units missing over the rows of law, as if there were no objective.
    2. At that, the least missing over the rows of objectives; its prices name the conflict.
    3. At both, spread what is missing beyond what a row's own cells impose: the largest part of a row's base
       is the least it can be.
    """
    programme = _Programme(floors, cost=~floors.law, law_most=floors.least_law)
    values, price = programme.solve()
    short = values[programme.short]
    least = float(short[~floors.law].sum())
    class_price = np.abs(price[programme.demand_line])
    if least > TOLERANCE:
        spread = _Programme(floors, law_most=floors.least_law)
        spread.evenly(least)
        short = spread.solve()[0][spread.short]
    return Short(np.where(short > TOLERANCE, short, 0.0), np.abs(price[programme.row_line]), class_price)


def margin(floors: Floors) -> int:
    """Return by how many whole hundredths every floor of an objective could rise together; 0 if none can."""
    programme = _Programme(floors, law_most=floors.least_law, exact=True)
    highest = int(floors.percent[~floors.law].max(initial=0))
    rise = programme.model.variables(-1.0, float(HUNDRED - highest))
    which = np.flatnonzero(~floors.law)
    programme.model.add(programme.row_line[which], rise, -floors.base[which] / HUNDRED)
    found = programme.model.solved()
    return 0 if found is None else int(np.floor(found[0][rise[0]] + TOLERANCE))


def nearest(floors: Floors, weight: Ints | None = None) -> Nearest:
    """Return the nearest floors that can be met together with the law, in whole hundredths.

    1. A row whose own cells do not hold what it asks leaves its objective, at the floor they hold.
    2. Objectives, and rows that left one, are lowered by the least Σ weight · hundredths, each by one whole
       number; among equal answers, by the least largest number. Law is met as well as without objectives.
    3. The floors found are solved once more, and what is taken checked without the solver.

    Parameters
    ----------
    weight : (objectives,) whole, of a hundredth of each; 1 where not given

    Raises
    ------
    RuntimeError
        when the floors found are not met: a fault of ours.
    """
    held = np.floor(HUNDRED * (floors.ceiling + floors.given) / np.maximum(floors.base, 1e-300) + TOLERANCE)
    alone = ~floors.law & (held < floors.percent) & (floors.base > 0)
    start = replace(floors, percent=np.where(alone, held, floors.percent).astype(np.int64))
    groups = int(floors.objective.max(initial=LAW)) + 1
    group = np.where(floors.law, LAW, floors.objective + groups * alone)
    weights = np.tile(np.ones(groups, dtype=np.int64) if weight is None else weight, 2)
    percent = start.percent - np.append(_lowered(start, group, weights), 0)[group]
    found = Nearest(np.maximum(percent, 0), alone)
    _check(replace(floors, percent=found.percent))
    return found


def _lowered(floors: Floors, group: Ints, weight: Ints) -> Ints:
    """Return by how many hundredths each group of rows is lowered, (groups,); LAW is in no group.

    What is missing is convex in the lowerings, and the prices of rows bound it from below: each try either
    meets the floors or gives a cut that the next, the cheapest within all cuts, has to pass.
    """
    which = np.flatnonzero(group != LAW)
    most = np.zeros(weight.size)
    np.maximum.at(most, group[which], floors.percent[which])
    lowered = np.zeros(weight.size, dtype=np.int64)
    cuts: list[tuple[Floats, float]] = []
    while True:
        left = floors.percent - np.append(lowered, 0)[group]
        asked = replace(floors, percent=np.maximum(left, 0))
        programme = _Programme(asked, cost=~floors.law, law_most=floors.least_law)
        values, price = programme.solve()
        missing = float(values[programme.short][~floors.law].sum())
        if missing <= TOLERANCE:
            return lowered
        spared = np.abs(price[programme.row_line]) * floors.base / HUNDRED * (left > 0)
        gain = _summed(group[which], spared[which], weight.size)
        cuts.append((gain, missing + float(gain @ lowered)))
        tried, lowered = lowered, _cheapest(cuts, weight, most)
        if (lowered == tried).all():  # within the solver's tolerance of the cut: pass it clearly
            cuts[-1] = (gain, cuts[-1][1] + _CLEARLY * float(gain.max()))
            lowered = _cheapest(cuts, weight, most)


def _cheapest(cuts: Sequence[tuple[Floats, float]], weight: Ints, most: Floats) -> Ints:
    """Return the lowerings of least weight within cuts, the largest as small as can be, (groups,)."""
    model = Linear()
    by = model.variables(weight, most, whole=True)
    # At most a tenth of a hundredth: it only tells apart answers of the same Σ weight · hundredths.
    largest = model.variables(1 / (10 * HUNDRED), np.inf)
    lines = model.constraints(np.full(by.size, -np.inf), 0.0)
    model.add(lines, by, 1.0)
    model.add(lines, largest, -1.0)
    for gain, least in cuts:
        model.add(model.constraints(least / gain.max(), np.inf), by, gain / gain.max())
    found = model.solved()
    if found is None:
        raise RuntimeError("aucun plancher ne peut être tenu, pas même de zéro")
    lowered: Ints = np.round(found[0][by]).astype(np.int64)
    return lowered


def _check(floors: Floors) -> None:
    """Solve floors that are said to be met, and check the quantities themselves."""
    programme = _Programme(floors, cost=~floors.law, law_most=floors.least_law)
    values = np.maximum(programme.solve()[0], 0.0)
    taken, held, (cell, group) = values[programme.taken], values[programme.held], floors.pairs
    missing = np.maximum(floors.need - floors.counts(taken, held), 0.0)
    over = _summed(cell, taken, floors.supply.size) - floors.supply
    above = _summed(group, taken, floors.demand.size) - floors.demand
    slack, broken = TOLERANCE * (1 + float(floors.supply.sum())), [0.0]
    if floors.part.size:
        public = _summed(cell, taken * floors.part_public[group], floors.supply.size)
        broken += [(_summed(floors.part_cell, held, floors.supply.size) - public).max(initial=0)]
        broken += [(held - floors.part_supply).max(initial=0)]
    broken += [each.max(initial=0) for each in (over, above, missing[~floors.law])]
    if max(broken) > slack:
        raise RuntimeError("les planchers proposés ne sont pas tenus")
    if float(missing[floors.law].sum()) > floors.least_law + slack:
        raise RuntimeError("les planchers proposés coûtent à la loi")


def _summed(place: Ints, value: Floats, size: int) -> Floats:
    total: Floats = np.bincount(place, weights=value, minlength=size).astype(np.float64)
    return total


class _Programme:
    """The linear programme of floors: quantities taken, what each row is short of, and what a stage adds."""

    def __init__(
        self, floors: Floors, *, cost: Any = 0.0, law_most: float = np.inf, exact: bool = False
    ) -> None:
        """Write it; `cost` is of a unit missing, (R,); with `exact`, no objective may be short."""
        self.floors, self.model = floors, Linear()
        cell, group = floors.pairs
        model, law = self.model, np.flatnonzero(floors.law)
        self.taken = model.variables(np.zeros(cell.size), np.inf)
        most = np.where(~floors.law & exact, 0.0, np.inf)
        self.held = model.variables(np.zeros(floors.part_cell.size), floors.part_supply)
        self.short = model.variables(np.broadcast_to(np.asarray(cost, dtype=float), most.shape), most)
        supply_line = model.constraints(-np.inf, floors.supply)
        self.demand_line = model.constraints(-np.inf, floors.demand)
        self.row_line = model.constraints(floors.need, np.inf)
        model.add(supply_line[cell], self.taken, 1.0)
        model.add(self.demand_line[group], self.taken, 1.0)
        number = np.full(floors.open.shape, -1, dtype=np.int64)
        number[cell, group] = self.taken
        each = number[floors.cell]  # (N, K)
        at, of_class = np.nonzero((each >= 0) & floors.public[floors.row])
        model.add(self.row_line[floors.row[at]], each[at, of_class], 1.0)
        model.add(self.row_line, self.short, 1.0)
        if floors.part.size:
            own = model.constraints(np.full(floors.supply.size, -np.inf), 0.0)
            model.add(own[floors.part_cell], self.held, 1.0)
            public = floors.part_public[group] & np.isin(cell, floors.part_cell)
            model.add(own[cell[public]], self.taken[public], -1.0)
            model.add(self.row_line[floors.part_row], self.held[floors.part], 1.0)
        model.add(model.constraints(-np.inf, law_most + _HAIR), self.short[law], 1.0)

    def evenly(self, least: float) -> None:
        """Ask that objectives miss `least` in all, beyond what own cells impose as evenly as can be."""
        floors, model = self.floors, self.model
        which = np.flatnonzero(~floors.law)
        forced = np.maximum(floors.need - floors.ceiling, 0.0)[which]
        part = model.variables(1.0, np.inf)
        lines = model.constraints(-np.inf, forced)
        model.add(lines, self.short[which], 1.0)
        model.add(lines, part, -np.maximum(floors.base[which], _HAIR))
        model.add(model.constraints(-np.inf, least + _HAIR), self.short[which], 1.0)

    def solve(self) -> tuple[Floats, Floats]:
        """Return values and prices; what may be short always has an answer."""
        found = self.model.solved()
        if found is None:
            raise RuntimeError("le calcul des planchers n'a pas abouti")
        return found
