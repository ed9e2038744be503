"""Axes are set by the points; what is drawn of an interval can happen, and says where it goes on."""

from __future__ import annotations

import math

import pytest
from matplotlib.figure import Figure

from mixite.frontier import panels, scales
from mixite.frontier.figures import AGAINST, PUBLICS, WAIT
from mixite.frontier.playing import Frontier
from mixite.report.figures import unit_of

NAN = float("nan")


@pytest.mark.parametrize(
    ("unit", "difference", "expected"),
    [
        ("part (0-1)", False, (0, 1)),
        ("part (0-1)", True, (-1, 1)),
        ("mois", False, (0, math.inf)),
        ("mois", True, (-math.inf, math.inf)),
        ("écart de parts", False, (-1, 1)),
        ("indice", False, (-math.inf, 1)),
    ],
)
def test_a_measure_has_the_values_it_can_have(
    unit: str, difference: bool, expected: tuple[float, float]
) -> None:
    assert scales.domain(unit, difference=difference) == expected


def test_an_axis_is_set_by_its_points_and_widened_a_little_by_intervals() -> None:
    # points 10 to 20: a range of 10. An interval from -75 to 110 widens by 0.6 of it on each side, to 4 and
    # 26; then room of 0.14 of it: 2.6 and 27.4
    assert scales.limits([10, 20, NAN], [(-75, 110)], (0, math.inf)) == pytest.approx((2.6, 27.4))
    # a short interval is held whole: 8 to 20, then room
    assert scales.limits([10, 20], [(8, 15)], (0, math.inf)) == pytest.approx((6.6, 21.4))
    # what cannot happen widens nothing: shares of 0.01 and 0.05 with an interval from -2
    low, _ = scales.limits([0.01, 0.05], [(-2.0, 0.06)], (0, 1))
    assert low == pytest.approx(0 - 0.14 * 0.04)
    # points that coincide have an axis too: 5 % of 40 around it, then room
    assert scales.limits([40, 40], [], (0, math.inf)) == pytest.approx((39 - 0.28, 41 + 0.28))
    assert scales.limits([NAN], [], (0, 1)) == (0, 1)


def test_what_is_drawn_of_an_interval_can_happen_and_an_arrow_says_where_it_goes_on() -> None:
    axis = (2.6, 27.4)
    assert scales.drawn(-75, 110, (0, math.inf), axis) == (2.6, 27.4, True, True)
    assert scales.drawn(8, 15, (0, math.inf), axis) == (8, 15, False, False)
    # cut at 0, which the axis shows: nothing goes on below
    assert scales.drawn(-2, 0.5, (0, 1), (-0.1, 1.1)) == (0, 0.5, False, False)
    assert scales.drawn(NAN, NAN, (0, 1), (0, 1)) is None
    panel = Figure().add_subplot()
    scales.line(panel, False, 3.0, scales.drawn(-75, 15, (0, math.inf), axis), "black", linewidth=1.0)
    assert [line.get_marker() for line in panel.lines] == ["None", "v"]
    assert panel.lines[1].get_xydata().tolist() == [[3.0, 2.6]]


def test_every_point_of_the_figure_is_inside_its_axes_and_no_interval_is_impossible(played: Frontier) -> None:
    wild = 0
    for x in AGAINST:
        for public in PUBLICS:
            y = (WAIT, public)
            if not panels.known(played, y):
                continue
            panel = Figure().add_subplot()
            panels.trade_off(played, panel, x, y)
            for which, measure, ends in (("x", x, panel.get_xlim()), ("y", y, panel.get_ylim())):
                at = [panels.at(played, point.variant, point.value, measure) for point in played.points]
                means = [one.mean for one in at if one.mean == one.mean]
                wild += sum(one.low < 0 for one in at)
                span = max(max(means) - min(means), scales.LEAST * max(map(abs, means)), 1e-3)
                assert ends[0] < min(means) <= max(means) < ends[1]
                assert ends[1] - ends[0] <= 2.5 * span, (
                    measure,
                    "points fill two fifths of the axis at least",
                )
                low, high = scales.domain(unit_of(measure[0]))
                drawn = [
                    value for line in panel.lines if line.get_alpha()
                    for value in (line.get_xdata() if which == "x" else line.get_ydata())
                ]  # fmt: skip
                assert low <= min(drawn)
                assert max(drawn) <= high
    assert wild, "two replications give intervals under zero, or this test says nothing"
