"""Have enough replications been played for the precision asked?

The precision is relative: the half width of the 95 % interval, over the difference. It is asked of the
headlines that are distinguished; one that is not has no size to be precise about. Left out on purpose: who
plays the replications (mixite/stopping.py).

Source: K. Hoad, S. Robinson, R. Davies, "Automated selection of the number of replications for a
discrete-event simulation", Journal of the Operational Research Society 61 (2010), 1632-1644 (confidence
interval method with look-ahead).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.comparison import KEY, LEVEL, compare, headlines

Floats = NDArray[np.float64]

FEWEST = 20
"""Replications before the rule is read at all."""

CONSECUTIVE = 5
"""Numbers of replications, one after the other, at which the rule must hold: once may be luck."""

MOST = 200
"""Replications after which to stop, reached or not, unless told otherwise."""


@dataclass(frozen=True)
class Reading:
    """What the rule says of the replications played.

    Attributes
    ----------
    needed : fewest replications after which the rule stops; None when more are needed
    distinguished : number of rows distinguished after the last replication
    too_wide : rows distinguished but not precise at one at least of the last `CONSECUTIVE` numbers
    """

    needed: int | None
    distinguished: int
    too_wide: tuple[int, ...]


def read(a: Floats, b: Floats, relative: float) -> Reading:
    """Tell whether the precision has been reached, and after how many replications.

    1. For each n, the interval of each row over the first n replications.
    2. n is satisfied when every distinguished row has half width ≤ relative × |difference| and at least one
       row is distinguished, or when every difference is known exactly (half width 0).
    3. needed: the first n that ends `CONSECUTIVE` satisfied ones, none below `FEWEST`.

    Whatever is played after `needed` changes nothing to it.

    Parameters
    ----------
    a, b : (rows, replications) float, in the order of the replications, NaN where unknown

    Raises
    ------
    ValueError
        when `relative` is not between 0 and 1, or the shapes differ.
    """
    if not 0 < relative < 1:
        raise ValueError(f"précision {relative}, attendue entre 0 et 1")
    if a.shape != b.shape:
        raise ValueError(f"séries de tailles {a.shape} et {b.shape}, attendues égales")
    difference, half_width = intervals(b - a)
    told = np.abs(difference) > half_width
    too_wide = told & (half_width > relative * np.abs(difference))
    exact = (half_width == 0) | np.isnan(half_width)
    some = told.any(axis=0) | (exact.all(axis=0) & (half_width == 0).any(axis=0))
    satisfied = ~too_wide.any(axis=0) & some
    satisfied[: FEWEST - 1] = False
    needed, run = None, 0
    for n, holds in enumerate(satisfied.tolist(), start=1):
        run = run + 1 if holds else 0
        if run == CONSECUTIVE:
            needed = n
            break
    return Reading(
        needed,
        int(told[:, -1:].sum()),
        tuple(np.flatnonzero(too_wide[:, -CONSECUTIVE:].any(axis=1)).tolist()),
    )


def intervals(paired: Floats) -> tuple[Floats, Floats]:
    """Return mean difference and half width over the first 1, 2, … replications, (rows, replications) each.

    They are those of `sim.comparison.compare`, NaN under two known values.

    Parameters
    ----------
    paired : (rows, replications) float, differences, NaN where unknown
    """
    known = ~np.isnan(paired)
    n = known.cumsum(axis=1)
    first = np.argmax(known, axis=1)[:, None] if paired.shape[1] else np.zeros((len(paired), 0), dtype=int)
    origin = np.nan_to_num(np.take_along_axis(paired, first, axis=1))
    moved = np.where(known, paired - origin, 0.0)  # from the first value: a constant has no spread at all
    mean = moved.cumsum(axis=1) / np.maximum(n, 1)
    squares = np.maximum((moved**2).cumsum(axis=1) - n * mean**2, 0.0)
    error = np.sqrt(squares / np.maximum(n - 1, 1) / np.maximum(n, 1))
    half_width = stdtrit(np.maximum(n - 1, 1), (1 + LEVEL) / 2) * error
    return np.where(n > 1, origin + mean, np.nan), np.where(n > 1, half_width, np.nan)


def headline_series(table: pd.DataFrame, pair: tuple[str, str]) -> tuple[pd.DataFrame, Floats, Floats]:
    """Return the headlines of a pair and their values under each policy, (rows, replications).

    Parameters
    ----------
    table : columns policy, replication, indicator, group, year, value
    """
    rows = headlines(compare(table, [pair]))[KEY]
    index = pd.MultiIndex.from_frame(rows)
    numbers = sorted(table["replication"].unique())
    kept = table.merge(rows, on=KEY)
    a, b = (
        kept[kept["policy"] == policy]
        .pivot(index=KEY, columns="replication", values="value")
        .reindex(index=index, columns=numbers)
        .to_numpy(dtype=float)
        for policy in pair
    )
    return rows, a, b
