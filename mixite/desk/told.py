"""What does `suggest --json` answer, and in which words is each name's place explained?

The words are a commission's own. A reason says of a demand what the order rests on: pool, size, deadline,
cotation, row. Left out on purpose: anything of the household beyond that.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from mixite.desk.dossier.labels import spoken
from mixite.desk.suggesting import Suggestion
from sim.outcomes import DAY_S
from sim.policies.reasons import Suggested
from sim.process import dalo
from sim.rules.traits import has
from sim.territory.columns import RESERVATAIRES

POOLS = {
    "named": "liste nominative du réservataire",
    "delegated": "vivier désigné par le réservataire",
    "bailleur": "ensemble des demandes compatibles",
}
SHORT = {
    "commune": "aucune demande ne souhaite cette commune",
    "vivier": "moins de trois demandes éligibles dans le vivier",
    "listes": "demandes éligibles déjà présentées ailleurs",
    "prefet": "ménage désigné seul par le préfet (DALO)",
    "": None,
}
POINTS = {
    "grid": "cotation : {points} points",
    "given": "cotation : {points} points (donnés dans le fichier)",
    "seniority": "ancienneté de la demande",
}


def as_json(found: Suggestion) -> dict[str, Any]:
    """Return the answer of `suggest --json`."""
    world, sitting = found.today.world, found.sitting
    names = world.territory.dwellings.dwelling_id
    by_vacancy: dict[int, list[Suggested]] = {place: [] for place in range(len(sitting))}
    for one in found.suggested:
        by_vacancy[one.vacancy].append(one)
    return {
        "sitting": found.request.on.isoformat(),
        "policy": found.request.policy,
        "verified": True,  # checked against the law before it is returned; else the program fails
        "ties": found.shortlist.evidence.get("ties"),  # None too where a policy matches nothing jointly
        "dwellings": [
            {
                "dwelling_id": str(names[vacancy.dwelling]),
                "available_on": found.request.known.vacant[place].available_on.isoformat(),
                "reservataire": RESERVATAIRES[vacancy.reservataire],
                "designation_mode": found.request.known.vacant[place].mode,
                "eligible": len(sitting.pools[place]),
                "short_reason": SHORT[short_reason(found, place)],
                "candidates": [
                    {
                        "rank": one.rank,
                        "demand_id": demand_id(found, one.demand),
                        "points": points(found, one.points),
                        "reasons": list(map(spoken, reasons(found, one))),
                    }
                    for one in by_vacancy[place]
                ],
                "not_presented_count": found.passed[place],
                "not_presented_rows": not_presented(found, place),
            }
            for place, vacancy in enumerate(found.today.vacancies)
        ],
        "rows": [
            {
                "label": spoken(row.label),
                "percent": row.percent,
                "before": list(row.before),
                "if_signed": list(row.if_signed),
            }
            for row in found.rows
        ],
        "not_presented": [
            {
                "dwelling_id": str(names[sitting.dwelling[one.vacancy]]),
                "demand_id": demand_id(found, one.demand),
                "points": points(found, one.points),
                "reason": spoken(one.sentence),
                "row": spoken(" et ".join(one.rows)) or None,
                "confirmed": one.confirmed,
            }
            for one in found.not_presented
        ],
        "notes": list(found.request.notes),
        "dropped_columns": list(found.request.dropped_columns),
    }


def points(found: Suggestion, counted: int) -> int:
    """Return points as they are shown: none where the order is by seniority."""
    return 0 if found.request.points == "seniority" else counted


def demand_id(found: Suggestion, position: int) -> str:
    """Return the numéro unique of a position of the sitting."""
    return str(found.today.state.register.demand_id[found.sitting.demand[position]])


def rehoused(found: Suggestion, position: int) -> bool:
    """Tell whether an operation rehouses the household of a position; no date is set to it."""
    return bool(has(found.sitting.signature[position], "relogement"))


def deadline(found: Suggestion, position: int) -> date | None:
    """Return by when a dwelling is owed under DALO to a position of the sitting, None where it is not."""
    state, world = found.today.state, found.today.world
    row = found.sitting.demand[[position]]
    if not state.register.under_dalo(row, state.now_s)[0]:
        return None
    return world.day(int(dalo.deadlines(world, state.register, row)[0]) // DAY_S * DAY_S)


def not_presented(found: Suggestion, place: int) -> dict[str, int]:
    """Return how many better scored demands are not presented for a dwelling, by row or by other reason."""
    if found.explained is None:
        return {}
    return {spoken(label): count for label, count in found.explained.counts.get(place, {}).items()}


def short_reason(found: Suggestion, place: int) -> str:
    """Return why a list is shorter than three names, a key of SHORT."""
    sitting = found.sitting
    listed = int((found.shortlist.rows[place] >= 0).sum())
    if place in sitting.named:
        return "prefet"
    if listed >= sitting.min_candidates:
        return ""
    commune = found.today.world.commune[sitting.dwelling[place]]
    if not found.request.territory.demands.wishes[:, commune].any():
        return "commune"
    return "vivier" if len(sitting.pools[place]) < sitting.min_candidates else "listes"


def reasons(found: Suggestion, one: Suggested) -> list[str]:
    """Return what a name's place on its list rests on, a French phrase each."""
    sitting, request = found.sitting, found.request
    noun = "demandes" if one.eligible > 1 else "demande"
    said = [f"{POOLS[request.known.vacant[one.vacancy].mode]} : {one.eligible} {noun}"]
    if one.vacancy in sitting.named and sitting.named[one.vacancy] == one.demand:
        said.append("désignation du préfet (DALO)")
    elif sitting.owed.get(one.vacancy) == one.demand:
        said.append("premier logement adapté dû après un refus en RPMS (L. 441-2-2)")
    elif sitting.locked.get(one.vacancy) == one.demand:
        said.append("choix de l'instructeur")
    if rehoused(found, one.demand):
        said.append("opération de relogement")
    due = deadline(found, one.demand)
    if due is not None:
        said.append(f"échéance du {due:%d/%m/%Y}")
    said.append(POINTS[request.points].format(points=one.points))
    return [*said, *(f"sert « {label} »" for label in one.rows)]
