"""Reasons by hand, and against every answer of the problem without the rows they name."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from bench_modules import load
from tiny_problems import every, ints, tiny

from optimizer import NO_HIGH, NO_LOW, Answer, Problem, solve
from optimizer.lexicographic import solve_in_stages
from optimizer.lists import complete
from optimizer.passed_over import envy, passed_over
from optimizer.reasons import KINDS, Reason, Reasons, again, without


def welcome(
    weights: list[int], signatures: list[int], *floors: tuple[int, int], capacity: int = 2
) -> Problem:
    """Return one class; row r asks for floors[r][1] applicants of signature floors[r][0]."""
    size, rows = len(weights), len(floors)
    return Problem(
        pair_applicant=np.arange(size),
        pair_class=np.zeros(size, dtype=np.int64),
        pair_weight=ints(weights),
        class_capacity=ints([capacity]),
        applicant_signature=ints(signatures),
        applicant_lottery=np.arange(size),
        coef_row=np.arange(rows),
        coef_signature=ints([signature for signature, _ in floors]),
        coef_class=np.zeros(rows, dtype=np.int64),
        coef_value=np.ones(rows, dtype=np.int64),
        row_low=ints([floor for _, floor in floors]),
        row_high=np.full(rows, NO_HIGH),
        row_penalty=np.full(rows, 100),
        row_tier=np.zeros(rows, dtype=np.int64),
        row_label=np.array([f"accueil {row + 1}" for row in range(rows)], dtype="<U10"),
    )


def told(reasons: tuple[Reason, ...]) -> list[tuple[int, str, tuple[int, ...]]]:
    return [(reason.applicant, reason.kind, reason.rows) for reason in reasons]


def test_the_row_that_gave_the_place_is_named_for_the_next_one_and_others_come_before_the_rest() -> None:
    # two places, one owed to signature 1: 10 and 4 are placed. Without the row 9 is; 8 still comes after it
    problem = welcome([10, 9, 8, 4, 3], [0, 0, 0, 1, 1], (1, 1))
    answer = solve(problem)
    assert answer.pair.tolist() == [0, 3]
    reasons = Reasons(problem, answer).of(0)
    assert told(reasons) == [(1, "row", (0,)), (2, "others", (0,))]
    assert reasons[0].where == (0,)
    assert [reason.sentence for reason in reasons] == [
        "serait présentée sans la ligne « accueil 1 »",
        "même sans « accueil 1 », des demandes au moins aussi bien cotées passeraient avant",
    ]
    assert all(reason.confirmed for reason in reasons)


def test_two_rows_that_ask_for_the_same_are_named_together() -> None:
    # each of them alone keeps the place for signature 1
    problem = welcome([10, 9, 4], [0, 0, 1], (1, 1), (1, 1))
    (reason,) = Reasons(problem, solve(problem)).of(0)
    assert (reason.applicant, reason.kind, set(reason.rows)) == (1, "rows", {0, 1})
    assert "ensemble" in reason.sentence


def test_rows_of_two_publics_that_each_give_a_place_are_named_as_far_as_needed() -> None:
    # three places: one each to signatures 1 and 2, the third to 10. The last one is 3, of signature 2;
    # without « accueil 2 » comes 9, and the last one is 4, of signature 1; 8 comes when both are left out
    problem = welcome([10, 9, 8, 4, 3], [0, 0, 0, 1, 2], (1, 1), (2, 1), capacity=3)
    answer = solve(problem)
    assert answer.pair.tolist() == [0, 3, 4]
    assert told(Reasons(problem, answer).of(0)) == [(1, "row", (1,)), (2, "rows", (1, 0))]


def test_somebody_placed_elsewhere_is_said_to_be_and_where() -> None:
    # class 1 gives applicant 0 more: 9 + 7 against 10 + 5 + …; he is above 7, who has class 0
    problem = Problem(
        pair_applicant=ints([0, 1, 0]),
        pair_class=ints([0, 0, 1]),
        pair_weight=ints([9, 7, 8]),
        class_capacity=ints([1, 1]),
        applicant_signature=ints([0, 0]),
        applicant_lottery=ints([0, 1]),
    )
    answer = solve(problem)
    assert answer.pair.tolist() == [1, 2]
    (reason,) = Reasons(problem, answer).of(0)
    assert (reason.applicant, reason.kind, reason.where, reason.rows) == (0, "outbid", (1,), ())
    assert Reasons(problem, answer).of(1) == ()


def test_a_lock_is_a_reason_and_nobody_is_compared_with_who_is_given_a_place() -> None:
    problem = welcome([10, 9, 4], [0, 0, 1])
    forbidden = replace(problem, pair_lock=ints([-1, 0, 0]))
    assert told(Reasons(forbidden, solve(forbidden)).of(0)) == [(0, "lock", ())]
    given = replace(problem, pair_lock=ints([0, 0, 1]))
    answer = solve(given)
    assert answer.pair.tolist() == [0, 2]
    assert Reasons(given, answer).of(0) == ()  # 9 is below 10, and 4 was given


def test_who_is_on_a_list_of_the_class_was_not_passed_over_and_who_is_on_enough_lists_is_told_so() -> None:
    # the row gives class 0 to 4 of signature 1. Second names: same signature first, that nobody has, then the
    # best: 9 on the list of class 0, 8 there too when three names are wanted
    problem = welcome([9, 8, 7, 4], [0, 0, 0, 1], (1, 1), capacity=1)
    answer = solve(problem)
    assert answer.pair.tolist() == [3]
    lists = complete(problem, answer, 2)
    assert lists.tolist() == [[[3, 0]]]
    reasons = Reasons(problem, answer, lists=lists).of(0)
    # without the row 9 is first and 8 second: 8 would be presented; 7 would not
    assert told(reasons) == [(1, "row", (0,)), (2, "others", (0,))]
    assert reasons[0].where == (0,)
    # class 1 takes 8 as second name: he may stand on one list
    wide = Problem(
        pair_applicant=ints([0, 1, 3, 1, 4]),
        pair_class=ints([0, 0, 0, 1, 1]),
        pair_weight=ints([9, 8, 4, 5, 30]),
        class_capacity=ints([1, 1]),
        applicant_signature=ints([0, 0, 0, 1, 0]),
        applicant_lottery=ints([0, 1, 2, 3, 4]),
        coef_row=ints([0]),
        coef_signature=ints([1]),
        coef_class=ints([0]),
        coef_value=ints([1]),
        row_low=ints([1]),
        row_high=ints([NO_HIGH]),
        row_penalty=ints([100]),
        row_tier=ints([0]),
        row_label=np.array(["accueil"]),
        applicant_lists=ints([1, 1, 1, 1, 1]),
    )
    answer = solve(wide)
    lists = complete(wide, answer, 2, 1)
    assert lists.tolist() == [[[2, 0]], [[4, 3]]]
    assert told(Reasons(wide, answer, lists=lists).of(0)) == [(1, "lists", ())]


def test_five_a_class_are_asked_about_and_the_rest_is_said_to_be_unconfirmed() -> None:
    problem = welcome([10, 9, 9, 8, 8, 7, 7, 6, 4], [0] * 8 + [1], (1, 1))
    answer = solve(problem)
    solved: list[Problem] = []

    def counted(problem: Problem) -> Any:
        solved.append(problem)
        return again(answer)(problem)

    reasons = Reasons(problem, answer, solver=counted)
    kinds = [reason.kind for reason in reasons.of(0)]
    assert kinds == ["row", "others", "others", "others", "others", "unconfirmed", "unconfirmed"]
    assert len(solved) == 1  # one row, left out once
    assert reasons.of(0)[-1].rows == (0,)
    assert not reasons.of(0)[-1].confirmed
    assert reasons.of(0)[-1].sentence == "ligne « accueil 1 » d'après les prix, non confirmé"
    assert [reason.kind for reason in Reasons(problem, answer).of(0, confirmed=0)] == ["unconfirmed"] * 7


def test_nobody_is_confirmed_by_more_problems_than_are_allowed() -> None:
    # 8 needs both rows left out, after the one that 9 needs: a third problem
    problem = welcome([10, 9, 8, 4, 3], [0, 0, 0, 1, 2], (1, 1), (2, 1), capacity=3)
    reasons = Reasons(problem, solve(problem))
    assert [reason.kind for reason in reasons.of(0, solved=0)] == ["unconfirmed", "unconfirmed"]
    assert [reason.kind for reason in reasons.of(0, solved=1)] == ["row", "unconfirmed"]
    assert [reason.kind for reason in reasons.of(0)] == ["row", "rows"]
    assert [reason.kind for reason in reasons.of(0, solved=0)] == ["row", "rows"]  # all is known by now


def test_points_that_are_not_the_weights_may_have_no_row_to_answer_for_them() -> None:
    # by weight 10 and 9 are first; by points the third one is
    problem = welcome([10, 9, 4], [0, 0, 1])
    (reason,) = Reasons(problem, solve(problem), points=ints([1, 2, 3])).of(0)
    assert (reason.applicant, reason.kind, reason.confirmed) == (2, "unexplained", False)


def test_an_answer_in_stages_is_solved_again_in_stages() -> None:
    # a legal row far lighter than the weights still comes first, in stages; without it 900 is placed
    light = replace(welcome([1000, 900, 4], [0, 0, 1], (1, 1)), row_penalty=ints([1]))
    answer = solve_in_stages(light)
    assert answer.pair.tolist() == [0, 2]
    assert told(Reasons(light, answer).of(0)) == [(1, "row", (0,))]


def test_nothing_returned_holds_a_price_of_an_applicant() -> None:
    assert set(Reason.__dataclass_fields__) == {
        "pair",
        "applicant",
        "group",
        "kind",
        "rows",
        "labels",
        "where",
    }
    assert not any("écart" in text or "attribu" in text for text in KINDS.values())


def best_places(problem: Problem, applicant: int) -> set[int]:
    """Return the class of an applicant, -1 where not placed, in every best answer."""
    tried = every(problem)
    at = np.arange(len(tried.answers))
    for key in tried.weighted:
        at = at[key[at] == key[at].max()]
    return set(tried.answers[at, applicant].tolist())


def test_reasons_hold_against_every_answer_of_the_problem_without_the_rows() -> None:
    seen: Counter[str] = Counter()
    for seed in range(400):
        problem, answer = solved(seed)
        reasons = Reasons(problem, answer)
        for reason in [each for c in range(problem.classes) for each in reasons.of(c)]:
            seen[reason.kind] += 1
            case = f"seed {seed}, {reason}"
            rows, who = list(reason.rows), reason.applicant
            if reason.kind == "outbid":
                assert set(reason.where) <= best_places(problem, who), case
                continue
            assert -1 in best_places(problem, who), case
            if reason.kind in ("row", "rows"):
                assert set(reason.where) <= best_places(without(problem, rows), who), case
                for row in rows if reason.kind == "rows" else []:
                    fewer = [other for other in rows if other != row]
                    assert -1 in best_places(without(problem, fewer), who), case
            else:
                assert -1 in best_places(without(problem, rows), who), case
    assert seen["row"] > 20
    assert seen["rows"] > 3
    assert seen["others"] > 10


@cache
def solved(seed: int) -> tuple[Problem, Answer]:
    return tiny(seed), solve(tiny(seed))


def test_prices_that_prove_an_answer_point_at_a_row_for_everybody_passed_over() -> None:
    for seed in range(300):
        problem, answer = solved(seed)
        if answer.proved_by == "lp":
            assert "unexplained" not in passed_over(problem, answer).kind, f"seed {seed}"


def test_candidate_rows_are_those_of_a_slow_reading() -> None:
    module = load("instances")
    problem = module.instance(module.SIZES["S"])
    answer = solve(problem, trusted=True)
    effect = {
        (r, s, c): v
        for r, s, c, v in zip(
            problem.coef_row.tolist(),
            problem.coef_signature.tolist(),
            problem.coef_class.tolist(),
            problem.coef_value.tolist(),
            strict=True,
        )
    }
    found = passed_over(problem, answer)
    assert found.pair.size > 100
    place = {int(problem.pair_applicant[p]): int(problem.pair_class[p]) for p in answer.pair}
    for c in range(problem.classes):
        inside = [int(p) for p in answer.pair if problem.pair_class[p] == c]
        worst = min(
            inside,
            key=lambda p: (problem.pair_weight[p], -problem.applicant_lottery[problem.pair_applicant[p]]),
        )
        above = [
            int(p)
            for p in np.flatnonzero(problem.pair_class == c)
            if problem.pair_weight[p] > problem.pair_weight[worst] and p not in inside
        ]
        here = problem.pair_class[found.pair] == c
        assert sorted(above) == sorted(found.pair[here].tolist())
        assert np.all(np.diff(problem.pair_weight[found.pair[here]]) <= 0)
        assert set(found.last[here].tolist()) <= {worst}
    for pair, last, kind, row in zip(found.pair, found.last, found.kind, found.row, strict=True):
        his, its = (int(problem.applicant_signature[problem.pair_applicant[p]]) for p in (pair, last))
        c = int(problem.pair_class[pair])
        took = [
            int(answer.row_price[r]) * (effect.get((r, his, c), 0) - effect.get((r, its, c), 0))
            for r in range(problem.rows)
        ]
        assert row == (int(np.argmax(took)) if max(took) > 0 else -1)
        expected = "outbid" if int(problem.pair_applicant[pair]) in place else "unconfirmed"
        assert kind == expected


def test_envy_is_counted_as_a_slow_count_does() -> None:
    for seed in range(60):
        problem, answer = solved(seed)
        placed = {int(problem.pair_applicant[p]) for p in answer.pair}
        total = same = 0
        for p in range(problem.pairs):
            a = int(problem.pair_applicant[p])
            for q in answer.pair:
                b = int(problem.pair_applicant[q])
                if a not in placed and problem.pair_class[p] == problem.pair_class[q]:
                    more = problem.pair_weight[p] > problem.pair_weight[q]
                    total += more
                    same += more and problem.applicant_signature[a] == problem.applicant_signature[b]
        counted = envy(problem, answer)
        assert (counted.total, counted.same_signature) == (total, same), f"seed {seed}"


def test_nobody_is_passed_over_for_somebody_of_his_signature_at_the_optimum() -> None:
    for seed in range(300):
        assert envy(*solved(seed)).same_signature == 0, f"seed {seed}"
    module = load("instances")
    for seed in range(3):
        problem = module.instance(module.SIZES["S"], seed)
        for answer in (solve(problem, trusted=True), solve_in_stages(problem, trusted=True)):
            assert envy(problem, answer).same_signature == 0, f"S, seed {seed}"
            assert envy(problem, answer).total > 0


def test_without_rows_nobody_at_all_is_passed_over_but_by_being_placed_elsewhere() -> None:
    for seed in range(100):
        problem = tiny(seed, rows=False)
        answer = solve(problem)
        assert envy(problem, answer).total == 0, f"seed {seed}"
        assert set(passed_over(problem, answer).kind.tolist()) <= {"outbid"}


def test_a_row_left_out_keeps_the_shape_of_the_problem() -> None:
    problem = welcome([10, 9, 4], [0, 0, 1], (1, 1), (1, 1))
    fewer = without(problem, [1])
    assert fewer.row_low.tolist() == [1, NO_LOW]
    assert fewer.row_high.tolist() == [NO_HIGH, NO_HIGH]
    assert fewer.rows == problem.rows
