"""How do residences stand on a panel: a map to scale, or a schematic plan, with the key of their sizes?

The surface of a mark is the dwellings of a residence. Left out on purpose: any base map, and which mark a
residence has (maps.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection, PolyCollection
from matplotlib.figure import SubFigure
from numpy.typing import NDArray

from mixite.report import drawing, numbers, type_marks
from mixite.report.pictured import Sites
from mixite.report.plan import schematic
from mixite.report.type_marks import TYPES, Mark

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MARKED_AREA = 0.07
"""Part of a map to scale that all marks cover together."""

LONGEST_NAME, SHORTEST_NAME = 18, 6
LETTER = 0.018
"""Width of a letter of a commune's name, in parts of a panel's."""

NAMED = 14
"""Communes that are named on a map to scale, the largest where their names do not meet."""


@dataclass(frozen=True)
class Ground:
    """Where residences stand on every panel of a figure.

    Attributes
    ----------
    x, y : (n,) NaN where a residence is not shown
    unit : radius of the disc of one dwelling
    labels : name, place across and down
    size : width and height, the lower left corner being `corner`
    metres : to scale, in metres
    circles : of the communes of a plan: place across and down, radius
    later : (communes, 2) where the residences delivered since stand, NaN where a commune has none
    """

    x: Floats
    y: Floats
    unit: float
    labels: tuple[tuple[str, float, float], ...]
    corner: tuple[float, float]
    size: tuple[float, float]
    metres: bool
    circles: tuple[tuple[float, float, float], ...] = ()
    later: Floats = field(default_factory=lambda: np.empty((0, 2)))


def ground(sites: Sites, dwellings: Floats, later: Floats | None = None) -> Ground:
    """Return where the residences stand: to scale where they are located, else on a schematic plan.

    Parameters
    ----------
    dwellings : (n,) the most a residence has over the run; one without any is not shown
    later : (communes,) the most dwellings delivered since
    """
    later = np.zeros(len(sites.communes)) if later is None else later
    rows = np.flatnonzero(dwellings > 0)
    x, y = np.full(len(dwellings), np.nan), np.full(len(dwellings), np.nan)
    if sites.located:
        x[rows], y[rows] = sites.x[rows], sites.y[rows]
        return _to_scale(sites, x, y, dwellings, later)
    new = np.flatnonzero(later > 0)
    radius = np.sqrt(np.concatenate([dwellings[rows], later[new]]) / np.pi) * type_marks.REACH
    communes = np.concatenate([sites.commune[rows], sites.communes[new]])
    names = np.concatenate([sites.residence_id[rows], np.char.add("+", sites.communes[new])])
    plan = schematic(communes, names, radius)
    x[rows], y[rows] = plan.x[: len(rows)], plan.y[: len(rows)]
    spots = np.full((len(later), 2), np.nan)
    spots[new] = np.column_stack([plan.x, plan.y])[len(rows) :]
    labels = []
    for block in plan.blocks:
        fits = int(2 * block.radius / (LETTER * plan.size[0]))
        name = sites.names.get(block.commune, block.commune)
        if fits >= min(len(name), SHORTEST_NAME):
            labels.append((_short(name, fits), block.x, block.y + block.radius))
    circles = tuple((block.x, block.y, block.radius) for block in plan.blocks)
    unit = 1 / np.sqrt(np.pi)
    return Ground(x, y, unit, tuple(labels), plan.corner, plan.size, False, circles, spots)


def _to_scale(sites: Sites, x: Floats, y: Floats, dwellings: Floats, later: Floats) -> Ground:
    known = np.isfinite(x) & np.isfinite(y)
    left, low = x[known].min(), y[known].min()
    width, height = max(np.ptp(x[known]), 500.0), max(np.ptp(y[known]), 500.0)
    unit = np.sqrt(MARKED_AREA * width * height / (np.pi * dwellings[known].sum()))
    pad = unit * np.sqrt(dwellings[known].max()) * type_marks.REACH + 0.02 * width
    labels: list[tuple[str, float, float]] = []
    codes, place = np.unique(sites.commune[known], return_inverse=True)
    homes = np.bincount(place, dwellings[known])
    spots = np.full((len(later), 2), np.nan)  # in the middle of their commune: no place of theirs is known
    for side, column in enumerate((x, y)):
        spots[np.searchsorted(sites.communes, codes), side] = (
            np.bincount(place, column[known] * dwellings[known]) / homes
        )
    spots[later <= 0] = np.nan
    for row in np.lexsort((codes, -homes))[:NAMED]:
        of = place == row
        across, up = (float(np.average(a[known][of], weights=dwellings[known][of])) for a in (x, y))
        if all(abs(across - u) > 0.2 * width or abs(up - v) > 0.04 * height for _, u, v in labels):
            labels.append(
                (_short(sites.names.get(str(codes[row]), str(codes[row])), LONGEST_NAME), across, up)
            )
    corner, size = (float(left - pad), float(low - pad)), (float(width + 2 * pad), float(height + 2 * pad))
    x, y = np.where(known, x, np.nan), np.where(known, y, np.nan)
    return Ground(x, y, unit, tuple(labels), corner, size, True, later=spots)


def panels(place: Ground, lines: int, columns: int, head: float = 0.0) -> tuple[SubFigure, list[Axes]]:
    """Return panels that have the shape of the ground, with room under it for the key of sizes.

    Parameters
    ----------
    head : room kept above, in parts of the ground's height
    """
    width = 11.5
    (left, low), (across, up) = place.corner, place.size
    foot = 0.12 * up
    height = 0.8 * width / columns * (up * (1 + head) + foot) / across + 0.5
    made, axes = drawing.sheet(lines, columns, width=width, height=min(lines * height + 0.7, 13))
    for panel in axes:
        panel.set_aspect("equal")
        panel.set_xlim(left, left + across)
        panel.set_ylim(low - foot, low + up * (1 + head))
        panel.set_xticks([])
        panel.set_yticks([])
        panel.spines[:].set_visible(False)
    return made, axes


def marks(
    panel: Axes, place: Ground, known: Sequence[Mark], kind: Ints, often: Floats, dwellings: Floats
) -> None:
    """Draw residences on a panel.

    Parameters
    ----------
    known : the marks that `kind` (n,) indexes; below 0 where a residence is not drawn
    often : (n,) share of the mark that is filled
    dwellings : (n,) surface of the outline
    """
    there = np.flatnonzero((kind >= 0) & np.isfinite(place.x) & (dwellings > 0))
    order = there[np.lexsort((there, -dwellings[there]))]  # the largest under the others
    radius = place.unit * np.sqrt(dwellings)
    outlines, cores, colours = [], [], []
    for row in order:
        mark = known[kind[row]]
        middle = (place.x[row], place.y[row])
        outlines.append(mark.outline * radius[row] + middle)
        cores.append(mark.outline * radius[row] * np.sqrt(often[row]) + middle)
        colours.append(mark.colour)
    if place.circles:
        x, y, reach = np.array(place.circles).T
        around = EllipseCollection(
            2 * reach, 2 * reach, np.zeros(len(x)), units="xy", offsets=np.column_stack([x, y]),
            transOffset=panel.transData, facecolors="none", edgecolors="#c4c4c4", linewidths=0.6,
        )  # fmt: skip
        panel.add_collection(around)
    thin = 0.7 if len(order) < 400 else 0.35
    panel.add_collection(
        PolyCollection(outlines, facecolors="white", edgecolors=type_marks.EDGE, linewidths=thin)
    )
    panel.add_collection(PolyCollection(cores, facecolors=colours, edgecolors="none"))
    for name, x, y in place.labels:
        text = panel.text(x, y, name, fontsize=7.5, ha="center", va="center", color=type_marks.EDGE, zorder=5)
        text.set_bbox({"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.6})


def later_marks(panel: Axes, place: Ground, colours: Sequence[str], often: Floats, dwellings: Floats) -> None:
    """Draw the residences delivered since the territory's date, together in their commune.

    Parameters
    ----------
    colours, often, dwellings : of each commune: what the filled part is, its share, surface of the outline
    """
    outline, cores, shown = [], [], []
    for row in np.flatnonzero((dwellings > 0) & np.isfinite(place.later[:, 0])):
        shape = type_marks.DELIVERED.outline * place.unit * np.sqrt(dwellings[row])
        outline.append(shape + place.later[row])
        cores.append(shape * np.sqrt(often[row]) + place.later[row])
        shown.append(colours[row])
    edge = {"edgecolors": type_marks.EDGE, "linewidths": 1.2}
    panel.add_collection(PolyCollection(outline, facecolors="white", zorder=3, **edge))
    panel.add_collection(PolyCollection(cores, facecolors=shown, edgecolors="none", zorder=3))


def key(panel: Axes, place: Ground, dwellings: Floats) -> None:
    """Draw the key of sizes, and the scale of a map, under a panel."""
    (left, low), (across, up) = place.corner, place.size
    x, middle = left + 0.02 * across, low - 0.06 * up
    for count in sizes(float(dwellings.max())):
        radius = place.unit * np.sqrt(count)
        x += radius
        panel.add_collection(
            PolyCollection(
                [TYPES[0].outline * radius + (x, middle)], facecolors="white", edgecolors=type_marks.EDGE
            )
        )
        x += radius + 0.01 * across
        word = "logement" if count == 1 else "logements"
        panel.text(x, middle, f"{numbers.number(count)} {word}", fontsize=7.5, va="center")
        x += 0.26 * across
    if place.metres:
        length = round_length(across / 4)
        start = left + across * 0.98 - length
        panel.plot(
            [start, start + length], [middle, middle], color="black", linewidth=2.5, solid_capstyle="butt"
        )
        said = f"{numbers.number(length / 1000, 0 if length >= 1000 else 1)} km"
        panel.text(start + length / 2, middle + 0.015 * up, said, fontsize=7.5, ha="center", va="bottom")


def sizes(most: float) -> tuple[int, ...]:
    """Return two round numbers of dwellings for the key of sizes."""
    large = round_length(most)
    return tuple(dict.fromkeys((max(int(round_length(large / 4)), 1), max(int(large), 1))))


def round_length(most: float) -> float:
    """Return the largest of 1, 2 or 5 times a power of ten that is not above."""
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(step * power for step in (1, 2, 5) if step * power <= most * (1 + 1e-9)))


def _short(name: str, most: int) -> str:
    """Return a name cut to a number of letters."""
    return name if len(name) <= most else f"{name[: max(most - 1, 0)]}…"
