"""Where are the priority households housed: in QPV or outside, in which type of residence?

Formula: `in_qpv_share` = leases of the public signed in QPV / its leases; `in_type_share` = the same for each
type of peuplement (group "dalo@en_capacite").
Reference: CCH L.441 (access of the poorest households to all sectors, outside QPV included).
Known flaw: it reads a destination, not a choice: where households asked to live is not in it. A lease carries
the type that its residence had when it was recorded.
"""

from __future__ import annotations

from sim.indicators import groups
from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Indicator, Row, ratio
from sim.outcomes import Outcomes

PUBLICS = ("dalo", "l441_1", "first_quartile")

IN_QPV = Indicator(
    "in_qpv_share",
    "Part des baux du public signés en QPV",
    "part (0-1)",
    "Baux signés en QPV, parmi les baux signés par les ménages du public.",
)
IN_TYPE = Indicator(
    "in_type_share",
    "Part des baux du public par type de résidence",
    "part (0-1)",
    "Baux signés dans les résidences de ce type, parmi les baux signés par les ménages du public.",
)
INDICATORS = (IN_QPV, IN_TYPE)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the share of each public's leases in QPV and in each type of residence."""
    calendar = Calendar.of(outcomes)
    leases = outcomes.leases
    year = calendar.place(seconds(leases["signed_s"]))
    in_qpv = leases["in_qpv"].to_numpy(dtype=bool)
    types = groups.of_types(leases["peuplement_type"])
    rows: list[Row] = []
    for public in PUBLICS:
        member = leases[public].to_numpy(dtype=bool)
        signed = calendar.tally(year[member])
        rows += IN_QPV.rows(public, calendar.labels, ratio(calendar.tally(year[member & in_qpv]), signed))
        for name, of_type in types.items():
            shares = ratio(calendar.tally(year[member & of_type]), signed)
            rows += IN_TYPE.rows(f"{public}@{name}", calendar.labels, shares)
    return rows
