"""What are the waits, queues and losses of a run of a stylised case, in units of time?

What queueing theory gives in closed form. Households are told apart by the template of their demand,
dwellings by their commune; a mean over nobody is NaN. Left out on purpose: the search for a warm-up, which
the case gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import Outcomes


@dataclass(frozen=True)
class SteadyState:
    """Measures of one run; shares and waits are of the households that arrive after the warm-up."""

    waiting_mean: tuple[float, ...]  # by type of household: time average of the number waiting
    wait_mean: tuple[float, ...]  # by type: of those housed, in units
    housed_share: tuple[float, ...]  # by type: of those housed, gone or lost
    lost_share: tuple[float, ...]  # by kind of dwelling: of vacancies, those nobody compatible awaited
    delay_probability: float  # of all households: not served at once


def measure(
    outcomes: Outcomes, households: Sequence[str], dwellings: Sequence[str], warm_up_s: int, unit_s: int
) -> SteadyState:
    """Measure a run.

    Parameters
    ----------
    households : templates of the demands: a demand is "template/number"
    dwellings : communes, one a kind of dwelling
    warm_up_s, unit_s : seconds
    """
    end_s = int(outcomes.context["end_s"])
    demands, vacancies = outcomes.demands, outcomes.vacancies
    kind = demands["demand_id"].str.rsplit("/", n=1).str[0].to_numpy()
    filed_s = demands["filed_s"].to_numpy(dtype=np.int64)
    closed_s = demands["closed_s"].to_numpy(dtype=np.int64, na_value=end_s)
    housed = demands["closed_by"].eq("lease").to_numpy(dtype=bool)
    closed = demands["closed_s"].notna().to_numpy(dtype=bool)
    counted = filed_s >= warm_up_s
    in_time_s = np.clip(closed_s, warm_up_s, end_s) - np.clip(filed_s, warm_up_s, end_s)
    waited = (closed_s - filed_s) / unit_s
    types = [kind == name for name in households]
    places = [
        vacancies["commune"].eq(name).to_numpy(dtype=bool)
        & (vacancies["available_s"].to_numpy(dtype=np.int64, na_value=-1) >= warm_up_s)
        for name in dwellings
    ]
    lost = vacancies["lost"].to_numpy(dtype=bool)
    return SteadyState(
        waiting_mean=tuple(float(in_time_s[one].sum() / (end_s - warm_up_s)) for one in types),
        wait_mean=tuple(_mean(waited[one & counted & housed]) for one in types),
        housed_share=tuple(_mean(housed[one & counted & closed]) for one in types),
        lost_share=tuple(_mean(lost[place]) for place in places),
        delay_probability=_mean(~(housed & (closed_s == filed_s))[counted]),
    )


def _mean(values: NDArray[np.float64] | NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")
