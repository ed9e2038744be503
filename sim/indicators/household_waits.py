"""How long do the housed wait, by who they are and the size of the dwelling?

Formula: `wait_by_household_months` = mean of (signature − filing) over the leases of a household type, of a
typology ("t3") or of both ("single_parent@t3").
Reference: SNE dashboards, delay of the housed by family situation and typology.
Known flaw: that of `wait_housed_months`: it forgets those who are never housed. A couple and two other adults
are one type, several adults. The household is that of the demand as last known: documents may have corrected
it.
"""

from __future__ import annotations

import numpy as np

from sim.indicators import groups
from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Bools, Indicator, Row, ratio
from sim.indicators.pressure import TYPOLOGIES, typology
from sim.outcomes import MONTH_S, Outcomes

WAIT = Indicator(
    "wait_by_household_months",
    "Attente moyenne des ménages logés, par type de ménage et typologie",
    "mois",
    "Durée moyenne entre le dépôt de la demande et la signature du bail, pour les baux signés.",
)
INDICATORS = (WAIT,)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the mean wait by household type, by typology and by both."""
    calendar, leases, demands = Calendar.of(outcomes), outcomes.leases, outcomes.demands
    demand = groups.demand_rows(outcomes, "leases")
    adults, children = (demands[name].to_numpy()[demand] for name in ("adults", "children"))
    one, with_children = adults == 1, children > 0
    households = {
        "person_alone": one & ~with_children,
        "single_parent": one & with_children,
        "adults_only": ~one & ~with_children,
        "adults_children": ~one & with_children,
    }
    size = typology(leases["rooms"].to_numpy(dtype=np.int64))
    typologies = {name: size == place for place, name in enumerate(TYPOLOGIES)}
    members: dict[str, Bools] = households | typologies
    members |= {
        f"{who}@{what}": there & of_size
        for who, there in households.items()
        for what, of_size in typologies.items()
    }
    signed = seconds(leases["signed_s"])
    year = calendar.place(signed)
    waited = (signed - seconds(leases["filed_s"])) / MONTH_S
    rows: list[Row] = []
    for group, member in members.items():
        total = calendar.tally(year[member], waited[member])
        rows += WAIT.rows(group, calendar.labels, ratio(total, calendar.tally(year[member])))
    return rows
