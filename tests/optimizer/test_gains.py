"""The interval in which a row's price lies, by hand and against every answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tiny_problems import every_answer, ints, tiny

from optimizer import NO_HIGH, NO_LOW, Problem, solve
from optimizer.gains import gain_if_relaxed, loss_if_tightened, price_interval


def welcome(low: int, high: int) -> Problem:
    """Four vacancies of one class; six applicants of weights 9 8 7 6 2 1, the last two counted by a row."""
    return Problem(
        pair_applicant=ints(range(6)),
        pair_class=ints([0] * 6),
        pair_weight=ints([9, 8, 7, 6, 2, 1]),
        class_capacity=ints([4]),
        applicant_signature=ints([0, 0, 0, 0, 1, 1]),
        applicant_lottery=ints(range(6)),
        coef_row=ints([0]),
        coef_signature=ints([1]),
        coef_class=ints([0]),
        coef_value=ints([1]),
        row_low=ints([low]),
        row_high=ints([high]),
        row_penalty=ints([50]),
        row_tier=ints([0]),
        row_label=np.array(["accueil"]),
    )


def test_a_price_lies_between_what_a_unit_less_brings_and_a_unit_more_costs() -> None:
    # floor 1: 9 + 8 + 7 + 2 = 26; without it 30, four more; with two asked 9 + 8 + 2 + 1 = 20, six less
    problem = welcome(1, NO_HIGH)
    answer = solve(problem)
    assert answer.objective == 26
    assert price_interval(problem, answer, 0) == (4, 6)
    assert 4 <= answer.prices[0] <= 6


def test_beyond_reach_a_unit_is_worth_the_penalty_either_way() -> None:
    # a floor of 3 with two applicants: one short, 20 − 50; each unit of the floor is 50
    problem = welcome(3, NO_HIGH)
    answer = solve(problem)
    assert price_interval(problem, answer, 0) == (50, 50)


def test_a_window_of_one_number_moves_along() -> None:
    # exactly 1: the floor presses; exactly 2 costs six more, and 0 to 2 leaves 30
    problem = welcome(1, 1)
    answer = solve(problem)
    assert price_interval(problem, answer, 0) == (4, 6)
    # at most 0 of weights 12 and 11: the ceiling presses; 9 + 8 + 7 + 6 = 30, one of them brings 12 − 6,
    # and at most −1 is one short whatever is done
    dear = replace(welcome(NO_LOW, 0), pair_weight=ints([9, 8, 7, 6, 12, 11]))
    answer = solve(dear)
    assert answer.objective == 30
    assert price_interval(dear, answer, 0) == (6, 50)


def test_a_row_that_does_not_press_may_cost_nothing_more() -> None:
    # nobody asks for the counted ones and a ceiling of 2 is never reached: at most 1 changes nothing
    problem = welcome(NO_LOW, 2)
    assert price_interval(problem, solve(problem), 0) == (0, 0)


def test_prices_that_prove_an_answer_lie_in_the_interval() -> None:
    for seed in range(60):
        problem = tiny(seed)
        answer = solve(problem)
        if answer.proved_by == "lp":
            for row in range(problem.rows):
                gain, loss = price_interval(problem, answer, row)
                # the bound is rounded down: it may hide less than one unit of the mix
                assert gain - 1 < answer.prices[row] < loss + 1, f"seed {seed}, row {row}"


def test_the_interval_is_that_of_the_best_of_all_answers() -> None:
    for seed in range(40):
        problem = tiny(seed)
        answer = solve(problem)
        best = every_answer(problem)[1].max()
        for row in range(problem.rows):
            low, high = problem.row_low.copy(), problem.row_high.copy()
            low[row] -= low[row] != NO_LOW
            high[row] += high[row] != NO_HIGH
            relaxed = every_answer(replace(problem, row_low=low, row_high=high))[1].max()
            assert gain_if_relaxed(problem, answer, row) == relaxed - best, f"seed {seed}, row {row}"
            if problem.row_high[row] == NO_HIGH:
                low[row] = problem.row_low[row] + 1
                tighter = every_answer(replace(problem, row_low=low))[1].max()
                assert loss_if_tightened(problem, answer, row) == best - tighter, f"seed {seed}, row {row}"
