"""The very largest are answered part after part: not the best, and never more than what is verified."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from tiny_problems import every, hold_to_objective, permuted, tiny, tiny_with_all

from optimizer import Problem, solve, turns


@pytest.fixture
def in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer every problem with a vacancy in turns, in parts of two places."""
    monkeypatch.setattr(import_module("optimizer.solve"), "BEYOND", 0)
    monkeypatch.setattr(turns, "_PLACES", 2)


def without_groups(seed: int) -> Problem:
    return tiny(seed, most_weight=20)


@pytest.mark.usefixtures("in_turns")
@pytest.mark.parametrize("draw", [without_groups, tiny_with_all])
def test_an_answer_found_in_turns_is_allowed_and_between_nothing_and_its_bound(draw: object) -> None:
    assert callable(draw)
    worth, best = 0, 0
    for seed in range(40):
        problem = draw(seed)
        answer = solve(problem)
        hold_to_objective(problem, answer, f"seed {seed}", within=np.inf)
        objective = every(problem).objective
        worth += answer.objective - int(objective.min())
        best += int(objective.max() - objective.min())
    assert worth >= 0.9 * best  # of what separates the worst answers from the best


@pytest.mark.usefixtures("in_turns")
def test_the_order_of_pairs_changes_nothing_in_turns() -> None:
    for seed in range(20):
        problem = tiny(seed)
        other = permuted(problem, seed)
        chosen = [
            sorted(zip(each.pair_applicant[pairs].tolist(), each.pair_class[pairs].tolist(), strict=True))
            for each in (problem, other)
            for pairs in (solve(each).pair,)
        ]
        assert chosen[0] == chosen[1], f"seed {seed}"


@pytest.mark.usefixtures("in_turns")
def test_without_time_the_turns_give_what_is_verified() -> None:
    for seed in range(20):
        problem = tiny_with_all(seed)
        hold_to_objective(problem, solve(problem, time_limit=0.0), f"seed {seed}", within=np.inf)
