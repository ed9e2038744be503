"""Which attributes of a demand follow from its columns and the day?

Everything else a grid reads is stored with the demand: `{**attributes, **derived(...)}` are its facts.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.territory.columns import Bools, Dates, Ints

DERIVED = frozenset(
    (
        "seniority_months",
        "request_kind",
        "dalo",
        "dalo_status",
        "age",
        "adults",
        "children",
        "income_quartile",
    )
)
"""The attributes `derived` returns."""

DAYS_READ = 2048
"""The calendar is read by so many days at a time."""


def derived(
    filed_on: Dates | Ints,
    on: date,
    mutation: Bools,
    dalo: Bools,
    age: Ints,
    adults: Ints,
    children: Ints,
    income_quartile: NDArray[np.float64] | None = None,
    read: frozenset[str] | None = None,
) -> dict[str, NDArray[Any]]:
    """Return the attributes that follow from the columns of n demands on a day.

    Parameters
    ----------
    filed_on : (n,) datetime64[D], or days since 1970-01-01
    mutation : (n,) the household is already housed by a bailleur
    dalo : (n,) recognised by the commission de médiation and still a priority on that day
    age : (n,) years, reference person
    adults, children : (n,) persons
    income_quartile : (n,) 1 to 4, NaN where the income is not valid; left out when it is not known
    read : the attributes that will be read, all of them by default: seniority is counted only when it is

    Raises
    ------
    ValueError
        when a date of filing is missing.
    """
    facts: dict[str, NDArray[Any]] = {
        # A boolean is the index of its code: False primo, True mutation; False NON, True ACTIF.
        "request_kind": np.asarray(mutation, dtype=np.bool_).view(np.int8),
        "dalo": np.asarray(dalo, dtype=np.bool_),
        "dalo_status": np.asarray(dalo, dtype=np.bool_).view(np.int8),
        "age": age,
        "adults": adults,
        "children": children,
    }
    if read is None or "seniority_months" in read:
        facts["seniority_months"] = seniority_months(filed_on, on)
    if income_quartile is not None:
        facts["income_quartile"] = income_quartile
    return facts


def seniority_months(filed_on: Dates | Ints, on: date) -> NDArray[np.int64]:
    """Return the full calendar months from filing to the day, (n,) int64, 0 for a demand filed later.

    A month is full when its day number is reached again: filed on 31 January, 0 on 28 February, 1 on 1 March.
    The calendar is read once for all sittings, then looked up.

    Raises
    ------
    ValueError
        when a date of filing is missing.
    """
    filed = np.asarray(filed_on)
    if filed.dtype.kind == "M":
        if np.isnat(filed).any():
            raise ValueError("une demande n'a pas de date de dépôt : son ancienneté ne peut être calculée")
        filed = filed.astype("datetime64[D]").view(np.int64)
    today = int(np.datetime64(on, "D").view(np.int64))
    first = int(filed.min(initial=today)) // DAYS_READ * DAYS_READ
    month, day_of_month = _calendar(first, (today // DAYS_READ + 1) * DAYS_READ)
    now, then = today - first, np.minimum(filed, today) - first
    found: NDArray[np.int64] = month[now] - month.take(then) - (day_of_month.take(then) > day_of_month[now])
    return found


@lru_cache(maxsize=64)
def _calendar(first: int, end: int) -> tuple[Ints, Ints]:
    """Return the month, since January 1970, and the day of the month of days from one to another."""
    days = np.arange(first, end).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    return months.view(np.int64), (days - months.astype("datetime64[D]")).view(np.int64)
