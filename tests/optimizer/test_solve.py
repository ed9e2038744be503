"""The solver against every answer, against scipy, and against itself on reordered input."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from tiny_problems import (
    classes_of,
    hold_to_every_answer,
    hold_to_objective,
    ints,
    permuted,
    renumbered,
    tiny,
    tiny_with_all,
)

from optimizer import NO_HIGH, Problem, solve
from optimizer.gains import gain_if_relaxed


@pytest.mark.parametrize("block", range(10))
def test_answer_is_the_best_of_all_answers_then_fullest_then_lowest_in_the_lottery(block: int) -> None:
    for seed in range(25 * block, 25 * (block + 1)):
        hold_to_every_answer(tiny(seed), solve(tiny(seed)), f"tiny({seed})")


@pytest.mark.parametrize("block", range(5))
def test_the_best_answer_is_found_with_locks_and_groups_and_scales(block: int) -> None:
    for seed in range(30 * block, 30 * (block + 1)):
        hold_to_every_answer(tiny_with_all(seed), solve(tiny_with_all(seed)), f"tiny_with_all({seed})")


def test_where_many_are_worth_the_same_the_lottery_decides_and_rows_are_kept() -> None:
    for seed in range(100):
        hold_to_every_answer(
            tiny(seed, most_weight=2), solve(tiny(seed, most_weight=2)), f"tiny({seed}, most_weight=2)"
        )


def test_without_rows_every_vacancy_has_the_lowest_number_it_can() -> None:
    for seed in range(60):
        problem = tiny(seed, rows=False, most_weight=3)
        hold_to_every_answer(problem, solve(problem), f"tiny({seed}, rows=False, most_weight=3)")


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_the_best_answer_is_found_on_thousands(block: int) -> None:
    for seed in range(10_000 + 500 * block, 10_000 + 500 * (block + 1)):
        for problem in (tiny(seed), tiny(seed, most_weight=2), tiny_with_all(seed)):
            hold_to_every_answer(problem, solve(problem), f"seed {seed}")


@pytest.mark.parametrize("seed", range(10))
def test_without_rows_the_weight_is_that_of_a_linear_sum_assignment(seed: int) -> None:
    draw = np.random.default_rng(seed)
    table = np.where(draw.random((12, 40)) < 0.6, draw.integers(1, 1000, (12, 40)), 0)
    pair_class, pair_applicant = np.nonzero(table)
    problem = Problem(
        pair_applicant=ints(pair_applicant),
        pair_class=ints(pair_class),
        pair_weight=ints(table[pair_class, pair_applicant]),
        class_capacity=ints(np.ones(12)),
        applicant_signature=ints(np.zeros(40)),
        applicant_lottery=ints(draw.permutation(40)),
    )
    answer = solve(problem)
    assert answer.weight == table[linear_sum_assignment(table, maximize=True)].sum()
    assert answer.gap == 0
    assert answer.proved_by == "lp"


def four_equal_applicants() -> Problem:
    """Two vacancies of one class, four applicants of weight 10 with lottery numbers 2, 0, 3, 1."""
    return Problem(
        pair_applicant=ints([0, 1, 2, 3]),
        pair_class=ints([0, 0, 0, 0]),
        pair_weight=ints([10, 10, 10, 10]),
        class_capacity=ints([2]),
        applicant_signature=ints([0, 0, 1, 1]),
        applicant_lottery=ints([2, 0, 3, 1]),
    )


def test_equal_weights_are_decided_by_the_lottery() -> None:
    # lottery numbers 0 and 1 are held by applicants 1 and 3, in that order
    assert solve(four_equal_applicants()).pair.tolist() == [1, 3]


def test_a_floor_prevails_over_the_lottery_and_its_price_is_what_it_costs() -> None:
    # at least two of signature 1: applicants 3 and 2; weights fall to 10 + 4, a third one is not there
    floor = replace(
        four_equal_applicants(),
        pair_weight=ints([10, 10, 4, 10]),
        coef_row=ints([0]),
        coef_signature=ints([1]),
        coef_class=ints([0]),
        coef_value=ints([1]),
        row_low=ints([2]),
        row_high=ints([NO_HIGH]),
        row_penalty=ints([100]),
        row_tier=ints([0]),
        row_label=np.array(["welcome"]),
    )
    answer = solve(floor)
    assert answer.pair.tolist() == [3, 2]
    assert answer.objective == 14
    assert 6 <= answer.prices[0] <= 100  # any of these is a price; one place less brings 20 − 14
    assert gain_if_relaxed(floor, answer, 0) == 6
    cheaper = solve(replace(floor, row_penalty=ints([5])))  # a place short costs 5, less than 6
    assert (cheaper.pair.tolist(), cheaper.objective, cheaper.shortfall.tolist()) == ([1, 3], 15, [1])
    assert cheaper.prices.tolist() == [5.0]
    assert gain_if_relaxed(replace(floor, row_penalty=ints([5])), cheaper, 0) == 5


def test_the_order_of_pairs_and_the_numbers_of_applicants_change_nothing() -> None:
    for seed in range(40):
        problem = tiny(seed)
        expected = classes_of(problem, solve(problem).pair)
        shuffled = permuted(problem, seed)
        assert np.array_equal(classes_of(shuffled, solve(shuffled).pair), expected), f"seed {seed}"
        other, new = renumbered(problem, seed)
        assert np.array_equal(classes_of(other, solve(other).pair)[new], expected), f"seed {seed}"


def weekly(seed: int, rows: int) -> Problem:
    """Return a sitting of 20 vacancies, 800 applicants and points that depend on the applicant only."""
    draw = np.random.default_rng(seed)
    pair_class, pair_applicant = np.nonzero(draw.random((20, 800)) < 0.1)
    points = draw.integers(0, 120, 800)
    coef = np.array(
        [(r, s, c) for r in range(rows) for s in (r % 3, 3) for c in range(r % 4, 20, 4)]
    ).reshape(-1, 3)
    return Problem(
        pair_applicant=ints(pair_applicant),
        pair_class=ints(pair_class),
        pair_weight=ints(points[pair_applicant]),
        class_capacity=ints(np.ones(20)),
        applicant_signature=ints(draw.integers(0, 8, 800)),
        applicant_lottery=ints(draw.permutation(800)),
        coef_row=ints(coef[:, 0]),
        coef_signature=ints(coef[:, 1]),
        coef_class=ints(coef[:, 2]),
        coef_value=ints(np.ones(len(coef))),
        row_low=ints(np.full(rows, 2)),
        row_high=ints(np.full(rows, NO_HIGH)),
        row_penalty=ints(np.full(rows, 300)),
        row_tier=ints(np.zeros(rows)),
        row_label=np.array([f"row {r}" for r in range(rows)], dtype="<U8"),
    )


def test_a_gap_gives_an_answer_within_it_of_the_best() -> None:
    for seed in range(40):
        for problem in (tiny(seed, most_weight=100), tiny_with_all(seed)):
            for gap in (0.01, 0.2, 0.9):
                answer = solve(problem, gap=gap)
                hold_to_objective(problem, answer, f"{seed}, gap {gap}", within=gap)
                assert answer.certified == (answer.gap <= gap)


def test_a_start_from_another_answer_changes_nothing_of_the_answer() -> None:
    # last week's weights and limits differ, pairs and rows are the same; then the very same problem again
    for seed in range(25):
        problem = tiny_with_all(seed)
        draw = np.random.default_rng(seed)
        last_week = replace(
            problem,
            pair_weight=ints(draw.integers(0, 6, problem.pairs)),
            row_penalty=ints(draw.integers(0, 9, problem.rows)),
            pair_lock=None,
        )
        cold = solve(problem)
        for start in (solve(last_week).start, cold.start, solve(problem, lottery=False).start):
            warm = solve(problem, start=start)
            hold_to_every_answer(problem, warm, f"tiny_with_all({seed}) from a start")
            assert warm.bound == cold.bound, f"seed {seed}"


def test_any_prices_to_start_from_change_nothing_of_the_answer() -> None:
    for seed in range(25):
        problem = tiny_with_all(seed)
        cold, draw = solve(problem), np.random.default_rng(seed)
        for scale in (0.5, 5.0, 1e6):
            given = dict(zip(problem.row_label.tolist(), scale * draw.random(problem.rows), strict=True))
            warm = solve(problem, prices=given)
            hold_to_every_answer(problem, warm, f"tiny_with_all({seed}) from {given}")
            assert warm.bound == cold.bound, f"seed {seed}"


def test_whatever_the_limit_of_time_the_answer_is_verified() -> None:
    for seed in range(25):
        problem = tiny_with_all(seed)
        best = solve(problem)
        for seconds in (0.0, 1e-4, 2e-3, 10.0):
            answer = solve(problem, time_limit=seconds)
            hold_to_objective(problem, answer, f"tiny_with_all({seed}), {seconds} s", within=np.inf)
            assert not (answer.stopped and answer.gap == 0)
            if seconds == 10.0:
                assert np.array_equal(answer.pair, best.pair)


def everything(problem: Problem) -> tuple[object, ...]:
    answer = solve(problem)
    kept = {name: value for name, value in vars(answer).items() if name != "start"}
    return tuple(v.tobytes() if isinstance(v, np.ndarray) else v for v in kept.values())


def test_the_same_input_gives_the_same_bytes() -> None:
    for rows in (0, 8):
        problem = weekly(3, rows)
        assert everything(problem) == everything(problem)
        assert solve(problem).gap == 0


def test_a_row_without_coefficients_changes_nothing_of_the_assignment() -> None:
    problem = weekly(5, 0)
    idle = replace(
        problem,
        row_low=ints([0]),
        row_high=ints([NO_HIGH]),
        row_penalty=ints([300]),
        row_tier=ints([0]),
        row_label=np.array(["idle"]),
    )
    assert np.array_equal(solve(problem).pair, solve(idle).pair)


def test_earlier_prices_do_not_change_the_worth_nor_the_lottery() -> None:
    problem = weekly(7, 8)
    cold = solve(problem)
    warm = solve(problem, prices=dict(zip(problem.row_label.tolist(), cold.prices.tolist(), strict=True)))
    assert np.array_equal(cold.pair, warm.pair)
    assert (cold.objective, cold.bound) == (warm.objective, warm.bound)
    with pytest.raises(ValueError, match="prix de lignes inconnues : rwo 1"):
        solve(problem, prices={"rwo 1": 3.0})


def test_nobody_and_nowhere_are_answered_too() -> None:
    nothing = Problem(*(ints([]) for _ in range(6)))
    assert solve(nothing).pair.size == 0
    closed = replace(four_equal_applicants(), class_capacity=ints([0]))
    assert (solve(closed).fill, solve(closed).objective) == (0, 0)


def test_a_price_is_never_less_than_the_gain_of_relaxing_the_row_when_the_prices_prove_the_answer() -> None:
    for seed in range(60):
        problem = tiny(seed)
        answer = solve(problem)
        if answer.proved_by == "lp":
            for row in range(problem.rows):
                gain = gain_if_relaxed(problem, answer, row)
                # the bound is rounded down: it may hide less than one unit of the mix
                assert 0 <= gain < answer.prices[row] + 1, f"seed {seed}, row {row}"
