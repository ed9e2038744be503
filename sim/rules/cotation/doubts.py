"""What in a sound grid deserves a second look: doubtful, allowed, and said with a way out?

Holes between bands, criteria that nobody can meet, attributes an SNE file does not carry, priority publics of
the law that gain nothing, a DALO household outranked by waiting.
None of it stops the grid: the EPCI decides its criteria and weights (CCH R.441-2-10 11°).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.rules.cotation.cells import bounds
from sim.rules.cotation.dalo import Outranked, outranked
from sim.rules.cotation.examples import facts_of_example
from sim.rules.cotation.grid import Grid
from sim.rules.cotation.priorities import PRIORITIES
from sim.rules.cotation.reach import bands_beyond, holes, unreachable
from sim.rules.cotation.score import lines, reads, score
from sim.territory.files.faults import Fault

ABSENT_FROM_SNE = {
    "pdalhpd": "à compléter par le réservataire (labellisation)",
    "accord_collectif": "à compléter par le réservataire (labellisation)",
    "qpv_residence": "à compléter par le géocodage de l'adresse",
    "essential_worker": "la profession y est un texte libre : à vérifier à la main",
    "income_quartile": "à calculer avec le seuil annuel de l'EPCI",
    "unjustified_refusals_24m": "à tenir par le service qui enregistre les refus",
    "violence_proven": "à saisir sur pièces",
    "social_assessment": "à saisir sur pièces",
    "false_statement": "à saisir sur pièces",
    "right_to_rehousing": "déduit du motif 02 (démolition), sinon à saisir",
}
"""Attributes that no SNE file carries, and where they come from instead."""


def doubts(grid: Grid, file: str = "") -> list[Fault]:
    """Return the warnings about a sound grid, each with its place and a way out."""
    found = (_holes(grid), _unreachable(grid), _absent(grid), _priorities(grid), _passed(grid))
    return [
        Fault(file, message, mend, column=place, value=value)
        for kind in found
        for place, value, message, mend in kind
    ]


Doubt = tuple[str, str, str, str]
"""Place, value, message, way out."""


def _holes(grid: Grid) -> Iterator[Doubt]:
    for place, criterion in enumerate(grid.criteria):
        for low, high in holes(criterion):
            message = f"trou entre deux tranches : de {low:g} à {high:g} exclu, le critère ne donne rien"
            mend = "prolonger une tranche, ou écrire une tranche à 0 point si c'est voulu"
            yield f"criteria[{place}].bands", criterion.id, message, mend


def _unreachable(grid: Grid) -> Iterator[Doubt]:
    for place, criterion in enumerate(grid.criteria):
        if reason := unreachable(grid, criterion):
            mend = "corriger la condition, ou retirer le critère"
            yield f"criteria[{place}]", criterion.id, f"critère jamais rempli : {reason}", mend
            continue
        low, high = bounds(str(criterion.attr))
        for position, _ in bands_beyond(criterion):
            message = f"tranche jamais atteinte : {criterion.attr} va de {low:g} à {high:g}"
            yield (
                f"criteria[{place}].bands[{position}]",
                criterion.id,
                message,
                "corriger ou retirer la tranche",
            )


def _absent(grid: Grid) -> Iterator[Doubt]:
    for name in sorted(reads(grid) & ABSENT_FROM_SNE.keys()):
        message = "attribut absent d'un fichier du SNE : sans lui, le critère ne donne rien"
        yield "criteria", name, message, ABSENT_FROM_SNE[name]


def unrewarded(grid: Grid) -> list[str]:
    """Return the names of the priority publics to whom no criterion gives points nor absolute priority."""
    open_to_all = grid.model_copy(update={"id": f"{grid.id}-publics", "scope": None, "examples": ()})
    return [one.name for one in PRIORITIES if not _gains(open_to_all, dict(one.facts), dict(one.beside))]


def _gains(grid: Grid, told: dict[str, Any], beside: dict[str, Any]) -> bool:
    """Tell whether declaring a public raises a line or a flag, for a first demand or for a mutation."""
    for kind in ("primo", "mutation"):
        plain = facts_of_example({"request_kind": kind, **beside})
        with_it = facts_of_example({"request_kind": kind, **beside, **told})
        before, after = (score(grid, facts, 1) for facts in (plain, with_it))
        gained = zip(lines(grid, plain, 1), lines(grid, with_it, 1), strict=True)
        if any(b[0] > a[0] for (_, a), (_, b) in gained):
            return True
        if bool(np.any(after.absolute_priority & ~before.absolute_priority)):
            return True
    return False


def _priorities(grid: Grid) -> Iterator[Doubt]:
    absent = unrewarded(grid)
    for one in PRIORITIES:
        if one.name in absent:
            message = f"aucun critère ne met en œuvre cette priorité : {one.label_fr} ({one.article})"
            yield "criteria", one.name, message, "ajouter un critère (CCH R.441-2-10 11°), ou dire pourquoi"


def _passed(grid: Grid) -> Iterator[Doubt]:
    found = outranked(grid)
    if "dalo" in unrewarded(grid):
        return  # said already: nothing distinguishes a DALO household
    mend = "plafonner l'ancienneté (cap), relever les points du DALO, ou assumer ce délai"
    for against, who in (
        (found.ageing, "une demande sans priorité, par la seule ancienneté,"),
        (found.best, "la demande sans priorité la mieux cotée que la recherche trouve"),
    ):
        only_ages = against is found.best and not against.facts  # said already by the first
        if against.months is not None and not only_ages:
            yield "criteria", "dalo", f"{who} passe un ménage DALO {_when(found, against.months)}", mend


def _when(found: Outranked, months: int) -> str:
    points = f"{found.dalo_points:g}"
    after = f"après {months} mois" if months else "dès le dépôt"
    return f"du jour même {after} ({points} points pour le DALO)"
