"""How many leases are signed, by whom, and how many bring a household into the stock?

Formula: `leases_total` = leases signed; `net_new_households` = those that are no mutation (a mutation frees a
dwelling as it fills one), in all and of each group; `leases_of_group` = leases of a group;
`leases_per_1000` = 1000 × these / leases.
Between a run with a row for a public and one without, the differences of `leases_of_group` say whose leases
the row displaces.
Reference: counts of the SNE dashboards (attributions suivies d'un bail signé).
Known flaw: a share of the leases says nothing of the share of the demand; read it beside `housed_12m`.
"""

from __future__ import annotations

from sim.indicators import groups
from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Indicator, Row, ratio
from sim.outcomes import Outcomes

TOTAL = Indicator("leases_total", "Baux signés", "baux", "Nombre de baux signés.")
NET_NEW = Indicator(
    "net_new_households",
    "Ménages entrés dans le parc social",
    "ménages",
    "Nombre de baux signés par des ménages qui n'étaient pas déjà locataires du parc social.",
)
PER_1000 = Indicator(
    "leases_per_1000",
    "Baux d'un public, pour 1 000 baux",
    "pour 1 000 baux",
    "Nombre de baux signés par les ménages du groupe, pour 1 000 baux signés.",
)
OF_GROUP = Indicator(
    "leases_of_group", "Baux d'un public", "baux", "Nombre de baux signés par les ménages du groupe."
)
INDICATORS = (TOTAL, NET_NEW, PER_1000, OF_GROUP)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the leases by year, in total, net of mutations, and by group: their number, and per 1,000."""
    calendar = Calendar.of(outcomes)
    year = calendar.place(seconds(outcomes.leases["signed_s"]))
    members = groups.of_leases(outcomes.leases)
    total = calendar.tally(year)
    rows = TOTAL.rows("all", calendar.labels, total)
    for group, member in members.items():
        rows += NET_NEW.rows(group, calendar.labels, calendar.tally(year[member & ~members["mutation"]]))
        if group != "all":
            signed = calendar.tally(year[member])
            rows += PER_1000.rows(group, calendar.labels, 1000 * ratio(signed, total))
            rows += OF_GROUP.rows(group, calendar.labels, signed)
    return rows
