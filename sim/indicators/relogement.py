"""Are the households of an operation of demolition rehoused, and within its phasing?

Formula: `relogement_owed` = demands that an operation rehouses, open at the start or filed since;
`relogement_housed` = those of them housed by a lease; `relogement_wait_months` = mean of (signature − filing)
over these; `relogement_phasing` = mean of (signature − filing) / (deadline − filing) over those of operations
with a deadline: below 1, in time; `relogement_late` = demands closed otherwise, their dwelling given up
before a lease.
Group `relogement` is every operation, `operation:…` each one that the scenario or the territory names: those
drawn differ between replications.
Reference: none; an account of the tables.
Known flaw: the wait begins when the demand is filed, not when the operation is announced; a household that
would have left anyway counts as given up.
"""

from __future__ import annotations

import numpy as np

from sim.indicators.calendar import seconds
from sim.indicators.indicator import WHOLE_RUN, Bools, Floats, Indicator, Row, ratio
from sim.outcomes import MONTH_S, Outcomes

OWED = Indicator(
    "relogement_owed",
    "Ménages à reloger",
    "ménages",
    "Demandes de relogement au titre d'une opération, actives au début ou déposées depuis.",
)
HOUSED = Indicator(
    "relogement_housed", "Ménages relogés", "ménages", "Demandes de relogement conclues par un bail."
)
WAIT = Indicator(
    "relogement_wait_months",
    "Attente des ménages relogés",
    "mois",
    "Durée moyenne entre la demande de relogement et la signature du bail.",
)
PHASING = Indicator(
    "relogement_phasing",
    "Attente rapportée au phasage",
    "part du délai",
    "Attente des ménages relogés, en part du temps qui restait avant l'échéance de l'opération.",
)
LATE = Indicator(
    "relogement_late",
    "Départs sans relogement dans le parc",
    "ménages",
    "Demandes de relogement closes sans bail : départ du ménage, ou échéance de l'opération.",
)
INDICATORS = (OWED, HOUSED, WAIT, PHASING, LATE)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the account of all operations, and of each that is named, over the run."""
    demands = outcomes.demands
    operation = demands["operation"]
    filed, closed = seconds(demands["filed_s"]), seconds(demands["closed_s"])
    by_lease = (demands["closed_by"] == "lease").to_numpy(dtype=bool)
    told = outcomes.context.get("operations", [])
    ends = {one["name"]: one["deadline_s"] for one in told if one["deadline_s"] is not None}
    deadline = np.full(len(demands), np.nan)
    for name, end_s in ends.items():
        deadline[operation.eq(name).to_numpy(dtype=bool)] = end_s
    groups = {"relogement": operation.ne("").to_numpy(dtype=bool)}
    groups |= {
        f"operation:{one['name']}": operation.eq(one["name"]).to_numpy(dtype=bool)
        for one in told
        if one["named"]
    }
    rows: list[Row] = []
    for group, owed in groups.items():
        housed = owed & by_lease
        late = owed & ~by_lease & ~np.isnan(closed)
        values = (
            (OWED, owed.sum()),
            (HOUSED, housed.sum()),
            (WAIT, _mean((closed - filed) / MONTH_S, housed)),
            (PHASING, _mean(ratio(closed - filed, deadline - filed), housed & ~np.isnan(deadline))),
            (LATE, late.sum()),
        )
        for indicator, value in values:
            rows += indicator.rows(group, [WHOLE_RUN], [value])
    return rows


def _mean(values: Floats, chosen: Bools) -> float:
    return float(values[chosen].mean()) if chosen.any() else float("nan")
