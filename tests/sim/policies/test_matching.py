"""What a joint matching owes: every dwelling filled, the law before points, points before targets' limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from drawn_sittings import NEUTRAL, PUBLIC, sittings
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from sim.policies import JOINT, POLICIES, one_objective
from sim.policies.match_problem import STEPS, stated, weights
from sim.policies.match_rows import terms_of
from sim.policies.sitting import NOBODY, Sitting
from sim.rules.quotas import LEGAL, TARGET, UNIT

Build = Callable[..., Sitting]


@settings(max_examples=60, deadline=None)
@given(sittings())
def test_joint_lists_fill_every_dwelling_that_can_be_and_are_lawful(
    sitting_of: Build, spec: dict[str, Any]
) -> None:
    sitting = sitting_of(**spec)
    graph = np.zeros((len(spec["pools"]), len(spec["points"])), dtype=int)
    for vacancy, pool in enumerate(spec["pools"]):
        graph[vacancy, pool] = 1
    most = int((maximum_bipartite_matching(csr_matrix(graph), perm_type="column") >= 0).sum())
    for name in JOINT:
        lists = POLICIES[name](sitting).rows
        leads = lists[:, 0][lists[:, 0] != NOBODY]
        assert len(leads) == most
        assert len(set(leads.tolist())) == len(leads)  # nobody is first twice
        listed = lists[lists != NOBODY]
        assert np.bincount(listed, minlength=1).max(initial=0) <= spec["max_lists"]
        for vacancy, names in enumerate(lists.tolist()):
            named = [name for name in names if name != NOBODY]
            assert set(named) <= set(spec["pools"][vacancy])
            assert len(set(named)) == len(named)


LEGAL_ROW = {"tier": LEGAL, "percent": 25, "public": PUBLIC}
# Two leases signed, none to the public: a whole lease is owed, so a lease to the public gains a whole one.
TARGET_ROW = {"tier": TARGET, "percent": 50, "public": PUBLIC, "excluded": NEUTRAL, "signed": 2}


def lead(sitting: Sitting, policy: str) -> list[int]:
    """Return who is first for each vacancy."""
    return POLICIES[policy](sitting).rows[:, 0].tolist()


@pytest.mark.parametrize("points", [[500, 0], [5000, 0], [1, 0]])
def test_a_legal_row_outweighs_points(sitting_of: Build, points: list[int]) -> None:
    sitting = sitting_of([[0, 1]], points, signature=[0, PUBLIC], rows=[LEGAL_ROW])
    assert lead(sitting, "cotation_matched") == [0]
    assert lead(sitting, "cotation_quotas") == [1]


def test_a_legal_surplus_gives_points_their_place_again(sitting_of: Build) -> None:
    # 2 of 4 leases to the public: 100 hundredths ahead of 25 %, this lease owes nothing.
    ahead = LEGAL_ROW | {"signed": 4, "counted": 2}
    sitting = sitting_of([[0, 1]], [500, 0], signature=[0, PUBLIC], rows=[ahead])
    assert lead(sitting, "cotation_quotas") == [0]


def test_a_dwelling_is_filled_before_the_law_is_met(sitting_of: Build) -> None:
    # Only demand 1 is of the public and it alone fits the second dwelling, out of the row's scope.
    row = LEGAL_ROW | {"percent": 50, "scope": [True, False]}
    sitting = sitting_of([[0, 1], [1]], [500, 0], signature=[0, PUBLIC], rows=[row])
    assert lead(sitting, "cotation_quotas") == [0, 1]


@pytest.mark.parametrize(("behind", "first"), [(1, 1), (39, 1), (41, 0), (200, 0)])
def test_a_target_overrides_at_most_the_points_that_may_be_forgone(
    sitting_of: Build, behind: int, first: int
) -> None:
    sitting = sitting_of(
        [[0, 1]], [200, 200 - behind], signature=[0, PUBLIC], rows=[TARGET_ROW], max_points_forgone=40
    )
    assert lead(sitting, "cotation_quotas") == [0]
    assert lead(sitting, "cotation_peuplement") == [first]


def test_a_target_never_overrides_a_legal_row(sitting_of: Build) -> None:
    # Demand 0 is of the law's public, demand 1 of the target's; same points.
    rows = [LEGAL_ROW | {"public": 4}, TARGET_ROW]
    sitting = sitting_of([[0, 1]], [50, 50], signature=[4, PUBLIC], rows=rows, lottery=[0.9, 0.1])
    assert lead(sitting, "cotation_peuplement") == [0]


def served(sitting: Sitting, lists: np.ndarray) -> float:
    """Return Σ ([public] − share) over the first row's leases that are not excluded."""
    row = sitting.rows
    leads = [p for p in lists[row.scope[0], 0].tolist() if p != NOBODY]
    kinds = [int(sitting.signature[p]) for p in leads]
    return sum(bool(kind & PUBLIC) - row.percent[0] / UNIT for kind in kinds if not kind & row.excluded[0])


