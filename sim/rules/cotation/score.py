"""How many points has each demand under a grid, and which flags?

Order of computation: (1) each criterion gives its points, nothing when its population or its condition does
not hold or its attribute is missing; (2) groups: the best of the group, or the sum, then the group's cap;
(3) the sum; (4) the cap of the total; (5) its floor. A demand outside the scope is not scored: its total is
0 and it has no flag. `absolute_priority` and `exclude` are flags outside the sum.

A score is a decision aid and never a decision (CCH R.441-2-10).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.cotation.codes import REQUEST_KINDS
from sim.rules.cotation.conditions import Facts, Test, Truth, absent, attributes_of, compiled, every, some
from sim.rules.cotation.grid import Condition, Criterion, Grid, PerUnit
from sim.territory.columns import Bools

_BLOCK = 16_384
"""Demands scored together: their intermediate columns stay in the processor's cache (twice as fast)."""

Amounts = NDArray[Any]
"""Points: (n,) int64, or float64 when the grid has points that are not whole."""


@dataclass(frozen=True)
class Points:
    """The score of n demands."""

    total: Amounts  # (n,) points, 0 out of scope
    absolute_priority: Bools  # (n,)
    excluded: Bools  # (n,)
    in_scope: Bools  # (n,)


@dataclass(frozen=True)
class _Line:
    """A criterion that gives points, compiled."""

    criterion: Criterion
    points: Callable[[Facts], Amounts]  # (n,), or a scalar that holds for every demand


@dataclass(frozen=True)
class _Compiled:
    dtype: type[np.int64] | type[np.float64]
    reads: tuple[str, ...]  # attributes, each once
    scope: Test
    lines: tuple[_Line, ...]
    absolute_priority: Test
    exclude: Test


def score(grid: Grid, facts: Facts, n: int) -> Points:
    """Score n demands.

    Parameters
    ----------
    facts : mapping of attribute to (n,) array encoded as in `attributes`, or to a scalar for `dwelling.*`;
        an absent name is missing for everybody.

    Raises
    ------
    ValueError
        when an array of facts has neither n values nor one.
    """
    made = _compiled(grid)
    _same_length(facts, made.reads, n)
    if not grid.criteria and grid.scope is None:  # all equal: seniority alone decides
        nobody = np.zeros(n, np.bool_)
        return Points(_total(grid, (), n, made.dtype), nobody, nobody, ~nobody)
    points = Points(np.zeros(n, made.dtype), *(np.zeros(n, np.bool_) for _ in range(3)))
    for start in range(0, n, _BLOCK):
        rows = slice(start, min(start + _BLOCK, n))
        block = {name: _rows(facts[name], rows) for name in made.reads if name in facts}
        in_scope = made.scope(block)
        given = ((line.criterion, line.points(block)) for line in made.lines)
        points.in_scope[rows] = in_scope
        points.total[rows] = np.multiply(_total(grid, given, rows.stop - start, made.dtype), in_scope)
        points.absolute_priority[rows] = made.absolute_priority(block) & in_scope
        points.excluded[rows] = made.exclude(block) & in_scope
    return points


def reads(grid: Grid) -> frozenset[str]:
    """Return the attributes a grid reads."""
    return frozenset(_compiled(grid).reads)


def lines(grid: Grid, facts: Facts, n: int) -> tuple[tuple[str, Amounts], ...]:
    """Return the points of each criterion before groups, as (criterion id, (n,) points).

    Recomputing the total from these lines gives the score. A criterion with an effect has no line; every
    line of a demand out of scope is 0.
    """
    made = _compiled(grid)
    in_scope = _spread(made.scope(facts), n)
    return tuple(
        (line.criterion.id, np.where(in_scope, line.points(facts), made.dtype(0))) for line in made.lines
    )


def total_of(grid: Grid, given: Iterable[tuple[str, Amounts]], in_scope: Bools) -> Amounts:
    """Return the totals that lines of points make, (n,): groups, sum, cap, floor; 0 out of scope."""
    made, criteria = _compiled(grid), {criterion.id: criterion for criterion in grid.criteria}
    named = ((criteria[name], points) for name, points in given)
    total: Amounts = np.multiply(_total(grid, named, len(in_scope), made.dtype), in_scope)
    return total


def missing(grid: Grid, facts: Facts, n: int) -> dict[str, Bools]:
    """Return, for each attribute the grid reads and somebody lacks, who lacks it: (n,) booleans.

    An attribute counts for the demands of the populations whose criteria read it.
    """
    lacking: dict[str, Bools] = {}
    for names, population in _readings(grid):
        concerned = _population(population)(facts)
        for name in names:
            lacks = _spread(np.logical_and(absent(name, facts), concerned), n)
            lacking[name] = lacking[name] | lacks if name in lacking else lacks
    return {name: lacks for name, lacks in lacking.items() if lacks.any()}


