"""The 95 % interval of a comparison covers the difference that is known to be true.

The case: a waiting list of two classes, the first served before the second, vacancies lost when nobody
waits. Arrivals 0.3 and 0.4, vacancies 1 per unit of time (Poisson). A vacancy houses at once, so that the
first class alone and both together are M/M/1 queues: W = (1/m) / ((1 − s_{k−1})(1 − s_k)), s = 0.3, 0.7, that
is 1.428571 and 4.761905, and by Little L = l W = 0.428571 and 1.904762. The true difference of the numbers
waiting is 1.476190.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.comparison import compare
from sim.precision import intervals, read

ARRIVALS, VACANCIES = (0.3, 0.4), 1.0
TRUE = 0.4 / (0.7 * 0.3) - 0.3 / 0.7
REPLICATIONS = 20


def waiting(chains: int, warm_up: int, steps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the time-average number waiting of each class, (chains,) each.

    Uniformisation: every chain has its events, arrivals or vacancies, at the constant rate 1.7, each of one
    kind with its share of the rate. A state is held 1/1.7 on average, whatever it is, so that the mean over
    events is the time average given the events. Chains start empty; `warm_up` events are not counted.
    """
    draws = np.random.Generator(np.random.PCG64(seed))
    rate = sum(ARRIVALS) + VACANCIES
    first, second = (np.float32(bound / rate) for bound in (ARRIVALS[0], sum(ARRIVALS)))
    one, two = np.zeros(chains, dtype=np.int32), np.zeros(chains, dtype=np.int32)
    total_one, total_two = np.zeros(chains, dtype=np.int64), np.zeros(chains, dtype=np.int64)
    for step in range(warm_up + steps):
        drawn = draws.random(chains, dtype=np.float32)
        vacancy = drawn >= second
        served = vacancy & (one > 0)
        two -= (vacancy & ~served & (two > 0)).view(np.int8)
        one -= served.view(np.int8)
        arrives = drawn < first
        one += arrives.view(np.int8)
        two += (~(arrives | vacancy)).view(np.int8)
        if step >= warm_up:
            total_one += one
            total_two += two
    return total_one / steps, total_two / steps


def covered(repetitions: int, steps: int, seed: int) -> tuple[float, float]:
    """Return the share of repetitions whose interval holds the truth, and the z of their mean difference."""
    series = waiting(repetitions * REPLICATIONS, 1000, steps, seed)
    names = ("class 1", "class 2")
    played = pd.DataFrame(
        {
            "policy": np.repeat(names, repetitions * REPLICATIONS),
            "replication": np.tile(np.arange(REPLICATIONS), 2 * repetitions),
            "indicator": "waiting",
            "group": "all",
            "year": np.tile(np.repeat(np.arange(repetitions), REPLICATIONS), 2),  # a row a repetition
            "value": np.concatenate(series),
        }
    )
    compared = compare(played, [names])
    assert len(compared) == repetitions
    assert (compared["n"] == REPLICATIONS).all()
    found = compared["difference"]
    z = (found.mean() - TRUE) / (found.std(ddof=1) / np.sqrt(repetitions))
    return float(((compared["ci_low"] <= TRUE) & (compared["ci_high"] >= TRUE)).mean()), float(z)


def test_interval_covers_the_known_difference_of_a_priority_list() -> None:
    share, z = covered(200, 4000, seed=1)
    # 200 repetitions at 95 %: standard error √(.95 × .05 / 200) = .0154; |z| ≤ 4 is ± .0616.
    assert abs(share - 0.95) <= 4 * 0.0154, f"{share:.3f} of 200 intervals hold {TRUE:.6f}"
    assert abs(z) <= 4, f"the mean difference is {z:.1f} standard errors from {TRUE:.6f}"


def test_interval_read_when_the_precision_is_reached_covers_little_less() -> None:
    draws, held, stopped = np.random.default_rng(9), 0, 0
    for _ in range(500):
        paired = draws.normal(10, 6, (1, 200))
        needed = read(np.zeros_like(paired), paired, 0.1).needed
        stopped += needed is not None
        difference, half_width = intervals(paired[:, : needed or 200])
        held += int(abs(difference[0, -1] - 10) <= half_width[0, -1])
    assert stopped >= 490  # about 140 are needed: (1.98 × 6 / (0.1 × 10))²
    assert held / 500 >= 0.95 - 4 * 0.0098, f"{held} of 500 intervals hold the truth"


@pytest.mark.slow
def test_interval_covers_the_known_difference_in_93_to_97_of_100_of_1000_repetitions() -> None:
    share, z = covered(1000, 20_000, seed=2)
    assert 0.93 <= share <= 0.97, f"{share:.3f} of 1000 intervals hold {TRUE:.6f}"
    assert abs(z) <= 4, f"the mean difference is {z:.1f} standard errors from {TRUE:.6f}"