@settings(max_examples=60, deadline=None)
@given(sittings(tiers=(TARGET,)))
def test_points_forgone_stay_within_the_limit_for_each_lease_gained(
    sitting_of: Build, spec: dict[str, Any]
) -> None:
    spec["rows"] = spec["rows"][:1]
    sitting = sitting_of(**spec)
    free, bound = (POLICIES[name](sitting) for name in ("cotation_matched", "cotation_peuplement"))
    if not spec["rows"] or bound.matching is None or bound.matching.gap > 0:
        return
    points = [sum(int(sitting.points[p]) for p in each.rows[:, 0] if p >= 0) for each in (free, bound)]
    gained = served(sitting, bound.rows) - served(sitting, free.rows)
    assert points[0] - points[1] < sitting.max_points_forgone * max(gained, 0) + 1  # the lottery parts equals


def test_two_targets_on_one_dwelling_share_what_they_may_override(sitting_of: Build) -> None:
    rows = [TARGET_ROW, TARGET_ROW]
    near = sitting_of([[0, 1]], [200, 161], signature=[0, PUBLIC], rows=rows, max_points_forgone=40)
    far = sitting_of([[0, 1]], [200, 159], signature=[0, PUBLIC], rows=rows, max_points_forgone=40)
    assert (lead(near, "cotation_peuplement"), lead(far, "cotation_peuplement")) == ([1], [0])
    none = sitting_of([[0, 1]], [200, 199], signature=[0, PUBLIC], rows=rows, max_points_forgone=0)
    assert lead(none, "cotation_peuplement") == [0]


def test_absolute_priority_comes_before_any_points_in_a_joint_matching(sitting_of: Build) -> None:
    # The flag leads the cotation order: demand 0 has it, with fewer points than demand 1 would count for.
    sitting = sitting_of([[0, 1]], [10, 10], flagged=[True, False], lottery=[0.9, 0.1])
    assert lead(sitting, "cotation_matched") == [0]
    fewer = sitting_of([[0, 1]], [300, 10], flagged=[False, True])
    assert lead(fewer, "cotation_matched") == [1]
    legal = sitting_of([[0, 1]], [10, 10], flagged=[True, False], signature=[0, PUBLIC], rows=[LEGAL_ROW])
    assert lead(legal, "cotation_quotas") == [1]


def test_many_rows_never_leave_empty_a_dwelling_that_can_be_filled(sitting_of: Build) -> None:
    # Twelve legal rows of 99 % would each rather have nobody than somebody outside their public.
    rows = [LEGAL_ROW | {"percent": 99, "signed": 9} for _ in range(12)]
    sitting = sitting_of([[0], [1]], [3, 2], signature=[0, 0], rows=rows)
    assert lead(sitting, "cotation_quotas") == [0, 1]


def test_neutral_households_neither_help_nor_hinder_a_target(sitting_of: Build) -> None:
    # Nothing is owed yet: demand 0 is neutral, of no public, leads by a point, counts nowhere.
    row = TARGET_ROW | {"signed": 0}
    sitting = sitting_of([[0, 1]], [100, 99], signature=[NEUTRAL, PUBLIC], rows=[row], max_points_forgone=80)
    assert lead(sitting, "cotation_peuplement") == [0]
    # Not neutral, the same demand would take the row below its floor.
    other = sitting_of([[0, 1]], [100, 99], signature=[0, PUBLIC], rows=[row], max_points_forgone=80)
    assert lead(other, "cotation_peuplement") == [1]


@settings(max_examples=100, deadline=None)
@given(sittings(), st.lists(st.integers(0, 7), min_size=1, max_size=6, unique=True))
def test_coefficients_are_those_counted_one_by_one(
    sitting_of: Build, spec: dict[str, Any], signatures: list[int]
) -> None:
    rows = sitting_of(**spec).rows
    expected = {}
    for r in range(len(rows)):
        for k, signature in enumerate(signatures):
            for v in range(len(spec["pools"])):
                counts = UNIT if signature & int(rows.public[r]) else 0
                if rows.scope[r, v] and not signature & int(rows.excluded[r]):
                    expected[r, k, v] = counts - int(rows.percent[r])
    terms = terms_of(rows, np.array(signatures))
    row, kind, place, value = (part.tolist() for part in terms.coefficients())
    found = dict(zip(zip(row, kind, place, strict=True), value, strict=True))
    assert len(found) == len(value)
    assert found == {key: number for key, number in expected.items() if number}


