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

from sim.rules.cotation.amounts import (
    DALO,
    Amounts,
    DType,
    amount_of,
    bounded,
    counting,
    gate,
    is_malus_of_refusal,
    population,
)
from sim.rules.cotation.codes import REQUEST_KINDS
from sim.rules.cotation.conditions import Facts, Test, Truth, absent, attributes_of, compiled, every, some
from sim.rules.cotation.grid import Criterion, Grid
from sim.territory.columns import Bools

_BLOCK = 32_768
"""Demands scored together: their intermediate columns stay in the processor's cache (twice as fast)."""


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
    narrow: bool  # counted in the narrower type


@dataclass(frozen=True)
class _Compiled:
    dtype: DType
    narrow: DType
    reads: tuple[str, ...]  # attributes, each once
    attributes: frozenset[str]  # the same
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
        total = _total(grid, given, rows.stop - start, made.narrow)
        points.total[rows] = total if in_scope is np.True_ else np.multiply(total, in_scope)
        points.absolute_priority[rows] = made.absolute_priority(block) & in_scope
        points.excluded[rows] = made.exclude(block) & in_scope
    return points


def reads(grid: Grid) -> frozenset[str]:
    """Return the attributes a grid reads."""
    return _compiled(grid).attributes


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
    for names, kinds in _readings(grid):
        concerned = population(kinds)(facts)
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
    dtype, narrow = counting(grid)
    named = [name for names, _ in _readings(grid) for name in names]
    # Read to spare DALO households, never said to be missing: the grid does not name them.
    spared = [str(one["attr"]) for one in DALO if any(map(is_malus_of_refusal, grid.criteria))]
    return _Compiled(
        dtype=dtype,
        narrow=narrow,
        reads=tuple(dict.fromkeys([*named, *spared])),
        attributes=frozenset([*named, *spared]),
        scope=compiled(grid.scope) if grid.scope else every([]),
        lines=tuple(
            _Line(one, amount_of(one, narrow if bounded(one) else dtype), bounded(one))
            for one in grid.criteria
            if one.effect is None
        ),
        absolute_priority=_raised(grid, "absolute_priority"),
        exclude=_raised(grid, "exclude"),
    )


def _raised(grid: Grid, effect: str) -> Test:
    """Return who meets at least one criterion with this effect."""
    return some([gate(criterion) for criterion in grid.criteria if criterion.effect == effect])


def _total(grid: Grid, given: Iterable[tuple[Criterion, Amounts]], n: int, narrow: DType) -> Amounts:
    """Return the totals; what is counted in a wider type than `narrow` is added last."""
    total: Amounts = np.zeros(n, narrow)
    wider: list[Amounts] = []
    rules = {group.id: np.maximum if group.rule == "max" else np.add for group in grid.groups}
    by_group: dict[str, Amounts] = {}
    for criterion, points in given:
        if criterion.group in by_group:
            by_group[criterion.group] = rules[criterion.group](by_group[criterion.group], points)
        elif criterion.group is not None:
            by_group[criterion.group] = points
        elif points.dtype == total.dtype:
            total += points
        else:
            wider.append(points)
    for group in grid.groups:
        if group.id in by_group:
            points = by_group[group.id]
            wider.append(points if group.cap is None else np.minimum(points, points.dtype.type(group.cap)))
    for points in wider:
        total = np.add(total, points, out=total if points.dtype == total.dtype else None)
    if grid.total.cap is not None:
        np.minimum(total, total.dtype.type(grid.total.cap), out=total)
    if grid.total.floor is not None:
        np.maximum(total, total.dtype.type(grid.total.floor), out=total)
    # Equal sums of decimal points are equal: 0.1 + 0.2 ties with 0.3.
    return total if grid.whole else np.round(total, 6)


def _same_length(facts: Facts, names: tuple[str, ...], n: int) -> None:
    for name in names:
        shape = np.shape(facts.get(name, 0))
        if shape not in ((), (n,)):
            raise ValueError(f"{name} a la forme {shape}, attendu ({n},) ou une seule valeur")


def _rows(values: Any, rows: slice) -> Any:
    return values[rows] if np.ndim(values) else values


def _spread(truth: Truth, n: int) -> Bools:
    return np.array(np.broadcast_to(truth, (n,)))
