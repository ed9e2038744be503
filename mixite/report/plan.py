"""Where does each residence stand on a plan that is no map?

Residences are circles packed around the middle of their commune, the largest first, none upon another; and so
are communes in the plan. The same residences give the same plan whatever the order of their rows.
Left out on purpose: geography, and what is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Texts = NDArray[np.str_]

SPOTS_A_CIRCLE = 60
FEWEST_SPOTS, MOST_SPOTS = 3_000, 20_000
GAP = 1.06
"""Radius kept around a circle of radius 1."""

APART = 0.03
"""Room kept around a commune, for its name, in parts of the side of a square of all of them."""


@dataclass(frozen=True)
class Block:
    """A commune of a plan: the circle that holds its residences."""

    commune: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Plan:
    """Where each residence stands, (n,) each, in the unit of the radii.

    Attributes
    ----------
    blocks : communes, the largest first
    corner, size : lower left corner, width and height of what holds them all
    """

    x: Floats
    y: Floats
    blocks: tuple[Block, ...]
    corner: tuple[float, float]
    size: tuple[float, float]


def schematic(commune: Texts, names: Texts, radius: Floats) -> Plan:
    """Lay residences out: packed in their commune, communes packed in the plan.

    Parameters
    ----------
    commune, names : (n,) of each residence; names tell residences of one size apart
    radius : (n,) of the circle each residence is given, above 0
    """
    x, y = np.zeros(len(radius)), np.zeros(len(radius))
    codes, place = np.unique(commune, return_inverse=True)
    whole = np.zeros(len(codes))
    members = [np.flatnonzero(place == row) for row in range(len(codes))]
    for row, rows in enumerate(members):
        x[rows], y[rows] = packed(radius[rows], names[rows])
        whole[row] = np.max(np.hypot(x[rows], y[rows]) + radius[rows] * GAP)
    room = whole + np.minimum(APART * 2 * np.sqrt(np.sum(whole**2)), whole / 3)
    across, down = packed(room, codes)
    x, y = x + across[place], y + down[place]
    order = np.lexsort((codes, -whole))
    blocks = tuple(Block(str(codes[r]), float(across[r]), float(down[r]), float(whole[r])) for r in order)
    low = np.array([(across - room).min(), (down - room).min()])
    high = np.array([(across + room).max(), (down + room).max()])
    return Plan(
        x, y, blocks, (float(low[0]), float(low[1])), (float(high[0] - low[0]), float(high[1] - low[1]))
    )


def packed(radius: Floats, names: Texts) -> tuple[Floats, Floats]:
    """Pack circles around (0, 0), the largest first, each at the free spot nearest to the middle.

    Returns
    -------
    x, y, (n,): no two circles overlap
    """
    order = np.lexsort((names, -radius))
    field = 1.3 * float(np.sqrt(np.sum(radius**2))) + float(radius.max())
    while (places := _placed(radius[order], field)) is None:
        field *= 1.25
    x, y = np.empty(len(radius)), np.empty(len(radius))
    x[order], y[order] = places
    return x, y


def _placed(radius: Floats, field: float) -> tuple[Floats, Floats] | None:
    """Place circles in their order on spots of a field of that radius; None where one finds no room."""
    spots = int(np.clip(SPOTS_A_CIRCLE * len(radius), FEWEST_SPOTS, MOST_SPOTS))
    side = int(np.sqrt(spots))
    ticks = field * (2 * np.arange(side + 1) / side - 1)
    across, down = (grid.ravel() for grid in np.meshgrid(ticks, ticks))
    far = np.hypot(across, down)
    nearest = np.lexsort((across, down, np.round(far / field, 9)))
    across, down = np.append(0.0, across[nearest]), np.append(0.0, down[nearest])
    room = np.full(len(across), np.inf)  # from each spot to the nearest circle placed
    chosen = []
    for each in radius:
        free = room >= each * GAP
        spot = int(np.argmax(free))
        if not free[spot]:
            return None
        chosen.append(spot)
        room = np.minimum(room, np.hypot(across - across[spot], down - down[spot]) - each)
    return across[chosen], down[chosen]
