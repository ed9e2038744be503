"""Can the targets of a scenario be met: what is said of it at the start of a run, by `check` and in JSON?

Left out on purpose: how it is found (sim/objectives), the words of one row and of a proposal
(mixite/objectives_words.py), the section of the report (mixite/report/objectives.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mixite.objectives_words import baux, conflict_sentence, fragment, lieux, row_sentence, title
from mixite.report.numbers import number
from mixite.report.words import day
from sim.territory.files.faults import Fault, FaultsFound

if TYPE_CHECKING:
    from sim.objectives import Coherence
    from sim.portrait.vacancies import Expected
    from sim.scenario import Scenario
    from sim.territory.columns import Territory

SHOWN = 8
"""Rows told one by one on a terminal, for each target; JSON holds them all."""


def examined(scenario: Scenario, territory: Territory) -> Coherence | None:
    """Return whether the targets of a scenario can be met; None where it has none, or nobody waits.

    Raises
    ------
    FaultsFound
        with every place the territory does not know, or every contradiction between floors.
    """
    if not scenario.target:
        return None
    from sim.objectives import coherence

    return coherence(scenario, territory, _observed(scenario, territory))


def examined_with_variants(
    scenario: Scenario, territory: Territory
) -> tuple[Coherence | None, dict[int, Coherence]]:
    """Return what `examined` does of a scenario, and of each variant that sets targets, by its place.

    Raises
    ------
    FaultsFound
        with the faults of the scenario and of all these variants.
    """
    from sim.scenario import changed, said_of_variant, sets_targets

    faults: list[Fault] = []
    own, varied = None, {}
    try:
        own = examined(scenario, territory)
    except FaultsFound as found:
        faults += found.faults
    for place, variant in enumerate(scenario.variant):
        if not sets_targets(variant):
            continue
        try:
            told = examined(changed(scenario, variant.set), territory)
        except FaultsFound as found:
            faults += (said_of_variant(fault, place) for fault in found.faults)
        else:
            varied |= {} if told is None else {place: told}
    if faults:
        raise FaultsFound(faults)
    return own, varied


def _observed(scenario: Scenario, territory: Territory) -> Expected | None:
    """Return the leases of the trailing year of a territory's folder, None where too few or none."""
    from mixite.portrait import leases_of
    from sim.portrait.vacancies import from_leases
    from sim.process.world import law_of

    folder = scenario.path(scenario.territory.path)
    leases = leases_of(folder, territory) if folder.is_dir() else None
    if leases is None:
        return None
    least, count = law_of(scenario).small_number, len(territory.dwellings.rooms)
    return from_leases(leases.dwelling, leases.signed_on, territory.as_of, count, least)


def line(found: Coherence) -> str:
    """Return what is said in one line before anything is played."""
    short = [row for row in found.short if row.objective >= 0]
    many = sum(row.objective >= 0 for row in found.rows)
    if not short:
        return (
            f"objectifs : tenables ensemble et avec la loi sur {baux(found.leases)} attendus par an ; "
            f"marge : {found.margin} {'point' if found.margin < 2 else 'points'}"
        )
    missing = sum(row.short for row in short)
    where = f"{lieux(len(short))} sur {many}"
    return (
        f"objectifs : hors d'atteinte dans {where}, il manque au mieux {baux(missing, 1)} par an "
        f"sur {number(found.leases)} attendus"
    )


def lines(scenario: Scenario, own: Coherence | None, varied: Mapping[int, Coherence]) -> Iterator[str]:
    """Give the line of a scenario, then that of each variant that sets targets, with the way out if any."""
    told = {"": own} | {f"variante « {scenario.variant[at].label} », ": each for at, each in varied.items()}
    for name, found in told.items():
        if found is not None:
            hint = "" if found.met else " ; « mixite check » propose des planchers tenables"
            yield f"{name}{line(found)}{hint}"


def warnings(found: Coherence, file: str) -> Iterator[Fault]:
    """Give what to know of the targets before playing them: what each row misses, why, and what is thin."""
    for row in found.short:
        if row.objective < 0:
            yield Fault(file, f"sans aucun objectif, la loi est hors d'atteinte : {row_sentence(row)}")
    for place, target in enumerate(found.targets):
        key, rows = f"target[{place}]", found.of(place)
        short = sorted((row for row in rows if row.short > 0), key=lambda row: -row.short)
        for row in short[:SHOWN]:
            yield Fault(file, row_sentence(row), column=f"{key}.floor", value=title(target))
        if len(short) > SHOWN:
            missing = baux(sum(row.short for row in short[SHOWN:]), 1)
            text = f"et {lieux(len(short) - SHOWN)} de plus, où il manque en tout {missing} par an"
            yield Fault(file, text, "--json les donne tous", column=f"{key}.floor")
        if not rows:
            yield Fault(file, "ne porte sur aucun logement", "revoir les types et les lieux", column=key)
        if found.few[place]:
            yield Fault(
                file,
                f"{lieux(found.few[place])} sur {len(rows)} : moins de {found.small} baux attendus en "
                f"{target.months} mois, l'écart au plancher y tient au hasard de quelques baux",
                'un niveau plus large (level = "quartier", "commune" ou "epci") se lit mieux',
                column=key,
            )
        if found.nowhere[place]:
            yield Fault(
                file,
                f"résidences sans quartier, hors de l'objectif : {found.nowhere[place]}",
                "remplir la colonne quartier de la table residences",
                column=key,
            )
        if found.uncapable[place]:
            yield Fault(
                file,
                f"{lieux(found.uncapable[place])} sur {len(rows)} : que des résidences « en vigilance » ou "
                "« à conforter » ; ce public s'accueille là où il y a de la capacité",
                'choisir les types, types = ["en_capacite", "en_equilibre"]',
                column=key,
            )
        if place in found.late:
            yield Fault(
                file,
                f"publié le {day(target.published_in.on.isoformat())}, après le début de la simulation "
                f"({day(found.start.isoformat())}), qui le suit dès ce jour",
                "corriger la date ; « mixite suggest » refuse un objectif publié après la séance",
                column=f"{key}.published_in.on",
            )
    if found.conflict:
        yield Fault(file, conflict_sentence(found), "voir les planchers tenables proposés", column="target")


def as_json(found: Coherence) -> dict[str, Any]:
    """Return the whole of what was found, as plain data."""
    return {
        "met": found.met,
        "margin_points": found.margin,
        "leases_a_year": found.leases,
        "neutral_leases_a_year": found.neutral,
        "leases_source": found.source,
        "rows": [
            {
                "target": row.objective if row.objective >= 0 else None,
                "place": row.place,
                "leases_a_year": row.leases,
                "affordable_a_year": row.affordable,
                "floor": row.percent / 100,
                "short_a_year": row.short,
                "short_points": row.points,
                "proposed_floor": row.proposed / 100,
            }
            for row in found.rows
        ],
        "conflict": [row.place for row in found.conflict],
        "few_leases": [
            {"target": place, "rows": few, "under": found.small} for place, few in enumerate(found.few) if few
        ],
        "proposal": "" if found.met else fragment(found),
    }