@given(st.lists(st.integers(-50, 5000), min_size=1, max_size=30), st.sampled_from(["points", "rank", "log"]))
def test_every_form_of_points_keeps_their_order(points: list[int], form: str) -> None:
    weight, a_point = weights(np.array(points), form)
    order = np.argsort(points, kind="stable")
    assert (np.diff(weight[order]) >= 0).all()
    assert weight.min() == 0
    assert a_point > 0
    if form == "rank":
        levels = np.diff(weight[order])[np.diff(np.array(points)[order]) > 0]
        assert (levels > 0).all()  # ranks part whom points part
    if form != "points":
        assert weight.max() == (STEPS if max(points) > min(points) else 0)


def test_the_forms_of_points_by_hand() -> None:
    points = np.array([10, 10, 20, 110])
    assert weights(points, "points")[0].tolist() == [0, 0, 10, 100]
    assert weights(points, "rank")[0].tolist() == [0, 0, 500, 1000]
    # 1000 × ln 11 / ln 101 = 519.6
    assert weights(points, "log")[0].tolist() == [0, 0, 520, 1000]
    assert [weights(points, form)[1] for form in ("points", "rank", "log")] == [1.0, 10.0, 10.0]


@pytest.mark.parametrize("policy", list(POLICIES))
def test_a_policy_is_a_function_of_the_sitting_alone(sitting_of: Build, policy: str) -> None:
    spec = {
        "pools": [[0, 1, 2, 3], [1, 2, 4], [], [0, 4, 5]],
        "points": [90, 80, 80, 40, 30, 10],
        "signature": [0, 1, 3, 1, 0, 2],
        "seniority": [5, 4, 3, 2, 1, 0],
        "rows": [LEGAL_ROW, TARGET_ROW | {"scope": [False, True, True, True]}],
    }
    sitting, twin = sitting_of(**spec), sitting_of(**spec)
    before = {name: value.copy() for name, value in vars(sitting).items() if isinstance(value, np.ndarray)}
    np.random.seed(1)
    first = POLICIES[policy](sitting)
    np.random.seed(2)
    assert POLICIES[policy](sitting).rows.tobytes() == first.rows.tobytes()
    for name, value in before.items():
        np.testing.assert_array_equal(getattr(sitting, name), value)
    assert POLICIES[policy](twin).rows.tobytes() == first.rows.tobytes()


# --- what a sitting may lose ------------------------------------------------------------------------------


def test_what_is_at_stake_is_the_points_of_the_best_and_what_targets_may_override(sitting_of: Build) -> None:
    # The least scored has 20 points: the best of the first dwelling 70 above, of the second 40; a target
    # bears on the first, 40 points. A legal row adds nothing.
    rows = [TARGET_ROW | {"scope": [True, False]}, LEGAL_ROW]
    sitting = sitting_of([[0, 1], [1, 2]], [90, 60, 20], signature=[0, 0, PUBLIC], rows=rows)
    asked = stated(sitting, sitting.rows)
    assert asked is not None
    assert asked.stake == 70 + 40 + 40


@settings(max_examples=40, deadline=None)
@given(sittings(), st.sampled_from([0.001, 0.05, 0.5]))
def test_a_sitting_loses_no_more_than_its_gap(sitting_of: Build, spec: dict[str, Any], gap: float) -> None:
    exact, near = (sitting_of(**spec, gap=kept) for kept in (0.0, gap))
    best, found = (one_objective.best(sitting, sitting.rows) for sitting in (exact, near))
    if best is None or found is None:
        assert best is found
        return
    lost = (best.answer.objective - found.answer.objective) / (found.asked.a_point * found.asked.stake)
    assert best.answer.fill == found.answer.fill
    if best.answer.fill == best.asked.problem.classes:  # else places may have been made worth more
        assert 0 <= lost <= gap
        assert lost <= found.gap


def test_how_a_sitting_was_matched_is_told(sitting_of: Build) -> None:
    # Two dwellings, one of which nobody fits. The target is a lease behind, half of the two signed; one to
    # the public brings it half a lease, 1 − 50 %. The legal row asks one lease and has it.
    rows = [LEGAL_ROW, TARGET_ROW]
    sitting = sitting_of([[0, 1], []], [90, 60], signature=[PUBLIC, 0], rows=rows)
    told = POLICIES["cotation_peuplement"](sitting).matching
    assert told is not None
    assert (told.vacancies, told.pairs, told.rows, told.gap, told.proved_by) == (1, 2, 2, 0.0, "lp")
    assert (told.legal_shortfall, told.target_shortfall) == (0.0, 0.5)
    assert POLICIES["cotation_quotas"](sitting).matching.rows == 1
    assert POLICIES["cotation_only"](sitting).matching is None
