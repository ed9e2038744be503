"""How long do dwellings stay vacant, how many are still vacant at the end, and what rent is lost?

Formula: `days_vacant` = mean of (let − keys) over the vacancies let; `vacant_end` = vacancies neither let,
lost nor withdrawn (dwellings sold or to be demolished) when the run ends; `rent_lost_eur` = sum over
vacancies of the months from keys to lease, or to the withdrawal, that fall in the year, each at the
dwelling's rent and charges.
Reference: vacancy between two tenants as RPLS counts it, from the departure of one to the lease of the next.
Known flaw: the mean is over dwellings let, so those hardest to let enter only once they are: read both. Rents
are those of the table, in constant euros.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import WHOLE_RUN, Bools, Floats, Indicator, Row, ratio
from sim.outcomes import DAY_S, MONTH_S, Outcomes

DAYS_VACANT = Indicator(
    "days_vacant",
    "Durée moyenne de vacance",
    "jours",
    "Durée moyenne entre la remise des clés et la signature du bail suivant, pour les logements reloués.",
)
VACANT_END = Indicator(
    "vacant_end",
    "Logements vacants en fin de période",
    "logements",
    "Nombre de logements libérés et non reloués à la fin de la simulation.",
)
RENT_LOST = Indicator(
    "rent_lost_eur",
    "Loyers et charges perdus",
    "EUR",
    "Loyers et charges des mois pendant lesquels des logements sont vacants, de la remise des clés au bail.",
)
INDICATORS = (DAYS_VACANT, VACANT_END, RENT_LOST)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the duration of vacancy (by year of letting) and the stock still vacant."""
    calendar = Calendar.of(outcomes)
    vacancies = outcomes.vacancies
    keys, let = seconds(vacancies["keys_s"]), seconds(vacancies["let_s"])
    measured = ~np.isnan(let) & ~np.isnan(keys)
    gone = vacancies["lost"].to_numpy(dtype=bool) | vacancies["withdrawn_s"].notna().to_numpy()
    still_vacant = np.isnan(let) & ~gone
    days = (let - keys) / DAY_S
    until = np.fmin(let, seconds(vacancies["withdrawn_s"]))
    lost = _rent_lost(calendar, vacancies, keys, np.where(np.isnan(until), calendar.ends_s[-1], until))
    rows: list[Row] = []
    for group, member in _groups(vacancies).items():
        chosen = member & measured
        year = calendar.place(let[chosen])
        mean = ratio(calendar.tally(year, days[chosen]), calendar.tally(year))
        rows += DAYS_VACANT.rows(group, calendar.labels, mean)
        rows += VACANT_END.rows(group, [WHOLE_RUN], [(member & still_vacant).sum()])
        yearly = lost[member].sum(axis=0)
        rows += RENT_LOST.rows(group, calendar.labels, [yearly.sum(), *yearly])
    return rows


def _rent_lost(calendar: Calendar, vacancies: pd.DataFrame, keys: Floats, until: Floats) -> Floats:
    """Return the rent and charges each vacancy loses in each year of the run, (vacancies, years) EUR."""
    begins_s = np.concatenate([[0.0], calendar.ends_s[:-1]])
    vacant_s = np.minimum(until[:, None], calendar.ends_s) - np.maximum(keys[:, None], begins_s)
    due = (vacancies["rent_eur"] + vacancies["charges_eur"]).to_numpy(dtype=float)
    lost: Floats = np.clip(vacant_s, 0, None) / MONTH_S * due[:, None]
    return lost


def _groups(vacancies: pd.DataFrame) -> dict[str, Bools]:
    rooms, in_qpv = vacancies["rooms"].to_numpy(), vacancies["in_qpv"].to_numpy(dtype=bool)
    by_rooms = {f"t{size}": rooms == size for size in (1, 2, 3, 4)}
    everything = np.ones(len(vacancies), dtype=bool)
    return {"all": everything, **by_rooms, "t5_plus": rooms >= 5, "qpv": in_qpv, "hors_qpv": ~in_qpv}
