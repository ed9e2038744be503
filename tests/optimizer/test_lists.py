"""Lists after rank 1: who comes next, and how often."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_problems import ints, tiny, tiny_with_all

from optimizer import Problem, lists, solve
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


@pytest.mark.parametrize("matched", [True, False])
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 3))
def test_lists_hold_their_rules_and_leave_nobody_out(matched: bool, seed: int, names: int, most: int) -> None:
    problem = tiny(seed)
    answer = solve(problem)
    table = complete(problem, answer, names, most, matched=matched)
    assert check(problem, answer, table, names, most) == ()
    listed = table[table >= 0]
    times = np.bincount(problem.pair_applicant[listed], minlength=problem.applicants)
    assert times.max(initial=0) <= most
    for c, slot in np.argwhere((table[:, :, 0] >= 0) & (table[:, :, -1] < 0)):
        on_list = problem.pair_applicant[table[c, slot][table[c, slot] >= 0]]
        able = problem.pair_applicant[problem.pair_class == c]
        waiting = [a for a in able if a not in on_list and times[a] < most]
        assert not waiting, f"list ({c}, {slot}) is short although {waiting} could be on it"


def written_in_turn(problem: Problem, rank_one: np.ndarray) -> np.ndarray:
    """Write the lists name by name, in words: for each rank, class and slot, who of those able comes first.

    Able: fits the class, is not forbidden there nor on the list, and may stand on one more list. First: of
    rank 1's signature, then of greatest weight, then lowest in the lottery.
    """
    wanted, allowed = problem.class_list, problem.applicant_lists
    assert wanted is not None
    assert allowed is not None
    slots = rank_one.shape[1]
    table = np.full((problem.classes, slots, int(wanted.max(initial=1))), -1, dtype=np.int64)
    table[:, :, 0] = rank_one
    left = allowed - np.bincount(
        problem.pair_applicant[rank_one[rank_one >= 0]], minlength=problem.applicants
    )
    for rank, c, slot in product(range(1, table.shape[2]), range(problem.classes), range(slots)):
        if rank >= wanted[c] or table[c, slot, rank - 1] < 0:
            continue
        listed = problem.pair_applicant[table[c, slot, :rank]]
        able = []
        for pair in np.flatnonzero((problem.pair_class == c) & (problem.lock >= 0)).tolist():
            applicant = int(problem.pair_applicant[pair])
            if left[applicant] > 0 and applicant not in listed:
                other = problem.applicant_signature[applicant] != problem.applicant_signature[listed[0]]
                lottery = int(problem.applicant_lottery[applicant])
                able.append((bool(other), -int(problem.pair_weight[pair]), lottery, pair))
        if able:
            table[c, slot, rank] = min(able)[-1]
            left[problem.pair_applicant[table[c, slot, rank]]] -= 1
    return table


@pytest.mark.parametrize("top", [1, 100])
def test_lists_in_turn_are_those_written_name_by_name(top: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "_TOP", top)  # however few are looked at first
    for seed in range(60):
        problem = tiny_with_all(seed, most_weight=3)
        table = complete(problem, solve(problem))
        expected = written_in_turn(problem, table[:, :, 0])
        assert np.array_equal(table, expected), f"tiny_with_all({seed}, most_weight=3)"


@pytest.mark.slow
def test_lists_in_turn_are_those_written_name_by_name_on_thousands() -> None:
    for seed in range(60_000, 62_000):
        problem = tiny_with_all(seed)
        table = complete(problem, solve(problem))
        assert np.array_equal(table, written_in_turn(problem, table[:, :, 0])), f"tiny_with_all({seed})"


def test_rank_one_is_the_answer_in_lottery_order() -> None:
    for seed in range(40):
        problem = tiny_with_all(seed)
        answer = solve(problem)
        for matched in (True, False):
            rank_one = complete(problem, answer, matched=matched)[:, :, 0]
            assert sorted(rank_one[rank_one >= 0].tolist()) == sorted(answer.pair.tolist())
            for c in range(problem.classes):
                here = rank_one[c][rank_one[c] >= 0]
                assert np.all(problem.pair_class[here] == c)
                assert np.all(np.diff(problem.applicant_lottery[problem.pair_applicant[here]]) > 0)


@pytest.mark.parametrize("matched", [True, False])
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_limits_of_classes_and_applicants_and_locks_hold(matched: bool, seed: int) -> None:
    problem = tiny_with_all(seed)
    table = complete(problem, solve(problem), matched=matched)
    wanted, allowed = problem.class_list, problem.applicant_lists
    assert wanted is not None
    assert allowed is not None
    listed = table[table >= 0]
    assert not np.any(problem.lock[listed] == -1)
    times = np.bincount(problem.pair_applicant[listed], minlength=problem.applicants)
    assert np.all(times <= np.maximum(allowed, 1))  # who is given a dwelling is on its list
    assert np.all((table >= 0).sum(axis=2) <= wanted[:, None])


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


def test_a_forbidden_pair_on_a_list_is_caught() -> None:
    problem = replace(five(), pair_lock=ints([0, 0, 0, -1, 0]))
    assert check(problem, solve(problem), ints([[[0, 3]]]), 2) == ("liste (0, 0) : paire interdite",)


def test_lists_refused_by_the_check_are_not_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "check", lambda *given: ("faux",))
    with pytest.raises(RuntimeError, match="listes refusées par la vérification : faux"):
        complete(five(), solve(five()), 3)
