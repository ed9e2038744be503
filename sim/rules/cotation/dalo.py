"""After how many months of waiting does a demand without priority pass a DALO household recognised today?

Read from the grid alone. Two demands without priority are set against a DALO demand filed the same day that
declares nothing else: one that only ages, and the best scored one that a search finds among what the
criteria outside the law's priorities reward. The search climbs from criterion to criterion: what it finds
exists, and a better one may exist. Nothing obliges a grid to put a DALO household first for ever; the
commission must know.

Source: CCH L.441-2-3, R.441-2-10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.cotation.attributes import ATTRIBUTES, decoded, missing_value
from sim.rules.cotation.cells import cells, constants, crossed, possible
from sim.rules.cotation.conditions import absent
from sim.rules.cotation.examples import facts_of_example
from sim.rules.cotation.grid import Criterion, Grid
from sim.rules.cotation.priorities import PRIORITIES, priority
from sim.rules.cotation.score import lines, score

LONGEST_MONTHS = 1200
"""Longest wait looked at: what a demands file admits."""

_KEPT = 64
"""Most ways of meeting one criterion that the search tries at each step."""

Encoded = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Against:
    """A demand without priority set against a fresh DALO demand."""

    facts: Mapping[str, Any]
    """Its facts beside its seniority, as written in a grid; {} when it only ages."""
    points: int | float
    """Points on the day of filing."""
    months: int | None
    """Months of seniority from which it is placed strictly before; None when never."""
    points_then: int | float | None


@dataclass(frozen=True)
class Outranked:
    """A fresh DALO demand alone, and the two demands set against it."""

    dalo_points: int | float
    dalo_first: bool  # a flag outside the sum puts it before everybody
    ageing: Against
    best: Against


def outranked(grid: Grid) -> Outranked:
    """Tell when a demand without priority passes a DALO demand filed today.

    The scope of the grid is left aside: both are taken as being in it.
    """
    open_to_all = grid.model_copy(update={"id": f"{grid.id}-scope-open", "scope": None, "examples": ()})
    told = next(one.facts for one in PRIORITIES if one.name == "dalo")
    facts = facts_of_example({"request_kind": "primo", "seniority_months": 0, **told})
    dalo = score(open_to_all, facts, 1)
    first, points = bool(dalo.absolute_priority[0]), dalo.total[0].item()
    plain = facts_of_example({"request_kind": "primo"})
    return Outranked(
        dalo_points=points,
        dalo_first=first,
        ageing=_against(open_to_all, plain, points, first),
        best=_against(open_to_all, _best(open_to_all, plain), points, first),
    )


def _against(grid: Grid, facts: Encoded, dalo: float, dalo_first: bool) -> Against:
    n = LONGEST_MONTHS + 1
    aged = {name: np.repeat(values, n) for name, values in facts.items()}
    found = score(grid, {**aged, "seniority_months": np.arange(n)}, n)
    passes = np.flatnonzero((found.total > dalo) & ~found.excluded) if not dalo_first else np.zeros(0, int)
    months = int(passes[0]) if passes.size else None
    own = {
        name: decoded(ATTRIBUTES[name], values[0].item())
        for name, values in facts.items()
        if name != "request_kind" and not bool(np.any(absent(name, facts)))
    }
    return Against(own, found.total[0].item(), months, None if months is None else found.total[months].item())


def _best(grid: Grid, plain: Encoded) -> Encoded:
    """Return the best scored demand without priority on its day of filing that a search finds.

    1. For each criterion outside the priorities, keep the combinations of facts that give it most points.
    2. Starting from nothing declared, put on the demand, whole, the combination that raises the total most,
       among those that leave it without priority, in no excluded case and with no flag.
    3. Stop when none raises it.
    """
    moves = [move for criterion in grid.criteria for move in _moves(grid, criterion)]
    best, points = dict(plain), _totals(grid, [dict(plain)])[0]
    while moves:
        tried = [{**best, **move} for move in moves]
        totals = _totals(grid, tried)
        place = int(np.argmax(totals))
        if totals[place] <= points:
            break
        best, points = tried[place], totals[place]
    return best


def _moves(grid: Grid, criterion: Criterion) -> list[Encoded]:
    if criterion.family in ("legal_priority", "seniority") or criterion.effect is not None:
        return []
    compared = constants(criterion)
    if set(criterion.applies_to) == {"mutation"} or "seniority_months" in compared:
        return []
    facts = crossed({name: cells(name, values) for name, values in compared.items()})
    if not facts:
        return []
    n = len(next(iter(facts.values())))
    alone = grid.model_copy(update={"id": f"{grid.id}-{criterion.id}-best", "criteria": (criterion,)})
    primo = {**facts, "request_kind": np.zeros(n, np.int8)}
    ((_, given),) = lines(alone, primo, n)
    rewarded = (given > 0) & ~np.broadcast_to(priority()(facts), n)
    order = np.flatnonzero(rewarded)[np.argsort(-given[rewarded], kind="stable")][:_KEPT]
    return [{name: values[[row]] for name, values in facts.items()} for row in order.tolist()]


def _totals(grid: Grid, demands: list[Encoded]) -> NDArray[np.float64]:
    """Return the points of demands on their day of filing, minus infinity where one is not eligible here."""
    names = {name for demand in demands for name in demand}
    facts = {
        name: np.concatenate(
            [demand.get(name, np.array([missing_value(ATTRIBUTES[name])])) for demand in demands]
        )
        for name in sorted(names)
    }
    n = len(demands)
    found = score(grid, {**facts, "seniority_months": np.zeros(n, np.int64)}, n)
    kept = ~(np.broadcast_to(priority()(facts), n) | found.excluded | found.absolute_priority)
    agreed = possible(facts)
    kept &= True if agreed is None else agreed
    return np.where(kept, found.total.astype(np.float64), -np.inf)
