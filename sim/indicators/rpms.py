"""Are the households kept out of an RPMS proposed another dwelling, and how soon?

Formula: a debt opens at a non-attribution of motive `RPMS`, where none is open; it ends at the first proposal
to the household of a dwelling outside the RPMS (an offer, or a contact or visit at which it declines), or
when its demand closes;
`rpms_debts_opened`, `rpms_debts_paid` = debts by the year they open, or are paid by an offer;
`rpms_debts_open` = debts open at the end of the year, at the end of the run for year 0;
`rpms_debt_days` = mean days from opening to payment of the debts paid in the year.
Reference: CCH L.441-2-2 (the first vacant dwelling outside the RPMS must be proposed).
Known flaw: an offer is written down when it is answered, so that a debt paid by an offer still out at the end
is read as open; debts of the burn-in are not seen. No row where no household is kept out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.indicators import groups
from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Indicator, Row, ratio
from sim.outcomes import DAY_S, Outcomes

MOTIVE = "RPMS"

OPENED = Indicator(
    "rpms_debts_opened",
    "Ménages orientés hors d'une RPMS",
    "ménages",
    "Non-attributions prononcées dans une résidence RPMS et qui ouvrent droit à une proposition ailleurs.",
)
PAID = Indicator(
    "rpms_debts_paid",
    "Propositions hors RPMS faites à ces ménages",
    "ménages",
    "Nombre de ménages à qui un logement hors RPMS est proposé après une orientation hors d'une RPMS.",
)
OPEN = Indicator(
    "rpms_debts_open",
    "Ménages en attente d'une proposition hors RPMS",
    "ménages",
    "Nombre de ménages orientés hors d'une RPMS et sans proposition à la fin de la période.",
)
DAYS = Indicator(
    "rpms_debt_days",
    "Délai avant la proposition hors RPMS",
    "jours",
    "Durée moyenne entre l'orientation hors d'une RPMS et la proposition suivante hors RPMS.",
)
INDICATORS = (OPENED, PAID, OPEN, DAYS)


class Debt(NamedTuple):
    """One debt: when it was opened, and paid or extinguished (inf where neither)."""

    opened_s: float
    ended_s: float
    paid: bool


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the debts opened, paid and open, by year."""
    debts = list(debts_of(outcomes))
    if not debts:
        return []
    calendar = Calendar.of(outcomes)
    opened, ended, paid = (np.array(column) for column in zip(*debts, strict=True))
    paid = paid.astype(bool)
    year = calendar.place(ended[paid])
    days = calendar.tally(year, (ended - opened)[paid] / DAY_S)
    ends = np.concatenate([calendar.ends_s[-1:], calendar.ends_s])
    still = [int(((opened < end) & (ended >= end)).sum()) for end in ends]
    return [
        *OPENED.rows("all", calendar.labels, calendar.tally(calendar.place(opened))),
        *PAID.rows("all", calendar.labels, calendar.tally(year)),
        *OPEN.rows("all", calendar.labels, still),
        *DAYS.rows("all", calendar.labels, ratio(days, calendar.tally(year))),
    ]


def debts_of(outcomes: Outcomes) -> Iterator[Debt]:
    """Give the debts of a run, household after household, from its offers in time."""
    offers = outcomes.offers
    refused = offers["motive"].eq(MOTIVE).to_numpy(dtype=bool)
    if not refused.any():
        return
    vacancy = groups.vacancy_rows(outcomes, "offers")
    outside = ~outcomes.vacancies["in_rpms"].to_numpy(dtype=bool)[vacancy]
    answered = seconds(offers["answered_s"])
    declined = offers["stage"].isin(["contact", "visit"]).to_numpy(dtype=bool)
    offered = np.where(declined, answered, seconds(offers["offered_s"]))
    demand = groups.demand_rows(outcomes, "offers")
    closed = np.nan_to_num(seconds(outcomes.demands["closed_s"]), nan=np.inf)
    for who in np.unique(demand[refused]).tolist():
        own = demand == who
        pays = np.sort(offered[own & outside & np.isfinite(offered)])
        until = -np.inf
        for opened in np.sort(answered[own & refused]).tolist():
            if opened < until:  # the debt before is still open
                continue
            after = pays[pays >= opened]
            until = after[0] if len(after) else np.inf
            yield Debt(opened, min(until, closed[who]), bool(len(after)))
