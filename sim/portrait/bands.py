"""In which band of points is each demand? Each is in exactly one.

Bands are read from the top: absolute priority, then points from the most to the fewest, then the demands the
grid excludes, then those outside its scope. Bands of points have one width, round, so that eight at most
cover them; at both ends those with fewer demands than may be shown join their neighbour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.portrait.pending import Pending
from sim.territory.columns import Ints

MOST_BANDS = 8
MONTH_WIDTHS = (6, 12, 24, 60, 120, 240)
"""Widths of bands of seniority, months."""


@dataclass(frozen=True)
class Band:
    """A band of points [low, high), either end None where open, or a flag of the grid."""

    label: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Banded:
    """The bands, the one proposed first at the head, and where each demand is."""

    bands: tuple[Band, ...]
    of: Ints  # (n,) index into bands


def banded(asked: Pending, least: int, width: float | None = None) -> Banded:
    """Put every demand in its band.

    1. Set apart, in this order: out of scope, excluded, absolute priority.
    2. Cut the points of the others in bands of one width, the round one that makes eight or fewer.
    3. While the first or the last has fewer than `least` demands, it joins its neighbour.

    Parameters
    ----------
    least : demands under which an end band joins its neighbour
    width : points (or months) a band, None for the round width of step 2
    """
    out, excluded = ~asked.in_scope, asked.in_scope & asked.excluded
    first = asked.in_scope & ~asked.excluded & asked.absolute_priority
    plain = ~(out | excluded | first)
    edges = _edges(asked.points[plain], asked.scored, least, width)
    bands: list[Band] = []
    of = np.full(asked.size, -1, dtype=np.int64)
    if first.any():
        of[first] = len(bands)
        bands.append(Band("priorité absolue"))
    if plain.any():
        place = np.searchsorted(edges[1:-1], asked.points[plain], side="right")
        of[plain] = len(bands) + len(edges) - 2 - place
        whole = np.issubdtype(asked.points.dtype, np.integer)
        bands += [_band(edges, at, whole, asked.scored) for at in reversed(range(len(edges) - 1))]
    for members, label in ((excluded, "exclue par la grille"), (out, "hors cotation")):
        if members.any():
            of[members] = len(bands)
            bands.append(Band(label))
    return Banded(tuple(bands), of)


def _edges(points: NDArray[np.number], scored: bool, least: int, width: float | None) -> list[float]:
    """Return the edges of the bands of points, from the fewest, the first and the last included."""
    if not len(points):
        return []
    low, high = float(points.min()), float(points.max())
    step = width or _round_width(high - low, scored, bool(np.issubdtype(points.dtype, np.integer)))
    start = np.floor(low / step) * step
    edges = [float(start + at * step) for at in range(int((high - start) // step) + 2)]
    counts = np.histogram(points, bins=[*edges[:-1], np.inf])[0].tolist()
    while len(counts) > 1 and counts[-1] < least:
        counts[-2:] = [sum(counts[-2:])]
        edges.pop(-2)
    while len(counts) > 1 and counts[0] < least:
        counts[:2] = [sum(counts[:2])]
        edges.pop(1)
    return edges


def _round_width(spread: float, scored: bool, whole: bool) -> float:
    """Return the least round width that covers a spread in MOST_BANDS bands, one kept for its start."""
    round_numbers = [base * 10.0**power for power in range(-2, 9) for base in (1, 2, 5)]
    choice = [one for one in round_numbers if one >= 1 or not whole] if scored else MONTH_WIDTHS
    return next((one for one in choice if spread / one < MOST_BANDS - 1), choice[-1])


def _band(edges: Sequence[float], at: int, whole: bool, scored: bool) -> Band:
    """Return the band between two edges; a merged end is open, and says so."""
    unit = "points" if scored else "mois d'ancienneté"
    low, high = edges[at], edges[at + 1]
    if len(edges) == 2:
        return Band(f"toutes les demandes ({unit})")
    step = min(after - before for before, after in pairwise(edges))
    if at == len(edges) - 2 and high - low > step:
        return Band(f"{_plain(low)} {unit} et plus", low, None)
    if at == 0 and high - low > step:
        return Band(f"moins de {_plain(high)} {unit}", None, high)
    if whole:
        last = high - 1
        return Band(
            f"{_plain(low)} à {_plain(last)} {unit}" if last > low else f"{_plain(low)} {unit}", low, high
        )
    return Band(f"de {_plain(low)} à moins de {_plain(high)} {unit}", low, high)


def _plain(value: float) -> str:
    return f"{value:g}".replace(".", ",")
