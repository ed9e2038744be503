"""Why better scored demands were on no list: each reason by hand, then held to lists without its rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.outcomes import EVENT_TABLES, PASSED_BY
from sim.policies.matching import BEYOND_POINTS, match
from sim.policies.sitting import Shortlist, Sitting
from sim.process.passing import reasons
from sim.process.replication import replicate, territory_of
from sim.process.sittings import passed_over
from sim.rules.quotas import LEGAL, TARGET, Rows
from sim.rules.traits import mask
from sim.scenario import load_scenario

POOR, OTHERS = mask(["first_quartile"]), mask(["q2_q4"])
NOBODY_ELSE = np.zeros(0, dtype=np.int32)


def rows(price: tuple[float, float]) -> dict[str, Any]:
    """Return a legal row for the first quartile and a target for the others, both over both vacancies."""
    whole, parts = np.zeros(2, dtype=np.int64), np.zeros(2)
    followed = Rows(
        label=("R1 hors QPV, EPCI", "q2_q4 ≥ 65 % à accueillir, R0001"),
        rule=("R1", "cible"),
        tier=np.array([LEGAL, TARGET]),
        percent=np.array([25, 65]),
        public=np.array([POOR, OTHERS]),
        excluded=whole,
        scope=np.ones((2, 2), dtype=bool),
        signed=whole,
        counted=whole,
        signed_due=parts,
        counted_due=parts,
        month_flow=parts,
        remaining=parts,
    )
    return {"rows": followed.label, "followed": followed, "pressing": np.array(price)}


def told(lead: int, signature: list[int], evidence: dict[str, Any], **sitting: Any) -> dict[str, list[int]]:
    """Return the reasons for which everybody before `lead` was passed over at vacancy 0."""
    seen = SimpleNamespace(
        first_by_law=sitting.get("first_by_law", {}),
        absolute_priority=np.array(sitting.get("flagged", [False] * len(signature))),
        signature=np.array(signature),
    )
    shortlist = Shortlist(np.array([[lead], [-1]]), evidence=evidence)
    better = [np.arange(lead, dtype=np.int32), NOBODY_ELSE]
    found = reasons(seen, shortlist, better)  # type: ignore[arg-type]
    return {reason: positions.tolist() for reason, positions in found.items()}


def test_the_row_that_takes_most_is_named() -> None:
    # The first of the list, 2, is of the first quartile. R1 takes 10 × (75 + 25) from 0, who is not, and
    # nothing from 1, who is; the target takes nothing: it would rather have had 0.
    assert told(2, [OTHERS, POOR, POOR], rows((10, 3))) == {"R1": [0], "joint": [1]}
    # The first of the list is not: the target takes 3 × (35 + 65) from 0.
    assert told(1, [POOR, OTHERS], rows((10, 3))) == {"target": [0]}


def test_a_row_without_a_price_explains_nothing() -> None:
    assert told(1, [OTHERS, POOR], rows((0, 3))) == {"joint": [0]}


def test_law_then_the_grid_s_flag_come_before_any_row() -> None:
    assert told(1, [OTHERS, POOR], rows((10, 3)), first_by_law={0: 1}) == {"first_by_law": [0]}
    flagged = [False, True, True]
    assert told(2, [OTHERS, OTHERS, POOR], rows((10, 3)), flagged=flagged) == {"priority": [0], "R1": [1]}


def test_a_policy_without_rows_follows_its_order_or_treats_dwellings_together() -> None:
    assert told(1, [OTHERS, POOR], {}) == {"order": [0]}
    nothing = rows((10, 3))
    nothing["followed"] = nothing["followed"].select(np.zeros(2, dtype=bool))
    assert told(1, [OTHERS, POOR], nothing) == {"joint": [0]}


Seen = list[tuple[Sitting, Shortlist]]


@pytest.fixture(scope="module")
def seen() -> tuple[Any, Seen]:
    """Return a year of a small MEL under cotation + stratégie, and what its commissions saw."""
    changes = {"territory.scale": 0.02, "time.years": 1, "time.burn_in_months": 6}
    scenario = load_scenario(Path("scenarios/mel.toml"), changes=changes)
    sittings: Seen = []
    ((_, run),) = replicate(
        scenario,
        territory_of(scenario),
        ("cotation_peuplement",),
        0,
        lambda sitting, shortlist: sittings.append((sitting, shortlist)),
    )
    return run, [one for one in sittings if one[0].held_s >= 0]


def test_the_table_counts_what_the_sittings_count(seen: tuple[Any, Seen]) -> None:
    run, _ = seen
    assert run.passed_over["times"].sum() == run.sittings["passed_over"].sum() > 0
    assert not run.passed_over.duplicated(["demand_id", "reason"]).any()
    assert set(run.passed_over["demand_id"]) <= set(run.demands["demand_id"])
    assert set(run.passed_over["reason"]) <= {*PASSED_BY, "R1", "R2", "R4", "R22"}
    assert "passed_over" not in EVENT_TABLES  # it says how lists were made, and is in no identity


def test_most_are_passed_over_nowhere_any_more_without_the_rows_named(seen: tuple[Any, Seen]) -> None:
    _, sittings = seen
    outcome: Counter[bool] = Counter()
    for sitting, shortlist in sittings:
        better = passed_over(sitting, shortlist.rows)
        if not any(map(len, better)):
            continue
        of_row = zip(sitting.rows.rule, sitting.rows.tier.tolist(), strict=True)
        rule = np.array(["target" if tier == TARGET else name for name, tier in of_row])
        exact = replace(sitting, gap=0.0, carry=None)
        for reason, positions in reasons(sitting, shortlist, better).items():
            if reason not in rule:
                continue
            again = match(exact, sitting.rows.select(rule != reason)).rows
            left = np.concatenate(passed_over(sitting, again))
            outcome.update((~np.isin(positions, left)).tolist())
    # A row is read in prices and need not suffice. Without it four in five at least are passed over nowhere.
    assert outcome[True] >= 4 * outcome[False]
    assert outcome.total() > 50


def test_a_row_written_into_weights_takes_all_it_may_where_it_needs_something(seen: tuple[Any, Seen]) -> None:
    _, sittings = seen
    found = [
        (tier, price)
        for _, shortlist in sittings
        if "followed" in shortlist.evidence
        for label, tier, price in zip(
            shortlist.evidence["followed"].label,
            shortlist.evidence["followed"].tier.tolist(),
            shortlist.evidence["pressing"].tolist(),
            strict=True,
        )
        if label not in shortlist.evidence["prices"]
    ]
    # max_points_forgone is 40, the most a target of one vacancy takes; a legal row, more than any points.
    assert {price for tier, price in found if tier == TARGET} == {0.0, 40.0}
    assert {price for tier, price in found if tier == LEGAL} <= {0.0, BEYOND_POINTS}
