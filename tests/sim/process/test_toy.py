"""Three residences, one sitting, every list worked by hand from scenarios/territories/jouet/*.csv.

Vacant on 2 February 2026, in order of availability then dwelling:
- L3, T3 60 m², PLUS, 59350, rent and charges 480, collectivités' list;
- L6, T2 45 m², PLUS, 59512, 310, accessible, non reserved;
- L9, T1 30 m², PLAI, 59350, 240, accessible, État's list.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.policies import POLICIES
from sim.policies.sitting import Shortlist, Sitting
from sim.process.legality import ShortlistRefused, hold
from sim.process.replication import initial_state, open_run
from sim.process.sittings import convene, passed_over
from sim.process.state import State
from sim.process.vacancy import Vacancy
from sim.process.world import World
from sim.territory.columns import RESERVATAIRES


@pytest.fixture
def opened(toy: World) -> tuple[State, Sitting]:
    state = initial_state(toy)
    open_run(toy, state)
    state.now_s = toy.second(date(2026, 2, 2))
    vacancies = [
        vacancy(toy, state, "L3", "collectivite"),
        vacancy(toy, state, "L6", "aucun"),
        vacancy(toy, state, "L9", "etat"),
    ]
    return state, convene(toy, state, vacancies, None)


def vacancy(world: World, state: State, name: str, holder: str) -> Vacancy:
    dwelling = world.territory.dwellings.dwelling_id.tolist().index(name)
    reservataire = RESERVATAIRES.index(holder)
    return Vacancy(dwelling, name, dwelling, "departure", 0, 0, reservataire, holder != "aucun")


def names(state: State, sitting: Sitting, positions: np.ndarray) -> list[str]:
    return [str(state.register.demand_id[sitting.demand[p]]) for p in positions if p >= 0]


def test_each_vacancy_sees_exactly_who_fits_it(opened: tuple[State, Sitting]) -> None:
    state, sitting = opened
    pools = [sorted(names(state, sitting, sitting.eligible(v))) for v in range(3)]
    # L3: labelled by the collectivités, ask a T3, wish 59350, at least 2 persons: D03 (4 persons) and D10
    # (3 persons, states 650 at most, 480 is due). D04 asks a T3 in 59350 but has Action Logement's label.
    assert pools[0] == ["D03", "D10"]
    # L6: ask a T2 and wish 59512: D01, D05, D06 (needs it accessible: it is), D07, D09. D02 and D08 wish
    # 59350 only.
    assert pools[1] == ["D01", "D05", "D06", "D07", "D09"]
    # L9: the État's only labelled demand is D07, who asks a T2 to a T4.
    assert pools[2] == []


def test_an_inaccessible_dwelling_is_not_shown_to_who_needs_one(
    toy: World, opened: tuple[State, Sitting]
) -> None:
    state, _ = opened
    # L4, T2 of the same residence, not accessible: D06 is no more in its pool.
    sitting = convene(toy, state, [vacancy(toy, state, "L4", "aucun")], None)
    assert sorted(names(state, sitting, sitting.eligible(0))) == ["D01", "D05", "D07", "D09"]


def test_seniority_lists_the_oldest_first(opened: tuple[State, Sitting]) -> None:
    state, sitting = opened
    lists = POLICIES["seniority"](sitting).rows
    # Filed: D10 2023-01, D03 2023-07; D09 2019, D06 2020-07, D01 2024-01, D07 2024-07, D05 2025.
    assert [names(state, sitting, row) for row in lists] == [["D10", "D03"], ["D09", "D06", "D01"], []]


def test_cotation_only_follows_points(toy: World, opened: tuple[State, Sitting]) -> None:
    state, sitting = opened
    # synthetic-seniority-uncapped: one point a month of seniority and blocks of priority; DALO D07 leads.
    points = dict(zip(names(state, sitting, np.arange(len(sitting.demand))), sitting.points, strict=True))
    lists = [names(state, sitting, row) for row in POLICIES["cotation_only"](sitting).rows]
    assert lists[1][0] == "D07"
    for chosen, pool in zip(lists, [["D03", "D10"], ["D01", "D05", "D06", "D07", "D09"], []], strict=True):
        assert chosen == sorted(pool, key=lambda name: -points[name])[:3]


@pytest.mark.parametrize("policy", list(POLICIES))
def test_every_policy_is_lawful_on_the_toy(toy: World, opened: tuple[State, Sitting], policy: str) -> None:
    state, sitting = opened
    hold(toy, state, policy, sitting, POLICIES[policy](sitting))


def test_joint_matching_fills_every_dwelling_that_can_be(opened: tuple[State, Sitting]) -> None:
    state, sitting = opened
    lists = POLICIES["cotation_matched"](sitting).rows
    assert [names(state, sitting, row)[:1] for row in lists][1] == ["D07"]
    assert (lists[:2, 0] >= 0).all()


def test_better_scored_demands_on_no_list_are_counted(opened: tuple[State, Sitting]) -> None:
    _, sitting = opened
    last = len(sitting.eligible(1)) - 1
    lists = np.array([[-1, -1, -1], [sitting.eligible(1)[last], -1, -1], [-1, -1, -1]])
    lead = sitting.points[lists[1, 0]]
    better = (sitting.points[sitting.eligible(1)] > lead).sum()
    assert [len(demands) for demands in passed_over(sitting, lists)] == [0, better, 0]


def planted(state: State, sitting: Sitting, fault: str) -> Shortlist:
    """Return the seniority lists with one fault planted."""
    rows = POLICIES["seniority"](sitting).rows.copy()
    position = {name: i for i, name in enumerate(names(state, sitting, np.arange(len(sitting.demand))))}
    if fault == "not waiting":
        state.register.state[sitting.demand[rows[0, 0]]] = 1
    elif fault == "R12-R14":
        rows[0, 0] = position["D02"]  # one person for a T3
    elif fault == "pool":
        rows[0, 0] = position["D04"]  # fits L3 but is Action Logement's
    elif fault == "twice on one list":
        rows[1, 1] = rows[1, 0]
    elif fault == "hole":
        rows[1, 0] = -1
    elif fault == "shorter than R9":
        rows[1, 1:] = -1
    elif fault == "not a demand":
        rows[0, 0] = 99
    return Shortlist(rows)


@pytest.mark.parametrize(
    "fault",
    ["not waiting", "R12-R14", "pool", "twice on one list", "hole", "shorter than R9", "not a demand"],
)
def test_hold_refuses_a_planted_fault(toy: World, opened: tuple[State, Sitting], fault: str) -> None:
    state, sitting = opened
    with pytest.raises(ShortlistRefused, match=fault):
        hold(toy, state, "planted", sitting, planted(state, sitting, fault))


def test_hold_refuses_a_demand_not_filed_yet_or_lapsed(toy: World, opened: tuple[State, Sitting]) -> None:
    state, sitting = opened
    lists = POLICIES["seniority"](sitting)
    second = sitting.demand[lists.rows[1, 1]]  # second for L6
    lapse_s = int(state.register.leaves_s[second])
    state.register.leaves_s[second] = state.now_s + 1
    hold(toy, state, "planted", sitting, lists)
    state.register.leaves_s[second] = state.now_s
    with pytest.raises(ShortlistRefused, match=rf"L6, demand {state.register.demand_id[second]}: lapsed"):
        hold(toy, state, "planted", sitting, lists)
    state.register.leaves_s[second], state.register.filed_s[second] = lapse_s, state.now_s + 1
    with pytest.raises(ShortlistRefused, match=rf"L6, demand {state.register.demand_id[second]}: not filed"):
        hold(toy, state, "planted", sitting, lists)


def test_hold_refuses_a_demand_that_the_vacancy_was_proposed_before(
    toy: World, opened: tuple[State, Sitting]
) -> None:
    state, sitting = opened
    lists = POLICIES["seniority"](sitting)
    second = int(sitting.demand[lists.rows[1, 1]])
    examined = vacancy(toy, state, "L6", "aucun")
    state.vacancies[examined.key] = examined
    hold(toy, state, "planted", sitting, lists)
    sitting.tried[1].add(second)
    with pytest.raises(
        ShortlistRefused, match=rf"L6, demand {state.register.demand_id[second]}: proposed this vacancy"
    ):
        hold(toy, state, "planted", sitting, lists)


@pytest.mark.parametrize("place", range(5))
def test_hold_refuses_a_demand_outside_the_pool_that_meets_every_other_rule(
    toy: World, opened: tuple[State, Sitting], place: int
) -> None:
    """Of the five demands of L6's pool, the one left out is missed wherever it stood in it."""
    state, sitting = opened
    left_out = sitting.eligible(1)[place]
    pools = [pool.without([int(left_out)]) for pool in sitting.pools]
    rows = np.full((3, 3), -1)
    rows[1, 0] = left_out
    name = state.register.demand_id[sitting.demand[left_out]]
    with pytest.raises(ShortlistRefused, match=rf"L6, demand {name}: outside the vacancy's pool"):
        hold(toy, state, "planted", replace(sitting, pools=pools), Shortlist(rows))


def test_hold_refuses_a_demand_first_twice_or_on_too_many_lists(
    toy: World, opened: tuple[State, Sitting]
) -> None:
    state, _ = opened
    pair = convene(toy, state, [vacancy(toy, state, "L6", "aucun"), vacancy(toy, state, "L4", "aucun")], None)
    rows = POLICIES["cotation_only"](pair).rows.copy()
    rows[1, 0], rows[1, 1:] = rows[0, 0], -1
    with pytest.raises(ShortlistRefused, match="first twice"):
        hold(toy, state, "planted", pair, Shortlist(rows))
    single = replace(pair, max_lists=1)
    rows = POLICIES["cotation_only"](single).rows.copy()
    rows[1, 1] = rows[0, 0]
    with pytest.raises(ShortlistRefused, match="more lists"):
        hold(toy, state, "planted", single, Shortlist(rows))
