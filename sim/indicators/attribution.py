"""What share of the demands active in a year is housed in it, by income?

Formula: `attribution_rate` = demands closed by a lease in the year / demands active at least one instant of
it. Year 0 is the sum of the years' numerators over that of their denominators: a yearly rate, not that of the
whole run. Groups `uc_…` are brackets of monthly income for one consumption unit, in euros.
Reference: ANCOLS reads attributions over the demands active one day at least in the year; SNE tables show
the income of applicants by consumption unit in steps of 500 EUR a month.
Known flaw: a demand open for three years counts in three denominators, as in the published rate. Income is
the last known: documents correct it for those who are heard, and tell one that was not declared, so that
hardly any lease is left to `uc_unknown`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import WHOLE_RUN, Bools, Floats, Indicator, Row, ratio
from sim.outcomes import Outcomes

RATE = Indicator(
    "attribution_rate",
    "Taux d'attribution",
    "part par an (0-1)",
    "Demandes satisfaites par un bail dans l'année, parmi celles qui ont été actives dans l'année.",
)
INDICATORS = (RATE,)

BOUNDS_EUR = (500, 1000, 1500, 2000)
"""Bounds of the brackets, EUR a month for one consumption unit; a choice of presentation."""

BRACKETS = (
    *(f"uc_{low}_{high - 1}" for low, high in zip((0, *BOUNDS_EUR), BOUNDS_EUR, strict=False)),
    f"uc_{BOUNDS_EUR[-1]}_plus",
)
"""Groups of the brackets, the lowest first."""

MONTHS = 12


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the attribution rate of all demands and of each income bracket, by year."""
    calendar, demands = Calendar.of(outcomes), outcomes.demands
    filed, closed = seconds(demands["filed_s"]), seconds(demands["closed_s"])
    by_lease = demands["closed_by"].eq("lease").to_numpy(dtype=bool)
    begins_s = np.concatenate([[0.0], calendar.ends_s[:-1]])
    active = (filed[:, None] < calendar.ends_s) & ~(closed[:, None] < begins_s)
    rows: list[Row] = []
    for group, member in brackets(demands).items():
        housed = calendar.tally(calendar.place(closed[member & by_lease]))
        waiting = active[member].sum(axis=0)
        rows += RATE.rows(group, [WHOLE_RUN], ratio([housed[0]], [waiting.sum()]))
        rows += RATE.rows(group, calendar.years, ratio(housed[1:], waiting))
    return rows


def brackets(demands: pd.DataFrame) -> dict[str, Bools]:
    """Return the demands of each bracket of income for one consumption unit, group name to (n,) bool."""
    income: Floats = demands["income_uc_eur"].to_numpy(dtype=float) / MONTHS
    place = np.searchsorted(BOUNDS_EUR, income, side="right")
    known = ~np.isnan(income)
    members: dict[str, Bools] = {"all": np.ones(len(demands), dtype=bool)}
    members |= {name: known & (place == number) for number, name in enumerate(BRACKETS)}
    return members | {"uc_unknown": ~known}
