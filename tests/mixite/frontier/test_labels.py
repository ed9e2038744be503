"""Names of strengths never lie on one another."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from mixite.frontier.labels import AROUND, Named, _box, _common, merged, spots


def test_names_around_one_point_and_in_a_crowd_do_not_overlap() -> None:
    draw, room = np.random.default_rng(8), (300.0, 220.0)
    for spread in (0.0, 4.0, 40.0):
        for _ in range(20):
            places = 150 + spread * draw.standard_normal((6, 2))
            names = [Named("1,25", *place, f"c{row}") for row, place in enumerate(places.tolist())]
            marks = [(x - AROUND, y - AROUND, x + AROUND, y + AROUND) for _, x, y, _ in names]
            found = spots(names, marks, room)
            boxes = [_box(*each) for each in found]
            assert len(boxes) == len(names)
            assert all(_common(a, b) == 0 for a, b in combinations([*boxes], 2))
            assert all(_common(box, mark) == 0 for box in boxes for mark in marks)


def test_points_of_one_curve_that_coincide_have_one_name() -> None:
    together = [Named("0", 10, 10, "blue"), Named("1", 13, 12, "blue"), Named("1", 13, 12, "red")]
    assert [(each.text, each.colour) for each in merged(together)] == [("0 ; 1", "blue"), ("1", "red")]
    apart = [Named("0", 10, 10, "blue"), Named("1", 18, 10, "blue")]
    assert merged(apart) == apart
