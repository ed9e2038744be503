"""What is owed under DALO, who is presented alone, and when is the priority lost? On the toy, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.outcomes import DAY_S, MONTH_S, YEAR_S
from sim.policies import POLICIES
from sim.policies.pool import Pool
from sim.policies.sitting import NO_DEADLINE, NOBODY, Sitting
from sim.process import dalo, demand_traits
from sim.process.engine import play
from sim.process.filing import Ids, file
from sim.process.housing import NEVER
from sim.process.legality import ShortlistRefused, hold
from sim.process.register import OPEN
from sim.process.replication import initial_state, open_run
from sim.process.sittings import convene
from sim.process.state import State
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World
from sim.rules.law import departement
from sim.rules.traits import has
from sim.scenario.priorities import Dalo
from sim.territory.columns import RESERVATAIRES

A, B = 0, 1
ETAT = RESERVATAIRES.index("etat")


def opened(toy: World) -> State:
    """The toy on Monday 2 February 2026; D07, recognised on 15 September 2025, is bailleur A's."""
    state = initial_state(toy)
    open_run(toy, state)
    state.now_s = toy.second(date(2026, 2, 2))
    state.register.dalo_bailleur[:] = A
    return state


def row(state: State, name: str) -> int:
    return state.register.demand_id.tolist().index(name)


def recognise(toy: World, state: State, name: str, day: date, bailleur: int = A) -> None:
    register = state.register
    register.dalo_s[row(state, name)], register.dalo_bailleur[row(state, name)] = toy.second(day), bailleur
    demand_traits.recognise(toy, state, state.open_rows)


def vacancy(world: World, name: str, holder: str, available_s: int = 0) -> Vacancy:
    place = world.territory.dwellings.dwelling_id.tolist().index(name)
    mine = RESERVATAIRES.index(holder)
    return Vacancy(place, name, place, "departure", 0, available_s, mine, holder != "aucun")


def names(state: State, sitting: Sitting, positions: np.ndarray) -> list[str]:
    return [str(state.register.demand_id[sitting.demand[p]]) for p in positions if p != NOBODY]


def with_dalo(world: World, **changes: object) -> World:
    chosen = Dalo(**(world.scenario.dalo.model_dump() | changes))
    return replace(world, scenario=world.scenario.model_copy(update={"dalo": chosen}))


@pytest.mark.parametrize("policy", POLICIES)
def test_the_prefet_names_one_household_alone_under_every_policy(toy: World, policy: str) -> None:
    """D07 fits L3 and L6, both of bailleur A: named for L3, of the État, it is in no other pool."""
    state = opened(toy)
    sitting = convene(toy, state, [vacancy(toy, "L3", "etat"), vacancy(toy, "L6", "aucun")], None)
    assert names(state, sitting, sitting.eligible(0)) == ["D07"]
    # L6: D01, D05, D06, D07, D09 fit it (test_toy), D07 is named elsewhere.
    assert sorted(names(state, sitting, sitting.eligible(1))) == ["D01", "D05", "D06", "D09"]
    lists = POLICIES[policy](sitting)
    assert names(state, sitting, lists.rows[0]) == ["D07"]
    assert len(names(state, sitting, lists.rows[1])) == 3
    hold(toy, state, policy, sitting, lists)


@pytest.mark.parametrize("holder", ["etat", "aucun", "etat_fonctionnaires"])
def test_nobody_is_named_off_the_contingent_or_for_another_bailleur(toy: World, holder: str) -> None:
    state = opened(toy)
    if holder == "etat":
        state.register.dalo_bailleur[:] = B
    sitting = convene(toy, state, [vacancy(toy, "L3", holder), vacancy(toy, "L6", "aucun")], None)
    assert not sitting.named
    assert "D07" in names(state, sitting, sitting.eligible(1))


def test_nobody_is_named_where_the_scenario_has_it_so_or_the_designation_is_over(toy: World) -> None:
    state, mine = opened(toy), vacancy(toy, "L3", "etat")
    assert convene(toy, state, [mine], None).named
    assert not convene(with_dalo(toy, presented_alone=False), state, [mine], None).named
    late = replace(mine, designated=False)  # back to the bailleur
    assert not convene(toy, state, [late], None).named


