"""With what was a comparison made: targets, hypotheses, digests, versions, seed?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mixite.report import differences, markup, numbers, objectives, solving, words
from mixite.report.study import Study, group_label
from sim.concerned import figures as of_reading
from sim.territory.columns import PEUPLEMENT_TYPES

CORRECTED = (
    "Un indice « hors effet du hasard » vaut (V − V*)/(1 − V*) : V est l'indice brut, V* sa moyenne si les "
    "mêmes ménages étaient répartis au hasard dans les mêmes résidences, calculée sans tirage. 0 est ce que "
    "le hasard donne en moyenne, 1 une séparation entière ; sous 0, c'est plus égal que le hasard. "
    "Carrington et Troske (1997) divisent par V* sous le hasard ; le même diviseur sert ici des deux côtés, "
    "sans quoi la moyenne au hasard ne serait pas nulle et un écart qui enjambe le hasard serait grossi."
)
"""How indices are corrected for chance (sim/indicators/segregation.py)."""


def hypotheses(study: Study) -> str:
    """Return every behavioural number: the value played, its range, its source or that it is a hypothesis."""
    said = "Les valeurs jouées, avec leur source, ou l'intervalle où elles peuvent se trouver."
    headers = ("Grandeur", "Valeur", "De … à …", "D'où elle vient")
    table = markup.table("Hypothèses et sources", headers, values_played(study))
    reading = markup.table("Conventions de lecture : aucune simulation ne les lit", headers, conventions())
    return markup.section("Hypothèses", markup.paragraph(said), table, reading, anchor="hypotheses")


def conventions() -> list[tuple[str, str, str, str]]:
    """Return a line a convention by which « Qui est concerné ? » is read, as `values_played` does."""
    return [
        (
            figure.label,
            plain(figure.value, figure.unit),
            _range(figure.low, figure.high),
            f"hypothèse : {figure.hypothesis}" if figure.hypothesis else f"source : {figure.source}",
        )
        for figure in of_reading().values()
    ]


def values_played(study: Study) -> list[tuple[str, str, str, str]]:
    """Return a line a behavioural number: name, value played, range, source or hypothesis."""
    rows = []
    for figure in study.hypotheses:
        section, name = figure["name"].split(".")
        played = study.scenario.get(section, {}).get(name, figure["value"])
        origin = (
            f"hypothèse : {figure['hypothesis']}" if figure["hypothesis"] else f"source : {figure['source']}"
        )
        if played != figure["value"]:
            origin = f"fixée par le scénario ; par défaut {plain(figure['value'])}, {origin}"
        span = _range(figure["low"], figure["high"])
        rows.append((figure["label"] or figure["name"], plain(played, figure["unit"]), span, origin))
    return rows


def method(study: Study) -> str:
    """Return the targets, the rule that bounds them, and what identifies the computation."""
    forgone = numbers.number(study.context["max_points_forgone"])
    said = f"Points de cotation qu'un objectif peut faire céder, par bail (max_points_forgone) : {forgone}."
    return markup.section(
        "Méthode",
        markup.subtitle("Objectifs de la stratégie de peuplement"),
        targets(study),
        objectives.coherence(study),
        markup.paragraph(said),
        solving.gaps(study),
        markup.paragraph(CORRECTED),
        markup.subtitle("Ce qui identifie le calcul"),
        markup.table("Versions, empreintes, tirages", ("Élément", "Valeur"), identity(study)),
        anchor="methode",
    )


def targets(study: Study) -> str:
    """Return the targets with the agreement each was published in."""
    rows = target_rows(study)
    if not rows:
        return markup.paragraph("Aucun objectif dans ce scénario.")
    headers = ("Public à accueillir", "Plancher", "Où", "Référence", "Statut")
    return markup.table("Planchers sur les baux signés", headers, rows)


def target_rows(study: Study) -> list[tuple[str, str, str, str, str]]:
    """Return a line a target: public, floor, where, the agreement, and its status."""
    return [
        (
            group_label(target["public"]),
            f"au moins {numbers.percent(target['floor'], 0)} des baux sur {target['months']} mois",
            _where(target),
            _published(target["published_in"]),
            status(target, study.synthetic),
        )
        for target in study.targets
    ]


def status(target: Mapping[str, Any], synthetic: bool) -> str:
    """Return whether a floor was published; nothing is published of a synthetic territory."""
    if target["study"]:
        return "étude seulement"
    return "hypothèse" if synthetic else "publié"


def identity(study: Study) -> list[tuple[str, str]]:
    """Return what a reader needs to compute the same numbers again."""
    manifest, grid = study.manifest, study.context.get("grid", {})
    libraries = manifest.get("library_versions", manifest.get("libraries", {}))
    return [
        ("Scénario", str(study.scenario["name"])),
        ("Empreinte du scénario (SHA-256)", str(manifest.get("scenario_digest", ""))),
        ("Empreinte du territoire (SHA-256)", str(manifest.get("data_digest", ""))),
        (
            "Grille de cotation",
            f"{grid.get('id', '')} ({GRID_STATUS.get(grid.get('status'), grid.get('status', ''))})",
        ),
        *_mutation_grid(study.context.get("mutation_grid")),
        *[("Autre grille jouée", name) for name in study.other_grids],
        ("Version du code", str(manifest.get("code_version", ""))),
        (
            "Python et bibliothèques",
            ", ".join([f"python {manifest.get('python', '')}", *_versions(libraries)]),
        ),
        ("Graine", str(study.scenario["runs"]["seed"])),
        ("Répliques", f"{study.replications}{_sequential(study)}"),
        ("Politique de mise en régime", words.policy(study.scenario["time"]["burn_in_policy"])),
    ]


def _mutation_grid(grid: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Return the grid of mutations' own, and how its points stand beside the others'."""
    if not grid:
        return []
    status = GRID_STATUS.get(grid["status"], grid["status"])
    beside = "ses points sont comparés tels quels à ceux de l'autre grille, sur une même liste"
    return [("Grille propre aux mutations", f"{grid['id']} ({status}) ; {beside}")]


