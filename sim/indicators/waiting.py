"""How long do the housed wait, and how many still wait, since when?

Formula: `wait_housed_months` = mean of (signature − filing) over the leases; `pending` = demands filed by
31 December and not closed; `age_pending_months` = mean of (31 December − filing) over them.
Reference: Little's law links the three (J. Little, Operations Research 9 (1961) 383-387); the mean delay of
the housed is what the SNE dashboards publish.
Known flaw: the mean wait of the housed forgets those who never are: housing old demands first raises it.
Read it beside `housed_12m`. `dalo` is counted from recognition on, its waits from filing.
"""

from __future__ import annotations

import numpy as np

from sim.indicators import groups
from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Indicator, Row, ratio
from sim.outcomes import MONTH_S, Outcomes

WAIT_HOUSED = Indicator(
    "wait_housed_months",
    "Attente moyenne des ménages logés",
    "mois",
    "Durée moyenne entre le dépôt de la demande et la signature du bail, pour les baux signés.",
)
PENDING = Indicator(
    "pending", "Demandes en attente", "demandes", "Nombre de demandes actives au 31 décembre."
)
AGE_PENDING = Indicator(
    "age_pending_months",
    "Ancienneté moyenne des demandes en attente",
    "mois",
    "Ancienneté moyenne, au 31 décembre, des demandes actives ce jour-là.",
)
INDICATORS = (WAIT_HOUSED, PENDING, AGE_PENDING)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the waits of the housed and the stock and age of the pending."""
    calendar = Calendar.of(outcomes)
    return _housed(outcomes, calendar) + _pending(outcomes, calendar)


def _housed(outcomes: Outcomes, calendar: Calendar) -> list[Row]:
    leases = outcomes.leases
    signed = seconds(leases["signed_s"])
    year = calendar.place(signed)
    waited = (signed - seconds(leases["filed_s"])) / MONTH_S
    rows: list[Row] = []
    for group, member in groups.of_leases(leases).items():
        total = calendar.tally(year[member], waited[member])
        rows += WAIT_HOUSED.rows(group, calendar.labels, ratio(total, calendar.tally(year[member])))
    return rows


def _pending(outcomes: Outcomes, calendar: Calendar) -> list[Row]:
    demands = outcomes.demands
    filed = seconds(demands["filed_s"])
    closed = np.nan_to_num(seconds(demands["closed_s"]), nan=np.inf)
    until = np.searchsorted(calendar.ends_s, closed, side="left")
    years = calendar.years.size
    rows: list[Row] = []
    for group, member in groups.of_demands(demands).items():
        since = np.searchsorted(calendar.ends_s, groups.joined_s(demands, group)[member], side="left")
        spell = since * (years + 1) + until[member]  # open on 31 December of years since, …, until − 1
        count = np.bincount(spell, minlength=(years + 1) ** 2).reshape(years + 1, -1)
        filings = np.bincount(spell, filed[member], (years + 1) ** 2).reshape(years + 1, -1)
        pending = np.array([count[: year + 1, year + 1 :].sum() for year in range(years)])
        filings = np.array([filings[: year + 1, year + 1 :].sum() for year in range(years)])
        age = calendar.ends_s - ratio(filings, pending)
        rows += PENDING.rows(group, calendar.years, pending)
        rows += AGE_PENDING.rows(group, calendar.years, age / MONTH_S)
    return rows
