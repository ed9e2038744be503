"""Fill, then the law, then targets, then weight, then the lottery: against every answer, and by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tiny_problems import every, ints, tiny, tiny_with_all

from optimizer import NO_HIGH, Answer, Problem, lexicographic
from optimizer.lexicographic import Worths, solve_in_stages


def hold_to_every_answer(problem: Problem, said: str) -> None:
    """Compare who is where with the best of all answers, stage by stage; the message names the problem."""
    answer, tried = solve_in_stages(problem), every(problem)
    best = tried.best(tried.in_stages)
    assert tried.read(tried.in_stages, answer.pair) == best, said
    fill, legal, target, weight, lottery = best.keys
    told = {stage.name: stage.objective for stage in answer.stages}
    expected = {"fill": fill, "legal": -legal, "target": -target, "weight": weight, "lottery": -lottery}
    assert told == expected, said
    assert (answer.fill, answer.weight, answer.objective) == (fill, weight, weight), said
    for stage in answer.stages[:3]:  # each is reached, and nothing better is claimed to be possible
        assert (stage.bound, stage.gap) == (stage.objective, 0.0), said
    assert answer.bound >= weight, said
    if answer.certified:
        assert answer.bound == weight, said


@pytest.mark.parametrize("block", range(5))
def test_each_stage_reaches_its_best_given_those_before(block: int) -> None:
    for seed in range(20 * block, 20 * (block + 1)):
        hold_to_every_answer(tiny(seed), f"tiny({seed})")
        hold_to_every_answer(tiny_with_all(seed), f"tiny_with_all({seed})")


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_each_stage_reaches_its_best_on_thousands(block: int) -> None:
    for seed in range(10_000 + 300 * block, 10_000 + 300 * (block + 1)):
        hold_to_every_answer(tiny(seed, most_weight=3), f"tiny({seed}, most_weight=3)")
        hold_to_every_answer(tiny_with_all(seed), f"tiny_with_all({seed})")
        steep = tiny_with_all(seed, most_weight=10_000)
        hold_to_every_answer(steep, f"tiny_with_all({seed}, most_weight=10_000)")


def one_place_each(weights: list[int], **rows: object) -> Problem:
    """Return a problem of one vacancy that every applicant fits, each of a signature of his own."""
    count = len(weights)
    return Problem(
        pair_applicant=ints(range(count)),
        pair_class=ints([0] * count),
        pair_weight=ints(weights),
        class_capacity=ints([1]),
        applicant_signature=ints(range(count)),
        applicant_lottery=ints(range(count)),
        **rows,
    )


def floors(counts: list[tuple[int, int, int]], tiers: list[int], scales: list[int]) -> dict[str, object]:
    """Return rows that want at least their scale; counts are (row, signature, value), in class 0."""
    row, signature, value = zip(*counts, strict=True)
    count = len(tiers)
    return {
        "coef_row": ints(row),
        "coef_signature": ints(signature),
        "coef_class": ints([0] * len(row)),
        "coef_value": ints(value),
        "row_low": ints(scales),
        "row_high": ints([NO_HIGH] * count),
        "row_penalty": ints([0] * count),
        "row_tier": ints(tiers),
        "row_label": np.array([f"row {r}" for r in range(count)], dtype="<U8"),
        "row_scale": ints(scales),
    }


def test_a_place_filled_comes_before_any_weight() -> None:
    # applicant 0 weighs 100 in class 0; applicant 1, weight 0, fits class 0 alone: both are placed only when
    # applicant 0 goes to class 1, where he weighs 1
    problem = Problem(
        pair_applicant=ints([0, 0, 1]),
        pair_class=ints([0, 1, 0]),
        pair_weight=ints([100, 1, 0]),
        class_capacity=ints([1, 1]),
        applicant_signature=ints([0, 0]),
        applicant_lottery=ints([0, 1]),
    )
    answer = solve_in_stages(problem)
    assert sorted(answer.pair.tolist()) == [1, 2]
    assert [(stage.name, stage.objective) for stage in answer.stages] == [
        ("fill", 2),
        ("legal", 0),
        ("target", 0),
        ("weight", 1),
        ("lottery", 1),
    ]


def test_the_law_comes_before_targets_and_these_before_weight() -> None:
    # row 0, legal, wants applicant 0 (weight 1); row 1, a target, wants applicant 1 (weight 2); 2 weighs 9
    rows = floors([(0, 0, 1), (1, 1, 1)], tiers=[0, 1], scales=[1, 1])
    assert solve_in_stages(one_place_each([1, 2, 9], **rows)).pair.tolist() == [0]
    targets = {
        **rows,
        "row_tier": ints([1, 1]),
    }  # both are targets: one is missed, the heavier of the two goes
    assert solve_in_stages(one_place_each([1, 2, 9], **targets)).pair.tolist() == [1]
    without = {**rows, "coef_value": ints([0, 0])}  # nobody counts for a row: weight decides
    assert solve_in_stages(one_place_each([1, 2, 9], **without)).pair.tolist() == [2]


def test_what_rows_are_short_of_is_compared_in_a_common_unit() -> None:
    # row 0 counts units, row 1 hundredths; each wants one whole. Applicant 0 gives row 0 its unit, row 1 is
    # short of 100 hundredths; applicant 1 gives row 1 its 100, row 0 is short of 1 unit; applicant 2 gives
    # row 1 only 50. The lcm is 100: short of 100·1 with 0, of 1·100 with 1, of 50·1 + 1·100 with 2
    rows = floors([(0, 0, 1), (1, 1, 100), (1, 2, 50)], tiers=[0, 0], scales=[1, 100])
    for weights, chosen in (([5, 4, 9], 0), ([4, 5, 9], 1)):
        answer = solve_in_stages(one_place_each(weights, **rows))
        assert answer.pair.tolist() == [chosen]
        assert answer.stages[1].objective == 100
    # with 60 hundredths for row 1 and the unit of row 0, applicant 2 leaves 40 only
    rows = floors([(0, 0, 1), (1, 1, 100), (1, 2, 60), (0, 2, 1)], tiers=[0, 0], scales=[1, 100])
    answer = solve_in_stages(one_place_each([5, 4, 0], **rows))
    assert (answer.pair.tolist(), answer.stages[1].objective) == ([2], 40)


def test_scales_or_worths_that_cannot_be_counted_are_refused() -> None:
    # four primes near 2^20: their common unit is near 2^80, which 64 bits do not hold
    primes = [1_048_573, 1_048_571, 1_048_559, 1_048_549]
    rows = floors([(r, r, 1) for r in range(4)], tiers=[0] * 4, scales=primes)
    with pytest.raises(OverflowError, match="row_scale : multiple commun 12088658686045"):
        solve_in_stages(one_place_each([1, 2, 3, 4], **rows))
    # a legal row and a target that count in 2^20, and a weight of 2^24: each is to outweigh the one after
    rows = floors([(0, 0, 2**20), (1, 1, 2**20)], tiers=[0, 1], scales=[1, 1])
    with pytest.raises(OverflowError, match="trop pour être compté à l'unité"):
        solve_in_stages(one_place_each([2**24, 0], **rows))


def test_equal_answers_are_decided_by_the_lottery_in_stages_too() -> None:
    problem = one_place_each([3, 3, 3])
    assert solve_in_stages(problem).pair.tolist() == [0]
    other = replace(problem, applicant_lottery=ints([2, 1, 0]))
    assert solve_in_stages(other).pair.tolist() == [2]


def test_worths_too_small_at_first_are_raised_until_the_law_prevails() -> None:
    # the law wants 1 of row 0, which only costs weight: 30 pairs of weight 1000 hang on leaving it short.
    # Applicant 0 fits every class and is the only one who counts, in class 0, where a chain of exchanges
    # makes everyone else lose 1000
    count = 30
    shifted = [(a, a) for a in range(count)] + [(a, a + 1) for a in range(count - 1)] + [(count - 1, 0)]
    problem = Problem(
        pair_applicant=ints([a for a, _ in shifted]),
        pair_class=ints([c for _, c in shifted]),
        pair_weight=ints([0] * count + [1000] * count),
        class_capacity=ints([1] * count),
        applicant_signature=ints([1] + [0] * (count - 1)),
        applicant_lottery=ints(range(count)),
        coef_row=ints([0]),
        coef_signature=ints([1]),
        coef_class=ints([0]),
        coef_value=ints([1]),
        row_low=ints([1]),
        row_high=ints([NO_HIGH]),
        row_penalty=ints([0]),
        row_tier=ints([0]),
        row_label=np.array(["law"]),
    )
    # everyone at his own place: the law is met, weight 0; everyone one further: short by 1, weight 30,000
    answer = solve_in_stages(problem)
    assert [stage.objective for stage in answer.stages] == [count, 0, 0, 0, 435]  # 435 = 0 + 1 + … + 29
    assert answer.certified
    target = solve_in_stages(replace(problem, row_tier=ints([1])))
    assert np.array_equal(target.pair, answer.pair)


def test_whatever_the_first_worths_the_answer_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicographic, "_first_worths", lambda problem, units: Worths(1, 1, 1))
    for seed in range(50):
        hold_to_every_answer(tiny_with_all(seed), f"tiny_with_all({seed}) from worths of 1")


def test_prices_to_start_from_change_nothing_of_the_answer_in_stages() -> None:
    for seed in range(20):
        problem = tiny_with_all(seed)
        cold, draw = solve_in_stages(problem), np.random.default_rng(seed)
        given = dict(zip(problem.row_label.tolist(), 100 * draw.random(problem.rows), strict=True))
        warm = solve_in_stages(problem, prices=given)
        assert np.array_equal(warm.pair, cold.pair), f"seed {seed}, {given}"
        assert warm.stages == cold.stages, f"seed {seed}, {given}"


def hold_bounds(answer: Answer, found: tuple[int, ...], best: tuple[int, ...], said: str) -> None:
    """Check that no stage's bound excludes the best, given that the stages before it reach theirs."""
    for at, stage in enumerate(answer.stages[:4]):
        if stage.bound is None:
            assert (stage.gap, stage.proved_by) == (None, None), f"{said}, {stage}"
        elif found[:at] == best[:at]:
            bound = stage.bound if stage.name in ("fill", "weight") else -stage.bound
            assert bound >= best[at], f"{said}, {stage}"