GRID_STATUS = {
    "adopted": "adoptée",
    "proposed": "proposée",
    "repealed": "abrogée",
    "synthetic": "de synthèse",
}


def _sequential(study: Study) -> str:
    """Return how the number of replications was set, when it was set while playing."""
    if not study.stopping:
        return ""
    asked = numbers.percent(study.stopping.precision, differences.decimals(study.stopping.precision))
    return f" (règle séquentielle, précision {asked}, {study.stopping.maximum} au plus)"


def _versions(libraries: Mapping[str, str]) -> list[str]:
    return [f"{name} {number}" for name, number in libraries.items()]


def _where(target: Mapping[str, Any]) -> str:
    """Return the residences a target speaks of."""
    kinds = tuple(target["types"])
    named = (
        "toutes les résidences" if set(kinds) == set(PEUPLEMENT_TYPES) else ", ".join(map(group_label, kinds))
    )
    named += {True: ", en QPV", False: ", hors QPV"}.get(target["in_qpv"], "")
    named += {True: ", en RPMS", False: ", hors RPMS"}.get(target["in_rpms"], "")
    for key, french in PERIMETER.items():
        if target.get(key):
            named += f", {french} {', '.join(target[key])}"
    return f"{EACH[target.get('level', 'residence')]} : {named}"


EACH = {
    "residence": "par résidence",
    "quartier": "par quartier",
    "commune": "par commune",
    "epci": "dans l'EPCI",
}
PERIMETER = {
    "bailleurs": "bailleurs",
    "residences": "résidences",
    "quartiers": "quartiers",
    "communes": "communes",
    "without": "sans",
}
"""How the keys of a target that name places are told."""


def _published(place: Mapping[str, Any]) -> str:
    return f"{place['reference']}, {place['on']}, {place['perimeter']}"


def plain(value: float | Mapping[str, float], unit: str = "") -> str:
    """Return a number as the files write it, with a decimal comma, and its unit; of a table, each in turn."""
    if isinstance(value, Mapping):
        return " ; ".join(f"{group_label(name)} {plain(part, unit)}" for name, part in value.items())
    text = f"{value:g}".replace(".", ",")
    return f"{text} {unit}".strip()


def _range(low: float | None, high: float | None) -> str:
    return numbers.ABSENT if low is None or high is None else f"{plain(low)} à {plain(high)}"
