"""How long does a demand wait for a lease, and how sure is it?

Two readings, never mixed: the wait of those housed in the trailing year, observed on the territory's own
leases; else the wait that the flows imply. Both are of a typology or a commune, never of one household.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from sim.territory.columns import Floats

MONTHS = 12
DAYS_A_MONTH = 365.25 / 12
LEVEL = 0.95


def of_flow(pending: Floats, vacancies: Floats, renewal: float) -> Floats:
    """Return the wait that the flows imply, months, same shape; infinite where no vacancy is expected.

    The line is stationary and served oldest first; those who do not renew leave it. With L pending, V
    vacancies a year and a hazard θ of leaving unhoused, arrivals balance V + θL, and who stays until housed
    waits

        ln(1 + θL/V) / θ   years,

    since of those filed together a share V/(V + θL) is still there when their turn comes. Without lapses it
    is L/V, Little's law. θ = -ln(renewal): the yearly share of renewals, spread over the year.

    Parameters
    ----------
    renewal : share of demands renewed at their anniversary, in (0, 1]

    Source: J. D. C. Little, "A proof for the queuing formula L = λW" (1961); W. Whitt, "Fluid models for
    multiserver queues with abandonments" (2006).
    """
    leaving = -np.log(renewal)
    with np.errstate(divide="ignore", invalid="ignore"):
        years_of_vacancies = np.where(vacancies > 0, pending / vacancies, np.inf)
    years = years_of_vacancies if leaving <= 0 else np.log1p(leaving * years_of_vacancies) / leaving
    found: Floats = np.where(pending > 0, MONTHS * years, 0.0)
    return found


def observed(wait_days: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return the median wait of the housed and its 95 % interval, months.

    The interval is that of two order statistics, whatever the distribution of waits: the ranks that a
    binomial(n, 1/2) leaves outside with 2.5 % at most on each side.

    Source: H. A. David, "Order statistics", 2.5 (distribution-free intervals for quantiles).

    Raises
    ------
    ValueError
        when there is no wait.
    """
    count = len(wait_days)
    if not count:
        raise ValueError("aucun bail : pas d'attente observée")
    waits = np.sort(wait_days) / DAYS_A_MONTH
    below = int(binom.ppf((1 - LEVEL) / 2, count, 0.5))
    low = max(below - 1, 0)
    return float(np.median(waits)), float(waits[low]), float(waits[count - 1 - low])
