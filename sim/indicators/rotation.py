"""How many dwellings change tenant in a year, and how many stand empty?

Formula, with the dwellings offered on a 1 January = households in place + dwellings vacant that day (keys
given back, not let, not given up):
`relet_share` = leases signed in the year on a dwelling that had a tenant before / offered on its 1 January;
`vacant_share` = dwellings vacant on 1 January / offered; group `over_3_months` counts those whose keys were
given back more than three months before. A value of year y is that of 1 January y. Year 0 is the sum of the
years' numerators over that of their denominators, the first 1 January left out of the vacant: it is given.
Reference: RPLS, mobility (lettings of the year on dwellings offered for a year or more) and vacancy, total
and of more than three months, on 1 January.
Known flaw: a first letting is left out by the cause of its vacancy, where RPLS leaves out dwellings in
service for less than a year; a dwelling under works between two tenants counts as vacant.
`turnover` (tenure.py) counts every lease, first lettings included, over the households in place alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.indicators.calendar import Calendar, seconds, yearly
from sim.indicators.indicator import WHOLE_RUN, Floats, Indicator, Ints, Row, ratio
from sim.outcomes import DAY_S, MONTH_S, Outcomes

RELET = Indicator(
    "relet_share",
    "Rotation : logements reloués dans l'année",
    "part par an (0-1)",
    "Baux signés dans l'année sur un logement déjà loué auparavant, rapportés aux logements offerts à la "
    "location au 1er janvier.",
)
VACANT = Indicator(
    "vacant_share",
    "Logements vacants au 1er janvier",
    "part (0-1)",
    "Logements vacants au 1er janvier, rapportés aux logements offerts à la location ce jour-là.",
)
INDICATORS = (RELET, VACANT)

FIRST_LETTING = "delivery"
LONG_S = 3 * MONTH_S
"""RPLS tells apart the dwellings vacant for more than three months."""


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the dwellings let again and the vacant ones, by 1 January; nothing without occupation."""
    years, (households,) = yearly(outcomes.occupation, ["households"])
    if not years.size:
        return []
    at_s = _first_of_january(outcomes, years)
    vacant, long_vacant = _vacant(outcomes, at_s, 0), _vacant(outcomes, at_s, LONG_S)
    offered = households + vacant
    rows = _relet(outcomes, pd.Series(offered, index=years))
    for group, count in (("all", vacant), ("over_3_months", long_vacant)):
        rows += VACANT.rows(group, [WHOLE_RUN], ratio([count[1:].sum()], [offered[1:].sum()]))
        rows += VACANT.rows(group, years, ratio(count, offered))
    return rows


def _first_of_january(outcomes: Outcomes, years: Ints) -> Floats:
    """Return the second of each 1 January, within the run."""
    start, end_s = outcomes.start, float(outcomes.context["end_s"])
    days = [(start.replace(year=int(year), month=1, day=1) - start).days for year in years]
    at_s: Floats = np.clip(np.array(days, dtype=float) * DAY_S, 0, end_s)
    return at_s


def _vacant(outcomes: Outcomes, at_s: Floats, longer_s: int) -> Floats:
    """Return how many dwellings are vacant at each time, keys given back at least `longer_s` before."""
    vacancies = outcomes.vacancies[~outcomes.vacancies["lost"].to_numpy(dtype=bool)]
    keys, let = seconds(vacancies["keys_s"]), seconds(vacancies["let_s"])
    let = np.where(np.isnan(let), np.inf, let)
    return np.array(
        [((keys <= time) & (let > time) & (time - keys >= longer_s)).sum() for time in at_s], dtype=float
    )


def _relet(outcomes: Outcomes, offered: pd.Series[Any]) -> list[Row]:
    """Return the leases of each year on dwellings let before, over those `offered` on its 1 January."""
    calendar, leases = Calendar.of(outcomes), outcomes.leases
    new = outcomes.vacancies["cause"].eq(FIRST_LETTING).to_numpy(dtype=bool)
    again = ~np.append(new, False)[outcomes.vacancy_rows["leases"]]
    signed = calendar.tally(calendar.place(seconds(leases["signed_s"]))[again])[1:]
    there = offered.reindex(calendar.years).to_numpy(dtype=float)
    whole = RELET.rows("all", [WHOLE_RUN], ratio([signed.sum()], [there.sum()]))
    return whole + RELET.rows("all", calendar.years, ratio(signed, there))
