"""What a dwelling costs net of aid, and how far the commission minds: on the toy, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.policies import POLICIES
from sim.process.acceptance import TOO_HEAVY, attributions, draw_offers
from sim.process.affordability import affordability
from sim.process.replication import initial_state, open_run
from sim.process.sittings import convene
from sim.process.state import State
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World, world_of
from sim.territory.columns import RESERVATAIRES

KEYS = (11, 12, 13)  # identities of the three vacancies


@pytest.fixture
def opened(toy: World) -> State:
    state = initial_state(toy)
    open_run(toy, state)
    state.now_s = toy.second(date(2026, 2, 2))
    return state


def pairs(world: World, state: State, *names: tuple[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of pairs of demand and dwelling."""
    demands, dwellings = state.register.demand_id.tolist(), world.territory.dwellings.dwelling_id.tolist()
    return (
        np.array([demands.index(demand) for demand, _ in names]),
        np.array([dwellings.index(dwelling) for _, dwelling in names]),
    )


def minding(world: World, **acceptance: Any) -> World:
    """Return the same world under other numbers of acceptance."""
    scenario = world.scenario
    chosen = scenario.acceptance.model_copy(update=acceptance)
    return world_of(
        scenario.model_copy(update={"acceptance": chosen}),
        world.territory,
        world.grid,
        world.chance.replication,
    )


def test_effort_and_residual_income_are_net_of_aid(toy: World, opened: State) -> None:
    # The toy is in zone A outside Île-de-France: aid zone II. Scale of 2025-10.
    # D09, alone, 750: R = 8,100. L5, 400 + 100: L 290.34 (cap), C 60.59; P0 39.56; RL 100 %, TL 0.305 %,
    # Tp 3.135 %; (8,100 - 5,235) × Tp = 89.82; 221.55 - 5 = 216.55, CRDS 1.08: 215. (500 - 215) / 750 = 38 %.
    # D02, alone, 1400: R = 15,200; Tp × 9,965 is over L + C: no aid. L6, 250 + 60: 310 / 1400.
    # D07, alone with two children of 12 and 10, 800: R = 8,700 < R0 = 9,148; L6, 250 + 60: C = 88.07;
    # 250 + 88.07 - 39.56 - 5 = 293.51, CRDS 1.46: 292. 18 / 800.
    found = affordability(toy, opened, *pairs(toy, opened, ("D09", "L5"), ("D02", "L6"), ("D07", "L6")))
    assert found.effort == pytest.approx([285 / 750, 310 / 1400, 18 / 800])
    # One unit, one unit, 1 + 2 × 0.3 = 1.6 units; thirty days.
    assert found.residual_eur == pytest.approx([465 / 30, 1090 / 30, 782 / 1.6 / 30])


def test_heating_that_the_charges_do_not_hold_is_paid_too_and_nothing_where_unknown(
    toy: World, opened: State
) -> None:
    stock = toy.territory.dwellings
    sixth = stock.dwelling_id.tolist().index("L6")
    heating = np.full(len(stock.rooms), np.nan)
    heating[sixth] = 70.0
    there = replace(toy, territory=replace(toy.territory, dwellings=replace(stock, heating_eur=heating)))
    found = affordability(there, opened, *pairs(toy, opened, ("D09", "L5"), ("D02", "L6")))
    # As above, and 70 EUR more in L6, with the same aid: it is of the rent.
    assert found.effort == pytest.approx([285 / 750, 380 / 1400])
    assert found.residual_eur == pytest.approx([465 / 30, 1020 / 30])


def test_an_unknown_income_has_no_effort_and_is_never_heavy(toy: World, opened: State) -> None:
    demand, dwelling = pairs(toy, opened, ("D09", "L5"), ("D02", "L6"))
    opened.register.monthly_income_eur[demand] = [np.nan, 0.0]
    found = affordability(toy, opened, demand, dwelling)
    assert np.isnan(found.effort).all()
    assert np.isnan(found.residual_eur).all()
    strict = minding(toy, commission_effort=1.0, commission_effort_threshold=0.0, not_attributed=0.0)
    attributed, heavy = attributions(strict, opened, demand, dwelling, np.zeros(2))
    assert attributed.all()
    assert not heavy.any()


