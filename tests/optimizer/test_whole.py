"""Whole answers: when no dive finds one, branch and bound does, and rounding never breaks a hard row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tiny_problems import every, hold_to_every_answer, ints, tiny, tiny_with_all

from optimizer import Problem, relaxation, solve, whole
from optimizer.clock import Clock
from optimizer.columns import Priced, first_pool, price_out, prices
from optimizer.relaxation import Mix, Programme
from optimizer.stating import state
from optimizer.whole import best_whole, rounded, worth


@pytest.fixture
def no_dive(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let no dive find anything; the list counts them."""
    dives: list[int] = []

    def found_nothing(*_: object, steps: int) -> None:
        dives.append(1)

    monkeypatch.setattr(whole, "dive", found_nothing)
    return dives


def test_rounding_a_mix_in_parts_keeps_capacities_and_groups() -> None:
    kept = 0
    for seed in range(150):
        problem = tiny_with_all(seed)
        programme = state(problem).programme
        priced = price_out(programme, first_pool(programme))
        assert priced is not None
        chosen = rounded(programme, priced)
        kept += priced.chosen is None
        used = np.bincount(programme.group[chosen], minlength=problem.classes)
        assert np.all(used <= programme.capacity), f"seed {seed}"
        assert np.unique(programme.applicant[chosen]).size == chosen.size, f"seed {seed}"
        assert worth(programme, chosen) > -np.inf, f"seed {seed}: a group is over its capacity"
    assert kept  # some mixes were in parts


def shared(classes: list[int], capacity: list[int], group_capacity: int) -> tuple[Programme, Priced]:
    """Return applicants, one a pair, who have half of a place each, in classes of one group."""
    count = len(classes)
    problem = Problem(
        pair_applicant=ints(range(count)),
        pair_class=ints(classes),
        pair_weight=ints([1] * count),
        class_capacity=ints(capacity),
        applicant_signature=ints([0] * count),
        applicant_lottery=ints(range(count)),
        class_group=ints([0] * len(capacity)),
        group_capacity=ints([group_capacity]),
    )
    programme = state(problem).programme
    nothing = prices(programme, np.zeros(len(capacity)), np.zeros(1))
    mix = Mix(np.full(count, 0.5), count / 2, np.zeros(len(capacity)), np.zeros(1))
    return programme, Priced(mix, np.arange(count), nothing, 1, True)


def test_parts_are_rounded_up_as_long_as_there_is_room() -> None:
    # four halves of two places: lottery numbers 0 and 1 have them
    assert rounded(*shared([0, 0, 0, 0], [2], 4)).tolist() == [0, 1]
    # two classes of two places, together three: 0 and 1 in class 0, 2 in class 1, 3 would be the fourth
    assert rounded(*shared([0, 0, 1, 1], [2, 2], 3)).tolist() == [0, 1, 2]
    assert rounded(*shared([0, 0, 1, 1], [2, 2], 0)).tolist() == []


def hold(seeds: range) -> None:
    for seed in seeds:
        for problem in (tiny(seed, most_weight=30), tiny_with_all(seed)):
            hold_to_every_answer(problem, solve(problem), f"seed {seed}")


def test_branch_and_bound_finds_the_best_where_dives_find_nothing(no_dive: list[int]) -> None:
    hold(range(40))
    assert no_dive


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_branch_and_bound_finds_the_best_on_thousands(no_dive: list[int], block: int) -> None:
    hold(range(40_000 + 250 * block, 40_000 + 250 * (block + 1)))
    assert no_dive


def test_a_search_stopped_at_its_first_node_claims_no_proof_it_has_not(
    no_dive: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "_NODES", 1)
    for seed in range(100):
        problem = tiny_with_all(seed)
        answer, best = solve(problem, lottery=False), int(every(problem).objective.max())
        assert answer.objective <= best <= answer.bound, f"seed {seed}"
        if answer.proved_by is not None:
            assert answer.objective == best, f"seed {seed}, {answer.proved_by}"
    assert no_dive


def in_parts(problem: Problem) -> bool:
    programme = state(problem).programme
    priced = price_out(programme, first_pool(programme))
    return priced is not None and priced.chosen is None


def test_a_proof_by_branch_and_bound_alone_is_said_to_be_one() -> None:
    # seeds whose mix is in parts and whose bound, rounded down, is above every whole answer
    by_mip = [seed for seed in range(60) if solve(tiny_with_all(seed)).proved_by == "mip"]
    assert by_mip
    for seed in by_mip:
        problem = tiny_with_all(seed)
        answer = solve(problem)
        assert in_parts(problem), f"seed {seed}"
        assert answer.objective == every(problem).objective.max()
        assert answer.bound > answer.objective
        assert not answer.certified


def test_within_a_gap_the_first_good_whole_answer_is_returned() -> None:
    for seed in range(60):
        programme = state(tiny(seed, most_weight=50)).programme
        priced = price_out(programme, first_pool(programme))
        assert priced is not None
        near = best_whole(programme, priced, 0.5, Clock())
        best = best_whole(programme, priced, 0.0, Clock())
        assert best.proved
        assert worth(programme, near.pairs) <= worth(programme, best.pairs)
        assert worth(programme, best.pairs) - worth(programme, near.pairs) <= 0.5 * abs(priced.bound) + 1e-6


def test_too_many_pairs_are_not_searched_and_nothing_is_said_to_be_proved(
    no_dive: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "_near", lambda programme, priced: np.flatnonzero(priced.mix.share > 0)[:1])
    unproved = 0
    for seed in range(60):
        problem = tiny(seed, most_weight=30)
        answer, best = solve(problem, searched=0), every(problem)
        top = int(best.objective.max())
        assert answer.objective <= top <= answer.bound, f"seed {seed}"
        assert answer.proved_by is None or answer.objective == top, f"seed {seed}"
        unproved += answer.proved_by is None
    assert no_dive
    assert unproved


def test_a_dive_that_the_simplex_never_ends_is_left_and_the_best_answer_found_by_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, left = whole.dive, []

    def stopped(*given: Any, **named: Any) -> object:
        with monkeypatch.context() as inside:
            inside.setattr(relaxation, "_ITERATIONS", 0)
            left.append(real(*given, **named))
        return left[-1]

    monkeypatch.setattr(whole, "dive", stopped)
    for seed in range(60):
        problem = tiny(seed, most_weight=30)
        hold_to_every_answer(problem, solve(problem), f"seed {seed}")
    assert any(found is None for found in left)
