"""In which French words is the trade-off told to officials?"""

from __future__ import annotations

from collections.abc import Sequence

from mixite.frontier.measures import LAW
from mixite.frontier.strengths import floors, points_forgone
from mixite.report import numbers, words
from mixite.report.figures import indicator_label
from sim.indicators import groups
from sim.indicators.quotas import SMALLEST_BASE
from sim.scenario import Scenario

TITLE = "Arbitrage délais / répartition"

TOO_FEW = "effectif insuffisant"
NOT_LIVED = "aucune valeur dans les simulations"

COUNTED = ("aucun", "un", "deux", "trois", "quatre", "cinq", "six")
"""Small numbers in letters."""

INTERVALS = (
    "Traits fins : intervalle à 95 % de la moyenne des répliques, aléa de simulation seul, borné aux valeurs "
    "possibles ; une flèche : il va au-delà de l'axe."
)

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


def lacking(measures: Sequence[tuple[str, str]]) -> str:
    """Say which measures have no value, and why; nothing where all have one."""
    if not measures:
        return ""
    told = " ; ".join(
        f"{label(*measure)} ({too_few() if measure in LAW else NOT_LIVED})" for measure in measures
    )
    return f"Mesures sans valeur, absentes des figures : {told}."


def too_few() -> str:
    """Say why a legal share has no value."""
    return f"{TOO_FEW} : moins de {SMALLEST_BASE} baux sur la période"


def variant(name: str) -> str:
    """Return the French name of a curve or of a policy."""
    return VARIANTS.get(name) or words.policy(name)


def strength(value: float) -> str:
    """Return a strength, or a number of months, with the decimals it needs, two at most."""
    needed = next((places for places in (0, 1) if abs(value - round(value, places)) < 1e-9), 2)
    return numbers.number(value, needed)


def law_of_strength(scenario: Scenario, synthetic: bool) -> str:
    """Say what a strength is, with the scenario's own numbers; `synthetic` : the territory is."""
    assert scenario.frontier is not None
    highest = numbers.percent(scenario.frontier.highest_floor, 0)
    return (
        "La force des objectifs est un seul nombre, qui multiplie ensemble chaque plancher et le nombre de "
        "points de cotation que les objectifs d'un logement peuvent primer. Force 0 : aucun objectif, la "
        "cotation et les obligations légales seules. Force 1 : les objectifs du scénario, avec "
        f"{points_forgone(scenario, 1)} points. Au-delà, un plancher ne dépasse pas {highest}. Un plancher "
        f"s'écrit en centièmes entiers. {_published(scenario, synthetic)}"
    )


def _published(scenario: Scenario, synthetic: bool) -> str:
    """Say which strengths hold floors that somebody has published."""
    others = "des simulations d'étude, qu'aucune commission ne peut suivre"
    if synthetic:
        return f"Territoire de synthèse : aucun plancher n'est publié. Toutes les forces sont {others}."
    study = sum(target.study for target in scenario.target)
    if not study:
        return f"Seule la force 1 porte des planchers publiés : toutes les autres sont {others}."
    part = "aucun plancher n'est publié" if study == len(scenario.target) else "tous ne sont pas publiés"
    return f"À la force 1, {part} (study = true). Toutes les forces sont {others}."


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
