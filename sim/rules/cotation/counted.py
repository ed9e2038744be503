"""How many of a line's points count in the total, and what share of the points does each family carry?

In a group « max » the line that sets the maximum counts alone (the first of equal ones); under a group's cap
the lines that were added are cut in proportion. The cap and the floor of the total belong to no line and are
left outside: the counted points add up to the total before them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.rules.cotation.amounts import Amounts
from sim.rules.cotation.conditions import Facts
from sim.rules.cotation.grid import Grid
from sim.rules.cotation.score import lines

Lines = Sequence[tuple[str, Amounts]]
"""Points of each criterion before groups, as `score.lines` gives them."""

NO_FAMILY = "autre"


@dataclass(frozen=True)
class FamilyShare:
    """What the criteria of one family carry, over the demands scored."""

    family: str
    given: float  # share of all points above zero, 0-1
    taken: float  # share of all points below zero (malus), 0-1
    order: float  # share of the variance of the total: what makes the order; the families add up to 1


def counted(grid: Grid, given: Lines) -> dict[str, NDArray[np.float64]]:
    """Return the points of each criterion that count in the total, by criterion, (n,) float."""
    kept = {name: np.asarray(points, dtype=np.float64) for name, points in given}
    group_of = {criterion.id: criterion.group for criterion in grid.criteria}
    for group in grid.groups:
        members = [name for name in kept if group_of[name] == group.id]
        if not members:
            continue
        stacked = np.stack([kept[name] for name in members])
        if group.rule == "max":
            stacked = np.where(stacked.argmax(axis=0) == np.arange(len(members))[:, None], stacked, 0.0)
        total = stacked.sum(axis=0)
        if group.cap is not None:
            over = total > group.cap
            stacked = stacked * np.divide(group.cap, total, out=np.ones_like(total), where=over)
        kept |= dict(zip(members, stacked, strict=True))
    return kept


def family_shares(grid: Grid, facts: Facts, n: int) -> list[FamilyShare]:
    """Return what each family of criteria carries on n demands, the heaviest first.

    `order` of a family is the covariance of its points with the total over the variance of the total, before
    the total's own cap and floor: points that everybody has do not order anybody.
    """
    amounts = counted(grid, lines(grid, facts, n))
    by_family: dict[str, NDArray[np.float64]] = {}
    above: dict[str, float] = {}
    below: dict[str, float] = {}
    for criterion in grid.criteria:
        if criterion.id not in amounts:
            continue
        name, points = criterion.family or NO_FAMILY, amounts[criterion.id]
        by_family[name] = by_family.get(name, np.zeros(n)) + points
        above[name] = above.get(name, 0.0) + float(points.clip(min=0).sum())
        below[name] = below.get(name, 0.0) - float(points.clip(max=0).sum())
    order = _order(by_family)
    shares = [
        FamilyShare(name, _share(above, name), _share(below, name), order.get(name, 0.0))
        for name in by_family
    ]
    return sorted(shares, key=lambda one: -one.given)


def _order(by_family: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
    """Return by family the part of the variance of the total; nothing where the total does not vary."""
    total = np.sum(list(by_family.values()), axis=0)
    variance = float(np.var(total)) if np.size(total) else 0.0
    if not variance:
        return {}
    apart = total - total.mean()
    return {name: float(np.mean((one - one.mean()) * apart)) / variance for name, one in by_family.items()}


def _share(amounts: Mapping[str, float], name: str) -> float:
    whole = sum(amounts.values())
    return amounts[name] / whole if whole else 0.0
