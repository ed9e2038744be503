"""Which of the four types is a residence, and which publics is it asked to welcome?

A first, simple qualification: two income indicators of the occupants, shrunk for small residences,
averaged as z-scores against the EPCI, cut at the quarters of the base year. Family situation, age and
disability never enter. Left out on purpose: the segment de patrimoine, the concertation, the overrides.

Source: R.441-2-10 4° CCH (qualification of the supply from published indicators); the score is a
proposal of the project, not the method of any EPCI.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sim.rules.quotas import TARGET, UNIT, Family
from sim.rules.traits import mask, usable
from sim.territory.columns import PEUPLEMENT_TYPES, Bools, Ints
from sim.territory.files.toml import Model

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Qualification:
    """A ruler fixed in the base year: the EPCI's means and spreads, and the cuts between types.

    Attributes
    ----------
    mean, spread : (2,) of the two indicators, over residences weighted by households
    cuts : (3,) of the score, the highest of each of the first three types
    shrinkage : households' worth of weight given to the EPCI's mean
    """

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    cuts: NDArray[np.float64]
    shrinkage: float

    def score(self, households: Counts, first_quartile: Counts, below_40_plus: Counts) -> NDArray[np.float64]:
        """Return the score of each residence (higher: more fragile occupation), (residences,)."""
        shares = _shrunk(households, first_quartile, below_40_plus, self.mean, self.shrinkage)
        standard: NDArray[np.float64] = ((shares - self.mean) / self.spread).mean(axis=1)
        return standard

    def types(self, households: Counts, first_quartile: Counts, below_40_plus: Counts) -> Ints:
        """Return the type of each residence, an index into PEUPLEMENT_TYPES, (residences,)."""
        return np.searchsorted(self.cuts, self.score(households, first_quartile, below_40_plus), side="left")


def qualify(
    households: Counts, first_quartile: Counts, below_40_plus: Counts, shrinkage: float
) -> Qualification:
    """Fix the ruler on a base year.

    1. Shrink each residence's two shares towards the EPCI's, by `shrinkage` households' worth.
    2. Standardise each share over residences, weighted by households; the score is their mean.
    3. Cut the scores so that each type holds a quarter of the households.
    """
    counts = np.stack([first_quartile, below_40_plus], axis=1).astype(np.float64)
    weights = np.maximum(households, 0).astype(np.float64)
    if not weights.any():  # nobody lives there yet: residences weigh the same
        weights = np.ones(len(weights))
    total = weights.sum()
    mean = counts.sum(axis=0) / total
    shares = _shrunk(households, first_quartile, below_40_plus, mean, shrinkage)
    squares = np.sort(weights[:, None] * (shares - mean) ** 2, axis=0)  # summed in an order of their own
    spread = np.sqrt(squares.sum(axis=0) / total)
    ruler = Qualification(mean, np.where(spread > 0, spread, 1.0), np.zeros(3), shrinkage)
    scores = ruler.score(households, first_quartile, below_40_plus)
    order = np.argsort(scores, kind="stable")
    reached = np.cumsum(weights[order]) / total
    cuts = np.array([scores[order][np.searchsorted(reached, quarter)] for quarter in (0.25, 0.5, 0.75)])
    return Qualification(ruler.mean, ruler.spread, cuts, shrinkage)


def _shrunk(
    households: Counts,
    first_quartile: Counts,
    below_40_plus: Counts,
    mean: NDArray[np.float64],
    shrinkage: float,
) -> NDArray[np.float64]:
    counts = np.stack([first_quartile, below_40_plus], axis=1).astype(np.float64)
    weight = households[:, None] + shrinkage
    shares: NDArray[np.float64] = np.where(
        weight > 0, (counts + shrinkage * mean) / np.where(weight > 0, weight, 1.0), mean
    )
    return shares


PeuplementType = Literal["en_capacite", "en_equilibre", "en_vigilance", "a_conforter"]


BETTER_OFF = ("q2_q4", "q2_q4_no_priority")
"""Publics whose floors are lawful in QPV and in listed RPMS alone (CCH L.441-1, L.441-2-2)."""


class Publication(Model):
    """Where a target was agreed: a CIA or PPGDID reference."""

    reference: str = Field(min_length=3)
    on: date
    perimeter: str = Field(min_length=2)


class Target(Model):
    """A floor on signed leases for a public to be welcomed, over a rolling window, in some residences.

    There is no maximum, no target on the stock and none of zero: such keys and values are refused.
    A Q2-Q4 floor outside QPV is accepted with `study = true` only, for simulation, under a banner.
    """

    public: str
    floor: float = Field(gt=0, le=1)
    months: int = Field(default=36, ge=24, le=36)
    types: tuple[PeuplementType, ...] = Field(default=get_args(PeuplementType), min_length=1)
    in_qpv: bool | None = None
    in_rpms: bool | None = None
    published_in: Publication
    study: bool = False

    @model_validator(mode="after")
    def _lawful(self) -> Target:
        usable(self.public, "target")
        welcomed_there = self.in_qpv is True or self.in_rpms is True
        if self.public in BETTER_OFF and not welcomed_there and not self.study:
            raise ValueError(
                f"un plancher pour « {self.public} » n'est admis qu'en QPV (in_qpv = true) ou dans une RPMS "
                "de la liste (in_rpms = true) ; ailleurs, pour une simulation seulement, écrire study = true"
            )
        if not np.isclose(self.floor * UNIT, round(self.floor * UNIT)):
            raise ValueError("un plancher s'écrit en centièmes entiers, par exemple 0.35")
        return self

    def label(self) -> str:
        """Return the target in one French phrase."""
        where = {None: "", True: " en QPV", False: " hors QPV"}[self.in_qpv]
        where += {None: "", True: " en RPMS", False: " hors RPMS"}[self.in_rpms]
        kinds = "" if len(self.types) == len(PEUPLEMENT_TYPES) else f", types {', '.join(self.types)}"
        return f"{self.public} ≥ {round(self.floor * UNIT)} % des baux sur {self.months} mois{where}{kinds}"


def target_families(
    targets: Sequence[Target],
    residence_id: Sequence[str],
    peuplement_type: Ints,
    in_qpv: Bools,
    is_rpms: Bools,
    residence_of: Ints,
) -> tuple[Family, ...]:
    """Return one family a target, one row a residence.

    Parameters
    ----------
    peuplement_type, in_qpv, is_rpms : (residences,)
    residence_of : (dwellings,) row of the residence of each dwelling
    """
    families = []
    for target in targets:
        kinds = [PEUPLEMENT_TYPES.index(name) for name in target.types]
        percent = round(target.floor * UNIT)
        concerned = np.isin(peuplement_type, kinds)
        if target.in_qpv is not None:
            concerned &= in_qpv == target.in_qpv
        if target.in_rpms is not None:
            concerned &= is_rpms == target.in_rpms
        families.append(
            Family(
                "cible",
                TARGET,
                tuple(f"{target.public} ≥ {percent} % à accueillir, {name}" for name in residence_id),
                percent,
                mask([target.public]),
                mask(["neutral"]),
                target.months,
                np.where(concerned[residence_of], residence_of, -1),
            )
        )
    return tuple(families)