def test_the_nearest_deadlines_are_named_first_each_once(toy: World) -> None:
    """D05 (T2-T3, 59512) is recognised a month before D07: L6 is D05's; another T2 there would be D07's."""
    state = opened(toy)
    recognise(toy, state, "D05", date(2025, 8, 15))
    both = [vacancy(toy, "L6", "etat"), vacancy(toy, "L4", "etat")]
    sitting = convene(toy, state, both, None)
    named = {place: names(state, sitting, np.array([p]))[0] for place, p in sitting.named.items()}
    assert named == {0: "D05", 1: "D07"}
    state.register.dalo_s[row(state, "D05")] = toy.second(date(2025, 10, 15))  # now a month after
    sitting = convene(toy, state, both, None)
    named = {place: names(state, sitting, np.array([p]))[0] for place, p in sitting.named.items()}
    assert named == {0: "D07", 1: "D05"}


def test_a_name_beside_the_one_named_is_refused(toy: World) -> None:
    state = opened(toy)
    sitting = convene(toy, state, [vacancy(toy, "L6", "etat")], None)
    lists = POLICIES["seniority"](sitting)
    other = next(p for p in range(len(sitting.demand)) if p not in sitting.named.values())
    lists.rows[0, 1] = other
    whole = replace(sitting, pools=[Pool.of(np.array([*sitting.pool, other]))])
    with pytest.raises(ShortlistRefused, match=r"pool|alone"):
        hold(toy, state, "test", whole, lists)
    lists.rows[0, 1] = NOBODY
    state.register.dalo_lost_s[row(state, "D07")] = 0
    with pytest.raises(ShortlistRefused, match="without the préfet's designation"):
        hold(toy, state, "test", sitting, lists)


def test_recognition_puts_a_demand_into_the_states_pool(toy: World) -> None:
    state = opened(toy)
    l6 = vacancy(toy, "L6", "etat")
    recognise(toy, state, "D01", date(2026, 1, 20), bailleur=B)  # not labelled by the État in the file
    sitting = convene(with_dalo(toy, presented_alone=False), state, [l6], None)
    assert sorted(names(state, sitting, sitting.eligible(0))) == ["D01", "D07"]
    hold(toy, state, "seniority", sitting, POLICIES["seniority"](sitting))


def test_an_offer_is_owed_within_the_delay_of_the_departement(toy: World) -> None:
    state, everybody = opened(toy), np.arange(10)
    seventh = row(state, "D07")
    owed = dalo.owed_by(toy, state, everybody)
    # Nord: six months after 15 September 2025, 108 days before the start.
    assert owed[seventh] == -108 * DAY_S + 6 * MONTH_S
    assert set(np.delete(owed, seventh)) == {NO_DEADLINE}
    elsewhere = replace(toy, territory=replace(toy.territory, communes=("80021", "80022")))
    assert dalo.owed_by(elsewhere, state, everybody)[seventh] == -108 * DAY_S + 3 * MONTH_S
    state.register.dalo_lost_s[seventh] = 0
    assert dalo.owed_by(toy, state, everybody)[seventh] == NO_DEADLINE


def test_a_stated_deadline_stands_before_the_legal_delay_and_is_not_a_newcomers(toy: World) -> None:
    demands = toy.territory.demands
    seventh = demands.demand_id.tolist().index("D07")
    stated = demands.dalo_deadline.copy()
    stated[seventh] = np.datetime64("2026-02-20")  # the legal delay ends six months after 15 September
    there = replace(toy, territory=replace(toy.territory, demands=replace(demands, dalo_deadline=stated)))
    state = opened(there)
    owed = dalo.owed_by(there, state, np.arange(10))
    assert owed[seventh] == there.second(date(2026, 2, 20))
    assert set(np.delete(owed, seventh)) == {NO_DEADLINE}
    ids = Ids(
        *(np.array([one], dtype=object) for one in ("N1", "N1")), *np.array([[7], [8]], dtype=np.uint64)
    )
    new = file(there, state.register, ids, np.array([0]), np.array([seventh]))  # drawn from D07's
    assert dalo.deadlines(there, state.register, new) == state.register.dalo_s[new] + 6 * MONTH_S


@pytest.mark.parametrize(
    ("code", "found"), [("59350", "59"), ("2A004", "2A"), ("97411", "974"), ("nord", ""), ("", "")]
)
def test_a_departement_is_the_head_of_a_code(code: str, found: str) -> None:
    assert departement(code) == found


# --- one adapted offer ------------------------------------------------------------------------------------


def refused(toy: World, outcome: str, recognised_s: int = -DAY_S, wait_s: int = 2 * DAY_S) -> State:
    """L6 is offered to D07 on 1 January; it answers after two days, or never. Played to 20 January."""
    state = initial_state(toy)
    open_run(toy, state)
    who = row(state, "D07")
    state.register.dalo_s[who] = recognised_s
    place = toy.territory.dwellings.dwelling_id.tolist().index("L6")
    offers = [Offer(who, 1, 0, outcome, "", wait_s)]
    given = Vacancy(1, "L6", place, "departure", 0, 0, 4, False, sitting_id="S1", offers=offers)
    state.freed, state.vacancies = [], {1: given}
    state.register.leaves_s[:] = NEVER
    play(toy, state, POLICIES["seniority"], 20 * DAY_S)
    return state


