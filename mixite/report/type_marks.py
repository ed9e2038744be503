"""By which mark is each type of a residence known on every figure: colour, shape, hatch, name?

A reader who sees no colour reads the shape or the hatch, and the order of the lightnesses: from the
lightest, « en capacité », to the darkest, « à conforter ». No scale from green to red: a type is neither
good nor bad. Moves of type have marks of their own. Shapes of types have equal areas and stand in one
circle, so that a plan can be laid out before types are known.

Source: four steps of viridis (S. van der Walt, N. Smith, 2015, CC0), made for colour-blind readers and for
printing in grey; two colours of Okabe and Ito for the moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.indicators.groups import LABELS
from sim.territory.columns import PEUPLEMENT_TYPES

Floats = NDArray[np.float64]

EDGE = "#333333"
REACH = float(np.sqrt(np.pi / 2))
"""Radius of the circle that holds every shape of a type, for a shape of the area of a disc of radius 1."""

SEVERAL = 32  # corners of a drawn circle


@dataclass(frozen=True)
class Mark:
    """How a type or a move is drawn.

    Attributes
    ----------
    ink : colour of what is written or hatched on it
    outline : (corners, 2) polygon of area π around (0, 0)
    marker : matplotlib's marker nearest to the outline
    """

    name: str
    label: str
    colour: str
    ink: str
    hatch: str
    outline: Floats
    marker: str | tuple[int, int, int]


def _regular(corners: int, first_degrees: float) -> Floats:
    """Return a regular polygon of area π."""
    angles = np.radians(first_degrees + 360 * np.arange(corners) / corners)
    radius = np.sqrt(2 * np.pi / (corners * np.sin(2 * np.pi / corners)))
    return radius * np.column_stack([np.cos(angles), np.sin(angles)])


def _plus() -> Floats:
    """Return a thick plus of area π: five squares of side a, so that a² = π / 5."""
    half, arm = np.sqrt(np.pi / 5) * np.array([0.5, 1.5])
    corner = [(half, arm), (half, half), (arm, half)]
    quarter = np.array(corner)
    turned = [quarter]
    for _ in range(3):
        quarter = np.column_stack([quarter[:, 1], -quarter[:, 0]])
        turned.append(quarter)
    return np.concatenate(turned)


def _french(kind: str) -> str:
    """Return the name of a type alone: « en capacité »."""
    return LABELS[kind].removeprefix("résidences ")


TYPES = tuple(
    Mark(kind, _french(kind), *drawn)
    for kind, drawn in zip(
        PEUPLEMENT_TYPES,
        (
            ("#FDE725", "#333333", "", _regular(SEVERAL, 0), "o"),
            ("#35B779", "#0d3d28", "..", _regular(4, 45), "s"),
            ("#31688E", "#ffffff", "//", _regular(4, 0), "D"),
            ("#440154", "#ffffff", "xx", _plus(), "P"),
        ),
        strict=True,
    )
)
"""The four types, from the most to the least favourable."""


def _star() -> Floats:
    """Return two crossed squares of area π together: corners at R and at R / (√2 cos 22.5°), in turn.

    Sixteen triangles of two such sides, 22.5° apart, make the area.
    """
    inner = 1 / (np.sqrt(2) * np.cos(np.pi / 8))
    radius = np.sqrt(np.pi / (8 * inner * np.sin(np.pi / 8)))
    angles = np.pi / 2 + np.pi / 8 * np.arange(16)
    reach = radius * np.where(np.arange(16) % 2 == 0, 1.0, inner)
    return reach[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])


DELIVERED = Mark("delivered", "livrées depuis, par commune", "#ffffff", EDGE, "", _star(), (8, 1, 0))
"""Residences that were not there at the start, together in their commune."""

MORE, SAME, LESS = 0, 1, 2
MOVES = (
    Mark("more", "vers un type plus favorable", "#56B4E9", EDGE, "//", _regular(3, 90), "^"),
    Mark("same", "même type", "#F2F2F2", EDGE, "", _regular(SEVERAL, 0), "o"),
    Mark("less", "vers un type moins favorable", "#B34700", "#ffffff", "xx", _regular(3, -90), "v"),
)
"""The three moves of a residence over the run, indexed by MORE, SAME, LESS."""


def keys(marks: Sequence[Mark], size: float = 8) -> list[Line2D]:
    """Return the entries of a legend by shape."""
    return [
        Line2D([], [], linestyle="", marker=mark.marker, markersize=size, color=mark.colour,
               markeredgecolor=EDGE, label=mark.label)
        for mark in marks
    ]  # fmt: skip


def patches(marks: Sequence[Mark]) -> list[Patch]:
    """Return the entries of a legend by hatch, for bars."""
    return [
        Patch(facecolor=mark.colour, edgecolor=mark.ink, hatch=mark.hatch, label=mark.label, linewidth=0)
        for mark in marks
    ]
