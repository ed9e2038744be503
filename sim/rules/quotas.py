"""Which shares of the signed leases are owed to which publics, and where does each one stand?

A family is one rule with one row a holder: R1 for each bailleur, R1 for the EPCI, R4 for each
réservataire, a target for each residence. Rows count signed leases, in integers; shares are whole
hundredths. R5-R7 (orientation) are flows of vacancies, not of leases: see reservation.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sim.rules.law import Law
from sim.rules.traits import mask
from sim.territory.columns import RESERVATAIRES, Bools, Floats, Ints

LEGAL, TARGET = 0, 1

COUNTED = {"R1": "hors QPV", "R2": "en QPV", "R4": "non réservé", "R22": "travailleurs essentiels"}
"""What the legal rows count, by rule."""

R4_HOLDERS = (("R4 Action Logement", "action_logement"), ("R4 collectivités", "collectivite"))
"""The rows of R4 that are of one réservataire, whatever the bailleur: label, code."""

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
    holder : the réservataire whose leases alone count (index into RESERVATAIRES); None for all of them
    """

    rule: str
    tier: int
    labels: tuple[str, ...]
    percent: int
    public: int
    excluded: int
    months: int
    by_dwelling: Ints
    holder: int | None = None

    def member(self, dwelling: Ints, reservataire: Ints) -> Ints:
        """Return the member each (dwelling, réservataire) belongs to, -1 where none."""
        member = self.by_dwelling[dwelling]
        return member if self.holder is None else np.where(reservataire == self.holder, member, -1)


@dataclass(frozen=True)
class Rows:
    """The rows that touch the vacancies of one sitting.

    `counted`/`signed` are leases of the period so far, `counted_due`/`signed_due` those expected from offers
    in flight. What is to come is read from the trailing year, never from the future: `month_flow` leases a
    month, `remaining` leases to the end of the period, without limit where a window rolls.
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
    remaining: NDArray[np.float64]  # (R,) leases expected to 31 December, inf for a rolling window

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


def row_label(rule: str, bailleur: str = "") -> str:
    """Return the name of a legal row: of a bailleur, or of the EPCI."""
    return f"{rule} {COUNTED[rule]}, " + (f"bailleur {bailleur}" if bailleur else "EPCI")


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
       month's flow, or of what remains of the period where that is less, at most the whole. So the deficit is
       nothing at the end of a year whose last leases could make up for it.
    4. Leases are whole: the need is raised to the next that a whole number of the public's leases meets
       exactly when every vacancy in scope is filled (and a matching is then rarely in parts). Not so where
       some leases are excluded: a place given to a neutral household must owe nothing.
    """
    balance = UNIT * (rows.counted + rows.counted_due) - rows.percent * (rows.signed + rows.signed_due)
    here = rows.scope.sum(axis=1)
    ahead = np.minimum(rows.month_flow, rows.remaining)
    part = np.minimum(1.0, here / np.maximum(ahead, 1.0))
    need = np.where(balance >= 0, -balance, -balance * part)
    whole = UNIT * np.ceil((need + rows.percent * here) / UNIT - 1e-9) - rows.percent * here
    asked = np.where(rows.excluded == 0, whole, np.ceil(need - 1e-9))
    return asked.astype(np.int64)


def legal_families(
    law: Law,
    bailleurs: Sequence[str],
    bailleur: Ints,
    in_qpv: Bools,
    yearly_turnover: float,
    unreserved_share: float | Floats,
    counted_a_year: Mapping[str, int] = MappingProxyType({}),
) -> tuple[Family, ...]:
    """Return the legal rows of a territory: R1, R2 by bailleur and for the EPCI, R4, and R22 when set.

    Parameters
    ----------
    bailleur, in_qpv : (dwellings,) of each dwelling
    yearly_turnover : expected leases a year per dwelling; a bailleur with fewer than the law file's small
        number of expected leases has no row of its own and counts in the EPCI's alone
    unreserved_share : share of the leases that no réservataire holds, on which the bailleur's R4 bears; one,
        or (bailleurs,)
    counted_a_year : leases a year of a row by its label, where they are counted: they stand for those that
        the turnover would give

    Source: CCH L.441-1 (R1, R2, R4), L.441-1-6.
    """
    if not law.quotas:
        return ()
    everywhere = np.ones(len(bailleur), dtype=bool)
    quartile, others = mask(["first_quartile", "relogement"]), mask(["q2_q4"])
    priority = mask(["l441_1"])
    unreserved = RESERVATAIRES.index("aucun")
    families: list[Family] = []
    for rule, share, where, public, holder, part in (
        ("R1", law.q1_share_outside_qpv, ~in_qpv, quartile, None, 1.0),
        ("R2", law.q2_q4_share_in_qpv, in_qpv, others, None, 1.0),
        ("R4", law.priority_share, everywhere, priority, unreserved, unreserved_share),
    ):
        percent = round(share * UNIT)
        expected = np.bincount(bailleur[where], minlength=len(bailleurs)) * yearly_turnover * part
        names = tuple(row_label(rule, name) for name in bailleurs)
        told = zip(names, np.broadcast_to(expected, len(names)).tolist(), strict=True)
        large = np.array([counted_a_year.get(name, turnover) for name, turnover in told]) >= law.small_number
        own, whole = np.where(where & large[bailleur], bailleur, -1), np.where(where, 0, -1)
        families.append(Family(rule, LEGAL, names, percent, public, 0, 0, own, holder))
        families.append(Family(rule, LEGAL, (row_label(rule),), percent, public, 0, 0, whole, holder))
    anywhere = np.zeros(len(bailleur), dtype=np.int64)
    for label, code in R4_HOLDERS:
        quarter, only = round(law.priority_share * UNIT), RESERVATAIRES.index(code)
        families.append(Family("R4", LEGAL, (label,), quarter, priority, 0, 0, anywhere, only))
    if law.essential_worker_share:
        percent = round(law.essential_worker_share * UNIT)
        workers = mask(["essential_worker"])
        families.append(Family("R22", LEGAL, (row_label("R22"),), percent, workers, 0, 0, anywhere))
    return tuple(families)
