"""What must hold of any problem: who cannot matter does not, more room never hurts, limits are limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tiny_problems import classes_of, ints, permuted, renumbered, tiny, tiny_with_all

from optimizer import NO_HIGH, NO_LOW, Problem, solve
from optimizer.lexicographic import solve_in_stages

SEEDS = st.integers(0, 10**9)
SOLVERS = pytest.mark.parametrize("solver", [solve, solve_in_stages])
FEW = settings(max_examples=20, deadline=None)


def any_problem(seed: int) -> Problem:
    return tiny_with_all(seed) if seed % 2 else tiny(seed)


def keep_pairs(problem: Problem, kept: np.ndarray) -> Problem:
    """Return a problem with some of its pairs only; nobody changes number, in the lottery or elsewhere."""
    return replace(
        problem,
        pair_applicant=problem.pair_applicant[kept],
        pair_class=problem.pair_class[kept],
        pair_weight=problem.pair_weight[kept],
        pair_lock=None if problem.pair_lock is None else problem.pair_lock[kept],
    )


@SOLVERS
@FEW
@given(SEEDS)
def test_an_applicant_who_is_not_placed_may_be_removed(solver: object, seed: int) -> None:
    assert callable(solver)
    problem = any_problem(seed)
    answer = solver(problem)
    where = classes_of(problem, answer.pair)
    left = np.flatnonzero(where < 0)
    assume(left.size)
    gone = int(left[seed % left.size])
    fewer = keep_pairs(problem, problem.pair_applicant != gone)
    again = solver(fewer)
    assert np.array_equal(classes_of(fewer, again.pair), where)
    assert (again.objective, again.fill) == (answer.objective, answer.fill)


@SOLVERS
@FEW
@given(SEEDS)
def test_a_pair_that_is_not_chosen_may_be_removed(solver: object, seed: int) -> None:
    assert callable(solver)
    problem = any_problem(seed)
    answer = solver(problem)
    spare = np.setdiff1d(np.arange(problem.pairs), answer.pair)
    assume(spare.size)
    fewer = keep_pairs(problem, np.arange(problem.pairs) != spare[seed % spare.size])
    assert np.array_equal(classes_of(fewer, solver(fewer).pair), classes_of(problem, answer.pair))


@FEW
@given(SEEDS, st.integers(1, 4))
def test_a_row_relaxed_never_hurts(seed: int, by: int) -> None:
    problem = any_problem(seed)
    assume(problem.rows)
    row = seed % problem.rows
    low, high = problem.row_low.copy(), problem.row_high.copy()
    low[row] -= by * (low[row] != NO_LOW)
    high[row] += by * (high[row] != NO_HIGH)
    before, after = solve(problem), solve(replace(problem, row_low=low, row_high=high))
    assert after.objective >= before.objective
    assert after.objective <= before.objective + by * int(problem.row_penalty[row])


@FEW
@given(SEEDS, st.integers(1, 4))
def test_a_row_relaxed_never_hurts_the_stages(seed: int, by: int) -> None:
    problem = any_problem(seed)
    assume(problem.rows)
    row = seed % problem.rows
    low = problem.row_low.copy()
    low[row] -= by * (low[row] != NO_LOW)

    def reached(asked: Problem) -> list[int]:
        """Return fill, then what legal rows, then what targets are short of, less being better."""
        stages = solve_in_stages(asked).stages
        return [-stages[0].objective, stages[1].objective, stages[2].objective]

    assert reached(replace(problem, row_low=low)) <= reached(problem)


@FEW
@given(SEEDS, st.integers(1, 50))
def test_a_place_more_never_hurts_where_nothing_is_counted(seed: int, places: int) -> None:
    problem = tiny(seed, rows=False)
    capacity = problem.class_capacity.copy()
    capacity[seed % problem.classes] += places
    before, after = solve(problem), solve(replace(problem, class_capacity=capacity))
    assert (after.objective, after.fill) >= (before.objective, before.fill)


@FEW
@given(SEEDS, st.integers(1, 1000))
def test_a_uniform_shift_of_weights_keeps_the_assignment_at_equal_fill(seed: int, shift: int) -> None:
    problem = any_problem(seed)
    shifted = replace(problem, pair_weight=problem.pair_weight + shift)
    before, after = solve(problem), solve(shifted)
    assert after.fill >= before.fill  # each place is worth more than it was
    if after.fill == before.fill:
        assert np.array_equal(classes_of(problem, after.pair), classes_of(problem, before.pair))
        assert after.objective == before.objective + shift * before.fill


@FEW
@given(SEEDS, st.integers(1, 1000))
@example(40_800_955, 134)
def test_a_uniform_shift_of_weights_changes_nothing_in_stages(seed: int, shift: int) -> None:
    problem = any_problem(seed)
    before = solve_in_stages(problem)
    after = solve_in_stages(replace(problem, pair_weight=problem.pair_weight + shift))
    assert np.array_equal(classes_of(problem, after.pair), classes_of(problem, before.pair))


@SOLVERS
@FEW
@given(SEEDS)
def test_nobody_twice_no_class_or_group_over_its_places_locked_given_forbidden_not(
    solver: object, seed: int
) -> None:
    assert callable(solver)
    problem = tiny_with_all(seed)
    pair = solver(problem).pair
    applicant, place = problem.pair_applicant[pair], problem.pair_class[pair]
    assert np.unique(applicant).size == applicant.size
    assert np.all(np.bincount(place, minlength=problem.classes) <= problem.class_capacity)
    for g, places in enumerate(problem.group_capacity.tolist()):
        assert np.count_nonzero(problem.group[place] == g) <= places
    assert not np.any(problem.lock[pair] == -1)
    assert set(np.flatnonzero(problem.lock == 1).tolist()) <= set(pair.tolist())


@SOLVERS
@FEW
@given(SEEDS)
def test_nobody_left_out_weighs_more_than_one_of_the_same_signature_placed_where_both_fit(
    solver: object, seed: int
) -> None:
    assert callable(solver)
    problem = any_problem(seed)
    pair = solver(problem).pair
    out = classes_of(problem, pair) < 0
    for placed in pair[problem.lock[pair] == 0].tolist():
        who, where = problem.pair_applicant[placed], problem.pair_class[placed]
        able = np.flatnonzero((problem.pair_class == where) & (problem.lock == 0))
        for other in able[out[problem.pair_applicant[able]]].tolist():
            rival = problem.pair_applicant[other]
            if problem.applicant_signature[rival] == problem.applicant_signature[who]:
                # the two could change places and no row or group would count otherwise
                mine = (problem.pair_weight[placed], -problem.applicant_lottery[who])
                assert mine > (problem.pair_weight[other], -problem.applicant_lottery[rival])


@SOLVERS
@FEW
@given(SEEDS)
def test_a_forbidden_pair_is_as_one_that_does_not_exist(solver: object, seed: int) -> None:
    assert callable(solver)
    problem = tiny_with_all(seed)
    fewer = keep_pairs(problem, problem.lock != -1)
    assert np.array_equal(classes_of(fewer, solver(fewer).pair), classes_of(problem, solver(problem).pair))


@SOLVERS
@FEW
@given(SEEDS)
def test_locking_what_was_chosen_changes_nothing(solver: object, seed: int) -> None:
    assert callable(solver)
    problem = tiny_with_all(seed)
    answer = solver(problem)
    assume(answer.pair.size)
    lock = problem.lock.copy()
    lock[answer.pair[seed % answer.pair.size]] = 1
    again = solver(replace(problem, pair_lock=lock))
    assert np.array_equal(again.pair, answer.pair)
    assert again.objective == answer.objective


@FEW
@given(SEEDS)
def test_groups_as_wide_as_their_classes_change_nothing(seed: int) -> None:
    problem = tiny(seed)
    group = ints(np.arange(problem.classes) % 2)
    places = ints([problem.class_capacity[group == g].sum() for g in (0, 1)])
    grouped = replace(problem, class_group=group, group_capacity=places)
    assert np.array_equal(solve(grouped).pair, solve(problem).pair)


@SOLVERS
@FEW
@given(SEEDS)
def test_the_order_of_pairs_and_the_numbers_of_applicants_change_nothing(solver: object, seed: int) -> None:
    assert callable(solver)
    problem = any_problem(seed)
    expected = classes_of(problem, solver(problem).pair)
    shuffled = permuted(problem, seed)
    other, new = renumbered(shuffled, seed)
    assert np.array_equal(classes_of(shuffled, solver(shuffled).pair), expected)
    assert np.array_equal(classes_of(other, solver(other).pair)[new], expected)


@SOLVERS
@FEW
@given(SEEDS)
def test_signatures_are_names_only(solver: object, seed: int) -> None:
    assert callable(solver)
    problem = any_problem(seed)
    renamed = ints(np.random.default_rng(seed).permutation(5)[:3]) * 2**40 - 2**41
    other = replace(
        problem,
        applicant_signature=renamed[problem.applicant_signature],
        coef_signature=renamed[problem.coef_signature],
    )
    assert np.array_equal(solver(other).pair, solver(problem).pair)


@SOLVERS
def test_no_place_no_pair_nobody_is_answered(solver: object) -> None:
    assert callable(solver)
    for seed in range(20):
        problem = tiny(seed)
        closed = replace(problem, class_capacity=ints([0] * problem.classes))
        alone = keep_pairs(problem, np.zeros(problem.pairs, dtype=bool))
        for empty in (closed, alone):
            answer = solver(empty)
            assert (answer.pair.size, answer.fill, answer.weight) == (0, 0, 0)
            # rows are short of what their floors ask, and nothing can be done about it
            low, high = problem.row_low, problem.row_high
            short = np.where(low == NO_LOW, 0, np.maximum(low, 0))
            short = np.maximum(short, np.where(high == NO_HIGH, 0, np.maximum(-high, 0)))
            assert np.array_equal(answer.shortfall, short)
            assert answer.gap == 0
    nothing = solver(Problem(*(ints([]) for _ in range(6))))
    assert (nothing.pair.size, nothing.objective, nothing.bound) == (0, 0, 0)
