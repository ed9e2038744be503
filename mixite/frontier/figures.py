"""Which figures does the page of the trade-off hold?

Delays against residualisation, legal shares against it, all by strength. No point is marked as the best, no
area is shaded. The law's own share and the line given by the CIL are drawn as lines, with their source.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.figure import SubFigure

from mixite.frontier import panels
from mixite.frontier import words as words_of
from mixite.frontier.measures import LAW
from mixite.frontier.playing import Frontier
from mixite.frontier.words import COUNTED, INTERVALS, MEASURED, label
from mixite.report import drawing, numbers, words
from mixite.report.figures import Drawn, unit_of
from sim.indicators import groups

AGAINST = (("dissimilarity_corrected", "first_quartile"), ("residences_reaching_a_conforter", "all"))
"""What delays are held against: where people live, then what becomes of the residences."""

PUBLICS = ("l441_1", "dalo", "first_quartile")
CHAPTER = "Arbitrage délais / répartition"
"""The page has one chapter of figures."""

WAIT = "wait_housed_months"
BY_STRENGTH = (
    (WAIT, "l441_1"),
    ("housed_12m", "l441_1"),
    ("net_new_households", "first_quartile"),
    ("r1_share", "all"),
    ("entrants_minus_stock", "first_quartile"),
    ("dissimilarity_corrected", "first_quartile"),
)


def draw_all(frontier: Frontier) -> list[Drawn]:
    """Return the figures that have something to show, in the order of the page."""
    drawn, origin = [], source(frontier)
    for name, told, make in FIGURES:
        made = make(frontier)
        if made is not None:
            caption = told(frontier)
            image = drawing.png(made, origin)
            drawn.append(Drawn(name, CHAPTER, image, caption, f"{caption} {origin}"))
    return drawn


def source(frontier: Frontier) -> str:
    """Return the source line of every figure, with the banner."""
    territory, scenario = frontier.context["territory"], frontier.scenario
    years = numbers.several(frontier.years, "an")
    line = (
        f"Source : simulation mixite, scénario « {scenario.name} », territoire « {territory['name']} », "
        f"{years}, taille {numbers.percent(scenario.scale, 0)}, "
        f"{numbers.several(frontier.replications, 'réplique')}, graine {scenario.runs.seed}."
    )
    return f"{line} {words.SYNTHETIC_BANNER}." if territory["synthetic"] else line


def lacking(frontier: Frontier, measures: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the measures that have no value on the free curve, each once."""
    return [each for each in dict.fromkeys(measures) if not panels.known(frontier, each)]


def absent(frontier: Frontier) -> list[str]:
    """Say which measures and which figures are not there, and why."""
    every = [*((WAIT, public) for public in PUBLICS), *LAW, *BY_STRENGTH]
    said = words_of.lacking(lacking(frontier, every))
    if said and len(lacking(frontier, LAW)) == len(LAW):
        said += " Sans parts légales, leur figure n'est pas tracée."
    return [said] if said else []


def delays(frontier: Frontier) -> SubFigure | None:
    """Draw the wait of each public, a column, against each measure of residualisation, a row."""
    publics = [public for public in PUBLICS if panels.known(frontier, (WAIT, public))]
    if not publics:
        return None
    made, axes = drawing.sheet(len(AGAINST), len(publics), width=12.5, height=4.1 * len(AGAINST))
    for place, panel in enumerate(axes):
        line, column = divmod(place, len(publics))
        panels.trade_off(frontier, panel, AGAINST[line], (WAIT, publics[column]), panels.given(frontier))
        if line == 0:
            drawing.title(panel, groups.label(publics[column]), 40)
        if column == 0:
            panel.set_ylabel("attente des ménages logés, mois", fontsize=9)
        panels.given_line(frontier, panel)
    drawing.common_legend(made, axes[0], 4)
    return made


