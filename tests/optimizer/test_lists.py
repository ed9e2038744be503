"""Lists after rank 1: who comes next, and how often."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_problems import ints, tiny

from optimizer import Problem, solve
from optimizer.lists import check, complete


def five() -> Problem:
    """One vacancy; five applicants, signatures 0 0 1 0 1, weights 9 5 8 5 2, lottery 4 3 2 1 0."""
    return Problem(
        pair_applicant=ints([0, 1, 2, 3, 4]),
        pair_class=ints([0, 0, 0, 0, 0]),
        pair_weight=ints([9, 5, 8, 5, 2]),
        class_capacity=ints([1]),
        applicant_signature=ints([0, 0, 1, 0, 1]),
        applicant_lottery=ints([4, 3, 2, 1, 0]),
    )


def test_same_signature_comes_first_then_weight_then_lottery() -> None:
    problem = five()
    # rank 1 is applicant 0 (9); of its signature, 3 beats 1 by lottery at weight 5; then 2 (8), then 4
    assert complete(problem, solve(problem), 5).tolist() == [[[0, 3, 1, 2, 4]]]


def test_a_short_pool_leaves_a_short_list() -> None:
    problem = five()
    assert complete(problem, solve(problem), 7)[0, 0].tolist() == [0, 3, 1, 2, 4, -1, -1]


def test_rank_two_is_filled_for_all_before_rank_three() -> None:
    # applicants 2 and 3 may go anywhere and be on one list each: one backup for each vacancy
    problem = Problem(
        pair_applicant=ints([0, 2, 3, 1, 2, 3]),
        pair_class=ints([0, 0, 0, 1, 1, 1]),
        pair_weight=ints([9, 5, 4, 9, 5, 4]),
        class_capacity=ints([1, 1]),
        applicant_signature=ints([0, 0, 0, 0]),
        applicant_lottery=ints([0, 1, 2, 3]),
    )
    assert complete(problem, solve(problem), 3, 1).tolist() == [[[0, 1, -1]], [[3, 5, -1]]]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 3))
def test_lists_hold_their_rules_and_leave_nobody_out(seed: int, names: int, most: int) -> None:
    problem = tiny(seed)
    answer = solve(problem)
    table = complete(problem, answer, names, most)
    assert check(problem, answer, table, names, most) == ()
    listed = table[table >= 0]
    times = np.bincount(problem.pair_applicant[listed], minlength=problem.applicants)
    assert times.max(initial=0) <= most
    for c, slot in np.argwhere((table[:, :, 0] >= 0) & (table[:, :, -1] < 0)):
        on_list = problem.pair_applicant[table[c, slot][table[c, slot] >= 0]]
        able = problem.pair_applicant[problem.pair_class == c]
        waiting = [a for a in able if a not in on_list and times[a] < most]
        assert not waiting, f"list ({c}, {slot}) is short although {waiting} could be on it"


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ([[[1, 0]]], "les rangs 1 ne sont pas la réponse"),
        ([[[0, -1, 1]]], "un rang vide précède un rang occupé"),
        ([[[0, 1, 2, 3]]], "trop de noms"),
        ([[[0, 1, 1]]], "deux fois sur la même liste"),
        ([[[0, 1]], [[1, -1]]], "paire d'une autre classe"),
        ([[[0, 9]]], "paire absente du problème"),
    ],
)
def test_a_planted_fault_in_the_lists_is_caught(table: list[list[list[int]]], fault: str) -> None:
    problem = five()
    assert fault in " ; ".join(check(problem, solve(problem), ints(table), 3))


def test_an_applicant_on_too_many_lists_is_caught() -> None:
    problem = Problem(
        pair_applicant=ints([0, 1, 1]),
        pair_class=ints([0, 0, 1]),
        pair_weight=ints([9, 5, 5]),
        class_capacity=ints([1, 1]),
        applicant_signature=ints([0, 0]),
        applicant_lottery=ints([0, 1]),
    )
    faults = check(problem, solve(problem), ints([[[0, 1]], [[2, -1]]]), 2, 1)
    assert faults == ("candidat 1 sur 2 listes, attendu au plus 1",)
