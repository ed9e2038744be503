"""Can a criterion ever give points, and if not, what stands in the way?

Every combination of the values that matter is scored (`cells`): the answer is exact. Beyond a bound of
combinations the question is left open, and the criterion is taken as reachable.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from sim.rules.cotation.cells import bounds, cells, constants, crossed, whole
from sim.rules.cotation.codes import REQUEST_KINDS
from sim.rules.cotation.grid import Band, Bounds, Criterion, Grid
from sim.rules.cotation.score import lines, score

CONTRADICTION = "la condition se contredit : aucune demande ne peut la remplir"
BEYOND = "hors des valeurs qu'un fichier de demandes admet"
NOBODY = "population vide : les demandes visées par applies_to ne remplissent jamais la condition"
OUT_OF_SCOPE = "aucune demande du champ (scope) ne remplit la condition"
NO_POINTS = "le critère ne donne jamais de point"


@dataclass(frozen=True)
class Step:
    """What is asked of a criterion at one step, and what is said when it fails there first."""

    reason: str
    bounded: bool = True
    population: bool = True
    scope: bool = True


STEPS = (
    Step(CONTRADICTION, bounded=False, population=False, scope=False),
    Step(BEYOND, population=False, scope=False),
    Step(NOBODY, scope=False),
    Step(OUT_OF_SCOPE),
)


def unreachable(grid: Grid, criterion: Criterion) -> str | None:
    """Return why a criterion never gives a point nor raises its flag, in French; None when it can."""
    if not _gives(criterion):
        return NO_POINTS
    for step in STEPS:
        if fires(grid, criterion, step) is False:
            return step.reason
    return None


def fires(grid: Grid, criterion: Criterion, step: Step) -> bool | None:
    """Tell whether a criterion gives something to somebody at this step; None beyond MOST combinations."""
    one = criterion.model_copy(
        update={"group": None} | ({} if step.population else {"applies_to": REQUEST_KINDS})
    )
    alone = grid.model_copy(
        update={
            "id": f"{grid.id}-{criterion.id}",
            "scope": grid.scope if step.scope else None,
            "criteria": (one,),
            "groups": (),
            "total": Bounds(),
            "examples": (),
        }
    )
    compared = constants(one, alone.scope)
    if step.population and set(one.applies_to) != set(REQUEST_KINDS):
        compared.setdefault("request_kind", []).append(REQUEST_KINDS)
        if "housing_modes" in compared:
            compared["housing_modes"].append(("HLM",))
    facts = crossed({name: cells(name, values, step.bounded) for name, values in compared.items()})
    if facts is None:
        return None
    n = len(next(iter(facts.values()))) if facts else 1
    if one.effect is not None:
        raised = score(alone, facts, n)
        return bool((raised.absolute_priority | raised.excluded).any())
    ((_, given),) = lines(alone, facts, n)
    return bool(np.any(given != 0))


def bands_beyond(criterion: Criterion) -> list[tuple[int, Band]]:
    """Return the bands no value of a demands file reaches, with their position."""
    if criterion.attr is None:
        return []
    low, high = bounds(criterion.attr)
    beyond = []
    for position, band in enumerate(criterion.bands or ()):
        first = max(low, -np.inf if band.from_ is None else band.from_)
        last = np.inf if band.to is None else band.to
        inside = np.ceil(first) < last and np.ceil(first) <= high if whole(criterion.attr) else first < last
        if not inside or first > high:
            beyond.append((position, band))
    return beyond


def holes(criterion: Criterion) -> list[tuple[float, float]]:
    """Return the intervals between two bands that belong to none and hold a possible value."""
    spans = sorted(
        (-np.inf if band.from_ is None else band.from_, np.inf if band.to is None else band.to)
        for band in criterion.bands or ()
    )
    found = []
    for (_, end), (start, _) in itertools.pairwise(spans):
        if end < start and (not whole(str(criterion.attr)) or np.ceil(end) < start):
            found.append((float(end), float(start)))
    return found


def _gives(criterion: Criterion) -> bool:
    """Tell whether a criterion has points to give at all, or an effect."""
    amounts = [criterion.points, *(band.points for band in criterion.bands or ())]
    if criterion.per_unit:
        amounts.append(criterion.per_unit.points if criterion.per_unit.cap != 0 else 0)
    return criterion.effect is not None or any(amount for amount in amounts)
