"""What changes while a replication is played?

The State is plain data at any moment between two events, so that all compared policies branch from copies of
one burnt-in state. Left out on purpose: what is given once for all (world.py), how it changes (engine.py).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.process.housing import Housing
from sim.process.orientation import Account
from sim.process.records import Records
from sim.process.register import Register
from sim.process.vacancy import Freed, Vacancy
from sim.rules.peuplement import Qualified
from sim.rules.quotas import Family
from sim.territory.columns import Floats, Ints

Signed = tuple[int, int, int, int]
"""A lease as a row of the ledger."""


@dataclass(frozen=True)
class Ledger:
    """Signed leases that a row may still count, oldest first, (n,)."""

    signed_s: Ints
    dwelling: Ints
    reservataire: Ints
    signature: Ints

    def since(self, second: int) -> Ledger:
        """Return the leases signed at or after a second."""
        return self.rows(slice(np.searchsorted(self.signed_s, second), None))

    def rows(self, rows: Any) -> Ledger:
        """Return some rows."""
        return Ledger(self.signed_s[rows], self.dwelling[rows], self.reservataire[rows], self.signature[rows])

    def plus(self, signed: list[Signed]) -> Ledger:
        """Return the ledger with further leases."""
        if not signed:
            return self
        new = np.array(signed, dtype=np.int64)
        return Ledger(
            np.concatenate([self.signed_s, new[:, 0]]),
            np.concatenate([self.dwelling, new[:, 1]]),
            np.concatenate([self.reservataire, new[:, 2]]),
            np.concatenate([self.signature, new[:, 3]]),
        )


class Counted(NamedTuple):
    """Leases of a row known by their number alone, beside those of the ledger."""

    signed: int  # in the calendar year
    to_public: int  # of these, to the row's public
    yearly: int  # in the last twelve months


class Left(NamedTuple):
    """The composition of a household that moved out, as columns of HOUSEHOLD in their order."""

    dwelling: int
    columns: tuple[Any, ...]


@dataclass
class State:
    """Everything that changes. `now_s` is the second up to which events have been played."""

    now_s: int
    housing: Housing
    register: Register
    open_rows: NDArray[np.int64]  # filed and not closed, oldest first, then by lottery
    arrivals: NDArray[np.int64]  # rows of exogenous demands not filed yet, by filing
    arrivals_s: Ints  # when they will be
    vacancies: dict[int, Vacancy]  # not let, by key
    ledger: Ledger
    q1_threshold_eur: float  # legal, of the current year
    year: int = 0  # the last 1 January played
    held_s: int = -(2**62)  # the last sitting held
    proposed: dict[tuple[int, int], int] = field(default_factory=dict)  # offers made by (dwelling, household)
    filed: dict[int, int] = field(default_factory=dict)  # mutation demands filed, by household on the move
    refused: deque[tuple[int, int]] = field(default_factory=deque)  # (second, demand) of refusals that count
    rpms_debts: dict[int, int] = field(default_factory=dict)  # second of the refusal, by demand still owed
    moved_in: list[tuple[int, int]] = field(default_factory=list)  # (dwelling, demand) since the last sitting
    freed: list[Freed] = field(default_factory=list)  # dwellings whose vacancy is to be drawn
    keys_back_s: dict[int, int] = field(default_factory=dict)  # last keys given back, by operation
    left: list[Left] | None = None  # who moved out since the start, where the control asks for it
    families: tuple[Family, ...] = ()
    oriented: Account = field(default_factory=dict)  # dwellings oriented by capacity, by year and flow
    counted: Mapping[str, Counted] = field(default_factory=dict)  # leases of legal rows, by label
    due: Mapping[str, tuple[int, int]] = field(
        default_factory=dict
    )  # offers made, and to the public, likewise
    given_points: Floats | None = None  # of every demand, where they stand for the grid's
    peuplement_type: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))  # at the start
    reading: Qualified | None = None  # of the occupation last 1 January, on the ruler fixed at the start
    steps: Ints = field(
        default_factory=lambda: np.empty(0, dtype=np.int64)
    )  # from what is read at the start to what is agreed
    qualified: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))  # types last 1 January
    waits_s: Floats = field(default_factory=lambda: np.empty(0))  # mean of last year's housed, by rooms
    waits_at_start_s: Floats = field(default_factory=lambda: np.empty(0))
    q1_fixed_eur: float = np.nan  # the start's threshold, common to all policies
    previous_threshold_eur: float = np.nan  # last year's legal threshold
    stock_s: int = -(2**62)  # the 1 January of the last snapshot
    last_year: Mapping[str, NDArray[Any]] = field(default_factory=dict)  # snapshot of 1 January
    records: Records = field(default_factory=Records)

    def await_filing(self, rows: NDArray[np.int64]) -> None:
        """Set the demands that are yet to be filed, given by filing."""
        self.arrivals, self.arrivals_s = rows, self.register.filed_s[rows]

    def filings(self) -> tuple[list[int], list[int]]:
        """Return when demands will be filed, and their identities."""
        return self.arrivals_s.tolist(), self.register.key[self.arrivals].tolist()

    def copy(self) -> State:
        """Return an independent copy, to branch another policy from."""
        return replace(
            self,
            housing=self.housing.copy(),
            register=self.register.copy(),
            open_rows=self.open_rows.copy(),
            vacancies={key: vacancy.copy() for key, vacancy in self.vacancies.items()},
            proposed=self.proposed.copy(),
            filed=self.filed.copy(),
            refused=self.refused.copy(),
            rpms_debts=self.rpms_debts.copy(),
            moved_in=self.moved_in.copy(),
            freed=self.freed.copy(),
            keys_back_s=self.keys_back_s.copy(),
            left=None if self.left is None else self.left.copy(),
            oriented={flow: counts.copy() for flow, counts in self.oriented.items()},
            records=self.records.copy(),
        )
