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

from sim.indicators.calendar import Calendar, seconds, yearly
from sim.indicators.indicator import WHOLE_RUN, Bools, Floats, Indicator, Ints, Row, ratio
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
    years, year = np.unique(table["year"].to_numpy(), return_inverse=True)
    households, tenure = table["households"].to_numpy(), table["tenure"].to_numpy()
    left = table[[f"exits_{cause}" for cause in TENURE_EXITS]].to_numpy().sum(axis=1)

    def count(number: Ints, among: Bools) -> Floats:
        """Sum a number by 1 January, among some rows."""
        summed: Floats = np.bincount(year[among], number[among], years.size).astype(np.float64)
        return summed

    rows: list[Row] = []
    for group, member in _groups(table).items():
        for indicator, length in LENGTHS:  # the last 1 January has no year after it
            among = member & length(tenure)
            top, bottom = count(left, among)[:-1], count(households, among)[:-1]
            rows += indicator.rows(group, [WHOLE_RUN], ratio([top.sum()], [bottom.sum()]))
            rows += indicator.rows(group, years[:-1], ratio(top, bottom))
        there = count(households, member)
        for indicator, length in SHARES:
            share = ratio(count(households, member & length(tenure)), there)
            rows += indicator.rows(group, years, share)
    return rows + _turnover(outcomes)


def _turnover(outcomes: Outcomes) -> list[Row]:
    """Return leases over households in place, by year and over the run."""
    calendar, table = Calendar.of(outcomes), outcomes.tenures
    signed = calendar.tally(calendar.place(seconds(outcomes.leases["signed_s"])))[1:]
    years, (households,) = yearly(table, ["households"])
    there = pd.Series(households, years).reindex(calendar.labels[1:], fill_value=0).to_numpy()
    whole = TURNOVER.rows("all", [WHOLE_RUN], ratio([signed.sum()], [there.sum()]))
    return whole + TURNOVER.rows("all", calendar.labels[1:], ratio(signed, there))


def _groups(table: pd.DataFrame) -> dict[str, Bools]:
    rooms = table["rooms"].to_numpy()
    by_rooms = {f"t{size}": rooms == size for size in (1, 2, 3, 4)}
    return {"all": np.ones(len(table), dtype=bool), **by_rooms, "t5_plus": rooms >= 5}
