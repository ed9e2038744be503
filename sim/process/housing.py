"""Who lives in each dwelling, and what is already drawn about them?

One row a dwelling; columns of the occupant household mean nothing where `occupied` is false. Changed by the
engine alone.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.territory.columns import Bools, Floats, Ints

ENDINGS = ("death", "right_to_stay")
"""How a tenancy ends that its household does not give up."""

NEVER = np.iinfo(np.int64).max
"""A time that does not come within any run."""


@dataclass
class Housing:
    """Occupants by dwelling (D,). Times in seconds since the scenario's start."""

    occupied: Bools
    household: NDArray[np.uint64]  # identity, kept for life
    household_id: NDArray[Any]  # object, text
    lease_s: Ints
    adults: Ints
    grown: Ints  # of the adults, grown children of the household
    children: Ints
    teens: Ints
    age: Ints  # years, reference person
    activity: Ints
    monthly_income_eur: Floats
    rfr_eur: Floats
    notice_s: Ints  # when the household will give notice, or its tenancy end otherwise
    exit_left: Floats  # of the clock of its departure, at `exit_read_s`
    exit_rate: Floats  # by what the household multiplied the hazard then
    exit_read_s: Ints
    ends_s: Ints  # when a death or the loss of the right to stay ends the tenancy, NEVER where none does
    ends_by: Ints  # index into ENDINGS
    years_above: Ints  # 1 January in a row above what the right to stay admits
    mutation_s: Ints  # when it will file its next mutation demand
    review_s: Ints  # when its occupation is next reviewed (R27)
    mutations: Ints  # how many it has filed
    demand: Ints  # row of its open mutation demand, -1 where none
    exists: Bools  # delivered, and neither sold nor demolished
    fresh: Bools  # delivered, and nobody counted there on a 1 January yet

    def copy(self) -> Housing:
        """Return an independent copy."""
        return replace(self, **{spec.name: getattr(self, spec.name).copy() for spec in fields(self)})
