"""Which small territories may the engines be played on? Any, drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from sim.territory.columns import (
    ACTIVITIES,
    FINANCINGS,
    RESERVATAIRES,
    Demands,
    Dwellings,
    Occupants,
    Residences,
    Territory,
    frozen,
)

FLAGS = (
    "pdalhpd", "accord_collectif", "violence_proven", "right_to_rehousing", "essential_worker", "disability",
    "works_in_epci", "lives_in_epci",
)  # fmt: skip
NUMBERS = {
    "m2_per_person": (4, 40),
    "persons_per_room": (0.3, 4),
    "effort_rate": (0, 0.8),
    "residual_income": (0, 900),
}


@dataclass(frozen=True)
class Size:
    """The most there may be of each thing; of `every_days` the least."""

    residences: int = 6
    dwellings: int = 25
    demands: int = 40
    yearly: float = 60.0  # exogenous and mutation demands a year
    years: int = 2
    every_days: int = 5  # between sittings
    life_years: float = 2.0  # scale of the length of tenancies


ANY = Size()
SMALL = Size(residences=4, dwellings=8, demands=12, yearly=8.0)
"""A scenario whose sittings can be matched by trying every assignment."""


def random_territory(draw: np.random.Generator, size: Size, start: date) -> Territory:
    """Return a territory of a few residences; some households, incomes and attributes are missing."""
    as_of = date(start.year, 1, 1)
    communes = tuple(f"5900{number}" for number in range(1, int(draw.integers(2, 5))))
    bailleurs = ("A", "B")[: int(draw.integers(1, 3))]
    residences = int(draw.integers(2, size.residences + 1))
    dwellings = int(draw.integers(max(4, residences), size.dwellings + 1))
    stock = _dwellings(draw, residences, dwellings)
    occupants = _occupants(draw, dwellings, as_of)
    return Territory(
        name="tirage",
        epci="200000000",
        departements=("59",),
        as_of=as_of,
        synthetic=True,
        communes=communes,
        commune_names=communes,
        bailleurs=bailleurs,
        residences=_residences(draw, residences, len(communes), len(bailleurs)),
        dwellings=stock,
        occupants=occupants,
        demands=_demands(draw, occupants, len(communes), len(bailleurs), size, as_of),
    )


def _residences(draw: np.random.Generator, count: int, communes: int, bailleurs: int) -> Residences:
    texts = np.array([f"R{number:04d}" for number in range(1, count + 1)])
    return frozen(
        Residences(
            residence_id=texts,
            name=texts.copy(),
            bailleur=draw.integers(0, bailleurs, count),
            commune=draw.integers(0, communes, count),
            quartier=np.array(["", "nord", "sud"])[np.arange(count) % 3],
            zone=draw.choice(["Abis", "A", "B1", "B2", "C"], count),
            in_qpv=draw.random(count) < 0.4,
            is_rpms=draw.random(count) < 0.2,
            build_year=np.full(count, 1990),
            peuplement_type=np.where(draw.random(count) < 0.3, draw.integers(0, 4, count), -1),
            peuplement_target=np.full(count, -1),
            x=np.full(count, np.nan),
            y=np.full(count, np.nan),
        )
    )


def _dwellings(draw: np.random.Generator, residences: int, count: int) -> Dwellings:
    rooms = draw.choice([1, 2, 2, 3, 3, 4, 5], count)
    return frozen(
        Dwellings(
            dwelling_id=np.array([f"L{number}" for number in range(1, count + 1)]),
            residence=draw.integers(0, residences, count),
            rooms=rooms,
            surface_m2=np.round(8 + rooms * draw.uniform(10, 24, count), 1),
            financing=draw.integers(0, len(FINANCINGS), count),
            rent_eur=np.round(rooms * draw.uniform(60, 160, count), 2),
            charges_eur=np.round(rooms * draw.uniform(10, 30, count), 2),
            heating_eur=np.where(
                draw.random(count) < 0.7, np.nan, np.round(rooms * draw.uniform(5, 20, count), 2)
            ),
            accessible=draw.random(count) < 0.4,
            kind=np.zeros(count, dtype=np.int64),
            reservataire=np.where(draw.random(count) < 0.2, draw.integers(0, len(RESERVATAIRES), count), -1),
            dpe=np.full(count, -1),
        )
    )


def _households(draw: np.random.Generator, count: int) -> dict[str, Any]:
    adults, children = draw.integers(1, 3, count), draw.integers(0, 4, count) * (draw.random(count) < 0.5)
    income = np.round(draw.lognormal(7.2, 0.5, count) * np.sqrt(adults), 2)
    income = np.where(draw.random(count) < 0.08, np.nan, income)
    income = np.where(draw.random(count) < 0.04, 0.0, income)
    rfr = np.round(draw.lognormal(9.3, 0.5, count) * np.sqrt(adults), 0)
    return {
        "adults": adults,
        "children": children,
        "teens": (children * draw.random(count)).astype(np.int64),
        "age": draw.integers(18, 80, count),
        "activity": draw.integers(0, len(ACTIVITIES), count),
        "monthly_income_eur": income,
        "rfr_eur": np.where(draw.random(count) < 0.05, np.nan, rfr),
    }


def _days_ago(draw: np.random.Generator, as_of: date, most: int, count: int) -> Any:
    return np.datetime64(as_of, "D") - draw.integers(0, most, count).astype("timedelta64[D]")


def _occupants(draw: np.random.Generator, dwellings: int, as_of: date) -> Occupants:
    place = np.flatnonzero(draw.random(dwellings) < draw.uniform(0.5, 1.0))
    texts = np.array([f"M{row}" for row in place], dtype="<U8")
    lease_on = _days_ago(draw, as_of, 4000, len(place))
    return frozen(
        Occupants(dwelling=place, household_id=texts, lease_on=lease_on, **_households(draw, len(place)))
    )


def _demands(
    draw: np.random.Generator, occupants: Occupants, communes: int, bailleurs: int, size: Size, as_of: date
) -> Demands:
    """Return pending demands: many filed on the same days, a few by tenants."""
    count = int(draw.integers(5 if draw.random() < 0.3 else size.demands // 2, size.demands + 1))
    texts = np.array([f"D{number}" for number in range(1, count + 1)])
    moving = min(len(occupants.dwelling), int(draw.integers(0, 1 + count // 4)))
    movers = draw.permutation(len(occupants.dwelling))[:moving]
    of, households, own = np.full(count, -1), texts.astype("<U8"), _households(draw, count)
    of[:moving], households[:moving] = occupants.dwelling[movers], occupants.household_id[movers]
    for name, column in own.items():
        column[:moving] = getattr(occupants, name)[movers]
    filed_on = _days_ago(draw, as_of, 4, count)
    filed_on -= (draw.integers(0, 20, count) * 60).astype("timedelta64[D]")
    recognised = filed_on + draw.integers(0, 300, count).astype("timedelta64[D]")
    recognised = np.where(draw.random(count) < 0.15, recognised, np.datetime64("NaT", "D"))
    first, rooms_min = draw.integers(0, communes, count), draw.integers(1, 3, count)
    wishes = draw.random((count, communes)) < 0.8
    wishes[np.arange(count), first] = True
    return frozen(
        Demands(
            demand_id=texts,
            household_id=households,
            filed_on=filed_on,
            wishes=wishes,
            first_commune=first,
            rooms_min=rooms_min,
            rooms_max=rooms_min + draw.integers(0, 4, count),
            max_rent_eur=np.where(draw.random(count) < 0.7, np.nan, np.round(draw.uniform(150, 900, count))),
            needs_accessible=draw.random(count) < 0.05,
            mutation_of=of,
            labels=_labels(draw, count),
            l441_1=draw.random(count) < 0.1,
            dalo_recognised_on=recognised,
            dalo_deadline=np.where(
                np.isnat(recognised) | (draw.random(count) < 0.5),
                np.datetime64("NaT", "D"),
                recognised + draw.integers(0, 300, count).astype("timedelta64[D]"),
            ),
            dalo_bailleur=np.where(draw.random(count) < 0.3, draw.integers(0, bailleurs, count), -1),
            attributes=_attributes(draw, count),
            **own,
        )
    )


def _labels(draw: np.random.Generator, count: int) -> Any:
    """Return who may designate each demand: three réservataires in four."""
    first, second = (draw.integers(0, 1 << len(RESERVATAIRES), count) for _ in range(2))
    return first | second


def _attributes(draw: np.random.Generator, count: int) -> dict[str, Any]:
    """Return what the shipped grids read; each attribute is absent altogether now and then."""
    missing = draw.random((len(FLAGS), count)) < 0.2
    held: dict[str, Any] = {
        name: np.where(missing[row], -1, draw.random(count) < 0.2).astype(np.int8)
        for row, name in enumerate(FLAGS)
    }
    for name, (low, high) in NUMBERS.items():
        held[name] = np.where(draw.random(count) < 0.2, np.nan, np.round(draw.uniform(low, high, count), 2))
    for name, codes in (("housing_modes", 17), ("motives", 23)):
        bits = (1 << draw.integers(0, codes, count)) | (1 << draw.integers(0, codes, count))
        held[name] = np.where(draw.random(count) < 0.1, -1, bits)
    return {name: column for name, column in held.items() if draw.random() < 0.9}
