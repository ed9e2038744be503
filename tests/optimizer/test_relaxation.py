"""A pool solved again under other limits gives what it gives when its model is made anew."""

from __future__ import annotations

import numpy as np
from tiny_problems import tiny

from optimizer.clock import Clock
from optimizer.relaxation import Mix, Relaxation
from optimizer.stating import state


def told(mix: Mix | None) -> list[float] | None:
    return None if mix is None else [mix.objective, *mix.share, *mix.class_price, *mix.row_price]


def test_the_model_kept_between_two_solves_has_the_limits_of_the_second() -> None:
    several = 0
    for seed in range(40):
        programme = state(tiny(seed, most_weight=20)).programme
        pool = np.arange(programme.applicant.size)
        if not pool.size:
            continue
        keeping, forgetting = Relaxation(programme), Relaxation(programme)
        least, most = np.zeros(pool.size), np.ones(pool.size)
        for pair in pool[:4].tolist():
            most[pair] = 0.0  # one pair more is forbidden at each solve
            again = keeping.mix(pool, Clock(), least, most)
            anew = forgetting.mix(pool.copy(), Clock(), least, most)  # another array: a model of its own
            assert told(again) == told(anew), f"tiny({seed}), pair {pair}"
            assert again is None or again.share[most == 0].max() == 0.0
            several += 1
    assert several > 100


def test_a_pool_without_limits_is_not_held_to_those_before() -> None:
    programme = state(tiny(3, most_weight=20)).programme
    pool = np.arange(programme.applicant.size)
    solver = Relaxation(programme)
    free = solver.mix(pool, Clock())
    none = solver.mix(pool, Clock(), np.zeros(pool.size), np.zeros(pool.size))
    after = solver.mix(pool, Clock())
    assert free is not None
    assert none is not None
    assert after is not None
    assert none.share.max() == 0.0
    assert after.objective == free.objective > none.objective
