"""How long have households been in place, and how do they leave?

Formulas, over the households in place on 1 January (table `tenures`; "left" means before the next one):
1. `exit_hazard_0_4y` = those in place for less than 4 whole years who left / those in place for so long;
2. `exit_hazard_15y_plus` = the same of 15 years and more;
3. `share_tenure_under_2y`, `share_tenure_15y_plus` = those in place for so long / all;
4. `turnover` = leases signed in the year / all.
Every cause counts as leaving (notice, mutation, death, loss of the right to stay, the rest). The row of
year 0 is the sum of the years' numerators over that of their denominators; the last 1 January has no year
after it.
Reference: ANCOLS reads mobility by length of tenancy, and RPLS turnover on dwellings let (new ones excluded).
Known flaw: who came and left between two 1 January is in no hazard, so that the first years are understated;
a dwelling vacant on 1 January and let in the year counts in `turnover` above, not below the bar.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import WHOLE_RUN, Bools, Indicator, Row, ratio
from sim.outcomes import TENURE_EXITS, Outcomes

SHARE = "part (0-1)"
YEARLY = "part par an (0-1)"

HAZARD_0_4 = Indicator(
    "exit_hazard_0_4y",
    "Départs dans l'année, ménages installés depuis moins de quatre ans",
    YEARLY,
    "Ménages en place au 1er janvier depuis moins de quatre ans et partis avant le 1er janvier suivant.",
)
HAZARD_15 = Indicator(
    "exit_hazard_15y_plus",
    "Départs dans l'année, ménages installés depuis quinze ans et plus",
    YEARLY,
    "Ménages en place au 1er janvier depuis quinze ans et plus et partis avant le 1er janvier suivant.",
)
SHARE_15 = Indicator(
    "share_tenure_15y_plus",
    "Ménages installés depuis quinze ans et plus",
    SHARE,
    "Parmi les ménages en place au 1er janvier.",
)
SHARE_2 = Indicator(
    "share_tenure_under_2y",
    "Ménages installés depuis moins de deux ans",
    SHARE,
    "Parmi les ménages en place au 1er janvier.",
)
TURNOVER = Indicator(
    "turnover",
    "Rotation",
    YEARLY,
    "Baux signés dans l'année, rapportés aux ménages en place au 1er janvier.",
)
INDICATORS = (HAZARD_0_4, HAZARD_15, SHARE_2, SHARE_15, TURNOVER)

LENGTHS: tuple[tuple[Indicator, Callable[[Any], Any]], ...] = (
    (HAZARD_0_4, lambda tenure: tenure < 4),
    (HAZARD_15, lambda tenure: tenure >= 15),
)
SHARES: tuple[tuple[Indicator, Callable[[Any], Any]], ...] = (
    (SHARE_2, lambda tenure: tenure < 2),
    (SHARE_15, lambda tenure: tenure >= 15),
)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return hazards, shares and turnover by typology and year; nothing where tenures are not known."""
    table = outcomes.tenures
    if table.empty:
        return []
    left = table[[f"exits_{cause}" for cause in TENURE_EXITS]].sum(axis=1).to_numpy()
    rows: list[Row] = []
    for group, member in _groups(table).items():
        for indicator, length in LENGTHS:
            rows += _by_year(indicator, group, table, member & length(table["tenure"].to_numpy()), left)
        for indicator, length in SHARES:
            rows += _shares(indicator, group, table, member, length(table["tenure"].to_numpy()))
    return rows + _turnover(outcomes)


def _by_year(indicator: Indicator, group: str, table: pd.DataFrame, member: Bools, left: Any) -> list[Row]:
    """Return the share of those in place who left, by year, the last 1 January left out."""
    years = np.unique(table["year"].to_numpy())[:-1]
    year, households = table["year"].to_numpy(), table["households"].to_numpy()
    top = [left[member & (year == one)].sum() for one in years]
    bottom = [households[member & (year == one)].sum() for one in years]
    whole = indicator.rows(group, [WHOLE_RUN], ratio([sum(top)], [sum(bottom)]))
    return whole + indicator.rows(group, years, ratio(top, bottom))


def _shares(
    indicator: Indicator, group: str, table: pd.DataFrame, member: Bools, long_enough: Bools
) -> list[Row]:
    """Return the share of a length of tenancy on each 1 January."""
    years, year = np.unique(table["year"].to_numpy()), table["year"].to_numpy()
    households = table["households"].to_numpy()
    top = [households[member & long_enough & (year == one)].sum() for one in years]
    bottom = [households[member & (year == one)].sum() for one in years]
    return indicator.rows(group, years, ratio(top, bottom))


def _turnover(outcomes: Outcomes) -> list[Row]:
    """Return leases over households in place, by year and over the run."""
    calendar, table = Calendar.of(outcomes), outcomes.tenures
    signed = calendar.tally(calendar.place(seconds(outcomes.leases["signed_s"])))[1:]
    households = table.groupby("year")["households"].sum().reindex(calendar.labels[1:], fill_value=0)
    there = households.to_numpy()
    whole = TURNOVER.rows("all", [WHOLE_RUN], ratio([signed.sum()], [there.sum()]))
    return whole + TURNOVER.rows("all", calendar.labels[1:], ratio(signed, there))


def _groups(table: pd.DataFrame) -> dict[str, Bools]:
    rooms = table["rooms"].to_numpy()
    by_rooms = {f"t{size}": rooms == size for size in (1, 2, 3, 4)}
    return {"all": np.ones(len(table), dtype=bool), **by_rooms, "t5_plus": rooms >= 5}
