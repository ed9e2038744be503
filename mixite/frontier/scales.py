"""How far does an axis go, and how much of an interval is drawn on it?

An axis is set by the points; an interval never leaves the values that a measure can have, and an arrow says
where it goes on beyond the axis. Left out on purpose: the numbers themselves, which the tables hold whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from matplotlib.axes import Axes

from mixite.report import numbers

Range = tuple[float, float]

DOMAINS: dict[str, Range] = {
    **dict.fromkeys((numbers.SHARE, "indice (0-1)"), (0.0, 1.0)),
    numbers.GAP: (-1.0, 1.0),
    "indice": (-inf, 1.0),  # with chance taken off: under 0 where it is more even than chance
}
"""Unit -> lowest and highest value that it can have; others are counts, times and ratios."""

COUNTS: Range = (0.0, inf)

REACH = 0.6
"""Up to how far an interval widens an axis beyond the points on each side, in ranges of the points."""

ROOM = 0.14
"""Empty room on each side, for marks and their names, in ranges of the points."""

LEAST = 0.05
"""Smallest range of an axis, in parts of its largest value."""


class Drawn(NamedTuple):
    """What is drawn of an interval; `below`, `above` where it goes on beyond the axis."""

    low: float
    high: float
    below: bool
    above: bool


def domain(unit: str, *, difference: bool = False) -> Range:
    """Return the lowest and highest value that a measure, or a difference of two, can have."""
    low, high = DOMAINS.get(unit, COUNTS)
    return (low - high, high - low) if difference else (low, high)


def limits(points: Sequence[float], intervals: Sequence[Range], within: Range) -> Range:
    """Return where an axis begins and ends.

    1. The range of the points, never smaller than a part of their largest value.
    2. Each side widened by the intervals, inside `within`, up to `REACH` of that range.
    3. Some room.

    Parameters
    ----------
    points : values drawn, NaN where unknown
    """
    known = [point for point in points if point == point]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    span = max(high - low, LEAST * max(map(abs, known)), 1e-3)
    middle = (low + high) / 2
    low, high = min(low, middle - span / 2), max(high, middle + span / 2)
    ends = [(max(a, within[0]), min(b, within[1])) for a, b in intervals if a == a and b == b]
    start = max(min((a for a, _ in ends), default=low), low - REACH * span)
    stop = min(max((b for _, b in ends), default=high), high + REACH * span)
    return min(start, low) - ROOM * span, max(stop, high) + ROOM * span


def drawn(low: float, high: float, within: Range, axis: Range) -> Drawn | None:
    """Return what is drawn of an interval on an axis, None where there is none."""
    if low != low or high != high:
        return None
    a, b = max(low, within[0]), min(high, within[1])
    return Drawn(max(a, axis[0]), min(b, axis[1]), a < axis[0], b > axis[1])


def line(
    panel: Axes,
    across: bool,
    at: float,
    seen: Drawn | None,
    colour: str,
    *,
    linewidth: float,
    alpha: float = 1,
) -> None:
    """Draw an interval, across or up, with an arrow at each end that goes on.

    Parameters
    ----------
    at : where the line stands on the other axis
    linewidth, alpha : of the line, in points, 1 opaque
    """
    if seen is None:
        return
    along, still = [seen.low, seen.high], [at, at]
    panel.plot(
        *((along, still) if across else (still, along)), color=colour, linewidth=linewidth, alpha=alpha
    )
    for gone, end, mark in (
        (seen.below, seen.low, "<" if across else "v"),
        (seen.above, seen.high, ">" if across else "^"),
    ):
        if gone:
            place = (end, at) if across else (at, end)
            panel.plot(*place, mark, color=colour, markersize=4, alpha=alpha, clip_on=False)
