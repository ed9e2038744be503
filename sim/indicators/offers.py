"""How many offers does a lease take, and how many of them do households decline?

Formula: `offers_per_lease` = offers made / leases signed; `refusal_share` = (refused + silent) / (accepted +
refused + silent). Silence for ten days is a refusal (CCH R.441-10). An offer superseded before it was made,
withdrawn, or not confirmed by the commission is no answer of the household.
Reference: rates per offer as in the reports of commissions (bilan annuel des CALEOL).
Known flaw: offers and leases of a year are those dated in it, so an offer of December and its lease of
January fall in two years; read the whole run (year 0). Groups are those of the demand, at filing.
"""

from __future__ import annotations

import numpy as np

from sim.indicators import groups
from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Indicator, Row, ratio
from sim.outcomes import Outcomes

PER_LEASE = Indicator(
    "offers_per_lease",
    "Propositions par bail signé",
    "propositions par bail",
    "Nombre de propositions faites aux ménages pour un bail signé.",
)
REFUSALS = Indicator(
    "refusal_share",
    "Part des propositions refusées",
    "part (0-1)",
    "Refus et silences, parmi les propositions que le ménage a acceptées, refusées ou laissées sans réponse.",
)
INDICATORS = (PER_LEASE, REFUSALS)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the offers per lease and the share refused, by group of demands and by réservataire."""
    calendar = Calendar.of(outcomes)
    offered, signed = seconds(outcomes.offers["offered_s"]), seconds(outcomes.leases["signed_s"])
    made = np.flatnonzero(~np.isnan(offered))
    offered, outcome = offered[made], outcomes.offers["outcome"].iloc[made]
    offer_year, lease_year = calendar.place(offered), calendar.place(signed)
    declined = outcome.isin(["refused", "silent"]).to_numpy(dtype=bool)
    answered = declined | outcome.eq("accepted").to_numpy(dtype=bool)

    offers_of = groups.of_events(outcomes.demands, groups.demand_rows(outcomes, "offers")[made], offered)
    leases_of = groups.of_events(outcomes.demands, groups.demand_rows(outcomes, "leases"), signed)
    oriented = groups.of_reservataires(outcomes.vacancies["reservataire"])
    vacancy = groups.vacancy_rows(outcomes, "offers")[made]
    offers_of |= {name: mask[vacancy] for name, mask in oriented.items()}
    leases_of |= groups.of_reservataires(outcomes.leases["reservataire"])

    rows: list[Row] = []
    for group, mask in offers_of.items():
        received, signings = calendar.tally(offer_year[mask]), calendar.tally(lease_year[leases_of[group]])
        refused = calendar.tally(offer_year[mask & declined])
        answers = calendar.tally(offer_year[mask & answered])
        rows += PER_LEASE.rows(group, calendar.labels, ratio(received, signings))
        rows += REFUSALS.rows(group, calendar.labels, ratio(refused, answers))
    return rows
