"""Whom does a household of a public live beside?

Formula, with x_i households of one public, y_i of another and n_i in all in residence i, X the sum of x_i:
`exposure` = Σ (x_i/X)(y_i/n_i), the interaction index xPy: the share of the other public in the residence of
an average household of the first. Groups: "first_quartile@q2_q4" (valid incomes above the fixed threshold),
"q2_q4@first_quartile", "first_quartile@others" (everybody else). Only the last is 1 − isolation: households
whose income is unknown live in the residence too and are in neither quartile.
`exposure_corrected` = V/V* − 1: −1 where the two never meet, 0 as chance; with everybody else it is
less `isolation_corrected`, and seen from either public it is the same number. V* is exact:
households spread at random over r residences of N households in all have E[x_i y_i] =
n_i (n_i − 1) X Y / (N (N − 1)), whence V* = Y (N − r) / (N (N − 1)).
Reference: W. Bell, Social Forces 32 (1954) 357-364; D. Massey, N. Denton, Social Forces 67 (1988) 281-315
(xPy); W. Carrington, K. Troske, Journal of Business & Economic Statistics 15 (1997) 402-409 (correction).
Known flaw: it is not symmetric and follows the size of the other public: fewer households above the threshold
in the whole stock lower it though nobody moves. It counts a household in its own residence, and living in one
residence is not meeting.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.indicators.indicator import Indicator, Ints, Row, ratio
from sim.outcomes import Outcomes

EXPOSURE = Indicator(
    "exposure",
    "Exposition d'un public à un autre",
    "indice (0-1)",
    "Part moyenne du second public dans la résidence d'un ménage du premier.",
)
CORRECTED = Indicator(
    "exposure_corrected",
    "Exposition d'un public à un autre, hors effet du hasard",
    "indice",
    "Part moyenne du second public dans la résidence d'un ménage du premier, rapportée à ce que donnerait "
    "une répartition au hasard dans les mêmes résidences (0 ; -1 : jamais dans la même résidence).",
)
INDICATORS = (EXPOSURE, CORRECTED)

PAIRS = (("first_quartile", "q2_q4"), ("q2_q4", "first_quartile"), ("first_quartile", "others"))


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the exposure of one public to another on 1 January of each year, raw and corrected."""
    occupation = outcomes.occupation
    years, place = np.unique(occupation["year"].to_numpy(), return_inverse=True)
    households = occupation["households"].to_numpy(dtype=np.int64)
    publics = _publics(occupation)
    rows: list[Row] = []
    for one, other in PAIRS:
        found = np.full((2, years.size), np.nan)
        for index in range(years.size):
            of_year = place == index
            members, beside, living = (
                counts[of_year] for counts in (publics[one], publics[other], households)
            )
            value = exposure(members, beside, living)
            chance = expected_at_random(int(beside.sum()), living)
            found[:, index] = value, ratio(value - chance, chance)
        for indicator, values in zip(INDICATORS, found, strict=True):
            rows += indicator.rows(f"{one}@{other}", years, values)
    return rows


def exposure(members: Ints, others: Ints, households: Ints) -> float:
    """Return the mean share of another public in the residence of a household of a public.

    Parameters
    ----------
    members : (r,) int, households of the public in each residence
    others : (r,) int, households of the other public
    households : (r,) int, households in each residence; empty residences change nothing

    Returns
    -------
    NaN where either public is nobody.
    """
    lived_in = households > 0
    x, y, n = (counts[lived_in].astype(float) for counts in (members, others, households))
    if not x.sum() or not y.sum():
        return np.nan
    return float((x * y / n).sum() / x.sum())


def expected_at_random(others: int, households: Ints) -> float:
    """Return the mean exposure if all households were spread at random; NaN under two households."""
    residences, total = np.count_nonzero(households > 0), int(households.sum())
    return others * (total - residences) / (total * (total - 1)) if total > 1 else np.nan


def _publics(occupation: pd.DataFrame) -> dict[str, Ints]:
    names = ("households", "incomes_known", "first_quartile_fixed")
    households, known, first = (occupation[name].to_numpy(dtype=np.int64) for name in names)
    return {"first_quartile": first, "q2_q4": known - first, "others": households - first}
