"""Do the least well-off households concentrate in the stock, in its entrants, in some residences?

Four numbers, never summed, because they can move in opposite directions:
1. `stock_first_quartile`, `stock_below_20_plus` = share of the households in place on 1 January, in all, in
   QPV or outside, in the residences of each type at the start ("start:a_conforter");
2. `entrants_minus_stock` = share among the entrants of the year − share in the stock on 1 January of it
   (year 0: mean over all entrants of the run);
3. `dissimilarity_corrected` and its companions between residences: see segregation.py;
4. `residences_changing_type` = residences whose type differs from their first year's / residences compared,
   and how many moved towards a more or a less favourable type.
1 and 2 are a level (who enters), 3 and 4 a spread (where): their paces are in slope.py.
Shares use fixed rulers, common to all policies: thresholds of the base year.
Reference: the four are asked apart since "residualisation" names both a poorer stock and a more unequal one
(J. Pearce, J. Vine, Journal of Housing and the Built Environment 29 (2014) 657-675).
Known flaw: a fixed ruler does not follow the incomes of the territory; a type moves once the interval of the
score has left its band, so that small residences seldom change it within a run.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.indicators.calendar import yearly
from sim.indicators.indicator import WHOLE_RUN, Bools, Indicator, Row, ratio
from sim.indicators.types import perimeters
from sim.outcomes import Outcomes
from sim.territory.columns import PEUPLEMENT_TYPES

STOCK_FIRST_QUARTILE = Indicator(
    "stock_first_quartile",
    "Premier quartile dans le parc occupé",
    "part (0-1)",
    "Ménages sous le seuil du premier quartile de l'année de base, parmi ceux en place au 1er janvier.",
)
STOCK_BELOW_20 = Indicator(
    "stock_below_20_plus",
    "Ménages sous 20 % du plafond PLUS dans le parc occupé",
    "part (0-1)",
    "Ménages sous 20 % du plafond PLUS de l'année de base, parmi ceux en place au 1er janvier.",
)
ENTRANTS = Indicator(
    "entrants_minus_stock",
    "Premier quartile : entrants moins parc occupé",
    "écart de parts",
    "Part du premier quartile parmi les entrants de l'année, moins sa part dans le parc au 1er janvier.",
)
CHANGING = Indicator(
    "residences_changing_type",
    "Part des résidences ayant changé de type",
    "part (0-1)",
    "Résidences dont le type de peuplement diffère de celui de leur première année.",
)
MORE_FAVOURABLE = Indicator(
    "residences_more_favourable",
    "Résidences passées à un type plus favorable",
    "résidences",
    "Résidences dont le type a avancé vers « en capacité » depuis leur première année.",
)
LESS_FAVOURABLE = Indicator(
    "residences_less_favourable",
    "Résidences passées à un type moins favorable",
    "résidences",
    "Résidences dont le type a avancé vers « à conforter » depuis leur première année.",
)
INDICATORS = (STOCK_FIRST_QUARTILE, STOCK_BELOW_20, ENTRANTS, CHANGING, MORE_FAVOURABLE, LESS_FAVOURABLE)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the stock, the entrants and the residences changing type, by year."""
    occupation = outcomes.occupation
    rows: list[Row] = []
    for group, member in perimeters(occupation).items():
        rows += _stock(occupation, group, member)
    return rows + _entrants(occupation) + _types(occupation)


def _stock(occupation: pd.DataFrame, group: str, member: Bools) -> list[Row]:
    columns = ["households", "first_quartile_fixed", "below_20_plus"]
    years, (households, first_quartile, below_20) = yearly(occupation, columns, member)
    rows = STOCK_FIRST_QUARTILE.rows(group, years, ratio(first_quartile, households))
    return rows + STOCK_BELOW_20.rows(group, years, ratio(below_20, households))


def _entrants(occupation: pd.DataFrame) -> list[Row]:
    """Return entrants against stock; the row of 1 January y + 1 holds the entrants of year y."""
    columns = ["households", "first_quartile_fixed", "entrants", "entrants_fixed"]
    years, (households, first_quartile, entrants, poorer) = yearly(occupation, columns)
    stock = ratio(first_quartile, households)[:-1]
    came, came_poorer = entrants[1:], poorer[1:]
    rows = ENTRANTS.rows("first_quartile", years[:-1], ratio(came_poorer, came) - stock)
    whole_run = ratio((came_poorer - came * stock).sum(), came.sum())
    return ENTRANTS.rows("first_quartile", [WHOLE_RUN], [whole_run]) + rows


def _types(occupation: pd.DataFrame) -> list[Row]:
    """Return the moves of type since each residence's first year; residences without a type stay out."""
    typed = occupation[occupation["peuplement_type"].isin(PEUPLEMENT_TYPES)].sort_values("year")
    rank = typed["peuplement_type"].map({name: place for place, name in enumerate(PEUPLEMENT_TYPES)})
    moved = (rank - rank.groupby(typed["residence_id"]).transform("first")).to_numpy()
    years, place = np.unique(typed["year"].to_numpy(), return_inverse=True)
    compared, changed, better, worse = (
        np.bincount(place, weights=mask, minlength=years.size)
        for mask in (np.ones(moved.size), moved != 0, moved < 0, moved > 0)
    )
    rows = CHANGING.rows("all", years, ratio(changed, compared))
    rows += MORE_FAVOURABLE.rows("all", years, better)
    return rows + LESS_FAVOURABLE.rows("all", years, worse)
