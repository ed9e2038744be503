"""Measures of a group, by hand, from counts; where each kind of trait may appear."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sim.concerned.dimensions import traits_for
from sim.concerned.measures import BESIDE_OTHERS, measured
from sim.concerned.tally import COUNTS


def tallies(*rows: dict[str, Any]) -> pd.DataFrame:
    same = {"policy": "p", "replication": 0, "side": "demands", **dict.fromkeys(COUNTS, 0.0)}
    return pd.DataFrame([same | row for row in rows])


def one(values: pd.DataFrame, measure: str, group: str) -> tuple[float, float]:
    chosen = values[values["measure"].eq(measure) & values["group"].eq(group)]
    assert len(chosen) == 1, (measure, group)
    return float(chosen["value"].iloc[0]), float(chosen["base"].iloc[0])


EVERYBODY = {
    "dimension": "all",
    "group": "all",
    "demands": 100.0,
    "active_years": 200.0,
    "leases": 20.0,
    "waited_months": 200.0,
    "pending": 40.0,
    "pending_months": 800.0,
    "leases_in_qpv": 5.0,
    "passed": 50.0,
    "passed_demands": 10.0,
}
YOUNG = {
    "dimension": "trait",
    "group": "under_30",
    "demands": 40.0,
    "active_years": 80.0,
    "leases": 5.0,
    "waited_months": 40.0,
    "leases_in_qpv": 2.0,
}


def test_a_group_stands_beside_all_the_others() -> None:
    values = measured(tallies(EVERYBODY, YOUNG))
    # Rates: 5/80 for the group, (20 - 5)/(200 - 80) = 1/8 for the others: half.
    assert one(values, "rate_ratio", "under_30") == (pytest.approx(0.5), 40)
    # Housed: 5/40 and 15/60.
    assert one(values, "housed_gap", "under_30") == (pytest.approx(-0.125), 40)
    # Waits: 40/5 = 8 months and 160/15; in QPV 2/5 and 3/15. Of the smaller group, five leases.
    assert one(values, "wait_ratio", "under_30") == (pytest.approx(8 / (160 / 15)), 5)
    assert one(values, "qpv_gap", "under_30") == (pytest.approx(0.2), 5)


def test_demands_passed_over_are_told_for_a_hundred_and_against_everybody() -> None:
    group = {
        "dimension": "rooms_asked",
        "group": "t2",
        "demands": 25.0,
        "passed": 25.0,
        "passed_demands": 5.0,
        "passed_often": 1.0,
    }
    values = measured(tallies(EVERYBODY, group))
    # 25/25 against 50/100: twice as often.
    assert one(values, "passed_per_100", "t2")[0] == 100
    assert one(values, "passed_ratio", "t2")[0] == 2
    assert one(values, "passed_share", "t2")[0] == pytest.approx(0.2)
    assert one(values, "passed_often_share", "t2")[0] == pytest.approx(0.04)
    assert one(values, "age_pending_months", "all") == (20, 40)


def test_the_first_quartile_is_counted_for_the_vacancies_of_a_bailleur() -> None:
    whole = {"side": "dwellings", "dimension": "all", "group": "all"}
    values = measured(
        tallies(
            EVERYBODY,
            whole | {"vacancies": 100.0, "leases": 80.0, "leases_first_quartile": 20.0},
            whole | {"dimension": "bailleur", "group": "A", "vacancies": 40.0, "leases_first_quartile": 12.0},
        )
    )
    # 12/40 = 0.3 a vacancy against 20/100: one and a half times its share.
    assert one(values, "q1_per_vacancy", "A") == (pytest.approx(0.3), 40)
    assert one(values, "q1_ratio", "A") == (pytest.approx(1.5), 40)


def test_a_reason_that_a_run_has_not_is_none_for_it() -> None:
    other = {"replication": 1}
    values = measured(
        tallies(
            EVERYBODY,
            EVERYBODY | other,
            {"dimension": "reason", "group": "R1", "passed": 5.0},
        )
    )
    chosen = values[values["measure"].eq("passed_per_100_leases")]
    assert chosen.set_index("replication")["value"].to_dict() == {0: 25, 1: 0}


def test_traits_of_the_equity_report_alone_stand_beside_the_others_and_nowhere_else() -> None:
    everyone = [{**YOUNG, "group": name} for name in traits_for("equity_report")]
    values = measured(tallies(EVERYBODY, *everyone))
    alone = set(traits_for("equity_report")) - set(traits_for("indicator"))
    assert {"under_30", "aged_65_plus", "single_parent", "needs_accessible", "violence"} == alone
    assert set(values.loc[values["group"].isin(alone), "measure"]) == set(BESIDE_OTHERS)
    shown = values[values["measure"].eq("attribution_rate") & values["dimension"].eq("trait")]
    assert set(shown["group"]) == set(traits_for("indicator"))
