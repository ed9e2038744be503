"""Why did the share of a public in the stock change over a year?

Formula, with S0 = Q0/N0 on 1 January, Q1/N1 a year later, and q = 1 for a household of the public:
Q1/N1 − Q0/N0 = [ Σ_entrants (q − S0) − Σ_leavers (q − S0) + in place + stock + drift ] / N1, exactly, where
stock = Σ_new (q − S0) − Σ_demolished (q − S0) − Σ_sold (q − S0).
`change_entrants`, `change_leavers`, `change_in_place` (incomes and composition of
those who stay), `change_stock` (households
who came with a dwelling delivered, or went with one demolished or sold), `change_drift` (the legal threshold
moves; 0 on the fixed rulers) sum to `change_total`; `change_stock_new`, `change_stock_demolished` and
`change_stock_sold` sum to `change_stock`. Groups `first_quartile` and `below_40_plus` are on fixed rulers,
`first_quartile_legal` on the legal one; year y is the change from 1 January y to 1 January y + 1, year 0 the
sum over the run.
Reference: an accounting identity, of the family of E. Kitagawa, Journal of the American Statistical
Association 50 (1955) 1168-1194.
Known flaw: a household that enters and leaves within a year is in neither term; terms say what moved the
share, not what caused it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.indicators.calendar import yearly
from sim.indicators.indicator import WHOLE_RUN, Floats, Indicator, Row, ratio
from sim.outcomes import Outcomes

_EXPLANATIONS = {
    "total": ("Variation de la part dans le parc", "Variation de la part du public dans le parc occupé"),
    "entrants": ("dont entrants", "Contribution des ménages entrés dans l'année"),
    "leavers": ("dont sortants", "Contribution des ménages partis dans l'année"),
    "in_place": (
        "dont ménages en place",
        "Contribution des ressources et de la composition des ménages restés en place",
    ),
    "stock": ("dont parc", "Contribution des livraisons, des démolitions et des ventes"),
    "drift": ("dont seuil", "Contribution du changement annuel du seuil légal (nulle à seuil fixe)"),
    "stock_new": ("dont parc, livraisons", "Contribution des ménages entrés dans des logements livrés"),
    "stock_demolished": ("dont parc, démolitions", "Contribution des ménages partis de logements à démolir"),
    "stock_sold": ("dont parc, ventes", "Contribution des ménages partis de logements vendus"),
}
PARTS = ("stock_new", "stock_demolished", "stock_sold")
TERMS = tuple(term for term in _EXPLANATIONS if term not in PARTS)
"""The change, and the terms that sum to it; PARTS sum to the term `stock`."""

INDICATORS = tuple(
    Indicator(f"change_{term}", label, "écart de parts", f"{text}, d'un 1er janvier au suivant.")
    for term, (label, text) in _EXPLANATIONS.items()
)


@dataclass(frozen=True)
class Ruler:
    """The columns of `occupation` that count a public with one threshold; `suffix` is that of its flows."""

    group: str
    count: str
    suffix: str
    drift: str | None = None


RULERS = (
    Ruler("first_quartile", "first_quartile_fixed", "fixed"),
    Ruler("first_quartile_legal", "first_quartile_legal", "legal_old", "drift_legal"),
    Ruler("below_40_plus", "below_40_plus", "below_40_plus"),
)
SIGNS = {"entrants": 1, "leavers": -1, "new": 1, "demolished": -1, "sold": -1}
"""Flows of households, and whether they add to the stock."""


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the terms of the change on every ruler, by year and over the run.

    Raises
    ------
    ValueError
        when the flows of `occupation` do not account for its stocks.
    """
    rows: list[Row] = []
    for ruler in RULERS:
        years, terms = _terms(outcomes, ruler)
        for indicator, term in zip(INDICATORS, _EXPLANATIONS, strict=True):
            values = terms[term]
            rows += indicator.rows(ruler.group, [WHOLE_RUN, *years], [values.sum(), *values])
    return rows


def _terms(outcomes: Outcomes, ruler: Ruler) -> tuple[list[int], dict[str, Floats]]:
    """Return the years and each term of the change during them, (y,) float."""
    flows = [*SIGNS, *(f"{name}_{ruler.suffix}" for name in (*SIGNS, "in_place"))]
    drifts = [] if ruler.drift is None else [ruler.drift]
    names = ["households", ruler.count, *flows, *drifts]
    first_of_january, sums = yearly(outcomes.occupation, names)
    by_name = dict(zip(names, sums, strict=True))

    def flow(column: str | None) -> Floats:
        """Return a count of 1 January y + 1 as that of year y."""
        return np.zeros(len(first_of_january) - 1) if column is None else by_name[column][1:]

    households, public = by_name["households"], by_name[ruler.count]
    before, after = households[:-1], households[1:]
    share = ratio(public[:-1], before)
    in_place, drift = flow(f"in_place_{ruler.suffix}"), flow(ruler.drift)
    years = first_of_january[:-1].tolist()
    moved = {name: sign * flow(name) for name, sign in SIGNS.items()}
    moved_public = {name: sign * flow(f"{name}_{ruler.suffix}") for name, sign in SIGNS.items()}
    _check(years, "households", after, before + sum(moved.values()))
    _check(years, ruler.count, public[1:], public[:-1] + sum(moved_public.values()) + in_place + drift)
    parts = {name: ratio(moved_public[name] - moved[name] * share, after) for name in SIGNS}
    stock = {f"stock_{name}": parts.pop(name) for name in ("new", "demolished", "sold")}
    terms = {
        **parts,
        "in_place": ratio(in_place, after),
        "stock": np.sum(list(stock.values()), axis=0),
        "drift": ratio(drift, after),
    }
    return years, {"total": ratio(public[1:], after) - share, **terms, **stock}


def _check(years: list[int], column: str, found: Floats, expected: Floats) -> None:
    wrong = np.flatnonzero(found != expected)
    if wrong.size:
        first = wrong[0]
        raise ValueError(
            f"occupation, colonne {column}, 1er janvier {years[first] + 1} : {found[first]:.0f}, attendu "
            f"{expected[first]:.0f} d'après les entrées, les départs, le parc et les ménages en place"
        )
