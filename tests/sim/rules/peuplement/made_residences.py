"""Three residences whose every figure is worked by hand in the tests, and residences drawn from chances."""

from __future__ import annotations

from datetime import date

import numpy as np

from sim.rules.peuplement import PATRIMOINE, POPULATION, Observed, Tally
from sim.territory.columns import (
    ACTIVITIES,
    DPES,
    FINANCINGS,
    Demands,
    Dwellings,
    Occupants,
    Residences,
    Territory,
    frozen,
)

AS_OF = date(2026, 1, 1)
NONE = float("nan")

# rooms, surface, financing, rent, energy class
STOCK = {
    "A": [
        (1, 30, "PLAI", 200, "F"),
        (2, 45, "PLUS", 250, ""),
        (3, 60, "PLUS", 400, "C"),
        (3, 60, "PLUS", 400, ""),
    ],
    "B": [(5, 100, "PLS", 700, ""), (3, 60, "PLS", 500, "")],
    "C": [(2, 50, "PLUS", 300, "")],
}  # fmt: skip
BUILT = {"A": 1976, "B": 2025, "C": 0}
# dwelling, lease, adults, children, teens, monthly income, RFR
HOUSEHOLDS = (
    (0, "2025-06-01", 1, 0, 0, 700.0, 9361.0),
    (1, "2020-01-01", 2, 1, 1, 1600.0, 15034.0),
    (2, "2025-01-01", 1, 0, 0, NONE, NONE),
    (4, "2025-09-01", 2, 0, 0, 5000.0, 50000.0),
    (5, "2025-10-01", 1, 0, 0, 0.0, 0.0),
)


def three_residences() -> Territory:
    """A: four dwellings of 1976 in a QPV, three lived in. B: two of 2025. C: one, empty, of unknown age."""
    names = list(STOCK)
    rows = [(place, *dwelling) for place, name in enumerate(names) for dwelling in STOCK[name]]
    residence, rooms, surface, financing, rent, dpe = map(list, zip(*rows, strict=True))
    home, lease, adults, children, teens, income, rfr = map(list, zip(*HOUSEHOLDS, strict=True))
    number, count, here = len(names), len(rows), len(home)
    return Territory(
        name="trois résidences",
        epci="x",
        departements=("59",),
        as_of=AS_OF,
        synthetic=True,
        communes=("59350",),
        commune_names=("Lille",),
        bailleurs=("A",),
        residences=frozen(
            Residences(
                residence_id=np.array(names),
                name=np.array(names),
                bailleur=np.zeros(number, dtype=np.int64),
                commune=np.zeros(number, dtype=np.int64),
                quartier=np.full(number, ""),
                zone=np.full(number, "B1"),
                in_qpv=np.array([True, False, False]),
                is_rpms=np.zeros(number, dtype=bool),
                build_year=np.array([BUILT[name] for name in names]),
                peuplement_type=np.full(number, -1),
                peuplement_target=np.full(number, -1),
                x=np.full(number, np.nan),
                y=np.full(number, np.nan),
            )
        ),
        dwellings=frozen(
            Dwellings(
                dwelling_id=np.array([f"L{place}" for place in range(count)]),
                residence=np.array(residence),
                rooms=np.array(rooms),
                surface_m2=np.array(surface, dtype=float),
                financing=np.array([FINANCINGS.index(name) for name in financing]),
                rent_eur=np.array(rent, dtype=float),
                charges_eur=np.zeros(count),
                heating_eur=np.full(count, np.nan),
                accessible=np.zeros(count, dtype=bool),
                kind=np.zeros(count, dtype=np.int64),
                reservataire=np.full(count, -1),
                dpe=np.array([DPES.index(name) if name else -1 for name in dpe]),
            )
        ),
        occupants=frozen(
            Occupants(
                dwelling=np.array(home),
                household_id=np.array([f"M{place}" for place in home]),
                lease_on=np.array(lease, dtype="datetime64[D]"),
                adults=np.array(adults),
                children=np.array(children),
                teens=np.array(teens),
                age=np.full(here, 40),
                activity=np.full(here, ACTIVITIES.index("employed")),
                monthly_income_eur=np.array(income),
                rfr_eur=np.array(rfr),
            )
        ),
        demands=frozen(_nobody()),
    )


def _nobody() -> Demands:
    texts, numbers, flags = np.zeros(0, dtype=np.str_), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
    dates = np.zeros(0, dtype="datetime64[D]")
    return Demands(
        demand_id=texts, household_id=texts.copy(), filed_on=dates, adults=numbers, children=numbers.copy(),
        teens=numbers.copy(), age=numbers.copy(), activity=numbers.copy(),
        monthly_income_eur=np.zeros(0), rfr_eur=np.zeros(0), wishes=np.zeros((0, 1), dtype=bool),
        first_commune=numbers.copy(), rooms_min=numbers.copy(), rooms_max=numbers.copy(),
        max_rent_eur=np.zeros(0), needs_accessible=flags, mutation_of=numbers.copy(), labels=numbers.copy(),
        l441_1=flags.copy(), dalo_recognised_on=dates.copy(), dalo_deadline=dates.copy(),
        dalo_bailleur=numbers.copy(),
    )  # fmt: skip


def told(shares: dict[str, tuple[list[int], list[int]]], **facts: list[float]) -> Observed:
    """Residences of which only some indicators are observed: `shares` by name as (having, of how many)."""
    number = len(next(iter(shares.values()))[0])
    x, n = (np.zeros((number, len(POPULATION))) for _ in range(2))
    for name, (having, among) in shares.items():
        x[:, POPULATION.index(name)], n[:, POPULATION.index(name)] = having, among
    within = np.zeros((len(POPULATION), len(POPULATION)))
    for name in shares:
        within[POPULATION.index(name), POPULATION.index(name)] = 0.2
    patrimoine = np.full((number, len(PATRIMOINE)), np.nan)
    for name, values in facts.items():
        patrimoine[:, PATRIMOINE.index(name)] = values
    households = n.max(axis=1).astype(np.int64)
    return Observed(households, households, Tally(x, n, within), patrimoine)


def drawn(chances: np.ndarray, sizes: np.ndarray, draw: np.random.Generator) -> Observed:
    """Residences whose households are drawn anew from the residence's own chances.

    A household is poor with the residence's chance; a poor one is of the first quartile nine times in ten and
    under 40 % of the PLUS ceiling eight, another one once and three times in ten; drawn apart, both move
    together inside a residence only through poverty.
    """
    of = np.repeat(np.arange(len(sizes)), sizes)
    poor = draw.random(len(of)) < chances[of]
    has = {
        "first_quartile": draw.random(len(of)) < np.where(poor, 0.9, 0.1),
        "below_40_plus": draw.random(len(of)) < np.where(poor, 0.8, 0.3),
    }
    counts = {name: np.bincount(of[flag], minlength=len(sizes)) for name, flag in has.items()}
    observed = told({name: (count.tolist(), sizes.tolist()) for name, count in counts.items()})
    own = {name: flag - (counts[name] / sizes)[of] for name, flag in has.items()}
    freedom = len(of) - len(sizes)
    for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
        first, second = (own[POPULATION[place]] for place in (i, j))
        observed.population.within[i, j] = float(first @ second) / freedom
    return observed


def expected(chances: np.ndarray) -> dict[str, np.ndarray]:
    """Return the share of each indicator that a residence's chance gives in the long run."""
    return {"first_quartile": 0.1 + 0.8 * chances, "below_40_plus": 0.3 + 0.5 * chances}