@pytest.mark.parametrize(
    ("threshold", "floor", "expected"),
    [
        # D09 in L5: 38 %, 15.5 EUR. D02 in L6: 22 %, 36 EUR. D07 in L6: 2 %, 16.3 EUR, under DALO: never.
        (0.33, 10.0, [True, False, False]),
        (0.40, 10.0, [False, False, False]),
        (0.40, 20.0, [True, False, False]),
        (0.20, 50.0, [True, True, False]),
    ],
)
def test_the_commission_minds_an_effort_or_a_residual_income(
    toy: World, opened: State, threshold: float, floor: float, expected: list[bool]
) -> None:
    world = minding(
        toy,
        not_attributed=0.1,
        commission_effort=0.3,
        commission_effort_threshold=threshold,
        commission_residual_eur=floor,
    )
    where = pairs(toy, opened, ("D09", "L5"), ("D02", "L6"), ("D07", "L6"))
    # A draw under 0.1 is refused whatever the rent; from 0.1 to 0.4, where it is heavy; from 0.4, nobody.
    for drawn, attributed, heavy in (
        (0.05, [False] * 3, [False] * 3),
        (0.39, [not each for each in expected], expected),
        (0.40, [True] * 3, [False] * 3),
    ):
        told = attributions(world, opened, *where, np.full(3, drawn))
        assert [each.tolist() for each in told] == [attributed, heavy]


def sat(world: World, state: State) -> tuple[Any, list[Vacancy]]:
    """Return the sitting over L3, L6 and L9, all three open to every demand."""
    aucun = RESERVATAIRES.index("aucun")
    places = [world.territory.dwellings.dwelling_id.tolist().index(name) for name in ("L3", "L6", "L9")]
    vacancies = [Vacancy(place, str(place), place, "departure", 0, 0, aucun, False) for place in places]
    return convene(world, state, vacancies, None), vacancies


def offers(world: World, state: State) -> list[Offer]:
    sitting, _ = sat(world, state)
    lists = POLICIES["cotation_only"](sitting).rows
    return [offer for listed in draw_offers(world, state, sitting, lists, KEYS) for offer in listed]


def test_zero_switches_it_off_and_on_it_only_adds_non_attributions(toy: World, opened: State) -> None:
    off = minding(toy, commission_effort=0.0)
    on = minding(toy, commission_effort=1.0, commission_effort_threshold=0.0)
    before, after = offers(off, opened), offers(on, opened)
    assert {offer.motive for offer in before if offer.outcome == "non_attribution"} <= {""}
    assert TOO_HEAVY not in {offer.motive for offer in before}
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed
    for old, new in changed:
        assert (new.outcome, new.motive) == ("non_attribution", TOO_HEAVY)
        assert replace(new, outcome=old.outcome, motive=old.motive) == old


@pytest.mark.parametrize("policy", list(POLICIES))
def test_a_shortlist_is_the_same_to_the_byte_with_the_commission_minding_or_not(
    toy: World, opened: State, policy: str
) -> None:
    listed = []
    for commission_effort in (0.0, 1.0):
        strict = {"commission_effort_threshold": 0.0, "commission_residual_eur": 99.0, "effort": 10.0}
        world = minding(toy, commission_effort=commission_effort, **strict)
        sitting, _ = sat(world, opened)
        listed.append(
            (POLICIES[policy](sitting).rows.tobytes(), sitting.demand.tobytes(), sitting.pool.tobytes())
        )
    assert listed[0] == listed[1]
    assert np.frombuffer(listed[0][0], dtype=np.int64).max() >= 0  # somebody is listed
