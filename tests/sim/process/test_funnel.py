"""The stages between the list and the commission: each alone, and none of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.outcomes import DAY_S, EVENT_TABLES, Outcomes
from sim.process import documents, funnel
from sim.process.replication import grid_of, initial_state, replicate, territory_of
from sim.process.world import World, world_of
from sim.rules.eligibility import fits, income_uc_eur
from sim.scenario import load_scenario
from sim.territory.columns import RESERVATAIRES

MANY = 40_000
STILL = {
    "funnel.search_lead_days": 0.0,
    "funnel.contact_days": 0.0,
    "funnel.visit_days": 0.0,
    "funnel.documents_days": 0.0,
    "funnel.documents_missing": 0.0,
    "funnel.income_differs": 0.0,
    "funnel.household_differs": 0.0,
    "funnel.silent_at_contact": 0.0,
    "funnel.refused_at_visit": 0.0,
}
"""Stages that take no time and say nothing."""


def played(**changes: Any) -> Outcomes:
    dotted = {key.replace("__", "."): value for key, value in changes.items()}
    base = {"time.years": 1, "time.burn_in_months": 3, "scale": 0.5}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={**base, **dotted})
    ((_, run),) = replicate(scenario, territory_of(scenario), ("cotation_only",), 0)
    return run


def tutorial_world(**changes: Any) -> World:
    dotted = {f"funnel.{key}": value for key, value in changes.items()}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={"scale": 0.5, **dotted})
    return world_of(scenario, territory_of(scenario), grid_of(scenario), 0)


@pytest.fixture(scope="module")
def usual() -> Outcomes:
    return played(scale=1.0, time__years=2)


def test_stages_that_take_no_time_change_no_event_but_their_own_times() -> None:
    without = played(funnel__stages=False)
    run = played(**STILL)
    for name in EVENT_TABLES:
        ours, theirs = getattr(run, name), getattr(without, name)
        own = ["contacted_s", "visited_s", "documents_s", "monthly_income_eur", "income_uc_eur"]
        kept = [column for column in ours.columns if column not in own]
        if name == "leases":  # a quartile may be known once documents are seen
            kept = [
                column for column in kept if column not in ("first_quartile", "q2_q4", "q2_q4_no_priority")
            ]
        pd.testing.assert_frame_equal(ours[kept], theirs[kept])


def test_a_no_is_heard_at_its_stage_in_the_share_it_is_drawn_with() -> None:
    world = tutorial_world(silent_at_contact=0.3, refused_at_visit=0.6, documents_missing=0.1)
    pairs = np.arange(MANY, dtype=np.uint64)
    answer = np.array(["silent", "refused", "accepted", "non_attribution"])[np.arange(MANY) % 4]
    drawn = funnel.stages(world, 0, pairs, pairs, np.ones(MANY, dtype=np.int64), answer)
    left = drawn.stops_s != np.iinfo(np.int64).max
    share = {name: left[answer == name].mean() for name in np.unique(answer)}
    spread = 4 * 0.5 / np.sqrt(MANY / 4)
    assert share["silent"] == pytest.approx(0.3 + 0.7 * 0.1, abs=spread)
    assert share["refused"] == pytest.approx(0.6 + 0.4 * 0.1, abs=spread)
    assert share["accepted"] == pytest.approx(0.1, abs=spread)
    assert share["non_attribution"] == pytest.approx(0.1, abs=spread)
    assert not drawn.incomplete[left & (answer == "silent") & (drawn.visited_s > DAY_S * 10**6)].any()


def test_delays_follow_each_other_and_have_their_means() -> None:
    world = tutorial_world(contact_days=4.0, visit_days=6.0, documents_days=10.0, documents_missing=0.0)
    pairs = np.arange(MANY, dtype=np.uint64)
    drawn = funnel.stages(world, 5, pairs, pairs, np.ones(MANY, dtype=np.int64), np.full(MANY, "accepted"))
    contact, visit, papers = (
        drawn.contacted_s - 5,
        drawn.visited_s - drawn.contacted_s,
        drawn.documents_s - drawn.visited_s,
    )
    for delay, mean in ((contact, 4), (visit, 6), (papers, 10)):
        assert delay.min() >= 0
        assert delay.max() <= 2 * mean * DAY_S
        # A uniform on (0, 2 m) has the mean m and the spread m / √3.
        assert abs(delay.mean() / DAY_S - mean) < 4 * mean / np.sqrt(3 * MANY)
    assert abs(np.corrcoef(contact, visit)[0, 1]) < 4 / np.sqrt(MANY)


def test_a_candidate_lost_at_a_stage_never_gets_an_offer(usual: Outcomes) -> None:
    offers = usual.offers
    early = offers[offers.stage.isin(["contact", "visit", "documents"])]
    assert set(early.stage) == {"contact", "visit", "documents"}
    assert early.offered_s.isna().all()
    contact, visit = (early[early.stage == stage] for stage in ("contact", "visit"))
    assert contact.contacted_s.isna().all()
    assert (visit.visited_s == visit.answered_s).all()
    made = offers[offers.offered_s.notna() & offers.documents_s.notna()]
    assert len(made)
    assert (made.documents_s <= made.offered_s).all()


def test_the_commission_hears_a_list_on_a_sitting_day_once_all_were_seen(usual: Outcomes) -> None:
    heard = usual.offers[(usual.offers.stage == "commission") & usual.offers.outcome.eq("non_attribution")]
    days = pd.Timestamp(usual.start) + pd.to_timedelta(heard.answered_s, unit="s")
    assert len(heard)
    assert set(days.dt.day_of_week) == {0}
    lists = usual.offers.groupby(["sitting_id", "vacancy_id"])
    seen, first = lists.documents_s.max(), lists.offered_s.min()
    both = seen.notna() & first.notna()
    assert (seen[both] <= first[both]).all()


def test_a_demand_in_hand_is_on_no_other_list(usual: Outcomes) -> None:
    held = usual.sittings.drop_duplicates("sitting_id").set_index("sitting_id").held_s
    told = usual.offers[usual.offers.sitting_id.isin(held.index) & usual.offers.documents_s.notna()].copy()
    told["held_s"] = held[told.sitting_id].to_numpy()
    for _, own in told.groupby("demand_id"):
        spans = own[["held_s", "documents_s"]].drop_duplicates("held_s").sort_values("held_s")
        assert (spans.held_s.to_numpy()[1:] >= spans.documents_s.to_numpy()[:-1]).all()


def test_candidates_are_sought_before_the_works_end_and_nobody_signs_before(usual: Outcomes) -> None:
    vacancies = usual.vacancies.set_index("vacancy_id")
    early = usual.sittings[
        usual.sittings.held_s < vacancies.available_s[usual.sittings.vacancy_id].to_numpy()
    ]
    assert len(early)
    assert (usual.leases.signed_s >= vacancies.available_s[usual.leases.vacancy_id].to_numpy()).all()


def verified(world: World) -> Mapping[str, tuple[np.ndarray, np.ndarray]]:
    """Return columns of the pending demands before and after their documents are seen."""
    state = initial_state(world)
    names = ("monthly_income_eur", "rfr_eur", "children", "signature", "fit", "income_uc_eur")
    rows = state.open_rows
    before = {name: getattr(state.register, name)[rows] for name in names}
    documents.verify(world, state, rows)
    after = {name: getattr(state.register, name)[rows] for name in names}
    documents.verify(world, state, rows)  # seen once
    for name in names:
        np.testing.assert_array_equal(getattr(state.register, name)[rows], after[name])
    return {name: (before[name], after[name]) for name in names}


def test_documents_change_what_they_are_drawn_to_and_all_that_follows() -> None:
    world = tutorial_world(income_differs=0.5, income_difference=0.3, household_differs=0.2)
    state = initial_state(world)
    declared = state.register.monthly_income_eur.copy()
    documents.verify(world, state, state.open_rows)
    register = state.register
    once = register.monthly_income_eur.copy()
    documents.verify(world, state, state.open_rows)  # seen already
    np.testing.assert_array_equal(register.monthly_income_eur, once)
    known = state.open_rows[declared[state.open_rows] > 0]
    ratio = register.monthly_income_eur[known] / declared[known]
    spread = 4 * 0.5 / np.sqrt(len(known))
    assert (ratio != 1).mean() == pytest.approx(0.5, abs=spread)
    assert np.log(ratio[ratio != 1]).std() == pytest.approx(0.3, abs=0.1)
    # All that follows is that of a demand filed so, by the rules themselves.
    household = register.adults, register.children, register.teens
    np.testing.assert_allclose(
        register.income_uc_eur, income_uc_eur(world.law, register.monthly_income_eur, *household)
    )
    np.testing.assert_array_equal(register.persons, register.adults + register.children)
    assert (register.teens <= register.children).all()
    dwellings, codes = world.territory.dwellings, world.codes
    label = RESERVATAIRES.index("aucun")
    for dwelling in range(0, len(dwellings.rooms), 37):
        place = dwellings.rooms[dwelling], dwellings.surface_m2[dwelling], dwellings.financing[dwelling]
        alone = register.ranked > register.persons
        lawful = fits(world.law, register.persons, register.rfr_eur, *place, alone)
        asked = (register.rooms_min <= place[0]) & (place[0] <= register.rooms_max)
        reached = ~register.needs_accessible | dwellings.accessible[dwelling]
        by_code = register.fit & codes.reads[dwelling] == codes.wants[dwelling]
        by_code &= register.fit & codes.sizes[dwelling] != 0
        np.testing.assert_array_equal(by_code, lawful & asked & reached, f"{dwelling} {label}")


def test_documents_that_confirm_change_nothing_but_incomes_not_declared() -> None:
    world = tutorial_world(income_differs=0.0, household_differs=0.0)
    for name, (before, after) in verified(world).items():
        if name in ("rfr_eur", "children"):
            np.testing.assert_array_equal(before, after)
    before, after = verified(world)["monthly_income_eur"]
    declared = before > 0
    np.testing.assert_array_equal(before[declared], after[declared])
    rfr = verified(world)["rfr_eur"][0]
    found = ~declared & (rfr > 0)
    assert found.any()
    np.testing.assert_allclose(after[found], rfr[found] / 12)


def test_a_household_found_above_the_ceiling_is_not_attributed_to() -> None:
    run = played(funnel__income_differs=1.0, funnel__income_difference=1.0)
    turned_down = run.offers[run.offers.outcome == "non_attribution"]
    assert {"plafond de ressources"} <= set(turned_down.motive)
    assert (turned_down.stage == "commission").all()
    assert turned_down.offered_s.isna().all()
    assert (
        played(funnel__income_differs=0.0, funnel__household_differs=0.0)
        .offers.motive.ne("plafond de ressources")
        .all()
    )
