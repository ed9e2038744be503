"""How many candidates, contacts, visits and sittings does a lease take, and why do candidates leave a list?

Formula: for each stage, candidates who reached it / leases signed; `sittings_per_lease` = vacancies examined
/ leases signed; `ends_per_lease`, by outcome and motive = candidates whose place ended so / leases signed.
Reference: the stages of design, notice to lease; outcomes and motives are those of docs/outcomes.md.
Known flaw: a candidate is dated by the end of its place on the list and a lease by its signature, so read the
whole run (year 0). Where lists are heard the day they are made nobody is contacted or visited.
"""

from __future__ import annotations

import numpy as np

from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Indicator, Row, ratio
from sim.outcomes import Outcomes

UNIT = "par bail signé"
LISTED = Indicator(
    "candidates_per_lease",
    "Candidats par bail signé",
    UNIT,
    "Candidats d'une liste dont l'instruction ou la proposition s'est achevée, pour un bail signé.",
)
CONTACTED = Indicator(
    "contacts_per_lease", "Candidats joints par bail signé", UNIT, "Candidats joints pour un bail signé."
)
VISITED = Indicator("visits_per_lease", "Visites par bail signé", UNIT, "Visites pour un bail signé.")
EXAMINED = Indicator(
    "sittings_per_lease",
    "Examens d'un logement par bail signé",
    UNIT,
    "Nombre de fois où un logement vacant est examiné, pour un bail signé.",
)
ENDS = Indicator(
    "ends_per_lease",
    "Fins de candidature par bail signé",
    UNIT,
    "Candidatures qui se sont achevées ainsi, par issue et motif, pour un bail signé.",
)
INDICATORS = (LISTED, CONTACTED, VISITED, EXAMINED, ENDS)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the stages per lease, and the ends of candidates by outcome and motive (as groups)."""
    calendar, offers = Calendar.of(outcomes), outcomes.offers
    signed = calendar.tally(calendar.place(seconds(outcomes.leases["signed_s"])))
    year = calendar.place(seconds(offers["answered_s"]))
    reached = {
        LISTED: np.ones(len(offers), dtype=bool),
        CONTACTED: offers["contacted_s"].notna().to_numpy(dtype=bool),
        VISITED: offers["visited_s"].notna().to_numpy(dtype=bool),
    }
    rows: list[Row] = []
    for indicator, who in reached.items():
        rows += indicator.rows("all", calendar.labels, ratio(calendar.tally(year[who]), signed))
    examined = calendar.tally(calendar.place(seconds(outcomes.sittings["held_s"])))
    rows += EXAMINED.rows("all", calendar.labels, ratio(examined, signed))
    ends = (offers["outcome"] + ":" + offers["motive"]).str.rstrip(":")
    for end in sorted(ends.unique()):
        who = (ends == end).to_numpy(dtype=bool)
        rows += ENDS.rows(end, calendar.labels, ratio(calendar.tally(year[who]), signed))
    return rows
