"""Prices carried from a sitting to the next: whole points, kept by name, and of no effect on the lists.

What a sitting owes to them is speed, and only where no gap is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.policies import JOINT, POLICIES, one_objective
from sim.policies.sitting import Shortlist, Sitting
from sim.process.replication import replicate, territory_of
from sim.rules.quotas import LEGAL
from sim.scenario import load_scenario

Build = Callable[..., Sitting]

# Two leases signed, none to the public: half a lease is missing, and with two dwellings one is owed.
ROW = {"tier": LEGAL, "percent": 25, "public": 1, "signed": 2}


def sitting(sitting_of: Build, **choices: Any) -> Sitting:
    pools = [[0, 1, 2], [0, 1, 3]]
    return sitting_of(pools, [90, 80, 30, 20], signature=[0, 0, 1, 1], rows=[ROW], **choices)


def test_a_row_s_price_is_carried_in_whole_points_a_lease(sitting_of: Build) -> None:
    # 90 + 30 points. A lease less owed would bring 90 + 80, fifty more; one more would leave 30 + 20, seventy
    # less: the price lies between.
    carry = POLICIES["cotation_quotas"](sitting(sitting_of)).carry
    assert list(carry) == ["row 0"]
    assert type(carry["row 0"]) is int
    assert 50 <= carry["row 0"] <= 70


def test_a_row_that_does_not_touch_the_sitting_keeps_its_price(sitting_of: Build) -> None:
    found = POLICIES["cotation_quotas"](sitting(sitting_of, carry={"elsewhere": 12, "row 0": 5}))
    assert found.carry["elsewhere"] == 12
    assert 50 <= found.carry["row 0"] <= 70
    nobody = sitting_of([[]], [10], rows=[ROW], carry={"elsewhere": 12})
    assert POLICIES["cotation_quotas"](nobody).carry == {"elsewhere": 12}


def test_the_solver_gets_the_prices_of_its_rows_a_hundredth_of_a_lease(
    sitting_of: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    solve = one_objective.solve

    def seen(problem: Any, **named: Any) -> Any:
        given.append((named["prices"], problem.pair_weight.max() - problem.pair_weight.min()))
        return solve(problem, **named)

    monkeypatch.setattr(one_objective, "solve", seen)
    carry = {"elsewhere": 12, "row 0": 700}
    POLICIES["cotation_quotas"](sitting(sitting_of, carry=carry))
    POLICIES["cotation_quotas"](sitting(sitting_of, carry=carry, gap=0.001))
    (prices, spread), (within_a_gap, _) = given
    assert within_a_gap == {}
    assert list(prices) == ["row 0"]
    # Seventy points part the best from the least: a point is so many units, a hundredth of a lease 7 points.
    assert prices["row 0"] == pytest.approx(7 * spread / 70, rel=0.02)


@pytest.mark.parametrize("parameters", [{"gap": 0.0}, {"gap": 0.001}, {"form": "lexicographic"}])
@pytest.mark.parametrize("policy", JOINT)
def test_lists_are_the_same_with_and_without_prices_on_a_run(policy: str, parameters: dict[str, Any]) -> None:
    changes = {"time.years": 2, "time.burn_in_months": 6, "policies.parameters": {policy: parameters}}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes=changes)
    seen: list[tuple[Any, bool]] = []

    def watch(asked: Sitting, shortlist: Shortlist) -> None:
        alone = POLICIES[policy](replace(asked, carry=None))
        seen.append((asked.carry, np.array_equal(alone.rows, shortlist.rows)))

    for _ in replicate(scenario, territory_of(scenario), [policy], 0, watch):
        pass
    seen = seen[-40:]  # under the policy: the burn-in carries nothing
    assert all(same for _, same in seen)
    assert policy == "cotation_matched" or sum(bool(carry) for carry, _ in seen) > 20
