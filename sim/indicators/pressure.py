"""How many demands wait for one lease of the year, by typology?

Formula: `pressure` = demands pending on 31 December / leases signed in the year. A demand that asks for
several typologies is shared among them equally: of one that asks for T2 or T3, a half waits for each. Year 0
is the sum of the years' numerators over that of their denominators.
Reference: the SDES publishes demands pending on 31 December for one dwelling that became available in the
year; the SNE dashboards, for one lease.
Known flaw: who asks for T2 or T3 may well be housed in a T2 alone; a typology nobody was housed in has no
pressure, not an infinite one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import WHOLE_RUN, Floats, Indicator, Ints, Row, ratio
from sim.outcomes import Outcomes

PRESSURE = Indicator(
    "pressure",
    "Demandes en attente par bail de l'année",
    "demandes par bail",
    "Demandes actives au 31 décembre, rapportées aux baux signés dans l'année ; une demande de plusieurs "
    "typologies se partage également entre elles.",
)
INDICATORS = (PRESSURE,)

TYPOLOGIES = ("t1", "t2", "t3", "t4", "t5_plus")


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the demands per lease, in all and by typology, by year."""
    calendar, demands = Calendar.of(outcomes), outcomes.demands
    filed, closed = seconds(demands["filed_s"]), seconds(demands["closed_s"])
    open_at_end = (filed[:, None] <= calendar.ends_s) & ~(closed[:, None] <= calendar.ends_s)
    pending = open_at_end.astype(float).T @ asked(demands)
    year = calendar.place(seconds(outcomes.leases["signed_s"]))
    size = typology(outcomes.leases["rooms"].to_numpy(dtype=np.int64))
    signed = np.stack([calendar.tally(year[size == place])[1:] for place in range(len(TYPOLOGIES))], axis=1)
    rows: list[Row] = []
    columns = {"all": slice(None)} | {name: slice(place, place + 1) for place, name in enumerate(TYPOLOGIES)}
    for group, chosen in columns.items():
        waiting, leases = pending[:, chosen].sum(axis=1), signed[:, chosen].sum(axis=1)
        rows += PRESSURE.rows(group, [WHOLE_RUN], ratio([waiting.sum()], [leases.sum()]))
        rows += PRESSURE.rows(group, calendar.years, ratio(waiting, leases))
    return rows


def asked(demands: pd.DataFrame) -> Floats:
    """Return the share of each demand that waits for each typology, (n, 5) float, rows of sum 1."""
    smallest, largest = (demands[name].to_numpy(dtype=np.int64) for name in ("rooms_min", "rooms_max"))
    largest = np.maximum(largest, smallest)
    shares = np.zeros((len(demands), len(TYPOLOGIES)))
    for rooms in range(1, int(largest.max(initial=1)) + 1):
        wanted = (smallest <= rooms) & (rooms <= largest)
        shares[wanted, typology(np.array([rooms]))[0]] += 1 / (largest - smallest + 1)[wanted]
    return shares


def typology(rooms: Ints) -> Ints:
    """Return the place in `TYPOLOGIES` of a number of rooms."""
    places: Ints = np.clip(rooms, 1, len(TYPOLOGIES)) - 1
    return places
