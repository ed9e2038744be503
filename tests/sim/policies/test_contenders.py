"""Only the foremost of each pool are put to the solver: nothing is lost by it, and the bound is over all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from drawn_sittings import PUBLIC, sittings
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.policies import JOINT, POLICIES, contenders, one_objective
from sim.policies.contenders import Contenders
from sim.policies.listing import listed
from sim.policies.match_problem import NONE_LEFT, Solved, ground_of
from sim.policies.matching import as_positions, completed, foremost, match
from sim.policies.sitting import Sitting
from sim.rules.quotas import LEGAL

Build = Callable[..., Sitting]


def only(deep: int, more: int = 1) -> Any:
    """Return a context in which so few of each pool are put to the solver at first, and so few more."""
    few = pytest.MonkeyPatch()
    few.setattr(contenders, "DEEP", deep)
    few.setattr(contenders, "A_VACANCY", 0.0)
    few.setattr(contenders, "MORE", more)
    return few


@settings(max_examples=80, deadline=None)
@given(sittings(), st.integers(1, 3), st.sampled_from(JOINT))
def test_however_few_are_put_to_the_solver_lists_are_the_same(
    sitting_of: Build, spec: dict[str, Any], deep: int, policy: str
) -> None:
    sitting = sitting_of(**spec)
    expected = POLICIES[policy](sitting)
    few = only(deep)
    try:
        found = POLICIES[policy](sitting)
    finally:
        few.undo()
    assert found.rows.tolist() == expected.rows.tolist()


@settings(max_examples=60, deadline=None)
@given(sittings(), st.sampled_from(["weighted", "lexicographic"]))
def test_who_is_first_is_told_without_the_lists(sitting_of: Build, spec: dict[str, Any], form: str) -> None:
    sitting = replace(sitting_of(**spec), form=form)
    assert foremost(sitting, sitting.rows).tolist() == match(sitting, sitting.rows).rows[:, 0].tolist()


def worth(solved: Solved) -> int:
    """Return what an answer is worth, apart from what a place is."""
    problem, answer = solved.asked.problem, solved.answer
    return int(problem.pair_weight[answer.pair].sum() - problem.row_penalty @ answer.shortfall)


@settings(max_examples=60, deadline=None)
@given(sittings(), st.sampled_from([0.001, 0.05, 0.5]))
def test_the_bound_is_over_all_pairs(sitting_of: Build, spec: dict[str, Any], gap: float) -> None:
    best = one_objective.best(sitting_of(**spec), sitting_of(**spec).rows)
    few = only(1)
    try:
        sitting = sitting_of(**spec, gap=gap)
        found = one_objective.best(sitting, sitting.rows)
    finally:
        few.undo()
    if best is None or found is None:
        assert best is found
        return
    assert best.answer.fill == found.answer.fill
    if best.answer.fill == best.asked.problem.classes:  # else places may have been made worth more
        lost = worth(best) - worth(found)
        assert 0 <= lost <= found.answer.bound - found.answer.objective
        assert lost <= gap * found.asked.a_point * found.asked.stake


@settings(max_examples=80, deadline=None)
@given(sittings(), st.integers(1, 3), st.integers(1, 4))
def test_lists_are_those_of_the_optimiser_over_all_pairs(
    sitting_of: Build, spec: dict[str, Any], deep: int, names: int
) -> None:
    sitting = sitting_of(**spec, list_length=names)
    few = only(deep)
    try:
        found = one_objective.best(sitting, sitting.rows)
    finally:
        few.undo()
    if found is None:
        return
    whole = found.asked.ground.stated()
    pair = found.asked.held[found.answer.pair]  # pairs of the whole go by their places in the pools
    every = Solved(whole, replace(found.answer, pair=pair), found.gap)
    assert listed(found).tolist() == as_positions(every, completed(sitting, every)).tolist()


def test_whom_law_puts_first_is_put_to_the_solver_however_deep(sitting_of: Build) -> None:
    sitting = sitting_of([[0, 1, 2, 3]], [90, 60, 50, 20], owed={0: 3})
    few = only(1)
    try:
        ground = ground_of(sitting, sitting.rows)
        assert ground is not None
        assert Contenders(ground).held.tolist() == [0, 3]
    finally:
        few.undo()


def test_what_is_left_out_is_worth_no_more_than_is_said(sitting_of: Build) -> None:
    # The first of three is put to the solver; the next has 60 points, 40 above the least of the pools.
    sitting = sitting_of([[0, 1, 2], [3]], [90, 60, 50, 20])
    few = only(1)
    try:
        ground = ground_of(sitting, sitting.rows)
        assert ground is not None
        asked = Contenders(ground).stated()
    finally:
        few.undo()
    assert asked.held.tolist() == [0, 3]
    assert asked.rest.tolist() == [ground.worth[1], NONE_LEFT]
    assert 40 <= ground.worth[1] / ground.a_point < 41


def test_a_public_that_a_row_wants_is_found_at_the_bottom_of_a_pool(sitting_of: Build) -> None:
    # Twenty to a dwelling, one in a hundred of the public; the legal row owes it a lease.
    points = list(range(1000, 0, -10))
    pools = [list(range(100))] * 5
    signature = [0] * 99 + [PUBLIC]
    row = {"tier": LEGAL, "percent": 25, "public": PUBLIC}
    sitting = sitting_of(pools, points, signature=signature, rows=[row], gap=0.001)
    few = only(2)
    try:
        lists = POLICIES["cotation_quotas"](sitting).rows
    finally:
        few.undo()
    assert 99 in lists[:, 0]
    assert np.unique(lists[:, 0]).tolist() == [0, 1, 2, 3, 99]