def legal_shares(frontier: Frontier) -> SubFigure | None:
    """Draw the legal shares against the unevenness between residences, with the share of the law."""
    shown = [measure for measure in LAW if panels.known(frontier, measure)]
    if not shown:
        return None
    made, axes = drawing.sheet(1, len(shown), width=12.5, height=4.4)
    for panel, measure in zip(axes, shown, strict=True):
        rule = measure[0].removesuffix("_share").upper()
        asked = frontier.context["law_shares"].get(rule)
        panels.trade_off(frontier, panel, AGAINST[0], measure, () if asked is None else (asked,))
        drawing.title(panel, label(*measure), 60)
        panel.set_ylabel("part des baux, %", fontsize=9)
        if asked is not None:
            panels.level(panel, asked, f"{rule} : {numbers.percent(asked, 0)}")
    drawing.common_legend(made, axes[0], 4)
    return made


def by_strength(frontier: Frontier) -> SubFigure | None:
    """Draw how far results are from strength 0, by strength: paired differences, one line a curve."""
    shown = [measure for measure in BY_STRENGTH if panels.known(frontier, measure)]
    if not shown:
        return None
    lines = (len(shown) + 2) // 3
    made, axes = drawing.sheet(lines, 3, width=12.5, height=3.6 * lines)
    for panel in axes[len(shown) :]:
        panel.set_visible(False)
    for panel, measure in zip(axes, shown, strict=False):
        panels.by_strength(frontier, panel, measure)
        unit = unit_of(measure[0])
        drawing.french_axis(panel, "x")
        drawing.french_axis(panel, "y", percent=unit in numbers.PERCENT, sign=True)
        drawing.title(panel, label(*measure), 38)
        panel.set_ylabel(f"écart à la force 0, {numbers.shown_unit(unit)}", fontsize=9)
        panel.set_xlabel("force des objectifs (1 : ceux du scénario)", fontsize=9)
        panel.grid(axis="y", color="#e3e3e3")
    drawing.common_legend(made, axes[0], 4)
    return made


ABOUT = {
    WAIT: "délais",
    "housed_12m": "délais",
    "net_new_households": "ménages logés (nombre sur toute la période)",
    "r1_share": "obligations",
    "entrants_minus_stock": "niveau",
    "dissimilarity_corrected": "répartition",
}
"""What each result by strength is about."""


def said_of_delays(frontier: Frontier) -> str:
    """Return the caption of the delays."""
    return (
        "Attente des ménages logés, par public, face à la répartition entre résidences puis à la part des "
        "résidences devenues « à conforter ». Le long d'une courbe, la force des objectifs croît de 0 à la "
        "plus grande ; pointillé gris : de la cotation seule à l'orientation par résidence. Contours : les "
        f"politiques nommées, l'un dans l'autre où elles coïncident. {MEASURED} {INTERVALS}"
    )


def said_of_law(frontier: Frontier) -> str:
    """Return the caption of the legal shares."""
    return (
        "Obligations légales face à la répartition entre résidences. Tireté noir : la part que la loi "
        f"demande. {INTERVALS}"
    )


def said_by_strength(frontier: Frontier) -> str:
    """Return the caption of the differences by strength, which counts what is drawn."""
    shown = [measure for measure in BY_STRENGTH if panels.known(frontier, measure)]
    about = ", ".join(dict.fromkeys(ABOUT[name] for name, _ in shown))
    results = f"{COUNTED[len(shown)]} résultat{'s' if len(shown) > 1 else ''}"
    return (
        f"Écart de {results} à la force 0, selon la force des objectifs : {about}. Trait : intervalle à 95 % "
        "sur les répliques appariées ; une flèche : il va au-delà de l'axe ; point creux : non distingué de "
        "zéro."
    )


FIGURES: Sequence[tuple[str, Callable[[Frontier], str], Callable[[Frontier], SubFigure | None]]] = (
    ("arbitrage_delais", said_of_delays, delays),
    ("arbitrage_obligations", said_of_law, legal_shares),
    ("arbitrage_forces", said_by_strength, by_strength),
)
"""A figure's file, its caption and how it is drawn."""
