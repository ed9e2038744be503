"""Who accepts, who stays silent, and when an answer is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from sim.outcomes import DAY_S
from sim.process.acceptance import MOTIVE_BOUNDS, accepts_probability, answers, silence_ends
from sim.process.replication import initial_state
from sim.process.state import State
from sim.process.world import World

DEMANDS = np.arange(10)  # of the toy
TIMES = 400


@pytest.fixture
def plain(toy: World) -> World:
    """The toy without the residences' effects."""
    return replace(toy, residence_effect=np.zeros(3))


@pytest.fixture
def opened(plain: World) -> State:
    return initial_state(plain)


def row(state: State, demand_id: str) -> np.ndarray:
    return np.flatnonzero(state.register.demand_id == demand_id)


def dwelling(world: World, dwelling_id: str) -> np.ndarray:
    return np.flatnonzero(world.territory.dwellings.dwelling_id == dwelling_id)


@pytest.mark.parametrize(
    ("demand_id", "dwelling_id", "log_odds"),
    [
        # ln(0.54 / 0.46) = 0.1603. D02 earns 1400, no aid; L6 costs 310: 22 %, under 30 %; first wish 59350.
        ("D02", "L6", 0.1603),
        # L1 is in 59350, its first wish: + 0.3; 250 of 1400.
        ("D02", "L1", 0.4603),
        # D09 earns 750, first wish 59512: + 0.3; L5 there costs 500, aid 215 (test_affordability.py): 38 %,
        # 8 points over: - 4 × 0.08 = - 0.32.
        ("D09", "L5", 0.1603 + 0.3 - 0.32),
        # D07 is recognised under DALO: ln(0.75 / 0.25) = 1.0986; L6 costs 310, aid 292: next to nothing.
        ("D07", "L6", 1.0986),
    ],
)
def test_the_probability_by_hand(
    plain: World, opened: State, demand_id: str, dwelling_id: str, log_odds: float
) -> None:
    found = accepts_probability(plain, opened, row(opened, demand_id), dwelling(plain, dwelling_id))
    assert found == pytest.approx(1 / (1 + np.exp(-log_odds)), abs=1e-4)


def test_a_residence_moves_every_answer_there(plain: World, opened: State) -> None:
    liked = replace(plain, residence_effect=np.array([0.0, 1.0, 0.0]))
    who = row(opened, "D02")
    before, after = (accepts_probability(w, opened, who, dwelling(plain, "L6")) for w in (plain, liked))
    assert np.log(after / (1 - after)) - np.log(before / (1 - before)) == pytest.approx(1.0)
    same = [accepts_probability(w, opened, who, dwelling(plain, "L1")) for w in (plain, liked)]
    assert same[0] == same[1]


def test_an_unknown_income_weighs_no_rent(plain: World, opened: State) -> None:
    opened.register.monthly_income_eur[row(opened, "D09")] = np.nan
    found = accepts_probability(plain, opened, row(opened, "D09"), dwelling(plain, "L5"))
    assert found == pytest.approx(1 / (1 + np.exp(-0.4603)), abs=1e-4)


def test_answers_come_in_the_shares_they_are_drawn_with(plain: World, opened: State) -> None:
    nth = np.arange(1, TIMES + 1)
    demand, place, times = (part.ravel() for part in np.meshgrid(DEMANDS, np.arange(9), nth))
    drawn = answers(plain, opened, demand, place, times)
    probability = accepts_probability(plain, opened, demand, place)
    spread = np.sqrt((probability * (1 - probability)).sum())
    assert abs(drawn.accepts.sum() - probability.sum()) < 4 * spread
    refused = ~drawn.accepts
    assert not (drawn.silent & drawn.accepts).any()
    # A fifth of refusals are silent.
    assert abs(drawn.silent[refused].mean() - 0.2) < 4 * 0.4 / np.sqrt(refused.sum())
    assert drawn.wait_s.min() >= 1
    assert drawn.wait_s.max() <= 10 * DAY_S
    assert abs(drawn.wait_s.mean() / DAY_S - 5) < 4 * 10 / np.sqrt(12 * len(nth) * 90)
    shares = np.bincount(drawn.motive, minlength=4) / len(drawn.motive)
    np.testing.assert_allclose(np.cumsum(shares), MOTIVE_BOUNDS, atol=0.02)


def test_an_answer_belongs_to_the_pair_and_its_nth_offer(plain: World, opened: State) -> None:
    demand, place = (part.ravel() for part in np.meshgrid(DEMANDS, np.arange(9)))
    once = np.ones(90, dtype=np.int64)
    whole = answers(plain, opened, demand, place, once)
    few = answers(plain, opened, demand[40:30:-1], place[40:30:-1], once[:10])  # other order, fewer pairs
    np.testing.assert_array_equal(few.accepts, whole.accepts[40:30:-1])
    np.testing.assert_array_equal(few.wait_s, whole.wait_s[40:30:-1])
    mixed = once.copy()
    mixed[::2] = 2
    again = answers(plain, opened, demand, place, mixed)
    np.testing.assert_array_equal(again.wait_s[1::2], whole.wait_s[1::2])
    assert (again.wait_s[::2] != whole.wait_s[::2]).all()


@pytest.mark.parametrize(
    ("offered", "counts"),
    [
        ("2026-02-02T00:00", "2026-02-13T00:00"),  # Monday the 2nd: last day Thursday the 12th
        ("2026-02-03T00:00", "2026-02-14T00:00"),  # Tuesday: last day Friday the 13th, over as it ends
        ("2026-02-04T00:00", "2026-02-17T00:00"),  # Wednesday: Saturday the 14th, moved to Monday the 16th
        ("2026-02-05T15:00", "2026-02-17T15:00"),  # Thursday: Sunday the 15th, moved to Monday the 16th
        ("2026-02-06T15:00", "2026-02-17T15:00"),  # Friday: Monday the 16th
    ],
)
def test_silence_counts_after_ten_days_moved_to_a_working_day(
    plain: World, offered: str, counts: str
) -> None:
    start = datetime(2026, 1, 1)
    offered_s = int((datetime.fromisoformat(offered) - start).total_seconds())
    found = start + timedelta(seconds=silence_ends(plain, offered_s))
    assert found == datetime.fromisoformat(counts)
