"""What does a lease add to each row of a matching, and what does a row cost where it is short?

Not a policy: what the jointly matched policies share. Counted in hundredths of a lease, one line a signature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer import NO_HIGH
from sim.policies.sitting import NOBODY, Sitting
from sim.rules.quotas import LEGAL, TARGET, UNIT, Rows, needed
from sim.rules.traits import NAMES
from sim.territory.columns import Bools, Ints

Amounts = NDArray[np.int64]

DUE = "relogement et DALO, par échéance"
"""Label of the row of the households owed a dwelling."""

MARKED = 1 << 62
"""Bit of a signature beyond all traits: households owed a dwelling before anything else."""


@dataclass(frozen=True)
class Volumes:
    """First places to keep by group of households; those of a group are alike in the traits of `read`.

    `lead` (V,) : positions of the demands first on each list in the answer whose volumes are kept.
    """

    lead: Amounts
    read: int


@dataclass(frozen=True)
class Terms:
    """Rows as the solver reads them: what a lease of each signature adds, where, and within which limits."""

    label: tuple[str, ...]
    tier: Amounts  # (R,)
    table: Amounts  # (R, S) hundredths of a lease
    scope: Bools  # (R, C)
    low: Amounts  # (R,)
    high: Amounts  # (R,)

    def select(self, keep: Bools) -> Terms:
        """Return the rows where `keep` is true."""
        label = tuple(self.label[row] for row in np.flatnonzero(keep))
        tier, low, high = (part[keep] for part in (self.tier, self.low, self.high))
        return Terms(label, tier, self.table[keep], self.scope[keep], low, high)

    def coefficients(self) -> tuple[Amounts, Amounts, Amounts, Amounts]:
        """Return (row, signature, vacancy, value) of every coefficient that is not zero."""
        row, place = np.nonzero(self.scope)
        value = self.table[row]
        pair, kind = np.nonzero(value)
        return row[pair], kind, place[pair], value[pair, kind]


def terms_of(rows: Rows, signatures: Amounts) -> Terms:
    """Return the rows over the signatures of some applicants."""
    low = needed(rows)
    high = np.full(len(low), NO_HIGH)
    return Terms(rows.label, rows.tier.astype(np.int64), adds(rows, signatures), rows.scope, low, high)


def adds(rows: Rows, signatures: Amounts) -> Amounts:
    """Return what a lease of each signature adds to each row, (R, S): UNIT·[public] − percent, or nothing."""
    counts = (signatures[None, :] & rows.public[:, None]) != 0
    left_out = (signatures[None, :] & rows.excluded[:, None]) != 0
    table: Amounts = np.where(left_out, 0, UNIT * counts - rows.percent[:, None])
    return table


def served(sitting: Sitting, rows: Rows, lead: Amounts) -> Amounts:
    """Return what each row has, in hundredths of a lease, if the first of each list signs, (R,).

    `lead` holds the first of the lists of the vacancies that the rows bear on, NOBODY where empty.
    """
    signed = np.flatnonzero(lead != NOBODY)
    table = adds(rows, sitting.signature[lead[signed]].astype(np.int64))
    reached: Amounts = (table * rows.scope[:, signed]).sum(axis=1)
    return reached


def with_volumes(
    terms: Terms, sitting: Sitting, rows: Rows, volumes: Volumes, fillable: Ints, signatures: Amounts
) -> Terms:
    """Return the rows with one more a group: as many first places as in the answer whose volumes are kept.

    A legal row then needs no more than that answer gave it, which keeping the volumes never prevents.
    """
    lead = volumes.lead[fillable]
    reached = served(sitting, rows, lead)
    low = np.where(rows.tier == LEGAL, np.minimum(terms.low, reached), terms.low)
    groups, line = np.unique(signatures & volumes.read, return_inverse=True)
    placed = sitting.signature[lead[lead != NOBODY]] & volumes.read
    first = UNIT * (placed[None, :] == groups[:, None]).sum(axis=1)
    names = [", ".join(n for bit, n in enumerate(NAMES) if one >> bit & 1) for one in groups.tolist()]
    return Terms(
        (*terms.label, *(f"même volume : {name or 'autres publics'}" for name in names)),
        np.append(terms.tier, np.full(len(groups), LEGAL)),
        np.concatenate([terms.table, UNIT * (line[None, :] == np.arange(len(groups))[:, None])]),
        np.concatenate([terms.scope, np.ones((len(groups), len(fillable)), dtype=bool)]),
        np.append(low, first),
        np.append(terms.high, first),
    )


def with_marked(terms: Terms, signatures: Amounts, count: int, leases: int) -> Terms:
    """Return the rows with one more: so many marked households first somewhere, each as so many leases."""
    each = UNIT * leases
    return Terms(
        (*terms.label, DUE),
        np.append(terms.tier, LEGAL),
        np.concatenate([terms.table, np.where(signatures & MARKED, each, 0)[None, :]]),
        np.concatenate([terms.scope, np.ones((1, terms.scope.shape[1]), dtype=bool)]),
        np.append(terms.low, count * each),
        np.append(terms.high, NO_HIGH),
    )


def penalties(terms: Terms, rows: Rows, finer: int, spread: int, forgone: float) -> Amounts:
    """Return what a hundredth of a lease short costs in each row, in one objective, (R,).

    A quarter of a lease short in a legal row outweighs points and targets, all the targets of a dwelling
    weigh `forgone` together, and a volume weighs two legal rows.
    """
    legal = int(finer * 4 * (2 * spread + forgone))
    shared = max(1, int(rows.scope[rows.tier == TARGET].sum(axis=0).max(initial=0)))
    penalty = np.where(terms.tier == LEGAL, legal, int(finer * forgone / shared))
    penalty[len(rows) :] = 2 * legal
    return penalty


def alone_apart(terms: Terms, penalty: Amounts) -> tuple[Terms, Amounts, Amounts]:
    """Return the rows with several vacancies, their penalties, and what pairs save in the others, (C, S).

    A row with one vacancy in its scope is worth to each pair of that vacancy what it leaves short less than
    an empty place would: exactly so, and the row need not enter the problem.
    """
    alone = (terms.scope.sum(axis=1) == 1) & (terms.high == NO_HIGH)
    less_short = np.maximum(0, terms.low)[:, None] - np.maximum(0, terms.low[:, None] - terms.table)
    saved = np.zeros((terms.scope.shape[1], terms.table.shape[1]), dtype=np.int64)
    np.add.at(saved, terms.scope[alone].argmax(axis=1), (penalty[:, None] * less_short)[alone])
    return terms.select(~alone), penalty[~alone], saved - saved.min(initial=0)
