"""How is the trade-off drawn: delays against residualisation, legal shares against it, all by strength?

Every mean has its interval in both directions. No point is marked as the best, no area is shaded. The law's
own share and the line given by the CIL are drawn as lines, with their source.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from mixite.frontier.measures import LAW, row
from mixite.frontier.playing import Frontier
from mixite.frontier.strengths import CURVES, FREE
from mixite.frontier.words import MEASURED, VARIANTS, label
from mixite.report import drawing, numbers, words
from mixite.report.figures import Drawn, unit_of
from sim.indicators import groups

AGAINST = (("dissimilarity_corrected", "first_quartile"), ("residences_less_favourable", "all"))
"""What delays are held against: where people live, then what becomes of the residences."""

PUBLICS = ("l441_1", "dalo", "first_quartile")
WAIT = "wait_housed_months"
BY_STRENGTH = (
    ("wait_housed_months", "l441_1"),
    ("housed_12m", "l441_1"),
    ("net_new_households", "first_quartile"),
    ("r1_share", "all"),
    ("entrants_minus_stock", "first_quartile"),
    ("dissimilarity_corrected", "first_quartile"),
)
STYLES = {"free": (drawing.COLOURS[0], "-", "o"), "iso": (drawing.COLOURS[1], "--", "s")}
INTERVAL = "Traits fins : intervalle à 95 % de la moyenne des répliques, aléa de simulation seul."
ORIENTATION = ("cotation_only", "cotation_oriented")


def draw_all(frontier: Frontier) -> list[Drawn]:
    """Return the figures that have something to show, in the order of the page."""
    drawn = []
    for name, caption, make in FIGURES:
        made = make(frontier)
        if made is not None:
            drawn.append(
                Drawn(name, drawing.png(made, source(frontier)), caption, f"{caption} {source(frontier)}")
            )
    return drawn


def source(frontier: Frontier) -> str:
    """Return the source line of every figure, with the banner."""
    territory, scenario = frontier.context["territory"], frontier.scenario
    many = "répliques" if frontier.replications > 1 else "réplique"
    line = (
        f"Source : simulation mixite, scénario « {scenario.name} », territoire « {territory['name']} », "
        f"{frontier.years} an(s), taille {numbers.percent(scenario.scale, 0)}, {frontier.replications} "
        f"{many}, graine {scenario.runs.seed}."
    )
    return f"{line} {words.SYNTHETIC_BANNER}." if territory["synthetic"] else line


def delays(frontier: Frontier) -> SubFigure | None:
    """Draw the wait of each public, a column, against each measure of residualisation, a row."""
    publics = [public for public in PUBLICS if _known(frontier, (WAIT, public))]
    if not publics:
        return None
    made, axes = drawing.sheet(len(AGAINST), len(publics), width=12.5, height=4.1 * len(AGAINST))
    for place, panel in enumerate(axes):
        line, column = divmod(place, len(publics))
        x, y = AGAINST[line], (WAIT, publics[column])
        _trade_off(frontier, panel, x, y)
        drawing.title(panel, groups.label(publics[column]), 40)
        panel.set_ylabel("attente des ménages logés, mois" if column == 0 else "mois", fontsize=9)
        _given_line(frontier, panel)
    drawing.common_legend(made, axes[0], 4)
    return made


def legal_shares(frontier: Frontier) -> SubFigure | None:
    """Draw the legal shares against the unevenness between residences, with the share of the law."""
    shown = [measure for measure in LAW if _known(frontier, measure)]
    if not shown:
        return None
    made, axes = drawing.sheet(1, len(shown), width=12.5, height=4.4)
    for panel, measure in zip(axes, shown, strict=True):
        _trade_off(frontier, panel, AGAINST[0], measure)
        drawing.title(panel, label(*measure), 60)
        rule = measure[0].removesuffix("_share").upper()
        asked = frontier.context["law_shares"].get(rule)
        if asked is not None:
            said = f"{rule} : {numbers.percent(asked, 0)}"
            _line(panel, asked, said)
    drawing.common_legend(made, axes[0], 4)
    return made


def by_strength(frontier: Frontier) -> SubFigure | None:
    """Draw six results against the strength of the targets, one line a curve."""
    shown = [measure for measure in BY_STRENGTH if _known(frontier, measure)]
    if not shown:
        return None
    made, axes = drawing.sheet((len(shown) + 2) // 3, 3, width=12.5, height=3.6 * ((len(shown) + 2) // 3))
    for panel in axes[len(shown) :]:
        panel.set_visible(False)
    for panel, measure in zip(axes, shown, strict=False):
        for variant in CURVES:
            rows = _curve(frontier, variant, measure)
            colour, line, marker = STYLES[variant]
            x = [value for value, _, _, _ in rows]
            middle = [mean for _, mean, _, _ in rows]
            panel.plot(x, middle, line, color=colour, marker=marker, markersize=5, label=VARIANTS[variant])
            for value, _, low, high in rows:
                panel.plot([value, value], [low, high], color=colour, linewidth=1, alpha=0.6)
        percent = unit_of(measure[0]) in numbers.PERCENT
        drawing.french_axis(panel, "x")
        drawing.french_axis(panel, "y", percent=percent)
        drawing.title(panel, label(*measure), 38)
        panel.set_ylabel(_unit(measure[0]), fontsize=9)
        panel.set_xlabel("force des objectifs (1 : ceux du scénario)", fontsize=9)
        panel.grid(axis="y", color="#e3e3e3")
        if measure[0] == WAIT:
            _given_line(frontier, panel)
    drawing.common_legend(made, axes[0], 4)
    return made


def _trade_off(frontier: Frontier, panel: Axes, x: tuple[str, str], y: tuple[str, str]) -> None:
    """Draw the two curves and the named policies in one panel, intervals in both directions."""
    for variant in CURVES:
        across, up = _curve(frontier, variant, x), _curve(frontier, variant, y)
        colour, line, marker = STYLES[variant]
        panel.plot(
            [mean for _, mean, _, _ in across],
            [mean for _, mean, _, _ in up],
            line,
            color=colour,
            marker=marker,
            markersize=4.5,
            label=VARIANTS[variant],
        )
        for one, other in zip(across, up, strict=True):
            _cross(panel, one, other, colour)
        for one, other in zip(across, up, strict=True):
            if one[0] in (0, 1, across[-1][0]) and (one[0] or variant == FREE):
                panel.annotate(
                    numbers.number(one[0], 0 if one[0] == int(one[0]) else 1),
                    (one[1], other[1]),
                    textcoords="offset points",
                    xytext=(5, 5),
                    fontsize=8,
                    color=colour,
                )
    named = [point for point in frontier.points if point.variant not in CURVES]
    ends = {}
    for place, point in enumerate(named):
        one, other = (_at(frontier, point.variant, point.value, measure) for measure in (x, y))
        if one is None or other is None:
            continue
        colour = drawing.COLOURS[2 + place % (len(drawing.COLOURS) - 2)]
        _cross(panel, one, other, colour)
        ends[point.variant] = (one[1], other[1])
        panel.plot(
            [one[1]],
            [other[1]],
            linestyle="",
            marker=MARKS[place % len(MARKS)],
            color=colour,
            markeredgecolor="black",
            markersize=8,
            label=words.short_policy(point.variant),
        )
    if all(end in ends for end in ORIENTATION):  # the orientation alone, by points: no strength in between
        (left, low), (right, high) = (ends[end] for end in ORIENTATION)
        panel.plot([left, right], [low, high], ":", color=drawing.GREY, linewidth=1.3)
    for which, measure in (("x", x), ("y", y)):
        drawing.french_axis(panel, which, percent=unit_of(measure[0]) in numbers.PERCENT)
    panel.set_xlabel(f"{label(*x)}, {_unit(x[0])}", fontsize=8.5)
    panel.set_ylabel(_unit(y[0]), fontsize=9)
    panel.grid(color="#ececec")


MARKS = ("^", "D", "v", "P", "X", "*", "h", "p")


def _cross(
    panel: Axes,
    across: tuple[float, float, float, float],
    up: tuple[float, float, float, float],
    colour: str,
) -> None:
    """Draw the interval of a mean in both directions."""
    _, x, x_low, x_high = across
    _, y, y_low, y_high = up
    panel.plot([x_low, x_high], [y, y], color=colour, linewidth=0.7, alpha=0.45)
    panel.plot([x, x], [y_low, y_high], color=colour, linewidth=0.7, alpha=0.45)


def _given_line(frontier: Frontier, panel: Axes) -> None:
    """Draw the line that the CIL gives, where it gives one."""
    assert frontier.scenario.frontier is not None
    given = frontier.scenario.frontier.acceptable_delay_months
    if given is not None:
        _line(
            panel,
            given,
            f"ligne donnée par la CIL : {numbers.number(given, 0 if given % 1 == 0 else 1)} mois",
        )


def _line(panel: Axes, height: float, said: str) -> None:
    panel.axhline(height, color="black", linewidth=1.1, linestyle=(0, (6, 3)))
    panel.annotate(
        said, (0.99, height), xycoords=("axes fraction", "data"), ha="right", va="bottom", fontsize=8
    )


def _curve(
    frontier: Frontier, variant: str, measure: tuple[str, str]
) -> list[tuple[float, float, float, float]]:
    """Return strength, mean, low, high of each point of a curve, in order; what is unknown is not drawn."""
    values = sorted({point.value for point in frontier.points if point.variant == variant})
    nowhere = float("nan")
    return [_at(frontier, variant, value, measure) or (value, nowhere, nowhere, nowhere) for value in values]


def _at(
    frontier: Frontier, variant: str, value: float, measure: tuple[str, str]
) -> tuple[float, float, float, float] | None:
    found = row(frontier.means, variant, value, *measure)
    if found is None or found["mean"] != found["mean"]:
        return None
    return value, found["mean"], found["ci_low"], found["ci_high"]


def _known(frontier: Frontier, measure: tuple[str, str]) -> bool:
    return any(mean == mean for _, mean, _, _ in _curve(frontier, FREE, measure))


def _unit(indicator: str) -> str:
    unit = unit_of(indicator)
    return "%" if unit == numbers.SHARE else numbers.shown_unit(unit)


FIGURES: Sequence[tuple[str, str, Callable[[Frontier], SubFigure | None]]] = (
    (
        "arbitrage_delais",
        "Attente des ménages logés, par public, face à la répartition entre résidences puis aux résidences "
        "passées à un type moins favorable. Le long d'une courbe, la force des objectifs croît de 0 à la "
        f"plus grande ; pointillé gris : l'orientation par résidence seule. {MEASURED} {INTERVAL}",
        delays,
    ),
    (
        "arbitrage_obligations",
        "Obligations légales face à la répartition entre résidences. Tireté noir : la part que la loi "
        f"demande. {INTERVAL}",
        legal_shares,
    ),
    (
        "arbitrage_forces",
        "Six résultats selon la force des objectifs : délais, ménages logés (nombre sur toute la période), "
        f"obligations, niveau et répartition. {INTERVAL}",
        by_strength,
    ),
)
