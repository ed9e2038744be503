"""How many demands are in each cell of band × commune × typology, and which of these counts may be shown?

Counts carry their totals along every axis, so that a line and its total are seen together: a count that the
others of its line give away is as good as shown. Left out on purpose: what several traits give away together,
except a public and the rest of the demand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.territory.columns import Bools, Ints

Counts = NDArray[np.int64]
Table = TypeVar("Table", NDArray[np.int64], NDArray[np.bool_])

LEAST_DEMANDS = 11
"""Demands under which a count is not shown.

Source: secret statistique on household income, eleven households (Insee, Guide du secret statistique).
"""

COMPLETE_EACH_OTHER = ("first_quartile", "q2_q4")
"""Two publics that make up the demand with those whose income is unknown: they are masked together."""


def counted(members: Bools, axes: tuple[Ints, ...], shape: tuple[int, ...]) -> Counts:
    """Count demands in every cell, with totals.

    Parameters
    ----------
    members : (n,) the demands counted
    axes : for each axis, (n,) the place of each demand on it
    shape : places on each axis

    Returns
    -------
    array of shape + 1: the last place of an axis is its total, the last of all the number of members.
    """
    places = np.ravel_multi_index(tuple(axis[members] for axis in axes), shape)
    counts = np.bincount(places, minlength=int(np.prod(shape))).reshape(shape).astype(np.int64)
    for axis in range(len(shape)):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    return counts


def masks(counts: Mapping[str, Counts], least: int = LEAST_DEMANDS) -> dict[str, Bools]:
    """Return which counts must be masked, public by public; "all" must be one of them.

    1. Mask a count of 1 to least - 1, and one that leaves so few others in its cell.
    2. A cell masked for all is masked for each public.
    3. In each line, mask further counts until what is masked cannot be computed (`closed`).
    4. Publics that complete each other are masked together.

    A zero is shown: it counts nobody.
    """
    everyone = counts["all"]
    whole = closed(everyone, _few(everyone, least), least)
    found = {"all": whole}
    for name, public in counts.items():
        if name != "all":
            primary = (_few(public, least) | _few(everyone - public, least) | whole) & (public > 0)
            found[name] = closed(public, primary, least)
    pair = [name for name in COMPLETE_EACH_OTHER if name in found]
    before = -1
    while len(pair) == 2 and before != (before := sum(int(found[name].sum()) for name in pair)):
        both = found[pair[0]] | found[pair[1]]
        for name in pair:
            found[name] = closed(counts[name], both & (counts[name] > 0), least)
    return found


def closed(counts: Counts, masked: Bools, least: int) -> Bools:
    """Return the mask, widened until no line gives a masked count away.

    A line is the cells of one axis and their total. It gives something away when a single number of it is
    masked, or when its masked cells add up to fewer than `least`; the smallest shown is then masked too.
    """
    masked = masked.copy()
    changed = True
    while changed:
        changed = False
        for axis in range(counts.ndim):
            changed |= _widened(_lines(counts, axis), _lines(masked, axis), least)
    return masked


def _lines(table: Table, axis: int) -> Table:
    """Return a view with the lines of an axis last."""
    view: Table = np.atleast_2d(np.moveaxis(table, axis, -1))
    return view


def _few(counts: Counts, least: int) -> Bools:
    few: Bools = (counts > 0) & (counts < least)
    return few


def _widened(counts: Counts, masked: Bools, least: int) -> bool:
    """Mask one more number of each line (last axis) that gives something away; tell whether any did."""
    cells, total = masked[..., :-1], masked[..., -1]
    sums = (counts[..., :-1] * cells).sum(axis=-1)
    number = masked.sum(axis=-1)
    leaks = (number == 1) | (~total & (sums > 0) & (sums < least))
    shown = np.where(masked | (counts == 0), np.iinfo(np.int64).max, counts)
    shown[..., -1] = np.where(cells.any(axis=-1), np.iinfo(np.int64).max, shown[..., -1])
    smallest = shown.argmin(axis=-1)
    can = np.take_along_axis(shown, smallest[..., None], axis=-1)[..., 0] < np.iinfo(np.int64).max
    # Where no cell is left to mask, the line is one number and its total: the total goes with it.
    lone = leaks & ~can & ~total
    leaks &= can
    lines = np.nonzero(leaks)
    masked[(*lines, smallest[leaks])] = True
    masked[(*np.nonzero(lone), np.full(int(lone.sum()), -1))] = True
    return bool(leaks.any() or lone.any())
