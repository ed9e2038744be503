"""How long households stay, and what becomes of the dwelling they leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.outcomes import DAY_S, MONTH_S, YEAR_S
from sim.process.housing import NEVER
from sim.process.orientation import IN_FLOW
from sim.process.tenancies import mutation_times, notice_times, vacancies
from sim.process.vacancy import Freed
from sim.process.world import World
from sim.territory.columns import RESERVATAIRES

MANY = 20_000
HOUSEHOLDS = np.arange(MANY, dtype=np.uint64)
T1, T3, T4 = 0, 1, 4  # dwellings L1, L2, L5 of the toy
SHAPE, SCALE, OUTSIDE, T1_OVER_T5 = 0.664, 8.68, 0.7, 2.0  # scenarios/hypotheses


@pytest.fixture
def toy(toy: World) -> World:
    """The toy whose tenancies follow the base law alone: the multipliers are in test_hazards.py."""
    off = {"abis_over_c": 1.0, "commune_tension": 0.0, "income_effect": 0.0, "residence_sd": 0.0}
    departures = toy.scenario.departures.model_copy(update=off)
    household = toy.scenario.household.model_copy(update={"active": False})
    chosen = toy.scenario.model_copy(update={"departures": departures, "household": household})
    return replace(toy, scenario=chosen)


def near(found: float, expected: float, spread: float, count: int = MANY) -> bool:
    """Tell whether a mean is within four standard errors."""
    return abs(found - expected) < 4 * spread / np.sqrt(count)


def years(world: World, dwelling: int, passed: float = 0.0) -> np.ndarray:
    """Return the length of tenancies of a dwelling, in years, given that `passed` years have gone."""
    lease_s = np.zeros(MANY, dtype=np.int64)
    place = np.full(MANY, dwelling)
    return notice_times(world, HOUSEHOLDS, place, lease_s, int(passed * YEAR_S)) / YEAR_S


def survival(at: float, multiplier: float) -> float:
    return float(np.exp(-multiplier * (at / SCALE) ** SHAPE))


@pytest.mark.parametrize("at", [1.0, 5.0, 10.0, 30.0])
def test_tenancies_last_as_weibull_says(toy: World, at: float) -> None:
    expected = survival(at, OUTSIDE)
    assert near((years(toy, T3) > at).mean(), expected, np.sqrt(expected * (1 - expected)))


@pytest.mark.parametrize("at", [5.0, 10.0, 30.0])
def test_who_has_stayed_four_years_stays_on_as_weibull_says(toy: World, at: float) -> None:
    expected = survival(at, OUTSIDE) / survival(4.0, OUTSIDE)
    found = years(toy, T3, passed=4.0)
    assert (found >= 4.0).all()
    assert near((found > at).mean(), expected, np.sqrt(expected * (1 - expected)))


@pytest.mark.parametrize(("dwelling", "rooms"), [(T1, 1), (T3, 3), (T4, 4)])
def test_small_dwellings_are_left_sooner(toy: World, dwelling: int, rooms: int) -> None:
    # (T / scale)^shape is exponential of rate 0.7 × 2^((3 − rooms) / 4): a T1 leaves twice as fast as a T5.
    rate = OUTSIDE * T1_OVER_T5 ** ((3 - rooms) / 4)
    found = (years(toy, dwelling) / SCALE) ** SHAPE
    assert near(found.mean(), 1 / rate, 1 / rate)


def test_nobody_gives_notice_in_the_first_month_nor_in_the_past(toy: World) -> None:
    assert (years(toy, T1) * YEAR_S >= MONTH_S - 1).all()
    lease_s = np.full(MANY, -2 * YEAR_S)
    assert (notice_times(toy, HOUSEHOLDS, np.zeros(MANY, dtype=int), lease_s, 0) >= 0).all()


def test_without_departures_nobody_leaves(toy: World) -> None:
    settled = toy.scenario.departures.model_copy(update={"outside_share": 0.0})
    still = replace(toy, scenario=toy.scenario.model_copy(update={"departures": settled}))
    assert (notice_times(still, HOUSEHOLDS[:5], np.arange(5), np.zeros(5, int), 0) == NEVER).all()


def test_mutations_are_asked_at_a_constant_hazard(toy: World) -> None:
    nth = np.zeros(MANY, dtype=np.int64)
    wait = (mutation_times(toy, 0.2, HOUSEHOLDS, nth, YEAR_S) - YEAR_S) / YEAR_S
    assert near(wait.mean(), 5.0, 5.0)
    assert near((wait > 5.0).mean(), np.exp(-1), np.sqrt(np.exp(-1) * (1 - np.exp(-1))))
    again = (mutation_times(toy, 0.2, HOUSEHOLDS, nth + 1, YEAR_S) - YEAR_S) / YEAR_S
    assert near(np.corrcoef(wait, again)[0, 1], 0.0, 1.0)  # the next wait is drawn anew
    assert (mutation_times(toy, 0.0, HOUSEHOLDS, nth, 0) == NEVER).all()


FREED = [Freed(T3, f"H{i}", 0, 1000, "departure") for i in range(4000)]


def test_keys_come_after_one_month_of_notice_or_three(toy: World) -> None:
    notice = np.array([vacancy.keys_s - 1000 for vacancy in vacancies(toy, FREED)])
    assert set(notice.tolist()) == {MONTH_S, 3 * MONTH_S}
    share = toy.scenario.departures.short_notice_share
    assert share == 0.5465
    assert near((notice == MONTH_S).mean(), share, np.sqrt(share * (1 - share)), len(FREED))


def test_works_last_thirty_days_on_average(toy: World) -> None:
    days = np.array([(v.available_s - v.keys_s) / DAY_S for v in vacancies(toy, FREED)])
    assert (days >= 0).all()
    assert near(days.mean(), 30.0, 30.0, len(FREED))


def test_vacancies_are_oriented_in_the_bailleur_s_shares_and_most_designated(toy: World) -> None:
    found = vacancies(toy, FREED)
    holder = np.array([vacancy.reservataire for vacancy in found if vacancy.flow == IN_FLOW])
    # scenarios/hypotheses: 6 % withdrawn from the flow. territory.toml of the toy, bailleur A: a quarter to
    # the État, Action Logement, the collectivités, and non reserved; none to civil servants.
    assert near(len(holder) / len(found), 0.94, np.sqrt(0.94 * 0.06), len(FREED))
    for place, share in enumerate([0.25, 0.0, 0.25, 0.25, 0.25]):
        assert near((holder == place).mean(), share, np.sqrt(share * (1 - share)), len(holder)) or not share
        assert share or not (holder == place).any()
    designated = np.array([vacancy.designated for vacancy in found])
    free = np.array([vacancy.reservataire for vacancy in found]) == RESERVATAIRES.index("aucun")
    assert not designated[free].any()
    assert near(designated[~free].mean(), 0.8, 0.4, int((~free).sum()))
    # Of those designated in time, 30 % by name.
    by_name = np.array([vacancy.by_name for vacancy in found])
    assert not by_name[~designated].any()
    assert near(by_name[designated].mean(), 0.3, np.sqrt(0.21), int(designated.sum()))


def test_a_dwelling_reserved_in_stock_keeps_its_holder(toy: World) -> None:
    held = np.full(9, RESERVATAIRES.index("collectivite"))
    dwellings = replace(toy.territory.dwellings, reservataire=held)
    reserved = replace(toy, territory=replace(toy.territory, dwellings=dwellings))
    assert {vacancy.reservataire for vacancy in vacancies(reserved, FREED[:50])} == {held[0]}


def test_a_vacancy_is_drawn_the_same_whoever_else_leaves(toy: World) -> None:
    alone, together = vacancies(toy, FREED[7:8]), vacancies(toy, FREED[:20])
    assert alone[0] == together[7]
