"""What an answer would be short of with another in a place: by hand, and counted anew pair by pair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tiny_problems import ints, tiny

from optimizer import NO_HIGH, NO_LOW, Problem, solve
from optimizer.exchanges import Exchanges
from optimizer.lexicographic import solve_in_stages
from optimizer.passed_over import passed_over


def short(problem: Problem, pairs: list[int]) -> list[int]:
    """Return how far each row is from its limits, one pair after the other."""
    found = []
    for row in range(problem.rows):
        total = 0
        for pair in pairs:
            signature = problem.applicant_signature[problem.pair_applicant[pair]]
            here = (
                (problem.coef_row == row)
                & (problem.coef_signature == signature)
                & (problem.coef_class == problem.pair_class[pair])
            )
            total += int(problem.coef_value[here].sum())
        low, high = int(problem.row_low[row]), int(problem.row_high[row])
        under, over = 0 if low == NO_LOW else low - total, 0 if high == NO_HIGH else total - high
        found.append(max(0, under, over))
    return found


def test_rows_that_would_be_shorter_are_those_of_the_first_tier_that_loses() -> None:
    compared = 0
    for seed in range(120):
        problem = tiny(seed)
        answer = solve(problem)
        exchanges, chosen = Exchanges(problem, answer), answer.pair.tolist()
        before = short(problem, chosen)
        for held in chosen:
            for pair in np.flatnonzero(problem.pair_class == problem.pair_class[held]).tolist():
                if pair in chosen:
                    continue
                after = short(problem, [other for other in chosen if other != held] + [pair])
                more = [b - a for a, b in zip(before, after, strict=True)]
                expected: list[int] = []
                for tier in (0, 1):
                    rows = [row for row in range(problem.rows) if problem.row_tier[row] == tier]
                    if sum(more[row] for row in rows) > 0:
                        expected = [row for row in rows if more[row] > 0]
                        break
                found = exchanges.shortest(pair, held)
                assert sorted(found) == expected, f"seed {seed}, pair {pair} in place of {held}"
                assert [more[row] for row in found] == sorted((more[row] for row in found), reverse=True)
                compared += bool(expected)
    assert compared > 50


def test_whoever_is_better_and_placed_nowhere_would_leave_a_row_shorter_in_any_best_answer() -> None:
    # Put in the place of one of fewer points, he would weigh more: the answer would not be the best.
    named = 0
    for seed in range(120):
        problem = replace(tiny(seed, most_weight=30), pair_lock=None)
        passed = passed_over(problem, solve_in_stages(problem))
        open_ = passed.kind != "outbid"
        assert (passed.row[open_] >= 0).all(), f"seed {seed}"
        named += int(open_.sum())
    assert named > 20


def test_a_second_name_is_compared_in_the_place_of_the_first() -> None:
    # One class, its floor of one of signature 1 met by applicant 0; in the place of 0, applicant 1 (also of
    # signature 1) leaves nothing short and 2 leaves one: the row puts 1 before 2.
    problem = Problem(
        pair_applicant=ints([0, 1, 2]),
        pair_class=ints([0, 0, 0]),
        pair_weight=ints([9, 4, 6]),
        class_capacity=ints([1]),
        applicant_signature=ints([1, 1, 0]),
        applicant_lottery=ints([0, 1, 2]),
        coef_row=ints([0]),
        coef_signature=ints([1]),
        coef_class=ints([0]),
        coef_value=ints([1]),
        row_low=ints([1]),
        row_high=ints([NO_HIGH]),
        row_penalty=ints([100]),
        row_tier=ints([1]),
        row_label=np.array(["accueil"]),
    )
    exchanges = Exchanges(problem, solve(problem))
    assert exchanges.shortest(2, 1, held=0) == [0]
    assert exchanges.shortest(1, 1, held=0) == []
    assert exchanges.serves_less(2, 1) == [0]
    assert exchanges.serves_less(1, 2) == []
