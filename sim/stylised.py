"""How does a stylised case, a queue of the textbooks, become an ordinary scenario?

Households of a few types wait for dwellings of a few kinds; each kind is freed at Poisson times, or has units
freed when a tenancy ends. Decoded, a kind of dwelling is a commune, a type of household a template that
wishes some communes, and priority a criterion of a grid: the same engine plays it, with sittings held at
once, one name a list, and every offer accepted on the spot. Nothing of the law stands in the way: no quota,
one-person households without a known income in dwellings of one room.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from sim.rules.cotation import Grid
from sim.scenario import Scenario, scenario_of
from sim.stylised_faults import incoherences
from sim.territory.columns import (
    FINANCINGS,
    RESERVATAIRES,
    Demands,
    Dwellings,
    Occupants,
    Residences,
    Territory,
    frozen,
)
from sim.territory.files import toml
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.toml import Model

UNIT_S = 1_000_000
"""Seconds in a unit of time."""

LONGEST = 250_000.0
"""Units of time in a horizon, at most: a civil date must exist for the last of them."""

START = date(2026, 1, 1)
NONE = RESERVATAIRES.index("aucun")


def _printable(name: str) -> str:
    if not name.isprintable():
        raise ValueError("un id ne porte ni retour à la ligne ni caractère invisible")
    return name


Id = Annotated[str, Field(min_length=1), AfterValidator(_printable)]


class CaseTenancy(Model):
    """Law of a tenancy; mean in units of time, `cv2` the squared coefficient of variation of a gamma."""

    law: Literal["exponential", "deterministic", "gamma"] = "exponential"
    mean: float = Field(gt=0)
    cv2: float = Field(default=1.0, gt=0)


class CaseHousehold(Model):
    """[[household]]: a type of household."""

    id: Id
    rate: float = Field(ge=0)
    accepts: tuple[str, ...] = Field(min_length=1)
    abandonment_rate: float = Field(default=0.0, ge=0)
    priority: int = 1
    waits: bool = True
    tenancy: CaseTenancy | None = None


class CaseDwelling(Model):
    """[[dwelling]]: a kind of dwelling, with a rate of vacancies or a number of units."""

    id: Id
    vacancy_rate: float | None = Field(default=None, ge=0)
    units: int | None = Field(default=None, ge=1, le=100_000)

    @model_validator(mode="after")
    def _one_of_both(self) -> CaseDwelling:
        if (self.vacancy_rate is None) == (self.units is None):
            raise ValueError("donner vacancy_rate ou units, l'un des deux")
        return self


class Expected(Model):
    """[[expected]]: what theory says of one measure, and by which formula."""

    measure: Literal["waiting_mean", "wait_mean", "housed_share", "lost_share", "delay_probability"]
    of: str | None = None  # household or dwelling; None for delay_probability
    value: float
    formula: str


class Case(Model):
    """A stylised case; rates are per unit of time."""

    kind: Literal["stylised"]
    label: str = ""
    source: str = ""
    horizon: float = Field(gt=0, le=LONGEST)
    warm_up: float = Field(default=0.0, ge=0)
    discipline: Literal["fcfs", "priority"] = "fcfs"
    household: tuple[CaseHousehold, ...] = Field(min_length=1)
    dwelling: tuple[CaseDwelling, ...] = Field(min_length=1)
    expected: tuple[Expected, ...] = ()

    @model_validator(mode="after")
    def _coherent(self) -> Case:
        faults = list(incoherences(self.model_dump(), "", UNIT_S))
        if faults:
            raise ValueError(" ; ".join(str(fault) for fault in faults))
        return self


def load_case(path: Path) -> Case:
    """Read a stylised case.

    Raises
    ------
    FaultsFound
        with every fault of the file.
    """
    data, faults = toml.read(path), list[Fault]()
    try:
        return toml.decode(data, Case, path.name)
    except FaultsFound as found:
        faults += [fault for fault in found.faults if fault.column]  # those of `_coherent` are said apart
    raise FaultsFound([*faults, *incoherences(data, path.name, UNIT_S)])


def decode(case: Case, seed: int = 0) -> tuple[Scenario, Territory, Grid]:
    """Return the scenario, the territory and the grid of a case."""
    return _scenario(case, seed), _territory(case), _grid(case)


def _scenario(case: Case, seed: int) -> Scenario:
    data: dict[str, Any] = {
        "name": "stylised",
        "territory": {"path": "stylised"},
        "grid": {"file": "stylised"},
        "time": {"start": START, "length_s": round(case.horizon * UNIT_S), "burn_in_months": 0},
        "runs": {"seed": seed},
        "policies": {"compare": ["cotation_only"]},
        "law": {"overrides": {"quotas": False, "min_candidates": 1, "right_to_stay": False}},
        "sittings": {"rule": "immediate", "list_length": 1, "max_lists": 1},
        "departures": {
            "notice": False,
            "works_days": 0.0,
            "abis_over_c": 1.0,
            "commune_tension": 0.0,
            "income_effect": 0.0,
            "residence_sd": 0.0,
        },
        "household": {"active": False},
        "designation": {"designated_share": 0.0},
        "acceptance": {"certain": True},
        "demand": {"mutation_share": 0.0},
        "mutations": {"review": False},
        "dalo": {"presented_alone": False, "appeals_per_year": 0.0, "warned_share": 0.0},
        "supply": {"delivered": 0.0, "demolished": 0.0, "sold": 0.0},
        "demand_law": [_demand_law(household) for household in case.household],
        "vacancy_law": [
            {"dwelling": _dwelling_id(dwelling, 0), "per_s": dwelling.vacancy_rate / UNIT_S}
            for dwelling in case.dwelling
            if dwelling.vacancy_rate is not None
        ],
    }
    return scenario_of(data, "stylised")


def _demand_law(household: CaseHousehold) -> dict[str, Any]:
    law = {
        "template": household.id,
        "arrivals_per_s": household.rate / UNIT_S,
        "gives_up_per_s": household.abandonment_rate / UNIT_S,
        "waits": household.waits,
    }
    if household.tenancy is None:
        return law
    tenancy = household.tenancy
    return law | {"tenancy": {"law": tenancy.law, "mean_s": tenancy.mean * UNIT_S, "cv2": tenancy.cv2}}


def _dwelling_id(dwelling: CaseDwelling, number: int) -> str:
    return f"{dwelling.id}/{number:06d}"


def _territory(case: Case) -> Territory:
    kinds, types = case.dwelling, case.household
    units = [dwelling.units or 1 for dwelling in kinds]
    count = sum(units)
    ids = [_dwelling_id(kind, n) for kind, size in zip(kinds, units, strict=True) for n in range(size)]
    names = tuple(kind.id for kind in kinds)
    return Territory(
        name="Cas stylisé",
        epci="stylised",
        departements=("59",),
        as_of=START,
        synthetic=True,
        communes=names,
        commune_names=names,
        bailleurs=("A",),
        residences=frozen(_residences(names)),
        dwellings=frozen(
            Dwellings(
                dwelling_id=np.array(ids),
                residence=np.repeat(np.arange(len(kinds)), units),
                rooms=np.ones(count, dtype=np.int64),
                surface_m2=np.full(count, 30.0),
                financing=np.full(count, FINANCINGS.index("PLUS")),
                rent_eur=np.zeros(count),
                charges_eur=np.zeros(count),
                heating_eur=np.full(count, np.nan),
                accessible=np.zeros(count, dtype=bool),
                kind=np.zeros(count, dtype=np.int64),
                reservataire=np.full(count, NONE),
                dpe=np.full(count, NONE),
            )
        ),
        occupants=frozen(_nobody()),
        demands=frozen(_templates(types, names, case.discipline)),
    )


def _residences(names: tuple[str, ...]) -> Residences:
    count = len(names)
    return Residences(
        residence_id=np.array(names),
        name=np.array(names),
        bailleur=np.zeros(count, dtype=np.int64),
        commune=np.arange(count),
        quartier=np.full(count, ""),
        zone=np.full(count, "B1"),
        in_qpv=np.zeros(count, dtype=bool),
        is_rpms=np.zeros(count, dtype=bool),
        build_year=np.zeros(count, dtype=np.int64),
        peuplement_type=np.full(count, -1),
        peuplement_target=np.full(count, -1),
        x=np.full(count, np.nan),
        y=np.full(count, np.nan),
    )


def _nobody() -> Occupants:
    none = np.zeros(0, dtype=np.int64)
    euros = np.zeros(0)
    return Occupants(
        none,
        np.zeros(0, dtype="<U1"),
        none.astype("datetime64[D]"),
        none,
        none,
        none,
        none,
        none,
        euros,
        euros,
    )


def _templates(types: tuple[CaseHousehold, ...], communes: tuple[str, ...], discipline: str) -> Demands:
    """Return one demand a type of household; its age holds its class, the first to be served the oldest."""
    count = len(types)
    wishes = np.array([[name in one.accepts for name in communes] for one in types])
    classes = sorted({one.priority for one in types}, reverse=True)
    ages = [classes.index(one.priority) if discipline == "priority" else 0 for one in types]
    ids = np.array([one.id for one in types])
    whole = np.ones(count, dtype=np.int64)
    return Demands(
        demand_id=ids,
        household_id=ids,
        filed_on=np.full(count, np.datetime64(START, "D")),
        adults=whole,
        children=whole * 0,
        teens=whole * 0,
        age=np.array(ages, dtype=np.int64),
        activity=whole * 0,
        monthly_income_eur=np.full(count, np.nan),
        rfr_eur=np.full(count, np.nan),
        wishes=wishes,
        first_commune=wishes.argmax(axis=1),
        rooms_min=whole,
        rooms_max=whole,
        max_rent_eur=np.full(count, np.nan),
        needs_accessible=np.zeros(count, dtype=bool),
        mutation_of=np.full(count, -1),
        labels=whole * 0,
        l441_1=np.zeros(count, dtype=bool),
        dalo_recognised_on=np.full(count, np.datetime64("NaT", "D")),
        dalo_deadline=np.full(count, np.datetime64("NaT", "D")),
        dalo_bailleur=np.full(count, -1),
    )


def _grid(case: Case) -> Grid:
    """Return a grid with a point a class, or with none: seniority alone decides."""
    order = {"id": "class", "attr": "age", "per_unit": {"step": 1, "points": 1}}
    data = {
        "id": f"stylised-{case.discipline}",
        "status": "synthetic",
        "complete": True,
        "tie_break": ["seniority_days", "lottery"],
        "criteria": [order] if case.discipline == "priority" else [],
    }
    return toml.decode(data, Grid, "stylised")
