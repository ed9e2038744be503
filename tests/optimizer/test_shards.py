"""Problems cut in parts: what the parts find is a start, the answer is that of the whole."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_problems import hold_to_every_answer, tiny, tiny_with_all

from optimizer import Problem, shards, solve
from optimizer.clock import Clock
from optimizer.pieces import cut, piece
from optimizer.shards import parts_of, start_from_parts
from optimizer.stating import state


@pytest.fixture
def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut problems of two vacancies and more."""
    monkeypatch.setattr(shards, "PLACES", 1)


def hold(problem: Problem, said: str) -> int:
    """Compare an answer with the best of all; return in how many parts the problem was cut."""
    hold_to_every_answer(problem, solve(problem), said)
    return parts_of(state(problem).programme)


@pytest.mark.usefixtures("cut_small")
def test_a_problem_cut_in_parts_has_the_answer_of_the_whole() -> None:
    parts = [hold(tiny(seed), f"tiny({seed})") for seed in range(50)]
    parts += [hold(tiny_with_all(seed), f"tiny_with_all({seed})") for seed in range(50)]
    assert max(parts) >= 6
    assert np.mean(np.array(parts) > 1) > 0.5


@pytest.mark.slow
@pytest.mark.usefixtures("cut_small")
@pytest.mark.parametrize("block", range(4))
def test_thousands_cut_in_parts_have_the_answer_of_the_whole(block: int) -> None:
    for seed in range(30_000 + 250 * block, 30_000 + 250 * (block + 1)):
        hold(tiny(seed), f"tiny({seed})")
        hold(tiny_with_all(seed), f"tiny_with_all({seed})")


def test_every_class_is_in_one_part_and_every_pair_of_a_piece_in_its_classes() -> None:
    for seed in range(40):
        programme = state(tiny_with_all(seed)).programme
        whole = cut(programme, 3)
        assert whole.part_of.shape == programme.capacity.shape
        for part in range(whole.parts):
            mine = np.flatnonzero(whole.part_of[programme.group] == part)
            one = piece(programme, whole, part, mine, programme.row_low, programme.row_high)
            assert np.array_equal(one.classes, np.flatnonzero(whole.part_of == part))
            assert np.array_equal(one.classes[one.programme.group], programme.group[one.pairs])
            assert np.array_equal(one.programme.value, programme.value[one.pairs])
            # what a pair adds to a row is the same in the piece as in the whole
            there = one.programme.effects[one.programme.cell].toarray()
            here = programme.effects[programme.cell[one.pairs]].toarray()
            assert np.array_equal(there, here[:, one.rows])
            assert not np.delete(here, one.rows, axis=1).any()


def test_what_the_parts_know_bounds_the_whole() -> None:
    for seed in range(40):
        problem = tiny(seed)
        programme = state(problem).programme
        pool, known = start_from_parts(programme, 3, Clock())
        assert known.bound >= solve(problem).objective - 1e-6, f"seed {seed}"
        assert np.array_equal(pool, np.unique(pool))
        assert pool.size == 0 or pool.max() < programme.applicant.size
