"""Why did the share of a public in the stock change over a year?

Formula, with S0 = Q0/N0 on 1 January, Q1/N1 a year later, and q = 1 for a household of the public:
Q1/N1 − Q0/N0 = [ Σ_entrants (q − S0) − Σ_leavers (q − S0) + in place + drift ] / N1, exactly.
`change_entrants`, `change_leavers`, `change_in_place` (incomes of those who stay), `change_stock` (dwellings
delivered, demolished, sold: none in this model, always 0), `change_drift` (the legal threshold moves; 0 on
the fixed ruler) sum to `change_total`. Group `first_quartile` is the fixed ruler, `first_quartile_legal` the
legal one; year y is the change from 1 January y to 1 January y + 1, year 0 the sum over the run.
Reference: an accounting identity, of the family of E. Kitagawa, Journal of the American Statistical
Association 50 (1955) 1168-1194.
Known flaw: a household that enters and leaves within a year is in neither term; terms say what moved the
share, not what caused it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.indicators.indicator import WHOLE_RUN, Floats, Indicator, Row, ratio
from sim.outcomes import Outcomes

_EXPLANATIONS = {
    "total": ("Variation de la part dans le parc", "Variation de la part du public dans le parc occupé"),
    "entrants": ("dont entrants", "Contribution des ménages entrés dans l'année"),
    "leavers": ("dont sortants", "Contribution des ménages partis dans l'année"),
    "in_place": ("dont ménages en place", "Contribution des ressources des ménages restés en place"),
    "stock": ("dont parc", "Contribution des livraisons, démolitions et ventes (aucune dans ce modèle)"),
    "drift": ("dont seuil", "Contribution du changement annuel du seuil légal (nulle à seuil fixe)"),
}
TERMS = tuple(_EXPLANATIONS)
INDICATORS = tuple(
    Indicator(f"change_{term}", label, "écart de parts", f"{text}, d'un 1er janvier au suivant.")
    for term, (label, text) in _EXPLANATIONS.items()
)


@dataclass(frozen=True)
class Ruler:
    """The columns of `occupation` that count a public with one threshold."""

    group: str
    count: str
    entrants: str
    leavers: str
    in_place: str
    drift: str | None


RULERS = (
    Ruler(
        "first_quartile", "first_quartile_fixed", "entrants_fixed", "leavers_fixed", "in_place_fixed", None
    ),
    Ruler(
        "first_quartile_legal",
        "first_quartile_legal",
        "entrants_legal_old",
        "leavers_legal_old",
        "in_place_legal_old",
        "drift_legal",
    ),
)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the terms of the change on both rulers, by year and over the run.

    Raises
    ------
    ValueError
        when the flows of `occupation` do not account for its stocks.
    """
    rows: list[Row] = []
    for ruler in RULERS:
        years, terms = _terms(outcomes, ruler)
        for indicator, term in zip(INDICATORS, TERMS, strict=True):
            values = terms[term]
            rows += indicator.rows(ruler.group, [WHOLE_RUN, *years], [values.sum(), *values])
    return rows


def _terms(outcomes: Outcomes, ruler: Ruler) -> tuple[list[int], dict[str, Floats]]:
    """Return the years and each term of the change during them, (y,) float."""
    yearly = outcomes.occupation.select_dtypes("number").groupby("year").sum()

    def flow(column: str | None) -> Floats:
        """Return a count of 1 January y + 1 as that of year y."""
        if column is None:
            return np.zeros(len(yearly) - 1)
        return yearly[column].to_numpy(dtype=float)[1:]

    households, public = (yearly[name].to_numpy(dtype=float) for name in ("households", ruler.count))
    before, after = households[:-1], households[1:]
    share = ratio(public[:-1], before)
    entrants, leavers, in_place, drift = (
        flow(name) for name in (ruler.entrants, ruler.leavers, ruler.in_place, ruler.drift)
    )
    years = yearly.index[:-1].tolist()
    _check(years, "households", after, before + flow("entrants") - flow("leavers"))
    _check(years, ruler.count, public[1:], public[:-1] + entrants - leavers + in_place + drift)
    terms = {
        "entrants": ratio(entrants - flow("entrants") * share, after),
        "leavers": -ratio(leavers - flow("leavers") * share, after),
        "in_place": ratio(in_place, after),
        "stock": np.zeros(after.size),
        "drift": ratio(drift, after),
    }
    return years, {"total": ratio(public[1:], after) - share, **terms}


def _check(years: list[int], column: str, found: Floats, expected: Floats) -> None:
    wrong = np.flatnonzero(found != expected)
    if wrong.size:
        first = wrong[0]
        raise ValueError(
            f"occupation, colonne {column}, 1er janvier {years[first] + 1} : {found[first]:.0f}, attendu "
            f"{expected[first]:.0f} d'après les entrées, les départs et les ménages en place"
        )
