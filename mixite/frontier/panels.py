"""What does one panel of the trade-off show: two curves, the named policies, every interval, the lines given?

Left out on purpose: any mark of a best point, any area that would stand for one.
"""

from __future__ import annotations

from typing import NamedTuple

from matplotlib.axes import Axes

from mixite.frontier.playing import Frontier
from mixite.frontier.strengths import CURVES, FREE
from mixite.frontier.words import AXES, VARIANTS, strength
from mixite.report import drawing, numbers, words
from mixite.report.figures import unit_of

STYLES = {"free": (drawing.COLOURS[0], "-", "o"), "iso": (drawing.COLOURS[1], "--", "s")}
MARKS = ("^", "D", "v", "P", "X", "*", "h", "p")
ORIENTATION = ("cotation_only", "cotation_oriented")
SIDE = 0.02
"""By how much of a strength the two curves stand apart where they are drawn by strength."""

Measure = tuple[str, str]


class Mean(NamedTuple):
    """The mean of a measure at a point, with its interval; NaN where it is unknown."""

    value: float
    mean: float
    low: float
    high: float


def trade_off(frontier: Frontier, panel: Axes, x: Measure, y: Measure) -> None:
    """Draw the two curves and the named policies, intervals in both directions."""
    for variant in CURVES:
        across, up = curve(frontier, variant, x), curve(frontier, variant, y)
        colour, line, marker = STYLES[variant]
        means = [one.mean for one in across], [one.mean for one in up]
        panel.plot(*means, line, color=colour, marker=marker, markersize=4.5, label=VARIANTS[variant])
        for one, other in zip(across, up, strict=True):
            _cross(panel, one, other, colour)
            if one.value in (0, 1, across[-1].value) and (one.value or variant == FREE):
                _name(panel, strength(one.value), one, other, colour)
    named = {}
    for place, point in enumerate(point for point in frontier.points if point.variant not in CURVES):
        one, other = (at(frontier, point.variant, point.value, measure) for measure in (x, y))
        colour = drawing.COLOURS[2 + place % (len(drawing.COLOURS) - 2)]
        _cross(panel, one, other, colour)
        look = {"marker": MARKS[place % len(MARKS)], "color": colour, "markeredgecolor": "black"}
        label = words.short_policy(point.variant)
        panel.plot([one.mean], [other.mean], linestyle="", markersize=8, label=label, **look)
        named[point.variant] = one.mean, other.mean
    ends = [named[name] for name in ORIENTATION if name in named]
    panel.plot(*zip(*ends, strict=True), ":", color=drawing.GREY, linewidth=1.3)  # it has no strength
    for which, measure in (("x", x), ("y", y)):
        drawing.french_axis(panel, which, percent=unit_of(measure[0]) in numbers.PERCENT)
    panel.set_xlabel(AXES[x[0]], fontsize=9)
    panel.grid(color="#ececec")


def by_strength(frontier: Frontier, panel: Axes, measure: Measure) -> None:
    """Draw the paired differences of both curves with strength 0, a little aside so that both are seen."""
    panel.axhline(0, color=drawing.GREY, linewidth=1)
    for place, variant in enumerate(CURVES):
        colour, line, marker = STYLES[variant]
        values = sorted({point.value for point in frontier.points if point.variant == variant})
        found = [frontier.from_zero_at.get((variant, value, *measure)) for value in values if value]
        rows = [each for each in found if each is not None]
        x = [each["value"] + (place - 0.5) * SIDE for each in rows]
        panel.plot([0, *x], [0, *(each["difference"] for each in rows)], line, color=colour, linewidth=1.2)
        for across, each in zip(x, rows, strict=True):
            ends = [each["ci_low"], each["ci_high"]]
            panel.plot([across, across], ends, color=colour, linewidth=1.2, alpha=0.7)
            look = {"markerfacecolor": colour if each["distinguished"] else "white", "markersize": 5.5}
            panel.plot([across], [each["difference"]], marker, color=colour, **look)
        panel.plot([], [], line, color=colour, marker=marker, markersize=5.5, label=VARIANTS[variant])


def given_line(frontier: Frontier, panel: Axes) -> None:
    """Draw the line that the CIL gives, in months, where it gives one."""
    assert frontier.scenario.frontier is not None
    given = frontier.scenario.frontier.acceptable_delay_months
    if given is not None:
        level(panel, given, f"ligne donnée par la CIL : {strength(given)} mois")


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


def _cross(panel: Axes, x: Mean, y: Mean, colour: str) -> None:
    """Draw the interval of a mean in both directions."""
    panel.plot([x.low, x.high], [y.mean, y.mean], color=colour, linewidth=0.7, alpha=0.45)
    panel.plot([x.mean, x.mean], [y.low, y.high], color=colour, linewidth=0.7, alpha=0.45)


def _name(panel: Axes, text: str, x: Mean, y: Mean, colour: str) -> None:
    place = {"textcoords": "offset points", "xytext": (5, 5)}
    panel.annotate(text, (x.mean, y.mean), fontsize=8, color=colour, **place)
