"""How far from the best may the joint matchings of a run be?

Formula, over the sittings matched jointly: `matching_gap_median`, `matching_gap_p90` and `matching_gap_max`
are quantiles of 1,000 × `gap` (table `matchings`), the smallest that so many of the sittings do not exceed;
`matching_proved_share` = sittings whose answer the prices alone prove to be the best / sittings;
`matching_within_share` = sittings with a gap of at most 1e-3 / sittings.
Reference: weak duality; the bound is recomputed in integers over all pairs by optimizer/verify.py.
Known flaw: a gap is what the bound leaves open, not what was lost: an answer may be the best there is and not
be proved so. It is a part of what is at stake in one sitting, so that a small sitting may show a large gap.
"""

from __future__ import annotations

import numpy as np

from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Floats, Indicator, Row, ratio
from sim.outcomes import Outcomes

WITHIN = 1e-3
THOUSANDTHS = "millièmes de l'enjeu"

_GAP = (
    "Écart entre ce que vaut la réponse d'une séance et la borne vérifiée, en millièmes des points et des "
    "objectifs en jeu dans la séance ; zéro : aucune réponse n'est meilleure."
)
MEDIAN = Indicator("matching_gap_median", "Écart à la borne, séance médiane", THOUSANDTHS, _GAP)
P90 = Indicator("matching_gap_p90", "Écart à la borne, au plus neuf fois sur dix", THOUSANDTHS, _GAP)
LARGEST = Indicator("matching_gap_max", "Écart à la borne, le plus grand", THOUSANDTHS, _GAP)
PROVED = Indicator(
    "matching_proved_share",
    "Séances dont la réponse est prouvée la meilleure par les prix",
    "part (0-1)",
    "Séances traitées conjointement où la borne vérifiée est égale à ce que vaut la réponse.",
)
NEAR = Indicator(
    "matching_within_share",
    "Séances à un millième de la borne au plus",
    "part (0-1)",
    "Séances traitées conjointement dont l'écart à la borne est d'un millième au plus.",
)
INDICATORS = (MEDIAN, P90, LARGEST, PROVED, NEAR)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return quantiles of the gap and shares of sittings; no row where nothing was matched jointly."""
    table = outcomes.matchings
    if table.empty:
        return []
    calendar = Calendar.of(outcomes)
    year = calendar.place(seconds(table["held_s"]))
    gap = table["gap"].to_numpy(dtype=float)
    proved = (table["proved_by"] == "lp").to_numpy(dtype=bool)
    held = [np.ones(len(gap), dtype=bool), *(year == place for place in range(len(calendar.years)))]
    rows: list[Row] = []
    for indicator, share in ((MEDIAN, 0.5), (P90, 0.9), (LARGEST, 1.0)):
        values = [_quantile(1000 * gap[inside], share) for inside in held]
        rows += indicator.rows("all", calendar.labels, values)
    sittings = calendar.tally(year)
    for indicator, among in ((PROVED, proved), (NEAR, gap <= WITHIN)):
        rows += indicator.rows("all", calendar.labels, ratio(calendar.tally(year[among]), sittings))
    return rows


def _quantile(values: Floats, share: float) -> float:
    """Return the smallest value that a share of them does not exceed, NaN where there is none."""
    return float(np.quantile(values, share, method="inverted_cdf")) if len(values) else float("nan")
