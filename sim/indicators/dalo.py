"""Is an offer made to the households recognised under DALO in time, how long do they wait, who loses it?

Formula, over demands recognised in the run; M = a twelfth of 365.25 days:
`dalo_offered_in_time` = of those whose deadline falls in the year, and who had an offer or were still
recognised and waiting at the deadline, the share offered a dwelling between recognition and deadline;
`dalo_offer_wait_months` = mean of (first offer − recognition) / M, by the year of that offer;
`dalo_lease_wait_months` = mean of (lease − recognition) / M of the leases signed under DALO, by their year;
`dalo_recognised`, `dalo_lost`, `dalo_presented_alone` = households recognised, priorities ended by the
refusal of an adapted offer, sittings at which the préfet named one household alone for a dwelling.
Reference: CCH L.441-2-3, R.441-16-1; CE, avis 398546 of 1 July 2016.
Known flaw: the legal delay is for an offer, not for a lease, and the first offer alone is read; waits are of
those offered or housed, so they say nothing of who still waits; who was recognised before the start is in the
leases alone.
"""

from __future__ import annotations

import numpy as np

from sim.indicators import groups
from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Floats, Indicator, Row, ratio
from sim.outcomes import MONTH_S, Outcomes

IN_TIME = Indicator(
    "dalo_offered_in_time",
    "Ménages DALO ayant reçu une proposition dans le délai légal",
    "part (0-1)",
    "Part des ménages reconnus dans la période à qui un logement est proposé avant la fin du délai légal.",
)
OFFER_WAIT = Indicator(
    "dalo_offer_wait_months",
    "De la reconnaissance DALO à la première proposition",
    "mois",
    "Durée moyenne, parmi les ménages qui reçoivent une proposition.",
)
LEASE_WAIT = Indicator(
    "dalo_lease_wait_months",
    "De la reconnaissance DALO au bail",
    "mois",
    "Durée moyenne, parmi les ménages logés au titre du DALO.",
)
RECOGNISED = Indicator(
    "dalo_recognised", "Ménages reconnus DALO", "ménages", "Nombre de reconnaissances dans la période."
)
LOST = Indicator(
    "dalo_lost",
    "Priorités DALO perdues par le refus d'une offre adaptée",
    "ménages",
    "Nombre de ménages dont la priorité prend fin ; leur demande demeure, sans la priorité.",
)
ALONE = Indicator(
    "dalo_presented_alone",
    "Ménages DALO présentés seuls par le préfet",
    "présentations",
    "Nombre de logements du contingent de l'État pour lesquels un ménage DALO est présenté seul.",
)
INDICATORS = (IN_TIME, OFFER_WAIT, LEASE_WAIT, RECOGNISED, LOST, ALONE)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return what becomes of the households recognised under DALO, by year."""
    calendar, demands = Calendar.of(outcomes), outcomes.demands
    recognised = seconds(demands["dalo_recognised_s"])
    deadline, lost = seconds(demands["dalo_deadline_s"]), seconds(demands["dalo_lost_s"])
    offered = first_offers(outcomes, recognised)
    fresh = recognised >= 0
    end_s = float(outcomes.context["end_s"])

    gone = np.fmin(seconds(demands["closed_s"]), lost)
    due = fresh & (deadline < end_s) & (np.isfinite(offered) | ~(gone < deadline))
    year = calendar.place(deadline[due])
    in_time = calendar.tally(year[offered[due] <= deadline[due]])
    rows = IN_TIME.rows("dalo", calendar.labels, ratio(in_time, calendar.tally(year)))

    first = fresh & np.isfinite(offered)
    rows += _mean(OFFER_WAIT, calendar, offered[first], offered[first] - recognised[first])
    signed = seconds(outcomes.leases["signed_s"])
    since = recognised[groups.demand_rows(outcomes, "leases")]
    known = np.isfinite(since) & outcomes.leases["dalo"].to_numpy(dtype=bool)
    rows += _mean(LEASE_WAIT, calendar, signed[known], signed[known] - since[known])

    rows += _count(RECOGNISED, calendar, recognised[fresh])
    rows += _count(LOST, calendar, lost[lost >= 0])
    alone = outcomes.sittings["short_reason"].eq("prefet").to_numpy(dtype=bool)
    return rows + _count(ALONE, calendar, seconds(outcomes.sittings["held_s"])[alone])


def first_offers(outcomes: Outcomes, since_s: Floats) -> Floats:
    """Return when each demand was first made an offer at or after a second, NaN where never, (n,)."""
    demand = groups.demand_rows(outcomes, "offers")
    offered = seconds(outcomes.offers["offered_s"])
    counted = offered >= since_s[demand]
    found = np.full(len(outcomes.demands), np.nan)
    np.fmin.at(found, demand[counted], offered[counted])
    return found


def _count(indicator: Indicator, calendar: Calendar, when: Floats) -> list[Row]:
    return indicator.rows("dalo", calendar.labels, calendar.tally(calendar.place(when)))


def _mean(indicator: Indicator, calendar: Calendar, when: Floats, lasts_s: Floats) -> list[Row]:
    year = calendar.place(when)
    months = calendar.tally(year, lasts_s / MONTH_S)
    return indicator.rows("dalo", calendar.labels, ratio(months, calendar.tally(year)))
