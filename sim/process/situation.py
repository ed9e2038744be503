"""What does a tenant's demand say of the dwelling it lives in?

The attributes a grid may read that follow from the household and its dwelling, in the encodings of
`Demands.attributes`; they are set when the demand is filed. Left out on purpose: what does not follow from
the dwelling (health, work, other motives).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import DAY_S
from sim.process.housing import Housing
from sim.process.world import World
from sim.rules.cotation.codes import HOUSING_MODES, MOTIVES
from sim.rules.eligibility import consumption_units, least_persons, most_persons
from sim.territory.columns import Bools, Floats, Ints

HLM = 1 << HOUSING_MODES.index("HLM")
TOO_LARGE, TOO_SMALL = (1 << MOTIVES.index(code) for code in ("10", "13"))


def too_small(world: World, dwelling: Ints, persons: Ints) -> Bools:
    """Tell which dwellings are over-occupied (R13, CCH L.822-10), (n,)."""
    over: Bools = persons > most_persons(world.law, world.territory.dwellings.surface_m2[dwelling])
    return over


def too_large(world: World, dwelling: Ints, persons: Ints) -> Bools:
    """Tell which dwellings are under-occupied (R14, CCH L.621-2), (n,)."""
    under: Bools = persons < least_persons(world.law, world.territory.dwellings.rooms[dwelling])
    return under


def own_situation(world: World, housing: Housing, dwelling: Ints, motives: Ints) -> dict[str, NDArray[Any]]:
    """Return the attributes of the tenants of some dwellings, by the names of the closed list, (n,) each.

    1. Room: persons, surface and rooms of the dwelling, and their ratios.
    2. Rent: charges included over declared resources (missing without them), and what is left per UC.
    3. Place: housed by a bailleur since the lease, in the EPCI, in a QPV or not.
    4. Motives: too small and too large by law alone (R13, R14), one way or the other, never both.

    Parameters
    ----------
    motives : (n,) bit mask of motives as drawn, -1 missing

    # Simplified: the rent burden of a tenant's demand is before housing aid.
    """
    stock = world.territory.dwellings
    adults, children, teens = housing.adults[dwelling], housing.children[dwelling], housing.teens[dwelling]
    income, persons = housing.monthly_income_eur[dwelling], adults + children
    surface, rooms = stock.surface_m2[dwelling], stock.rooms[dwelling]
    effort = _effort(world.rent_due_eur[dwelling], income)
    units = consumption_units(world.law, adults, children, teens)
    return {
        "occupants": persons.astype(np.float64),
        "rooms": rooms.astype(np.float64),
        "surface": surface,
        "persons_per_room": np.round(persons / rooms, 2),
        "m2_per_person": np.round(surface / persons, 1),
        "rent": stock.rent_eur[dwelling],
        "effort_rate": effort,
        "residual_income": np.round(income * (1 - effort) / units),
        "housing_modes": np.full(len(dwelling), HLM),
        "housed_since": (world.epoch_days + housing.lease_s[dwelling] // DAY_S).astype(np.float64),
        "lives_in_epci": np.ones(len(dwelling), dtype=np.int8),
        "qpv_residence": world.in_qpv[dwelling].astype(np.int8),
        "motives": _motives(
            motives, too_small(world, dwelling, persons), too_large(world, dwelling, persons)
        ),
    }


def _effort(rent_due_eur: Floats, income_eur: Floats) -> Floats:
    known = income_eur > 0
    effort: Floats = np.where(known, np.round(rent_due_eur / np.where(known, income_eur, 1.0), 3), np.nan)
    return effort


def _motives(drawn: Ints, small: Bools, large: Bools) -> Ints:
    """Return the motives with those of size that the dwelling gives; the other one of size is taken back."""
    told = np.where(drawn < 0, 0, drawn)
    told = np.where(small, told & ~TOO_LARGE | TOO_SMALL, told)
    told = np.where(large, told & ~TOO_SMALL | TOO_LARGE, told)
    return np.where((drawn < 0) & ~small & ~large, drawn, told)
