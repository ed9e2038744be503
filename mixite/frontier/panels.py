"""What does one panel of the trade-off show: two curves, the named policies, every interval, the lines given?

Left out on purpose: any mark of a best point, any area that would stand for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from matplotlib.axes import Axes

from mixite.frontier import labels, scales
from mixite.frontier.playing import Frontier
from mixite.frontier.strengths import CURVES, FREE
from mixite.frontier.words import AXES, VARIANTS, strength
from mixite.report import drawing, numbers, words
from mixite.report.figures import unit_of

STYLES = {"free": (drawing.COLOURS[0], "-", "o"), "iso": (drawing.COLOURS[1], "--", "s")}
MARKS = ("^", "D", "v", "P", "X", "*", "h", "p")
ORIENTATION = ("cotation_only", "cotation_oriented")
LARGEST, SMALLEST = 13.0, 7.0
"""Sizes of the marks of the named policies, the first and the last, in points."""

SIDE = 0.02
"""By how much of a strength the two curves stand apart where they are drawn by strength."""

Measure = tuple[str, str]


class Mean(NamedTuple):
    """The mean of a measure at a point, with its interval; NaN where it is unknown."""

    value: float
    mean: float
    low: float
    high: float


def trade_off(frontier: Frontier, panel: Axes, x: Measure, y: Measure, also: Sequence[float] = ()) -> None:
    """Draw the two curves and the named policies, intervals in both directions.

    1. Set the axes on the points, and on the heights of lines drawn `also`.
    2. Draw intervals, then named policies as outlines, one inside the other where they coincide.
    3. Draw the curves on top, and name strengths 0, 1 and the strongest.
    """
    named = [point for point in frontier.points if point.variant not in CURVES]
    curves = {variant: (curve(frontier, variant, x), curve(frontier, variant, y)) for variant in CURVES}
    beside = [
        tuple(at(frontier, point.variant, point.value, measure) for measure in (x, y)) for point in named
    ]
    pairs = [*chain.from_iterable(zip(*two, strict=True) for two in curves.values()), *beside]
    axes = [
        scales.limits([one.mean for one in side] + heights, [(one.low, one.high) for one in side], within)
        for side, heights, within in zip(
            zip(*pairs, strict=True), ([], list(also)), (_domain(x), _domain(y)), strict=True
        )
    ]
    panel.set_xlim(*axes[0])
    panel.set_ylim(*axes[1])
    for place, (point, (one, other)) in enumerate(zip(named, beside, strict=True)):
        colour = drawing.COLOURS[2 + place % (len(drawing.COLOURS) - 2)]
        _cross(panel, (one, other), (x, y), axes, colour)
        look = {"marker": MARKS[place % len(MARKS)], "color": colour, "markerfacecolor": "none"}
        size = LARGEST - (LARGEST - SMALLEST) * place / max(len(named) - 1, 1)
        label = words.short_policy(point.variant)
        panel.plot(
            [one.mean], [other.mean], linestyle="", markersize=size, markeredgewidth=1.5, label=label, **look
        )
    names, colours = [], {variant: STYLES[variant][0] for variant in CURVES}
    for variant, (across, up) in curves.items():
        colour, line, marker = STYLES[variant]
        means = [one.mean for one in across], [one.mean for one in up]
        panel.plot(
            *means, line, color=colour, marker=marker, markersize=4.5, label=VARIANTS[variant], zorder=3
        )
        for one, other in zip(across, up, strict=True):
            _cross(panel, (one, other), (x, y), axes, colour)
            if one.value in (0, 1, across[-1].value) and (one.value or variant == FREE):
                names.append(labels.Named(strength(one.value), one.mean, other.mean, colours[variant]))
    labels.name_all(panel, names, [(one.mean, other.mean) for one, other in pairs])
    ends = [
        (one.mean, other.mean)
        for name in ORIENTATION
        for point, (one, other) in zip(named, beside, strict=True)
        if point.variant == name
    ]
    panel.plot(*zip(*ends, strict=True), ":", color=drawing.GREY, linewidth=1.3)  # it has no strength
    for which, measure in (("x", x), ("y", y)):
        drawing.french_axis(panel, which, percent=unit_of(measure[0]) in numbers.PERCENT)
    panel.set_xlabel(AXES[x[0]], fontsize=9)
    panel.grid(color="#ececec")


def by_strength(frontier: Frontier, panel: Axes, measure: Measure) -> None:
    """Draw the paired differences of both curves with strength 0, a little aside so that both are seen."""
    panel.axhline(0, color=drawing.GREY, linewidth=1)
    within = _domain(measure, difference=True)
    rows = {}
    for variant in CURVES:
        values = sorted({point.value for point in frontier.points if point.variant == variant})
        found = [frontier.from_zero_at.get((variant, value, *measure)) for value in values if value]
        rows[variant] = [each for each in found if each is not None]
    every = [each for several in rows.values() for each in several]
    axis = scales.limits(
        [0.0, *(each["difference"] for each in every)],
        [(each["ci_low"], each["ci_high"]) for each in every],
        within,
    )
    panel.set_ylim(*axis)
    for place, variant in enumerate(CURVES):
        colour, line, marker = STYLES[variant]
        x = [each["value"] + (place - 0.5) * SIDE for each in rows[variant]]
        heights = [0, *(each["difference"] for each in rows[variant])]
        panel.plot([0, *x], heights, line, color=colour, linewidth=1.2)
        for across, each in zip(x, rows[variant], strict=True):
            seen = scales.drawn(each["ci_low"], each["ci_high"], within, axis)
            scales.line(panel, False, across, seen, colour, linewidth=1.2, alpha=0.7)
            look = {"markerfacecolor": colour if each["distinguished"] else "white", "markersize": 5.5}
            panel.plot([across], [each["difference"]], marker, color=colour, **look)
        panel.plot([], [], line, color=colour, marker=marker, markersize=5.5, label=VARIANTS[variant])


def given_line(frontier: Frontier, panel: Axes) -> None:
    """Draw the line that the CIL gives, in months, where it gives one."""
    for months in given(frontier):
        level(panel, months, f"ligne donnée par la CIL : {strength(months)} mois")


def given(frontier: Frontier) -> tuple[float, ...]:
    """Return the delay that the CIL gives, in months, nothing where it gives none."""
    assert frontier.scenario.frontier is not None
    months = frontier.scenario.frontier.acceptable_delay_months
    return () if months is None else (months,)


def level(panel: Axes, height: float, said: str) -> None:
    """Draw a horizontal line with what it is."""
    panel.axhline(height, color="black", linewidth=1.1, linestyle=(0, (6, 3)))
    place = {"xycoords": ("axes fraction", "data"), "ha": "right", "va": "bottom"}
    panel.annotate(said, (0.99, height), fontsize=8, **place)


def curve(frontier: Frontier, variant: str, measure: Measure) -> list[Mean]:
    """Return the means of a curve by strength; what is unknown is not drawn."""
    values = sorted({point.value for point in frontier.points if point.variant == variant})
    return [at(frontier, variant, value, measure) for value in values]


def at(frontier: Frontier, variant: str, value: float, measure: Measure) -> Mean:
    """Return the mean of a measure at a point."""
    found = frontier.mean_at.get((variant, value, *measure))
    if found is None:
        return Mean(value, *(float("nan"),) * 3)
    return Mean(value, found["mean"], found["ci_low"], found["ci_high"])


def known(frontier: Frontier, measure: Measure) -> bool:
    """Tell whether a measure has a value somewhere on the free curve."""
    return any(one.mean == one.mean for one in curve(frontier, FREE, measure))


def _cross(
    panel: Axes, point: Sequence[Mean], measures: Sequence[Measure], axes: Sequence[scales.Range], colour: str
) -> None:
    """Draw the interval of a mean in both directions."""
    for across in (True, False):
        own, other = (point[0], point[1]) if across else (point[1], point[0])
        place = 0 if across else 1
        seen = scales.drawn(own.low, own.high, _domain(measures[place]), axes[place])
        scales.line(panel, across, other.mean, seen, colour, linewidth=0.7, alpha=0.45)


def _domain(measure: Measure, *, difference: bool = False) -> scales.Range:
    return scales.domain(unit_of(measure[0]), difference=difference)
