"""What does one run count of each group of demands and of dwellings?

Counts over the whole run, from which every measure of this room is made, so that a comparison need not read
the events of its runs again. Kept as `tally.csv` in the folder of a run.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.concerned.conventions import conventions
from sim.concerned.dimensions import of_demands, of_vacancies, summed
from sim.indicators import groups
from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Floats
from sim.outcomes import MONTH_S, NOWHERE, PASSED_BY, Outcomes, codes

SIDES = ("demands", "dwellings")

COUNTS = (
    *("demands", "active_years", "leases", "waited_months", "pending", "pending_months", "leases_in_qpv"),
    *("passed", "passed_legal", "passed_target", "passed_demands", "passed_often"),
    *("vacancies", "leases_first_quartile"),
)
"""Columns after side, dimension and group; those that are not of a side are 0 there.

`demands` open in the run; `active_years`, years in which each was active, the denominator of
`attribution_rate`; `pending` on the last day; `passed`, times a better scored demand was on no list (by
demand, or by the vacancy for which), of which by a legal row and by a target, `passed_demands` those it
happened to, `passed_often` as often as the convention says; `vacancies` ready to be let before the end and
not withdrawn.
"""

REASON = "reason"
"""Dimension of the demands' side whose groups are the reasons of `passed_over`."""


def tally(outcomes: Outcomes) -> pd.DataFrame:
    """Return the counts of a run: side, dimension, group, then `COUNTS`."""
    sides = (pd.concat([_of_demands(outcomes), _by_reason(outcomes)]), _of_dwellings(outcomes))
    named = [table.assign(side=side) for side, table in zip(SIDES, sides, strict=True)]
    whole = pd.concat(named, ignore_index=True).reindex(columns=["side", "dimension", "group", *COUNTS])
    return whole.fillna(dict.fromkeys(COUNTS, 0.0))


def _of_demands(outcomes: Outcomes) -> pd.DataFrame:
    demands, leases, end_s = outcomes.demands, outcomes.leases, float(outcomes.context["end_s"])
    filed, closed = seconds(demands["filed_s"]), seconds(demands["closed_s"])
    ends_s = Calendar.of(outcomes).ends_s
    begins_s = np.concatenate([[0.0], ends_s[:-1]])
    active = (filed[:, None] < ends_s) & ~(closed[:, None] < begins_s)
    pending = np.isnan(closed)
    signed = groups.demand_rows(outcomes, "leases")
    table = outcomes.passed_over
    by_target = table["reason"].eq("target")
    by_row = ~table["reason"].isin(PASSED_BY)
    passed = _passed(demands, table)
    weights = {
        "demands": np.ones(len(demands)),
        "active_years": active.sum(axis=1),
        "leases": np.bincount(signed, minlength=len(demands)),
        "waited_months": np.bincount(signed, _waited(leases), len(demands)),
        "pending": pending,
        "pending_months": np.where(pending, end_s - filed, 0.0) / MONTH_S,
        "leases_in_qpv": np.bincount(signed, leases["in_qpv"].to_numpy(dtype=float), len(demands)),
        "passed": passed,
        "passed_legal": _passed(demands, table[by_row]),
        "passed_target": _passed(demands, table[by_target]),
        "passed_demands": passed > 0,
        "passed_often": passed >= conventions().often,
    }
    return summed(of_demands(demands, "equity_report"), weights)


def _of_dwellings(outcomes: Outcomes) -> pd.DataFrame:
    vacancies, leases = outcomes.vacancies, outcomes.leases
    ready = seconds(vacancies["available_s"]) < float(outcomes.context["end_s"])
    ready &= vacancies["withdrawn_s"].isna().to_numpy() & ~vacancies["lost"].to_numpy(dtype=bool)
    signed, examined = (groups.vacancy_rows(outcomes, table) for table in ("leases", "sittings"))
    size = len(vacancies)
    first_quartile = leases["first_quartile"].to_numpy(dtype=float)
    passed = outcomes.sittings["passed_over"].to_numpy(dtype=float)
    weights = {
        "leases": np.bincount(signed, minlength=size),
        "waited_months": np.bincount(signed, _waited(leases), size),
        "leases_in_qpv": np.bincount(signed, leases["in_qpv"].to_numpy(dtype=float), size),
        "passed": np.bincount(examined, passed, size),
        "vacancies": ready,
        "leases_first_quartile": np.bincount(signed, first_quartile, size),
    }
    return summed(of_vacancies(vacancies), weights)


def _waited(leases: pd.DataFrame) -> Floats:
    return (seconds(leases["signed_s"]) - seconds(leases["filed_s"])) / MONTH_S


def _by_reason(outcomes: Outcomes) -> pd.DataFrame:
    """Return how often demands were passed over for each reason, and how many demands."""
    found = outcomes.passed_over.groupby("reason")["times"].agg(passed="sum", passed_demands="size")
    named = found.astype(float).rename_axis("group").reset_index()
    named.insert(0, "dimension", REASON)
    return named


def _passed(demands: pd.DataFrame, table: pd.DataFrame) -> Floats:
    """Return how often each demand had more points than the first of a list and was on none, (n,)."""
    if table.empty:
        return np.zeros(len(demands))
    known, named = codes([demands["demand_id"], table["demand_id"]])
    row = np.full(max(known.max(initial=NOWHERE), named.max()) + 1, NOWHERE)
    row[known] = np.arange(len(known))
    times: Floats = np.zeros(len(demands))
    np.add.at(times, row[named], table["times"].to_numpy(dtype=float))
    return times
