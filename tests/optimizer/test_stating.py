"""What the solver sees: free pairs, what locks leave of places and rows, applicants by lottery number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tiny_problems import every, ints, tiny_with_all

from optimizer import NO_HIGH, NO_LOW, Problem
from optimizer.stating import state
from optimizer.whole import worth


def sample() -> Problem:
    """Four applicants, lottery 2 0 3 1, signatures 0 1 1 0; class 0 has two vacancies, class 1 one.

    Row "floor" counts 3 for signature 1 in class 0, at least 4; row "ceiling" 2 for signature 0 in class 1,
    at most 1. Classes 0 and 1 are of group 0, of two places.
    """
    return Problem(
        pair_applicant=ints([0, 1, 2, 3, 0, 3]),
        pair_class=ints([0, 0, 0, 0, 1, 1]),
        pair_weight=ints([9, 8, 7, 6, 5, 4]),
        class_capacity=ints([2, 1]),
        applicant_signature=ints([0, 1, 1, 0]),
        applicant_lottery=ints([2, 0, 3, 1]),
        coef_row=ints([0, 1]),
        coef_signature=ints([1, 0]),
        coef_class=ints([0, 1]),
        coef_value=ints([3, 2]),
        row_low=ints([4, NO_LOW]),
        row_high=ints([NO_HIGH, 1]),
        row_penalty=ints([10, 20]),
        row_tier=ints([0, 1]),
        row_label=np.array(["floor", "ceiling"]),
        pair_lock=ints([0, 1, 0, -1, 0, 0]),
        class_group=ints([0, 0]),
        group_capacity=ints([2]),
    )


def test_locked_pairs_are_given_and_neither_they_nor_the_forbidden_are_seen() -> None:
    stated = state(sample())
    assert stated.given.tolist() == [1]
    # pair 1 is locked, 3 forbidden; applicant 1 has no other; 0, 2, 4, 5 are left
    assert stated.pairs(np.arange(stated.programme.applicant.size)).tolist() == [0, 2, 4, 5]
    assert stated.programme.value.tolist() == [9, 7, 5, 4]
    assert stated.programme.group.tolist() == [0, 0, 1, 1]


def test_a_locked_applicant_is_not_seen_elsewhere() -> None:
    # applicant 0 is locked in class 1: his pair in class 0 is not free any more
    stated = state(replace(sample(), pair_lock=ints([0, 0, 0, 0, 1, 0])))
    assert stated.pairs(np.arange(stated.programme.applicant.size)).tolist() == [1, 2, 3, 5]


def test_applicants_go_by_their_lottery_number() -> None:
    assert state(sample()).programme.applicant.tolist() == [2, 3, 2, 1]  # of applicants 0, 2, 0, 3


def test_a_lock_takes_its_place_and_what_it_counts() -> None:
    programme = state(sample()).programme
    assert programme.capacity.tolist() == [1, 1]
    # the floor of 4 has 3 from the lock: 1 is left; the group's two places: one is left
    assert programme.row_low.tolist() == [1, -np.inf, -np.inf]
    assert programme.row_high.tolist() == [np.inf, 1, 1]


def test_groups_are_hard_rows_that_count_every_pair_of_their_classes() -> None:
    programme = state(replace(sample(), class_group=ints([0, -1]), pair_lock=None)).programme
    assert programme.row_penalty.tolist() == [10, 20, np.inf]
    assert programme.row_high[2] == 2
    counted = programme.effects[programme.cell].toarray()
    # pairs in class order, as given: signatures 0 1 1 0 in class 0, then 0 0 in class 1
    assert counted.tolist() == [[0, 0, 1], [3, 0, 1], [3, 0, 1], [0, 0, 1], [0, 2, 0], [0, 2, 0]]


def test_pairs_out_of_class_order_are_put_in_it_and_found_again() -> None:
    other = ints([4, 0, 5, 1, 2, 3])  # positions of the pairs of the sample
    problem = sample()
    mixed = replace(
        problem,
        pair_applicant=problem.pair_applicant[other],
        pair_class=problem.pair_class[other],
        pair_weight=problem.pair_weight[other],
        pair_lock=None,
    )
    stated = state(mixed)
    assert stated.programme.group.tolist() == [0, 0, 0, 0, 1, 1]
    assert stated.programme.value.tolist() == [9, 8, 7, 6, 5, 4]
    assert stated.pairs(ints([0, 4])).tolist() == [1, 0]
    assert stated.positions(ints([1, 0, 2]), 6).tolist() == [0, 4, 5]


def test_what_is_not_in_the_programme_is_left_out_of_a_pool() -> None:
    assert state(sample()).positions(ints([0, 1, 3, 5]), 6).tolist() == [0, 3]


def test_an_answer_is_worth_in_the_programme_what_it_is_worth_in_the_problem_less_the_locks() -> None:
    for seed in range(60):
        problem = tiny_with_all(seed)
        stated, tried = state(problem), every(problem)
        given = int(problem.pair_weight[stated.given].sum())
        draw = np.random.default_rng(seed)
        for at in draw.integers(0, len(tried.answers), 5).tolist():
            held = np.flatnonzero(tried.answers[at][problem.pair_applicant] == problem.pair_class)
            chosen = stated.positions(np.setdiff1d(held, stated.given), problem.pairs)
            assert worth(stated.programme, chosen) + given == tried.objective[at], f"seed {seed}, answer {at}"
