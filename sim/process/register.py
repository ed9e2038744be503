"""Which demands were ever filed, and where does each stand?

The register of demands as growing columns; a row never moves. What a demand will do by itself (lapse,
withdraw) is drawn when it is filed, so a row holds its whole life except what commissions decide. Changed
by the engine alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.process.housing import NEVER
from sim.rules.cotation.codes import REQUEST_KINDS

Rows = NDArray[np.int64]
"""Some demands, as rows of the register."""

OPEN, OFFERED, CLOSED = 0, 1, 2
CLOSINGS = ("lease", "lapse", "withdrawn", "ineligible")
CAUSES = ("", "mutation", "review")
"""Why a demand was filed: by a first applicant, by a tenant, by a tenant on the commission's advice."""

NOT_SCORED = -1
"""Month of a demand whose points are to be counted."""

FIXED: Mapping[str, Any] = {
    "key": np.uint64,  # identity of the demand
    "household": np.uint64,  # identity of the household
    "template": np.int32,  # row of the territory's demands it is, or was drawn from
    "demand_id": object,
    "household_id": object,
    "filed_s": np.int64,
    "leaves_s": np.int64,  # when it lapses if nothing happens before
    "adults": np.int8,
    "grown": np.int8,  # of the adults, grown children of the household
    "children": np.int8,
    "teens": np.int8,
    "age": np.int16,
    "activity": np.int8,
    "monthly_income_eur": np.float64,
    "income_uc_eur": np.float64,
    "rfr_eur": np.float64,
    "persons": np.int8,
    "ranked": np.int8,  # persons, one more for a single parent: the category of the ceilings
    "first_commune": np.int32,
    "rooms_min": np.int8,
    "rooms_max": np.int8,
    "max_rent_eur": np.float64,
    "needs_accessible": np.bool_,
    "mutation_of": np.int32,  # dwelling row, -1 for a first demand
    "cause": np.int8,  # index into CAUSES
    "operation": np.int16,  # place of the operation that rehouses the household, -1 where none
    "labels": np.int16,
    "fit": np.int32,  # code of what it fits (sim/rules/fit_codes.py)
    "wishes_from": np.int64,  # where its communes begin in `wished`
    "wishes_count": np.int16,
    "l441_1": np.bool_,  # said to be of a priority public, which one is not told
    "dalo_s": np.int64,  # recognition, drawn ahead where it is by appeal, NEVER where none
    "dalo_due_s": np.int64,  # by when an offer is owed, as stated; NEVER where the legal delay says it
    "dalo_bailleur": np.int32,  # whom the préfet designates, were the household recognised
}
CHANGING: Mapping[str, tuple[Any, int]] = {
    "state": (np.int8, OPEN),  # OPEN, OFFERED (a proposal awaits its answer, or a lease its keys), CLOSED
    "closed_s": (np.int64, NEVER),
    "closed_by": (np.int8, -1),  # index into CLOSINGS
    "signature": (np.int64, 0),  # mask of traits, today's
    "signature_filed": (np.int64, 0),  # mask of traits when filed, or at the start
    "lottery": (np.float64, 0),  # this year's uniform
    "refusals": (np.int16, 0),
    "listed": (np.int8, 0),  # lists in hand that it stands on
    "verified": (np.bool_, False),  # its documents were seen
    "dalo_refused": (np.int8, 0),  # adapted offers refused under DALO, the household being warned
    "dalo_lost_s": (np.int64, NEVER),  # end of the priority, by a refusal
    "scored_month": (np.int32, NOT_SCORED),  # full months of seniority at which its points were counted
    "points": (np.float64, 0),
    "first_by_grid": (np.bool_, False),  # absolute priority, before any points
    "excluded": (np.bool_, False),  # by the grid: it is not proposed
    "in_scope": (np.bool_, True),  # of the grid
}
"""Columns that change while a demand is played, and what they are when it is filed."""


