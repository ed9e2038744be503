"""Who asks, with how many points and which traits, for which typology and commune?

One row a pending demand. Without a grid the months of seniority stand for the points. Left out on purpose:
changes of a demand after the territory's date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.cotation import Grid, derived, missing, score, seniority_months
from sim.rules.cotation.codes import DALO_STATUS
from sim.rules.eligibility import first_quartile_threshold, income_uc_eur, plus_ceiling_eur
from sim.rules.law import Law
from sim.rules.traits import People, trait
from sim.territory.columns import Bools, Demands, Floats, Ints, Territory

TRAITS = ("dalo", "l441_1", "first_quartile", "q2_q4", "mutation", "essential_worker")
"""The traits told apart, all admitted for `indicator`; "all" stands before them."""

TYPOLOGIES = ("T1", "T2", "T3", "T4", "T5 et plus")
"""A demand or a dwelling of rooms r is of the typology min(r, 5) - 1."""


@dataclass(frozen=True)
class Pending:
    """The n demands pending on the territory's date."""

    points: NDArray[Any]  # (n,) points, or months of seniority where there is no grid
    scored: bool  # false where months of seniority stand for points
    absolute_priority: Bools  # (n,)
    excluded: Bools  # (n,) by the grid
    in_scope: Bools  # (n,) of the grid
    traits: Mapping[str, Bools]  # "all", then TRAITS, each (n,)
    commune: Ints  # (n,) first wish, index into Territory.communes
    typology: Ints  # (n,) smallest one accepted, index into TYPOLOGIES
    missing: Mapping[str, int]  # attribute the grid reads -> demands that lack it
    q1_threshold_eur: float  # EUR a year and consumption unit, NaN where unknown

    @property
    def size(self) -> int:
        """Return the number of demands."""
        return len(self.points)


def pending(
    territory: Territory, law: Law, grid: Grid | None = None, q1_threshold_eur: float | None = None
) -> Pending:
    """Return the pending demands of a territory, scored on its date.

    1. Read the facts: the attributes of the demands, and what derives from their columns on the day.
    2. Score them under the grid; without one, count the full months since filing.
    3. Read their traits; the threshold of the first quartile is computed from them unless it is given.

    Parameters
    ----------
    q1_threshold_eur : EUR a year and consumption unit, None to compute it from the pending incomes
    """
    demands, on = territory.demands, territory.as_of
    count = len(demands.demand_id)
    facts = _facts(demands, on)
    people = people_of(territory, law, q1_threshold_eur, facts)
    nobody = np.zeros(count, dtype=np.bool_)
    columns: dict[str, Any] = {
        "points": seniority_months(demands.filed_on, on),
        "absolute_priority": nobody,
        "excluded": nobody,
        "in_scope": ~nobody,
        "missing": {},
    }
    if grid is not None:
        given = score(grid, facts, count)
        columns = {
            "points": given.total,
            "absolute_priority": given.absolute_priority,
            "excluded": given.excluded,
            "in_scope": given.in_scope,
            "missing": {name: int(lacks.sum()) for name, lacks in missing(grid, facts, count).items()},
        }
    return Pending(
        scored=grid is not None,
        traits={"all": ~nobody, **{name: trait(name).of(people) for name in TRAITS}},
        commune=demands.first_commune,
        typology=typology(demands.rooms_min),
        q1_threshold_eur=people.q1_threshold_eur,
        **columns,
    )


def people_of(
    territory: Territory,
    law: Law,
    q1_threshold_eur: float | None = None,
    facts: Mapping[str, NDArray[Any]] | None = None,
) -> People:
    """Return the households of the pending demands, as their traits read them.

    Parameters
    ----------
    q1_threshold_eur : EUR a year and consumption unit, None to compute it from the pending incomes
    facts : those of the demands on the territory's date, read where not given
    """
    demands = territory.demands
    income = income_uc_eur(law, demands.monthly_income_eur, demands.adults, demands.children, demands.teens)
    threshold = first_quartile_threshold(income) if q1_threshold_eur is None else q1_threshold_eur
    facts = _facts(demands, territory.as_of) if facts is None else facts
    return _people(demands, law, facts, income, threshold)


def typology(rooms: Ints) -> Ints:
    """Return the typology of so many rooms, index into TYPOLOGIES."""
    return np.clip(rooms, 1, len(TYPOLOGIES)) - 1


def _facts(demands: Demands, on: date) -> dict[str, NDArray[Any]]:
    """Return the facts of the demands; a declared DALO status stands before the date of recognition."""
    recognised = demands.dalo_recognised_on <= np.datetime64(on, "D")  # NaT is never before
    facts: dict[str, NDArray[Any]] = {
        **demands.attributes,
        **derived(
            demands.filed_on,
            on,
            demands.mutation_of >= 0,
            recognised,
            demands.age,
            demands.adults,
            demands.children,
        ),
    }
    active = np.isin(np.arange(len(DALO_STATUS)), [DALO_STATUS.index("ACTIF"), DALO_STATUS.index("ACTREL")])
    status = demands.attributes.get("dalo_status")
    if status is not None:
        facts["dalo_status"] = np.where(status >= 0, status, facts["dalo_status"])
        facts["dalo"] = np.where(status >= 0, active[np.maximum(status, 0)], facts["dalo"])
    declared = demands.attributes.get("dalo")
    if declared is not None:
        facts["dalo"] = np.where(declared >= 0, declared == 1, facts["dalo"])
    return facts


def _people(
    demands: Demands, law: Law, facts: Mapping[str, NDArray[Any]], income: Floats, threshold: float
) -> People:
    def flag(name: str) -> Bools:
        held: Bools = np.asarray(facts.get(name, np.zeros(len(income), dtype=np.int8))) == 1
        return held

    alone = (demands.adults == 1) & (demands.children > 0)
    return People(
        adults=demands.adults,
        children=demands.children,
        teens=demands.teens,
        age=demands.age,
        activity=demands.activity,
        income_uc_eur=income,
        rfr_eur=demands.rfr_eur,
        mutation=demands.mutation_of >= 0,
        dalo=flag("dalo"),
        recognised=demands.l441_1 | flag("pdalhpd") | flag("accord_collectif"),
        violence=flag("violence_proven"),
        relogement=flag("right_to_rehousing"),
        essential_worker=flag("essential_worker"),
        needs_accessible=demands.needs_accessible,
        q1_threshold_eur=threshold,
        plus_ceiling_eur=plus_ceiling_eur(law, demands.adults + demands.children, alone),
    )
