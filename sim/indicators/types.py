"""Which type does each residence have on a 1 January, and which had it on its first?

A ruler of places: the type of the first 1 January sorts the same residences together under every policy and
every year, where the type of the day would follow what it is meant to explain. Left out on purpose: how a
type is given (sim/rules/peuplement).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.indicators.indicator import Bools, Ints
from sim.territory.columns import PEUPLEMENT_TYPES

NONE = -1
"""A residence without a type."""

A_CONFORTER = PEUPLEMENT_TYPES.index("a_conforter")


def ranks(column: pd.Series[Any]) -> Ints:
    """Return types as places in PEUPLEMENT_TYPES, (n,) int, NONE where there is none."""
    return pd.Index(PEUPLEMENT_TYPES).get_indexer(pd.Index(column)).astype(np.int64)


def by_residence(occupation: pd.DataFrame, values: Ints, absent: int = NONE) -> tuple[Ints, Ints, Ints]:
    """Lay a value of `occupation` out by residence and year.

    Parameters
    ----------
    values : (n,) int, a value a row
    absent : what stands where a residence has no row on a 1 January

    Returns
    -------
    (r, y) int, (n,) the line of each row of `occupation`, (y,) the years in order; residences stand in the
    order of their identifiers, so that the order of the rows changes nothing
    """
    years, column = np.unique(occupation["year"].to_numpy(), return_inverse=True)
    line, names = pd.factorize(occupation["residence_id"], sort=True)
    table = np.full((len(names), years.size), absent, dtype=np.int64)
    table[line, column] = values
    return table, line, years


def at_first(occupation: pd.DataFrame) -> Ints:
    """Return for each row its residence's type on the first 1 January it had one, (n,) int."""
    table, line, _ = by_residence(occupation, ranks(occupation["peuplement_type"]))
    if not table.size:
        return line
    first = (table != NONE).argmax(axis=1)
    types: Ints = table[np.arange(len(table)), first]
    return types[line]


def perimeters(occupation: pd.DataFrame) -> dict[str, Bools]:
    """Return the perimeters where a stock is followed, group to (n,) bool: all, QPV, type at the start."""
    in_qpv = occupation["in_qpv"].to_numpy(dtype=bool)
    start = at_first(occupation)
    places = {"all": np.ones(len(occupation), dtype=bool), "qpv": in_qpv, "hors_qpv": ~in_qpv}
    return places | {f"start:{name}": start == rank for rank, name in enumerate(PEUPLEMENT_TYPES)}