def test_with_a_gap_no_stage_claims_what_is_not_so() -> None:
    for seed in range(40):
        problem = tiny_with_all(seed, most_weight=1000)
        tried = every(problem)
        best = tried.best(tried.in_stages).keys
        for gap in (0.05, 0.5):
            answer = solve_in_stages(problem, gap=gap)
            found, said = tried.read(tried.in_stages, answer.pair).keys, f"seed {seed}, gap {gap}"
            assert found, f"{said}: no answer that is allowed"
            hold_bounds(answer, found, best, said)
            if answer.certified:
                assert found[:3] == best[:3], said
                assert best[3] - found[3] <= gap * max(1, found[3]), said


def test_a_limit_of_time_gives_a_verified_answer_that_claims_no_more_than_is_known() -> None:
    unproved = 0
    for seed in range(30):
        problem = tiny_with_all(seed)
        tried = every(problem)
        best = tried.best(tried.in_stages).keys
        for seconds in (0.0, 1e-3, 3e-3):
            answer = solve_in_stages(problem, time_limit=seconds)
            found = tried.read(tried.in_stages, answer.pair).keys
            said = f"tiny_with_all({seed}), {seconds} s"
            assert found, f"{said}: not an answer"
            assert found <= best, said
            proofs = [stage.proved_by for stage in answer.stages[:4]]
            assert answer.certified == (proofs == ["lp"] * 4), said
            if None in proofs:  # not all was sought, and this is said
                assert answer.stopped, said
                unproved += 1
            if answer.certified:
                assert found[:4] == best[:4], said
            hold_bounds(answer, found, best, said)
    assert unproved