class Register:
    """Growing columns of demands, read as attributes by name (`register.filed_s`), `wishes` and `attributes`.

    A column handed out is a view of the rows filed so far; it is valid until the next `append`.
    """

    def __init__(self, words: int, attributes: Mapping[str, Any]) -> None:
        """Start empty; `words` uint64 of wished communes a row, `attributes` name to dtype."""
        self.size = 0
        self._attributes = tuple(attributes)
        self._dtypes = {
            **FIXED,
            **{name: kind for name, (kind, _) in CHANGING.items()},
            **{f"attribute:{name}": kind for name, kind in attributes.items()},
        }
        self._columns = {name: np.empty(0, dtype=kind) for name, kind in self._dtypes.items()}
        self._wishes = np.empty((0, words), dtype=np.uint64)
        self.wishes = self._wishes  # bits of the communes accepted, (n, words)
        self.wished = np.empty(0, dtype=np.int16)  # the same communes, joined end to end, row after row

    def append(self, columns: Mapping[str, NDArray[Any]], wishes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Add rows and return their positions; every column that does not change is required."""
        columns = {**columns, **self._listed(wishes)}
        count = len(wishes)
        end = self.size + count
        if end > len(self._wishes):
            capacity = max(end, 2 * len(self._wishes), 1024)
            for name, old in self._columns.items():
                new = np.empty(capacity, dtype=self._dtypes[name])
                new[: self.size] = old[: self.size]
                self._columns[name] = new
            grown = np.zeros((capacity, self._wishes.shape[1]), dtype=np.uint64)
            grown[: self.size] = self._wishes[: self.size]
            self._wishes = grown
        for name, column in self._columns.items():
            column[self.size : end] = CHANGING[name][1] if name in CHANGING else columns[name]
        self._wishes[self.size : end] = wishes
        rows = np.arange(self.size, end)
        self.size = end
        self._hand_out()
        return rows

    def _listed(self, wishes: NDArray[np.uint64]) -> dict[str, NDArray[Any]]:
        """List the communes of rows to be added; return where each list begins and how long it is."""
        bits = np.unpackbits(wishes.view(np.uint8), axis=1, bitorder="little")
        count = bits.sum(axis=1, dtype=np.int64)
        begins = len(self.wished) + np.cumsum(count) - count
        self.wished = np.concatenate([self.wished, bits.nonzero()[1].astype(np.int16)])
        return {"wishes_from": begins, "wishes_count": count}

    def _hand_out(self) -> None:
        """Set every column as an attribute: a view of the rows filed so far."""
        self.__dict__.update({name: column[: self.size] for name, column in self._columns.items()})
        self.wishes = self._wishes[: self.size]

    def __getattr__(self, name: str) -> NDArray[Any]:
        raise AttributeError(name)

    def attribute(self, name: str) -> NDArray[Any]:
        """Return a grid attribute by its name."""
        return self._columns[f"attribute:{name}"][: self.size]

    def under_dalo(self, rows: NDArray[Any], second: Any) -> NDArray[np.bool_]:
        """Tell which demands are recognised under DALO at a second and have not lost the priority so far."""
        held: NDArray[np.bool_] = (self.dalo_s[rows] <= second) & (self.dalo_lost_s[rows] == NEVER)
        return held

    def of_tenants(self, rows: NDArray[Any]) -> NDArray[np.bool_]:
        """Tell which demands are of tenants: they leave a dwelling of the territory, or say they are one."""
        tenants: NDArray[np.bool_] = self.mutation_of[rows] >= 0
        if "request_kind" in self._attributes:
            tenants = tenants | (self.attribute("request_kind")[rows] == REQUEST_KINDS.index("mutation"))
        return tenants

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the grid attributes held."""
        return self._attributes

    def copy(self) -> Register:
        """Return an independent copy."""
        twin = Register.__new__(Register)
        twin.size = self.size
        twin._attributes = self._attributes
        twin._dtypes = self._dtypes
        twin._columns = {name: column[: self.size].copy() for name, column in self._columns.items()}
        twin._wishes = self._wishes[: self.size].copy()
        twin.wished = self.wished
        twin._hand_out()
        return twin


def wish_words(wishes: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return boolean wishes (n, communes) as bits, (n, ceil(communes / 64)): commune c is bit c % 64."""
    count, communes = wishes.shape
    words = max(1, -(-communes // 64))
    padded = np.zeros((count, words * 64), dtype=bool)
    padded[:, :communes] = wishes
    packed = np.packbits(padded, axis=1, bitorder="little")
    return np.ascontiguousarray(packed).view("<u8").astype(np.uint64)
