"""To whom may a document go, and what may it hold: the one place that decides it?

- `interne`: everything, for the partners who qualify the residences and prepare the commissions.
- `cil`: for the Conférence intercommunale du logement. Residences are named with their types, never drawn on
  a map nor listed with a score or a chance; no figure counted on fewer than `FEWEST` households.
- `public`: types only, counted together: no name, no identifier of a residence, a bailleur or an operation,
  no map of points, and no count under `FEWEST`.

What a qualification then holds is written by mixite/concertation/diffusion.py, what the report of a
comparison holds by mixite/report/diffused.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sim.territory.files.faults import Fault, FaultsFound, nearest

FEWEST = 11
"""Households under which a place or a group is not described outside the partners (k-anonymity)."""

LESS = f"moins de {FEWEST}"


@dataclass(frozen=True)
class May:
    """What a level may hold.

    Attributes
    ----------
    points : residences drawn, or listed with a score or a chance, one by one
    named : residences, bailleurs and operations by their name
    few : figures counted on fewer than `FEWEST` households
    """

    points: bool
    named: bool
    few: bool


MAY: Mapping[str, May] = MappingProxyType(
    {"interne": May(True, True, True), "cil": May(False, True, False), "public": May(False, False, False)}
)
"""What each level may hold, from the partners to everybody."""

LEVELS = tuple(MAY)
INTERNE = LEVELS[0]


def check_level(level: str) -> str:
    """Return a level of diffusion that exists.

    Raises
    ------
    FaultsFound
    """
    if level not in LEVELS:
        fault = Fault("--diffusion", "niveau inconnu", nearest(level, LEVELS), value=level)
        raise FaultsFound([fault])
    return level