def _readings(grid: Grid) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield the attributes read together with the populations for which they are read."""
    yield attributes_of(grid.scope), REQUEST_KINDS
    for criterion in grid.criteria:
        if set(criterion.applies_to) != set(REQUEST_KINDS):
            yield ("request_kind",), REQUEST_KINDS
        yield (*attributes_of(criterion.when), *filter(None, [criterion.attr])), criterion.applies_to


@lru_cache(maxsize=64)
def _compiled(grid: Grid) -> _Compiled:
    dtype = np.int64 if grid.whole else np.float64
    return _Compiled(
        dtype=dtype,
        reads=tuple(dict.fromkeys(name for names, _ in _readings(grid) for name in names)),
        scope=compiled(grid.scope) if grid.scope else every([]),
        lines=tuple(_Line(one, _points(one, dtype)) for one in grid.criteria if one.effect is None),
        absolute_priority=_raised(grid, "absolute_priority"),
        exclude=_raised(grid, "exclude"),
    )


def _raised(grid: Grid, effect: str) -> Test:
    """Return who meets at least one criterion with this effect."""
    return some([_gate(criterion) for criterion in grid.criteria if criterion.effect == effect])


def _gate(criterion: Criterion) -> Test:
    """Return who the criterion is about: its population and its condition."""
    tests = [_population(criterion.applies_to)] if set(criterion.applies_to) != set(REQUEST_KINDS) else []
    if criterion.when is not None:
        tests.append(compiled(criterion.when))
    return every(tests)


def _population(kinds: tuple[str, ...]) -> Test:
    if set(kinds) == set(REQUEST_KINDS):
        return every([])
    return compiled(Condition(attr="request_kind", op="in", value=kinds))


def _points(criterion: Criterion, dtype: type[Any]) -> Callable[[Facts], Amounts]:
    gate = _gate(criterion)
    if criterion.points is not None:
        fixed = dtype(criterion.points)
        return lambda facts: np.multiply(gate(facts), fixed)
    measure = _bands(criterion, dtype) if criterion.bands else _accrual(criterion.per_unit, dtype)
    name = str(criterion.attr)

    def points(facts: Facts) -> Amounts:
        if name not in facts:
            return np.zeros((), dtype)
        measured = measure(np.asarray(facts[name]))
        truth = gate(facts)
        return measured if truth is np.True_ else np.multiply(measured, truth)

    return points


def _bands(criterion: Criterion, dtype: type[Any]) -> Callable[[Amounts], Amounts]:
    """Count the edges at or under the value, then look up the points between two edges."""
    bands = criterion.bands or ()
    edges = sorted({edge for band in bands for edge in (band.from_, band.to) if edge is not None})
    # Between edge i - 1 and edge i, the points of the band that starts at or before and ends after.
    table = np.zeros(len(edges) + 1, dtype)
    for band in bands:
        low = 0 if band.from_ is None else edges.index(band.from_) + 1
        high = len(edges) if band.to is None else edges.index(band.to)
        table[low : high + 1] = band.points

    def measure(values: Amounts) -> Amounts:
        reached = np.zeros(values.shape, np.uint8 if len(edges) < 256 else np.intp)
        for edge in edges:
            reached += np.asarray(values >= edge).view(np.uint8)
        points = table[reached]
        # A missing number (NaN) is under every edge, and equals nothing, itself included.
        return points if table[0] == 0 else np.multiply(points, values == values)

    return measure


def _accrual(accrual: PerUnit | None, dtype: type[Any]) -> Callable[[Amounts], Amounts]:
    """Count whole steps since the start, never fewer than none, times the points, bounded by the cap."""
    assert accrual is not None
    step, start, points, cap = accrual.step, accrual.start, dtype(accrual.points), accrual.cap
    exact = isinstance(step, int) and isinstance(start, int)

    def measure(values: Amounts) -> Amounts:
        if exact and values.dtype.kind in "iu":
            units = np.maximum((values.astype(np.int64, copy=False) - start) // step, 0)
        else:
            # fmax prefers a number to NaN: a missing number gives 0.
            units = np.fmax(np.floor((values - start) / step), 0)
        amount: Amounts = np.multiply(units, points).astype(dtype, copy=False)
        if cap is not None:
            amount = np.minimum(amount, dtype(cap)) if points > 0 else np.maximum(amount, dtype(cap))
        return amount

    return measure


def _total(grid: Grid, given: Iterable[tuple[Criterion, Amounts]], n: int, dtype: type[Any]) -> Amounts:
    total = np.zeros(n, dtype)
    rules = {group.id: np.maximum if group.rule == "max" else np.add for group in grid.groups}
    by_group: dict[str, Amounts] = {}
    for criterion, points in given:
        if criterion.group is None:
            total += points
        elif criterion.group in by_group:
            by_group[criterion.group] = rules[criterion.group](by_group[criterion.group], points)
        else:
            by_group[criterion.group] = points
    for group in grid.groups:
        if group.id in by_group:
            points = by_group[group.id]
            total += points if group.cap is None else np.minimum(points, dtype(group.cap))
    if grid.total.cap is not None:
        np.minimum(total, dtype(grid.total.cap), out=total)
    if grid.total.floor is not None:
        np.maximum(total, dtype(grid.total.floor), out=total)
    # Equal sums of decimal points are equal: 0.1 + 0.2 ties with 0.3.
    return total if dtype is np.int64 else np.round(total, 6)


def _same_length(facts: Facts, names: tuple[str, ...], n: int) -> None:
    for name in names:
        shape = np.shape(facts.get(name, 0))
        if shape not in ((), (n,)):
            raise ValueError(f"{name} a la forme {shape}, attendu ({n},) ou une seule valeur")


def _rows(values: Any, rows: slice) -> Any:
    return values[rows] if np.ndim(values) else values


def _spread(truth: Truth, n: int) -> Bools:
    return np.array(np.broadcast_to(truth, (n,)))
