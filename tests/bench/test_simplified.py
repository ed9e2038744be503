"""The programs beside which the simulator is timed play one and the same problem."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from bench_modules import load

problem = load("simplified")
YEAR = problem.YEAR_US


def by_simpy(draws: Any) -> Any:
    """Play the whole of it in SimPy."""
    env, housed = problem.simpy_model(draws)
    env.run(until=int(draws.vacant[-1]) + 1)
    return housed


def by_numba(draws: Any) -> Any:
    """Play it compiled."""
    pytest.importorskip("numba")
    sys.modules.setdefault("simplified", problem)  # under this name the compiled program looks for it
    return load("simplified_compiled").compiled_buckets(draws)


PROGRAMS = {"simpy": by_simpy, "numpy": problem.numpy_buckets, "numba": by_numba}


@pytest.mark.parametrize("program", [by_simpy, by_numba])
@pytest.mark.parametrize(
    ("waiting", "arrivals", "vacancies"),
    [
        (300, 70, 50),
        (40, 30, 60),  # more vacancies than applicants: many are lost
        (0, 70, 50),
        (900, 5, 20),  # long lists that grow old: anniversaries up to the tenth
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_programs_house_the_same_applicants(
    program: Callable[[Any], Any], waiting: int, arrivals: int, vacancies: int, seed: int
) -> None:
    draws = problem.drawn(problem.Size(waiting, arrivals, vacancies, years=10), seed)
    assert problem.checksum(program(draws)) == problem.checksum(problem.numpy_buckets(draws))


def test_the_problem_has_refusals_and_lost_vacancies() -> None:
    draws = problem.drawn(problem.Size(40, 30, 60, years=10))
    housed = problem.numpy_buckets(draws)
    assert 0 < (housed == problem.NOBODY).sum() < len(housed)
    assert draws.refuses[housed != problem.NOBODY, 0].any()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_list_of_five_is_housed_as_by_hand(name: str) -> None:
    """Applicants 0 to 4, in the order of filing, and six vacancies; typology 0 but for applicant 4."""
    here, anywhere = 3, problem.ANYWHERE
    draws = problem.Draws(
        filed=np.array([-2 * YEAR, -1, 0, 1, 2]),
        leaves=np.array([50, 50, 10, 9, 8]) * YEAR,
        typology=np.array([0, 0, 0, 0, 1]),
        zone=np.array([here, anywhere, here, here + 1, here]),
        points=np.array([20, 30, 30, 79, 79]),
        vacant=np.array([100, 200, 300, 3 * YEAR, 8 * YEAR + 3, 9 * YEAR + 3]),
        vacant_typology=np.array([0, 0, 0, 0, 1, 0]),
        vacant_zone=np.array([here, here, here + 1, here, here, here + 1]),
        refuses=np.zeros((6, problem.MOST_OFFERS), dtype=bool),
    )
    draws.refuses[0, 0] = True
    # At 100: 0 has 20 + 2 × 5 = 30 points, 1 and 2 have 30: 0 refuses, 1 takes it. At 200: 0, the older of
    # 0 and 2. At 300, one zone further: 3. At 3 years: 2. At 8 years and 3: 4 has just left. At 9 years:
    # nobody.
    assert list(PROGRAMS[name](draws)) == [1, 0, 3, 2, problem.NOBODY, problem.NOBODY]
