"""What a run counts of each group, by hand; and of a year of the tutorial, counted again demand by demand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from sim.concerned import tally
from sim.concerned.dimensions import traits_for
from sim.concerned.tally import COUNTS
from sim.indicators import attribution, waiting
from sim.outcomes import MONTH_S, YEAR_S, Outcomes

Make = Callable[..., Outcomes]


def counts(found: pd.DataFrame, dimension: str, group: str, side: str = "demands") -> dict[str, float]:
    chosen = found[found["side"].eq(side) & found["dimension"].eq(dimension) & found["group"].eq(group)]
    assert len(chosen) == 1, (side, dimension, group)
    return {name: float(chosen[name].iloc[0]) for name in COUNTS}


@pytest.fixture
def run(make: Make) -> Outcomes:
    """Two years: D1 housed in the first, D2 asks for T2 or T3 and waits, D3 lapses in the second."""
    return make(
        demands=[
            {
                "demand_id": "D1",
                "filed_s": -6 * MONTH_S,
                "closed_s": 6 * MONTH_S,
                "closed_by": "lease",
                "size_1": True,
            },
            {"demand_id": "D2", "filed_s": 18 * MONTH_S, "rooms_max": 3, "size_1": True},
            {
                "demand_id": "D3",
                "closed_s": 13 * MONTH_S,
                "closed_by": "lapse",
                "commune": "59001",
                "under_30": True,
            },
        ],
        vacancies=[
            {"vacancy_id": "V1", "in_qpv": True},
            {"vacancy_id": "V2", "bailleur_id": "B"},
            {"vacancy_id": "V3", "bailleur_id": "B", "withdrawn_s": 5},
            {"vacancy_id": "V4", "available_s": 3 * YEAR_S},
        ],
        leases=[
            {
                "demand_id": "D1",
                "filed_s": -6 * MONTH_S,
                "signed_s": 6 * MONTH_S,
                "in_qpv": True,
                "first_quartile": True,
            }
        ],
        sittings=[{"vacancy_id": "V1", "passed_over": 3}, {"vacancy_id": "V2", "passed_over": 12}],
        passed_over=[
            {"demand_id": "D2", "reason": "R1", "times": 3},
            {"demand_id": "D2", "reason": "target", "times": 8},
            {"demand_id": "D3", "reason": "order", "times": 4},
        ],
    )


def test_demands_are_counted_by_group(run: Outcomes) -> None:
    found = tally(run)
    # D1 is active in year 1, D2 in year 2, D3 in both: 4 years of activity. D1 waited 12 months; D2 is
    # pending for 6. Passed over: D2 11 times (3 by a legal row, 8 by a target; often, from 10 on), D3 4.
    assert counts(found, "all", "all") == {
        "demands": 3,
        "active_years": 4,
        "leases": 1,
        "waited_months": 12,
        "pending": 1,
        "pending_months": 6,
        "leases_in_qpv": 1,
        "passed": 15,
        "passed_legal": 3,
        "passed_target": 8,
        "passed_demands": 2,
        "passed_often": 1,
        "vacancies": 0,
        "leases_first_quartile": 0,
    }
    alone = counts(found, "trait", "size_1")
    assert (alone["demands"], alone["active_years"], alone["leases"], alone["passed"]) == (2, 2, 1, 11)
    assert counts(found, "first_commune", "59001")["active_years"] == 2


def test_who_asks_for_two_typologies_is_half_of_each(run: Outcomes) -> None:
    found = tally(run)
    # T2: D1, D3 and half of D2, that was passed over 11 times.
    assert counts(found, "rooms_asked", "t2")["demands"] == 2.5
    assert counts(found, "rooms_asked", "t3")["passed"] == 5.5


def test_vacancies_are_those_ready_in_time_and_not_withdrawn(run: Outcomes) -> None:
    found = tally(run)
    # V3 is withdrawn, V4 is ready after the end.
    assert counts(found, "all", "all", "dwellings")["vacancies"] == 2
    assert counts(found, "bailleur", "A", "dwellings")["leases_first_quartile"] == 1
    assert counts(found, "bailleur", "B", "dwellings")["passed"] == 12
    assert counts(found, "qpv", "qpv", "dwellings")["leases"] == 1


def test_who_is_recognised_while_waiting_is_dalo(make: Make) -> None:
    run = make(demands=[{"dalo_recognised_s": 5}, {"demand_id": "D2"}])
    assert counts(tally(run), "trait", "dalo")["demands"] == 1


def test_reasons_are_counted_by_name(run: Outcomes) -> None:
    found = tally(run)
    assert counts(found, "reason", "target")["passed"] == 8
    assert counts(found, "reason", "order")["passed_demands"] == 1


@pytest.mark.parametrize("policy", ["status_quo", "cotation_peuplement"])
def test_a_year_of_the_tutorial_counted_demand_by_demand(played: dict[str, Outcomes], policy: str) -> None:
    run = played[policy]
    found = tally(run)
    end_s = run.context["end_s"]
    leases = {row.demand_id: row for row in run.leases.itertuples()}
    passed: dict[str, int] = {}
    for row in run.passed_over.itertuples():
        passed[row.demand_id] = passed.get(row.demand_id, 0) + row.times
    demands = run.demands.to_dict("records")
    for trait in traits_for("equity_report"):
        if trait == "dalo":
            continue
        mine = [one for one in demands if one[trait]]
        housed = [leases[one["demand_id"]] for one in mine if one["demand_id"] in leases]
        waiting_still = [one for one in mine if pd.isna(one["closed_s"])]
        told = counts(found, "trait", trait)
        expected = {
            "demands": len(mine),
            "active_years": len(mine),  # a single year
            "leases": len(housed),
            "waited_months": sum(one.signed_s - one.filed_s for one in housed) / MONTH_S,
            "pending": len(waiting_still),
            "pending_months": sum(end_s - one["filed_s"] for one in waiting_still) / MONTH_S,
            "leases_in_qpv": sum(one.in_qpv for one in housed),
            "passed": sum(passed.get(one["demand_id"], 0) for one in mine),
            "passed_demands": sum(one["demand_id"] in passed for one in mine),
        }
        assert {name: told[name] for name in expected} == pytest.approx(expected), trait
    everybody = counts(found, "all", "all")
    assert everybody["passed"] == run.sittings["passed_over"].sum()


def test_everybody_has_the_rates_of_the_indicators(played: dict[str, Outcomes]) -> None:
    run = played["cotation_only"]
    told = counts(tally(run), "all", "all")
    rates = {(row.group, row.year): row.value for row in attribution.compute(run)}
    waits = {row.value for row in waiting.compute(run) if row[:3] == ("wait_housed_months", "all", 0)}
    assert told["leases"] / told["active_years"] == pytest.approx(rates["all", 0])
    assert told["waited_months"] / told["leases"] == pytest.approx(*waits)


def test_groups_of_a_partition_sum_to_everybody(played: dict[str, Outcomes]) -> None:
    found = tally(played["status_quo"])
    for side, dimensions in (
        ("demands", ("rooms_asked", "first_commune")),
        ("dwellings", ("rooms", "commune", "bailleur", "qpv", "pool")),
    ):
        mine = found[found["side"].eq(side)].groupby("dimension")[list(COUNTS)].sum()
        for dimension in dimensions:
            np.testing.assert_allclose(mine.loc[dimension], mine.loc["all"], err_msg=dimension)
