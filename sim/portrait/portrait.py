"""The whole portrait of a territory's demand: counts, vacancies, tension, waits, what could be offered.

Arrays over places have one row a commune and one column a typology, then a total of each. All is exact:
`masked` says what may not be shown, `enough` what can be read. Left out on purpose: how it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.portrait import cells, offered, vacancies, waits
from sim.portrait.bands import Banded, banded
from sim.portrait.pending import TYPOLOGIES, Pending, pending, typology
from sim.rules.cotation import Grid
from sim.rules.law import Law
from sim.territory.columns import Bools, Dates, Floats, Ints, Territory


@dataclass(frozen=True)
class Leases:
    """The leases of a territory's folder, (L,)."""

    dwelling: Ints  # row of the dwellings
    signed_on: Dates
    filed_on: Dates


@dataclass(frozen=True)
class Behaviour:
    """The named hypotheses a portrait needs (scenarios/hypotheses/*.toml)."""

    departures: vacancies.Departures
    renewal: float  # share of demands renewed at their anniversary


@dataclass(frozen=True)
class Waits:
    """Months of waiting by place; an observed one has a method of its own."""

    months: Floats
    low: Floats
    high: Floats
    observed: Bools  # the median of those housed; else what the flows imply


@dataclass(frozen=True)
class Portrait:
    """A territory's pending demand on its date."""

    asked: Pending
    banded: Banded
    counts: Mapping[str, cells.Counts]  # trait -> (bands + 1, communes + 1, typologies + 1)
    masked: Mapping[str, Bools]  # trait -> same shape
    expected: vacancies.Expected
    vacancies: Floats  # by place, a year
    vacancies_low: Floats
    vacancies_high: Floats
    enough: Bools  # by place: the vacancies rest on enough leases, signed or expected
    accepting: Ints  # by place: demands that accept it, counted wherever they do
    waits: Waits
    offered: offered.Offered

    @property
    def demands(self) -> Ints:
        """Return the demands by first commune and smallest typology, with totals."""
        whole: Ints = self.counts["all"][-1]
        return whole


def portrait(
    territory: Territory,
    law: Law,
    behaviour: Behaviour,
    grid: Grid | None = None,
    leases: Leases | None = None,
    q1_threshold_eur: float | None = None,
    least: int = cells.LEAST_DEMANDS,
) -> Portrait:
    """Return the portrait of the demand.

    1. Score the demands, put each in a band; count them by band, trait, commune and typology.
    2. Expect the vacancies of a year: from the trailing year's leases where there are enough, else from the
       law of tenancies.
    3. Say how long demands wait for them, and which of them each band could be offered.

    Parameters
    ----------
    least : demands under which a count is masked
    """
    communes, place = len(territory.communes), territory.residences.commune[territory.dwellings.residence]
    rooms = territory.dwellings.rooms
    asked = pending(territory, law, grid, q1_threshold_eur)
    bands = banded(asked, least)
    axes, shape = (bands.of, asked.commune, asked.typology), (len(bands.bands), communes, len(TYPOLOGIES))
    counts = {name: cells.counted(members, axes, shape) for name, members in asked.traits.items()}
    expected = None
    if leases is not None:
        expected = vacancies.from_leases(
            leases.dwelling, leases.signed_on, territory.as_of, len(rooms), law.small_number
        )
    if expected is None:
        expected = vacancies.from_departures(rooms, behaviour.departures)
    table = vacancies.by_place(expected, place, rooms, communes)
    low, high = vacancies.interval(table, expected)
    found = _waits(counts["all"][-1], (table, low, high), behaviour.renewal)
    if leases is not None and expected.source == "leases":
        found = _with_observed(found, leases, territory, place, law.small_number)
    return Portrait(
        asked=asked,
        banded=bands,
        counts=counts,
        masked=cells.masks(counts, least),
        expected=expected,
        vacancies=table,
        vacancies_low=low,
        vacancies_high=high,
        enough=vacancies.enough(table, expected, law.small_number),
        accepting=offered.accepting(territory.demands),
        waits=found,
        offered=offered.offered(territory, law, expected, bands),
    )


def _waits(demands: Ints, flows: tuple[Floats, Floats, Floats], renewal: float) -> Waits:
    """Return what the flows imply; more vacancies are a shorter wait."""
    months, high, low = (waits.of_flow(demands.astype(float), each, renewal) for each in flows)
    return Waits(months, low, high, np.zeros(months.shape, dtype=np.bool_))


def _with_observed(found: Waits, leases: Leases, territory: Territory, commune: Ints, least: int) -> Waits:
    """Return the waits, those of the trailing year's leases wherever a place has at least `least` of them."""
    day = np.datetime64(territory.as_of, "D")
    recent = (leases.signed_on > day - vacancies.YEAR_DAYS) & (leases.signed_on <= day)
    days = (leases.signed_on - leases.filed_on).astype("timedelta64[D]").astype(np.int64)
    row, column = commune[leases.dwelling], typology(territory.dwellings.rooms[leases.dwelling])
    months, low, high = found.months.copy(), found.low.copy(), found.high.copy()
    observed = found.observed.copy()
    for at in np.ndindex(months.shape):
        here = recent.copy()
        if at[0] < months.shape[0] - 1:
            here &= row == at[0]
        if at[1] < months.shape[1] - 1:
            here &= column == at[1]
        if int(here.sum()) >= least:
            months[at], low[at], high[at] = waits.observed(days[here])
            observed[at] = True
    return Waits(months, low, high, observed)
