"""How do the incomes of a part of the stock, and of those who enter it, stand beside the territory's?

Formula, over households with a valid income per consumption unit (EUR a year, each rounded to the euro):
`income_uc_mean` = sum of incomes / households with one, on 1 January;
`income_ratio` = that mean in a perimeter / that of the whole stock the same day;
`entrants_income_ratio` = mean of the entrants of year y in a perimeter / mean of its stock on 1 January y;
year 0: sum of the entrants' incomes over what they would be at the mean of the stock they came into.
Perimeters: QPV, outside, and the residences of each type at the start ("start:a_conforter"): the type of the
day is itself read from incomes and would put them where they are.
Reference: the survey of occupation reads incomes per household against ceilings (OPS, CCH L.442-5); reading
them against the whole stock's is the project's.
Known flaw: a mean, which a few high incomes move and a median would not; incomes are declared, those unknown
are left out; a ratio to the territory does not move when all become poorer together: read the level too.
"""

from __future__ import annotations

import numpy as np

from sim.indicators.calendar import yearly
from sim.indicators.indicator import WHOLE_RUN, Indicator, Row, ratio
from sim.indicators.types import perimeters
from sim.outcomes import Outcomes

MEAN = Indicator(
    "income_uc_mean",
    "Ressources moyennes par UC des occupants",
    "euros par an et UC",
    "Ressources connues des ménages en place au 1er janvier, par an et unité de consommation.",
)
RATIO = Indicator(
    "income_ratio",
    "Ressources des occupants, rapportées à celles du parc",
    "rapport",
    "Ressources moyennes par UC des occupants, rapportées à celles de tout le parc occupé (1).",
)
ENTRANTS = Indicator(
    "entrants_income_ratio",
    "Ressources des entrants, rapportées à celles des ménages en place",
    "rapport",
    "Ressources moyennes par UC des entrants de l'année, rapportées à celles des ménages en place au "
    "1er janvier au même endroit (1).",
)
INDICATORS = (MEAN, RATIO, ENTRANTS)

COLUMNS = ["income_uc_sum_eur", "incomes_known", "entrants_income_uc_sum_eur", "entrants_incomes_known"]


def compute(outcomes: Outcomes) -> list[Row]:
    """Return mean incomes, their ratio to the stock's, and that of entrants to those in place."""
    occupation = outcomes.occupation
    all_years, (everyone_eur, everyone, *_) = yearly(occupation, COLUMNS)
    territory = dict(zip(all_years.tolist(), ratio(everyone_eur, everyone), strict=True))
    rows: list[Row] = []
    for group, member in perimeters(occupation).items():
        years, (sum_eur, known, came_eur, came) = yearly(occupation, COLUMNS, member)
        mean = ratio(sum_eur, known)
        rows += MEAN.rows(group, years, mean)
        if group != "all":
            rows += RATIO.rows(group, years, ratio(mean, [territory[year] for year in years.tolist()]))
        before, came_eur, came = mean[:-1], came_eur[1:], came[1:]
        told = ~np.isnan(before)
        whole = ratio(came_eur[told].sum(), (came * before)[told].sum())
        rows += ENTRANTS.rows(group, [WHOLE_RUN], [whole])
        rows += ENTRANTS.rows(group, years[:-1], ratio(ratio(came_eur, came), before))
    return rows
