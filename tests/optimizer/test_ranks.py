"""The names of a rank, on all lists together: against every way to write them, and by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_problems import ints, tiny_with_all

from optimizer import Problem, solve
from optimizer.lists import complete
from optimizer.ranks import match_rank, next_names

NOBODY = -1


def two_lists() -> Problem:
    """Two vacancies of rank 1 applicants 0 and 1 (signatures 0 and 1); 2 and 3 may be second.

    Applicant 2 (signature 0, weight 5) fits both, 3 (signature 1, weight 4) fits class 0 only.
    """
    return Problem(
        pair_applicant=ints([0, 2, 3, 1, 2]),
        pair_class=ints([0, 0, 0, 1, 1]),
        pair_weight=ints([9, 5, 4, 9, 5]),
        class_capacity=ints([1, 1]),
        applicant_signature=ints([0, 1, 0, 1]),
        applicant_lottery=ints([0, 1, 2, 3]),
        class_list=ints([2, 2]),
        applicant_lists=ints([2, 2, 2, 2]),
    )


def second_names(problem: Problem) -> list[list[int]]:
    """Return the second name of each list after one match of both, before anything checks them."""
    assert problem.class_list is not None
    assert problem.applicant_lists is not None
    table = ints([[[0, -1]], [[3, -1]]])
    found = next_names(problem, table, problem.class_list[:, None] > 1, problem.applicant_lists)
    return found.tolist()


def test_second_names_are_of_those_who_may_stand_there() -> None:
    # list 0 may have applicant 2 (pair 1) or 3 (pair 2), list 1 applicant 2 (pair 4): two names
    assert second_names(two_lists()) == [[2], [4]]
    # where pair 2 is forbidden, only one of them can have applicant 2: list 0, whose signature he is of
    forbidden = replace(two_lists(), pair_lock=ints([0, 0, -1, 0, 0]))
    assert second_names(forbidden) == [[1], [-1]]
    # where applicant 2 may stand on no list, applicant 3 is left
    nowhere = replace(two_lists(), applicant_lists=ints([2, 2, 0, 2]))
    assert second_names(nowhere) == [[2], [-1]]
    # a list that wants one name has its name
    assert second_names(replace(two_lists(), class_list=ints([1, 2]))) == [[-1], [4]]


def test_a_list_left_without_a_name_has_one_who_may_stand_on_another() -> None:
    # applicant 2 alone may be second on either list, and may stand on two
    problem = replace(two_lists(), pair_lock=ints([0, 0, -1, 0, 0]))
    assert problem.class_list is not None
    assert problem.applicant_lists is not None
    table = ints([[[0, -1]], [[3, -1]]])
    match_rank(problem, table, problem.class_list, problem.applicant_lists)
    assert table.tolist() == [[[0, 1]], [[3, 4]]]


def best_names(problem: Problem, before: np.ndarray, going: np.ndarray, left: np.ndarray) -> list[int]:
    """Try every way to write one more name on lists, (C · slots,) pairs, -1 where there is none.

    Most names first, then Σ (same signature as rank 1 · (greatest weight + 1) + weight), then the lowest
    Σ lottery, then the smallest lottery numbers read list by list.

    Parameters
    ----------
    before : (C, slots, ranks so far) pairs
    going : (C, slots) lists that want a name
    left : (A,) lists each may still stand on
    """
    most_weight = int(problem.pair_weight.max(initial=0)) + 1
    options: list[list[int]] = []
    for c, slot in np.ndindex(before.shape[:2]):
        listed = problem.pair_applicant[before[c, slot][before[c, slot] >= 0]].tolist()
        able: list[int] = []
        if going[c, slot]:
            able = [
                pair
                for pair in np.flatnonzero((problem.pair_class == c) & (problem.lock >= 0)).tolist()
                if left[problem.pair_applicant[pair]] > 0 and problem.pair_applicant[pair] not in listed
            ]
        options.append([NOBODY, *able])
    first = before[:, :, 0].ravel()
    best: tuple[int, int, int, list[int]] | None = None
    chosen: list[int] = []
    for names in product(*options):
        who = [int(problem.pair_applicant[pair]) for pair in names if pair != NOBODY]
        if len(set(who)) < len(who):
            continue  # nobody has two names in one rank
        value = 0
        for place, pair in enumerate(names):
            if pair != NOBODY:
                kinds = problem.applicant_signature[problem.pair_applicant[[pair, first[place]]]]
                value += int(problem.pair_weight[pair]) + most_weight * int(kinds[0] == kinds[1])
        lottery = problem.applicant_lottery
        read = [
            problem.applicants if pair == NOBODY else int(lottery[problem.pair_applicant[pair]])
            for pair in names
        ]
        key = (-len(who), -value, int(lottery[who].sum()), read)
        if best is None or key < best:
            best, chosen = key, list(names)
    return chosen


def hold(problem: Problem, said: str) -> int:
    """Compare each rank with the best names after those before; return how many were written.

    The names of a rank are the best that can be written, one for each applicant; then the best on the lists
    left without one; and so on until there is none.
    """
    table = complete(problem, solve(problem), matched=True)
    wanted, allowed = problem.class_list, problem.applicant_lists
    assert wanted is not None
    assert allowed is not None
    for rank in range(1, table.shape[2]):
        before = table[:, :, :rank]
        written = np.full(table.shape[:2], NOBODY)
        going = (before[:, :, -1] >= 0) & (wanted > rank)[:, None]
        names = going
        while names.any():
            listed = np.concatenate([before.ravel(), written.ravel()])
            times = np.bincount(problem.pair_applicant[listed[listed >= 0]], minlength=problem.applicants)
            best = best_names(problem, before, going & (written < 0), allowed - times)
            names = np.reshape(best, written.shape) >= 0
            written[names] = np.reshape(best, written.shape)[names]
        assert table[:, :, rank].tolist() == written.tolist(), f"{said}, rank {rank + 1}"
    return int((table[:, :, 1:] >= 0).sum())


def test_each_rank_has_the_best_names_that_can_be_written_after_those_before_it() -> None:
    assert sum(hold(tiny_with_all(seed), f"tiny_with_all({seed})") for seed in range(60)) > 60


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_each_rank_has_the_best_names_on_thousands(block: int) -> None:
    for seed in range(50_000 + 300 * block, 50_000 + 300 * (block + 1)):
        hold(tiny_with_all(seed), f"tiny_with_all({seed})")
        hold(tiny_with_all(seed, most_weight=2), f"tiny_with_all({seed}, most_weight=2)")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_no_fewer_second_names_together_than_in_turn(seed: int) -> None:
    problem = tiny_with_all(seed)
    answer = solve(problem)
    lists = np.ones(problem.applicants, dtype=np.int64)
    lists[problem.pair_applicant[answer.pair]] = 2  # everybody may stand on one more list
    together = complete(problem, answer, None, lists, matched=True)
    in_turn = complete(problem, answer, None, lists)
    assert (together[:, :, 1:2] >= 0).sum() >= (in_turn[:, :, 1:2] >= 0).sum()


def test_together_two_lists_have_a_name_where_in_turn_one_is_left_without() -> None:
    # in turn, list 0 takes applicant 2, of its signature, who could stand on list 1 as well: allowed twice
    problem = replace(two_lists(), applicant_lists=ints([1, 1, 1, 1]))
    assert complete(problem, solve(problem)).tolist() == [[[0, 1]], [[3, -1]]]
    # together, applicant 3 goes to list 0 so that 2 is there for list 1: two names before any signature
    assert complete(problem, solve(problem), matched=True).tolist() == [[[0, 2]], [[3, 4]]]


def test_the_signature_of_rank_one_comes_before_weight() -> None:
    # both fit list 0 and there is no list 1: 2 is of signature 0 with weight 1, 3 weighs 8
    problem = replace(
        two_lists(), pair_weight=ints([9, 1, 8, 9, 5]), class_capacity=ints([1, 0]), class_list=ints([3, 1])
    )
    assert complete(problem, solve(problem), matched=True).tolist() == [[[0, 1, 2]], [[-1, -1, -1]]]


def test_equal_names_are_decided_by_the_lottery() -> None:
    problem = replace(
        two_lists(),
        pair_weight=ints([9, 5, 5, 9, 5]),
        applicant_signature=ints([0, 1, 0, 0]),
        class_capacity=ints([1, 0]),
    )
    assert complete(problem, solve(problem), matched=True)[0].tolist() == [[0, 1]]
    other = replace(problem, applicant_lottery=ints([0, 1, 3, 2]))
    assert complete(other, solve(other), matched=True)[0].tolist() == [[0, 2]]


def test_a_forbidden_pair_is_on_no_list_and_a_list_of_one_name_ends() -> None:
    problem = replace(two_lists(), pair_lock=ints([0, -1, 0, 0, 0]), class_list=ints([2, 1]))
    for matched in (True, False):
        table = complete(problem, solve(problem), matched=matched)
        assert table.tolist() == [[[0, 2]], [[3, -1]]]
