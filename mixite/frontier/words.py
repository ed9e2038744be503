"""In which French words is the trade-off told to officials?"""

from __future__ import annotations

from mixite.frontier.strengths import floors, points_forgone
from mixite.report import numbers, words
from mixite.report.figures import indicator_label
from sim.indicators import groups
from sim.scenario import Scenario

TITLE = "Arbitrage délais / répartition"

VARIANTS = {
    "free": "objectifs, volumes libres",
    "iso": "objectifs, volumes constants",
}

CURVES_SAID = (
    "Volumes libres : les objectifs peuvent changer qui est logé et où. Volumes constants : autant de "
    "premiers rangs par public que sans objectif, à chaque séance ; seul le lieu change. Ce qui sépare les "
    "deux courbes est donc l'effet de loger d'autres publics."
)

AXES = {
    "dissimilarity_corrected": (
        "dissimilarité du premier quartile entre résidences,\nhors effet du hasard, indice"
    ),
    "residences_reaching_a_conforter": (
        "résidences passées par le type « à conforter »,\n% de celles qui n'en étaient pas"
    ),
}
"""What is written under the axis of a measure of residualisation."""

MEASURED = (
    "Dissimilarité hors effet du hasard : 0, aussi égale que le hasard la fait en moyenne ; 1, séparation "
    "entière ; sous 0, plus égale que le hasard."
)

MATCHING = (
    "Deux façons de suivre les mêmes objectifs. L'orientation : le type de la résidence choisit le public à "
    "accueillir, puis les points ordonnent ; elle lit les publics des objectifs, non leurs planchers, et n'a "
    "donc pas de force. L'appariement : tous les logements d'une séance sont traités ensemble, sous les "
    "obligations légales, et un objectif ne prime qu'un nombre donné de points. Chacune est lue contre la "
    "politique à laquelle elle ajoute une seule chose."
)


def label(indicator: str, group: str) -> str:
    """Return the French name of a measure."""
    return indicator_label(indicator, group)


def variant(name: str) -> str:
    """Return the French name of a curve or of a policy."""
    return VARIANTS.get(name) or words.policy(name)


def strength(value: float) -> str:
    """Return a strength, or a number of months, with the decimals it needs, two at most."""
    needed = next((places for places in (0, 1) if abs(value - round(value, places)) < 1e-9), 2)
    return numbers.number(value, needed)


def law_of_strength(scenario: Scenario) -> str:
    """Say what a strength is, with the scenario's own numbers."""
    assert scenario.frontier is not None
    highest = numbers.percent(scenario.frontier.highest_floor, 0)
    return (
        "La force des objectifs est un seul nombre, qui multiplie ensemble chaque plancher et le nombre de "
        "points de cotation que les objectifs d'un logement peuvent primer. Force 0 : aucun objectif, la "
        "cotation et les obligations légales seules. Force 1 : les objectifs du scénario, avec "
        f"{points_forgone(scenario, 1)} points. Au-delà, un plancher ne dépasse pas {highest}. Un plancher "
        "s'écrit en centièmes entiers. Seule la force 1 porte des planchers publiés : toutes les autres sont "
        "des simulations d'étude, qu'aucune commission ne peut suivre."
    )


def targets_at(scenario: Scenario, value: float) -> str:
    """Return the floors at a strength, in one phrase."""
    if not value:
        return "aucun objectif"
    told = [
        f"{_target(target.public, target.in_qpv, target.in_rpms)} : {percent or 'aucun plancher'}"
        f"{f'{numbers.THIN}%' if percent else ''}"
        for target, percent in zip(scenario.target, floors(scenario, value), strict=True)
    ]
    return " ; ".join(told)


def _target(public: str, in_qpv: bool | None, in_rpms: bool | None) -> str:
    where = {None: "", True: " en QPV", False: " hors QPV"}[in_qpv]
    where += {None: "", True: " en RPMS", False: " hors RPMS"}[in_rpms]
    return f"{groups.label(public)}{where}"
