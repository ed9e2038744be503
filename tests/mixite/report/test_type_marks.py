"""The four types are told apart by whoever sees no colour, and in print."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from mixite.report.type_marks import MOVES, REACH, TYPES, Mark
from sim.territory.columns import PEUPLEMENT_TYPES

MACHADO = {
    "protan": (0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998),
    "deutan": (0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881),
    "tritan": (1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900),
}
"""What three dichromats see of linear RGB, rows of a 3 × 3 matrix, severity 1.

Source: G. Machado, M. Oliveira, L. Fernandes, IEEE Transactions on Visualization and Computer Graphics 15
(2009) 1291-1298, doi 10.1109/TVCG.2009.113.
"""

TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
"""Linear sRGB to XYZ, D65. Source: IEC 61966-2-1."""


def linear(colour: str) -> np.ndarray:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return CIELAB of linear RGB. Source: CIE 15."""
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / (TO_XYZ @ np.ones(3))
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_lab_of_known_colours() -> None:
    # White is L* 100, a* = b* = 0; sRGB red is L* 53.2, a* 80.1, b* 67.2 (published conversions).
    np.testing.assert_allclose(lab(linear("#ffffff")), [100, 0, 0], atol=0.01)
    np.testing.assert_allclose(lab(linear("#ff0000")), [53.24, 80.09, 67.20], atol=0.05)


def test_types_are_those_of_the_territory_from_the_lightest_to_the_darkest() -> None:
    assert tuple(mark.name for mark in TYPES) == PEUPLEMENT_TYPES
    lightness = np.array([lab(linear(mark.colour))[0] for mark in TYPES])
    assert (np.diff(lightness) < -20).all(), lightness


@pytest.mark.parametrize("marks", [TYPES, MOVES], ids=["types", "moves"])
@pytest.mark.parametrize("eye", [None, *MACHADO])
def test_any_two_marks_differ_for_every_eye(marks: tuple[Mark, ...], eye: str | None) -> None:
    seen = np.reshape(MACHADO[eye], (3, 3)) if eye else np.eye(3)
    for a, b in combinations(marks, 2):
        distance = np.linalg.norm(lab(seen @ linear(a.colour)) - lab(seen @ linear(b.colour)))
        assert distance > 20, f"{a.name}, {b.name} : {distance:.0f}"


@pytest.mark.parametrize("marks", [TYPES, MOVES], ids=["types", "moves"])
def test_any_two_marks_differ_without_any_colour(marks: tuple[Mark, ...]) -> None:
    assert len({mark.marker for mark in marks}) == len({mark.hatch for mark in marks}) == len(marks)
    grey = sorted(lab(linear(mark.colour))[0] for mark in marks)
    assert np.diff(grey).min() > 15


@pytest.mark.parametrize("mark", [*TYPES, *MOVES], ids=lambda mark: mark.name)
def test_a_mark_is_as_large_as_the_disc_of_radius_one(mark: Mark) -> None:
    x, y = mark.outline.T
    area = abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2  # the shoelace formula
    assert area == pytest.approx(np.pi, rel=1e-9)


@pytest.mark.parametrize("mark", TYPES, ids=lambda mark: mark.name)
def test_every_shape_of_a_type_stands_in_the_circle_it_is_given(mark: Mark) -> None:
    assert np.hypot(*mark.outline.T).max() <= REACH + 1e-9


@pytest.mark.parametrize("mark", TYPES, ids=lambda mark: mark.name)
def test_hatches_are_seen_on_their_colour(mark: Mark) -> None:
    light, dark = sorted((TO_XYZ[1] @ linear(colour) for colour in (mark.colour, mark.ink)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) > 3  # contrast of graphics, WCAG 2.1, 1.4.11
