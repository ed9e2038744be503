"""How many points does one criterion give each demand? The four forms, compiled over columns.

Points are counted in the narrowest integers that hold every sum of the grid (`counting`): on columns that fit
the processor's cache, two-byte additions are several times faster than eight-byte ones, and as exact. An
accrual without a cap has no bound, and stays in eight bytes; a grid with points that are not whole is counted
in floating point.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.cotation.codes import REQUEST_KINDS
from sim.rules.cotation.conditions import Facts, Test, attributes_of, compiled, every
from sim.rules.cotation.grid import Condition, Criterion, Grid, PerUnit

Amounts = NDArray[Any]
"""Points: (n,) int64, or float64 when the grid has points that are not whole."""

DType = type[Any]

REFUSALS = "unjustified_refusals_24m"
DALO: tuple[dict[str, Any], ...] = (
    {"attr": "dalo", "op": "eq", "value": True},
    {"attr": "dalo_status", "op": "eq", "value": "ACTIF"},
)
"""How a demand tells that it is a DALO household's: either is enough."""

Measure = Callable[[Amounts], Amounts]

_COMPARED = {"i": 3, "u": 3, "f": 6}
"""Most steps of an accrual that are compared one by one, by kind of number: beyond, a division is faster."""


def counting(grid: Grid) -> tuple[DType, DType]:
    """Return the type of the totals, and the narrower one in which bounded lines are added up."""
    if not grid.whole:
        return np.float64, np.float64
    most: float = sum(_most(criterion) for criterion in grid.criteria)
    most += sum(abs(group.cap or 0) for group in grid.groups)
    most += abs(grid.total.floor or 0) + abs(grid.total.cap or 0)
    narrow = next(kind for kind in (np.int16, np.int32, np.int64) if most < np.iinfo(kind).max)
    return np.int64, narrow


def bounded(criterion: Criterion) -> bool:
    """Tell whether the points of a criterion have a bound."""
    return criterion.per_unit is None or criterion.per_unit.cap is not None


def gate(criterion: Criterion) -> Test:
    """Return who the criterion is about: population, condition; a malus of refusal spares DALO."""
    tests = [] if set(criterion.applies_to) == set(REQUEST_KINDS) else [population(criterion.applies_to)]
    if criterion.when is not None:
        tests.append(compiled(criterion.when))
    if is_malus_of_refusal(criterion):
        tests.append(compiled(Condition.model_validate({"not": {"any": DALO}})))
    return every(tests)


def is_malus_of_refusal(criterion: Criterion) -> bool:
    """Tell whether a criterion takes points away for refusals: it never does from a DALO household.

    One refusal of an adapted offer already costs a DALO household its priority; it is not punished twice.
    Source: CCH R.441-2-10 11°, and the Conseil d'Etat (avis 398546 of 1 July 2016) on the loss of priority.
    """
    unit = criterion.per_unit
    points = (
        *(criterion.points or 0, 0 if unit is None else unit.points),
        *(band.points for band in criterion.bands or ()),
    )
    return min(points) < 0 and REFUSALS in (criterion.attr, *attributes_of(criterion.when))


def population(kinds: tuple[str, ...]) -> Test:
    """Return who makes a demand of one of these kinds; an unknown kind is of none, unless all are."""
    if set(kinds) == set(REQUEST_KINDS):
        return every([])
    return compiled(Condition(attr="request_kind", op="in", value=kinds))


def amount_of(criterion: Criterion, dtype: DType) -> Callable[[Facts], Amounts]:
    """Return the points of a criterion over facts: (n,), or a scalar that holds for every demand."""
    about = gate(criterion)
    if criterion.points is not None:
        fixed = dtype(criterion.points)
        return lambda facts: np.multiply(about(facts), fixed)
    measure = _bands(criterion, dtype) if criterion.bands else _accrual(criterion.per_unit, dtype)
    name = str(criterion.attr)

    def points(facts: Facts) -> Amounts:
        if name not in facts:
            return np.zeros((), dtype)
        measured = measure(np.asarray(facts[name]))
        truth = about(facts)
        return measured if truth is np.True_ else np.multiply(measured, truth)

    return points


def _most(criterion: Criterion) -> int:
    """Return the largest number met while counting a bounded criterion."""
    points = [abs(criterion.points or 0)]
    # The difference between the points of two bands is at most twice the largest.
    points += [2 * abs(band.points) for band in criterion.bands or ()]
    if criterion.per_unit is not None and criterion.per_unit.cap is not None:
        points.append(abs(criterion.per_unit.cap) + abs(criterion.per_unit.points))
    return int(max(points))


def _bands(criterion: Criterion, dtype: DType) -> Measure:
    """Look up the points between two edges: by steps from edge to edge, or in a table where not whole."""
    bands = criterion.bands or ()
    edges = sorted({edge for band in bands for edge in (band.from_, band.to) if edge is not None})
    # Between edge i - 1 and edge i, the points of the band that starts at or before and ends after.
    table = np.zeros(len(edges) + 1, dtype)
    for band in bands:
        low = 0 if band.from_ is None else edges.index(band.from_) + 1
        high = len(edges) if band.to is None else edges.index(band.to)
        table[low : high + 1] = band.points
    return _in_table(edges, table) if table.dtype.kind == "f" else _by_steps(edges, table)


def _by_steps(edges: list[Any], table: Amounts) -> Measure:
    """Add, at each edge reached, how many points more the next band gives: exact in whole numbers."""
    steps = [(edge, step) for edge, step in zip(edges, np.diff(table), strict=True) if step]
    lowest = table[0]

    def measure(values: Amounts) -> Amounts:
        # A missing number (NaN) is under every edge, and equals nothing, itself included.
        points = np.multiply(values == values, lowest) if lowest else np.zeros(values.shape, table.dtype)
        for edge, step in steps:
            points = points + np.multiply(values >= edge, step)
        return points

    return measure


def _in_table(edges: list[Any], table: Amounts) -> Measure:
    def measure(values: Amounts) -> Amounts:
        reached = np.zeros(values.shape, np.intp)
        for edge in edges:
            reached += values >= edge
        points: Amounts = np.multiply(table[reached], values == values)
        return points

    return measure


def _accrual(accrual: PerUnit | None, dtype: DType) -> Measure:
    """Count whole steps since the start, never fewer than none, times the points, bounded by the cap."""
    assert accrual is not None
    step, start, points, cap = accrual.step, accrual.start, dtype(accrual.points), accrual.cap
    exact = isinstance(step, int) and isinstance(start, int)
    # Steps from which the cap is reached; one more where divisions are not exact.
    steps = None if cap is None or not points else int(-(-abs(cap) // abs(accrual.points)))
    if steps is not None and points.dtype.kind == "f":
        steps += 1

    def measure(values: Amounts) -> Amounts:
        units: Any
        if exact and start >= 0 and steps is not None and steps <= _COMPARED.get(values.dtype.kind, 0):
            units = np.zeros(values.shape, np.int8)
            for reached in range(1, steps + 1):
                units += np.asarray(values >= start + reached * step).view(np.int8)
        elif exact and values.dtype.kind in "iu":
            since = values.astype(np.int64, copy=False) - start if start else values
            units = np.maximum(since // step, 0)
        else:
            # fmax prefers a number to NaN: a missing number gives 0.
            units = np.fmax(np.floor((values - start) / step), 0)
        if steps is not None:
            units = np.minimum(units, steps)
        amount: Amounts = np.multiply(units.astype(dtype, copy=False), points)
        if cap is not None:
            amount = np.minimum(amount, dtype(cap)) if points > 0 else np.maximum(amount, dtype(cap))
        return amount

    return measure
