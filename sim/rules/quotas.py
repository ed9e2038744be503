"""Which shares of the signed leases are owed to which publics, and where does each one stand?

A family is one rule with one row a holder: R1 for each bailleur, R1 for the EPCI, R4 for each
réservataire, a target for each residence. Rows count signed leases, in integers; shares are whole
hundredths. R5-R7 (orientation) are flows of vacancies, not of leases: see designation.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.rules.law import Law
from sim.rules.traits import mask
from sim.territory.columns import RESERVATAIRES, Bools, Ints

LEGAL, TARGET = 0, 1
UNIT = 100
"""Rows are counted in hundredths of a lease, so that a share in percent is an integer coefficient."""


@dataclass(frozen=True)
class Family:
    """The rows of one rule, one a member.

    Attributes
    ----------
    rule : short name, e.g. "R1"
    tier : LEGAL or TARGET
    labels : name of each member's row, in French
    percent : share owed, in hundredths
    public : mask of traits; a lease to a household with any of them counts
    excluded : mask of traits; such a lease is in no numerator and no denominator (neutral households)
    months : 0 for the calendar year, else length of the rolling window
    by_dwelling : (dwellings,) member of each dwelling, -1 outside
    by_reservataire : (réservataires,) member of each réservataire, -1 outside; None where it has no part
    """

    rule: str
    tier: int
    labels: tuple[str, ...]
    percent: int
    public: int
    excluded: int
    months: int
    by_dwelling: Ints
    by_reservataire: Ints | None = None

    def member(self, dwelling: Ints, reservataire: Ints) -> Ints:
        """Return the member each (dwelling, réservataire) belongs to, -1 where none."""
        if self.by_reservataire is None:
            return self.by_dwelling[dwelling]
        return np.where(self.by_dwelling[dwelling] >= 0, self.by_reservataire[reservataire], -1)


@dataclass(frozen=True)
class Rows:
    """The rows that touch the vacancies of one sitting.

    `counted`/`signed` are leases of the period so far, `counted_due`/`signed_due` those expected from offers
    in flight, `month_flow` the leases a month the row has seen over the trailing year (never the future).
    """

    label: tuple[str, ...]
    rule: tuple[str, ...]
    tier: Ints  # (R,)
    percent: Ints  # (R,)
    public: Ints  # (R,) masks of traits
    excluded: Ints  # (R,) masks of traits
    scope: Bools  # (R, V)
    signed: Ints  # (R,)
    counted: Ints  # (R,)
    signed_due: NDArray[np.float64]  # (R,)
    counted_due: NDArray[np.float64]  # (R,)
    month_flow: NDArray[np.float64]  # (R,)
    remaining: NDArray[np.float64]  # (R,) leases expected to 31 December

    def __len__(self) -> int:
        return len(self.label)

    def select(self, keep: Bools) -> Rows:
        """Return the rows where `keep` is true."""
        rows = np.flatnonzero(keep)
        return Rows(
            tuple(self.label[i] for i in rows),
            tuple(self.rule[i] for i in rows),
            *(getattr(self, name)[rows] for name in _ARRAYS),
        )


def no_rows(vacancies: int) -> Rows:
    """Return no row at all over a number of vacancies."""
    none, few = np.zeros(0, dtype=np.int64), np.zeros(0)
    scope = np.zeros((0, vacancies), dtype=bool)
    return Rows((), (), none, none, none, none, scope, none, none, few, few, few, few)


_ARRAYS = (
    "tier",
    "percent",
    "public",
    "excluded",
    "scope",
    "signed",
    "counted",
    "signed_due",
    "counted_due",
    "month_flow",
    "remaining",
)


def needed(rows: Rows) -> NDArray[np.int64]:
    """Return what each row needs from this sitting, in hundredths of a lease, (R,).

    A sitting satisfies a row when Σ (UNIT·[public] − percent) over its non-excluded leases is at least this.
    1. The balance so far is UNIT·counted − percent·signed, expected leases in flight included.
    2. A surplus may be spent at once: the need is minus the surplus.
    3. A deficit is caught up along the monthly path: the part of it that this sitting's vacancies are of a
       month's flow, at most the whole.
    4. Leases are whole: the need is raised to the next that a whole number of the public's leases meets
       exactly when every vacancy in scope is filled (and a matching is then rarely in parts).
    """
    balance = UNIT * (rows.counted + rows.counted_due) - rows.percent * (rows.signed + rows.signed_due)
    here = rows.scope.sum(axis=1)
    part = np.minimum(1.0, here / np.maximum(rows.month_flow, 1.0))
    need = np.where(balance >= 0, -balance, -balance * part)
    whole = np.ceil((need + rows.percent * here) / UNIT - 1e-9)
    return (whole * UNIT).astype(np.int64) - rows.percent * here


def legal_families(
    law: Law,
    bailleurs: Sequence[str],
    bailleur: Ints,
    in_qpv: Bools,
    yearly_turnover: float,
) -> tuple[Family, ...]:
    """Return the legal rows of a territory: R1, R2 by bailleur and for the EPCI, R4, and R22 when set.

    Parameters
    ----------
    bailleur, in_qpv : (dwellings,) of each dwelling
    yearly_turnover : expected leases a year per dwelling; a bailleur with fewer than the law file's small
        number of expected leases has no row of its own and counts in the EPCI's alone

    Source: CCH L.441-1 (R1, R2, R4), L.441-1-6.
    """
    if not law.quotas:
        return ()
    families: list[Family] = []
    for rule, share, where, public, place in (
        ("R1", law.q1_share_outside_qpv, ~in_qpv, mask(["first_quartile", "relogement"]), "hors QPV"),
        ("R2", law.q2_q4_share_in_qpv, in_qpv, mask(["q2_q4"]), "en QPV"),
    ):
        percent = round(share * UNIT)
        expected = np.bincount(bailleur[where], minlength=len(bailleurs)) * yearly_turnover
        large = expected >= law.small_number
        own = np.where(where & large[bailleur], bailleur, -1)
        families.append(
            Family(
                rule,
                LEGAL,
                tuple(f"{rule} {place}, bailleur {name}" for name in bailleurs),
                percent,
                public,
                0,
                0,
                own,
            )
        )
        whole = np.where(where, 0, -1)
        families.append(Family(rule, LEGAL, (f"{rule} {place}, EPCI",), percent, public, 0, 0, whole))
    everywhere = np.zeros(len(bailleur), dtype=np.int64)
    holders = {"action_logement": 0, "collectivite": 1, "aucun": 2}
    families.append(
        Family(
            "R4",
            LEGAL,
            ("R4 Action Logement", "R4 collectivités", "R4 bailleurs, non réservé"),
            round(law.priority_share * UNIT),
            mask(["l441_1"]),
            0,
            0,
            everywhere,
            np.array([holders.get(name, -1) for name in RESERVATAIRES]),
        )
    )
    if law.essential_worker_share:
        percent = round(law.essential_worker_share * UNIT)
        label = ("R22 travailleurs essentiels, EPCI",)
        families.append(Family("R22", LEGAL, label, percent, mask(["essential_worker"]), 0, 0, everywhere))
    return tuple(families)
