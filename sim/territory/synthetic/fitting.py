"""Which whole-number table meets several published margins at once?

Iterative proportional fitting on a dense table with structural zeros (the zeros of the seed stay zeros),
then whole numbers by largest remainders, ties by a keyed uniform, and exchanges of one unit until every
margin is met within one unit. Sparse and very large tables are left out on purpose.

Source: Deming and Stephan, "On a least squares adjustment of a sampled frequency table when the expected
marginal totals are known", Annals of Mathematical Statistics 11 (1940).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance

LARGEST = 200_000
"""Most cells a table may have: beyond, a dense fit is no longer a matter of seconds."""

Table = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Margin:
    """Totals of a table summed over every axis but `axes` (ascending)."""

    axes: tuple[int, ...]
    totals: NDArray[Any]


def fit(seed: Table, margins: Sequence[Margin], tolerance: float = 1e-3, rounds: int = 5000) -> Table:
    """Fit a table to margins by iterative proportional fitting.

    Parameters
    ----------
    seed : (...) float, associations to keep (odds ratios); a zero is structural.
    margins : totals in units (dwellings, households), equal in sum.
    tolerance : largest gap to a margin, in units.

    Raises
    ------
    ValueError
        when the table has more than 200,000 cells, when totals differ between margins, when a structural
        zero forbids a margin, or when the margins cannot be met together.
    """
    if seed.size > LARGEST:
        raise ValueError(
            f"table de {seed.size} cases : au plus {LARGEST} ; regrouper des modalités ou retirer un axe"
        )
    total = float(margins[0].totals.sum())
    for margin in margins:
        if abs(float(margin.totals.sum()) - total) > 1e-6 * max(total, 1.0):
            raise ValueError(
                f"marges de totaux différents : {margin.totals.sum():.10g} et {total:.10g} ; les accorder"
            )
    table = seed.astype(np.float64)
    for _ in range(rounds):
        worst = 0.0
        for margin in margins:
            sums = _sums(table, margin.axes)
            wanted = np.asarray(margin.totals, dtype=np.float64)
            if np.any((sums <= 0) & (wanted > 0)):
                raise ValueError(
                    f"marge des axes {margin.axes} : un total positif n'a que des cases nulles ; "
                    "corriger la marge ou la table de départ"
                )
            worst = max(worst, float(np.abs(sums - wanted).max()))
            factors = np.divide(wanted, sums, out=np.zeros_like(sums), where=sums > 0)
            table *= _spread(factors, margin.axes, table.ndim)
        if worst <= tolerance:
            return table
    raise ValueError(
        f"marges incompatibles : écart de {worst:.3g} après {rounds} tours ; vérifier les marges"
    )


def largest_remainder(values: Table, total: int, ties: Table) -> Counts:
    """Round values to whole numbers of sum `total`: floors, then a unit to the largest remainders.

    Parameters
    ----------
    values : (n,) float, of sum about `total`.
    ties : (n,) float, the smaller goes first among equal remainders.
    """
    counts: Counts = _rounded(values[None, :], np.array([total]), ties[None, :])[0]
    return counts


def integerise(table: Table, margins: Sequence[Margin], chance: Chance, purpose: str) -> Counts:
    """Round a fitted table so that its first margin is exact and every other one within one unit.

    1. Inside each cell of the first margin, largest remainders, ties by a keyed uniform.
    2. While a margin is more than one unit away: inside each cell of the first margin, move a unit from
       the table cell whose margins are most in excess to the one whose margins are most short, if the sum
       of fourth powers of the gaps falls. A structural zero never receives.

    Raises
    ------
    ValueError
        when no exchange brings every margin within one unit.
    """
    first, others = margins[0], margins[1:]
    axes = first.axes + tuple(a for a in range(table.ndim) if a not in first.axes)
    blocks = int(np.prod([table.shape[a] for a in first.axes]))
    ties = chance.uniform(purpose, np.arange(table.size, dtype=np.uint64)).reshape(table.shape)
    values = table.transpose(axes).reshape(blocks, -1)
    counts = _rounded(
        values,
        np.asarray(first.totals, dtype=np.int64).reshape(blocks),
        ties.transpose(axes).reshape(blocks, -1),
    )
    places = [_places(table.shape, margin.axes).transpose(axes).reshape(blocks, -1) for margin in others]
    wanted = [np.asarray(margin.totals, dtype=np.int64).ravel() for margin in others]
    _exchange(counts, values, places, wanted)
    shape = tuple(table.shape[a] for a in axes)
    return np.ascontiguousarray(counts.reshape(shape).transpose(np.argsort(axes)))


def _exchange(counts: Counts, values: Table, places: list[Counts], wanted: list[Counts]) -> None:
    """Move single units inside rows of `counts`, in place, until every gap is at most one."""
    gaps = [
        np.bincount(place.ravel(), counts.ravel(), target.size).astype(np.int64) - target
        for place, target in zip(places, wanted, strict=True)
    ]
    while any(gap.size and np.abs(gap).max() > 1 for gap in gaps):
        # The small last term prefers, among equal moves, the cell furthest from its fitted value.
        give = 1e-3 * np.clip(counts - values, -1, 1)
        take = -give
        for gap, place in zip(gaps, places, strict=True):
            give = give + (gap**4 - (gap - 1) ** 4)[place]
            take = take + (gap**4 - (gap + 1) ** 4)[place]
        givers = np.where(counts > 0, give, -np.inf).argmax(axis=1)
        takers = np.where(values > 0, take, -np.inf).argmax(axis=1)
        rows = np.arange(len(counts))
        promise = give[rows, givers] + take[rows, takers]
        moved = False
        for row in np.argsort(-promise, kind="stable"):
            moved |= _move(counts, values, places, gaps, row, givers[row], takers[row])
        if not moved:
            raise ValueError("arrondi impossible à une unité près des marges ; regrouper des modalités")


def _move(
    counts: Counts, values: Table, places: list[Counts], gaps: list[Counts], row: int, giver: int, taker: int
) -> bool:
    """Move one unit if that lowers the sum of fourth powers of the gaps; say whether it did."""
    if counts[row, giver] == 0 or values[row, taker] <= 0:
        return False
    ends = [(gap, place[row, giver], place[row, taker]) for gap, place in zip(gaps, places, strict=True)]
    gain = sum(
        gap[i] ** 4 - (gap[i] - 1) ** 4 + gap[j] ** 4 - (gap[j] + 1) ** 4 for gap, i, j in ends if i != j
    )
    if gain <= 0:
        return False
    counts[row, giver] -= 1
    counts[row, taker] += 1
    for gap, i, j in ends:
        gap[i] -= 1
        gap[j] += 1
    return True


def _rounded(values: Table, totals: Counts, ties: Table) -> Counts:
    floors = np.floor(values + 1e-9)
    short = totals - floors.sum(axis=1).astype(np.int64)
    order = np.lexsort((ties, floors - values), axis=-1)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(values.shape[1])[None, :], axis=1)
    counts: Counts = floors.astype(np.int64) + (ranks < short[:, None])
    return counts


def _sums(table: Table, axes: tuple[int, ...]) -> Table:
    summed: Table = table.sum(axis=tuple(a for a in range(table.ndim) if a not in axes))
    return summed


def _spread(factors: Table, axes: tuple[int, ...], dimensions: int) -> Table:
    return np.expand_dims(factors, tuple(a for a in range(dimensions) if a not in axes))


def _places(shape: tuple[int, ...], axes: tuple[int, ...]) -> Counts:
    """Return, for each cell of a table, the flat position of its cell in a margin."""
    kept = tuple(shape[a] for a in axes)
    numbers = np.arange(int(np.prod(kept))).reshape(kept)
    spread = np.expand_dims(numbers, tuple(a for a in range(len(shape)) if a not in axes))
    return np.broadcast_to(spread, shape)
