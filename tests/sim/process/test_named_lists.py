"""Whom a réservataire names, and that nobody else is ever proposed until its delay ends."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.policies.sitting import NOBODY, Shortlist, Sitting
from sim.process.designation import hold_named, named, on_lists
from sim.process.legality import ShortlistRefused
from sim.process.register import OFFERED
from sim.process.replication import initial_state, open_run, replicate, territory_of
from sim.process.sittings import convene
from sim.process.state import State
from sim.process.vacancy import Vacancy
from sim.process.world import World
from sim.scenario import load_scenario
from sim.territory.columns import RESERVATAIRES


def choosing(toy: World, **designation: Any) -> World:
    """Return the toy under another [designation]."""
    choice = toy.scenario.designation.model_copy(update=designation)
    return replace(toy, scenario=toy.scenario.model_copy(update={"designation": choice}))


@pytest.fixture
def state(toy: World) -> State:
    state = initial_state(toy)
    open_run(toy, state)
    state.now_s = toy.second(date(2026, 2, 2))
    return state


def vacancy(world: World, name: str, holder: str, **more: Any) -> Vacancy:
    place = world.territory.dwellings.dwelling_id.tolist().index(name)
    held = RESERVATAIRES.index(holder)
    return Vacancy(place, name, place, "departure", 0, 0, held, holder != "aucun", **more)


def names(state: State, sitting: Sitting, positions: np.ndarray) -> list[str]:
    return [str(state.register.demand_id[sitting.demand[p]]) for p in positions]


# --- who is named: the pool of L6 is D01, D05, D06, D07, D09 ---


def whom(world: World, state: State, follows: bool, key: int = 5) -> list[str]:
    sitting = convene(world, state, [vacancy(world, "L6", "aucun")], None)
    return names(state, sitting, named(world, state, sitting, key, sitting.pools[0], follows))


def test_who_follows_the_strategy_names_the_first_of_the_cotation(toy: World, state: State) -> None:
    sitting = convene(toy, state, [vacancy(toy, "L6", "aucun")], None)
    first = names(state, sitting, sitting.eligible(0)[:3])
    assert whom(choosing(toy, practice="lottery"), state, follows=True) == first
    assert whom(choosing(toy, practice="seniority"), state, follows=True) == first


def test_by_seniority_the_oldest_are_named(toy: World, state: State) -> None:
    # Filed: D09 1 January 2019, D06 1 July 2020, D01 1 January 2024; D07 and D05 later.
    assert set(whom(choosing(toy, practice="seniority"), state, follows=False)) == {"D09", "D06", "D01"}


def test_by_lottery_each_is_named_as_often(toy: World, state: State) -> None:
    world = choosing(toy, practice="lottery", named_count=2.0)
    found = Counter(name for key in range(2000) for name in whom(world, state, False, key))
    # Two of five: each in 800 of 2,000 lists, four standard errors being 4 √(2000 × 0.4 × 0.6) = 88.
    assert set(found) == {"D01", "D05", "D06", "D07", "D09"}
    assert all(abs(count - 800) < 88 for count in found.values())
    assert whom(world, state, False, 7) == whom(world, state, False, 7)


def test_where_fewer_are_eligible_all_are_named(toy: World, state: State) -> None:
    assert len(whom(choosing(toy, named_count=9.0), state, follows=False)) == 5


# --- the list is kept to ---


def test_a_list_is_drawn_once_never_completed_and_ends_with_the_delay(toy: World, state: State) -> None:
    # L3 on the collectivités' list: D03 and D10 are in its pool.
    world = choosing(toy, named_count=1.0, practice="seniority", adherence=0.0)
    world = replace(world, flows=replace(world.flows, adherence=np.zeros(5)))
    l3 = vacancy(world, "L3", "collectivite", by_name=True)

    def pool() -> list[str]:
        whole = convene(world, state, [l3], None)
        cut = on_lists(world, state, whole, [l3])
        return names(state, cut, cut.eligible(0))

    assert pool() == ["D10"]  # 2023-01-01, D03 2023-07-01
    rows = {name: row for row, name in enumerate(state.register.demand_id.tolist())}
    assert l3.named == {rows["D10"]}
    l3.tried.add(rows["D10"])  # refused it
    assert pool() == []
    twin = l3.copy()
    assert twin.named == l3.named
    l3.designated = False  # back to the bailleur: its pool is everybody's
    assert "D03" in pool()
    assert "D04" in pool()  # not labelled by the collectivités


def test_a_name_that_is_not_on_the_list_is_refused(toy: World, state: State) -> None:
    l3 = vacancy(toy, "L3", "collectivite", by_name=True, named=frozenset())
    sitting = convene(toy, state, [l3], None)
    somebody = np.full((1, sitting.list_length), NOBODY, dtype=np.int64)
    somebody[0, 0] = sitting.eligible(0)[0]
    with pytest.raises(ShortlistRefused, match=r"dwelling L3.*not on the list of its réservataire"):
        hold_named(toy, state, "wild", sitting, [l3], Shortlist(somebody))
    hold_named(toy, state, "wild", sitting, [vacancy(toy, "L3", "collectivite")], Shortlist(somebody))


def test_where_everybody_has_an_offer_in_hand_an_empty_list_is_lawful(toy: World, state: State) -> None:
    state.register.state[:] = OFFERED
    l3 = vacancy(toy, "L3", "collectivite", by_name=True)
    sitting = on_lists(toy, state, convene(toy, state, [l3], None), [l3])
    assert len(sitting.demand) == len(sitting.pools[0]) == 0
    nobody = np.full((1, sitting.list_length), NOBODY, dtype=np.int64)
    hold_named(toy, state, "mild", sitting, [l3], Shortlist(nobody))


def test_whom_the_law_puts_first_comes_before_the_list(toy: World, state: State) -> None:
    l3 = vacancy(toy, "L3", "collectivite", by_name=True, named=frozenset())
    sitting = convene(toy, state, [l3], None)
    due, other = sitting.eligible(0).tolist()
    owed = on_lists(toy, state, replace(sitting, owed={0: due}), [l3])
    assert owed.eligible(0).tolist() == [due]  # an RPMS debt, and nobody of an empty list
    alone = replace(sitting, named={0: other})
    assert on_lists(toy, state, alone, [l3]).eligible(0).tolist() == [due, other]  # the préfet's, as it is
    listed = np.full((1, sitting.list_length), NOBODY, dtype=np.int64)
    listed[0, 0] = due
    hold_named(toy, state, "mild", owed, [l3], Shortlist(listed))
    with pytest.raises(ShortlistRefused, match="not on the list"):
        hold_named(toy, state, "wild", alone, [l3], Shortlist(listed))


CHANGES = {"time.years": 1, "time.burn_in_months": 3, "designation.designated_share": 1.0}


@pytest.mark.parametrize("policy", ["cotation_only", "cotation_peuplement"])
def test_a_policy_orders_a_list_and_nobody_else_is_proposed(policy: str) -> None:
    scenario = load_scenario(
        Path("scenarios/tutorial.toml"), changes=CHANGES | {"designation.named_share": 1.0}
    )
    pools: dict[int, list[set[int]]] = defaultdict(list)

    def watch(sitting: Sitting, shortlist: Shortlist) -> None:
        for place, listed in enumerate(shortlist.rows):
            if sitting.designated[place]:
                pools[int(sitting.dwelling[place])].append(
                    set(sitting.demand[sitting.eligible(place)].tolist())
                )
                assert set(listed[listed != NOBODY]) <= set(sitting.eligible(place).tolist())

    ((_, run),) = replicate(scenario, territory_of(scenario), (policy,), 0, watch)
    assert sum(len(seen) > 1 for seen in pools.values()) > 5
    assert all(len(seen[0]) <= 3 for seen in pools.values())
    # A dwelling comes back within the year only for another vacancy: here none does twice on a list.
    later = [(first, after) for first, *rest in pools.values() for after in rest]
    assert sum(after <= first for first, after in later) >= 0.95 * len(later)
    modes = run.vacancies["designation_mode"].value_counts()
    assert set(modes.index) == {"named", "bailleur"}


def test_without_named_lists_every_designation_is_delegated() -> None:
    scenario = load_scenario(
        Path("scenarios/tutorial.toml"), changes=CHANGES | {"designation.named_share": 0.0}
    )
    ((_, run),) = replicate(scenario, territory_of(scenario), ("cotation_only",), 0)
    assert set(run.vacancies["designation_mode"]) == {"delegated", "bailleur"}
