"""A plan has no circle upon another, and does not depend on the order of its rows."""

import numpy as np
import pytest

from mixite.report.plan import packed, schematic


def some(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draws = np.random.default_rng(seed)
    commune = draws.choice(["00001", "00002", "00003", "00004"], count, p=[0.6, 0.2, 0.15, 0.05])
    names = np.array([f"R{place:04d}" for place in range(count)])
    return commune, names, np.sqrt(draws.integers(1, 200, count).astype(float))


def gaps(x: np.ndarray, y: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Return the distance between the edges of every two circles."""
    first, second = np.triu_indices(len(x), 1)
    return np.hypot(x[first] - x[second], y[first] - y[second]) - radius[first] - radius[second]


@pytest.mark.parametrize("count", [1, 2, 7, 60, 300])
def test_no_two_residences_overlap_in_the_plan(count: int) -> None:
    commune, names, radius = some(count, count)
    plan = schematic(commune, names, radius)
    assert gaps(plan.x, plan.y, radius).min(initial=1.0) > 0


def test_communes_do_not_overlap_and_hold_their_residences() -> None:
    commune, names, radius = some(80, 3)
    plan = schematic(commune, names, radius)
    x, y, around = (np.array([getattr(b, name) for b in plan.blocks]) for name in ("x", "y", "radius"))
    assert gaps(x, y, around).min() > 0
    for block in plan.blocks:
        of = commune == block.commune
        reach = np.hypot(plan.x[of] - block.x, plan.y[of] - block.y) + radius[of]
        assert reach.max() <= block.radius + 1e-9


def test_everything_stands_within_the_frame() -> None:
    commune, names, radius = some(80, 4)
    plan = schematic(commune, names, radius)
    (left, low), (width, height) = plan.corner, plan.size
    assert (plan.x - radius).min() >= left
    assert (plan.x + radius).max() <= left + width
    assert (plan.y - radius).min() >= low
    assert (plan.y + radius).max() <= low + height


def test_the_plan_is_the_same_whatever_the_order_of_rows() -> None:
    commune, names, radius = some(50, 5)
    plan = schematic(commune, names, radius)
    shuffled = np.random.default_rng(0).permutation(50)
    again = schematic(commune[shuffled], names[shuffled], radius[shuffled])
    np.testing.assert_array_equal(again.x, plan.x[shuffled])
    np.testing.assert_array_equal(again.y, plan.y[shuffled])
    assert again.blocks == plan.blocks


def test_equal_circles_are_told_apart_by_their_names() -> None:
    x, y = packed(np.ones(3), np.array(["b", "a", "c"]))
    assert (x[1], y[1]) == (0.0, 0.0)  # the first by name stands in the middle
    assert gaps(x, y, np.ones(3)).min() > 0
