"""Which publics is a residence asked to welcome, and where was it agreed?

A target is a floor on signed leases over a rolling window. Left out on purpose: whether the targets can be
met together, and with the law.

Source: design of the stratégie de peuplement, R.441-2-10 4° and L.441-1-6 CCH.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, get_args

import numpy as np
from pydantic import Field, model_validator

from sim.rules.quotas import TARGET, UNIT, Family
from sim.rules.traits import mask, usable
from sim.territory.columns import PEUPLEMENT_TYPES, Bools, Ints
from sim.territory.files.toml import Model

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