@pytest.mark.parametrize(("outcome", "lost_s"), [("refused", 2 * DAY_S), ("silent", 13 * DAY_S)])
def test_refusing_an_adapted_offer_or_not_answering_ends_the_priority(
    toy: World, outcome: str, lost_s: int
) -> None:
    # Silence: the tenth day is Sunday 11 January, the last day Monday 12: refused from the 13th, 12 × 86 400.
    lost_s = 12 * DAY_S if outcome == "silent" else lost_s
    state = refused(toy, outcome)
    who, register = row(state, "D07"), state.register
    assert register.dalo_lost_s[who] == lost_s
    assert register.state[who] == OPEN
    assert not has(register.signature[[who]], "dalo")[0]
    assert not has(register.signature[[who]], "l441_1")[0]
    assert not has(register.signature[[who]], "neutral")[0]
    assert has(register.signature_filed[[who]], "dalo")[0], "as it was at the start"


def test_the_points_of_dalo_go_with_the_priority(toy: World) -> None:
    kept, lost = refused(with_dalo(toy, warned_share=0.0), "refused"), refused(toy, "refused")
    points = []
    for state in (kept, lost):
        sitting = convene(toy, state, [vacancy(toy, "L7", "aucun")], None)
        points.append(int(sitting.points[sitting.demand == row(state, "D07")][0]))
    dalo_points = next(c for c in toy.grid.criteria if "dalo" in c.id)
    assert points[0] > points[1], dalo_points


@pytest.mark.parametrize(
    "case", ["not warned", "recognised since the offer", "accepted", "two offers allowed"]
)
def test_the_priority_is_kept_otherwise(toy: World, case: str) -> None:
    if case == "not warned":
        state = refused(with_dalo(toy, warned_share=0.0), "refused")
    elif case == "two offers allowed":
        state = refused(replace(toy, law=replace(toy.law, dalo_adapted_offers=2)), "refused")
    else:
        since = 1 if case.startswith("recognised") else -DAY_S
        state = refused(toy, "accepted" if case == "accepted" else "refused", since)
    assert state.register.dalo_lost_s[row(state, "D07")] == NEVER


# --- recognitions by appeal -------------------------------------------------------------------------------

MANY = 20_000


def drawn(toy: World, filed_s: int, known_s: int = NEVER, **changes: float) -> np.ndarray:
    world = with_dalo(toy, **changes)
    filed, known = np.full(MANY, filed_s), np.full(MANY, known_s)
    return dalo.recognitions(world, np.arange(MANY, dtype=np.uint64), filed, 0, known)


def test_appeals_are_recognised_at_their_hazard_once_the_delay_is_abnormal(toy: World) -> None:
    chosen = {"appeals_per_year": 0.5, "recognised_share": 0.4, "abnormal_delay_months": 24.0}
    found = drawn(toy, 0, **chosen)
    assert found.min() > 24 * MONTH_S
    # Recognised within three years of the delay: 1 - exp(-0.5 × 0.4 × 3) = 0.4512, four errors are 0.0141.
    within = (found <= 24 * MONTH_S + 3 * YEAR_S).mean()
    assert within == pytest.approx(1 - np.exp(-0.6), abs=0.0141)
    # Filed long before the territory is given: the clock starts there.
    assert drawn(toy, -10 * YEAR_S, **chosen).min() >= 0


def test_without_appeals_or_once_recognised_nothing_is_drawn(toy: World) -> None:
    assert (drawn(toy, 0, appeals_per_year=0.0) == NEVER).all()
    assert (drawn(toy, 0, known_s=5, appeals_per_year=9.0) == 5).all()


def test_a_bailleur_is_designated_by_its_share_of_the_stock_or_as_given(toy: World) -> None:
    # A has 6 dwellings of 9; the standard error of its share is √(2/9 / 20000) = 0.0033.
    key = np.arange(MANY, dtype=np.uint64)
    found = dalo.designated_bailleurs(toy, key, -1)
    assert (found == A).mean() == pytest.approx(6 / 9, abs=0.014)
    given = np.where(key % 2 == 0, B, -1)
    assert (dalo.designated_bailleurs(toy, key, given)[key % 2 == 0] == B).all()
