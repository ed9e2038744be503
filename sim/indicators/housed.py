"""What share of a group is housed 6, 12, 24 months after filing?

Formula: Aalen-Johansen cumulative incidence. With d1 the leases, d the exits of any cause and n the demands
at risk at age t, F(t) = Σ_{s≤t} S(s−) d1(s)/n(s) and S(t) = Π_{s≤t} (1 − d(s)/n(s)). Lapse, withdrawal and
ineligibility compete with housing; a demand filed before the start enters the risk set at its age on that
day (left truncation); one still open at the end is censored. For `dalo` the clock starts at recognition,
not at filing: nobody is recognised on the day of filing, and the law's deadline runs from recognition.
Reference: O. Aalen, S. Johansen, Scandinavian Journal of Statistics 5 (1978) 141-150; delayed entry:
P. Andersen, Ø. Borgan, R. Gill, N. Keiding, "Statistical Models Based on Counting Processes" (1993).
Known flaw: the whole run is pooled, so it describes a mean over its years, not a cohort; traits are those
of filing (a demand that becomes a priority later stays in its first group).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sim.indicators import groups
from sim.indicators.calendar import seconds
from sim.indicators.indicator import WHOLE_RUN, Bools, Floats, Indicator, Ints, Row
from sim.outcomes import MONTH_S, Outcomes

HORIZON_MONTHS = (6, 12, 24)

INDICATORS = tuple(
    Indicator(
        f"housed_{months}m",
        f"Part logée {months} mois après le dépôt",
        "part (0-1)",
        f"Probabilité d'avoir signé un bail dans les {months} mois du dépôt de la demande (de la "
        "reconnaissance pour le DALO), les radiations et renoncements étant comptés comme des sorties.",
    )
    for months in HORIZON_MONTHS
)

STAYED, HOUSED, LEFT = 0, 1, 2


def compute(outcomes: Outcomes) -> list[Row]:
    """Return `housed_6m`, `housed_12m`, `housed_24m` of each group over the whole run."""
    demands = outcomes.demands
    members = groups.of_demands(demands)
    horizons = np.array(HORIZON_MONTHS) * MONTH_S
    incidence = by_group(demands, float(outcomes.context["end_s"]), members, horizons)
    return [
        row
        for group in members
        for indicator, share in zip(INDICATORS, incidence[group], strict=True)
        for row in indicator.rows(group, [WHOLE_RUN], [share])
    ]


def by_group(
    demands: pd.DataFrame, end_s: float, members: Mapping[str, Bools], horizons: Ints, of: int = HOUSED
) -> dict[str, Floats]:
    """Return the cumulative incidence of each group at each horizon, the clock of `dalo` apart.

    Parameters
    ----------
    end_s : end of the run, seconds
    members : of each group among the demands, (n,) bool
    horizons : (h,) ages, increasing, seconds
    of : HOUSED, or LEFT for the exits that compete with it
    """
    closed = seconds(demands["closed_s"])
    cause = np.where(np.isnan(closed), STAYED, np.where(demands["closed_by"].eq("lease"), HOUSED, LEFT))
    last = np.fmin(closed, end_s)
    incidence: dict[str, Floats] = {}
    shared, alone = [[g for g in members if (g == "dalo") is apart] for apart in (False, True)]
    for clock in filter(None, (shared, alone)):
        origin = groups.joined_s(demands, clock[0])
        observed = np.logical_or.reduce([members[group] for group in clock]) & (origin <= last)
        entry, leaving = np.maximum(-origin, 0)[observed], (last - origin)[observed]
        within = [members[group][observed] for group in clock]
        shares = cumulative_incidence(entry, leaving, cause[observed], within, horizons, of)
        incidence |= dict(zip(clock, shares, strict=True))
    return incidence


def cumulative_incidence(
    entry: Floats, leaving: Floats, cause: Ints, members: Sequence[Bools], horizons: Ints, of: int = HOUSED
) -> Floats:
    """Return the cumulative incidence of a cause of exit, housing by default, of each group and horizon.

    1. The times are the ages of exit up to the last horizon, and one checkpoint a month.
    2. A demand is at risk at each time of [entry, leaving], both ends included.
    3. At each time: survival just before × exits of that cause / at risk adds to the incidence; survival
       falls by all exits / at risk.
    4. Where nobody of a group is under observation although some would still wait, its incidence is
       unknown from there on: NaN.

    Parameters
    ----------
    entry : (n,) age when observation starts, 0 for a demand filed during the run, seconds
    leaving : (n,) age at exit or at the end of the run, seconds
    cause : (n,) int, 0 still waiting, 1 housed, 2 left otherwise
    members : g arrays (n,) bool
    horizons : (h,) ages, increasing, seconds
    of : the cause whose incidence is returned

    Returns
    -------
    (g, h) float in 0-1, NaN where unknown
    """
    exits = np.flatnonzero((cause != STAYED) & (leaving <= horizons[-1]))
    checkpoints = np.append(np.arange(0, horizons[-1], MONTH_S), horizons)
    times = np.unique(np.concatenate([leaving[exits], checkpoints]))
    first = np.searchsorted(times, entry, side="left")
    after = np.searchsorted(times, leaving, side="right")
    exit_time, counted = after[exits] - 1, cause[exits] == of
    asked = np.searchsorted(times, horizons, side="right") - 1
    incidence = np.empty((len(members), horizons.size))
    for line, member in enumerate(members):
        entering = np.bincount(first[member], minlength=times.size + 1)
        gone = np.bincount(after[member], minlength=times.size + 1)
        at_risk = np.cumsum(entering - gone)[:-1]
        leaver = member[exits]
        left = np.bincount(exit_time[leaver], minlength=times.size)
        came = np.bincount(exit_time[leaver & counted], minlength=times.size)
        seen = np.maximum(at_risk, 1)
        survival = np.cumprod(1 - left / seen)
        before = np.append(1.0, survival[:-1])
        curve = np.cumsum(before * came / seen)
        blind = np.maximum.accumulate((at_risk == 0) & (before > 0))
        incidence[line] = np.where(blind[asked], np.nan, curve[asked])
    return incidence
