"""Where does a small name stand beside its point so that no two overlap, nor a name a point?"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, pi, sin
from typing import NamedTuple

from matplotlib.axes import Axes

SIZE = 8.0
"""Of the letters, in points; so are all distances here."""

WIDE = 0.62
"""Width of a letter, in parts of its size."""

TOGETHER = 7.0
"""Points of one curve nearer than this have one name for all."""

AROUND = 5.0
"""Half the side of the square that a mark takes."""

RADII = (10.0, 20.0, 32.0, 46.0, 62.0)
TURNS = 12


class Named(NamedTuple):
    """A point to name, at its place in data, or once placed in points from the panel's corner."""

    text: str
    x: float
    y: float
    colour: str


Box = tuple[float, float, float, float]


def name_all(panel: Axes, names: Sequence[Named], marks: Sequence[tuple[float, float]]) -> None:
    """Write each name near its point; a thin line joins the two where they stand apart.

    Parameters
    ----------
    marks : places in data that no name covers; the limits of the panel are set
    """
    (left, right), (bottom, top) = panel.get_xlim(), panel.get_ylim()
    extent, figure = panel.get_window_extent(), panel.get_figure(root=True)
    assert figure is not None
    width, height = (side * 72 / figure.dpi for side in (extent.width, extent.height))

    def placed(x: float, y: float) -> tuple[float, float]:
        return (x - left) / (right - left) * width, (y - bottom) / (top - bottom) * height

    here = [Named(text, *placed(x, y), colour) for text, x, y, colour in names if x == x and y == y]
    spots_of_marks = [placed(x, y) for x, y in marks if x == x and y == y]
    taken = [(x - AROUND, y - AROUND, x + AROUND, y + AROUND) for x, y in spots_of_marks]
    for each, dx, dy in spots(merged(here), taken, (width, height)):
        far = hypot(dx, dy) > RADII[0] + 1
        arrow = {"arrowstyle": "-", "color": each.colour, "linewidth": 0.6, "shrinkB": 2} if far else None
        panel.annotate(
            each.text, (each.x / width, each.y / height), (dx, dy), xycoords="axes fraction",
            textcoords="offset points", ha="center", va="center", fontsize=SIZE, color=each.colour,
            arrowprops=arrow,
        )  # fmt: skip


def merged(names: Sequence[Named]) -> list[Named]:
    """Return names whose points of one colour lie together as one name."""
    found: list[Named] = []
    for each in names:
        for place, other in enumerate(found):
            if other.colour == each.colour and hypot(other.x - each.x, other.y - each.y) < TOGETHER:
                found[place] = other._replace(text=f"{other.text} ; {each.text}")
                break
        else:
            found.append(each)
    return found


def spots(
    names: Sequence[Named], taken: Sequence[Box], room: tuple[float, float]
) -> list[tuple[Named, float, float]]:
    """Return how far each name's middle stands from its point, one after the other.

    The first free place around, nearer ones first; where none is free, the one that overlaps least.

    Parameters
    ----------
    names : at their places, in points
    taken : boxes that no name covers
    room : width and height of the panel
    """
    found, boxes = [], list(taken)
    for each in names:
        best: tuple[float, float, float, Box] | None = None
        for radius in RADII:
            for turn in range(TURNS):
                angle = pi / 4 - 2 * pi * turn / TURNS
                dx, dy = radius * cos(angle), radius * sin(angle)
                box = _box(each, dx, dy)
                cost = sum(_common(box, other) for other in boxes) + _outside(box, room)
                if best is None or cost < best[0]:
                    best = cost, dx, dy, box
            if best and best[0] == 0:
                break
        assert best is not None
        boxes.append(best[3])
        found.append((each, best[1], best[2]))
    return found


def _box(each: Named, dx: float, dy: float) -> Box:
    half, tall = WIDE * SIZE * len(each.text) / 2 + 1, SIZE / 2 + 1
    x, y = each.x + dx, each.y + dy
    return x - half, y - tall, x + half, y + tall


def _common(a: Box, b: Box) -> float:
    """Return the area that two boxes share."""
    across, up = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return across * up if across > 0 and up > 0 else 0.0


def _outside(box: Box, room: tuple[float, float]) -> float:
    """Return by how much a box leaves the panel."""
    return max(-box[0], 0) + max(-box[1], 0) + max(box[2] - room[0], 0) + max(box[3] - room[1], 0)
