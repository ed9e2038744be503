"""Deferred acceptance as a start: nobody could do better together, and the answer is the same."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_problems import tiny, tiny_with_all

from optimizer import claims as module
from optimizer import solve
from optimizer.claims import claims
from optimizer.clock import Clock
from optimizer.columns import ordered
from optimizer.relaxation import Relaxation
from optimizer.stating import state


def test_no_class_and_applicant_would_both_rather_have_each_other() -> None:
    refused = 0
    for seed in range(60):
        programme = state(tiny(seed, rows=False, most_weight=3)).programme
        found = claims(programme)
        chosen = np.zeros(programme.applicant.size, dtype=bool)
        chosen[found.chosen] = True
        held = np.full(programme.must.size, -1.0)
        held[programme.applicant[chosen]] = programme.value[chosen]
        assert np.unique(programme.applicant[chosen]).size == chosen.sum(), f"seed {seed}"
        for pair in np.flatnonzero(~chosen):
            mine = programme.value[chosen & (programme.group == programme.group[pair])]
            full = mine.size == programme.capacity[programme.group[pair]]
            willing = not full or bool((mine < programme.value[pair]).any())
            asked = held[programme.applicant[pair]] < programme.value[pair]
            assert not (willing and asked), f"seed {seed}, pair {pair}"
            refused += not asked
        assert np.isin(found.chosen, found.pool).all()
    assert refused


def test_the_basis_to_begin_with_is_one_that_the_solver_takes() -> None:
    for seed in range(60):
        programme = state(tiny(seed, most_weight=100)).programme
        first = claims(programme)
        begun, plain = Relaxation(programme), Relaxation(programme)
        begun.begin(first.chosen)
        pool = ordered(programme, first.pool)
        mix, other = begun.mix(pool, Clock()), plain.mix(pool, Clock())
        assert mix is not None
        assert other is not None
        assert mix.objective == pytest.approx(other.objective), f"seed {seed}"
        # One variable or constraint stands on the basis for each constraint.
        fixed = programme.capacity.size + programme.row_low.size
        started = Relaxation(programme)
        started.begin(first.chosen)
        standing = (started.column_status == 5).sum() + (started.line_status[:fixed] == 5).sum()
        assert standing == fixed, f"seed {seed}"


def test_the_answer_is_the_same_from_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(80):
        problem = tiny_with_all(seed, most_weight=5)
        expected = solve(problem)
        with monkeypatch.context() as crowded:
            crowded.setattr(module, "CROWDED", 0)
            found = solve(problem)
        assert found.pair.tolist() == expected.pair.tolist(), f"seed {seed}"
        assert (found.objective, found.bound) == (expected.objective, expected.bound), f"seed {seed}"
