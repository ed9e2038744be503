"""At which pace do the stock and its spread between residences change?

Formula: the slope of a straight line fitted by ordinary least squares to the values of 1 January, by calendar
year: Σ (t − t̄)(v − v̄) / Σ (t − t̄)². One value for the whole run, a year; NaN under two 1 January.
`stock_first_quartile_slope` = of the share of the first quartile on the fixed ruler, in the stock, in QPV,
outside, and in the residences of each type at the start ("start:a_conforter");
`dissimilarity_slope`, `dissimilarity_corrected_slope` = of the indices of segregation.py, public by public.
Reference: A.-M. Legendre, "Nouvelles méthodes pour la détermination des orbites des comètes" (1805); the
first and last 1 January alone would hang on the chance of two years.
Known flaw: a line hides a bend, as that of the first years where a policy begins; residences sorted by their
first occupants drift back to the mean under every policy: read the difference between two, not the slope.
"""

from __future__ import annotations

import numpy as np

from sim.indicators.calendar import yearly
from sim.indicators.indicator import WHOLE_RUN, Floats, Indicator, Ints, Row, ratio
from sim.indicators.segregation import PUBLICS, corrected, expected_at_random, indices
from sim.indicators.types import perimeters
from sim.outcomes import Outcomes

STOCK = Indicator(
    "stock_first_quartile_slope",
    "Premier quartile dans le parc occupé, pente",
    "écart de parts par an",
    "Variation moyenne par an de la part du premier quartile, droite ajustée aux 1ers janvier.",
)
DISSIMILARITY = Indicator(
    "dissimilarity_slope",
    "Dissimilarité entre résidences, pente",
    "indice par an",
    "Variation moyenne par an de la dissimilarité, droite ajustée aux 1ers janvier.",
)
CORRECTED = Indicator(
    "dissimilarity_corrected_slope",
    "Dissimilarité entre résidences, hors effet du hasard, pente",
    "indice par an",
    "Variation moyenne par an de la dissimilarité hors effet du hasard, droite ajustée aux 1ers janvier.",
)
INDICATORS = (STOCK, DISSIMILARITY, CORRECTED)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the slopes of the stock, perimeter by perimeter, and of dissimilarity, public by public."""
    occupation = outcomes.occupation
    rows: list[Row] = []
    for group, member in perimeters(occupation).items():
        years, (households, public) = yearly(occupation, ["households", "first_quartile_fixed"], member)
        rows += STOCK.rows(group, [WHOLE_RUN], [slope(years, ratio(public, households))])
    years, place = np.unique(occupation["year"].to_numpy(), return_inverse=True)
    households = occupation["households"].to_numpy(dtype=np.int64)
    for name, column in PUBLICS.items():
        members = occupation[column].to_numpy(dtype=np.int64)
        raw, told = np.empty(years.size), np.empty(years.size)
        for index in range(years.size):
            x, n = members[place == index], households[place == index]
            raw[index] = indices(x, n).dissimilarity
            told[index] = corrected(raw[index], expected_at_random(int(x.sum()), n).dissimilarity)
        rows += DISSIMILARITY.rows(name, [WHOLE_RUN], [slope(years, raw)])
        rows += CORRECTED.rows(name, [WHOLE_RUN], [slope(years, told)])
    return rows


def slope(years: Ints, values: Floats) -> float:
    """Return the least-squares slope, a year, of the known values; NaN where fewer than two are known."""
    known = ~np.isnan(values)
    if np.count_nonzero(known) < 2:
        return np.nan
    t = years[known] - years[known].mean()
    return float((t * (values[known] - values[known].mean())).sum() / (t * t).sum())
